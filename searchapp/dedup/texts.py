"""Two full texts that have nothing in common: what no shared address makes one piece.

A permalink that repeats ("Weeknotes", twice in a month), a page that was written anew, a theme
that declares one canonical address on every page: there the address is the mistake.
"""

from collections.abc import Sequence

from searchapp.dedup.bodies import UNLIKE
from searchapp.dedup.case import Case

MOST_TEXTS = 30  # that a text is compared with: an address of more is no piece's
BLURB_RUNS, TIMES_LONGER = 150, 4  # a text so short beside the other may only tell what it is about


def are_two_texts(case: Case, i: int, j: int) -> bool:
    """Whether both documents have a full text, and the smaller is not from the larger.

    A description, written for a feed, shares no run with its piece; nor does a translation.
    """
    a, b = case.documents[i], case.documents[j]
    if a.language[:2] != b.language[:2]:
        return False
    found = case.measure(i, j)
    if not found.counts or found.containment >= UNLIKE:
        return False
    short, long = sorted((a.length, b.length))
    return found.runs >= BLURB_RUNS or short * TIMES_LONGER > long


def split_by_text(case: Case, members: Sequence[int]) -> list[list[int]]:
    """Return the documents by their texts: an excerpt with its whole, what has none by its title.

    The longest texts come first, so that no excerpt brings two of them together.
    """
    sides: list[list[int]] = []
    equal: dict[bytes, list[int]] = {}
    for i in sorted(members, key=lambda i: (-case.documents[i].length, i)):
        document = case.documents[i]
        text = document.text_digest
        side = equal.get(text) if document.length else None
        if side is None:
            fitting = [s for s in sides[:MOST_TEXTS] if not are_two_texts(case, s[0], i)]
            side = max(fitting, key=lambda s: _closeness(case, s[0], i), default=None)
        if side is None:
            side = []
            sides.append(side)
        side.append(i)
        equal.setdefault(text, side)
    return sorted(sorted(side) for side in sides)


def _closeness(case: Case, head: int, i: int) -> tuple[float, bool, int]:
    same_title = case.titles[head].key == case.titles[i].key
    return case.measure(head, i).containment, same_title, -head
