"""Pieces that are offered while somebody types."""

from collections.abc import Callable

import pytest
from builders import a_work

from searchapp import Index
from searchapp.web.suggesting import suggest_pieces

A_SHELF = (
    a_work("Kites and wind", text="Strings."),
    a_work("Wind", text="Kites fly in it. Kites, kites, kites.", date="2024-01-01"),
    a_work("Modelling rivers", text="Water."),
    a_work("A note", text="C++ and kites and rivers.", tags=["Kites"]),
)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("kit", ["Kites and wind"]),
        ("wind", ["Wind", "Kites and wind"]),
        ("wind kit", ["Kites and wind"]),
        ("models", ["Modelling rivers"]),
        ("rivrs", ["Modelling rivers", "A note"]),
        ("string", ["Kites and wind"]),
        ("rivers kit", ["A note"]),
        ('"kites and"', ["Kites and wind", "A note"]),
        ("-wind kites", ["A note"]),
        ("tag:kites", ["A note"]),
        ("", []),
        (" !! ", []),
        ("zebra", []),
    ],
)
def test_titles_that_have_what_was_typed_come_alone_else_what_a_search_finds(
    typed: str, offered: list[str], index_of: Callable[..., Index]
) -> None:
    index = index_of(*A_SHELF)

    assert [hit.title for hit in suggest_pieces(index, typed, 4)] == offered


def test_what_is_too_long_is_cut_before_titles_are_looked_through(
    index_of: Callable[..., Index],
) -> None:
    index = index_of(a_work("Kites"), a_work("Strings", text="of a kites' maker"))

    assert [hit.title for hit in suggest_pieces(index, "kites " + "x" * 9_000, 4)] == ["Kites"]


def test_no_more_are_offered_than_asked_for(index_of: Callable[..., Index]) -> None:
    index = index_of(*(a_work(f"Kite {number}") for number in range(9)))

    assert len(suggest_pieces(index, "kite", 4)) == 4


@pytest.mark.parametrize(
    "typed", ["a" * 5000, "x " * 5000, '"', "-", "title:", "tag:", "\x00", "("]
)
def test_nothing_that_is_typed_breaks_it(typed: str, index_of: Callable[..., Index]) -> None:
    suggest_pieces(index_of(a_work("Kites")), typed, 4)
