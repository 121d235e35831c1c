"""Typed words to the works that have them and their scores, by operations on whole arrays.

word 0   "fine"   0.9 0   1.3     each word has a saturated frequency for every work, 0 where
word 1   "tun"    0.4 0.7 0       the work lacks it; all masks joined: it has all words;
                  all some some   any: some, the tail, ranked below
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import stems
from searchapp.engine.bm25 import HIGHEST, Amounts, Floats, rarity
from searchapp.engine.caches import cached
from searchapp.engine.facet_arrays import Array, Bools, Ints
from searchapp.engine.lexicon import Lexicon
from searchapp.engine.prefixes import Prefixes
from searchapp.engine.sets import unite
from searchapp.engine.titles import Run, Titles
from searchapp.engine.words import Clause, Word, is_character
from searchapp.kernels import either, gather, having, presence
from searchapp.kernels.types import Part, Spans, Titled

CRUMB = 3  # letters of the shortest stem that a begun word is asked by
KEPT_WORDS = 512
KEPT_BYTES = 2 << 20  # of words that were found, with what they were found in
BYTES_OF_ROW = 12  # for each work and word: amounts of the whole and the begun word, masks
FEWEST_KEPT = 16  # words


class Found(NamedTuple):
    """One term, or several that count as one: each work's saturated frequency, 0 for none."""

    amounts: Amounts
    mask: Bools
    works: int
    rarity: float

    def shares(self, rows: Ints) -> Floats:
        """Return its share of the scores of `rows`."""
        return self.amounts.take(rows) * np.float64(self.rarity)


class FoundWord:
    """Which works have a word: the whole of it, else only `begun`, where it may go on.

    One of both is always there.
    """

    __slots__ = ("begun", "mask", "whole", "works")

    def __init__(self, whole: Found | None, begun: Found | None = None) -> None:
        self.whole, self.begun = whole, begun
        if whole and begun:
            self.mask: Bools
            self.works: int
            self.mask, self.works = either((whole.mask, begun.mask), None)
        elif found := whole or begun:
            self.mask, self.works = found.mask, found.works

    def shares(self, rows: Ints) -> Floats:
        """Return the word's share of the scores of `rows`: the whole word's where it is."""
        if self.whole is None or self.begun is None:
            found = self.whole or self.begun
            return found.shares(rows) if found else np.zeros(len(rows))
        whole, begun = self.whole.shares(rows), self.begun.shares(rows)
        return np.where(whole > 0, whole, begun)

    def part(self, counts: bool) -> Part:
        """Return what its shares are made of; `counts` if what is only begun stands behind."""
        whole, begun = self.whole, self.begun
        return (
            whole and whole.amounts,
            whole.rarity if whole else 0.0,
            begun and begun.amounts,
            begun.rarity if begun else 0.0,
            counts,
        )


class FoundClause(Protocol):
    """What a clause of any kind found; a word, a phrase, either of several."""

    @property
    def mask(self) -> Bools:
        """Which works have it."""
        ...

    @property
    def works(self) -> int:
        """How many works of the whole index have it."""
        ...

    @property
    def whole(self) -> Found | None:
        """The whole word, where it may also be only begun."""
        ...

    @property
    def begun(self) -> Found | None:
        """The works where it may be only begun."""
        ...

    def shares(self, rows: Ints) -> Floats:
        """Return its share of the scores of `rows`."""
        ...


