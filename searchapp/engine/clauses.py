"""Clauses to the works that have them: words by the matcher, phrases and either-or upon it.

Everything found keeps one promise, that of `FoundWord`: a mask of works, how many they are,
and the share of the score that it gives to any rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import log

import numpy as np

from searchapp.engine.bm25 import Floats, rarity
from searchapp.engine.caches import cached
from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.matching import (
    FEWEST_KEPT,
    KEPT_BYTES,
    KEPT_WORDS,
    Found,
    FoundWord,
    Matcher,
)
from searchapp.engine.phrases import WordOrder
from searchapp.engine.words import Clause, Phrase, Word


@dataclass(frozen=True)
class FoundPhrase:
    """A phrase: the works where its words follow each other, scored by these words."""

    parts: tuple[FoundWord, ...]
    mask: Bools
    begun: None = None
    whole: None = None

    @cached_property
    def works(self) -> int:
        """How many works of the whole index have it."""
        return int(np.count_nonzero(self.mask))

    def shares(self, rows: Ints) -> Floats:
        """Return the phrase's share of the scores of `rows`: those of its words, added up."""
        together = reduce(np.add, [part.shares(rows) for part in self.parts])
        return np.where(self.mask.take(rows), together, 0.0)


@dataclass(frozen=True)
class FoundEither:
    """Any of several; a work that has more of them has the shares of each."""

    choices: tuple["FoundWord | FoundPhrase", ...]
    worth: tuple[float, ...]
    begun: None = None
    whole: None = None

    @cached_property
    def mask(self) -> Bools:
        """Which works have any."""
        return reduce(np.logical_or, [choice.mask for choice in self.choices])

    @cached_property
    def works(self) -> int:
        """How many works of the whole index have any."""
        return int(np.count_nonzero(self.mask))

    def shares(self, rows: Ints) -> Floats:
        """Return the shares of the scores of `rows`, each by what it is worth."""
        pairs = zip(self.choices, self.worth, strict=True)
        return reduce(np.add, [choice.shares(rows) * worth for choice, worth in pairs])


FoundClause = FoundWord | FoundPhrase | FoundEither


class Finder:
    """Looks clauses up in one generation."""

    def __init__(self, matcher: Matcher, order: WordOrder) -> None:
        self.matcher = matcher
        self._order = order
        # A question asks for its phrases again for each way out of it.
        kept = max(FEWEST_KEPT, min(KEPT_WORDS, KEPT_BYTES // max(1, matcher.rows)))
        self._with_phrase = cached(kept, self._find_phrase)

    def find(self, clause: Clause) -> FoundClause:
        """Return which works have a clause, and its shares of their scores."""
        if isinstance(clause, Word):
            return self._word(clause)
        if isinstance(clause, Phrase):
            return self._phrase(clause)
        first = (1.0,) if clause.how == "synonym" else (clause.worth,)
        worth = first + (clause.worth,) * (len(clause.choices) - 1)
        return FoundEither(tuple(map(self._either, clause.choices)), worth)

    def without(self, unwanted: Sequence[Word | Phrase]) -> Bools | None:
        """Return which works have nothing of what is unwanted; None where nothing is."""
        if not unwanted:
            return None
        return ~reduce(np.logical_or, [self._either(clause).mask for clause in unwanted])

    def _either(self, clause: Word | Phrase) -> FoundWord | FoundPhrase:
        return self._word(clause) if isinstance(clause, Word) else self._phrase(clause)

    def _word(self, word: Word) -> FoundWord:
        found = self.matcher.find(word)
        if word.in_title:
            titled = self.matcher.in_titles(word)
            if titled is None:
                titled = np.zeros(self.matcher.rows, np.bool_)
            found = FoundWord(_kept(found.whole, titled), _kept(found.begun, titled))
        if word.times > 1:
            found = FoundWord(_scaled(found.whole, word.times), _scaled(found.begun, word.times))
        return found

    def _phrase(self, phrase: Phrase) -> FoundPhrase:
        parts = tuple(self.matcher.find(word) for word in dict.fromkeys(phrase.words))
        return FoundPhrase(parts, self._with_phrase(phrase))

    def _find_phrase(self, phrase: Phrase) -> Bools:
        parts = [self.matcher.find(word) for word in dict.fromkeys(phrase.words)]
        rows = reduce(np.logical_and, [part.mask for part in parts]).nonzero()[0]
        mask = np.zeros(self.matcher.rows, np.bool_)
        mask[self._order.having(phrase.texts, rows, phrase.prefix, phrase.in_title)] = True
        mask.flags.writeable = False  # it is kept
        return mask


def _kept(found: Found | None, mask: Bools) -> Found | None:
    """Return what was found in the works of `mask` alone, which makes it rarer."""
    if found is None:
        return None
    mask = mask & found.mask
    amounts = np.where(mask, found.amounts, np.float32(0))
    works = int(np.count_nonzero(mask))
    return Found(amounts, mask, works, rarity(works, len(mask)))


def _scaled(found: Found | None, times: int) -> Found | None:
    """Return a word's finding where it was typed several times: it weighs more."""
    return found and found._replace(rarity=found.rarity * (1 + log(times)))
