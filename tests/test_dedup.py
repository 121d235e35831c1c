"""Which documents are one piece, which are not, and what the owner is told."""

import datetime as dt
import os
import random
import subprocess
import sys
import tomllib
import tracemalloc
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import pytest
from builders import a_document, write_files
from conftest import CONTENT, ROOT, SCATTERED
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.build import gather
from searchapp.dedup import Joined, Verdict, Verdicts, join_documents, read_verdicts
from searchapp.dedup.titles import read_title, share_in_address, title_key, titles_agree
from searchapp.documents import Document
from searchapp.errors import ConfigurationError
from searchapp.slugs import slug_of_tag
from searchapp.urls import address_key

HERE = "https://blog.example/salt"
THERE = "https://medium.com/@wren/salt-0123456789ab"
WORDS = ["salt", "tide", "rope", "gull", "mast", "weed", "sand", "bell", "fog", "lamp", "reed"]


@cache
def a_text(seed: int, words: int = 120) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def a_post(id_: str, title: str = "On Salt", **fields: object) -> Document:
    return a_document(title, **{"id": id_, **fields})


def a_line(id_: str, title: str = "On Salt", **fields: object) -> Document:
    """Return an entry of a list, of the same site as a post unless said otherwise."""
    return a_document(title, **{"id": id_, "source": "list", "path": "l", "listed": True, **fields})


def join(*documents: Document, same: object = (), different: object = ()) -> Joined:
    return join_documents(documents, Verdicts(read_groups(same), read_groups(different)))


def read_groups(groups: object) -> tuple[Verdict, ...]:
    return tuple(Verdict(tuple(names), line) for line, names in enumerate(groups, start=1))


def groups_of(joined: Joined) -> set[frozenset[str]]:
    return {frozenset(d.id for d in work.documents) for work in joined.works}


def one_piece(*documents: Document, **verdicts: object) -> bool:
    return len(join(*documents, **verdicts).works) == 1


def rules_of(joined: Joined) -> list[str]:
    return [evidence.rule for work in joined.works for evidence in work.evidence]


# --- Titles ---------------------------------------------------------------------------

ONE_KEY = [
    ("case", "On Salt", "ON SALT"),
    ("hyphens", "Fine-Tuning a Tide Table", "Fine tuning a tide table"),
    ("a joined word", "Time Tables", "Timetables"),
    ("curly quotes", "The “Salt” Way", 'The "Salt" Way'),
    ("an apostrophe", "The Ferryman’s Ledger", "The Ferryman's Ledger"),
    ("no apostrophe", "Don’t Drink It", "Dont drink it"),
    ("dashes", "Salt — A History", "Salt: a history"),
    ("accents", "Café del Mar", "Cafe del mar"),
    ("an accent in two characters", "Café del Mar", "Cafe\u0301 del Mar"),
    ("wide letters", "ＡＢＣ of Knots", "ABC of knots"),
    ("ligatures", "Knots that oﬀend", "Knots that offend"),
    ("an emoji", "On Salt 🧂", "On Salt"),
    ("entities", "Salt &amp; Sand", "Salt & Sand"),
    ("an ampersand", "Salt & Sand", "Salt and Sand"),
    ("percent", "90% Water", "90 percent water"),
    ("an ellipsis", "On Salt…", "On Salt"),
    ("space", "  On   Salt ", "On Salt"),
    ("ß", "Die Straße", "Die STRASSE"),
    ("C++", "Learning C++", "learning c++"),
]  # fmt: skip
TWO_KEYS = [
    ("C and C++", "Learning C", "Learning C++"),
    ("C++ and C#", "Learning C++", "Learning C#"),
    ("F# and F", "F# for tides", "F for tides"),
    (".NET and net", "A .NET for fishers", "A net for fishers"),
    ("parts", "Mending, Part 1", "Mending, Part 2"),
    ("1.5 and 15", "Salt 1.5", "Salt 15"),
    ("1 2 and 12", "Salt 1 2", "Salt 12"),
    ("years in brackets", "A year in tides (2019)", "A year in tides (2020)"),
    ("a year in brackets and none", "A year in tides (2019)", "A year in tides"),
    ("Hindi vowel signs", "कल", "काल"),
    ("Japanese voicing marks", "ハハ", "ババ"),
    ("Thai vowel signs", "กา", "กี"),
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in ONE_KEY])
def test_spellings_of_one_title_have_one_key(one, other):
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in TWO_KEYS])
def test_two_titles_have_two_keys(one, other):
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize("title", ["", " ", "🐢", "🐢✨", "???", "—", "&nbsp;", "...", "\u200b"])
def test_a_title_without_letter_or_digit_has_no_key(title):
    assert title_key(title) == ""


def test_a_piece_called_untitled_keeps_its_key():
    assert title_key("Untitled") == "untitled"


