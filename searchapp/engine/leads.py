"""Words as written to the terms that they may have been indexed as, all at once."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import stem_all
from searchapp.engine.prefixes import count_shared
from searchapp.engine.spoken import Spoken

UInts = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.uint8]

FEW = 1_000  # words, whose stems are looked for one by one


class Leads(NamedTuple):
    """The terms of words, one word after the other, up to the bounds of each.

    `terms` has their numbers, in order and each once; `shared` how many letters each shares with
    its word.
    """

    bounds: UInts
    terms: UInts
    shared: Letters


class Known(NamedTuple):
    """Leads of some words: `which` these are, what they lead to, and how many terms each has."""

    which: Bools
    counts: npt.NDArray[np.int64]
    terms: UInts
    shared: Letters


def lead_to_terms(
    words: Sequence[str],
    terms: Sequence[str],
    languages: Sequence[str],
    spoken: Spoken,
    known: Known | None = None,
) -> Leads:
    """Return the terms of each word in those of `languages` in which it is `spoken`.

    Stems that are not among `terms` are left out. Words that are `known` are not stemmed again.
    """
    unknown = np.ones(len(words), np.bool_) if known is None else ~known.which
    asked = unknown.nonzero()[0]
    some = [words[n] for n in asked.tolist()]
    found = _stem(some, terms, languages, spoken.languages[asked])
    if known is None:
        return found
    counts = np.zeros(len(words), np.int64)
    counts[known.which], counts[asked] = known.counts, np.diff(found.bounds)
    fresh = np.repeat(unknown, counts)
    led, shared = np.empty(len(fresh), np.uint32), np.empty(len(fresh), np.uint8)
    led[fresh], shared[fresh] = found.terms, found.shared
    led[~fresh], shared[~fresh] = known.terms, known.shared
    bounds = np.concatenate(([0], np.cumsum(counts)))
    return Leads(bounds.astype(np.uint32), led, shared)


def _stem(
    words: Sequence[str], terms: Sequence[str], languages: Sequence[str], spoken: Bools
) -> Leads:
    nothing = len(terms)
    found = np.full((len(words), len(languages)), nothing, np.uint32)
    number = dict(zip(terms, range(nothing), strict=True)) if len(words) > FEW else None
    for column, language in enumerate(languages):
        own = np.flatnonzero(spoken[:, column])
        stemmed = stem_all([words[n] for n in own.tolist()], language)
        places = _find(terms, stemmed) if number is None else number
        found[own, column] = [places.get(stem, nothing) for stem in stemmed]
    found.sort(axis=1)
    keep = found < nothing
    keep[:, 1:] &= found[:, 1:] != found[:, :-1]
    bounds = np.concatenate(([0], np.cumsum(keep.sum(axis=1)))).astype(np.uint32)
    led = found[keep]
    leading = np.repeat(np.arange(len(words)), np.diff(bounds)).tolist()
    shared = count_shared([words[n] for n in leading], [terms[n] for n in led.tolist()])
    return Leads(bounds, led, shared)


def _find(terms: Sequence[str], some: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those texts that are among the sorted terms."""
    places = ((text, bisect_left(terms, text)) for text in some)
    return {text: at for text, at in places if at < len(terms) and terms[at] == text}
