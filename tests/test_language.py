"""The query language: what is found by phrases, signs, bounds, slips and other names."""

from collections.abc import Callable

import pytest
from builders import a_tag, a_work
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.documents import Section
from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.engine.typos import allowed_slips, distance
from searchapp.query import MAX_CHARACTERS, Query

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it


def found(results: Results) -> set[str]:
    """Return the titles of those that have all the words, without the tail."""
    return {hit.title for hit in results.hits if hit.complete}


def told(results: Results, role: str) -> list[tuple[str, str | None]]:
    return [(part.text, part.note) for part in results.understood if part.role == role]


PETS = (
    a_work("Cats", text="A cat is no small dog", date="2013-05-01", tags=["pets"]),
    a_work("Dogs", text="The small dogs bark at a cat", date="2014-05-01", tags=["pets", "dogs"]),
    a_work("Lions", text="A lion is a large cat", date="2015-05-01", publication="The Batch"),
    a_work("Code", text="C++ and generate() with K-means, pass@k, GPT-4", date="2016-05-01"),
)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param('"small dog"', {"Cats"}, id="a phrase, as written"),
        pytest.param('"small dog', {"Cats", "Dogs"}, id="a phrase that may go on"),
        pytest.param('"dog small"', set(), id="a phrase the other way round"),
        pytest.param('"cats a cat"', set(), id="a phrase never leads from the title to the text"),
        pytest.param('"large cat" lion', {"Lions"}, id="a phrase and a word"),
        pytest.param("cat -dog", {"Lions"}, id="a word left out, in all its forms"),
        pytest.param('cat -"small dog"', {"Dogs", "Lions"}, id="a phrase left out"),
        pytest.param("-cat", {"Code"}, id="only what is left out"),
        pytest.param("lion OR dog ", {"Cats", "Dogs", "Lions"}, id="either"),
        pytest.param('lion OR "dogs bark"', {"Dogs", "Lions"}, id="either, of which one a phrase"),
        pytest.param("large OR small dog ", {"Cats", "Dogs"}, id="or binds its neighbours alone"),
        pytest.param("title:cats", {"Cats"}, id="a word in titles"),
        pytest.param("cat -title:cats ", {"Dogs", "Lions"}, id="a word left out of titles"),
        pytest.param('title:"small dog"', set(), id="a phrase that no title has"),
        pytest.param("year:2013..2014", {"Cats", "Dogs"}, id="a range includes both ends"),
        pytest.param("year:2015..", {"Lions", "Code"}, id="a range without an end"),
        pytest.param("before:2014", {"Cats"}, id="before ends with the year before"),
        pytest.param("after:2014", {"Lions", "Code"}, id="after begins with the year after"),
        pytest.param("after:2013 before:2015 cat", {"Dogs"}, id="between two bounds"),
        pytest.param("before:2014 year:2013..2015", {"Cats"}, id="a bound narrows a range"),
        pytest.param("before:2000", set(), id="a bound beyond all"),
        pytest.param("-before:2015 -tag:pets", {"Lions", "Code"}, id="bounds and tags left out"),
        pytest.param('source:"the batch"', {"Lions"}, id="a source in small letters"),
        pytest.param("tag:", {"Cats", "Dogs", "Lions", "Code"}, id="a filter that is begun"),
        pytest.param("tag:pe", {"Cats", "Dogs", "Lions", "Code"}, id="a value that is begun"),
        pytest.param("tag:zebras ", set(), id="a value that nothing has"),
        pytest.param("c++ ", {"Code"}, id="C++"),
        pytest.param("generate()", {"Code"}, id="a call"),
        pytest.param("k-means", {"Code"}, id="a letter and a word"),
        pytest.param('"pass@k"', {"Code"}, id="a measure, as a phrase"),
        pytest.param("gpt-4", {"Code"}, id="a version"),
        pytest.param("lion | My Site", {"Lions"}, id="a title with the name of its site"),
    ],
)  # fmt: skip
def test_what_is_typed_is_found(index_of: IndexOf, typed: str, titles: set[str]) -> None:
    assert found(index_of(*PETS).search(typed)) == titles


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_filters_and_words_means_nothing(index_of: IndexOf, order: int) -> None:
    parts = ["cat ", "tag:pets ", "-lion ", "after:2013 ", 'title:"dogs" '][::order]

    assert found(index_of(*PETS).search("".join(parts))) == {"Dogs"}


