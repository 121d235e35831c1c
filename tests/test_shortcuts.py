"""What makes answers fast changes none of them: bits, packed records, kept readings."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from builders import a_work
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_words import distance as plain_distance

from searchapp.engine import Index
from searchapp.engine.bitmaps import FEW, Bitmaps, lay_out_bits
from searchapp.engine.neighbours import bit_of, mark_neighbours, may_follow
from searchapp.engine.postings import FieldPostings
from searchapp.engine.records import read_record
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store
from searchapp.engine.typos import distance
from searchapp.engine.words import read_words

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it

WORDS = st.text("abcdé日", min_size=1, max_size=12)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=1, max_size=4), st.data())
def test_no_two_words_that_stand_side_by_side_are_missed(
    lines: list[list[str]], data: st.DataObject
) -> None:
    text = "".join(f" {' '.join(line)} \n" for line in lines).encode()
    bits = mark_neighbours(text).reshape(1, -1)
    line = data.draw(st.sampled_from(lines))
    for first, second in pairwise(line):
        begun = second[: data.draw(st.integers(1, len(second)))].encode()
        bit = bit_of(first.encode(), begun)
        assert bit is None or list(may_follow(bits, np.array([0]), bit)) == [0]


def test_most_works_without_two_words_are_told_apart_by_their_bits() -> None:
    rows = [" ".join(f"w{n}" for n in range(row, row + 250)) for row in range(200)]
    bits = np.array([mark_neighbours(f" {row} \n".encode()) for row in rows])
    bit = bit_of(b"other", b"words")

    assert bit is not None
    assert len(may_follow(bits, np.arange(len(rows)), bit)) < len(rows) / 4


@settings(deadline=None)
@given(
    st.lists(st.lists(st.booleans(), min_size=130, max_size=130), min_size=1, max_size=5),
    st.lists(st.booleans(), min_size=130, max_size=130),
)
def test_bits_are_counted_as_one_by_one(has: list[list[bool]], found: list[bool]) -> None:
    term, row = np.nonzero(np.array(has))
    many = FieldPostings([str(n) for n in range(FEW + 1)], term[:0], row[:0], row[:0])
    few = FieldPostings([str(n) for n in range(len(has))], term, row, np.ones_like(row))
    fields = {"other": few, "many": many, "few": few}
    sizes = {name: len(table.terms) for name, table in fields.items()}
    bitmaps = Bitmaps(lay_out_bits(fields, len(found)), sizes)
    plain = [sum(a and b for a, b in zip(value, found, strict=True)) for value in has]

    counts = bitmaps.count(np.array(found))
    assert {name: values.tolist() for name, values in counts.items()} == {
        "other": plain, "few": plain
    }  # fmt: skip
    assert bitmaps.count_facet("few", [np.array(found)]).tolist() == plain
    assert "many" not in bitmaps


def test_packed_records_are_those_of_the_store(index_of: IndexOf) -> None:
    works = [a_work(f"Title {n} é \ud800", id=str(n), tags=["a"] * (n % 2)) for n in range(30)]
    index = index_of(*works)
    store = Store(index.path / "gen-1" / "works.sqlite")
    rows = store._select("SELECT id, hit FROM works")

    assert store.records([work for work, _ in rows]) == [read_record(hit) for _, hit in rows]


@settings(deadline=None, max_examples=300)
@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(1, 3), st.booleans())
def test_slips_are_those_of_the_whole_table(a: str, b: str, most: int, prefix: bool) -> None:
    slips = plain_distance(a, b, prefix)
    found = distance(a, b, most, prefix)

    assert found == slips if slips <= most else found > most


PIECES = st.lists(
    st.sampled_from(
        ["router", "Routers", "route", "l'homme", "homme's", "don't", "c++", "C#", ".net", "x.net",
         "-", "’", "'", "é", "ß", "\n", "  ", ".", "router,route", "router-com", "日本語", "com"]
    ),
    max_size=25,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(PIECES, st.sampled_from(["router com", "homme", "dont x", "c++ net", ".net c#", "日本 é"]))
def test_a_stretch_that_was_read_before_is_read_the_same_again(
    pieces: list[str], typed: str
) -> None:
    text = " ".join(pieces)
    words = read_words(typed + " ")
    again = Highlighter(words, ("en", "fr"))
    again.snippet(text[::-1] + " " + text, "")

    assert again.snippet(text, "") == Highlighter(words, ("en", "fr")).snippet(text, "")
    assert again.mark(text) == Highlighter(words, ("en", "fr")).mark(text)
