"""Snippets: the right lines, the right words marked, and no other HTML than the marks."""

import re
import sys
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchapp.engine.analysis import spans_of_words, stem
from searchapp.engine.folding import JOINING, Folded
from searchapp.engine.snippets import Highlighter
from searchapp.engine.words import Word, read_words
from searchapp.slugs import fold

LANGUAGES = ["en", "fr", "xx"]


def mark(text: str, typed: str) -> str:
    """Return all of a short text with what was typed in brackets."""
    html = Highlighter(read_words(typed), LANGUAGES).mark(text)
    return html.replace("<mark>", "[").replace("</mark>", "]")


def snippet(text: str, typed: str, summary: str = "") -> str:
    return Highlighter(read_words(typed), LANGUAGES).snippet(text, summary)


class Marked(HTMLParser):
    """Reads a snippet back: its text, its marks, and any other element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.marks: list[tuple[int, int]] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark" and not attrs:
            self.marks.append((len(self.text), -1))
        else:
            self.others.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.marks[-1] = (self.marks[-1][0], len(self.text))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


# What is marked


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        pytest.param("Run, he is running", "runs ", "[Run], he is [running]", id="forms of a word"),
        pytest.param("prune the runt", "run ", "prune the runt", id="never part of a word"),
        pytest.param("скот и кот", "кот ", "скот и [кот]", id="nor of one in Cyrillic"),
        pytest.param("The tunnel, a tun", "tun", "The [tunnel], a [tun]", id="a prefix"),
        pytest.param("fine-tuning", "fine tuning ", "[fine]-[tuning]", id="a hyphen between"),
        pytest.param("a snake_case", "case ", "a snake_[case]", id="an underscore between"),
        pytest.param("Café, cafe\u0301!", "cafe ", "[Café], [cafe\u0301]!", id="accents"),
        pytest.param("Die Straße hier", "strasse ", "Die [Straße] hier", id="sharp s"),
        pytest.param("ßß Straße ß hier", "hier ", "ßß Straße ß [hier]", id="behind sharp s"),
        pytest.param("Wait… ﬁne", "fine ", "Wait… [ﬁne]", id="behind three dots, a ligature"),
        pytest.param("Donau\u00addampf", "donaudampf ", "[Donau\u00addampf]", id="a soft hyphen"),
        pytest.param("½ cup", "1 ", "[½] cup", id="a half"),
        pytest.param("İstanbul’da", "istanbul", "[İstanbul’da]", id="a Turkish capital"),
        pytest.param("GRPO’s cost", "grpo ", "[GRPO’s] cost", id="a possessive"),
        pytest.param("l'homme, L’Homme", "homme ", "[l&#x27;homme], [L’Homme]", id="an elision"),
        pytest.param("O'Reilly", "oreilly ", "[O&#x27;Reilly]", id="no apostrophe"),
        pytest.param("aujourd’hui", "aujourdhui ", "[aujourd’hui]", id="none, late"),
        pytest.param("C++, C and c#", "c++ ", "[C++], C and c#", id="C++ alone"),
        pytest.param("C++, C and c#", "c ", "C++, [C] and c#", id="C alone"),
        pytest.param("the .NET net", ".net ", "the [.NET] net", id=".NET alone"),
        pytest.param("the .NET net", "net ", "the .NET [net]", id="net alone"),
        pytest.param("हिन्दी, हिन्दू", "हिन्दी ", "[हिन्दी], हिन्दू", id="a Hindi word whole"),
        pytest.param("日本語学、本", "日本語", "[日本語]学、本", id="Japanese, no more than typed"),
        pytest.param("日本、本語", "日本語", "[日本]、[本語]", id="its pairs apart"),
        pytest.param("学習と語学", "学", "[学]習と語[学]", id="one character"),
        pytest.param("とGRPOの", "grpo ", "と[GRPO]の", id="Latin within Japanese"),
        pytest.param("か\u3099く", "がく", "[か\u3099く]", id="kana in pieces"),
        pytest.param(
            "\u1112\u1161\u11ab글", "한글 ", "[\u1112\u1161\u11ab글]", id="Hangul in pieces"
        ),
        pytest.param("lion lions", "lion zebra ", "[lion] [lions]", id="one word of two"),
        pytest.param(
            "<b>lion</b> & co", "lion b ", "&lt;[b]&gt;[lion]&lt;/[b]&gt; &amp; co", id="HTML"
        ),
        pytest.param("nothing", "!!!", "nothing", id="no word at all"),
    ],
)
def test_words_are_marked_whole_and_at_their_place(text: str, typed: str, marked: str) -> None:
    assert mark(text, typed) == marked


PIECES = [
    *("run", "running", "prune", "Straße", "STRASSE", "ß", "café", "cafe\u0301", "\u0301", "Ёлка"),
    *("日本語", "語学", "本", "か\u3099く", "か\u0301\u3099", "がく"),
    *("\u1112\u1161\u11ab글", "한글", "हिन्दी", "हिन्दू", "скот", "кот", "İstanbul", "ışık"),
    *("GRPO’s", "l'homme", "homme", "O'Reilly", "oreilly", "don't", "dont", "'", "’", "ʼ", "-"),
    *("C++", "c", "c#", ".NET", "net", "½", "1", "ﬁne", "fine", "👨\u200d💻", "_", ".", "…"),
    *("&", "<b>", "</b>", "&amp;", "\0", "\u00a0", "\u2003", "\u00ad"),
]
TEXTS = st.lists(st.sampled_from([*PIECES, " ", "\n"]), max_size=25).map("".join)
TYPED = st.lists(st.sampled_from([*PIECES, "ru", "str", "हि"]), max_size=3).map(" ".join)


def places_by_definition(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of `text` that folds to a part of its folded form, by trying all."""
    lengths = [len(fold(text[:i])) for i in range(len(text) + 1)]
    first = max(i for i, length in enumerate(lengths[:-1]) if length <= start)
    last = next(i for i, length in enumerate(lengths) if length >= end)
    return first, max(i for i, length in enumerate(lengths) if length == lengths[last])


