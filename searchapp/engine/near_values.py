"""Values of a facet that a misspelt one may be, or that lie next to one that no piece has.

medum -> Medium    within a slip or two, whatever the case and accents
2031  -> 2024      of years and months the nearest
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from searchapp.engine.typos import distance
from searchapp.slugs import fold

LONGEST = 60  # characters that are compared; no misspelt value worth it has more
_SHORTEST = 3  # letters; of fewer nothing is left to tell by

Folded = Sequence[tuple[str, str, str]]  # a value as it begins when typed, its label, itself


def near_values(folded: Folded, wanted: str, most: int) -> list[str]:
    """Return the values whose names lie within a slip or two of `wanted`, the nearest first."""
    typed = fold(wanted)
    if not _SHORTEST <= len(typed) <= LONGEST:
        return []
    slips = 1 if len(typed) <= 5 else 2
    found = sorted(_measured(folded, typed, slips), key=lambda pair: pair[0])
    return list(dict.fromkeys(value for _, value in found))[:most]


def _measured(folded: Folded, typed: str, slips: int) -> Iterator[tuple[int, str]]:
    """Yield the values that are near, with their slips; the first letter costs two of them."""
    for name, label, value in folded:
        for text in (name,) if name == label else (name, label):
            room = slips if text[:1] == typed[0] else slips - 1
            if room and abs(len(text) - len(typed)) <= room:
                far = distance(typed, text, room)
                if far <= room:
                    yield far, value


def next_values(values: Sequence[str], wanted: str) -> list[str]:
    """Return the value of an ordered facet that lies nearest before and after `wanted`."""
    if not values or not wanted[:4].isdecimal():
        return []
    ordered = sorted(values)
    at = bisect_left(ordered, wanted)
    return ordered[max(0, at - 1) : at + 1]
