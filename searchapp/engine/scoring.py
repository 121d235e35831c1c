"""Works that matched to their order: whole words first, then the score, then the newer.

What lifts a work beyond its words' shares (a phrase, an exact title) belongs here, and is
worked out for contenders alone, never for all that matched.
"""

import numpy as np

from searchapp.engine.matching import Bools, Floats, Ints, Match


def rank(rows: Ints, match: Match, count: int) -> Ints:
    """Return the best `count` of `rows`: whole words first, then score, then the newer.

    Only the contenders are sorted: those above the score of the last place.
    """
    whole, scores = match.whole[rows], match.scores[rows]
    if count < len(rows):
        rows, whole, scores = _contenders(rows, whole, scores, count)
    order = np.lexsort((rows, -scores, ~whole))
    return rows[order[:count]]


def _contenders(rows: Ints, whole: Bools, scores: Floats, count: int) -> tuple[Ints, Bools, Floats]:
    certain = int(np.count_nonzero(whole))
    if certain >= count:  # the first places all go to works with the whole word
        rows, scores = rows[whole], scores[whole]
        keep = scores >= np.partition(scores, -count)[-count]
        return rows[keep], np.ones(int(keep.sum()), np.bool_), scores[keep]
    rest = count - certain
    others = scores[~whole]
    keep = whole | (scores >= np.partition(others, -rest)[-rest])
    return rows[keep], whole[keep], scores[keep]