def marks_by_definition(text: str, words: list[Word]) -> list[tuple[int, int]]:
    """Return where words stand that are, or begin with, one of those typed."""
    found = []
    for word, start, end in spans_of_words(fold(text)):
        for typed in words:
            begins = typed.prefix and word.startswith(typed.text)
            same = any(stem(word, a) == stem(typed.text, b) for a in LANGUAGES for b in LANGUAGES)
            if typed.is_character and begins:
                found.append(places_by_definition(text, start, start + 1))
            elif begins or same:
                found.append(places_by_definition(text, start, end))
    return merge(sorted(found))


def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@settings(deadline=None, max_examples=300)
@given(TEXTS, TYPED)
@example("run'.NET", ".NET")
@example("हिन्दी.NET asp.net", ".NET")
@example("l'.net c'c#", ".net c#")
@example("run''run", "run")  # the second was not found
@example("скот́", "скот")  # a mark that Cyrillic keeps, and no letter takes up
def test_what_is_marked_is_what_was_searched_for(text: str, typed: str) -> None:
    text = re.sub(r"\s+", " ", text).strip()
    words = read_words(typed)
    shown = Marked(Highlighter(words, LANGUAGES).mark(text))

    assert shown.text == text
    assert shown.marks == marks_by_definition(text, words)


@settings(deadline=None)
@given(st.text(), st.text(max_size=20))
@example("", "")
@example("\r\n", "x")
def test_all_text_but_the_marks_is_escaped_and_comes_back(text: str, typed: str) -> None:
    for words in (read_words(typed), read_words(text[:5])):
        highlighter = Highlighter(words, LANGUAGES)
        whole, cut = Marked(highlighter.mark(text)), Marked(highlighter.snippet(text, typed))
        assert whole.others == cut.others == []
        assert whole.text == re.sub(r"\s+", " ", text).strip()
        kept = cut.text.removeprefix("… ").removesuffix(" …").strip()
        assert kept in re.sub(r"\s+", " ", text) or kept in re.sub(r"\s+", " ", typed)


