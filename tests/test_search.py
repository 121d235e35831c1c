"""What is found, and in which order: the engine beside plain Python."""

import pytest
from builders import a_document, a_work, work_of
from corpora import corpora_and_queries, index_with
from hypothesis import HealthCheck, given, settings
from reference import Answer, Reference
from results import IndexOf, counts, found, titles

from searchapp.documents import Work
from searchapp.engine.results import Results
from searchapp.engine.store import Store
from searchapp.fields import FACET
from searchapp.query import Query

thorough = settings(
    deadline=None,
    max_examples=30,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# Beside a plain reference


def comparable(results: Results) -> Answer:
    return Answer(
        total=results.total,
        places=results.places,
        partial=results.partial,
        page=results.page,
        pages=results.pages,
        hits=[hit.id for hit in results.hits],
        complete=[hit.complete for hit in results.hits],
        scores=[pytest.approx(hit.score, rel=1e-5) for hit in results.hits],
        facets={name: counts(results, name) for name in results.facets},
        dropped=[part.text for part in results.understood if part.role == "dropped"],
    )


@thorough
@given(corpora_and_queries())
def test_answers_are_those_of_the_definitions(
    case: tuple[list[Work], list[tuple[Query, int]]],
) -> None:
    works, queries = case
    reference = Reference(works)
    with index_with(works) as index:
        for query, limit in queries:
            assert comparable(index.answer(query, limit=limit)) == reference.answer(query, limit)


@thorough
@given(corpora_and_queries())
def test_choosing_a_value_shows_exactly_its_count(
    case: tuple[list[Work], list[tuple[Query, int]]],
) -> None:
    works, queries = case
    with index_with(works) as index:
        for query, _ in queries[:8]:
            results = index.answer(query)
            for name, values in results.facets.items():
                shown = results.query  # typed filters, bounds on the year among them, are chosen
                if FACET[name].every or not shown.chosen(name):
                    promised = {v.value: v.count for v in values if v.count and not v.selected}
                    chosen = {v: index.answer(shown.with_filter(name, v)).total for v in promised}
                    assert chosen == promised


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("fine-tuning", "fine tuning ", id="a hyphen, asked with a space"),
        pytest.param("fine tuning", "fine-tuning ", id="a space, asked with a hyphen"),
        pytest.param("fine-tuning", "finetuning ", id="without the hyphen"),
        pytest.param("fine tuning", "finetun", id="without the space, as it is being typed"),
        pytest.param("He was running", "runs ", id="another form of the word"),
        pytest.param("Café", "cafe ", id="accents left out"),
        pytest.param("cafe", "café ", id="accents put in"),
        pytest.param("Işık", "ışık ", id="a Turkish capital"),
        pytest.param("C++20", "c++ ", id="C++"),
        pytest.param("GRPO’s cost", "grpo ", id="a possessive"),
        pytest.param("O’Reilly", "oreilly ", id="an apostrophe left out"),
        pytest.param("O’Reilly", "O'Reilly ", id="an apostrophe typed"),
        pytest.param("O’Reilly", "O'Rei", id="and as it is being typed"),
        pytest.param("un homme", "l'homme ", id="without the article that was typed"),
        pytest.param("l'homme", "homme ", id="with an article that was not typed"),
        pytest.param("don’t", "dont ", id="don't without its apostrophe"),
        pytest.param("हिन्दी में", "हिन्", id="the beginning of a Hindi word"),
        pytest.param("हिन्दी में", "हिन्दी", id="a Hindi word that ends with a vowel sign"),
        pytest.param("日本語の本", "日本語", id="Japanese within a run"),
        pytest.param("日本語の本", "の本 ", id="Japanese across words"),
        pytest.param("日本語の本", "語", id="one Japanese character"),
        pytest.param("日本語の本", "本 日", id="Japanese characters apart"),
        pytest.param("深層学習とGRPO", "学習 grpo ", id="scripts side by side"),
        pytest.param("ภาษาไทย", "ไทย", id="Thai"),
        pytest.param("a b c", "b ", id="one letter"),
        pytest.param("in 2024", "2024 ", id="a number"),
    ],
)
def test_a_piece_is_found(index_of: IndexOf, text: str, words: str) -> None:
    index = index_of(a_work("It", text=text), a_work("Other", text="nothing of it"))

    assert titles(index.search(words)) == ["It"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("running", "runn ", id="a beginning that is finished"),
        pytest.param("C code", "c++ ", id="C is not C++"),
        pytest.param("the net", ".net ", id="net is not .NET"),
        pytest.param("日本と本語学", "日語", id="characters that do not follow each other"),
        pytest.param("anything", "zebra", id="what is not there"),
    ],
)
def test_a_piece_is_not_found(index_of: IndexOf, text: str, words: str) -> None:
    results = index_of(a_work("It", text=text)).search(words)

    assert (results.total, titles(results)) == (0, [])