AGREE = [
    ("equal but for case", "On Salt", "ON SALT"),
    ("a year in brackets on one side", "A History of Salt (2019)", "A History of Salt"),
    ("a subtitle on one side", "The Ferry Timetable", "The Ferry Timetable: What the Moon Knows"),
    ("cut between words", "The Ferry Timetable and the", "The Ferry Timetable and the Moon"),
    (
        "cut within its only telling word",
        "When It Is the Infrastru",
        "When It Is the Infrastructure",
    ),
    ("cut within a word", "The Ferry Timetable and the Mo", "The Ferry Timetable and the Moon"),
    ("cut before a negation", "The Ferry Timetable and why", "The Ferry Timetable and why not"),
    (
        "cut with dots before a number",
        "Everything you want from…",
        "Everything you want from 9 nets",
    ),
    ("cut before a month", "Harbour team progress", "Harbour team progress, July 2026"),
    ("the site after it", "The Ferry Timetable", "The Ferry Timetable | Slow Water"),
    ("the series before it", "Slow Water: The Ferry", "The Ferry"),
    ("words reordered", "Salt, Tide and Rope", "Rope, Tide and Salt"),
    ("half of the words", "Announcing the ferry", "The ferry is here"),
    ("part in words", "Mending, Part Two", "Mending, Part 2"),
    ("part in Roman numerals", "Mending, Part IV", "Mending, part 4"),
    ("a version", "Tide tables v2", "Tide tables 2 released"),
    ("only an emoji", "🐢", "On Salt"),
    ("both only emoji", "🐢", "🚀"),
]
DISAGREE = [
    ("nothing shared", "On Salt", "Of Sand"),
    ("only small words shared", "How to Tie a Knot", "How to Read a Tide"),
    ("parts", "Mending a Map, Part 1: The Fold", "Mending a Map, Part 2: The Tear"),
    ("a part that begins like another", "Mending a Map, Part 1", "Mending a Map, Part 12"),
    ("parts in words", "Mending a Map, Part One", "Mending a Map, Part Two"),
    ("parts in Roman numerals", "Mending a Map, Part I", "Mending a Map, Part II"),
    ("Roman numerals at the end", "Letters from the Ferry VI", "Letters from the Ferry VII"),
    ("a whole and its part", "Mending an Old Map", "Mending an Old Map, Part 2"),
    ("a number more", "This week on the river", "This week on the river 420"),
    ("years", "A year in tides 2019", "A year in tides 2020"),
    ("years in brackets", "A year in tides (2019)", "A year in tides (2020)"),
    ("months", "Harbour meeting, January", "Harbour meeting, February"),
    ("months that are words", "Harbour meeting, May 4", "Harbour meeting, March 4"),
    ("versions", "Tide tables 1.2", "Tide tables 1.3"),
    ("a negation", "You should salt your rope", "You should not salt your rope"),
    ("an apostrophe in it", "Rope does rot", "Rope doesn’t rot"),
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in AGREE])
def test_titles_of_one_piece_agree(one, other):
    assert titles_agree(read_title(one), read_title(other))
    assert titles_agree(read_title(other), read_title(one))


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in DISAGREE])
def test_titles_of_two_pieces_do_not_agree(one, other):
    assert not titles_agree(read_title(one), read_title(other))
    assert not titles_agree(read_title(other), read_title(one))


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in AGREE])
def test_titles_that_agree_are_one_piece_at_one_address(one, other):
    assert one_piece(a_line("a", one, url=HERE), a_line("b", other, url=HERE))
    assert one_piece(a_line("a", other, url=HERE), a_line("b", one, url=HERE))


@given(st.text(max_size=40), st.text(max_size=40))
def test_agreeing_does_not_depend_on_the_order(one, other):
    a, b = read_title(one), read_title(other)
    assert titles_agree(a, b) == titles_agree(b, a)
    assert titles_agree(a, a)


@pytest.mark.parametrize(
    ("title", "url", "share"),
    [
        ("Going Beyond Salt", "https://medium.com/@wren/when-ropes-sing-0123456789ab", 0.0),
        ("When Ropes Sing", "https://medium.com/@wren/when-ropes-sing-0123456789ab", 1.0),
        ("Ropes and Salt", "https://blog.example/ropes/", 0.5),
        ("Timetables", "https://blog.example/time-tables", 1.0),
        ("Die Straße", "https://blog.example/die-strasse", 1.0),
        ("橋の下", "https://blog.example/%E6%A9%8B%E3%81%AE%E4%B8%8B", 1.0),
        ("🐢", "https://blog.example/turtle", 0.0),
    ],
)
def test_an_address_tells_how_much_of_a_title_stands_in_it(title, url, share):
    assert share_in_address(title, url) == share


# --- A declared address ---------------------------------------------------------------


def test_a_copy_that_declares_the_original_is_one_with_it_under_any_title():
    joined = join(a_post("a", url=HERE), a_post("b", "Brine", url=THERE, canonical_url=HERE))

    assert rules_of(joined) == ["declared address"]


def test_a_declared_address_may_be_spelled_in_any_way():
    other = "http://www.blog.example/salt/?utm_source=medium"
    assert one_piece(a_post("a", url=HERE), a_post("b", "Brine", url=THERE, canonical_url=other))


def test_two_copies_that_declare_one_unknown_address_are_one_if_titles_agree():
    documents = [a_post("a", url=THERE, canonical_url=HERE), a_post("b", canonical_url=HERE)]
    assert one_piece(*documents)


def test_two_copies_that_declare_one_unknown_address_are_one_if_texts_are():
    a = a_post("a", "Brine", text=a_text(1), canonical_url=HERE)
    assert one_piece(a, a_post("b", text="Before. " + a_text(1), canonical_url=HERE))


def test_unlike_titles_without_texts_at_an_unknown_address_are_a_near_miss():
    joined = join(a_post("a", canonical_url=HERE), a_post("b", "Brine", canonical_url=HERE))

    assert len(joined.works) == 2
    assert [(miss.a, miss.b) for miss in joined.near_misses] == [("a", "b")]


def test_a_declaration_that_neither_title_nor_text_supports_is_a_conflict():
    a = a_post("a", url=HERE, text=a_text(1))
    b = a_post("b", "Brine", url=THERE, canonical_url=HERE, text=a_text(2))
    joined = join(a, b)

    assert len(joined.works) == 2
    [conflict] = joined.conflicts
    assert (conflict.kind, conflict.url, conflict.documents) == ("declared", HERE, ("a", "b"))
    assert "“Brine” declares one address with “On Salt”" in conflict.reason


def test_another_writers_address_is_a_conflict():
    a = a_post("a", url="https://other.example/x", authors=["Robin Vale"])
    b = a_post("b", "Brine", canonical_url="https://other.example/x", authors=["Wren Halloran"])

    assert not one_piece(a, b)
    assert join(a, b).conflicts


def test_a_translation_that_declares_the_original_is_a_near_miss():
    a = a_post("a", url=HERE, text=a_text(1))
    b = a_post("b", "Vom Salz", canonical_url=HERE, text=a_text(2), language="de")
    joined = join(a, b)

    assert len(joined.works) == 2
    assert joined.conflicts == ()
    assert [miss.reason for miss in joined.near_misses] == [
        "a declared address, but their languages differ"
    ]


def test_of_many_wrong_declarations_each_can_be_answered():
    a = a_post("a", url=HERE, text=a_text(1))
    wrong = [a_post(t, t, canonical_url=HERE, text=a_text(n)) for n, t in enumerate("bc", 2)]

    assert join(a, *wrong, different=[["a", "b"]]).conflicts
    assert not join(a, *wrong, different=[["a", "b"], ["a", "c"]]).conflicts


