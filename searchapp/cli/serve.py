"""`searchapp serve`: the page, for visitors."""

from pathlib import Path

import click

from searchapp.cli.options import folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import tell_report
from searchapp.settings import DEFAULT, SETTINGS

_HELP = {setting.name: setting.help for setting in SETTINGS}


@click.command()
@folders
@click.option("--host", default=DEFAULT["host"], show_default=True, help=_HELP["host"])
@click.option(
    "--port", default=DEFAULT["port"], show_default=True, type=click.IntRange(0, 65535),
    help=_HELP["port"],
)  # fmt: skip
@click.option(
    "--workers", default=DEFAULT["workers"], show_default=True, type=click.IntRange(1, 64),
    help=_HELP["workers"],
)  # fmt: skip
@click.option(
    "--trusted-host", "trusted_hosts", multiple=True, metavar="NAME",
    help="Answer to this name alone, and to localhost; repeats add, `.example.org` has all below.",
)  # fmt: skip
@click.option("--log", is_flag=True, help="Write a JSON line on each request to stderr.")
@click.option(
    "--no-searches", is_flag=True,
    help="Do not note the words of searches that found nothing, which `searchapp searches` tells.",
)  # fmt: skip
@click.option(
    "--watch", is_flag=True,
    help="Build what changes in the content, and show it in open pages; loopback only.",
)  # fmt: skip
@click.option(
    "--owner", is_flag=True,
    help="Add your desk, where what wants a decision is decided; loopback only.",
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Use Flask's own server and reloader; loopback only.")
def serve(  # noqa: PLR0913, PLR0917  # one parameter an option is how click hands them over
    content: Path, index: Path, host: str, port: int, workers: int,
    trusted_hosts: tuple[str, ...], log: bool, no_searches: bool, watch: bool,
    owner: bool, debug: bool,
) -> None:  # fmt: skip
    """Serve the search page; builds the index first where there is none of this content.

    Example: searchapp serve --content content --port 8000
    """
    from searchapp.build import build as run_build
    from searchapp.engine.generations import list_generations
    from searchapp.origin import is_of_another
    from searchapp.web.serving import Wishes, run_server

    if debug and (watch or owner):
        other = "--watch" if watch else "--owner"
        raise click.UsageError(f"--debug has a reloader of its own; leave out --debug or {other}")
    another = content.is_dir() and is_of_another(index, content)
    if another:
        click.echo(
            f"{index}: was built from another folder than {content}; building anew", err=True
        )
    if another or not list_generations(index):
        with Bar() as bar:
            report = run_build(content, index, force=another, tell=bar.tell, progress=bar.move)
        tell_report(report, index)
    wishes = Wishes(host, port, workers, trusted_hosts, not no_searches, log, debug, watch, owner)
    run_server(index, content, wishes, click.echo)
