"""Figures that were promised, beside what was measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table; `notes` say what was found where it is not met."""

    what: str
    promised: str
    reached: str
    is_met: bool
    notes: tuple[str, ...] = ()


def at_most(what: str, most: float, reached: float, unit: str, *notes: str) -> Figure:
    """Return the figure of a measure that may not be larger than `most`."""
    is_met = reached <= most
    told = f"{reached:,.0f}" if reached >= 10 or reached == int(reached) else f"{reached:.3g}"
    return Figure(what, f"<= {most:,.0f} {unit}".strip(), f"{told} {unit}".strip(), is_met, notes)


def draw_table(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield the table in Markdown, and below it what was found."""
    figures = list(figures)
    yield "| what | figure | reached | |"
    yield "|---|---|---|---|"
    for figure in figures:
        verdict = "met" if figure.is_met else "NOT MET"
        yield f"| {figure.what} | {figure.promised} | {figure.reached} | {verdict} |"
    noted = [figure for figure in figures if figure.notes]
    for figure in noted:
        yield ""
        yield f"{figure.what}:"
        yield ""
        yield from (f"- {note}" for note in figure.notes)
