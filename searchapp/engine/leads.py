"""Words as written to the terms that they may have been indexed as, all at once."""

from collections.abc import Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import stem_all

UInts = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]


def lead_to_terms(
    words: Sequence[str],
    terms: Sequence[str],
    languages: Sequence[str],
    spoken: Bools,
    known: UInts | None = None,
) -> tuple[UInts, UInts]:
    """Return the numbers of each word's terms in its `languages`, one word after the other.

    `spoken` has a row a word, which tells of each language whether it is one of its own. The
    first array has the bounds of each word's terms. These are in the order of their numbers,
    each once; those that are not among `terms` are left out. `known` has the one term of each
    word that is not to be stemmed again, and for others a number that is none of a term.
    """
    number = dict(zip(terms, range(len(terms)), strict=True))
    nothing = len(terms)
    found = np.full((len(words), len(languages)), nothing, np.uint32)
    unknown = np.ones(len(words), np.bool_) if known is None else known >= nothing
    if known is not None and len(languages):
        found[:, 0] = np.minimum(known, nothing)
    for column, language in enumerate(languages):
        own = np.flatnonzero(spoken[:, column] & unknown)
        stemmed = stem_all([words[n] for n in own.tolist()], language)
        found[own, column] = np.fromiter(
            map(number.get, stemmed, repeat(nothing)), np.uint32, len(own)
        )
    found.sort(axis=1)
    keep = found < nothing
    keep[:, 1:] &= found[:, 1:] != found[:, :-1]
    bounds = np.concatenate(([0], np.cumsum(keep.sum(axis=1))))
    return bounds.astype(np.uint32), found[keep]