@dataclass(eq=False)
class Match:
    """What the clauses found; those `beside` them only add to scores, as does `lift`.

    `sequence` has the typed words in their order, `title_key` is that of a title of just them.
    """

    clauses: tuple[Clause, ...]
    found: tuple[FoundClause, ...]
    beside: tuple[FoundClause, ...] = ()
    lift: Floats | None = None
    sequence: tuple[str, ...] = ()
    title_key: int = 0
    lifted: dict[int, float] = field(default_factory=dict)  # scores by row, as they are made

    @property
    def full(self) -> int:
        """The bits of all words."""
        return (1 << len(self.found)) - 1

    def having(self, needed: int) -> Bools:
        """Return which works have all the words whose bits are set in `needed`, at least one."""
        return self.rows_having(needed, None)[0]

    def rows_having(self, needed: int, allowed: Bools | None) -> tuple[Bools, Ints]:
        """Return which allowed works have all those words: as a mask, and as sorted rows."""
        return having(self.masks(needed), allowed)

    def masks(self, needed: int) -> list[Bools]:
        """Return which works have each of those words."""
        return [found.mask for i, found in enumerate(self.found) if needed >> i & 1]

    def count_some(self, allowed: Bools | None) -> tuple[Bools, int]:
        """Return which allowed works have any of the words, and how many."""
        return either([found.mask for found in (*self.found, *self.beside)], allowed)

    @cached_property
    def some(self) -> Bools:
        """Which works have any of the words."""
        return self.count_some(None)[0]

    @cached_property
    def bits(self) -> npt.NDArray[np.uint16]:
        """Bit i is set where the work has word i."""
        bits = np.zeros(len(self.some), np.uint16)
        for i, found in enumerate(self.found):
            bits |= found.mask.astype(np.uint16) << np.uint16(i)
        return bits

    @cached_property
    def parts(self) -> list[Part] | None:
        """What the scores are made of, where all are words."""
        found = (*self.found, *self.beside)
        counted = len(self.found)
        words = [one for one in found if isinstance(one, FoundWord)]
        if self.lift is not None or len(words) < len(found):
            return None
        return [one.part(i < counted) for i, one in enumerate(words)]

    def scores(self, rows: Ints) -> Floats:
        """Return the scores of `rows`: the sum of the words' shares."""
        first, *others = [found.shares(rows) for found in (*self.found, *self.beside)]
        for shares in others:
            first += shares
        if self.lift is not None:
            first += self.lift.take(rows)
        return first

    def whole(self, rows: Ints) -> Bools | None:
        """Return which of `rows` have no word that is only begun; None where all have none."""
        whole: Bools | None = None
        for found in self.found:
            if found.begun is None:
                continue
            begun = found.begun.mask.take(rows)
            if found.whole is not None:
                begun &= ~found.whole.mask.take(rows)
            whole = ~begun if whole is None else whole & ~begun
        return whole


