"""Text to terms: what is one word, and which forms of a word are one term."""

import sys
import tracemalloc
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchapp.engine.analysis import (
    STEMMERS,
    cut_into_words,
    spans_of_words,
    stem,
    stems,
)
from searchapp.engine.analyzer import WordAnalyzer
from searchapp.slugs import fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("C++ code", "c++ code", id="C++"),
        pytest.param("C++20 and c++11", "c++ 20 and c++ 11", id="C++ with its year"),
        pytest.param("C# and F#", "c# and f#", id="C#"),
        pytest.param(".NET on the net", ".net on the net", id=".NET"),
        pytest.param("ASP.NET", "asp net", id="no .NET within a word"),
        pytest.param("C", "c", id="C is not C++"),
        pytest.param("a+b, a ++ b", "a b a b", id="a plus between words"),
        pytest.param("GPT-4", "gpt 4", id="GPT-4"),
        pytest.param("GPT4o", "gpt4o", id="digits in a word"),
        pytest.param("pass@k", "pass k", id="pass@k"),
        pytest.param("K-means", "k means", id="K-means"),
        pytest.param("generate()", "generate", id="generate()"),
        pytest.param("fine-tuning", "fine tuning", id="a hyphen separates"),
        pytest.param("fine\u2011tuning – yes", "fine tuning yes", id="hyphens of all kinds"),
        pytest.param("snake_case", "snake case", id="an underscore separates"),
        pytest.param("a.b,c/d", "a b c d", id="dots, commas and slashes separate"),
        pytest.param("GRPO’s", "grpo", id="a possessive s"),
        pytest.param("GRPO's", "grpo", id="the same, typed"),
        pytest.param("the authors’ view", "the authors view", id="a possessive without s"),
        pytest.param("don't", "dont", id="don't"),
        pytest.param("don’t", "dont", id="the same, printed"),
        pytest.param("donʼt", "dont", id="the same, as a letter"),
        pytest.param("l'homme", "lhomme homme", id="an elision"),
        pytest.param("O'Reilly", "oreilly reilly", id="O'Reilly"),
        pytest.param("O’Reilly’s", "oreilly reilly", id="O'Reilly's"),
        pytest.param("aujourd'hui", "aujourdhui", id="an apostrophe within"),
        pytest.param("rock'n'roll", "rocknroll", id="two of them"),
        pytest.param("'quoted' “words”", "quoted words", id="quotes are no part"),
        pytest.param("' ’ ʼ ʼʼ", "", id="apostrophes alone"),
        pytest.param("п'ять пʼять", "пять ять пять ять", id="Ukrainian apostrophes"),
        pytest.param("Café naïve", "cafe naive", id="accents"),
        pytest.param("Cafe\u0301", "cafe", id="accents in pieces"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("İstanbul ışık Işık", "istanbul isik isik", id="Turkish i, dotted or not"),
        pytest.param("Ελλάδα ΟΔΟΣ", "ελλαδα οδοσ", id="Greek"),
        pytest.param("Москва, Ёлка", "москва елка", id="Cyrillic"),
        pytest.param("हिन्दी में लिखना।", "हिन्दी में लिखना", id="Hindi words stay whole"),
        pytest.param("বাংলা ভাষা", "বাংলা ভাষা", id="Bengali"),
        pytest.param("தமிழ் மொழி", "தமிழ் மொழி", id="Tamil"),
        pytest.param("한국어 텍스트", "한국어 텍스트", id="Korean has spaces"),
        pytest.param("日本語", "日本 本語 語", id="Japanese in pairs"),
        pytest.param("人々", "人々 々", id="the sign that repeats"),
        pytest.param(
            "機械学習、深層学習", "機械 械学 学習 習 深層 層学 学習 習", id="a comma ends a run"
        ),
        pytest.param("中文", "中文 文", id="Chinese"),
        pytest.param("語", "語", id="one character"),
        pytest.param("ไทย", "ไท ทย ย", id="Thai"),
        pytest.param("GRPOの強化", "grpo の強 強化 化", id="scripts side by side"),
        pytest.param("強化GRPO", "強化 化 grpo", id="and the other way round"),
        pytest.param("🚀 lift-off 🐢✨", "lift off", id="emoji are no words"),
        pytest.param("A b I", "a b i", id="one-letter words"),
        pytest.param("2024 3.14 1e5", "2024 3 14 1e5", id="numbers"),
        pytest.param("PyTorch™ 2", "pytorch 2", id="a trademark"),
        pytest.param("Donau\u00addampf", "donaudampf", id="a soft hyphen"),
        pytest.param("½ ² Ⅷ", "1 2 2 viii", id="numbers as signs"),
        pytest.param("ＧＲＰＯ", "grpo", id="full-width letters"),
        pytest.param("\x00\u200b\ufeff", "", id="what cannot be seen"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_text_is_cut_into_words(text: str, words: str) -> None:
    assert cut_into_words(text) == words.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fine-tuning", "fine tuning"),
        ("Fine_Tuning", "FINE—TUNING"),
        ("GRPO’s", "grpo's"),
        ("naïve", "naive"),
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
        ("ﬁne", "fine"),
    ],
)
def test_two_ways_to_write_one_thing_are_the_same_words(one: str, other: str) -> None:
    assert cut_into_words(one) == cut_into_words(other)


