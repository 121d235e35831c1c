"""The search box: every text is read, in one pass, and what is left out says why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.typed import MEANT, read_typed

ANY_TEXT = st.text(st.characters() | st.sampled_from('" -:|()OR'))  # lone surrogates too


def short(text: str) -> list[str]:
    """Name each part of typed text by its kind, its signs and what is meant."""
    return [
        f"{part.kind}{'?' if part.beside else ''} {'-' if part.minus else ''}"
        f"{part.name + ':' if part.name else ''}{part.value}{'…' if part.open else ''}".strip()
        for part in read_typed(text).parts
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("grpo", ["words grpo"], id="a word"),
        pytest.param('"fine tuning"', ["phrase fine tuning"], id="a phrase"),
        pytest.param('"the “fine” cat" a', ["phrase the “fine” cat", "words a"], id="two kinds"),
        pytest.param("“fine tuning”", ["phrase fine tuning"], id="a phrase in curly quotes"),
        pytest.param('"fine tun', ["phrase fine tun…"], id="a phrase that is being typed"),
        pytest.param('a "b c" d', ["words a", "phrase b c", "words d"], id="words around a phrase"),
        pytest.param("-cats", ["words -cats"], id="a word left out"),
        pytest.param('-"fine tuning"', ["phrase -fine tuning"], id="a phrase left out"),
        pytest.param("--flag", ["words --flag"], id="two minus signs are of the word"),
        pytest.param("a - b", ["words a", "words b"], id="a dash alone is nothing"),
        pytest.param("cats OR dogs", ["words cats", "or", "words dogs"], id="either"),
        pytest.param("cats or dogs", ["words cats", "words or", "words dogs"], id="a small or"),
        pytest.param("OR cats", ["ignored", "words cats"], id="or behind nothing"),
        pytest.param("cats OR", ["words cats", "ignored"], id="or before nothing yet"),
        pytest.param("cats OR -dogs", ["words cats", "ignored", "words -dogs"], id="or before not"),
        pytest.param("cats AND dogs", ["words cats", "ignored", "words dogs"], id="and"),
        pytest.param("Cats | Site", ["words Cats", "bar", "words? Site"], id="a bar"),
        pytest.param("title:cats", ["words title:cats"], id="a word in titles"),
        pytest.param('title:"fine tun', ["phrase title:fine tun…"], id="a phrase in titles"),
        pytest.param("-title:cats", ["words -title:cats"], id="a word left out of titles"),
        pytest.param("tag:moe", ["filter tag:moe"], id="a tag"),
        pytest.param("Tag:MoE", ["filter tag:moe"], id="capitals, as telephones write them"),
        pytest.param("tag:C++", ["filter tag:cplusplus"], id="a tag of signs"),
        pytest.param("-tag:moe", ["filter -tag:moe"], id="an excluded tag"),
        pytest.param('source:"The Batch"', ["filter source:The Batch"], id="a quoted value"),
        pytest.param('tag:"fine tuning" x', ["filter tag:fine-tuning", "words x"], id="quoted tag"),
        pytest.param('source:"The Bat', ["filter source:The Bat"], id="a quote still open"),
        pytest.param("tag:a tag:b", ["filter tag:a", "filter tag:b"], id="several"),
        pytest.param("month:2024-05", ["filter month:2024-05"], id="a month"),
        pytest.param("year:2022..2024", ["filter year:2022..2024"], id="a range"),
        pytest.param("before:2014", ["filter year:..2013"], id="before ends the year before"),
        pytest.param("after:2014", ["filter year:2015.."], id="after begins the year after"),
        pytest.param("is:external", ["filter is:external"], id="kept elsewhere"),
        pytest.param("tag:a:b", ["filter tag:a-b"], id="a second colon"),
        pytest.param("re:Invent", ["words re:Invent"], id="a colon that names nothing"),
        pytest.param("https://a.example/b", ["words https://a.example/b"], id="an address"),
        pytest.param("std::vector", ["words std::vector"], id="two colons"),
        pytest.param("12:30", ["words 12:30"], id="a time"),
        pytest.param("(tag:a)", ["words (tag:a)"], id="in brackets it is a word"),
        pytest.param("--tag:a", ["words --tag:a"], id="two minus signs before a filter"),
        pytest.param("tag:", ["ignored"], id="no value yet"),
        pytest.param('tag:""', ["ignored"], id="an empty value"),
        pytest.param("tag: moe", ["ignored", "words moe"], id="a space after the colon"),
        pytest.param("tag:!!!", ["ignored"], id="a value without a letter"),
        pytest.param("before:soon", ["ignored"], id="a bound that is no year"),
        pytest.param("site:x", ["ignored"], id="a name that we call otherwise"),
        pytest.param('" - " * ? ( )', [], id="signs alone"),
    ],
)  # fmt: skip
def test_typed_text_is_taken_apart(text: str, parts: list[str]) -> None:
    assert short(text) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fine tun", "fine tun"),
        ("fine tuning ", "fine tuning "),
        ("grpo tag:moe", "grpo "),
        ("tag:moe grpo", "grpo"),
        ('"fine tuning"', '"fine tuning" '),
        ('"fine tun', '"fine tun'),
        ("cats -dogs", "cats -dogs"),
        ("cats OR dogs tag:", "cats OR dogs "),
        ("Cats | The Site ", "Cats | The Site "),
    ],
)
def test_the_words_stand_as_they_were_typed_with_a_space_once_they_are_finished(
    text: str, words: str
) -> None:
    assert read_typed(text).words == words


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("tag:", "nothing stands behind tag: yet"),
        ("tags:go", "there is no tags:; use tag:go"),
        ('site:"The Batch"', 'there is no site:; use source:"The Batch"'),
        ("since:2014", "there is no since:; use after:2014"),
        ("before:soon", "write a year, such as before:2014"),
        ("cats AND dogs", "all words must match anyway"),
        ("cats OR", "OR stands between two words or phrases"),
    ],
)
def test_what_is_ignored_says_why_with_the_better_form(text: str, note: str) -> None:
    assert [part.note for part in read_typed(text).parts if part.kind == "ignored"] == [note]


def test_every_better_form_is_one_that_is_read() -> None:
    for meant in MEANT.values():
        assert short(f"{meant}:2014")[0].split()[0] in ("filter", "words")


@pytest.mark.parametrize(
    "hostile",
    ["a", "a ", "-", "tag:", 'tag:"', "tag:a ", '"', ":", "a:", "-tag:x", "tag:x:", "Ａ", "a OR ",
     "OR ", "| ", "(", 'title:"', "* ", "NOT ", "-(", "before:1 "],
)  # fmt: skip
def test_a_hundred_thousand_typed_characters_are_read_to_their_end(hostile: str) -> None:
    text = (hostile * 100_000)[:100_000]

    read = read_typed(text)

    assert len(read.words) <= 2 * len(text)


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_typed_text_is_read_and_its_words_mean_the_same_again(text: str) -> None:
    found = read_typed(text)

    assert len(found.words) <= 2 * len(text) + 1
    assert read_typed(found.words).words == found.words


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("tag: moe", "write tag:moe, without a space"),
        ("year: 2022 survey", "write year:2022, without a space"),
        ("title: cats", "write title:cats, without a space"),
        ("tag: -moe", "nothing stands behind tag: yet"),
        ("grpo tag: ", "nothing stands behind tag: yet"),
    ],
)
def test_a_space_behind_the_colon_was_told_without_the_better_form(text: str, note: str) -> None:
    assert [part.note for part in read_typed(text).parts if part.note] == [note]


def test_not_was_looked_for_as_a_word_without_a_note() -> None:
    ignored, word = read_typed("NOT cats").parts

    assert (ignored.kind, ignored.note) == ("ignored", "to leave out what follows, write -cats")
    assert (word.kind, word.value) == ("words", "cats")
    assert short("not cats NOT") == ["words not", "words cats", "words NOT"]


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("2022..2024", "2022..2024"),
        ("2022-2024", "2022..2024"),
        ("2022–2024", "2022..2024"),
        ("2024..2022", "2022..2024"),
        (">2022", "2023.."),
        (">=2022", "2022.."),
        ("<2022", "..2021"),
        ("<=2022", "..2022"),
        ("2022", "2022"),
        ("2022..", "2022.."),
        ("soon", "soon"),
    ],
)
def test_years_as_people_write_them_found_nothing(typed: str, years: str) -> None:
    assert short(f"year:{typed}") == [f"filter year:{years}"]