# Folding with places


@settings(deadline=None, max_examples=300)
@given(st.text() | TEXTS)
@example("㍗\u3099")  # a word in one sign, and a mark that joins its last letter
def test_a_text_folds_by_stretches_as_it_folds_whole(text: str) -> None:
    folded = Folded(text)

    assert folded.text == fold(text)
    assert folded.end(len(folded.text)) == len(text)


def test_every_character_that_can_join_the_one_before_it_is_known() -> None:
    """By Unicode's own tables: what is second in a pair that composes, and is kept in folding."""
    joining = set()
    for character in map(chr, range(sys.maxunicode + 1)):
        parts = unicodedata.decomposition(character).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if unicodedata.normalize("NFC", "".join(chr(int(p, 16)) for p in parts)) == character:
                joining.add(second)
    kept = {c for c in joining if fold(c) == c}

    assert [c for c in sorted(kept) if not re.match(f"[{JOINING}]", c)] == []


# Which lines

FILLER = "Some words that say little stand here to fill the page with more of them. " * 8


def test_the_lines_with_most_of_the_different_words_are_shown() -> None:
    text = f"Lion lion lion lion. {FILLER} Here a zebra met a lion. {FILLER} A zebra."

    shown = snippet(text, "lion zebra ")
    assert "Here a <mark>zebra</mark> met a <mark>lion</mark>." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_among_lines_with_the_same_words_those_with_most_matches_are_shown() -> None:
    text = f"A lion. {FILLER} The lion saw the lion as lions do. {FILLER} A lion."

    assert "The <mark>lion</mark> saw the <mark>lion</mark>" in snippet(text, "lion ")


def test_a_snippet_begins_at_its_sentence_if_that_is_near() -> None:
    assert snippet(f"{FILLER}First words of it, then a zebra. {FILLER}", "zebra ").startswith(
        "… First words of it, then a <mark>zebra</mark>."
    )


def test_without_a_match_in_the_text_the_summary_is_shown_else_the_beginning() -> None:
    assert snippet(FILLER, "zebra ", "On a zebra.") == "On a <mark>zebra</mark>."
    assert snippet(FILLER, "lion ", "On a zebra.") == "On a zebra."
    assert snippet(FILLER, "lion ").startswith("Some words that say little")
    assert snippet("", "lion ") == ""


@settings(deadline=None)
@given(st.lists(st.sampled_from(["lion", "zebra", "word", "日本語", "a" * 90, ".", "\n"])), TYPED)
def test_a_snippet_is_short(words: list[str], typed: str) -> None:
    shown = Marked(snippet(" ".join(words), f"{typed} lion"))

    assert len(shown.text) <= 204  # and an ellipsis at each end


def test_no_match_of_the_best_lines_is_cut_off_at_their_end() -> None:
    for gap in range(100, 130):
        near = f"{'w' * 58} lion {'x' * gap} zebra.{'y' * 50} {FILLER}"
        assert snippet(FILLER + near, "lion zebra ").count("<mark>") == 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 300_000, id="one word"),
        pytest.param("a'" * 150_000, id="apostrophes"),
        pytest.param("." * 300_000, id="dots"),
        pytest.param("é" * 300_000, id="accents"),
        pytest.param("e\u0301" * 150_000, id="accents in pieces"),
        pytest.param("ß" * 300_000, id="sharp s"),
        pytest.param("か\u3099" * 150_000, id="kana in pieces"),
        pytest.param("日本語" * 100_000, id="Japanese"),
        pytest.param("a " * 150_000, id="a match in each second place"),
        pytest.param("<&>" * 100_000, id="what is escaped"),
    ],
)
def test_a_snippet_of_a_hostile_text_is_short(text: str) -> None:
    assert len(re.sub(r"<[^>]*>", "", snippet(text, "a 日本語 é"))) < 2_000