class Matcher:
    """Looks words up in the arrays of one generation."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self.languages = tuple(Lexicon.of(arrays, "languages"))
        self.terms = Lexicon.of(arrays, "terms")
        self.words = Lexicon.of(arrays, "words")
        self.rows = len(arrays["works.ids"])
        self._bounds = np.asarray(arrays["postings.bounds"])
        self._rows = np.asarray(arrays["postings.rows"])
        self._fields = np.asarray(arrays["postings.fields"])
        self._scores: Amounts = np.asarray(arrays["postings.scores"], np.float32)
        self._titles = Titles(arrays)
        self._prefixes = Prefixes(arrays, self.terms, self.words)
        # A question asks for the same words several times, to find and to rank, and so does
        # the next one, while somebody types.
        self._exact = cached(KEPT_WORDS, self._look_up)
        self._runs = lru_cache(KEPT_WORDS)(self._prefixes.runs)
        kept = max(FEWEST_KEPT, KEPT_BYTES // (BYTES_OF_ROW * max(1, self.rows)))
        self._find = cached(kept, self._find_word)
        self._in_titles = cached(kept, self._find_in_titles)

    def terms_of(self, word: Word) -> Ints:
        """Return the numbers of all terms that `word` stands for, sorted."""
        begun = self._prefixes.terms(word.text) if word.prefix else np.empty(0, np.intp)
        return unite(np.array(self._exact(word.text, word.prefix), np.intp), begun)

    def whole_terms(self, text: str) -> list[int]:
        """Return the numbers of the terms that a whole word stands for, sorted."""
        return self._exact(text, False)

    def count_works(self, text: str) -> int:
        """Return how many works have a whole word."""
        terms = self._exact(text, False)
        if len(terms) != 1:
            return self.find(Word(text)).works
        start, end = self._bounds[terms[0] : terms[0] + 2].tolist()
        return int(end - start)

    def find(self, word: Word) -> FoundWord:
        """Return which works have a word, and its shares of their scores."""
        return self._find(word.text, word.prefix)

    def in_titles(self, word: Word) -> Bools | None:
        """Return which works have `word` in a title; None for none."""
        return self._in_titles(word.text, word.prefix)

    def postings_of_titles(self, words: Sequence[tuple[Word, float]]) -> tuple[Array, list[Titled]]:
        """Return the works of titles by term, and where those of words are, with their shares."""
        return self._titles.postings([(self.runs_of(word), share) for word, share in words])

    def _find_word(self, text: str, prefix: bool) -> FoundWord:
        if is_character(text):
            return FoundWord(self._begun(text))
        exact = self._exact(text, prefix)
        if not prefix:
            return FoundWord(self._union(exact))
        return FoundWord(self._union(exact) if exact else None, self._begun(text))

    def _find_in_titles(self, text: str, prefix: bool) -> Bools | None:
        """Return which works have a word in a title; None for none."""
        return self._titles.having(self._runs_of(text, prefix))

    def fields_with(self, word: Word, rows: Sequence[int]) -> dict[int, int]:
        """Return the bits of the text fields in which each of the works in `rows` has `word`.

        A work that has it nowhere is left out.
        """
        wanted = np.zeros(self.rows, np.bool_)
        wanted[list(rows)] = True
        bits: dict[int, int] = {}
        for first, end in self.runs_of(word):
            part = slice(self._bounds[first], self._bounds[end])
            there = self._rows[part].astype(np.intp)
            at = wanted.take(there).nonzero()[0]
            pairs = zip(there.take(at).tolist(), self._fields[part].take(at).tolist(), strict=True)
            for row, fields in pairs:
                bits[row] = bits.get(row, 0) | fields
        return bits

    def runs_of(self, word: Word) -> list[Run]:
        """Return the terms that `word` stands for, as runs of their numbers; some may meet."""
        return self._runs_of(word.text, word.prefix)

    def _runs_of(self, text: str, prefix: bool) -> list[Run]:
        if is_character(text):
            return self._runs(text) if prefix else []
        exact = [(number, number + 1) for number in self._exact(text, prefix)]
        return exact + self._runs(text) if prefix else exact

    def _look_up(self, text: str, begun: bool) -> list[int]:
        """Return the terms of a word in any language; of one only begun, no crumbs of it.

        `rea` may go on to many words, and is none: its French stem `re` is not asked for.
        """
        terms = stems(text, self.languages)
        if begun and min(map(len, terms)) < CRUMB and self.words.find(text) is None:
            terms = tuple(term for term in terms if len(term) >= CRUMB)
        numbers = [self.terms.find(term) for term in terms]
        return sorted([number for number in numbers if number is not None])

    def _union(self, terms: Sequence[int]) -> Found:
        """Return the works of a few terms that count as one."""
        return self._gather([(term, term + 1) for term in terms], once=len(terms) == 1)

    def _begun(self, text: str) -> Found:
        """Return the works with any word that begins with `text`."""
        amounts = self._prefixes.ready(text)
        if amounts is None:
            return self._gather(self._runs(text), once=False)
        mask, works = presence(amounts)
        return Found(amounts, mask, works, rarity(works, self.rows))

    def _gather(self, runs: Sequence[Run], once: bool) -> Found:
        """Return the works of runs of terms that count as one; `once` if no work has two."""
        bound = self._bounds.item
        spans: Spans = [(bound(first), bound(last)) for first, last in runs]
        amounts, mask, works = gather(
            self._rows, self._scores, spans, once, float(HIGHEST), self.rows
        )
        return Found(amounts, mask, works, rarity(works, self.rows))
