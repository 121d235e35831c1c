"""The loops in operations of numpy on whole arrays: what they mean, and how they run anywhere."""

import json
from bisect import bisect_left
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np

from searchapp.kernels.types import (
    EACH,
    LIST,
    PLAIN,
    Amounts,
    Array,
    Best,
    Bools,
    Bytes,
    Codes,
    Counted,
    Counts,
    Floats,
    InOrder,
    Ints,
    Masks,
    Packed,
    Span,
    Spans,
    T,
    Titled,
)

BYTE = 8  # bits
_READ = json.JSONDecoder().raw_decode


def gather(
    rows: Array, scores: Amounts, spans: Spans, once: bool, most: float, size: int
) -> tuple[Amounts, Bools, int]:
    """Return what each of `size` works has of some postings, which have it, and how many.

    `spans` lead to the postings in `rows` and `scores`. A work's scores are added up, but to no
    more than `most`; `once` says that none has several.
    """
    found = np.concatenate([np.empty(0, rows.dtype), *(rows[a:b] for a, b in spans)])
    amounts = np.concatenate([np.empty(0, np.float32), *(scores[a:b] for a, b in spans)])
    if once:
        together = np.zeros(size, np.float32)
        together[found.astype(np.intp)] = amounts  # to look up by wide numbers is faster
    else:
        sums = np.bincount(found, amounts, size)
        together = np.minimum(sums, np.float32(most)).astype(np.float32)
    mask, works = presence(together)
    return together, mask, works


def presence(amounts: Amounts) -> tuple[Bools, int]:
    """Return which works have more than 0, and how many."""
    mask = amounts > 0
    return mask, int(np.count_nonzero(mask))


def having(masks: Masks, allowed: Bools | None) -> tuple[Bools, Ints]:
    """Return which works are in all masks, and allowed: as a mask and as rows."""
    mask = reduce(and_, masks if allowed is None else (*masks, allowed))
    return mask, mask.nonzero()[0]


def either(masks: Masks, allowed: Bools | None) -> tuple[Bools, int]:
    """Return which works are in any of the masks, and allowed; and how many."""
    mask = reduce(or_, masks)
    if allowed is not None:
        mask = mask & allowed
    return mask, int(np.count_nonzero(mask))


def best(scores: Floats, whole: Bools | None, count: int) -> Best:
    """Return where the best `count` scores stand, and all that tie for the last place.

    Those that are `whole` stand before all others; if there are fewer, they are all there.
    """
    certain = 0 if whole is None else int(np.count_nonzero(whole))
    if whole is not None and 0 < certain < count:
        others = _best(np.where(whole, -np.inf, scores), count - certain)
        return Best((whole | others).nonzero()[0], True)
    if whole is not None and certain:
        at = whole.nonzero()[0]
        return Best(at[_best(scores.take(at), count)], False)
    return Best(_best(scores, count).nonzero()[0], False)


def _best(scores: Floats, count: int) -> Bools:
    if count >= len(scores):
        return np.ones(len(scores), np.bool_)
    parted = scores.copy()
    parted.partition(len(parted) - count)
    kept: Bools = scores >= parted[len(parted) - count]
    return kept


def mark(rows: Array, spans: Spans, size: int) -> Bools:
    """Return which of `size` works have any posting in `spans`."""
    mask = np.zeros(size, np.bool_)
    for first, last in spans:
        mask[rows[first:last].astype(np.intp)] = True
    return mask


