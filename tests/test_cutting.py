"""Snippets of all hits at once: what is cut by the places of words is what is cut of the text."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from builders import a_work
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_snippets import FILLER, LANGUAGES, TEXTS, TYPED

from searchapp.engine import word_places
from searchapp.engine.analysis import find_spans
from searchapp.engine.cutting import cut_all
from searchapp.engine.folding import Folded
from searchapp.engine.snippets import Highlighter
from searchapp.engine.texts import Page, Texts, pack_texts
from searchapp.engine.words import read_words

LINES = st.lists(
    st.sampled_from(
        ["lion", "lions", "zebra", "the", "running", "run", "l'homme", "d’un", ".NET", "C++", "x",
         "Straße", "ﬁne", "½", "né", "Ёлка", "a" * 90, "internationally", "internationals", "日本",
         ".", ". ", "! ", "\n\n", "   ", ":  \n ", "…", "&"]
    ),
    max_size=80,
).map(" ".join)  # fmt: skip
ASKED = st.sampled_from(
    ["lion zebra ", "run", "homme un", ".net c++ ", "strasse fine ", "inter", "internationals ",
     "1 ne x", "日本 lion", "a", "елка the "]
)  # fmt: skip


def page_of(*texts: str) -> Page:
    """Return these texts packed and opened, in their order."""
    with TemporaryDirectory() as folder:
        works = [a_work(f"Title {n}", text=text) for n, text in enumerate(texts)]
        pack_texts(Path(folder) / "texts", works)
        places = {work.id: n for n, work in enumerate(sorted(works, key=lambda w: int(w.id, 16)))}
        return Texts(Path(folder) / "texts").read(np.array([places[work.id] for work in works]))


def assert_cut_alike(texts: Sequence[str], typed: str, summary: str = "") -> None:
    words = read_words(typed)
    page = page_of(*texts)
    plain = Highlighter(words, LANGUAGES)

    cuts = cut_all(Highlighter(words, LANGUAGES), page, [summary] * len(texts))
    assert cuts == [plain.cut(text, summary) for text in texts]


@settings(deadline=None, max_examples=150)
@given(st.lists(TEXTS | LINES, min_size=1, max_size=4), TYPED | ASKED, st.sampled_from(["", "Run"]))
@example([".NET net 'NET"], ".net net ", "")
@example(["ﬁ'n fin ﬁ'xyz fixyz"], "fin xyz ", "")
def test_what_is_cut_by_the_places_of_words_is_what_is_cut_of_the_text(
    texts: list[str], typed: str, summary: str
) -> None:
    assert_cut_alike(texts, typed, summary)


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=3), st.text(max_size=20))
@example(["\ufffe run", "\ud800 run"], "run")
def test_so_it_is_of_any_text(texts: list[str], typed: str) -> None:
    assert_cut_alike(texts, typed)
    assert_cut_alike(texts, texts[0][:8])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FILLER * 120 + "zebra lion " + FILLER, id="farther than is looked"),
        pytest.param("x " * 29_997 + "zebra lions", id="a word at that end"),
        pytest.param("b" * 300 + " lion", id="a word too long for its place"),
        pytest.param("zebra " + "".join(map(chr, range(0x4E00, 0x4F00))), id="many characters"),
        pytest.param("½ lion ½ zebra", id="words that fold as one"),
        pytest.param("l" * 60_000, id="one word"),
        pytest.param("lion " * 12_000, id="as many matches as fit"),
        pytest.param("", id="nothing"),
    ],
)
def test_so_it_is_of_an_unusual_text(text: str) -> None:
    for typed in ("lion zebra ", "zebr", "1 2 ", "l"):
        assert_cut_alike([text, "A lion."], typed)


@settings(deadline=None, max_examples=50)
@given(st.lists(TEXTS | st.text() | LINES, min_size=1, max_size=3))
def test_a_packed_text_comes_back_whole_and_in_parts(texts: list[str]) -> None:
    page = page_of(*texts)

    assert [page.whole(n) for n in range(len(page))] == texts
    assert [page.part(n, 1, 4) for n in range(len(page))] == [text[1:4] for text in texts]


@settings(deadline=None, max_examples=150)
@given(TEXTS | LINES, TYPED | ASKED)
def test_the_words_in_a_title_are_those_that_would_be_marked(text: str, typed: str) -> None:
    highlighter = Highlighter(read_words(typed), LANGUAGES)

    assert highlighter.words_in(text) == {which for _, _, which in highlighter._find(text)}


@settings(deadline=None, max_examples=200)
@given(TEXTS | LINES | st.text())
@example("a'b''c 'd' e’f’g ʼh i'j'k")
@example("½ l'ﬁ … n…m ß")
def test_the_words_of_a_text_are_found_at_once_as_one_by_one(text: str) -> None:
    folded = Folded(text).text
    firsts, lasts, joined = word_places._find_words(folded, word_places._points(folded))

    assert list(zip(firsts, lasts, joined, strict=True)) == find_spans(folded)
