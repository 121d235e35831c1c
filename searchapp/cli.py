"""Commands into calls: options, one call, and what happened told back in numbers.

Modules are imported inside the commands, so that `--help` is instant. Results go to
stdout, progress and warnings to stderr; with `--json` stdout holds exactly one document.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from searchapp import __version__
from searchapp.errors import SearchappError
from searchapp.settings import DEFAULT, SETTINGS

if TYPE_CHECKING:
    from searchapp.build import Report
    from searchapp.engine.results import Hit, Results
    from searchapp.sources import Finding

Command = TypeVar("Command", bound=Callable[..., Any])

_HELP = {setting.name: setting.help for setting in SETTINGS}


def main() -> None:
    """Run the command line; every error a person can put right ends here, as one line."""
    wants_json = "--json" in sys.argv[1:]
    try:
        sys.exit(cli.main(standalone_mode=False))
    except SearchappError as error:
        _fail(str(error), error.exit_code, wants_json)
    except click.UsageError as error:
        usage = error.ctx.get_usage() + "\n" if error.ctx else ""
        _fail(error.format_message(), error.exit_code, wants_json, usage)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped", 130, wants_json)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _fail(message: str, code: int, wants_json: bool, usage: str = "") -> None:
    if wants_json:
        click.echo(json.dumps({"error": message}))
    click.echo(f"{usage}Error: {message}", err=True)
    sys.exit(code)


class Folder(click.Path):
    """A folder named on the command line; an empty name, as of an unset variable, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; an empty one is wrong usage."""
        if value == "":
            self.fail("the name is empty; write the folder's path", param, ctx)
        return super().convert(value, param, ctx)


def folders(command: Command) -> Command:
    """Add the options that every command has: where the content and the index are."""
    folder = Folder(path_type=Path, file_okay=False)
    command = click.option(
        "--index", default="index", show_default=True, type=folder, help="Folder of the index."
    )(command)
    return click.option(
        "--content", default="content", show_default=True, type=folder, help="Folder that is read."
    )(command)


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="searchapp")
def cli() -> None:
    """Search and explore everything a writer ever published, each piece once."""


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--content", type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write sources.toml in; PATH itself if left out.",
)  # fmt: skip
@click.option(
    "--index", default="index", show_default=True,
    type=click.Path(path_type=Path, file_okay=False), help="Folder of the index.",
)  # fmt: skip
def init(path: Path, content: Path | None, index: Path) -> None:
    """Write a sources.toml for the folder PATH, saying what it was recognised as.

    Jekyll, Hugo, Zola, Eleventy, Pelican, Astro and academicpages are known, and folders of
    plain Markdown. A sources.toml that stands is never written over.

    Example: searchapp init ~/blog
    """
    from searchapp.sources.init import initialise

    done = initialise(path, content)
    click.echo(f"{path}: {done.generator}, because of {' and '.join(done.reasons)}")
    for source in done.sources:
        click.echo(f"  {source.name}: {source.count} in {source.path} ({source.kind})")
    for note in done.notes:
        click.echo(note, err=True)
    folders = f"--content {done.path.parent} --index {index}"
    click.echo(f"wrote {done.path}; look through it, then: searchapp serve {folders}")


@cli.command()
@folders
@click.option("--full", is_flag=True, help="Write everything again, even if nothing changed.")
@click.option("--strict", is_flag=True, help="Publish nothing if anything had to be skipped.")
@as_json
@click.pass_context
def build(
    ctx: click.Context, content: Path, index: Path, full: bool, strict: bool, as_json: bool
) -> None:
    """Read every source and publish a new generation of the index.

    Exit code 3 says that it was published, but something was skipped.

    Example: searchapp build --content content --index index
    """
    from searchapp.build import build as run_build

    report = run_build(content, index, full=full, strict=strict)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _tell_report(report, index)
    ctx.exit(report.exit_code)


def _tell_report(report: "Report", index: Path) -> None:
    for finding in (*report.skipped, *report.held_back, *report.warnings):
        click.echo(_describe(finding), err=True)
    for conflict in report.conflicts:
        click.echo(f"conflict: {conflict.url}: {conflict.reason}", err=True)
    for source in report.sources:
        left = f", {source['skipped']} skipped" if source["skipped"] else ""
        left += f", {source['held_back']} held back" if source["held_back"] else ""
        click.echo(f"  {source['name']}: {source['documents']} of {source['seen']} entries{left}")
    state = "published" if report.changed else "unchanged since"
    click.echo(
        f"{_count(report.works, 'piece')} in {_count(report.places, 'place')}, "
        f"from {report.documents} entries; "
        f"{len(report.skipped)} skipped, {len(report.conflicts)} in conflict; "
        f"{state} generation {report.generation} of {index}/ in {report.seconds:.1f} s"
    )


def _describe(finding: "Finding") -> str:
    where = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    return f"{where}: {finding.reason}"


@cli.command()
@folders
@click.option("--host", default=DEFAULT["host"], show_default=True, help=_HELP["host"])
@click.option(
    "--port", default=DEFAULT["port"], show_default=True, type=click.IntRange(0, 65535),
    help=_HELP["port"],
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Use Flask's own server and reloader; loopback only.")
def serve(content: Path, index: Path, host: str, port: int, debug: bool) -> None:
    """Serve the search page; builds the index first where there is none.

    Example: searchapp serve --port 8000
    """
    from searchapp.build import build as run_build
    from searchapp.engine.generations import list_generations
    from searchapp.web.serving import run_server

    if not list_generations(index):
        _tell_report(run_build(content, index), index)
    run_server(index, content, host, port, debug=debug, tell=click.echo)


@cli.command()
@click.argument("words", nargs=-1)
@folders
@click.option("--tag", multiple=True, metavar="T", help="Only pieces with this tag; repeats add.")
@click.option("--source", multiple=True, metavar="S", help="Only pieces that appeared there.")
@click.option("--kind", multiple=True, metavar="K", help="Only pieces of this kind.")
@click.option("--year", multiple=True, metavar="Y", help="Only pieces of this year.")
@click.option("--sort", metavar="S", help="relevance, newest, oldest or title.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100),
              help="Pieces to show.")  # fmt: skip
@click.option("--page", default=1, show_default=True, type=click.IntRange(1), help="Page to show.")
@as_json
def search(  # noqa: PLR0913, PLR0917  # one parameter an option is how click hands them over
    words: Sequence[str], content: Path, index: Path, tag: Sequence[str], source: Sequence[str],
    kind: Sequence[str], year: Sequence[str], sort: str | None, limit: int, page: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Search the index from the shell, with the answers that the page gives.

    Example: searchapp search mixture of experts --tag moe
    """
    from searchapp.engine import open_index
    from searchapp.engine.results import results_as_json
    from searchapp.fields import SORT

    if sort is not None and sort not in SORT:
        raise click.BadParameter(f"{sort!r} is none of {', '.join(SORT)}", param_hint="--sort")
    chosen: dict[str, Any] = {"tag": tag, "source": source, "kind": kind, "year": year}
    filters: dict[str, Any] = {name: list(v) for name, v in chosen.items() if v}
    found = open_index(index)
    results = found.search(" ".join(words), limit=limit, page=page, sort=sort, **filters)
    if as_json:
        click.echo(json.dumps(results_as_json(results), ensure_ascii=False))
    else:
        _tell_results(results)


def _tell_results(results: "Results") -> None:
    for note in results.notes:
        click.echo(note, err=True)
    for understood in results.understood:
        if understood.note:
            click.echo(f"{understood.text}: {understood.note}", err=True)
    for number, hit in enumerate(results.hits, start=(results.page - 1) * results.limit + 1):
        click.echo(f"{number:>3}. {hit.title}")
        click.echo(f"     {_describe_hit(hit)}")
    where = f", page {results.page} of {results.pages}" if results.pages > 1 else ""
    more = f"; {results.partial} more with some of the words" if results.partial else ""
    click.echo(
        f"{_count(results.total, 'piece')} in {_count(results.places, 'place')}{where}{more}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _describe_hit(hit: "Hit") -> str:
    addresses = [place.url for place in hit.places if place.url]
    parts = [hit.source, hit.date or "", ", ".join(hit.tags), " ".join(addresses)]
    return " · ".join(part for part in parts if part)
