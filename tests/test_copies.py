"""What a piece has through its copies: places with their roles, words found in one copy alone."""

from collections.abc import Callable

import pytest
from builders import a_document, a_tag, a_work, work_of

from searchapp import Index
from searchapp.dedup.places import list_places
from searchapp.documents import Document
from searchapp.engine.results import Hit
from searchapp.urls import address_key

IndexOf = Callable[..., Index]

BLOG = "https://blog.example/kites"
MEDIUM = "https://medium.com/@me/kites-0123456789ab"
LETTER = "https://letter.example/p/kites"
ARCHIVE = "https://web.archive.org/web/2020/https://blog.example/kites"


def roles(*documents: Document) -> list[str]:
    """Return the role of each place of a work, the canonical document given first."""
    keys = {d.id: key for d in documents if d.url and (key := address_key(d.url))}
    return [place.role for place in list_places(documents, keys)]


# --- Roles ------------------------------------------------------------------------------------


def test_the_canonical_place_is_the_original_and_others_are_copies() -> None:
    assert roles(a_document(url=BLOG), a_document(url=MEDIUM)) == ["original", "copy"]


def test_what_the_copies_declare_is_the_original_whatever_is_preferred() -> None:
    preferred = a_document(url=BLOG, canonical_url=MEDIUM)

    assert roles(preferred, a_document(url=MEDIUM)) == ["copy", "original"]


def test_copies_that_declare_one_another_leave_the_canonical_place_the_original() -> None:
    one, other = (
        a_document(url=BLOG, canonical_url=MEDIUM),
        a_document(url=MEDIUM, canonical_url=BLOG),
    )

    assert roles(one, other) == ["original", "copy"]


def test_a_text_without_address_leaves_its_first_place_the_original() -> None:
    assert roles(a_document(), a_document(url=MEDIUM), a_document(url=BLOG)) == ["original", "copy"]


def test_a_lone_copy_of_a_piece_that_is_not_here_is_a_copy() -> None:
    assert roles(a_document(url=MEDIUM, canonical_url=BLOG)) == ["copy"]
    assert roles(a_document(url=BLOG, canonical_url=BLOG + "/?utm_source=x")) == ["original"]


@pytest.mark.parametrize("url", [ARCHIVE, "https://archive.ph/AbCd", "http://perma.cc/A-B"])
def test_a_place_in_an_archive_is_archived(url: str) -> None:
    assert roles(a_document(url=url), a_document(url=BLOG)) == ["archived", "original"]
    assert roles(a_document(url=url)) == ["archived"]


def test_a_place_in_another_language_is_a_translation() -> None:
    english = a_document(url=BLOG, language="en-GB")

    assert roles(english, a_document(url=MEDIUM, language="de")) == ["original", "translation"]
    assert roles(english, a_document(url=MEDIUM, language="en-US")) == ["original", "copy"]


def test_a_line_in_a_list_does_not_know_the_language_of_what_it_names() -> None:
    german = a_document(url=BLOG, language="de")

    assert roles(german, a_document(url=MEDIUM, language="en", listed=True)) == ["original", "copy"]


def test_an_address_that_is_none_is_a_place_all_the_same() -> None:
    assert roles(a_document(url="http://[::"), a_document(url=BLOG)) == ["original", "copy"]


# --- Words that stand in one copy alone -------------------------------------------------------


def kites() -> object:
    return work_of(
        a_document("On Kites", url=BLOG, text="Kites are made of paper.", summary="Paper toys."),
        a_document("Why kites fly", id="m", url=MEDIUM, site="Medium", text="Kites fly on wind."),
        a_document("On Kites", id="n", url=LETTER, site="The Letter", text="A heron watched us."),
    )


def hit(index: Index, words: str) -> Hit:
    return index.search(words).hits[0]


def test_the_copy_that_alone_has_the_words_is_named_and_quoted(index_of: IndexOf) -> None:
    found = hit(index_of(kites()), "heron")

    assert found.matched
    assert (found.matched.document, found.matched.source) == ("n", "The Letter")
    assert found.snippet == "A <mark>heron</mark> watched us."


def test_a_word_in_a_copys_title_alone_names_that_copy(index_of: IndexOf) -> None:
    found = hit(index_of(kites()), "why ")

    assert found.matched
    assert (found.matched.source, found.matched.title) == ("Medium", "Why kites fly")


@pytest.mark.parametrize("words", ["paper", "kites made", "toys", "", "pap"])
def test_words_that_the_card_shows_name_no_copy(words: str, index_of: IndexOf) -> None:
    assert hit(index_of(kites()), words).matched is None


def test_words_over_two_texts_name_the_copy_that_has_what_is_lacking(index_of: IndexOf) -> None:
    found = hit(index_of(kites()), "paper heron")

    assert found.matched and found.matched.document == "n"


def test_a_word_among_the_tags_names_no_copy(index_of: IndexOf) -> None:
    index = index_of(
        work_of(a_document("A", tags=["toys"]), a_document("B", text="other")),
        tags=[a_tag("toys", "playthings")],
    )

    assert hit(index, "toys").matched is None


def test_words_that_no_copy_has_name_none(index_of: IndexOf) -> None:
    index = index_of(kites(), a_work("A zebra"))

    assert [h.matched for h in index.search("zebra paper").hits] == [None, None]


def test_a_line_that_only_names_the_piece_is_no_place_to_find_it(index_of: IndexOf) -> None:
    index = index_of(work_of(a_document("Kites"), a_document("On Zebras", listed=True)))

    matched = hit(index, "zebras").matched

    assert matched and (matched.source, matched.title) == (None, "On Zebras")


def test_copies_are_only_looked_at_with_words(index_of: IndexOf) -> None:
    index = index_of(kites())

    assert index.search("heron", snippets=False).hits[0].matched is None
    assert index.search("", source="Medium").hits[0].matched is None