MIXED = st.text(st.sampled_from("aAé\u0301ßIİı'’ʼ -_.+#c4日本語ไทหि्k️🚀½…\0\u200d가ᄒ"), max_size=30)


@settings(deadline=None, max_examples=300)
@given(st.text() | MIXED)
@example("ʼ")
@example("ʼs")
def test_a_word_is_never_empty_and_stands_where_its_span_says(text: str) -> None:
    folded = fold(text)
    found = list(spans_of_words(folded))

    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)
    for word, start, end in found:
        assert word
        assert 0 <= start < end <= len(folded)
        assert word in folded[start:end] or set(folded[start:end]) & set("'’ʼ")


@settings(deadline=None, max_examples=300)
@given(st.text() | MIXED)
def test_the_words_of_a_text_in_pieces_are_those_of_the_whole(text: str) -> None:
    whole, pieces = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert cut_into_words(pieces) == cut_into_words(whole)


def test_every_letter_and_digit_there_is_stands_in_some_word() -> None:
    folded = fold(" ".join(map(chr, range(sys.maxunicode + 1))))
    covered = bytearray(len(folded))
    for _, start, end in spans_of_words(folded):
        covered[start:end] = b"x" * (end - start)
    lost = {c for c, inside in zip(folded, covered, strict=True) if c.isalnum() and not inside}

    assert lost == {"ʼ"}  # an apostrophe, though Unicode calls it a letter


# Stems


@pytest.mark.parametrize(
    ("word", "language", "term"),
    [
        pytest.param("running", "en", "run", id="running"),
        pytest.param("run", "en", "run", id="run"),
        pytest.param("stopped", "en", "stop", id="stopped"),
        pytest.param("tagging", "en", "tag", id="tagging"),
        pytest.param("planned", "en", "plan", id="planned"),
        pytest.param("studies", "en", "studi", id="studies"),
        pytest.param("running", "en-GB", "run", id="a language with its region"),
        pytest.param("running", "EN_us", "run", id="the same, written otherwise"),
        pytest.param("chansons", "fr", "chanson", id="French"),
        pytest.param("laufen", "de", "lauf", id="German"),
        pytest.param("машины", "ru", "машин", id="Russian"),
        pytest.param("लड़कियों", "hi", "लड़क", id="Hindi, with its vowel signs"),
        pytest.param("running", "xx", "running", id="an unknown language"),
        pytest.param("running", "ja", "running", id="a language without stems"),
        pytest.param("running", "", "running", id="no language"),
        pytest.param("gpt4s", "en", "gpt4s", id="digits"),
        pytest.param("c++", "en", "c++", id="signs"),
        pytest.param("2024", "en", "2024", id="numbers"),
    ],
)
def test_forms_of_a_word_are_one_term_in_its_language(word: str, language: str, term: str) -> None:
    assert stem(word, language) == term


def test_every_language_that_is_named_has_its_stemmer() -> None:
    for language in STEMMERS:
        assert stem("grpo", language)


def test_a_word_is_looked_for_in_the_form_of_each_language() -> None:
    assert stems("running", ["en", "fr", "xx"]) == ("run", "running")
    assert stems("running", []) == ("running",)


# Whoosh


@pytest.mark.parametrize("language", ["en", "fr", "xx"])
@settings(deadline=None)
@given(text=st.text() | MIXED | st.sampled_from(["Running C++ l'homme", "日本語"]))
def test_whoosh_is_given_the_same_terms(language: str, text: str) -> None:
    tokens = [(token.text, token.pos) for token in WordAnalyzer(language)(text)]
    plain = [token.text for token in WordAnalyzer(language, stemmed=False)(text)]

    words = cut_into_words(text)
    assert tokens == [(stem(word, language), i) for i, word in enumerate(words)]
    assert plain == words


@pytest.mark.parametrize("letters", ["a", "ж", "कि"])
def test_a_word_of_a_million_letters_took_a_hundred_megabytes(letters: str) -> None:
    text = letters * (1_000_000 // len(letters)) + " é"
    tracemalloc.start()
    try:
        assert len(cut_into_words(text)) == 2
        assert (
            tracemalloc.get_traced_memory()[1] < 40 * 2**20
        )  # of it 17 for letters without accents
    finally:
        tracemalloc.stop()