def follow(order: InOrder, rows: Ints, wanted: bytes, bit: int) -> Ints | None:
    """Return how often `wanted` stands in the words of each of `rows`; None for not at all.

    Only works are looked at that have the `bit` set, unless that is -1.
    """
    words, bounds, bits = order
    likely = np.arange(len(rows))
    if bit >= 0:
        size = bits.shape[1]
        found = bits.ravel().take(rows * size + (bit // BYTE)) & np.uint8(1 << bit % BYTE)
        likely = found.nonzero()[0]
    starts, ends = bounds[:-1].take(rows.take(likely)), bounds[1:].take(rows.take(likely))
    pairs = zip(starts.tolist(), ends.tolist(), strict=True)
    counts = [words[a:b].count(wanted) for a, b in pairs]
    if not any(counts):
        return None
    times = np.zeros(len(rows), np.intp)
    times[likely] = counts
    return times


def count_bits(bits: Array, masks: Masks) -> Counts:
    """Return how many of the works in all masks each row of `bits` has, 64 works a word."""
    mask = reduce(and_, masks)
    padded = np.zeros(bits.shape[1] * BYTE, np.uint8)
    packed = np.packbits(mask, bitorder="little")
    padded[: len(packed)] = packed
    counts: Counts = np.bitwise_count(bits & padded.view(np.uint64)).sum(axis=1, dtype=np.intp)
    return counts


def count_codes(table: Codes, more: Codes, bounds: Array, rows: Ints, size: int) -> Counts:
    """Return how often the works `rows` have each of the codes below `size`.

    The codes of a work are its row of `table`, and those in `more` from its bound to the next.
    """
    codes = table.take(rows, axis=0).ravel()
    starts = bounds.take(rows).astype(np.intp)
    lengths = bounds.take(rows + 1).astype(np.intp) - starts
    having = lengths.nonzero()[0]
    if len(having):
        lengths = lengths.take(having)
        ends = lengths.cumsum()
        # Each run of codes begins at its start, and goes on by one.
        places = np.repeat(starts.take(having) + lengths - ends, lengths)
        places += np.arange(int(ends[-1]))
        codes = np.concatenate((codes, more.take(places)))
    return np.bincount(codes, minlength=size)[:size]


def commonest(counts: Counts, places: Array, most: int) -> list[Counted]:
    """Return the places and counts of the `most` commonest values that any work has.

    Among values that are as common, those whose place in the fixed order is earlier.
    """
    size = len(counts)
    keys = places.astype(np.int64) - counts * size  # one number for each value
    if most < size:
        keys.partition(most)
        keys = keys[:most]
    keys.sort()
    times, first = np.divmod(keys[: keys.searchsorted(0)], size)
    return list(zip(first.tolist(), (-times).tolist(), strict=True))


def present(counts: Counts, order: Array) -> list[Counted]:
    """Return the places and counts of the values that any work has, in the fixed order.

    `order` has the values by their places.
    """
    ordered = counts[order]
    places = ordered.nonzero()[0]
    return list(zip(places.tolist(), ordered.take(places).tolist(), strict=True))


def titled(rows: Array, words: list[Titled], size: int, works: Ints) -> Floats | None:
    """Return what the titles of `works` have of some words; None where they have none.

    Each word is given with the spans of its postings in `rows`, and with what it is worth.
    """
    shares, any_title = np.zeros(len(works)), False
    for spans, share in words:
        having = mark(rows, spans, size).take(works)
        any_title |= bool(having.any())
        shares += np.float64(share) * having
    return shares if any_title else None


def find_texts(utf8: Bytes, bounds: Array, text: bytes, begun: bool) -> Span:
    """Return the number of `text` among sorted ones, and the one after; the same for none.

    Of all that begin with it, if `begun` is wanted. Text i goes from its bound to before the
    byte that stands in front of the next bound.
    """
    at = bounds.item
    count = len(bounds) - 1

    def text_of(number: int) -> bytes:
        return bytes(utf8[at(number) : at(number + 1) - 1])

    first = bisect_left(range(count), text, key=text_of)
    if begun:  # 0xFF is greater than all bytes of UTF-8, so it is behind all that goes on
        return first, bisect_left(range(count), text + b"\xff", first, key=text_of)
    return first, first + (first < count and text_of(first) == text)


def read_records(  # what makes a record a hit
    packed: Packed,
    spans: Spans,
    made: type[T],
    kinds: bytes,
    one: type[tuple[Any, ...]],
    each: type[tuple[Any, ...]],
    rest: tuple[Any, ...],
) -> list[T]:
    """Return the records at `spans`, JSON without names, as named tuples with `rest` behind them.

    `kinds` has a letter for each field: it stays as it is, is a list that becomes a tuple, or is
    the fields of `one` or None, or is a list of such of `each`.
    """
    texts = [packed[first:last] for first, last in spans]
    lists, _ = _READ((b"[" + b",".join(texts) + b"]").decode("ascii"))
    changed = [(at, kind) for at, kind in enumerate(kinds) if kind != PLAIN[0]]
    for fields in lists:
        for at, kind in changed:
            fields[at] = _read_field(fields[at], kind, one, each)
        fields.extend(rest)
    return [tuple.__new__(made, fields) for fields in lists]


def _read_field(
    field: Any, kind: int, one: type[tuple[Any, ...]], each: type[tuple[Any, ...]]
) -> Any:
    if kind == LIST[0]:
        return tuple(field)
    if kind == EACH[0]:
        return tuple([tuple.__new__(each, fields) for fields in field])
    return field and tuple.__new__(one, field)


def end_tuples(
    made: type[T], heads: list[T], kept: int, ends: list[tuple[Any, ...]]
) -> tuple[T, ...]:
    """Return named tuples with the first `kept` fields of each head, and its end behind them."""
    pairs = zip(heads, ends, strict=False)
    return tuple([tuple.__new__(made, (*head[:kept], *end)) for head, end in pairs])


def name_counted(made: type[T], names: list[tuple[str, str]], counted: list[Counted]) -> list[T]:
    """Return counted values as named tuples: both names, count, and that they are not chosen."""
    return [tuple.__new__(made, (*names[place], count, False, False)) for place, count in counted]