def test_how_a_query_was_read_is_told(index_of: IndexOf) -> None:
    results = index_of(*PETS).search('"small dog" -lion tags:go tag: cat OR dog | x y')

    assert [(part.text, part.role) for part in results.understood] == [
        ("tags:go", "ignored"),
        ("tag:", "ignored"),
        ("small dog", "phrase"),
        ("cat OR dog", "or"),
        ("x", "optional"),
        ("y", "optional"),
        ("lion", "without"),
    ]
    assert told(results, "ignored")[0] == ("tags:go", "there is no tags:; use tag:go")


def test_a_year_may_be_a_range_in_the_address_too(index_of: IndexOf) -> None:
    results = index_of(*PETS).answer(Query.from_args([("year", "2013..2014")]))

    assert found(results) == {"Cats", "Dogs"}
    assert results.query.chosen("year") == ("2013", "2014")


def test_what_is_left_out_stays_out_of_every_count(index_of: IndexOf) -> None:
    results = index_of(*PETS).search("cat -lion", year=["2013"])

    years = {value.value: value.count for value in results.facets["year"]}
    assert years == {"2013": 1, "2014": 1}


def test_a_piece_whose_text_is_elsewhere_is_external(index_of: IndexOf) -> None:
    index = index_of(a_work("Here", text="ours"), a_work("There", url="https://a.example/there"))

    assert found(index.search("is:external")) == {"There"}
    assert found(index.search("-is:external")) == {"Here"}


# Slips and other names


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        ("atention", "attention", 1),
        ("attnetion", "attention", 1),
        ("attentiom", "attention", 1),
        ("transfrmer", "transformers", 2),
        ("attention", "attention", 0),
        ("cat", "dog", 3),
    ],
)
def test_slips_are_counted(typed: str, word: str, slips: int) -> None:
    assert distance(typed, word, 3) == slips


