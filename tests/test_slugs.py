"""The names that stand in addresses and ids, and the folding beneath them."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.slugs import fold, key_of, slug_of_tag, slug_of_title


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("GRPO", "grpo", id="case"),
        pytest.param("Café Ångström naïve", "cafe angstrom naive", id="accents"),
        pytest.param("Cafe\u0301", "cafe", id="accents in pieces"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("STRASSE", "strasse", id="sharp s in capitals"),
        pytest.param("İstanbul", "istanbul", id="Turkish dotted capital"),
        pytest.param("ışık", "isik", id="Turkish dotless, small"),
        pytest.param("Işık", "isik", id="Turkish dotless, at a sentence's start"),
        pytest.param("Οδυσσεύς", "οδυσσευσ", id="Greek accents and last sigma"),
        pytest.param("Ёлка Йод", "елка йод", id="Cyrillic"),
        pytest.param("ра\u00adбота", "работа", id="a soft hyphen in Cyrillic"),
        pytest.param("שָׁלוֹם", "שלום", id="Hebrew points"),
        pytest.param("العَرَبِيّـة", "العربية", id="Arabic vowels and tatweel"),
        pytest.param("हिन्दी", "हिन्दी", id="Hindi keeps its vowel signs"),
        pytest.param("がぎ", "がぎ", id="kana keep their sound marks"),
        pytest.param("か\u3099", "が", id="kana in pieces become whole"),
        pytest.param("ｶﾞ", "ガ", id="half-width kana become full"),
        pytest.param("\u1112\u1161\u11ab", "한", id="Hangul in pieces becomes whole"),
        pytest.param("ＧＲＰＯ", "grpo", id="full-width letters"),
        pytest.param("ﬁne", "fine", id="ligatures"),
        pytest.param("Donau\u00addampf", "donaudampf", id="a soft hyphen"),
        pytest.param("ක්\u200dර", "ක්ර", id="a joiner in Sinhala"),
        pytest.param("№ 5", "no 5", id="a sign that hides capitals"),
        pytest.param("PyTorch™", "pytorch ", id="a trademark"),
        pytest.param("𝗕𝗼𝗹𝗱", "bold", id="mathematical bold"),
    ],
)
def test_folding_leaves_out_what_writers_leave_out(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_twice_is_folding_once_for_every_character_there_is() -> None:
    once = fold("\0".join(map(chr, range(1, sys.maxunicode + 1))))

    moved = [] if fold(once) == once else set(fold(once)) ^ set(once)
    assert moved == []


@settings(deadline=None)
@given(st.text())
def test_text_in_pieces_folds_as_whole_text_does(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("tag", "slug"),
    [
        ("Reinforcement Learning", "reinforcement-learning"),
        ("reinforcement_learning", "reinforcement-learning"),
        ("  reinforcement -- learning ", "reinforcement-learning"),
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        (".NET", "dot-net"),
        ("ASP.NET", "asp-net"),
        ("node.js", "node-js"),
        ("R&D", "r-d"),
        ("K-means", "k-means"),
        ("pass@k", "pass-k"),
        ("GPT-4", "gpt-4"),
        ("Moore’s law", "moores-law"),
        ("Moore's law", "moores-law"),
        ("Café", "cafe"),
        ("Straße", "strasse"),
        ("日本語", "日本語"),
        ("हिन्दी", "हिन्दी"),
        ("हाथी", "हाथी"),  # not that of हिथु: the vowel signs tell them apart
        ("ที่นี่", "ที่นี่"),
        ("❤️ love", "love"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_a_tag_has_one_slug_in_every_spelling(tag: str, slug: str) -> None:
    assert slug_of_tag(tag) == slug


@settings(deadline=None)
@given(st.text())
def test_the_slug_of_a_slug_is_itself(name: str) -> None:
    assert slug_of_tag(slug_of_tag(name)) == slug_of_tag(name)
    assert slug_of_title(slug_of_title(name)) == slug_of_title(name)


@settings(deadline=None)
@given(st.text())
def test_a_slug_needs_no_escape_for_what_separates_in_an_address(name: str) -> None:
    for slug in (slug_of_tag(name), slug_of_title(name)):
        assert not set(slug) & set(" +/?#&=%.'\"<>\n\t_")
        assert not slug.startswith("-")
        assert not slug.endswith("-")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("GRPO’s Cost: 2x", "grpos-cost-2x"),
        ("  Fine-tuning,   again ", "fine-tuning-again"),
        ("C++ & C#", "c-c"),
        ("Naïve café", "naive-cafe"),
        ("日本語のタイトル", "日本語のタイトル"),
        ("🚀", "untitled"),
        ("", "untitled"),
    ],
)
def test_a_title_has_a_slug_and_none_is_empty(title: str, slug: str) -> None:
    assert slug_of_title(title) == slug


def test_a_key_is_the_first_12_hex_digits_of_the_sha_256_of_the_id() -> None:
    assert key_of("abc") == "ba7816bf8f01"


def test_a_path_that_is_no_utf_8_has_a_key_as_well() -> None:
    assert len(key_of("blog:caf\udce9.md")) == 12


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Йод", "йод"), ("Андрей", "андрей"), ("Київ", "київ"), ("Сталоў", "сталоў"),
        ("Ќе", "ќе"), ("за́мок", "замок"), ("Ёлка", "елка"), ("и\u0306од", "йод"),
    ],
)  # fmt: skip
def test_a_mark_that_makes_another_cyrillic_letter_is_no_accent(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded
