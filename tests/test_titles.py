"""Titles in one wording: what an editor changes does not matter, what tells pieces apart does."""

import pytest

from searchapp.dedup.slips import is_misspelt, is_slip
from searchapp.dedup.wordings import PLATFORMS, are_vetoed, read_wording, relate

NAMES = PLATFORMS | {"tideblog", "blogtide"}

COPIES = [
    ("a platform behind it", "equal", "On Drawing Tide Tables", "On Drawing Tide Tables | Medium"),
    ("author and platform", "equal", "On Drawing Tide Tables",
     "On Drawing Tide Tables | by A. Ferry | Medium"),
    ("its site behind it", "equal", "On Drawing Tide Tables", "On Drawing Tide Tables - Tide Blog"),
    ("an editor's prefix", "equal", "On Drawing Tide Tables",
     "[Guest post] On Drawing Tide Tables"),
    ("a repost", "equal", "On Drawing Tide Tables", "Repost: On Drawing Tide Tables"),
    ("an editor's year", "equal", "On Drawing Tide Tables", "On drawing tide tables [2024]"),
    ("a Roman part", "equal", "Mending Nets, Part 2", "Mending Nets (Part II)"),
    ("a part in words", "equal", "Mending Nets, Part One", "Mending nets pt. 1"),
    ("a number in words", "equal", "The 3 Knots You Need", "The Three Knots You Need"),
    ("British spelling", "equal", "Modelling Harbour Colours", "Modeling Harbor Colors"),
    ("-ise and -ize", "equal", "Optimising Ferries", "Optimizing ferries"),
    ("a version", "equal", "Pilot v2 at Sea", "Pilot 2 at sea"),
    ("cut", "cut", "Why Your Tide Table Is Lying to You", "Why Your Tide Table Is Ly…"),
    ("cut in a number word", "cut", "The Long Story of Three Knots", "The Long Story of Thr..."),
    ("swapped", "swapped", "Going by Boat: A Practical Guide to Salt",
     "A Practical Guide to Salt: Going by Boat"),
    ("a slip", "slip", "Engineering Best Practices for Small Crews",
     "Engineering Best Prqctices for Small Crews"),
    ("an abbreviation", "near", "Teaching RNNs to Use Charts",
     "Teaching Recurrent Neural Networks to Use Charts"),
    ("no subtitle", "near", "Brine Residuals at Sea: When Water Goes",
     "Brine Residuals at Sea"),
    ("a letter more", "near", "My Year as a Freelance Pilot", "My Year as a Freelancer Pilot"),
]  # fmt: skip

TEMPTING = [
    ("parts", "Mending Nets, Part 1", "Mending Nets, Part 2"),
    ("a first part without number", "Mending Nets", "Mending Nets, Part 2"),
    ("half parts", "Async Nets, part 1.5: knots", "Async Nets, part 2: knots"),
    ("versions", "What's new in Pluto 1.4", "What's new in Pluto 1.5"),
    ("years", "Year in review 2023", "Year in review 2024"),
    ("editors' years", "On Drawing Tide Tables [2023]", "On Drawing Tide Tables [2024]"),
    ("months", "Monthly links: January", "Monthly links: February"),
    ("days of a month", "Weeknotes: 12 March", "Weeknotes: 19 March"),
    ("issues", "Weeknotes #41", "Weeknotes #42"),
    ("counts", "5 lessons from a harbour", "7 lessons from a harbour"),
    ("a negation", "You should use sails", "You should not use sails"),
    ("a negation behind", "What is a buoy?", "What is a buoy not?"),
    ("opposites", "The case for sails", "The case against sails"),
    ("opposites by a letter", "Synchronous replication explained",
     "Asynchronous replication explained"),
    ("one word", "Deploying to AWS with ropes", "Deploying to GCP with ropes"),
    ("acronyms", "Understanding GRPO", "Understanding GSPO"),
    ("languages by a sign", "Learning C", "Learning C++"),
    ("words alike", "Causal inference in practice at sea", "Casual inference in practice at sea"),
    ("a site's name alone", "Medium", "Blog | Medium"),
]  # fmt: skip


def wordings(one, other):
    return read_wording(one, NAMES), read_wording(other, NAMES)


@pytest.mark.parametrize(
    ("relation", "one", "other"), [pytest.param(*c[1:], id=c[0]) for c in COPIES]
)
def test_what_an_editor_changes_does_not_part_titles(relation, one, other):
    a, b = wordings(one, other)

    assert relate(a, b) == relate(b, a) == relation
    assert are_vetoed(a, b) is None


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in TEMPTING])
def test_what_tells_pieces_apart_is_never_read_away(one, other):
    a, b = wordings(one, other)

    assert are_vetoed(a, b) or relate(a, b) in ("near", "unlike")


@pytest.mark.parametrize(
    "title", ["", "🐢", "…", "| Medium", "[Guest post]", "[2024]", "x " * 5_000]
)
def test_any_title_has_a_wording(title):
    a, b = wordings(title, "On Salt")

    assert relate(a, b) == "unlike"


def test_a_slip_is_two_letters_exchanged_or_a_neighbour_on_the_keyboard():
    assert is_slip("practices", "prqctices")
    assert is_slip("practices", "practcies")
    assert not is_slip("practices", "praxtixes")
    assert not is_slip("casual", "causal")


def test_a_misspelling_is_one_letter_and_no_other_beginning():
    assert is_misspelt("measuring", "measureing")
    assert not is_misspelt("synchronous", "asynchronous")
    assert not is_misspelt("grpo", "gspo")
