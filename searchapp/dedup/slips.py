"""When one word is another with a slip of the finger in it: `prqctices`, `practcies`.

A title that slips is believed without a text; so only slips that no two words differ by: two
neighbouring letters exchanged, or one typed for its neighbour on the keyboard, inside a long
word. A letter more or less is none ("synchronous", "asynchronous"; "freelance", "freelancer").
"""

from itertools import pairwise

MISSPELT = 6  # letters: "GRPO" and "GSPO" are no slips of each other
LONG = 8  # letters: "casual" and "causal", "trial" and "trail" are words
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# `q` is typed for `a` on both of the common layouts, and so on.
_BELOW = tuple(pairwise(_ROWS))
NEIGHBOURS = frozenset(
    frozenset(pair)
    for pair in (
        *(pair for row in _ROWS for pair in pairwise(row)),
        *(pair for upper, lower in _BELOW for pair in zip(upper, lower, strict=False)),
        *(pair for upper, lower in _BELOW for pair in zip(upper[1:], lower, strict=False)),
    )
)


def is_slip(one: str, other: str) -> bool:
    """Whether one of two words is the other with a slip inside it."""
    if len(one) != len(other) or len(one) < LONG or one[0] != other[0] or one[-1] != other[-1]:
        return False
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return frozenset((one[places[0]], other[places[0]])) in NEIGHBOURS
    exchanged = len(places) == 2 and places[1] == places[0] + 1
    return exchanged and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]


def is_misspelt(one: str, other: str) -> bool:
    """Whether two words begin alike and differ by one letter: to be believed beside a text."""
    short, long = sorted((one, other), key=len)
    if len(short) < MISSPELT or short[0] != long[0] or len(long) - len(short) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None:
        return True
    same_length = len(short) == len(long)
    return short[start + same_length :] == long[start + 1 :]
