"""Mends a line of words, such as a title, and says what was wrong with it."""

import datetime as dt
import re
from itertools import takewhile

from searchapp.text import is_repaired, repair

SHOWN = 80  # characters of a value in a report

# They change the direction of text, and would do so to the page around a title.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def mend_line(text: str, name: str, *, repairs: bool = True) -> tuple[str, list[str]]:
    """Return `text` on one line, made whole, and what is told of it by its `name`.

    Without `repairs`, broken characters stay as they are, for texts about them; signs that
    would turn the text around them never stay.
    """
    reasons = []
    text = " ".join(text.split())
    whole = " ".join(repair(text).split()) if repairs else text
    if is_repaired(text, whole):
        broken, mended = _difference(text.split(), whole.split())
        reasons.append(f"{name} has {shown(broken)}, repaired to {shown(mended)}; write it so")
    if turning := _TURNING.search(whole):
        whole = " ".join(_TURNING.sub("", whole).split())
        sign = f"U+{ord(turning[0]):04X}, which turns the direction of all that follows"
        reasons.append(f"{name} has {sign}; take it out")
    return whole, reasons


def _difference(a: list[str], b: list[str]) -> tuple[str, str]:
    """Return the words of each in which the two differ, from the first to the last.

    Where one only has words more, all of both, as nothing beside something tells little.
    """
    whole = " ".join(a), " ".join(b)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
    a, b = a[start:], b[start:]
    backwards = zip(reversed(a), reversed(b), strict=False)
    end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    differing = " ".join(a[: len(a) - end]), " ".join(b[: len(b) - end])
    return differing if all(differing) else whole


def shown(value: object) -> str:
    """Return a value as a report shows it: short, in one line, in quotes if it is text."""
    text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else repr(value)
    if len(text) <= SHOWN:
        return text
    end = f"...{text[0]}" if isinstance(value, str) else "..."  # a quote that opens closes
    return text[: SHOWN - len(end)] + end
