"""`searchapp search`: the answers of the page, in the shell."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from searchapp.cli.looks import faint, strong
from searchapp.cli.options import as_json, folders
from searchapp.cli.telling import count, echo_json

if TYPE_CHECKING:
    from searchapp.engine.explaining import Explanation
    from searchapp.engine.results import Hit, Results

_ADVICE = (
    "no piece has these words, nor words like them; try fewer or other words, or begin with a tag: "
    "searchapp tags lists them"
)


@click.command()
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
@click.option("--explain", is_flag=True, help="Say why each piece stands where it does.")
@as_json
def search(  # noqa: PLR0913, PLR0917  # one parameter an option is how click hands them over
    words: Sequence[str], content: Path, index: Path, tag: Sequence[str], source: Sequence[str],
    kind: Sequence[str], year: Sequence[str], sort: str | None, limit: int, page: int,
    explain: bool, as_json: bool,
) -> None:  # fmt: skip
    """Search the index from the shell, with the answers that the page gives.

    Example: searchapp search mixture of experts --tag moe
    """
    from searchapp.engine import open_index
    from searchapp.engine.results import add_explanations, results_as_json
    from searchapp.fields import SORT

    if sort is not None and sort not in SORT:
        raise click.BadParameter(f"{sort!r} is none of {', '.join(SORT)}", param_hint="--sort")
    chosen: dict[str, Any] = {"tag": tag, "source": source, "kind": kind, "year": year}
    filters: dict[str, Any] = {name: list(v) for name, v in chosen.items() if v}
    _check_origin(content, index)
    found = open_index(index)
    results = found.search(" ".join(words), limit=limit, page=page, sort=sort, **filters)
    explanations = found.explain(results) if explain else {}
    if as_json:
        body = results_as_json(results, found.ways_out(results))
        if explain:
            add_explanations(body, explanations)
        echo_json(body)
    else:
        _tell_results(results, explanations)
        ways = found.ways_out(results)
        for way in ways:
            click.echo(f"{way.relaxation.in_words(found.label)}: {way.total:,}", err=True)
        if not (results.total or results.hits or results.correction or results.notes or ways):
            click.echo(_ADVICE, err=True)


def _check_origin(content: Path, index: Path) -> None:
    """Refuse the index of another folder, where the owner named the one that is meant."""
    from searchapp.errors import IndexUnusableError
    from searchapp.origin import is_of_another

    named = click.get_current_context().get_parameter_source("content")
    if named is ParameterSource.COMMANDLINE and is_of_another(index, content):
        raise IndexUnusableError(
            f"{index}: was built from another folder than {content}; "
            "run `searchapp build` with both, or name another index"
        )


def _tell_results(results: "Results", explanations: "Mapping[str, Explanation]") -> None:
    if results.correction:
        total = int(str(results.correction["total"]))
        click.echo(f"did you mean {results.correction['q']}? ({count(total, 'piece')})", err=True)
    for note in results.notes:
        click.echo(note, err=True)
    for understood in results.understood:
        if understood.note:
            click.echo(f"{understood.text}: {understood.note}", err=True)
    for number, hit in enumerate(results.hits, start=(results.page - 1) * results.limit + 1):
        click.echo(f"{number:>3}. {strong(hit.title)}")
        click.echo(faint(f"     {_describe_hit(hit)}"))
        if hit.id in explanations:
            click.echo(f"     {explanations[hit.id].in_words()}")
    where = f", page {results.page} of {results.pages}" if results.pages > 1 else ""
    more = f"; {results.partial} more with some of the words" if results.partial else ""
    click.echo(f"{count(results.total, 'piece')} in {count(results.places, 'place')}{where}{more}")


def _describe_hit(hit: "Hit") -> str:
    addresses = [place.url for place in hit.places if place.url and not place.gone]
    parts = [hit.source, hit.date or "", ", ".join(hit.tags), " ".join(addresses)]
    return " · ".join(part for part in parts if part)
