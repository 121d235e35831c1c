"""In which languages each word is used, so that a prefix leads to sensible terms alone.

In an index with French, `reais` of an English piece is not led to `re`, the French stem of it,
which "RE: hello" has: no French piece says `reais`.
"""

import numpy as np
import numpy.typing as npt

from searchapp.engine.postings import STEMMED, WORD, Postings


def languages_of_words(postings: Postings) -> npt.NDArray[np.bool_]:
    """Return for each word (a row) whether a work with documents in each language has it."""
    words, languages = postings.fields[WORD], postings.fields[STEMMED]
    spoken = np.zeros((len(words.terms), len(languages.terms)), np.bool_)
    for column in range(len(languages.terms)):
        rows = np.zeros(len(postings.headings), np.bool_)
        rows[languages.row[languages.term == column]] = True
        spoken[words.term[rows[words.row]], column] = True
    return spoken
