"""`searchapp stats`: what the index holds, at a glance."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.looks import age_in_words, has_colours, size_in_words
from searchapp.cli.options import as_json, folders
from searchapp.cli.telling import count, echo_json

if TYPE_CHECKING:
    from rich.table import Table

    from searchapp.stats import Counted, Stats

SHOWN = 12  # values of a facet; --json has them all
_BAR = 16  # characters of the longest


@click.command()
@folders
@as_json
def stats(content: Path, index: Path, as_json: bool) -> None:
    """Tell what the index holds: pieces, places and words, by source, year, kind, language, tag.

    And how large the index is, and how old.

    Example: searchapp stats --index index
    """
    from searchapp.stats import read_stats

    told = read_stats(index)
    if as_json:
        echo_json(told.as_json())
    elif sys.stdout.isatty():
        _draw(told)
    else:
        for line in _lines(told):
            click.echo(line)


def _totals(told: "Stats") -> str:
    return (
        f"{count(told.pieces, 'piece')} in {count(told.places, 'place')}, from "
        f"{count(told.documents, 'entry', 'entries')}; {count(told.volume.words, 'word')}"
    )


def _of_index(told: "Stats") -> Iterator[str]:
    yield (
        f"{told.index}/ takes {size_in_words(told.volume.folder)}, "
        f"{size_in_words(told.volume.bytes)} of it generation {told.generation}, "
        f"built {age_in_words(told.age)} ({told.built[:16].replace('T', ' ')} UTC)"
    )
    if told.skipped:
        yield f"{count(told.skipped, 'entry', 'entries')} skipped; searchapp check tells why"
    if told.refused:
        yield f"not the newest: {told.refused}"


def _lines(told: "Stats") -> Iterator[str]:
    """Yield all of it as plain lines, for a file or a pipe."""
    yield _totals(told)
    for name, values in told.facets.items():
        if values:
            yield f"\n{name}:"
            yield from (f"{value.count:>7,}  {value.label}" for value in values[:SHOWN])
            yield from ([_rest(values)] if len(values) > SHOWN else [])
    yield ""
    yield from _of_index(told)


def _rest(values: "Sequence[Counted]") -> str:
    return f"{'':>7}  and {len(values) - SHOWN:,} more (--json has all)"


def _draw(told: "Stats") -> None:
    """Draw it on the terminal: the totals, and two facets beside each other where there is room."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, color_system="standard" if has_colours() else None)
    console.print(Text(told.title, style="bold"))
    console.print(Text(_totals(told)))
    tables = [_table(name, values) for name, values in told.facets.items() if values]
    columns = 2 if console.width >= 90 else 1
    grid = Table.grid(padding=(1, 4, 0, 0))
    for first in range(0, len(tables), columns):
        grid.add_row(*tables[first : first + columns])
    console.print(grid)
    console.print()
    for line in _of_index(told):
        console.print(Text(line, style="dim"))


def _table(name: str, values: "Sequence[Counted]") -> "Table":
    """Return a facet as rows: the value, a bar as long as its share of the largest, the count."""
    from rich.table import Table
    from rich.text import Text

    most = max(value.count for value in values[:SHOWN])
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    table.add_column(name.capitalize(), max_width=32, no_wrap=True, overflow="ellipsis")
    table.add_column("", width=_BAR)
    table.add_column("pieces", justify="right")
    for value in values[:SHOWN]:
        bar = "━" * max(1, round(_BAR * value.count / most))
        table.add_row(Text(value.label), Text(bar, style="cyan"), f"{value.count:,}")
    if len(values) > SHOWN:
        table.add_row(Text(_rest(values).strip(), style="dim"), "", "")
    return table
