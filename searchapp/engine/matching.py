"""Typed words to matching works and their scores, by operations on whole arrays.

words   "fine tun"          each word is a row of bits and a share of the score:
work 0   1    1   -> all    all bits set: it has all words
work 1   1    0   -> some   some bits set: the tail, ranked below
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import stems
from searchapp.engine.arrays import K1, Array, Lexicon
from searchapp.engine.words import Word

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Match:
    """What the words found. All arrays have one entry a work.

    `bits` has bit i set where the work has word i, `scores` is the sum of the words'
    shares, `whole` is false where a word is only begun: the typed prefix, no whole word.
    `works` counts, for each word, the works of the whole index that have it.
    """

    words: tuple[Word, ...]
    bits: npt.NDArray[np.uint16]
    scores: Floats
    whole: Bools
    works: tuple[int, ...]

    @property
    def full(self) -> int:
        """The bits of a work that has all words."""
        return (1 << len(self.words)) - 1


class Matcher:
    """Looks words up in the arrays of one generation."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.languages = tuple(Lexicon.of(arrays, "languages"))
        self.terms = Lexicon.of(arrays, "terms")
        self.words = Lexicon.of(arrays, "words")
        self.rows = len(arrays["works.ids"])
        self._bounds = np.asarray(arrays["postings.bounds"])
        self._rows = np.asarray(arrays["postings.rows"])
        self._scores: npt.NDArray[np.float32] = np.asarray(arrays["postings.scores"], np.float32)
        self._word_terms = np.asarray(arrays["words.terms"])
        self._word_bounds = np.asarray(arrays["words.term_bounds"])

    def match(self, words: Sequence[Word]) -> Match:
        """Return which works have which of `words` (at most 16), and their scores."""
        bits = np.zeros(self.rows, np.uint16)
        scores = np.zeros(self.rows)
        whole = np.ones(self.rows, np.bool_)
        works = []
        for i, word in enumerate(words):
            find = self._prefix if word.is_character else self._whole_word
            rows, shares = find(word.text)
            bits[rows] |= np.uint16(1 << i)
            scores[rows] += shares
            works.append(len(rows))
            if word.prefix and not word.is_character:
                begun, shares = self._prefix(word.text)
                only = (bits[begun] & np.uint16(1 << i)) == 0
                begun = begun[only]
                bits[begun] |= np.uint16(1 << i)
                scores[begun] += shares[only]
                whole[begun] = False
                works[-1] += len(begun)
        return Match(tuple(words), bits, scores, whole, tuple(works))

    def terms_of(self, word: Word) -> Ints:
        """Return the numbers of all terms that `word` stands for, sorted."""
        exact = [n for n in map(self.terms.find, stems(word.text, self.languages)) if n is not None]
        begun = self._begun_terms(word.text) if word.prefix else np.empty(0, np.intp)
        return np.union1d(np.array(exact, np.intp), begun)

    def _whole_word(self, text: str) -> tuple[Array, Floats]:
        numbers = [self.terms.find(term) for term in stems(text, self.languages)]
        found = [number for number in numbers if number is not None]
        if len(found) == 1:
            start, end = self._bounds[found[0]], self._bounds[found[0] + 1]
            shares = self._scores[start:end] * np.float64(self._rarity(int(end - start)))
            return self._rows[start:end], shares
        return self._union(np.array(found, np.intp))

    def _prefix(self, text: str) -> tuple[Array, Floats]:
        return self._union(self._begun_terms(text))

    def _begun_terms(self, text: str) -> Ints:
        begun = self.words.prefix(text)
        start, end = self._word_bounds[begun.start], self._word_bounds[begun.stop]
        return np.unique(self._word_terms[start:end]).astype(np.intp)

    def _union(self, terms: Ints) -> tuple[Array, Floats]:
        """Return the works of several terms that count as one, with their shares."""
        if not len(terms):
            return np.empty(0, np.intp), np.empty(0)
        breaks = np.flatnonzero(np.diff(terms) != 1) + 1
        runs = [(run[0], run[-1] + 1) for run in np.split(terms, breaks)]
        slices = [slice(self._bounds[first], self._bounds[last]) for first, last in runs]
        rows = np.concatenate([self._rows[s] for s in slices])
        shares = np.concatenate([self._scores[s] for s in slices])
        together = np.bincount(rows, shares, self.rows)
        found = np.flatnonzero(together)
        return found, np.minimum(together[found], K1 + 1) * self._rarity(len(found))

    def _rarity(self, works: int) -> float:
        """Return the inverse document frequency of a term that `works` works have (BM25)."""
        return float(np.log1p((self.rows - works + 0.5) / (works + 0.5)))