@settings(deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_slips_are_the_same_from_either_side(a: str, b: str) -> None:
    assert distance(a, b, 9) == distance(b, a, 9) <= max(len(a), len(b))


@pytest.mark.parametrize(
    ("word", "slips"), [("rope", 0), ("ropes", 1), ("reasoner", 1), ("reasoning", 2), ("gpt4o", 0)]
)
def test_short_words_and_numbers_have_no_slips(word: str, slips: int) -> None:
    assert allowed_slips(word) == slips


ATTENTION = (
    a_work("One", text="attention heads"),
    a_work("Two", text="attention is all"),
    a_work("Three", text="intention"),
)


@pytest.mark.parametrize("typed", ["atention ", "attentoin ", "atentio", "Atention", "attension "])
def test_a_slip_is_mended_where_no_piece_has_the_word(index_of: IndexOf, typed: str) -> None:
    results = index_of(*ATTENTION).search(typed)

    assert found(results) == {"One", "Two"}
    assert results.correction == {"q": "attention", "total": 2}
    assert [text for text, _ in told(results, "typo")] == [typed.strip().lower()]


@pytest.mark.parametrize(
    "typed", ["bttention ", '"atention"', "-atention title:atention ", "heds "]
)
def test_what_is_no_slip_is_not_mended(index_of: IndexOf, typed: str) -> None:
    results = index_of(*ATTENTION).search(typed)

    assert (results.correction, told(results, "typo")) == (None, [])


def test_a_word_that_no_piece_has_is_read_as_two_that_one_has_together(index_of: IndexOf) -> None:
    index = index_of(
        a_work("One", text="fine tuning"), a_work("Two", text="fine-tuning of it"),
        a_work("Apart", text="fine, and then tuning"),
    )  # fmt: skip
    results = index.search("finetuning ")

    assert found(results) == {"One", "Two"}
    assert results.correction == {"q": "fine tuning", "total": 3}
    assert told(results, "typo") == [
        ("finetuning", "no piece has “finetuning”; read as “fine tuning”")
    ]


@pytest.mark.parametrize("typed", ["tofu ", "heatis ", "attentionhead "])
def test_what_is_not_two_words_is_not_taken_apart(index_of: IndexOf, typed: str) -> None:
    index = index_of(a_work("One", text="fu, to; heat is; the heads of attention, heading"))

    assert told(index.search(typed), "typo") == []


def test_a_word_that_a_piece_has_is_not_taken_for_a_slip(index_of: IndexOf) -> None:
    index = index_of(a_work("Tagging"), a_work("Tugging"), a_work("Bagging"))

    assert found(index.search("tagging ")) == {"Tagging"}


def test_a_word_that_hardly_any_piece_has_may_be_a_slip_of_the_writers(index_of: IndexOf) -> None:
    common = [a_work(f"Piece {i}", text="attention", id=f"{i}") for i in range(12)]
    index = index_of(*common, a_work("Slip", text="atention"), a_work("Forms", text="attentions"))
    results = index.search("atention ")

    assert found(results) == {"Slip"}
    assert results.correction == {"q": "attention", "total": 13}
    assert index.search("attentions ").correction is None


def test_a_correction_never_leads_to_an_empty_page(index_of: IndexOf) -> None:
    results = index_of(*ATTENTION).search("atention ", tag=["unknown"])

    assert (results.total, results.correction) == (0, None)


def test_a_word_that_is_left_out_is_not_told_as_read_otherwise(index_of: IndexOf) -> None:
    index = index_of(a_work("One", text="attention heads"), a_work("Two", text="intention"))
    results = index.search("intension heads two ")

    assert [text for text, _ in told(results, "dropped")] == ["heads"]
    assert [text for text, _ in told(results, "typo")] == ["intension"]
    assert told(index.search("attention intension heads "), "typo") == []


def test_other_names_of_a_tag_find_what_is_written_the_other_way(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Long", text="reinforcement learning works"),
        a_work("Short", text="what RL is"),
        a_work("Apart", text="learning without reinforcement"),
        tags=[a_tag("reinforcement-learning", "RL", label="Reinforcement learning")],
    )

    assert found(index.search("rl ")) == {"Long", "Short"}
    assert found(index.search("reinforcement learning ")) == {"Long", "Short", "Apart"}
    assert found(index.search('"reinforcement learning"')) == {"Long"}
    assert told(index.search("rl "), "synonym") == [("rl", "found as “reinforcement learning” too")]


# Order


def test_the_title_that_was_typed_comes_first(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Rust rust rust", text="release " * 30),
        a_work("Rust release notes", text="rust release"),
        a_work("Rust release", text="other things " * 400),
    )

    assert next(hit.title for hit in index.search("rust release ").hits) == "Rust release"
    assert index.explain(index.search("rust release "))[
        index.search("rust release ").hits[0].id
    ].is_title


def test_pieces_without_a_title_are_not_titled_by_a_phrase(index_of: IndexOf) -> None:
    index = index_of(a_work("", text="red fox here"), a_work("A", text="red fox red fox red fox"))

    assert [hit.title for hit in index.search('"red fox"').hits] == ["A", ""]


def test_neighbours_that_stand_together_come_before_those_apart(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Apart", text="red is the one and the other is a fox", date="2020-01-01"),
        a_work("Together", text="one and the other is a red fox the is", date="2019-01-01"),
    )

    assert [hit.title for hit in index.search("red fox ").hits] == ["Together", "Apart"]


def test_a_long_question_is_answered_by_the_best_piece_and_totals_are_of_its_words(
    index_of: IndexOf,
) -> None:
    index = index_of(
        a_work("Lift", text="lift of a wing in a slipstream"),
        a_work("Drag", text="drag of a wing"),
        a_work("Rest", text="what is the of in a and some that are have been"),
    )
    results = index.search("what is the lift of a wing in the slipstream of some propeller ")

    assert (found(results), results.partial) == ({"Lift"}, 2)
    dropped = dict(told(results, "dropped"))
    assert set(dropped) == {"what", "is", "the", "some", "propeller"}
    assert dropped["propeller"] == "the best pieces lack “propeller”; without it: 1"


def test_pieces_that_have_all_of_many_words_are_the_answer_whatever_ranks_first(
    index_of: IndexOf,
) -> None:
    words = "what is the lift of a wing in the slipstream "
    index = index_of(
        a_work("Lift of a wing in the slipstream", text="lift wing slipstream " * 9),
        a_work("Notes", text=f"{words} and so much more that it is long " * 3),
    )
    results = index.search(words)

    assert (found(results), results.partial) == ({"Notes"}, 1)
    assert not told(results, "dropped")


def test_an_explanation_adds_up_to_the_score(index_of: IndexOf) -> None:
    index = index_of(*PETS)
    results = index.search("small dog ")

    for hit in results.hits:
        why = index.explain(results)[hit.id]
        parts = sum(word.share for word in why.words) + why.together + why.in_title + why.learned
        assert parts == pytest.approx(why.score)
        assert hit.score == pytest.approx(why.score)
    assert index.explain(index.search("tag:pets")) == {}


def test_related_pieces_share_words_that_are_rare(index_of: IndexOf) -> None:
    herds = ("Savannah", "Steppe", "Zoo")
    index = index_of(
        *(a_work(f"{herd} zebras", text="zebra stripes graze") for herd in herds),
        *(a_work(f"Piece number{i}", text=f"common words{i}") for i in range(9)),
    )
    page = index.work(index.search("zoo ").hits[0].id)

    assert page is not None
    assert {hit.title for hit in page.related} == {"Savannah zebras", "Steppe zebras"}


def test_a_hit_names_the_headings_under_which_the_words_stand(index_of: IndexOf) -> None:
    texts = (
        "Cats\nThey purr. ",
        "Dogs\nThey bark at cats. ",
        "Lions\nThey roar. ",
        "Food\nAll eat.",
    )
    starts = [sum(map(len, texts[:i])) for i in range(4)]
    sections = [
        Section(text.split()[0], f"s-{text.split()[0].lower()}", start)
        for text, start in zip(texts, starts, strict=True)
    ]
    work = a_work("Pets", text="".join(texts), html="<p>…</p>", sections=sections)
    index = index_of(work, a_work("No headings", text="cats"))

    def named(words: str) -> list[str]:
        hit = next(hit for hit in index.search(words).hits if hit.title == "Pets")
        assert all(s.url == f"/works/{work.id}/#s-{s.title.lower()}" for s in hit.sections)
        return [section.title for section in hit.sections]

    assert named("cats ") == ["Cats", "Dogs"]
    assert named("they ") == ["Cats", "Dogs", "Lions"]
    assert named("roaring ") == ["Lions"]
    assert named("pets ") == []


# Bad input


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("a" * 2**20, id="a megabyte in one word"),
        pytest.param("a " * 2**19, id="a megabyte of words"),
        pytest.param(" ".join(f"w{i}" for i in range(10_000)), id="ten thousand terms"),
        pytest.param('"' * 999, id="quotes"),
        pytest.param('a "b c', id="a quote that is not closed"),
        pytest.param("NOT " * 50 + "a", id="nested operators"),
        pytest.param("OR " * 70, id="operators alone"),
        pytest.param("a OR " * 40 + "b", id="a chain of operators"),
        pytest.param("(" * 100 + "a" + ")" * 100, id="brackets"),
        pytest.param("\ud800 \udfff", id="lone surrogates"),
        pytest.param("\u202ecat\u200f", id="marks of direction"),
        pytest.param("\0cat\0", id="NUL"),
        pytest.param("*", id="a star"),
        pytest.param("a* b* c*", id="stars behind letters"),
        pytest.param(" ".join("abcdefghijklmnopqrstuvwxyz"), id="every letter"),
        pytest.param('"' + "a " * 99 + '"', id="a phrase of a hundred words"),
        pytest.param("tag: -tag: -- - | || title: before: year:..", id="signs without values"),
        pytest.param("year:..9999 before:0000 after:9999", id="bounds beyond all"),
        pytest.param("title:" * 30, id="colons"),
    ],
)
def test_no_text_is_an_error(index_of: IndexOf, hostile: str) -> None:
    index = index_of(
        *PETS, *(a_work(f"a{i} b{i}", id=f"{i}", text="a b c " * 50) for i in range(200))
    )

    results = index.search(hostile)

    assert results.total <= 204
    assert len(results.query.words) <= MAX_CHARACTERS + 40
    assert results.hits or results.notes or results.understood or results.partial


NAMED = (
    a_work("One", series="The “Turtle Speed” Breakthrough 🐢✨", language="de", date="2024-05-01"),
    a_work("Two", series='On "Straight" Quotes', language="en", date="2024-06-01"),
)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ('series:"The “Turtle Speed” Breakthrough 🐢✨"', {"One"}),
        ('series:"The Turtle Speed Breakthrough"', {"One"}),
        ("series:“the turtle speed breakthrough”", {"One"}),
        ('series:"On Straight Quotes"', {"Two"}),
        ('-series:"The “Turtle Speed” Breakthrough 🐢✨"', {"Two"}),
        ("language:German ", {"One"}),
        ("language:english ", {"Two"}),
        ("language:de ", {"One"}),
        ('year:2024 month:"May 2024"', {"One"}),
    ],
)
def test_a_facets_value_could_not_be_typed_as_it_is_shown(
    index_of: IndexOf, typed: str, titles: set[str]
) -> None:
    results = index_of(*NAMED).search(typed)

    assert found(results) == titles
    assert not results.notes
