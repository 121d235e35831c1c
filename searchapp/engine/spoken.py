"""In which languages each word is used, so that a prefix leads to sensible terms alone.

In an index with French, `reais` of an English piece is not led to `re`, the French stem of it,
which "RE: hello" has: no French piece says `reais`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.engine.postings import STEMMED, WORD, Postings

Bools = npt.NDArray[np.bool_]

AT_ONCE = 63  # languages that are told by the bits of one number, with another bit beside them


class Spoken(NamedTuple):
    """Of each word (a row), whether a work with documents in each language has it.

    And whether all works that have it are `plain`, in one language each.
    """

    languages: Bools
    plain: Bools


def languages_of_words(postings: Postings) -> Spoken:
    """Return in which languages each word is used."""
    words, languages = postings.fields[WORD], postings.fields[STEMMED]
    rows = len(postings.headings)
    starts = np.searchsorted(words.term, np.arange(len(words.terms), dtype=np.uint32))
    plain = np.bincount(languages.row, minlength=rows) == 1
    spoken = np.zeros((len(words.terms), len(languages.terms)), np.bool_)
    all_plain = np.zeros(len(words.terms), np.bool_)
    for first in range(0, max(1, len(languages.terms)), AT_ONCE):
        bits = np.where(plain, 0, 1).astype(np.uint64)
        columns = range(first, min(first + AT_ONCE, len(languages.terms)))
        for bit, column in enumerate(columns, 1):
            bits[languages.row[languages.term == column]] |= np.uint64(1 << bit)
        found = np.bitwise_or.reduceat(_small(bits)[words.row], starts) if len(starts) else bits[:0]
        for bit, column in enumerate(columns, 1):
            spoken[:, column] = found >> bit & 1
        all_plain = found & 1 == 0
    return Spoken(spoken, all_plain)


def _small(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.unsignedinteger]:
    return bits.astype(np.uint8) if not len(bits) or bits.max() < 256 else bits
