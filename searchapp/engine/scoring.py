"""Works that matched to their order: whole words first, then the score, then the newer.

What lifts a work beyond its words' shares is worked out for contenders alone, the best by
their shares, never for all that matched. A lift only adds, so those behind stay behind:

    the title that was typed, whole     first
    neighbours that stand together      "fine tuning" before "tuning, which is fine"
    words in the title                  up to 30 % more
    what the best answers are about     for a long question, below
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from searchapp.engine.bm25 import K1, Floats, rarity
from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.keywords import Keywords
from searchapp.engine.matching import Match, Matcher
from searchapp.engine.phrases import WordOrder
from searchapp.engine.words import Word

LIFTED = 50  # contenders
TOGETHER = 0.5  # of the rarer neighbour's share
IN_TITLE = 0.3
LONG = 8  # words of a question; more, and its best answers tell what else it is about
ANSWERS = 10
LEARNED = 30  # words
WORTH = 0.3  # of a typed one


@dataclass(frozen=True)
class Lifts:
    """What was added to a work's score, and whether its title is what was typed."""

    together: float
    in_title: float
    learned: float
    is_title: bool


class Ranking:
    """Orders the works of one generation."""

    def __init__(
        self, matcher: Matcher, order: WordOrder, keywords: Keywords, titles: npt.NDArray[np.uint64]
    ) -> None:
        self._matcher = matcher
        self._order = order
        self._keywords = keywords
        self._titles = titles

    def learn(self, match: Match) -> Match:
        """Return a long question's match with what its best answers are about (Rocchio).

        Works that have no typed word gain nothing: totals stay as they are.
        """
        if len(match.found) <= LONG:
            return match
        rows = match.some.nonzero()[0]
        if not len(rows):
            return match
        scores = match.scores(rows)
        best = np.lexsort((rows, -scores))[:ANSWERS]
        worth = scores[best] / scores[best].sum()
        terms, weights = self._keywords.of(rows[best], worth, LEARNED)
        return replace(match, lift=WORTH * self._keywords.add_up(terms, weights))

    def rank(self, rows: Ints, match: Match, count: int) -> Ints:
        """Return the best `count` of sorted `rows`; whatever the count, in the same order."""
        (best,) = self.rank_each([(rows, count)], match)
        return best

    def rank_each(self, groups: Sequence[tuple[Ints, int]], match: Match) -> list[Ints]:
        """Return the best of each group of rows as `rank` does; what lifts is found at once."""
        heads = [_Head.of(rows, match, count) for rows, count in groups]
        rows = np.concatenate([head.rows for head in heads]) if len(heads) > 1 else heads[0].rows
        scores = np.concatenate([head.scores for head in heads])
        lifted = scores + self._lift(rows, scores, match)
        match.lifted.update(zip(rows.tolist(), lifted.tolist(), strict=True))
        found, at = [], 0
        for head, (group, count) in zip(heads, groups, strict=True):
            best = head.in_order(lifted[at : at + len(head.rows)])
            found.append(self._titled_first(best, group, match)[:count])
            at += len(head.rows)
        return found

    def _titled_first(self, found: Ints, rows: Ints, match: Match) -> Ints:
        """Return `found` behind those of `rows` whose title is what was typed."""
        order, keys = self._by_title
        key = np.uint64(match.title_key)
        first = int(keys.searchsorted(key))
        if not key or first == len(keys) or keys[first] != key:
            return found
        same = order[first : keys.searchsorted(key, "right")]
        titled = np.intersect1d(same, rows, assume_unique=True)
        return np.concatenate((titled, found[~np.isin(found, titled)]))

    @cached_property
    def _by_title(self) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """The rows in the order of the keys of their titles, and these."""
        order = self._titles.argsort(kind="stable")
        return order, self._titles[order]

    def scores(self, rows: Ints, match: Match) -> Floats:
        """Return the scores of `rows` with what lifts them, in whatever place they stand."""
        known = match.lifted
        missing = np.array([row for row in rows.tolist() if row not in known], np.intp)
        if len(missing):
            scores = match.scores(missing)
            scores += self._lift(missing, scores, match)
            known.update(zip(missing.tolist(), scores.tolist(), strict=True))
        return np.array([known[row] for row in rows.tolist()])

    def explain(self, row: int, match: Match) -> Lifts:
        """Return what lifts a work above its words' shares."""
        rows = np.array([row])
        together = self._together(rows, match)
        in_title = (match.scores(rows) + together) * self._title_worth(rows, match)
        is_titled = bool(match.title_key) and bool(self._titles[row] == match.title_key)
        learned = 0.0 if match.lift is None else float(match.lift[row])
        return Lifts(float(together[0]), float(in_title[0]), learned, is_titled)

    def _lift(self, rows: Ints, scores: Floats, match: Match) -> Floats:
        if not len(rows):
            return np.zeros(0)
        together = self._together(rows, match)
        return together + (scores + together) * self._title_worth(rows, match)

    def _together(self, rows: Ints, match: Match) -> Floats:
        """Return what neighbours in the question add, for each place where they are neighbours."""
        lift = np.zeros(len(rows))
        for first, second, share in self._neighbours(match):
            times = self._order.count_in_each(first, second, rows)
            if times is not None:
                lift += share * (times * (K1 + 1) / (times + K1))
        return TOGETHER * lift

    def _neighbours(self, match: Match) -> Iterator[tuple[str, str, float]]:
        """Yield neighbours in the question with the rarer one's share."""
        works = {
            clause.text: found.works
            for clause, found in zip(match.clauses, match.found, strict=True)
            if isinstance(clause, Word) and not clause.in_title
        }
        for a, b in dict.fromkeys(pairwise(match.sequence)):
            if a != b and works.get(a) and works.get(b):
                yield a, b, rarity(max(works[a], works[b]), self._matcher.rows)

    def _title_worth(self, rows: Ints, match: Match) -> Floats:
        """Return how much the words that a title has are worth, of all that are typed."""
        shares = np.zeros(len(rows))
        whole = 0.0
        for clause, found in zip(match.clauses, match.found, strict=True):
            if isinstance(clause, Word) and found.works:
                share = rarity(found.works, self._matcher.rows)
                whole += share
                shares += share * self._matcher.in_titles(clause).take(rows)
        return IN_TITLE * shares / whole if whole else shares