def test_a_piece_is_found_by_the_words_tags_and_sites_of_every_copy(
    index_of: IndexOf,
) -> None:
    copy = a_document("Other name", text="zebra", tags=["pets"], publication="Medium")
    index = index_of(work_of(a_document("Name", text="lion"), copy), a_work("Unlike"))

    for answer in (
        index.search("zebra "),
        index.search("other name "),
        index.search(tag="pets"),
        index.search(source="Medium"),
        index.search("lion zebra "),
    ):
        assert titles(answer) == ["Name"]


def test_a_translation_is_found_by_its_own_language_though_no_piece_is_canonically_in_it(
    index_of: IndexOf,
) -> None:
    french = a_document("Les nations", text="il mangeait", language="fr")
    index = index_of(work_of(a_document("Nations"), french))

    assert index.search("mangeait ").total == 1
    assert index.search("mangerez ").total == 1


def test_a_word_counts_as_often_as_in_the_copy_that_has_it_most(
    index_of: IndexOf,
) -> None:
    once = [a_document("Once", text="zebra lion") for _ in range(3)]
    index = index_of(
        work_of(*once, *(a_document("Once", text="zebra lion") for _ in range(3))),
        a_work("Once", text="zebra lion"),
    )

    first, second = index.search("zebra ").hits
    assert first.score == pytest.approx(second.score)


def test_a_title_weighs_more_than_a_summary_and_that_more_than_text(
    index_of: IndexOf,
) -> None:
    filler = "one two three four five"
    index = index_of(
        a_work("A", text=f"zebra {filler}", summary=filler),
        a_work("B", text=f"{filler} six", summary=f"zebra {filler}"),
        a_work("Zebra", text=f"{filler} six", summary=filler),
    )

    assert titles(index.search("zebra ")) == ["Zebra", "B", "A"]


# A last word that may go on


def test_whole_words_rank_above_words_that_only_begin_so(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Zebra zebra", text="zebra tuna"),
        a_work("It", text="zebra, a tun, and many other words to make it weigh less"),
        *(a_work("A tun") for _ in range(9)),
    )

    first, second = (hit for hit in index.search("zebra tun").hits if hit.complete)
    assert (first.title, second.title) == ("It", "Zebra zebra")
    assert first.score < second.score


@pytest.mark.parametrize("end", [" ", '"', ".", ")", "?", "\n"])
def test_a_word_with_something_behind_it_is_no_prefix(index_of: IndexOf, end: str) -> None:
    index = index_of(a_work("Tuna"), a_work("A tun"))

    assert titles(index.search("tun" + end)) == ["A tun"]


def test_a_word_with_a_filter_behind_it_is_no_prefix(index_of: IndexOf) -> None:
    index = index_of(a_work("Tuna", tags=["pets"]), a_work("A tun", tags=["pets"]))

    assert titles(index.search("tun tag:pets")) == ["A tun"]
    assert index.search("tag:pets tun").total == 2


def test_only_the_last_word_is_a_prefix(index_of: IndexOf) -> None:
    index = index_of(a_work("Fine tuning"), a_work("Finer tuning"))

    assert found(index.search("fine tun")) == ["Fine tuning"]


def test_a_prefix_finds_the_words_as_written_not_their_stems_alone(
    index_of: IndexOf,
) -> None:
    index = index_of(a_work("Tagging"), a_work("Studies"))

    for typed in ("tagg", "taggin", "tagging"):
        assert titles(index.search(typed)) == ["Tagging"]
    assert titles(index.search("studie")) == ["Studies"]


def test_a_prefix_does_not_lead_to_the_stem_of_another_language(index_of: IndexOf) -> None:
    index = index_of(a_work("Brazil's reais"), a_work("RE: hello"), a_work("Un", language="fr"))

    assert found(index.search("rea")) == ["Brazil's reais"]  # in French, re is its stem


def test_japanese_is_ranked_by_its_words_not_by_where_a_run_ends(
    index_of: IndexOf,
) -> None:
    index = index_of(
        a_work("One", text="学習" + "。ああ" * 30),
        a_work("Two", text="学習者の学習法と学習者の学習法"),
    )

    assert titles(index.search("学習")) == ["Two", "One"]


# Words that are too many


def test_the_smallest_number_of_words_is_dropped_and_named(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Lions", text="lion tiger"), a_work("Zebras", text="zebra"), a_work("Lion")
    )

    results = index.search("lion tiger zebra ")
    assert found(results) == ["Lions"]
    assert (results.total, results.partial) == (1, 2)
    dropped = [part for part in results.understood if part.role == "dropped"]
    assert [part.text for part in dropped] == ["zebra"]
    assert dropped[0].note == "no piece has “zebra” beside the other words; without it: 1"


