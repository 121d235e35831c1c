"""What is compiled of c/; what it does is said in plain.py, and in C where it stands."""

from collections.abc import Callable
from typing import Any

from searchapp.kernels.types import (
    Amounts,
    Array,
    Bools,
    Bytes,
    Counted,
    Counts,
    Floats,
    InOrder,
    Ints,
    Packed,
    Pair,
    Part,
    Span,
    Spans,
    T,
    Titled,
)

VERSION: int

def gather(
    rows: Array,
    scores: Amounts,
    spans: Spans,
    once: bool,
    most: float,
    amounts: Amounts,
    mask: Bools,
    /,
) -> int: ...
def presence(amounts: Amounts, mask: Bools, /) -> int: ...
def having(masks: tuple[Bools, ...], allowed: Bools | None, mask: Bools, rows: Ints, /) -> int: ...
def either(masks: tuple[Bools, ...], allowed: Bools | None, mask: Bools, /) -> int: ...
def best(scores: Floats, whole: Bools | None, count: int, at: Ints, /) -> tuple[int, bool]: ...
def mark(rows: Array, spans: Spans, mask: Bools, /) -> None: ...
def follow(order: InOrder, rows: Ints, wanted: bytes, bit: int, times: Ints, /) -> int: ...
def rank_words(
    rows: Ints,
    parts: list[Part],
    size: int,
    most: int,
    titles: tuple[Array, list[Titled]],
    order: tuple[InOrder, list[Pair]],
    weights: tuple[float, float, float, float],
    found: Ints,
    scores: Floats,
    /,
) -> int: ...
def titled(rows: Array, words: list[Titled], size: int, works: Ints, shares: Floats, /) -> bool: ...
def count_bits(
    bits: Array, width: int, masks: tuple[Bools, ...], size: int, counts: Counts, /
) -> None: ...
def count_codes(
    table: Array, columns: int, more: Array, bounds: Array, rows: Ints, counts: Counts, /
) -> None: ...
def commonest(counts: Counts, places: Array, most: int, /) -> list[Counted]: ...
def present(counts: Counts, order: Array, /) -> list[Counted]: ...
def cut_lines(
    packed: Packed,
    words: Packed,
    bounds: list[list[int]],
    word_bounds: list[list[int]],
    cuts: bytes,
    roots: list[tuple[int, int]],
    known: dict[int | bytes, int],
    ask: Callable[[int, int, int, int], int],
    /,
) -> list[tuple[str, int] | None]: ...
def find_texts(utf8: Bytes, bounds: Array, text: bytes, begun: bool, /) -> Span: ...
def read_records(
    packed: Packed,
    spans: Spans,
    made: type[T],
    kinds: bytes,
    one: type[tuple[Any, ...]],
    each: type[tuple[Any, ...]],
    rest: tuple[Any, ...],
    /,
) -> list[T]: ...
def end_tuples(
    made: type[T], heads: list[T], kept: int, ends: list[tuple[Any, ...]], /
) -> tuple[T, ...]: ...
def name_counted(
    made: type[T], names: list[tuple[str, str]], counted: list[Counted], /
) -> list[T]: ...
