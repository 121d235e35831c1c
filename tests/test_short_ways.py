"""Short ways to an answer lead where the long ones do: plain words, near words, counts."""

from itertools import pairwise

import numpy as np
from builders import a_work
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference_words import distance as plain_distance
from results import IndexOf, counts

from searchapp.engine.facet_arrays import FEW_WORKS
from searchapp.engine.lexicon import Lexicon, lay_out_texts
from searchapp.engine.typos import KEPT, Typos, allowed_slips, whole_parts
from searchapp.engine.words import read_plain, read_wanted
from searchapp.typed import read_typed

TYPED = st.lists(
    st.sampled_from(
        ["router", "Router", "a", "OR", "or", "AND", "NOT", "x1", "c++", "é", "-x", '"a b"', "a-b",
         "tag:moe", "|", "日本", "title:x", "2024", "  "]
    ),
    max_size=6,
)  # fmt: skip
WORDS = st.text("abcé日", min_size=1, max_size=11)


@settings(deadline=None, max_examples=300)
@example(["router", "Router"], "")
@example(["router", "x1", "router"], " ")
@given(TYPED, st.sampled_from(["", " "]))
def test_plain_words_are_read_as_any_words_are(parts: list[str], end: str) -> None:
    typed = " ".join(parts) + end
    plain = read_plain(typed)

    assert plain is None or plain == read_wanted(read_typed(typed))


def test_nearly_everything_typed_is_plain() -> None:
    assert read_plain("Mixture of experts 2024") and read_plain("router ")
    assert not any(map(read_plain, ["", " ", "c++", "a-b", "a OR b", "é", '"a', "tag:x"]))


@settings(deadline=None, max_examples=120)
@given(st.sets(WORDS, min_size=1, max_size=60), st.data())
def test_no_near_word_is_missed(known: set[str], data: st.DataObject) -> None:
    words = sorted(known)
    typed = data.draw(st.one_of(WORDS, st.sampled_from(words).flatmap(_with_slips)))
    prefix = data.draw(st.booleans())
    works = np.arange(len(words), dtype=np.uint32)
    lexicon = Lexicon.of(lay_out_texts("words", words), "words")
    typos = Typos({"words.works": works}, lexicon)
    near = typos.near(typed, prefix)

    slips = allowed_slips(typed)
    far = {w: plain_distance(typed, w, prefix) for w in words if slips and w[0] == typed[0]}
    fits = [(f, -words.index(w), w) for w, f in far.items() if f <= slips]
    assert [(n.slips, -n.works, n.text) for n in near] == [
        one for one in sorted(fits) if _may_be_near(typed, one[2], slips, prefix)
    ][:KEPT]


def _with_slips(word: str) -> st.SearchStrategy[str]:
    """Return words that are a slip or two away from `word`, behind its first letter."""
    places = st.integers(1, max(1, len(word)))
    slip = st.tuples(places, st.sampled_from(["", "a", "é", "bc"]), st.integers(0, 2))
    return st.lists(slip, max_size=2).map(lambda slips: _slipped(word, slips))


def _slipped(word: str, slips: list[tuple[int, str, int]]) -> str:
    for at, put, gone in slips:
        word = word[:at] + put + word[at + gone :]
    return word


def _may_be_near(typed: str, word: str, slips: int, prefix: bool) -> bool:
    """Whether a word's bytes let it be near: an ASCII word's letters count as one each."""
    room = slips if typed.isascii() else 4 * slips
    a, b = set(typed.encode()), set(word.encode())
    size, other = len(typed.encode()), len(word.encode())
    if other < size - room or len({x & 63 for x in a} - {x & 63 for x in b}) > room:
        return False
    extra = len({x & 63 for x in b} - {x & 63 for x in a})
    return prefix or (other <= size + room and extra <= room)


@given(st.integers(5, 30), st.integers(1, 2))
def test_slips_leave_a_part_of_a_word_whole(length: int, slips: int) -> None:
    parts = whole_parts(length, slips)

    assert len(parts) == slips + 1 and parts[0][0] == 0 and parts[-1][1] == length
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(parts))
    assert all(end > start for start, end in parts)


def test_values_of_few_works_are_counted_as_those_of_many(index_of: IndexOf) -> None:
    works = [
        a_work(f"Piece {n}", text=f"w{n} all", tags=[f"t{n % 7}", f"u{n}"] + ["many"] * (n % 2),
               publication=f"Site {n % 3}", kind=("post", "talk")[n % 2])
        for n in range(3 * FEW_WORKS)
    ]  # fmt: skip
    index = index_of(*works)
    every = index.search("all ", limit=100)

    assert every.total == len(works)
    added: dict[tuple[str, str], int] = {}
    for n in range(len(works)):
        alone = index.search(f"w{n} ")
        assert alone.total == 1 and counts(alone, "tag")[f"u{n}"] == 1
        for name in alone.facets:
            for value, count in counts(alone, name).items():
                added[name, value] = added.get((name, value), 0) + count
    assert added == {
        (name, value): count
        for name in every.facets
        for value, count in counts(every, name).items()
    }
