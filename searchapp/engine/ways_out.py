"""Counts what a question would find without each of its parts, where it found little or nothing.

A word that was dropped already is among them, as another may be the better one to drop.
"""

from collections.abc import Callable

from searchapp.engine.results import Results, WayOut
from searchapp.query import Query
from searchapp.relaxing import relax

FEW = 3  # works; whoever finds more has something to read
MOST = 8  # questions that are asked for it


def find_ways_out(results: Results, count: Callable[[Query], int]) -> tuple[WayOut, ...]:
    """Return the ways out of `results` that find more, those that find most first.

    `count` gives the works that have all of a question. A question of one part that found
    something is as short as it can be.
    """
    if results.total > FEW or results.page > 1:
        return ()
    left = relax(results.query)
    if results.total and len(left) < 2:
        return ()
    dropped = any(part.role == "dropped" for part in results.understood)
    least = 0 if dropped else results.total
    ways = [WayOut(relaxation, count(relaxation.query)) for relaxation in left[:MOST]]
    return tuple(sorted((w for w in ways if w.total > least), key=lambda w: -w.total))
