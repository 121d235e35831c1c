"""`searchapp build`: from content to a new generation of the index."""

from pathlib import Path

import click

from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import echo_json, tell_report


@click.command()
@folders
@click.option("--full", is_flag=True, help="Write everything again, even if nothing changed.")
@click.option("--strict", is_flag=True, help="Publish nothing if anything had to be skipped.")
@click.option(
    "--force", is_flag=True, help="Publish even if a fifth of the documents would be gone."
)
@as_json
@click.pass_context
def build(  # an option each
    ctx: click.Context,
    content: Path,
    index: Path,
    full: bool,
    strict: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Read every source and publish a new generation of the index.

    Exit code 3 says that it was published, but something was skipped.

    Example: searchapp build --content content --index index
    """
    from searchapp.build import build as run_build

    with Bar() as bar:
        report = run_build(
            content, index, full=full, strict=strict, force=force, tell=bar.tell,
            progress=bar.move,
        )  # fmt: skip
    if as_json:
        echo_json(report.as_json())
    else:
        tell_report(report, index)
    ctx.exit(report.exit_code)
