"""Words as written to the terms that they may have been indexed as, all at once."""

from collections.abc import Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import stem_all

UInts = npt.NDArray[np.uint32]


def lead_to_terms(
    words: Sequence[str], terms: Sequence[str], languages: Sequence[str]
) -> tuple[UInts, UInts]:
    """Return the numbers of each word's terms in any of `languages`, one word after the other.

    The first array has the bounds of each word's. A word's terms are in the order of their
    numbers, each once; those that are not among `terms` are left out.
    """
    number = {text: i for i, text in enumerate(terms)}
    nothing = len(terms)
    found = np.empty((len(words), max(1, len(languages))), np.uint32)
    for column, language in enumerate(languages or [""]):
        numbers = map(number.get, stem_all(words, language), repeat(nothing))
        found[:, column] = np.fromiter(numbers, np.uint32, len(words))
    found.sort(axis=1)
    keep = found < nothing
    keep[:, 1:] &= found[:, 1:] != found[:, :-1]
    bounds = np.concatenate(([0], np.cumsum(keep.sum(axis=1))))
    return bounds.astype(np.uint32), found[keep]
