"""Works that matched to their order: whole words first, then the score, then the newer.

What lifts a work beyond its words' shares (a phrase, an exact title) belongs here, and is
worked out for contenders alone, never for all that matched.
"""

import numpy as np

from searchapp.engine.bm25 import Floats
from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.matching import Match


def rank(rows: Ints, match: Match, count: int) -> Ints:
    """Return the best `count` of `rows`: whole words first, then score, then the newer.

    Only the contenders are sorted: those above the score of the last place.
    """
    scores, whole = match.scores(rows), match.whole(rows)
    if count < len(rows):
        rows, scores, whole = _contenders(rows, scores, whole, count)
    keys = (rows, -scores) if whole is None else (rows, -scores, ~whole)
    return rows[np.lexsort(keys)[:count]]


def _contenders(
    rows: Ints, scores: Floats, whole: Bools | None, count: int
) -> tuple[Ints, Floats, Bools | None]:
    if whole is not None:
        certain = int(np.count_nonzero(whole))
        if certain < count:  # all of these, and the best of the others
            keep = whole | _best(np.where(whole, -np.inf, scores), count - certain)
            return rows[keep], scores[keep], whole[keep]
        rows, scores = rows[whole], scores[whole]
    keep = _best(scores, count)
    return rows[keep], scores[keep], None


def _best(scores: Floats, count: int) -> Bools:
    """Return which scores are among the best `count`; all that tie for the last place."""
    if count >= len(scores):
        return np.ones(len(scores), np.bool_)
    best: Bools = scores >= np.partition(scores, -count)[-count]
    return best