def test_declarations_in_a_circle_are_one_piece():
    urls = [f"https://blog.example/{n}" for n in range(3)]
    documents = [a_post(f"{n}", url=urls[n], canonical_url=urls[(n + 1) % 3]) for n in range(3)]
    joined = join(*documents)

    assert len(joined.works) == 1
    assert joined.conflicts == ()


def test_a_declaration_of_itself_or_of_nobody_changes_nothing():
    a = a_post("a", url=HERE, canonical_url=HERE + "/#top")
    b = a_post("b", url=THERE, canonical_url="https://nobody.example/x")
    c = a_post("c", canonical_url="javascript:alert(1)")
    assert len(join(a, b, c).works) == 3


def test_posts_that_all_declare_the_home_page_stay_apart():
    home = a_line("home", "Slow Water", url="https://blog.example/")
    posts = [
        a_post(
            f"p{n}", title, url=f"https://blog.example/{n}", canonical_url="https://blog.example"
        )
        for n, title in enumerate(["On Salt", "Of Sand", "Mending", "Fog", "Bells"])
    ]
    joined = join(home, *posts)

    assert len(joined.works) == 6
    [conflict] = joined.conflicts
    assert len(conflict.documents) == 6
    assert "“On Salt”, “Of Sand”, “Mending” and 2 more declare one address" in conflict.reason


def test_a_declared_address_under_two_unlike_titles_is_a_near_miss():
    a, b = a_post("a", url=HERE), a_post("b", "Of Sand", url=HERE)
    joined = join(a, b, a_post("c", "Brine", canonical_url=HERE))

    assert len(joined.works) == 3
    assert [(miss.a, miss.b) for miss in joined.near_misses] == [("a", "c")]


def test_a_declared_address_joined_unlike_texts_of_one_title():
    a = a_post("a", "Weeknotes", url=HERE, text=a_text(1, 220))
    b = a_post("b", "Weeknotes", url=THERE, canonical_url=HERE, text=a_text(2, 220))
    joined = join(a, b)

    assert len(joined.works) == 2
    [conflict] = joined.conflicts
    assert "their texts have nothing in common, so it is taken for a slip" in conflict.reason
    assert one_piece(a, b, same=[["a", "b"]])


def test_declarations_in_a_circle_joined_unlike_texts_of_one_title():
    urls = [f"https://blog.example/{n}" for n in range(3)]
    joined = join(*(
        a_post(f"{n}", "🐢", url=urls[n], canonical_url=urls[(n + 1) % 3], text=a_text(n, 220))
        for n in range(3)
    ))  # fmt: skip

    assert len(joined.works) == 3
    assert joined.conflicts


def test_a_theme_that_declares_one_address_everywhere_joined_the_whole_blog():
    posts = [
        a_post(f"{n:03}", "🐢", url=f"https://blog.example/{n}", canonical_url=HERE,
               text=a_text(n, 60))
        for n in range(200)
    ]  # fmt: skip
    joined = join(*posts)

    assert len(joined.works) == 200
    assert len(joined.conflicts) == 1


def test_a_copy_that_is_named_joined_an_unlike_text():
    a = a_post("a", url=HERE, text=a_text(1, 220), syndication=(THERE,))
    assert not one_piece(a, a_post("b", url=THERE, text=a_text(2, 220)))


# --- One address ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "titles",
    [("Weeknotes", "Weeknotes"), ("Notes from the kitchen", "Notes from the kitchen shelf"),
     ("🐢", "On Salt"), ("", "")],
)  # fmt: skip
def test_one_address_joined_two_texts_that_have_nothing_in_common(titles):
    a, b = (
        a_post(f"{n}", title, url=HERE, text=a_text(n, 220), date=f"20{19 + 5 * n}-01-01")
        for n, title in enumerate(titles)
    )
    joined = join(a, b)

    assert len(joined.works) == 2
    [conflict] = joined.conflicts
    assert (conflict.kind, conflict.documents) == ("address", ("0", "1"))
    assert "one address, 2 texts that have nothing in common" in conflict.reason
    assert one_piece(a, b, same=[["0", "1"]])


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (a_text(1, 1000)[:400], {}),
        ("First published in a newsletter. " + a_text(2, 40) + " " + a_text(1, 1000), {}),
        (a_text(3, 60), {}),
        (a_text(3, 1000), {"language": "de"}),
        ("", {}),
    ],
    ids=["an excerpt", "another intro", "a description", "a translation", "no text"],
)
def test_one_address_still_joins(text, fields):
    whole = a_post("a", url=HERE, text=a_text(1, 1000))
    assert one_piece(whole, a_post("b", url=HERE, text=text, source="copies", **fields))


