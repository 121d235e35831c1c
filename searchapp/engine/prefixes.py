"""Prefixes to the terms of all words that begin so, and the heaviest of them ready added up.

    words   die died dying        `dy` begins "dying", whose term is "die": a stray, as it
    terms   die                   shares but one letter with its word

Nearly always the terms of a prefix are those that begin with it, and one slice of postings.
The exceptions are found by two small arrays: how many letters a word shares with each of its
terms, and how many a term shares with that of its words which shares most.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.engine.bm25 import Amounts, add_up, as_one
from searchapp.engine.facet_arrays import Array, Ints
from searchapp.engine.lexicon import Lexicon, Texts, lay_out_texts
from searchapp.engine.sets import unite
from searchapp.settings import DEFAULT

LONGEST = 4  # characters of a prefix that is added up; beyond, few terms make all of a list,
HEAVIEST = int(DEFAULT["heaviest_prefix"])  # or else it is as heavy as this times the works
FEWEST = 8  # terms
SHARE = 2  # a prefix with fewer postings than works by this is added up when it is typed
MOST_SHARED = 255


def count_shared(words: Sequence[str], terms: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Return how many letters each word begins with that its term begins with too."""
    shared = [
        len(term) if word.startswith(term) else _shared(word, term)
        for word, term in zip(words, terms, strict=True)
    ]
    return np.minimum(np.array(shared, np.intp), MOST_SHARED).astype(np.uint8)


def _shared(word: str, term: str) -> int:
    pairs = enumerate(zip(word, term, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(word), len(term)))


class Prefixes:
    """Looks prefixes up in the arrays of one generation."""

    def __init__(
        self, arrays: Mapping[str, Array], terms: Lexicon | Texts, words: Lexicon | Texts
    ) -> None:
        self._terms, self._words = terms, words
        self._bounds = np.asarray(arrays["words.term_bounds"])
        self._leads = np.asarray(arrays["words.terms"])
        self._shared_by_lead = np.asarray(arrays["words.shared"], np.uint8)
        self._shared_by_term = np.asarray(arrays["terms.shared"], np.uint8)
        self._ready = Lexicon.of(arrays, "prefixes") if "prefixes.scores" in arrays else None
        self._amounts = np.asarray(arrays.get("prefixes.scores", np.empty((0, 0))), np.float32)

    def ready(self, text: str) -> Amounts | None:
        """Return each work's saturated frequency of a prefix, where it was added up before."""
        number = self._ready.find(text) if self._ready else None
        return None if number is None else self._amounts[number]

    def runs(self, text: str) -> list[tuple[int, int]]:
        """Return the terms of all words that begin with `text`: sorted runs of their numbers."""
        begun = self._words.prefix(text)
        if not begun:
            return []
        pairs = slice(*self._bounds.take((begun.start, begun.stop)).tolist())
        inside = self._terms.prefix(text)
        strays = (self._shared_by_lead[pairs] < len(text)).nonzero()[0]
        unmeant = (self._shared_by_term[inside.start : inside.stop] < len(text)).nonzero()[0]
        if not len(strays) and not len(unmeant):
            return [(inside.start, inside.stop)]
        numbers = np.delete(np.arange(inside.start, inside.stop), unmeant)
        return list(_runs(unite(numbers, self._leads[pairs][strays].astype(np.intp))))

    def terms(self, text: str) -> Ints:
        """Return the numbers of those terms, sorted."""
        return np.concatenate(
            [np.empty(0, np.intp), *(np.arange(first, last) for first, last in self.runs(text))]
        )


def _runs(numbers: Ints) -> Iterator[tuple[int, int]]:
    """Yield sorted numbers as runs that follow each other without a gap."""
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    for run in np.split(numbers, breaks):
        if len(run):
            yield int(run[0]), int(run[-1]) + 1


def add_up_prefixes(
    arrays: Mapping[str, Array], terms: Sequence[str], words: Sequence[str]
) -> dict[str, Array]:
    """Return the heaviest prefixes of laid out postings, each work's frequency ready for use.

    `terms` and `words` are those that are laid out.
    What begins with a longer prefix begins with its beginning too, so none is missed where
    only heavy ones are followed.
    """
    all_words = Texts(words)
    prefixes = Prefixes(arrays, Texts(terms), all_words)
    rows = len(arrays["works.ids"])
    bounds = np.asarray(arrays["postings.bounds"], np.intp)
    most = _most_postings(arrays, bounds)
    found: dict[str, Amounts] = {}

    def follow(prefix: str) -> None:
        for longer, begun in _continuations(all_words, prefix):
            if (most[begun.stop] - most[begun.start]) * SHARE < max(rows, 1):
                continue  # of most this is told at once
            runs = prefixes.runs(longer)
            slices = [slice(bounds[first], bounds[last]) for first, last in runs]
            postings = sum(s.stop - s.start for s in slices)
            if postings * SHARE < max(rows, 1) or (
                len(longer) > LONGEST and postings < HEAVIEST * rows
            ):
                continue
            if sum(last - first for first, last in runs) >= FEWEST:
                found[longer] = _add_up(arrays, slices, rows)
            follow(longer)

    follow("")
    amounts = np.array(list(found.values()), np.float32).reshape(len(found), rows)
    return lay_out_texts("prefixes", list(found)) | {"prefixes.scores": amounts}


def _most_postings(arrays: Mapping[str, Array], bounds: Ints) -> list[int]:
    """Return how many postings the words before each have at most, those of one term repeated."""
    of_leads = np.diff(bounds)[np.asarray(arrays["words.terms"], np.intp)]
    up_to = np.concatenate(([0], np.cumsum(of_leads)))
    return list(up_to[np.asarray(arrays["words.term_bounds"], np.intp)].tolist())


def _continuations(words: Texts, prefix: str) -> Iterator[tuple[str, range]]:
    """Yield what words begin with that begin with `prefix`, one character longer; sorted.

    And the numbers of the words that begin so.
    """
    begun = words.prefix(prefix)
    at = begun.start
    while at < begun.stop:
        word = words[at]
        if len(word) == len(prefix):
            at += 1
            continue
        longer = word[: len(prefix) + 1]
        numbers = words.prefix(longer)
        yield longer, numbers
        at = numbers.stop


def _add_up(arrays: Mapping[str, Array], slices: Sequence[slice], rows: int) -> Amounts:
    found = np.concatenate([arrays["postings.rows"][s] for s in slices])
    scores = np.concatenate([np.asarray(arrays["postings.scores"][s]) for s in slices])
    return as_one(add_up(found, scores, rows))
