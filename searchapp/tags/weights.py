"""Texts as vectors of weighted terms, and how alike they are: TF-IDF by hand in numpy.

    texts --terms--> rows (a text's terms) + columns (a term's texts) --likeness--> one number each

A term is a word or two that stand together; it weighs 1 + log(how often), times the inverse
frequency of texts that have it; each text has length 1.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.slugs import fold
from searchapp.tags.spellings import american_word

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?(?:\+\+|#)?")

# Words of English that tell nothing of a subject. Those of other languages weigh little by
# themselves, as most texts of a collection in that language have them.
_WORDS = """
a about above after again all also although always am an and another any anyone anything are
aren't around as at away back be became because become been before being below between both but
by came can can't cannot come could couldn't did didn't do does doesn't doing don't done down
during each either else enough even ever every everything few first for from further get gets
getting give given go goes going gone got had hadn't has hasn't have haven't having he her here
hers herself him himself his how however i i'd i'll i'm i've if in instead into is isn't it it's
its itself just keep kind know last least less let let's like likely little long look lot lots
made make makes making many may maybe me might mine more most much must my myself need never no
nor not nothing now of off often on once one only onto or other others our ours ourselves out
over own per perhaps put quite rather really same say says see seem seems several shall she
should shouldn't since so some something sometimes soon still such take than that that's the
their theirs them themselves then there there's these they they're thing things think this those
though three through thus to together too took two under until up upon us use used uses using
very via want wanted was wasn't way ways we we'll we're we've well went were weren't what what's
when where whether which while who whole whom whose why will with within without won't would
wouldn't yet you you'll you're you've your yours yourself
"""
# Nor do these, which titles share whatever they are about.
_OF_TITLES = """
actually basics beginner beginners best better beyond build building complete deep dive easy
explained exactly exploring getting guide happening implement implementation implementing
intro introducing introduction learned lessons new notes overview part practical simple
start started tips tutorial understand understanding work working works
"""
_STOP = frozenset((_WORDS + _OF_TITLES).split())


def terms_of(text: str) -> list[str]:
    """Return the words of a text that tell something, and each two that then stand together."""
    found = (_plain(word) for word in _WORD.findall(fold(text)))
    words = [word for word in found if word not in _STOP and (len(word) > 1 or not word.isascii())]
    return words + [f"{one} {two}" for one, two in pairwise(words)]


@lru_cache(maxsize=200_000)
def _plain(word: str) -> str:
    return american_word(word.replace("’", "'"))


@dataclass(frozen=True)
class Vectors:
    """The vectors of some texts, kept by text (`terms`, `weights` between `starts`).

    `texts` and `heights` are the same weights by term, between `columns`.
    """

    starts: Ints
    terms: Ints
    weights: Floats
    columns: Ints
    texts: Ints
    heights: Floats

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "Vectors":
        """Return the vectors of texts that are given by their terms."""
        numbers: dict[str, int] = {}
        counts = [Counter(numbers.setdefault(term, len(numbers)) for term in t) for t in texts]
        lengths = np.array([len(count) for count in counts], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        terms = np.fromiter((t for count in counts for t in count), np.int64, starts[-1])
        often = np.fromiter((n for count in counts for n in count.values()), np.float64, starts[-1])
        having = np.bincount(terms, minlength=len(numbers))
        rarity = np.log((1 + len(texts)) / (1 + having)) + 1
        weights = (1 + np.log(often)) * rarity[terms]
        owners = np.repeat(np.arange(len(texts)), lengths)
        norms = np.sqrt(np.bincount(owners, weights**2, minlength=len(texts)))
        weights = weights / norms[owners]
        order = np.argsort(terms, kind="stable")
        columns = np.concatenate(([0], np.cumsum(having)))
        return cls(starts, terms, weights, columns, owners[order], weights[order])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def likeness(self, text: int) -> Floats:
        """Return how alike one of the texts is to each of them: the cosine, 1 to itself."""
        row = slice(self.starts[text], self.starts[text + 1])
        begins = self.columns[self.terms[row]]
        lengths = self.columns[self.terms[row] + 1] - begins
        # The columns of all its terms in one piece: for each, its begin and so many after it.
        offsets = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(begins - offsets, lengths)
        products = self.heights[places] * np.repeat(self.weights[row], lengths)
        return np.bincount(self.texts[places], products, minlength=len(self)).astype(np.float64)

    def length_of_sum(self, texts: Ints) -> float:
        """Return the squared length of the sum of some texts' vectors."""
        rows = [slice(self.starts[t], self.starts[t + 1]) for t in texts]
        terms = np.concatenate([self.terms[row] for row in rows])
        sums = np.bincount(terms, np.concatenate([self.weights[row] for row in rows]))
        return float(sums @ sums)
