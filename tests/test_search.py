"""What is found, in which order, and how it is counted: the engine beside plain Python."""

from collections.abc import Callable

import pytest
from builders import a_document, a_tag, a_work, work_of
from corpora import corpora_and_queries, index_with
from hypothesis import HealthCheck, given, settings
from reference import Answer, Reference

from searchapp.documents import Work
from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.engine.store import Store
from searchapp.fields import FACET
from searchapp.query import Query

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it

thorough = settings(
    deadline=None,
    max_examples=30,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def counts(results: Results, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets.get(facet, ())}


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


def found(results: Results) -> list[str]:
    """Return the titles of those that have all the words, without the tail."""
    return [hit.title for hit in results.hits if hit.complete]


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

    for found in (
        index.search("zebra "),
        index.search("other name "),
        index.search(tag="pets"),
        index.search(source="Medium"),
        index.search("lion zebra "),
    ):
        assert titles(found) == ["Name"]


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


# Tags


def test_a_tag_may_be_given_in_any_spelling_or_by_an_alias(index_of: IndexOf) -> None:
    index = index_of(
        a_work("It", tags=["reinforcement-learning"]),
        a_work("Other", tags=["pets"]),
        tags=[
            a_tag("reinforcement-learning", "RL", "policy search", label="Reinforcement Learning")
        ],
    )

    for name in ("reinforcement-learning", "Reinforcement Learning", "RL", "rl", "Policy_Search"):
        results = index.search(tag=name)
        assert titles(results) == ["It"]
        assert results.query.chosen("tag") == ("reinforcement-learning",)
        tag = index.tag(name)
        assert tag is not None
        assert (tag.slug, tag.count, tag.aliases) == (
            "reinforcement-learning", 1, ("RL", "policy search"),
        )  # fmt: skip
    assert titles(index.search("tag:rl")) == ["It"]
    assert titles(index.search("-tag:rl")) == ["Other"]
    assert titles(index.search(not_tag="RL")) == ["Other"]
    assert index.tag("unheard of") is None


def test_an_alias_typed_as_a_word_finds_what_is_tagged_by_another_name(
    index_of: IndexOf,
) -> None:
    work = a_work("Bandits")
    tagged = Work(
        work.documents, tags=("reinforcement-learning",), places=work.places,
        tag_names=("Reinforcement learning", "RL"),
    )  # fmt: skip
    index = index_of(tagged, a_work("Other"))

    assert titles(index.search("RL ")) == ["Bandits"]
    assert titles(index.search("reinforcement ")) == ["Bandits"]


def test_tags_are_anded_and_the_values_of_other_facets_are_ored(
    index_of: IndexOf,
) -> None:
    index = index_of(
        a_work("A", tags=["x", "y"], kind="post"),
        a_work("B", tags=["x"], kind="note"),
        a_work("C", tags=["y"], kind="talk"),
    )

    assert titles(index.search(tag=["x", "y"])) == ["A"]
    assert titles(index.search(kind=["note", "talk"], sort="title")) == ["B", "C"]
    assert titles(index.search(kind=["note", "talk"], tag="x")) == ["B"]
    assert titles(index.search(not_tag=["x"])) == ["C"]
    assert titles(index.search(not_kind=["post", "note"])) == ["C"]


def test_300_tags_on_one_piece_may_all_be_chosen(index_of: IndexOf) -> None:
    tags = [f"t{i}" for i in range(300)]
    index = index_of(a_work("It", tags=tags), a_work("Other", tags=tags[1:]))

    assert titles(index.search(tag=tags)) == ["It"]
    assert index.search(tag=tags[:256]).total == 1


def test_unknown_values_are_told_and_a_long_list_of_them_is_cut(
    index_of: IndexOf,
) -> None:
    index = index_of(a_work(tags=["pets"]))

    assert index.search(tag="cats").notes == ("No piece has the tag “cats”.",)
    assert index.search(not_source="Mars").notes == ("No piece has the source “Mars”.",)
    many = index.search(series=[f"s{i:05}" for i in range(10_000)])
    assert many.notes == ("No piece has the series “s00000”, “s00001”, “s00002” and 9997 more.",)


# Typed filters


def test_typed_filters_are_filters_and_leave_the_words(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Lion", publication="The Batch", tags=["pets"]), a_work("Lion two", tags=["pets"])
    )

    results = index.search('lion source:"the batch" tag:Pets')
    assert titles(results) == ["Lion"]
    assert results.query == Query.of("lion ", {"source": "The Batch", "tag": "pets"})
    assert [(part.text, part.role, part.note) for part in results.understood] == [
        ('source:"the batch"', "filter", "pieces with source “the batch”"),
        ("tag:Pets", "filter", "pieces with tag “pets”"),
        ("lion", "word", None),
    ]


def test_a_typed_filter_can_be_taken_away_again(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion", tags=["pets"]), a_work("Lion two"))

    understood = index.search("lion tag:pets").query
    assert index.answer(understood.without_filter("tag", "pets")).total == 2


def test_words_without_filters_come_back_as_they_were_asked(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion"))

    for words in ('"a lion"', "lion ", "re:Invent lion", "C++"):
        assert index.search(words).query.words == words


# Orders


def test_undated_pieces_come_last_in_both_orders_of_date(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Undated B"),
        a_work("Old", date="2019-01-01"),
        a_work("Undated A"),
        a_work("New", date="2024-01-01"),
    )

    assert titles(index.search(sort="newest")) == ["New", "Old", "Undated A", "Undated B"]
    assert titles(index.search(sort="oldest")) == ["Old", "New", "Undated A", "Undated B"]


def test_the_first_day_of_the_calendar_is_a_date(index_of: IndexOf) -> None:
    index = index_of(a_work("Undated"), a_work("First", date="0001-01-01"))

    assert titles(index.search(sort="newest")) == ["First", "Undated"]
    assert counts(index.search(), "year") == {"0001": 1}


def test_titles_are_ordered_as_readers_expect(index_of: IndexOf) -> None:
    index = index_of(*map(a_work, ["beta", "Éclair", "Alpha", "zebra", "eagle"]))

    assert titles(index.search(sort="title")) == ["Alpha", "beta", "eagle", "Éclair", "zebra"]


def test_of_equal_pieces_the_newer_comes_first(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Zebra", id="a"),
        a_work("Zebra", id="b", date="2020-01-01"),
        a_work("Zebra", id="c", date="2024-01-01"),
    )

    assert [hit.date for hit in index.search("zebra ").hits] == ["2024-01-01", "2020-01-01", None]


def test_orders_are_offered_where_they_make_sense(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion", date="2024-01-01"))

    assert index.search("lion").sorts == ("relevance", "newest", "oldest", "title")
    assert index.search().sorts == ("newest", "oldest", "title")
    assert index.search().sort == "newest"
    assert index.search("lion").sort == "relevance"


def test_orders_by_date_are_not_there_without_any_date(index_of: IndexOf) -> None:
    index = index_of(a_work("B"), a_work("A"))

    results = index.search(sort="newest")
    assert (results.sorts, results.sort, titles(results)) == (("title",), "title", ["A", "B"])
    assert index.search("a").sorts == ("relevance", "title")


@pytest.mark.parametrize(
    ("words", "sort", "kept"),
    [
        ("lion", "relevance", None),
        ("lion", "newest", "newest"),
        ("", "newest", None),
        ("", "relevance", None),
        ("", "title", "title"),
    ],
)
def test_the_usual_order_is_left_out_of_links(
    index_of: IndexOf, words: str, sort: str, kept: str | None
) -> None:
    index = index_of(a_work("Lion", date="2024-01-01"))

    assert index.search(words, sort=sort).query.sort == kept


# Facets


def test_a_facet_without_any_value_is_not_there(index_of: IndexOf) -> None:
    assert list(index_of(a_work()).search().facets) == ["source", "kind", "language"]


def test_an_index_without_works_answers(index_of: IndexOf) -> None:
    index = index_of()

    for results in (index.search(), index.search("lion"), index.search(tag="x", sort="newest")):
        assert (results.total, results.pages, results.hits, results.facets) == (0, 1, (), {})
    assert index.tags() == ()
    assert index.work("0" * 12) is None


def test_months_are_there_once_a_year_is_chosen(index_of: IndexOf) -> None:
    index = index_of(
        a_work(date="2024-05-31"), a_work(date="2024-05-01"), a_work(date="2023-12-01")
    )

    assert "month" not in index.search().facets
    assert "month" not in index.search(not_year="2023").facets
    assert counts(index.search(year="2024"), "month") == {"2024-05": 2}
    both = index.search(year=["2023", "2024"])
    assert [value.label for value in both.facets["month"]] == ["May 2024", "December 2023"]


def test_a_work_is_counted_under_each_of_its_values_once(index_of: IndexOf) -> None:
    index = index_of(
        work_of(
            a_document(tags=["cats", "pets"], publication="Medium"),
            a_document(tags=["pets"], publication="Medium"),
            a_document(publication="Quora"),
        ),
        a_work(tags=["pets"], publication="Medium"),
    )

    results = index.search()
    assert counts(results, "tag") == {"pets": 2, "cats": 1}
    assert counts(results, "source") == {"Medium": 2, "Quora": 1}
    assert (results.total, results.places) == (2, 4)


def test_values_stand_in_the_order_of_their_facet(index_of: IndexOf) -> None:
    index = index_of(
        a_work(tags=["a", "b"], minutes=25, date="2022-01-01"),
        a_work(tags=["b"], minutes=3, date="2024-01-01"),
        a_work(tags=["c", "b"], minutes=12, date="2023-01-01"),
    )

    facets = index.search().facets
    assert [value.value for value in facets["tag"]] == ["b", "a", "c"]
    assert [value.value for value in facets["minutes"]] == ["0-5", "10-20", "20-"]
    assert [value.value for value in facets["year"]] == ["2024", "2023", "2022"]


@pytest.mark.parametrize(
    ("minutes", "bucket"),
    [(0, "0-5"), (4, "0-5"), (5, "5-10"), (9, "5-10"), (10, "10-20"), (19, "10-20"), (20, "20-")],
)
def test_a_bucket_of_minutes_holds_its_lower_bound_and_not_its_upper(
    index_of: IndexOf, minutes: int, bucket: str
) -> None:
    assert counts(index_of(a_work(minutes=minutes)).search(), "minutes") == {bucket: 1}


def test_other_values_of_a_chosen_facet_keep_the_counts_they_would_have(
    index_of: IndexOf,
) -> None:
    index = index_of(a_work(kind="post"), a_work(kind="note"), a_work(kind="note", tags=["x"]))

    results = index.search(kind="post")
    assert counts(results, "kind") == {"note": 2, "post": 1}
    assert counts(results, "tag") == {}
    assert counts(index.search(kind="post", tag="x"), "kind") == {"note": 1, "post": 0}


def test_what_is_excluded_stays_out_of_the_counts_beside_it(index_of: IndexOf) -> None:
    index = index_of(
        work_of(a_document(publication="Blog"), a_document(publication="Medium")),
        a_work(publication="Blog"),
    )

    results = index.search(not_source="Medium")
    assert counts(results, "source") == {"Blog": 1, "Medium": 0}
    assert index.search(source="Blog", not_source="Medium").total == 1
    excluded = [value.value for value in results.facets["source"] if value.excluded]
    assert excluded == ["Medium"]


def test_a_chosen_value_is_there_whatever_its_count(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion", tags=["a"]), a_work("Zebra", tags=["b"]))

    results = index.search("lion ", tag="b")
    assert [(v.value, v.count, v.selected) for v in results.facets["tag"]] == [("b", 0, True)]


def test_values_differ_by_case_only_where_both_are_there(index_of: IndexOf) -> None:
    index = index_of(
        a_work("A", series="Pets"), a_work("B", series="pets"), a_work("C", series="X")
    )

    assert titles(index.search(series="Pets")) == ["A"]
    assert titles(index.search(series="pets")) == ["B"]
    assert titles(index.search(series="x")) == ["C"]


def test_a_value_with_space_around_it_can_be_chosen(index_of: IndexOf) -> None:
    index = index_of(a_work("A", series=" Pets "), a_work("B"))

    (value,) = index.search().facets["series"]
    assert titles(index.search(series=value.value)) == ["A"]


# What a hit shows


def test_a_hit_tells_all_there_is_to_tell(index_of: IndexOf) -> None:
    index = index_of(
        work_of(
            a_document(
                "Title", id="blog:1.md", url="https://a.example/1", date="2024-05-31", tags=["x"],
                summary="Sum", text="Text", minutes=3, series="S", part=2, authors=["Ada"],
                html="<p>Text</p>",
            ),
            a_document("Copy", id="m:1", publication="Medium", url="https://m.example/1"),
        ),
        a_work("Part one", series="S", part=1),
    )  # fmt: skip

    (hit,) = index.search("title ").hits
    assert (hit.title, hit.url, hit.date, hit.kind) == (
        "Title", "https://a.example/1", "2024-05-31", "post",
    )  # fmt: skip
    assert (hit.source, hit.language, hit.authors, hit.minutes) == ("Blog", "en", ("Ada",), 3)
    assert (hit.tags, hit.summary, hit.documents) == (("x",), "Sum", ("blog:1.md", "m:1"))
    assert hit.series is not None
    assert (hit.series.title, hit.series.part, hit.series.parts) == ("S", 2, 2)
    assert [(p.source, p.url, p.date, p.role) for p in hit.places] == [
        ("Blog", "https://a.example/1", "2024-05-31", "original"),
        ("Medium", "https://m.example/1", None, "copy"),
    ]


def test_a_work_is_there_by_the_key_of_each_of_its_documents(
    index_of: IndexOf,
) -> None:
    original, copy = a_document("It", html="<p>It</p>"), a_document("Copy")
    index = index_of(work_of(original, copy))

    for key in (original.key, copy.key, copy.key.upper()):
        page = index.work(key)
        assert page is not None
        assert (page.hit.title, page.html) == ("It", "<p>It</p>")


@pytest.mark.parametrize(
    "key", ["", "0" * 12, "0" * 11, "0" * 13, "g" * 12, "+" + "1" * 11, "1_2345678901", "٣" * 12]
)
def test_what_is_no_key_of_a_document_is_none(index_of: IndexOf, key: str) -> None:
    assert index_of(a_work()).work(key) is None


def test_a_path_that_is_no_utf_8_is_kept(index_of: IndexOf) -> None:
    index = index_of(a_work("It", id="blog:caf\udce9.md", path="caf\udce9.md"))

    assert index.search("it").hits[0].documents == ("blog:caf\udce9.md",)


def test_an_image_is_known_where_a_piece_shows_it(index_of: IndexOf) -> None:
    index = index_of(a_work(images=["posts/cat.png"]))

    assert index.has_image("posts/cat.png")
    assert not index.has_image("posts/dog.png")


def test_tags_are_told_most_used_first(index_of: IndexOf) -> None:
    index = index_of(
        a_work(tags=["b", "a"]),
        a_work(tags=["b", "c"]),
        tags=[a_tag("a", label="Zebra"), a_tag("unused")],
    )

    assert [(tag.slug, tag.label, tag.count) for tag in index.tags()] == [
        ("b", "b", 2), ("c", "c", 1), ("a", "Zebra", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("spelling", ["mapmaking", "MapMaking", "map_making", "MAP making"])
def test_a_tag_is_found_in_a_spelling_that_nobody_wrote(
    index_of: Callable[..., Index], spelling: str
) -> None:
    index = index_of(a_work(tags=["map-making"]), tags=[a_tag("map-making")])

    results = index.search(tag=[spelling])

    assert results.total == 1
    assert results.query.chosen("tag") == ("map-making",)
