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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.engine.bm25 import K1, Floats, rarity
from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.keywords import Keywords
from searchapp.engine.matching import Match, Matcher
from searchapp.engine.phrases import WordOrder
from searchapp.engine.words import Word
from searchapp.kernels import best, rank_words, titled

LIFTED = 50  # contenders
TOGETHER = 0.5  # of the rarer neighbour's share
IN_TITLE = 0.3
LONG = 8  # words of a question; more, and its best answers tell what else it is about
ANSWERS = 10
LEARNED = 30  # words
BITS = 64  # of a title's key
FLAGS = 16  # for each title
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
        self._unseen = BITS - (len(titles) * FLAGS).bit_length()

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
        first = np.lexsort((rows, -scores))[:ANSWERS]
        worth = scores[first] / scores[first].sum()
        terms, weights = self._keywords.of(rows[first], worth, LEARNED)
        return replace(match, lift=WORTH * self._keywords.add_up(terms, weights))

    def rank(self, rows: Ints, match: Match, count: int) -> Ints:
        """Return the best `count` of sorted `rows`; whatever the count, in the same order."""
        (ordered,) = self.rank_each([(rows, count)], match)
        return ordered

    def rank_each(self, groups: Sequence[tuple[Ints, int]], match: Match) -> list[Ints]:
        """Return the best of each group of rows as `rank` does; what lifts is found at once."""
        ranked = self._rank_words(groups, match)
        if ranked is not None:
            return ranked
        heads = [_Head.of(rows, match, count) for rows, count in groups]
        rows, scores = heads[0].rows, heads[0].scores
        if len(heads) > 1:
            rows = np.concatenate([head.rows for head in heads])
            scores = np.concatenate([head.scores for head in heads])
        lifted = self._lift(rows, scores, match)
        titled = self._titled(match)
        found, at = [], 0
        for head, (group, count) in zip(heads, groups, strict=True):
            end = at + len(head.rows)
            ordered, scores = head.in_order(lifted[at:end])
            known = zip(ordered[:count].tolist(), scores[:count].tolist(), strict=False)
            match.lifted.update(known)
            found.append((ordered if titled is None else _first(titled, group, ordered))[:count])
            at = end
        return found

    def _rank_words(self, groups: Sequence[tuple[Ints, int]], match: Match) -> list[Ints] | None:
        """Return the best of each group by one step over all; None where that cannot tell them."""
        parts = match.parts
        if rank_words is None or parts is None or max(count for _, count in groups) > LIFTED:
            return None
        words, whole = self._words_of(match)
        titles = self._matcher.postings_of_titles(words)
        pairs = [(*self._order.pair(a, b), share) for a, b, share in self._neighbours(match)]
        order, weights = (self._order.in_order, pairs), (K1, TOGETHER, IN_TITLE, whole)
        titled, found = self._titled(match), []
        for rows, count in groups:
            best, scores = rank_words(
                rows, parts, self._matcher.rows, LIFTED, titles, order, weights
            )
            known = zip(best[:count].tolist(), scores[:count].tolist(), strict=True)
            match.lifted.update(known)
            found.append((best if titled is None else _first(titled, rows, best))[:count])
        return found

    def _titled(self, match: Match) -> Ints | None:
        """Return the rows whose title is what was typed; None for none."""
        if not match.title_key:
            return None
        if not self._title_flags.item(match.title_key >> self._unseen):
            return None  # as nearly always
        order, keys = self._by_title
        key = np.uint64(match.title_key)
        first = int(keys.searchsorted(key))
        if first == len(keys) or keys[first] != key:
            return None
        return order[first : keys.searchsorted(key, "right")]

    @cached_property
    def _title_flags(self) -> Bools:
        """Which first bits the keys of titles have: most keys that none has are told by them."""
        flags = np.zeros(1 << BITS - self._unseen, np.bool_)
        flags[self._titles >> np.uint64(self._unseen)] = True
        return flags

    @cached_property
    def _by_title(self) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """The rows in the order of the keys of their titles, and these."""
        order = self._titles.argsort(kind="stable")
        return order, self._titles[order]

    def scores(self, rows: Sequence[int], match: Match) -> list[float]:
        """Return the scores of `rows` with what lifts them, in whatever place they stand."""
        known = match.lifted
        missing = [row for row in rows if row not in known]
        if missing:
            at = np.array(missing, np.intp)
            lifted = self._lift(at, match.scores(at), match)
            known.update(zip(missing, lifted.tolist(), strict=True))
        return [known[row] for row in rows]

    def explain(self, row: int, match: Match) -> Lifts:
        """Return what lifts a work above its words' shares."""
        rows = np.array([row])
        together = self._together(rows, match)
        beside = 0.0 if together is None else float(together[0])
        worth = self._title_worth(rows, match)
        in_title = 0.0 if worth is None else float((match.scores(rows) + beside)[0] * worth[0])
        is_titled = bool(match.title_key) and bool(self._titles[row] == match.title_key)
        learned = 0.0 if match.lift is None else float(match.lift[row])
        return Lifts(beside, in_title, learned, is_titled)

    def _lift(self, rows: Ints, scores: Floats, match: Match) -> Floats:
        """Return the `scores` of `rows` with what lifts them."""
        if not len(rows):
            return scores
        together = self._together(rows, match)
        worth = self._title_worth(rows, match)
        if worth is None:
            return scores if together is None else scores + together
        if together is None:
            return scores + scores * worth
        return scores + (together + (scores + together) * worth)

    def _together(self, rows: Ints, match: Match) -> Floats | None:
        """Return what neighbours in the question add, for each place where they are neighbours.

        None where they are neighbours in none of `rows`.
        """
        lift: Floats | None = None
        for first, second, share in self._neighbours(match):
            times = self._order.count_in_each(first, second, rows)
            if times is not None:
                more = share * (times * (K1 + 1) / (times + K1))
                lift = more if lift is None else lift + more
        return None if lift is None else TOGETHER * lift

    def _neighbours(self, match: Match) -> Iterator[tuple[str, str, float]]:
        """Yield neighbours in the question with the rarer one's share."""
        if len(match.sequence) < 2:
            return
        works = {
            clause.text: found.works
            for clause, found in zip(match.clauses, match.found, strict=True)
            if isinstance(clause, Word) and not clause.in_title
        }
        for a, b in dict.fromkeys(pairwise(match.sequence)):
            if a != b and works.get(a) and works.get(b):
                yield a, b, rarity(max(works[a], works[b]), self._matcher.rows)

    def _title_worth(self, rows: Ints, match: Match) -> Floats | None:
        """Return how much the words that a title has are worth, of all that are typed.

        None where none of them is in any title.
        """
        words, whole = self._words_of(match)
        shares = titled(*self._matcher.postings_of_titles(words), self._matcher.rows, rows)
        return None if shares is None else IN_TITLE * shares / whole

    def _words_of(self, match: Match) -> tuple[list[tuple[Word, float]], float]:
        """Return the words that titles may have with what each is worth, and what all are."""
        words = [
            (clause, rarity(found.works, self._matcher.rows))
            for clause, found in zip(match.clauses, match.found, strict=True)
            if isinstance(clause, Word) and found.works
        ]
        return words, sum(share for _, share in words)


