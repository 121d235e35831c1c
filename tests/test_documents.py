"""The nouns: what a work is called, and when and where it was published."""

import datetime as dt

import pytest
from builders import a_document, work_of

from searchapp.documents import Document, Evidence, Place, Work
from searchapp.slugs import key_of

UNDATED = a_document(id="a")
EARLY = a_document(id="b", date="2020-01-01")
LATE = a_document(id="c", date="2021-01-01")
LATE_TOO = a_document(id="d", date="2021-01-01")


@pytest.mark.parametrize(
    ("documents", "named_after"),
    [
        ((LATE, EARLY), EARLY),
        ((UNDATED, LATE), LATE),
        ((LATE_TOO, LATE), LATE),
        ((UNDATED,), UNDATED),
    ],
    ids=["the earliest", "undated last", "then the smallest id", "one alone"],
)
def test_a_work_is_named_after_its_first_published_document(
    documents: tuple[Document, ...], named_after: Document
) -> None:
    assert Work(documents).id == named_after.key == key_of(named_after.id)


@pytest.mark.parametrize(
    ("documents", "date", "first"),
    [
        ((LATE, EARLY), dt.date(2021, 1, 1), dt.date(2020, 1, 1)),
        ((UNDATED, LATE, EARLY), dt.date(2020, 1, 1), dt.date(2020, 1, 1)),
        ((UNDATED,), None, None),
    ],
    ids=["the canonical date", "else the earliest", "none"],
)
def test_a_work_has_the_date_of_its_canonical_document_else_the_earliest(
    documents: tuple[Document, ...], date: dt.date | None, first: dt.date | None
) -> None:
    assert (Work(documents).date, Work(documents).first_published) == (date, first)


def test_what_the_canonical_document_lacks_comes_from_the_copies() -> None:
    work = work_of(
        a_document("Title", authors=["Ada"]),
        a_document("Other", summary="Sum", minutes=4, series="S", part=2, authors=["Bob", "Ada"]),
    )

    assert (work.title, work.summary, work.minutes) == ("Title", "Sum", 4)
    assert (work.series, work.part, work.authors) == ("S", 2, ("Ada", "Bob"))


def test_a_part_is_that_of_the_series_named() -> None:
    work = work_of(a_document(series="Ours"), a_document(series="Theirs", part=7))

    assert (work.series, work.part) == ("Ours", None)


def test_part_0_is_a_part_and_0_minutes_are_minutes() -> None:
    work = work_of(a_document(series="S", part=0, minutes=0), a_document(series="S", part=1))

    assert (work.part, work.minutes) == (0, 0)


def test_a_work_appeared_where_its_posts_stand_and_wherever_an_entry_says_so() -> None:
    places = (Place("https://m.example/a", "Medium", "A", None, "original"),)
    documents = (
        a_document(),
        a_document(publication="The Batch"),
        a_document(publication="Medium"),
        a_document(site="A list of links", listed=True),
    )

    assert Work(documents, places=places).sources == ("Blog", "Medium", "The Batch")


def test_visitors_see_the_publication_else_the_site() -> None:
    assert a_document(site="My blog", publication="Medium").published_in == "Medium"
    assert a_document(site="My blog").published_in == "My blog"


def test_works_are_equal_whatever_the_evidence() -> None:
    documents = (EARLY, LATE)
    evidence = (Evidence(EARLY.id, LATE.id, "address", 1.0),)

    assert Work(documents, evidence=evidence) == Work(documents)
