"""`searchapp searches`: what visitors looked for and did not find."""

from pathlib import Path
from typing import Any

import click

from searchapp.cli.looks import strong
from searchapp.cli.options import as_json, folders
from searchapp.cli.telling import count, echo_json


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
    from searchapp.missed import describe_missed
    from searchapp.searches import SearchLog

    noted = SearchLog(index)
    if forget:
        noted.forget()
    opened = open_index(index)
    told = [describe_missed(missed, opened) for missed in noted.read()]
    if as_json:
        echo_json({"searches": told})
        return
    for each in told:
        click.echo(_in_words(each))
    click.echo(f"{count(len(told), 'search', 'searches')} found nothing, noted in {index}/")


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
