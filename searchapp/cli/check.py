"""`searchapp check`: what in content/ wants mending, and with --links which places still live."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import count, describe_in_colours, echo_json, tell_sources

if TYPE_CHECKING:
    from searchapp.build import Gathered
    from searchapp.checks import Problem
    from searchapp.checks.living import Asked


@click.command()
@folders
@click.option("--links", is_flag=True, help="Ask each place over the net whether it still lives.")
@click.option(
    "--minutes", default=10.0, show_default=True, type=click.FloatRange(0, 1440, min_open=True),
    help="How long --links may ask; the rest is asked the next time.",
)  # fmt: skip
@as_json
@click.pass_context
def check(
    ctx: click.Context, content: Path, index: Path, links: bool, minutes: float, as_json: bool
) -> None:
    """Read every source and say what wants mending; without --links nothing is written.

    --links asks the address of each piece: HEAD, then GET, one question a second to each host,
    as robots.txt allows. What is gone is written into links.toml, and shown so from the next
    build on. It asks whatever the content states, addresses of your own network among them.

    Exit code 3 says that something would be skipped.

    Example: searchapp check --content content
    """
    from searchapp.build import describe_sources
    from searchapp.checks import check as run_checks

    with Bar() as bar:
        gathered, problems = run_checks(content, index, bar.move, bar.tell)
    asked = _ask(gathered, content, index, minutes) if links else None
    if asked:
        problems = [*problems, *asked.problems]
    if as_json:
        told: dict[str, object] = {"findings": [asdict(problem) for problem in problems]}
        if asked:
            told["places"] = {**asked.states, "asked": asked.asked, "unasked": asked.unasked}
        echo_json(told)
    else:
        _tell(problems)
        tell_sources(describe_sources(gathered))
        if asked:
            click.echo(_in_words(asked))
        click.echo(f"{count(len(problems), 'finding')} in {content}")
    ctx.exit(3 if any(problem.kind == "skipped" for problem in problems) else 0)


def _ask(gathered: "Gathered", content: Path, index: Path, minutes: float) -> "Asked":
    from searchapp.asking.hosts import Manners
    from searchapp.checks.living import ask_places

    with Bar("asking", "places") as bar:
        manners = Manners(whole=minutes * 60)
        return ask_places(gathered, content, index, progress=bar.move, manners=manners)


def _tell(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        click.echo(describe_in_colours(problem.finding, problem.kind))


def _in_words(asked: "Asked") -> str:
    """Return what became of asking: `412 places: 398 live, 6 are gone, ...`."""
    said = {
        "lives": "live", "moved": "have moved", "dead": "are gone", "failing": "give no page",
        "refused": "do not open to programs",
    }  # fmt: skip
    parts = [f"{asked.states[state]:,} {words}" for state, words in said.items()
             if asked.states.get(state)]  # fmt: skip
    places = count(sum(asked.states.values()), "place")
    left = f"; {asked.unasked:,} left for the next time" if asked.unasked else ""
    return f"{places}: {', '.join(parts) or 'nothing is known'}; {asked.asked:,} asked now{left}"
