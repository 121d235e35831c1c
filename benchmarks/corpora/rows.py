"""A line of the table: what was counted, and whether it is what it should be."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure, and whether it is reached; `details` say what is not as it should be."""

    name: str
    figure: str
    is_met: bool
    details: tuple[str, ...] = ()


def draw(title: str, rows: Iterable[Row]) -> bool:
    """Print a table; return whether all of it is met."""
    print(f"\n{title}")
    all_met = True
    for row in rows:
        print(f"  {row.name:<34}{row.figure:<72}{'yes' if row.is_met else 'NO'}")
        for detail in row.details[:8]:
            print(f"      {detail}")
        all_met = all_met and row.is_met
    return all_met
