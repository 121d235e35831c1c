"""The loops in C: each makes the arrays that it fills. What they mean is in plain.py.

Importing fails where set-up found no compiler, and where what it compiled was another version.
"""

import sys
from functools import reduce
from operator import and_, or_

import numpy as np

from searchapp.kernels import _compiled
from searchapp.kernels.types import (
    Amounts,
    Array,
    Best,
    Bools,
    Codes,
    Counts,
    Floats,
    InOrder,
    Ints,
    Masks,
    Pair,
    Part,
    Spans,
    Titled,
)

MOST_MASKS = 64  # of one call
ROW = 8  # bytes
UNTRIED = (3, 14)  # its tuples remember their hashes
VERSION = 1  # that of module.c: raise both where a function takes or gives something else

if _compiled.VERSION != VERSION:
    raise ImportError(f"the loops are version {_compiled.VERSION}, not {VERSION}")
if sys.version_info >= UNTRIED:
    raise ImportError("a later Python lays its tuples out otherwise, as far as is known")
if np.dtype(np.intp).itemsize != ROW:
    raise ImportError(f"the loops take rows of {ROW} bytes, which this machine has not")


def gather(
    rows: Array, scores: Amounts, spans: Spans, once: bool, most: float, size: int
) -> tuple[Amounts, Bools, int]:
    """Return what each of `size` works has of some postings, which have it, and how many."""
    amounts, mask = np.zeros(size, np.float32), np.zeros(size, np.bool_)
    return amounts, mask, _compiled.gather(rows, scores, spans, once, most, amounts, mask)


def presence(amounts: Amounts) -> tuple[Bools, int]:
    """Return which works have more than 0, and how many."""
    mask = np.empty(len(amounts), np.bool_)
    return mask, _compiled.presence(amounts, mask)


def having(masks: Masks, allowed: Bools | None) -> tuple[Bools, Ints]:
    """Return which works are in all masks, and allowed: as a mask and as rows."""
    if len(masks) > MOST_MASKS:
        masks = [reduce(and_, masks)]
    mask = np.empty(len(masks[0]), np.bool_)
    rows = np.empty(len(mask) + 1, np.intp)
    return mask, rows[: _compiled.having(tuple(masks), allowed, mask, rows)]


def either(masks: Masks, allowed: Bools | None) -> tuple[Bools, int]:
    """Return which works are in any of the masks, and allowed; and how many."""
    if len(masks) > MOST_MASKS:
        masks = [reduce(or_, masks)]
    mask = np.empty(len(masks[0]), np.bool_)
    return mask, _compiled.either(tuple(masks), allowed, mask)


def best(scores: Floats, whole: Bools | None, count: int) -> Best:
    """Return where the best `count` scores stand, and all that tie for the last place."""
    at = np.empty(len(scores), np.intp)
    found, both = _compiled.best(scores, whole, count, at)
    return Best(at[:found], both)


def mark(rows: Array, spans: Spans, size: int) -> Bools:
    """Return which of `size` works have any posting in `spans`."""
    mask = np.zeros(size, np.bool_)
    _compiled.mark(rows, spans, mask)
    return mask


def follow(order: InOrder, rows: Ints, wanted: bytes, bit: int) -> Ints | None:
    """Return how often `wanted` stands in the words of each of `rows`; None for not at all."""
    times = np.empty(len(rows), np.intp)
    return times if _compiled.follow(order, rows, wanted, bit, times) else None


def rank_words(  # all that an order is made of
    rows: Ints,
    parts: list[Part],
    size: int,
    most: int,
    titles: tuple[Array, list[Titled]],
    order: tuple[InOrder, list[Pair]],
    weights: tuple[float, float, float, float],
) -> tuple[Ints, Floats]:
    """Return the best `most` of `rows` in order, and their scores."""
    found, scores = np.empty(most, np.intp), np.empty(most)
    count = _compiled.rank_words(rows, parts, size, most, titles, order, weights, found, scores)
    return found[:count], scores[:count]


def count_bits(bits: Array, masks: Masks) -> Counts:
    """Return how many of the works in all masks each row of `bits` has, 64 works a word."""
    if len(masks) > MOST_MASKS:
        masks = [reduce(and_, masks)]
    counts = np.empty(len(bits), np.intp)
    _compiled.count_bits(bits, bits.shape[1], tuple(masks), len(masks[0]), counts)
    return counts


def count_codes(table: Codes, more: Codes, bounds: Array, rows: Ints, size: int) -> Counts:
    """Return how often the works `rows` have each of the codes below `size`."""
    counts = np.zeros(size, np.intp)
    _compiled.count_codes(table, table.shape[1], more, bounds, rows, counts)
    return counts


def titled(rows: Array, words: list[Titled], size: int, works: Ints) -> Floats | None:
    """Return what the titles of `works` have of some words; None where they have none."""
    shares = np.empty(len(works))
    return shares if _compiled.titled(rows, words, size, works, shares) else None