def test_among_equals_the_rarest_words_stay(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion"), a_work("Lion"), a_work("Zebra"))

    assert found(index.search("lion zebra ")) == ["Zebra"]
    assert found(index.search("zebra lion ")) == ["Zebra"]


def test_a_prefix_is_as_common_as_all_that_it_begins(index_of: IndexOf) -> None:
    tuna, zebras = [a_work("Tuna") for _ in range(3)], [a_work("Zebra") for _ in range(2)]
    index = index_of(a_work("A tun"), *tuna, *zebras)

    assert found(index.search("zebra tun")) == ["Zebra", "Zebra"]
    assert found(index.search("zebra tun ")) == ["A tun"]


def test_a_filter_is_never_dropped(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion", tags=["a"], kind="note"), a_work("Zebra", tags=["b"]))

    assert titles(index.search("zebra ", tag="a")) == []
    assert index.search("zebra ", tag=["a", "b"]).total == 0
    assert index.search("", tag="unheard-of").total == 0
    assert index.search("zebra ", series="There is none").total == 0


def test_a_word_is_dropped_only_where_the_filters_leave_none_with_all(
    index_of: IndexOf,
) -> None:
    index = index_of(a_work("Lion zebra", tags=["a"]), a_work("Lion", tags=["b"]))

    everywhere, narrowed = index.search("lion zebra "), index.search("lion zebra ", tag="b")
    assert [part.role for part in everywhere.understood] == ["word", "word"]
    assert titles(narrowed) == ["Lion"]
    assert [part.text for part in narrowed.understood if part.role == "dropped"] == ["zebra"]


def test_no_word_found_finds_nothing_and_drops_nothing(index_of: IndexOf) -> None:
    results = index_of(a_work("Lion")).search("zebra giraffe ")

    assert (results.total, results.partial, results.hits) == (0, 0, ())
    assert [part.role for part in results.understood] == ["word", "word"]


def test_more_words_than_are_read_are_cut_and_that_is_told(index_of: IndexOf) -> None:
    words = " ".join(f"w{i}" for i in range(50))
    results = index_of(a_work("Piece", text=words)).search(words)

    assert results.total == 1
    assert results.notes == ("Only the first 40 words were searched for.",)


@pytest.mark.parametrize("words", ["!!!", "🚀", '"', "- -"])
def test_what_holds_no_word_is_told(index_of: IndexOf, words: str) -> None:
    results = index_of(a_work("Piece")).search(words)

    assert results.notes == (f"There is no word to search for in “{words}”.",)


# The tail, limits and pages


def test_pieces_with_all_words_come_first_then_those_with_some(
    index_of: IndexOf,
) -> None:
    index = index_of(
        a_work("Zebra zebra zebra", text="zebra"),
        a_work("All", text="lion zebra and a good deal of other words beside them"),
        a_work("Lion"),
        a_work("Neither"),
    )

    results = index.search("lion zebra ")
    assert titles(results)[0] == "All"
    assert [hit.complete for hit in results.hits] == [True, False, False]
    assert (results.total, results.partial, results.pages) == (1, 2, 1)


def test_the_tail_is_ranked_by_score_whichever_words_it_has(index_of: IndexOf) -> None:
    index = index_of(
        a_work("All", text="lion tiger common"),
        a_work("Lion tiger", text="lion tiger"),
        *(a_work(f"Common {i}") for i in range(5)),
    )

    assert titles(index.search("lion tiger common "))[:2] == ["All", "Lion tiger"]


def test_pages_hold_the_pieces_with_all_words_and_the_last_is_filled_from_the_tail(
    index_of: IndexOf,
) -> None:
    index = index_of(
        *(a_work(f"Lion zebra {i}") for i in range(5)), *(a_work(f"Zebra {i}") for i in range(5))
    )

    pages = [index.search("lion zebra ", limit=2, page=page) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [2, 2, 2]
    assert [hit.complete for page in pages for hit in page.hits] == [True] * 5 + [False]
    assert {(page.total, page.pages, page.partial) for page in pages} == {(5, 3, 5)}
    assert len({hit.id for page in pages for hit in page.hits}) == 6


def test_a_page_beyond_the_last_is_the_last_and_that_is_told(
    index_of: IndexOf,
) -> None:
    index = index_of(*(a_work() for _ in range(3)))

    results = index.search(limit=2, page=7)
    assert (results.page, len(results.hits), results.query.page) == (2, 1, 2)
    assert results.notes == ("There is no page 7; page 2 is the last.",)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": -1}, {"page": 0}])
def test_a_limit_or_page_under_1_is_an_error_in_python(
    index_of: IndexOf, wrong: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="both begin with 1"):
        index_of().search("x", **wrong)  # type: ignore[arg-type]


def test_any_number_of_hits_may_be_asked_for(index_of: IndexOf) -> None:
    index = index_of(a_work(), a_work())

    assert len(index.search(limit=10**9).hits) == 2
    some = int(index.search().hits[0].id, 16)
    store = Store(index.path / "gen-1" / "works.sqlite")
    assert len(store.texts([some] * 300_000)) == 300_000  # SQLite takes 250,000 parameters
