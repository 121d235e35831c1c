"""How answers are narrowed, ordered and counted, and what a hit shows."""

from collections.abc import Callable

import pytest
from builders import a_document, a_tag, a_work, work_of
from results import IndexOf, counts, titles

from searchapp.documents import Work
from searchapp.engine import Index
from searchapp.query import Query

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
