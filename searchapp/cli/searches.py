"""`searchapp searches`: what visitors looked for and did not find."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchapp.cli.looks import strong
from searchapp.cli.options import as_json, folders
from searchapp.cli.telling import count, echo_json

if TYPE_CHECKING:
    from searchapp.engine import Index
    from searchapp.searches import Missed


@click.command()
@folders
@click.option("--forget", is_flag=True, help="Delete what was noted.")
@as_json
def searches(content: Path, index: Path, forget: bool, as_json: bool) -> None:
    """Tell what visitors searched for and no piece had, and what may help them.

    The server notes words, day and count of searches that were sent; nothing of who sent them.

    Example: searchapp searches --index index
    """
    from searchapp.engine import open_index
    from searchapp.searches import SearchLog

    noted = SearchLog(index)
    if forget:
        noted.forget()
    opened = open_index(index)
    told = [_describe(missed, opened) for missed in noted.read()]
    if as_json:
        echo_json({"searches": told})
        return
    for each in told:
        click.echo(_in_words(each))
    click.echo(f"{count(len(told), 'search', 'searches')} found nothing, noted in {index}/")


def _describe(missed: "Missed", index: "Index") -> dict[str, Any]:
    """Return a search as `--json` has it, with what the index of today says to it."""
    results = index.search(missed.words + " ", limit=1, snippets=False, facets=False)
    is_found = bool(results.total) and not any(p.role == "dropped" for p in results.understood)
    ways = [] if is_found else index.ways_out(results)
    return {
        "words": missed.words,
        "count": missed.count,
        "last": missed.days[0][0],
        "days": [{"day": day, "count": number} for day, number in missed.days],
        "found": results.total if is_found else 0,
        "correction": dict(results.correction) if results.correction else None,
        "alias": None if is_found else _nearest_tag(missed.words, index),
        "ways_out": [
            {"without": way.relaxation.in_words(index.label), "total": way.total} for way in ways
        ],
    }


def _nearest_tag(words: str, index: "Index") -> str | None:
    """Return the slug of the tag whose name is most like these words, if one is."""
    from difflib import get_close_matches

    by_name = {name.casefold(): tag.slug for tag in index.tags() for name in (tag.label, tag.slug)}
    near = get_close_matches(words, by_name, n=1, cutoff=0.75)
    return by_name[near[0]] if near else None


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"{strong(told['words'])}: {count(told['count'], 'time')}, last on {told['last']}"]
    if told["found"]:
        lines.append(f"found by now: {count(told['found'], 'piece')}")
    if told["correction"]:
        total = count(int(told["correction"]["total"]), "piece")
        lines.append(f"perhaps {told['correction']['q']} ({total})")
    if told["alias"]:
        lines.append(f'in tags.toml, below [aliases]: "{told["words"]}" = "{told["alias"]}"')
    lines += [f"{way['without']}: {count(way['total'], 'piece')}" for way in told["ways_out"][:2]]
    return "\n    ".join(lines)