def test_a_line_brought_two_texts_at_one_address_together():
    texts = [a_post(f"{n}", "Weeknotes", url=HERE, text=a_text(n // 2, 220)) for n in range(4)]
    joined = join(a_line("-", "Weeknotes", url=HERE), *texts)

    assert groups_of(joined) == {frozenset("-01"), frozenset("23")}
    assert len(joined.conflicts) == 1


def test_thousands_of_texts_at_one_address_became_one_piece():
    joined = join(*(a_post(f"{n}", "🐢", url=HERE, text=a_text(n, 60)) for n in range(300)))

    assert len(joined.works) == 300
    [conflict] = joined.conflicts
    assert len(conflict.reason) < 2_000


def test_a_post_at_its_own_address_was_blamed_for_a_lists_mistake():
    post = a_post("post", "A Walk", url=HERE, text=a_text(1))
    [conflict] = join(post, a_line("line", "Salt", url=HERE)).conflicts

    assert conflict.owner == "post"
    assert "so correct the address of “Salt”" in conflict.reason


def test_one_address_under_agreeing_titles_is_one_piece():
    joined = join(
        a_post("a", "On Salt: A History", url=HERE),
        a_line("b", "On Salt, a history of it", url="http://www.blog.example/salt/?utm_source=x"),
    )
    assert rules_of(joined) == ["same address"]


@pytest.mark.parametrize("count", [2, 3, 10])
def test_unlike_titles_at_one_address_stay_apart_and_are_told(count):
    titles = [
        "Salt",
        "Sand",
        "Rope",
        "Gulls",
        "Masts",
        "Bells",
        "Weeds",
        "Cliffs",
        "Lamps",
        "Reeds",
    ]
    joined = join(*(a_line(f"{n}", t, url=HERE) for n, t in enumerate(titles[:count])))

    assert len(joined.works) == count
    [conflict] = joined.conflicts
    assert conflict.kind == "address"
    assert conflict.documents == tuple(f"{n}" for n in range(count))
    assert "“Salt” has 100% of its words in it; “Sand” has 0%" in conflict.reason
    assert "probably that of “Salt”, so correct the address of “Sand”" in conflict.reason
    assert (f"and {count - 3} more" in conflict.reason) == (count > 3)


def test_a_conflict_guesses_no_owner_where_the_address_tells_none():
    joined = join(*(a_line(t, t, url="https://blog.example/?p=7") for t in ("Salt", "Sand")))

    assert "correct the address of all but one" in joined.conflicts[0].reason


def test_a_conflict_names_each_title_once_however_often_it_is_listed():
    documents = [a_line(f"{n}", t, url=HERE) for n, t in enumerate(["Salt", "Sand", "Salt"])]
    joined = join(*documents)

    assert groups_of(joined) == {frozenset("02"), frozenset("1")}
    assert joined.conflicts[0].documents == ("0", "1")


def test_titles_at_one_address_agree_all_with_all():
    joined = join(
        a_line("a", "Fog Towpath Walk River", url=HERE),
        a_line("b", "Fog Towpath Market Bread", url=HERE),
        a_line("c", "Walk River Song Moon", url=HERE),
    )

    assert groups_of(joined) == {frozenset("ab"), frozenset("c")}
    assert len(joined.conflicts) == 1


def test_two_parts_of_one_page_are_told_not_joined():
    joined = join(
        a_line("a", "Salt for ropes", url=HERE + "#14"),
        a_line("b", "Ropes and salt", url=HERE + "#16"),
    )
    assert len(joined.works) == 2
    assert [miss.reason for miss in joined.near_misses] == [
        "two parts of one page, under titles that agree"
    ]


def test_unlike_parts_of_one_page_are_no_conflict():
    joined = join(a_line("a", "Salt", url=HERE + "#1"), a_line("b", "Sand", url=HERE + "#2"))

    assert len(joined.works) == 2
    assert joined.conflicts == joined.near_misses == ()


def test_one_title_at_a_page_and_a_part_of_it_is_one_piece():
    assert one_piece(a_line("a", url=HERE), a_line("b", url=HERE + "#top"))


def test_talks_years_apart_that_name_a_fairs_home_page_are_told_not_joined():
    talks = [a_post(d, url="https://fair.example/", date=d) for d in ("2017-09-01", "2018-08-31")]
    joined = join(*talks)

    assert len(joined.works) == 2
    assert [miss.reason for miss in joined.near_misses] == [
        "at one home page, but more than 60 days apart"
    ]
    assert one_piece(*(replace(talk, url=HERE) for talk in talks))


def test_entries_without_title_letters_at_one_address_are_one_piece():
    assert one_piece(a_line("a", "🐢", url=HERE), a_line("b", "🚀", url=HERE))


def test_entries_without_title_letters_are_never_one_by_title():
    documents = [a_line("a", "🐢"), a_line("b", "🐢"), a_post("c", "🐢"), a_line("d", "")]
    assert len(join(*documents).works) == 4


def test_what_is_no_address_joins_nothing():
    assert not one_piece(
        a_line("a", url="javascript:alert(1)"), a_line("b", url="javascript:alert(1)")
    )


# --- The address of a post, but for its ending ----------------------------------------


def test_an_entry_at_a_posts_old_address_is_that_post():
    joined = join(a_post("a", url=HERE + "/"), a_line("b", url=HERE + ".html", source="links"))

    assert rules_of(joined) == ["address of a post, but for its ending"]


def test_two_exports_of_a_post_under_its_old_and_new_address_are_one():
    assert one_piece(a_post("a", url=HERE + "/"), a_post("b", url=HERE + ".html"))


@pytest.mark.parametrize("old", [HERE + ".html", "https://blog.example/sa-lt/"])
def test_an_older_or_misspelt_address_joined_an_unlike_text(old):
    post = a_post("a", url=HERE, text=a_text(1, 220))
    assert not one_piece(post, a_post("b", url=old, text=a_text(2, 220), source="copies"))
    assert one_piece(post, a_post("b", url=old, text=a_text(1, 220)[:600], source="copies"))


def test_a_file_and_a_folder_in_lists_stay_two():
    assert not one_piece(a_line("a", url=HERE), a_line("b", url=HERE + ".html"))


def test_an_entry_at_a_posts_old_address_under_another_title_is_a_near_miss():
    joined = join(a_post("a", url=HERE), a_line("b", "Brine", url=HERE + ".html"))

    assert len(joined.works) == 2
    assert [(miss.a, miss.b) for miss in joined.near_misses] == [("a", "b")]


# --- One title, twice in one list -----------------------------------------------------


def test_a_title_twice_in_one_list_is_one_piece():
    joined = join(a_line("a", summary="Why."), a_line("b"), a_line("c", summary="Why."))

    assert rules_of(joined) == ["repeated in one list"] * 2


@pytest.mark.parametrize(
    "other",
    [
        {"path": "another"},
        {"source": "another"},
        {"title": "On Salt, Part 2"},
        {"url": THERE},
        {"listed": False, "site": "another"},
        {"joins": False},
    ],
    ids=str,
)
def test_a_title_elsewhere_is_another_piece(other):
    title = other.pop("title", "On Salt")
    assert not one_piece(a_line("a"), a_line("b", title, **other))


@pytest.mark.parametrize(
    ("fact", "one", "other"),
    [
        ("summary", "Why it keeps.", "My answer."),
        ("date", "2024-01-01", "2024-01-08"),
        ("part", 1, 2),
        ("language", "en", "de"),
        ("author", ["Wren"], ["Robin"]),
    ],
)
def test_one_title_with_two_facts_is_told_not_joined(fact, one, other):
    name = "authors" if fact == "author" else fact
    joined = join(a_line("a", **{name: one}), a_line("b", **{name: other}))

    assert len(joined.works) == 2
    assert [miss.reason for miss in joined.near_misses] == [
        f"one title in one list, but not one {fact}"
    ]


def test_of_repeats_with_two_summaries_those_with_one_are_joined():
    stated = {"a": "x", "b": "y", "c": "x", "d": "", "e": "y"}
    documents = [a_line(id_, summary=summary) for id_, summary in stated.items()]

    assert groups_of(join(*documents)) == {frozenset("ac"), frozenset("be"), frozenset("d")}


def test_weekly_entries_of_one_title_are_not_chained():
    weeks = [a_line(f"{n:02}", date=dt.date(2024, 1, 1) + dt.timedelta(7 * n)) for n in range(30)]
    assert len(join(*weeks).works) == 30


# --- An entry, and the one post of its site that has its title -------------------------


def test_an_entry_without_address_is_the_post_of_its_site_that_has_its_title():
    joined = join(a_post("a"), a_line("b", "ON SALT"))

    assert rules_of(joined) == ["title of one post of the site"]


@pytest.mark.parametrize(
    "other",
    [{"site": "Another"}, {"url": THERE}, {"title": "Salts"}, {"joins": False}],
    ids=str,
)
def test_an_entry_elsewhere_is_another_piece(other):
    title = other.pop("title", "On Salt")
    assert not one_piece(a_post("a"), a_line("b", title, **other))


def test_a_title_that_two_posts_have_tells_nothing():
    joined = join(a_post("a"), a_post("b"), a_line("c"))

    assert len(joined.works) == 3
    assert [miss.reason for miss in joined.near_misses] == ["2 posts of the site have this title"]


def test_two_posts_that_are_one_piece_count_once():
    joined = join(a_post("a", url=HERE), a_post("b", url=HERE), a_line("c"))

    assert len(joined.works) == 1


@pytest.mark.parametrize(
    ("post", "entry", "reason"),
    [
        ({"date": "2024-01-01"}, {"date": "2024-06-01"}, "their dates are more than 60 days apart"),
        ({"part": 1}, {"part": 2}, "they are not one part of a series"),
        ({"authors": ["Wren"]}, {"authors": ["Robin"]}, "their authors differ"),
    ],
)
def test_a_fact_that_speaks_against_it_makes_a_near_miss(post, entry, reason):
    joined = join(a_post("a", **post), a_line("b", **entry))

    assert len(joined.works) == 2
    assert [miss.reason for miss in joined.near_misses] == [reason]


@pytest.mark.parametrize(
    ("declared", "same"), [(HERE, []), (None, [("a", "c")])], ids=["declared", "verdict"]
)
def test_an_entry_that_is_one_posts_brings_no_other_of_its_title_along(declared, same):
    posts = [a_post("a", "Slack Water", url=HERE), a_post("b", "Low Tide", url=f"{HERE}/2")]

    joined = join(*posts, a_line("c", "Low Tide", canonical_url=declared), same=same)

    assert groups_of(joined) == {frozenset("ac"), frozenset("b")}


def test_two_posts_of_one_title_are_two_pieces():
    assert not one_piece(a_post("a", url=HERE), a_post("b", url=THERE))
    assert not one_piece(a_post("a"), a_post("b"))


def test_equal_summaries_are_no_evidence():
    a, b = a_line("a", "Salt", summary="My answer"), a_line("b", "Sand", summary="My answer")
    assert not one_piece(a, b)


def test_a_source_that_is_not_joined_keeps_each_entry_its_own():
    documents = [
        a_post("a", url=HERE, joins=False),
        a_post("b", url=HERE),
        a_post("c", "Brine", url=THERE, canonical_url=HERE, joins=False),
        a_line("d", joins=False),
        a_line("e", url=HERE + ".html", joins=False),
    ]
    assert len(join(*documents).works) == 5


# --- Verdicts -------------------------------------------------------------------------


def test_the_owner_joins_what_no_rule_would():
    joined = join(a_post("a"), a_post("b", "Brine"), same=[["a", "b"]])

    assert rules_of(joined) == ["verdict"]


def test_the_owner_parts_what_rules_would_join():
    a, b = a_post("a", url=HERE), a_post("b", url=HERE)
    assert not one_piece(a, b, different=[["a", "b"]])


def test_what_the_owner_parted_no_third_document_joins():
    third = a_post("c", url=HERE, canonical_url=THERE)
    joined = join(a_post("a", url=HERE), a_post("b", url=THERE), third, different=[["a", "b"]])
    assert len(joined.works) == 2
    assert not any({"a", "b"} <= group for group in groups_of(joined))


def test_a_verdict_may_name_an_address_in_any_spelling():
    a, b = a_post("a", url=HERE), a_post("b", "Brine", url=THERE)
    names = ["http://www.blog.example/salt/?utm_source=x", "https://wren.medium.com/p/0123456789ab"]
    assert one_piece(a, b, same=[names])


def test_the_first_named_is_canonical_even_if_it_is_listed():
    documents = [a_post("a", text=a_text(1), prefer=1), a_line("b", "Brine", prefer=9)]
    joined = join(*documents, same=[["b", "a"]])

    assert joined.works[0].canonical.id == "b"


def test_of_a_named_address_the_text_is_canonical_not_the_listing():
    documents = [a_line("a", url=HERE), a_post("b", url=HERE), a_post("c", "Brine", prefer=-1)]
    joined = join(*documents, same=[[HERE, "c"]])

    assert [d.id for d in joined.works[0].documents] == ["b", "a", "c"]


def test_an_answered_question_is_no_conflict_and_no_near_miss():
    documents = [a_line("a", "Salt", url=HERE), a_line("b", "Sand", url=HERE)]
    doubtful = [a_line("c", summary="x"), a_line("d", summary="y")]

    for verdict in ("same", "different"):
        joined = join(*documents, *doubtful, **{verdict: [["a", "b"], ["c", "d"]]})
        assert joined.conflicts == joined.near_misses == ()


def test_an_open_question_of_an_address_stays_a_conflict():
    documents = [a_line(t, t, url=HERE) for t in ("Salt", "Sand", "Rope")]
    assert join(*documents, different=[["Salt", "Sand"]]).conflicts
    assert not join(*documents, different=[["Salt", "Sand", "Rope"]]).conflicts


def test_an_entry_can_be_told_from_the_others_at_its_address():
    documents = [a_line("a", url=HERE), a_line("b", url=HERE), a_line("c", url=HERE)]
    joined = join(*documents, different=[[HERE, "b"]])

    assert groups_of(joined) == {frozenset("ac"), frozenset("b")}


def test_verdicts_on_what_is_gone_are_stale_and_change_nothing_else():
    joined = join(
        a_post("a"),
        a_post("b", "Brine"),
        same=[["a", "gone", "b"], ["https://gone.example/x", "gone"]],
        different=[["not an address", "a"]],
    )
    assert joined.stale_verdicts == ("gone", "https://gone.example/x", "not an address")
    assert len(joined.works) == 1


def test_verdicts_that_contradict_each_other_through_addresses_are_refused():
    a, b = a_post("a", url=HERE), a_post("b", "Brine", url=THERE)
    with pytest.raises(ConfigurationError, match=r"verdicts.toml:1 and verdicts.toml:1: "):
        join(a, b, same=[["a", THERE]], different=[[HERE, "b"]])


def test_an_entry_is_not_different_from_itself():
    a = a_post("a", url=HERE)
    with pytest.raises(ConfigurationError, match="is said to be different from itself"):
        join(a, different=[["a", HERE]])


@pytest.fixture
def verdicts_of(tmp_path):
    return lambda text: read_verdicts(write_files(tmp_path, {"verdicts.toml": text}))


def test_without_a_file_there_are_no_verdicts(tmp_path):
    assert read_verdicts(tmp_path) == Verdicts()


WITH_COMMENTS = """# same = [["x", "y"]]
"same" = [
  ["a", "b"],  # not "c"
  [
    'd',
    "a",
  ],
]
different = [["d", '''
e''']]
"""


def test_verdicts_know_their_lines(verdicts_of):
    assert verdicts_of(WITH_COMMENTS) == Verdicts(
        (Verdict(("a", "b"), 3), Verdict(("d", "a"), 5)), (Verdict(("d", "e"), 9),)
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('sam = [["a", "b"]]', ":1: there is no 'sam'; write 'same'", id="misspelt"),
        pytest.param(
            "# diferent\nsame = []\n diferent = []",
            ":3: there is no 'diferent'; write 'different'",
            id="misspelt below",
        ),
        pytest.param("[differ]\n", ":1: there is no 'differ'; write 'different'", id="a table"),
        pytest.param("zz = 1", ":1: there is no 'zz'; write ", id="like nothing"),
        pytest.param('same = "a"', ":1: same is 'a'; write same = [[\"A\"", id="text"),
        pytest.param('same = ["a", "b"]', ":1: same has 'a'; write at least two", id="no pairs"),
        pytest.param(
            'same = [\n  ["a", "b"],\n  ["c"],\n]', ":3: same has ['c']; write at least", id="alone"
        ),
        pytest.param("same = [[]]", ":1: same has []; write at least two", id="empty"),
        pytest.param('same = [["a", 2]]', ":1: same has ['a', 2]; write", id="a number"),
        pytest.param('same = [\n["a", "b"]\n', ":2: is not TOML: ", id="a bracket open"),
        pytest.param(
            'same = [\n  ["a", "b"],\n]\ndifferent = [\n  ["b", "a"],\n]',
            ":2 and verdicts.toml:5: 'b' and 'a' are said to be the same and different",
            id="a contradiction",
        ),
        pytest.param(
            'same = [["a", "b"],\n["b", "c"]]\n\ndifferent = [["c", "x", "a"]]',
            ":2 and verdicts.toml:4: two of ('c', 'x', 'a') are said to be the same and different",
            id="a contradiction through a third",
        ),
        pytest.param(
            'different = [["a", "a"]]', ":1: 'a' is said to be different from itself", id="itself"
        ),
    ],
)  # fmt: skip
def test_what_verdicts_cannot_say_is_refused_with_its_line(verdicts_of, text, told):
    with pytest.raises(ConfigurationError) as refused:
        verdicts_of(text)
    assert f"verdicts.toml{told}" in str(refused.value)


@pytest.mark.parametrize("value", ["1" * 5_000, "[" * 3_000 + "]" * 3_000], ids=["number", "nest"])
def test_verdicts_without_end_are_refused(tmp_path, value):
    write_files(tmp_path, {"verdicts.toml": f"same = {value}"})
    with pytest.raises(ConfigurationError, match=r"verdicts.toml: cannot be read"):
        read_verdicts(tmp_path)


def test_verdicts_that_are_not_utf8_are_refused(tmp_path):
    (tmp_path / "verdicts.toml").write_bytes(b'same = [["caf\xe9", "b"]]')
    with pytest.raises(ConfigurationError, match="save it as UTF-8"):
        read_verdicts(tmp_path)


# --- Evidence -------------------------------------------------------------------------


def test_a_work_joined_by_several_rules_has_them_all():
    documents = [
        a_post("a", url=HERE),
        a_post("b", url=HERE, canonical_url=THERE),
        a_post("c", url=THERE),
        a_line("d"),
        a_line("e"),
        a_line("f", url=HERE + ".html"),
    ]
    [work] = join(*documents, same=[["a", "b"]]).works

    assert [(e.a, e.b, e.rule, e.score) for e in work.evidence] == [
        ("a", "b", "verdict", 1.0),
        ("b", "c", "declared address", 1.0),
        ("a", "b", "same address", 1.0),
        ("b", "f", "address of a post, but for its ending", 0.95),
        ("d", "e", "repeated in one list", 0.95),
        ("a", "d", "title of one post of the site", 0.9),
        ("a", "e", "title of one post of the site", 0.9),
    ]


def test_a_piece_of_one_document_needs_no_evidence():
    assert join(a_post("a")).works[0].evidence == ()


# --- The canonical document and the places --------------------------------------------

STAND_BY = [
    ("a post before a line in a list", {"prefer": 9}, {"prefer": 0, "listed": True}),
    ("the preferred source", {"prefer": 0}, {"prefer": 1, "text": a_text(1)}),
    ("the longest text", {"text": "long text"}, {"text": "text", "date": "2020-01-01"}),
    ("the earliest date", {"date": "2020-01-01"}, {"date": "2020-01-02"}),
    ("a date before none", {"date": "2020-01-01"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "other"), [pytest.param(*c[1:], id=c[0]) for c in STAND_BY])
def test_what_stands_for_a_piece(chosen, other):
    for ids in ("ab", "ba"):
        documents = [a_post(ids[0], url=HERE, **chosen), a_post(ids[1], url=HERE, **other)]
        assert join(*documents).works[0].canonical.id == ids[0]


def test_what_others_declare_stands_for_a_piece_before_the_longest_text():
    a = a_post("a", url=HERE, text="short")
    b = a_post("b", url=THERE, text="much longer", canonical_url=HERE)
    assert join(a, b).works[0].canonical.id == "a"


def test_a_piece_has_one_place_an_address_the_canonical_one_first():
    documents = [
        a_line("a", url="http://www.medium.com/p/0123456789ab", publication="Medium"),
        a_post("b", url=THERE, publication="Medium", canonical_url=HERE, date="2024-02-01"),
        a_post("c", url=HERE, date="2024-01-01", prefer=-1),
        a_line("d"),
    ]
    [work] = join(*documents).works

    assert [(p.url, p.source, p.date, p.role) for p in work.places] == [
        (HERE, "Blog", dt.date(2024, 1, 1), "original"),
        (THERE, "Medium", dt.date(2024, 2, 1), "copy"),
    ]


def test_a_piece_without_any_address_has_one_place():
    [work] = join(a_post("a"), a_line("b"), a_line("c")).works

    assert [(p.url, p.role) for p in work.places] == [(None, "original")]


def test_the_address_shown_is_the_one_that_was_given():
    url = "http://www.Blog.example/salt/?utm_source=x#top"
    assert join(a_post("a", url=url)).works[0].places[0].url == url


# --- Whatever comes in ----------------------------------------------------------------

TITLES = ["On Salt", "on salt!", "On Salt, Part 2", "On Salt (2019)", "Brine", "🐢", ""]
ADDRESSES = [None, HERE, HERE + "/", HERE + ".html", HERE + "#2", THERE, "javascript:x"]


@st.composite
def documents(draw):
    count = draw(st.integers(1, 9))
    return [
        a_document(
            draw(st.sampled_from(TITLES)),
            id=f"d{n}",
            source=draw(st.sampled_from("pq")),
            site=draw(st.sampled_from("ST")),
            path=draw(st.sampled_from("xy")),
            url=draw(st.sampled_from(ADDRESSES)),
            canonical_url=draw(st.sampled_from([None, None, *ADDRESSES])),
            date=draw(st.sampled_from([None, "2024-01-01", "2024-01-20", "2024-06-01"])),
            text=draw(st.sampled_from(["", a_text(1), a_text(2), a_text(1) + " and more"])),
            summary=draw(st.sampled_from(["", "x", "y"])),
            part=draw(st.sampled_from([None, None, 1, 2])),
            authors=draw(st.sampled_from([(), (), ("Wren",), ("Robin",)])),
            prefer=draw(st.integers(0, 2)),
            listed=draw(st.booleans()),
            joins=draw(st.sampled_from([True, True, True, False])),
        )
        for n in range(count)
    ]


PAIRS = st.lists(st.sampled_from(list(combinations([f"d{n}" for n in range(9)], 2))), max_size=2)


def join_or_refuse(entries, same, different):
    try:
        return join(*entries, same=same, different=different)
    except ConfigurationError as error:
        return str(error)


@settings(max_examples=60, deadline=None)
@given(documents(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(entries, same, different, chance):
    shuffled = entries[:]
    chance.shuffle(shuffled)
    first, second = (join_or_refuse(given_, same, different) for given_ in (entries, shuffled))

    assert first == second
    if isinstance(first, Joined):
        assert [w.evidence for w in first.works] == [w.evidence for w in second.works]


@settings(max_examples=60, deadline=None)
@given(documents(), PAIRS, PAIRS)
def test_every_entry_is_in_one_piece_that_evidence_holds_together(entries, same, different):
    joined = join_or_refuse(entries, same, different)
    if isinstance(joined, str):
        return
    counted = Counter(d.id for work in joined.works for d in work.documents)
    assert counted == Counter(d.id for d in entries)
    for work in joined.works:
        reached = {work.documents[0].id}
        for _ in work.documents:
            reached |= {id_ for e in work.evidence if {e.a, e.b} & reached for id_ in (e.a, e.b)}
        assert reached == {d.id for d in work.documents}
        assert len(work.places) >= 1


@settings(max_examples=60, deadline=None)
@given(documents(), PAIRS, PAIRS)
def test_the_owners_word_always_holds(entries, same, different):
    joined = join_or_refuse(entries, same, different)
    if isinstance(joined, str):
        return
    ids = {d.id for d in entries}
    groups = groups_of(joined)
    for a, b in same:
        assert not {a, b} <= ids or any({a, b} <= group for group in groups)
    for a, b in different:
        assert not any({a, b} <= group for group in groups)


# --- Much of one kind -----------------------------------------------------------------

MANY = 10_000


def join_many(make, **verdicts):
    """Join 10,000 entries; were all their pairs compared, this would not end."""
    joined = join(*(make(n) for n in range(MANY)), **verdicts)
    assert sum(len(work.documents) for work in joined.works) == MANY
    return joined


@pytest.mark.parametrize(
    ("make", "works", "conflicts"),
    [
        pytest.param(lambda n: a_line(f"{n}"), 1, 0, id="one title in one list"),
        pytest.param(lambda n: a_line(f"{n}", path=f"{n}"), MANY, 0, id="in many lists"),
        pytest.param(lambda n: a_post(f"{n}"), MANY, 0, id="one title, as posts"),
        pytest.param(
            lambda n: a_line(f"{n}") if n else a_post("post"), 1, 0, id="one title of one post"
        ),
        pytest.param(
            lambda n: a_line(f"{n}", path=f"{n}") if n > 9 else a_post(f"{n}"), MANY, 0,
            id="one title of ten posts",
        ),
        pytest.param(
            lambda n: a_line(f"{n}", path=f"{n}") if n % 2 else a_post(f"{n}"), MANY, 0,
            id="one title, of posts and entries",
        ),
        pytest.param(
            lambda n: a_line(f"{n}", summary=f"{n}"), MANY, 0, id="one title, many summaries"
        ),
        pytest.param(lambda n: a_line(f"{n}", url=HERE), 1, 0, id="one address, one title"),
        pytest.param(
            lambda n: a_line(f"{n}", f"word{n}", url=HERE), MANY, 1, id="one address, many titles"
        ),
        pytest.param(
            lambda n: a_line(f"{n}", f"On Salt {n}", url=HERE), MANY, 1, id="one address, a series"
        ),
        pytest.param(
            lambda n: a_line(f"{n}", f"word{n} " * 9, url=f"{HERE}#{n}"), MANY, 0,
            id="one page, many parts",
        ),
        pytest.param(
            lambda n: a_post(f"{n}", url=f"{HERE}/{n}", canonical_url=f"{HERE}/{(n + 1) % MANY}"),
            1, 0, id="a circle of declarations",
        ),
        pytest.param(
            lambda n: a_post(f"{n}", f"word{n}", url=f"{HERE}/{n}", canonical_url=HERE), MANY, 1,
            id="one declared address, many titles",
        ),
        pytest.param(
            lambda n: a_post(f"{n}", f"word{n}", url=f"{HERE}/{n or ''}", text=a_text(n % 7, 60),
                             canonical_url=HERE),
            MANY - len(range(0, MANY, 7)) + 1, 1, id="one declared address, many texts",
        ),
        pytest.param(lambda n: a_line(f"{n}", "🐢"), MANY, 0, id="one emoji"),
    ],
)  # fmt: skip
def test_ten_thousand_of_one_kind_take_two_seconds(make, works, conflicts):
    joined = join_many(make)

    assert len(joined.works) == works
    assert len(joined.conflicts) == conflicts
    assert len(joined.near_misses) <= MANY
    assert all(len(conflict.reason) < 2_000 for conflict in joined.conflicts)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: a_line(f"{n}"), id="one title in one list"),
        pytest.param(lambda n: a_line(f"{n}", f"word{n}", url=HERE), id="one address, many titles"),
    ],
)
def test_memory_does_not_grow_with_pairs(make):
    documents = [make(n) for n in range(MANY // 4)]
    tracemalloc.start()
    join(*documents)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000, f"{peak:,} bytes"


def test_titles_of_five_thousand_characters_take_no_square_of_their_length():
    documents = [a_line(f"{n}", "salt " * 999 + f"{n}", url=f"{HERE}/{n % 3}") for n in range(150)]
    joined = join(*documents)
    assert len(joined.works) == 150
    assert all(len(conflict.reason) < 2_000 for conflict in joined.conflicts)


def test_verdicts_on_crowded_addresses_are_resolved_in_the_end():
    joined = join_many(
        lambda n: a_line(f"{n}", url=f"{HERE}/{n % 2}"),
        different=[[f"{HERE}/0", f"{HERE}/1"]],
    )
    assert len(joined.works) == 2


# --- The scattered writer, and content/ -----------------------------------------------

STATED = tomllib.loads((SCATTERED.parent / "scattered.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scattered():
    return gather(SCATTERED)


@pytest.fixture(scope="module")
def content():
    return gather(CONTENT)


def test_the_scattered_writer_is_read_as_stated(scattered):
    assert len(scattered.works) == STATED["works"] == len(STATED["work"])
    assert sum(len(w.documents) for w in scattered.works) == STATED["documents"]
    assert scattered.joined.conflicts == scattered.joined.near_misses == ()


@pytest.mark.parametrize("stated", STATED["work"], ids=lambda stated: stated["name"])
def test_a_scattered_piece_is_one_work(scattered, stated):
    [work] = [w for w in scattered.works if w.title == stated["title"]]

    assert {d.id for d in work.documents} == set(stated["documents"])
    assert work.canonical.id == stated["documents"][0]
    assert (work.date.isoformat() if work.date else None) == stated.get("date")
    assert (str(work.date.year) if work.date else None) == stated.get("year")
    assert len(work.places) == stated["places"]
    assert list(work.sources) == stated["sources"]


def test_what_one_copy_alone_says_finds_the_scattered_piece(scattered):
    only = STATED["only"]
    having_word = [
        (w.title, d.id) for w in scattered.works for d in w.documents if only["word"] in d.text
    ]
    having_tag = [
        (w.title, d.id)
        for w in scattered.works
        for d in w.documents
        if only["tag"] in map(slug_of_tag, d.tags)
    ]

    assert having_word == [(only["title"], only["word_document"])]
    assert having_tag == [(only["title"], only["tag_document"])]
    assert [w.title for w in scattered.works if only["tag"] in w.tags] == [only["title"]]


def test_content_is_59_pieces_with_one_conflict(content):
    assert len(content.joined.works) == 59
    assert sum(len(w.documents) for w in content.joined.works) == 120
    [conflict] = content.joined.conflicts
    assert len(conflict.documents) == 2
    assert "probably that of “When “Safety” Feels Like Gaslighting" in conflict.reason


def test_each_listed_entry_of_content_joins_its_post(content):
    sites = {"archive-list": 5, "blog-list": 31, "research-list": 11}
    for source, pieces in sites.items():
        works = [w for w in content.works if any(d.source == source for d in w.documents)]
        assert len(works) == pieces
        for work in works:
            assert not work.canonical.listed or "quora" in work.canonical.summary.lower()


def test_the_two_quora_answers_stay_two(content):
    answers = [w for w in content.works if "quora" in w.summary.lower()]
    assert len(answers) == 2


def test_parts_of_a_series_stay_apart(content):
    parts = [w for w in content.works if "post-training part" in w.title.lower()]
    assert len(parts) == 4


def test_without_one_listed_entry_its_piece_stays_or_goes(content):
    documents = [d for reading in content.readings for d in reading.documents]
    whole = join_documents(documents, Verdicts())
    for gone in [d for d in documents if d.listed][::6]:
        left = join_documents([d for d in documents if d is not gone], Verdicts())
        home = next(work for work in whole.works if gone in work.documents)
        assert len(whole.works) - len(left.works) == (len(home.documents) == 1)


def test_a_changed_title_is_a_piece_of_its_own(content):
    documents = [d for reading in content.readings for d in reading.documents]
    listed = next(i for i, d in enumerate(documents) if d.source == "archive-list")
    documents[listed] = replace(documents[listed], title="Something Else Entirely")

    assert len(join_documents(documents, Verdicts()).works) == 60


SCRIPT = """
from pathlib import Path
from searchapp.build import gather
for work in gather(Path("tests/data/scattered")).works:
    print(work.id, [d.id for d in work.documents], work.places, work.evidence, work.tags)
"""


def test_python_salts_its_hashes_and_nothing_changes():
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT, check=True, capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_the_keys_of_places_are_all_different(content):
    for work in content.works:
        keys = [address_key(place.url) for place in work.places if place.url]
        assert all(one != other for one, other in pairwise(sorted(keys)))
