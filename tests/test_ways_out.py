"""Whoever finds little is told what each part of the question costs, with a link to do without."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from builders import a_work, write_files
from click.testing import CliRunner
from corpora import corpora_and_queries, index_with
from hypothesis import HealthCheck, given, settings

from searchapp.build import build
from searchapp.cli import cli
from searchapp.documents import Work
from searchapp.engine import Index
from searchapp.query import Query
from searchapp.relaxing import relax
from searchapp.web import create_app

IndexOf = Callable[..., Index]


def label(facet: str, value: str) -> str:
    return value


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        pytest.param(Query.of("flask whoosh"), {"without “flask”": "whoosh",
                     "without “whoosh”": "flask "}, id="words"),
        pytest.param(Query.of('a "b c" d '), {"without “a”": '"b c" d ',
                     'without "b c"': "a d ", "without “d”": 'a "b c" ',
                     "without the quotation marks": "a b c d "}, id="a phrase"),
        pytest.param(Query.of('title:"b c"'), {"without the quotation marks": "title:b title:c "},
                     id="a phrase in titles"),
        pytest.param(Query.of('"tag:b OR c"'), {}, id="what would mean something else unquoted"),
        pytest.param(Query.of("a OR b c "), {"without “a OR b”": "c ", "without “c”": "a OR b "},
                     id="either is one part"),
        pytest.param(Query.of("a -b "), {"without “a”": "-b ", "with “b”": "a "}, id="a minus"),
        pytest.param(Query.of("a title:b "), {"without “a”": "title:b ",
                     "without “title:b”": "a "}, id="in titles"),
        pytest.param(Query.of("fine-tuning a "), {"without “fine-tuning”": "a ",
                     "without “a”": "fine-tuning "}, id="two words in one"),
        pytest.param(Query.of("a b | c "), {"without “a”": "b | c ", "without “b”": "a | c "},
                     id="behind a bar nothing must match"),
        pytest.param(Query.of("a"), {}, id="one word is all there is"),
        pytest.param(Query.of("a b c d e f g "), {}, id="a sentence has no word too much"),
        pytest.param(Query.of(""), {}, id="nothing"),
    ],
)  # fmt: skip
def test_words_are_left_out_one_by_one(query: Query, ways: dict[str, str]) -> None:
    assert {left.in_words(label): left.query.words for left in relax(query)} == ways


def test_a_phrase_that_no_piece_has_was_a_dead_end(index_of: IndexOf) -> None:
    index = index_of(a_work("Kites", text="Paper kites fly high."), a_work("Rain"))

    page = create_app(index.path).test_client().get('/?q="kites+paper"').text
    assert "without the quotation marks</a>" in page
    assert "or begin with a tag" not in page


def test_filters_are_left_out_one_by_one_and_all_together() -> None:
    query = Query.of("a b ", {"tag": ["x", "y"], "year": "2024"}, {"source": "Medium"}, "title", 3)

    ways = {left.in_words(label): left.query.as_query_string() for left in relax(query)}
    assert ways == {
        "without the words": "tag=x&tag=y&year=2024&not.source=Medium&sort=title",
        "without any filter": "q=a+b+",
        "without tag: x": "q=a+b+&tag=y&year=2024&not.source=Medium&sort=title",
        "without tag: y": "q=a+b+&tag=x&year=2024&not.source=Medium&sort=title",
        "without year: 2024": "q=a+b+&tag=x&tag=y&not.source=Medium&sort=title",
        "with source: Medium": "q=a+b+&tag=x&tag=y&year=2024&sort=title",
        "without “a”": "q=b+&tag=x&tag=y&year=2024&not.source=Medium&sort=title",
        "without “b”": "q=a+&tag=x&tag=y&year=2024&not.source=Medium&sort=title",
    }


@settings(
    deadline=None, max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(corpora_and_queries())
def test_a_way_out_leads_to_as_many_pieces_as_it_says(
    drawn: tuple[list[Work], list[tuple[Query, int]]],
) -> None:
    works, asked = drawn
    with index_with(works) as index:
        for query, _ in asked:
            results = index.answer(query)
            for way in index.ways_out(results):
                found = index.answer(way.relaxation.query)
                assert found.total == way.total > 0
                assert [part for part in found.understood if part.role == "dropped"] == []


def ways(index: Index, words: str, **filters: str) -> dict[str, int]:
    results = index.search(words, **filters)
    return {w.relaxation.in_words(index.label): w.total for w in index.ways_out(results)}


def test_another_word_than_the_one_that_was_dropped_may_be_left_out(index_of: IndexOf) -> None:
    index = index_of(
        a_work("Flask search"), a_work("Flask forms"), a_work("Whoosh search"), a_work("Moe")
    )
    assert ways(index, "flask whoosh search ") == {
        "without “flask”": 1, "without “whoosh”": 1,
    }  # fmt: skip


def test_who_finds_enough_is_told_nothing(index_of: IndexOf) -> None:
    index = index_of(*(a_work("Lion zebra") for _ in range(4)), a_work("Lion"))

    assert ways(index, "lion zebra ") == {}
    assert ways(index, "lion ") == {}


def test_a_way_that_finds_no_more_is_none(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion zebra", tags=["a"]), a_work("Lion", tags=["b"]))

    assert ways(index, "lion zebra ", tag="a") == {}
    assert ways(index, "lion zebra ") == {"without “zebra”": 2}


def test_none_found_by_a_filter_says_what_is_there_without_it(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion", tags=["a"]), a_work("Lion two", tags=["a"]), a_work("Zebra"))

    assert ways(index, "zebra ", tag="a") == {"without “zebra”": 2, "without tag: a": 1}


def test_at_most_eight_questions_are_asked(index_of: IndexOf) -> None:
    index = index_of(a_work("Lion zebra"))
    results = index.search("lion zebra giraffe tiger puma lynx ", tag=[f"t{n}" for n in range(9)])

    assert len(index.ways_out(results)) <= 8


def test_the_page_links_each_way_and_the_api_tells_it(tmp_path: Path) -> None:
    posts = {f"{n}.md": f"---\ntitle: Flask {n}\ntags: [web]\n---\nText.\n" for n in range(5)}
    posts["w.md"] = "---\ntitle: Whoosh and flask\ntags: [search]\n---\nText.\n"
    build(write_files(tmp_path / "content", posts), tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    page = client.get("/?q=flask+whoosh+").text
    ((url, named, found),) = re.findall(
        r'<a href="([^"]*)"[^>]*>([^<]*)</a> <span class="count">([^<]*)', page
    )
    assert (unescape(named), found) == ("without “whoosh”", "6 pieces")
    assert "6 pieces" in client.get(unescape(url)).text
    none = client.get("/?q=whoosh&tag=web").text
    assert "Nothing was found" in none and "without tag: web" in none
    assert client.get("/api/search?q=flask+whoosh+").json["ways_out"] == [
        {"without": "word", "text": "whoosh", "facet": None, "excluded": False, "total": 6,
         "query": {"q": "flask ", "filters": {}, "not": {}}}
    ]  # fmt: skip
    assert client.get("/api/search?q=flask").json["ways_out"] == []
    told = CliRunner().invoke(cli, ["search", "flask", "whoosh ", *folders(tmp_path)])
    assert "without “whoosh”: 6" in told.stderr.splitlines()


def folders(folder: Path) -> list[str]:
    return ["--content", str(folder / "content"), "--index", str(folder / "index")]