def _first(titled: Ints, rows: Ints, found: Ints) -> Ints:
    """Return `found` behind those of `rows` whose title is what was typed."""
    first = np.intersect1d(titled, rows, assume_unique=True)
    return np.concatenate((first, found[~np.isin(found, first)]))


class _Head(NamedTuple):
    """The contenders of a group of rows, sorted, with their scores; `rest` follow them in order.

    `whole` tells which have no word that is only begun; None where all are alike in this.
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
            at, both = best(scores, whole, many)
            rows, scores = rows.take(at), scores.take(at)
            whole = whole.take(at) if whole is not None and both else None
        if len(rows) <= LIFTED:
            return cls(rows, scores, whole, rows[:0])
        order = _in_order(scores, whole)
        head = np.sort(order[:LIFTED])  # in the order of rows, which decides among equals
        left = None if whole is None else whole.take(head)
        return cls(rows.take(head), scores.take(head), left, rows.take(order[LIFTED:]))

    def in_order(self, lifted: Floats) -> tuple[Ints, Floats]:
        """Return all rows by their lifted scores, then the rest; the scores of the former."""
        order = _in_order(lifted, self.whole)
        rows = self.rows.take(order)
        if len(self.rest):
            rows = np.concatenate((rows, self.rest))
        return rows, lifted.take(order)


def _in_order(scores: Floats, whole: Bools | None) -> Ints:
    """Return the order of rows, which are sorted: the whole words first, then the best."""
    return (-scores).argsort(kind="stable") if whole is None else np.lexsort((-scores, ~whole))
