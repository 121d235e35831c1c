"""A value that no piece has, in the shell, in the box and in an address: it was a dead end."""

from collections.abc import Callable

import pytest
from builders import a_tag, a_work
from consoles import call
from html_reader import find_all

from searchapp.engine import Index
from searchapp.engine.near_values import near_values, next_values
from searchapp.web import create_app

IndexOf = Callable[..., Index]


@pytest.fixture
def index(index_of: IndexOf) -> Index:
    """Four pieces, on two sites, of two kinds, of three years."""
    return index_of(
        a_work("On tides", date="2019-01-01", tags=["tides"], publication="Medium"),
        a_work("On kites", date="2021-01-01", tags=["kites"], kind="article"),
        a_work("More kites", date="2024-01-01", tags=["kites"], publication="The Batch"),
        a_work("Again", date="2024-02-01", tags=["tides", "kites"], publication="Medium"),
        tags=[a_tag("tides", "ebb"), a_tag("kites")],
    )


@pytest.mark.parametrize(
    ("chosen", "meant"),
    [
        (["--kind", "aricle"], "kind “aricle”; did you mean kind:article?"),
        (["--tag", "tidse"], "tag “tidse”; did you mean tag:tides?"),
        (["--source", "medum"], "source “medum”; did you mean source:Medium?"),
        (["--source", "the bacth"], 'source “the bacth”; did you mean source:"The Batch"?'),
        (["--source", "med"], "source “med”; did you mean source:Medium?"),
        (["--year", "2031"], "year “2031”; did you mean year:2024?"),
        (["--year", "2020"], "year “2020”; did you mean year:2019 or year:2021?"),
        (["--year", "1990"], "year “1990”; did you mean year:2019?"),
        (["source:medum"], "source “medum”; did you mean source:Medium?"),
        (["kites", "kind:artcle"], "kind “artcle”; did you mean kind:article?"),
        (["--source", "Quora"], "source “Quora”."),
    ],
)
def test_an_unknown_value_at_the_shell_was_a_dead_end(
    index: Index, chosen: list[str], meant: str
) -> None:
    printed = call(["search", *chosen, "--index", str(index.path)])

    assert f"No piece has the {meant}\n" in printed


def test_a_search_of_one_unknown_word_said_only_0_pieces(index: Index) -> None:
    printed = call(["search", "zzzyyyq", "--index", str(index.path)])

    assert "0 pieces in 0 places" in printed
    assert "no piece has these words, nor words like them; try fewer or other words" in printed
    assert "searchapp tags" in printed
    assert "nor words like" not in call(["search", "kites", "--index", str(index.path)])


@pytest.mark.parametrize(
    ("question", "way", "leads"),
    [
        ("source=medum", "with source: Medium", "/?source=Medium"),
        ("q=source:medum", "with source: Medium", "/?source=Medium"),
        ("q=kites&kind=aricle", "with kind: article", "/?q=kites&kind=article"),
        ("year=2031", "with year: 2024", "/?year=2024"),
        ("tag=tidse", "with tag: tides", "/?tag=tides"),
    ],
)
def test_a_misspelt_filter_on_the_page_was_not_led_on(
    index: Index, question: str, way: str, leads: str
) -> None:
    html = create_app(index.path).test_client().get(f"/?{question}").text

    assert [a["href"] for a in find_all(html, "a") if a.text.startswith(way)] == [leads]


def test_what_is_unknown_and_unlike_is_led_nowhere_and_costs_no_more(index: Index) -> None:
    assert index.nearest("source", "Medium") == ()
    assert index.nearest("source", "x" * 10_000) == ()
    assert index.nearest("year", "then") == ()
    assert index.nearest("tag", "") == ()


def test_near_values_are_within_a_slip_or_two_and_the_nearest_first() -> None:
    folded = [(name, name, name) for name in ("kite", "kites", "kit", "tikes", "archery")]

    assert near_values(folded, "kitse", 9) == ["kite", "kites"]
    assert near_values(folded, "ki", 9) == []
    assert near_values(folded, "arcehyr", 9) == ["archery"]


def test_next_values_are_those_before_and_after() -> None:
    assert next_values(("2024-01", "2019-05"), "2020-07") == ["2019-05", "2024-01"]
    assert next_values((), "2020") == []