@dataclass(frozen=True)
class _Head:
    """The contenders of a group of rows, sorted, with their scores; `rest` follow them in order.

    `whole` tells which have no word that is only begun; None where all have none.
    """

    rows: Ints
    scores: Floats
    whole: Bools | None
    rest: Ints

    @classmethod
    def of(cls, rows: Ints, match: Match, count: int) -> "_Head":
        """Return the contenders of `rows`, of which `count` are wanted."""
        many = max(count, LIFTED)
        scores, whole = match.scores(rows), match.whole(rows)
        if many < len(rows):
            rows, scores, whole = _contenders(rows, scores, whole, many)
        if len(rows) <= LIFTED:
            return cls(rows, scores, whole, rows[:0])
        best = _in_order(scores, whole)
        head = np.sort(best[:LIFTED])  # in the order of rows, which decides among equals
        left = None if whole is None else whole.take(head)
        return cls(rows.take(head), scores.take(head), left, rows.take(best[LIFTED:]))

    def in_order(self, lifted: Floats) -> Ints:
        """Return all rows by their lifted scores, then the rest."""
        rows = self.rows.take(_in_order(lifted, self.whole))
        return np.concatenate((rows, self.rest)) if len(self.rest) else rows


def _in_order(scores: Floats, whole: Bools | None) -> Ints:
    """Return the order of rows, which are sorted: the whole words first, then the best."""
    return (-scores).argsort(kind="stable") if whole is None else np.lexsort((-scores, ~whole))


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
