"""Texts beside each other: whole, edited, cut to an excerpt, or strangers."""

import random

from builders import a_document

from searchapp.dedup import compare_texts
from searchapp.dedup.bodies import Reader, Sketches, measure, outline

WORDS = [f"{a}{b}" for a in ("sal", "tid", "net", "buo", "fer", "har") for b in "abcdefghijklmnop"]


def a_text(seed, words=200):
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


def likeness(one, other):
    reader = Reader()
    return measure(reader.read(one), reader.read(other))


def test_a_text_is_like_itself_whatever_its_signs_and_case():
    text = a_text(1)
    found = likeness(text, text.upper().replace(" ", ", "))

    assert (found.jaccard, found.containment) == (1.0, 1.0)


def test_an_excerpt_is_contained_though_it_is_little():
    text = a_text(1)
    found = likeness(text, " ".join(text.split()[:60]))

    assert found.containment == 1.0
    assert found.jaccard < 0.3


def test_strangers_have_nothing_in_common():
    assert likeness(a_text(1), a_text(2)).containment == 0.0


def test_a_short_text_counts_for_nothing():
    assert not likeness("On salt and sand.", "On salt and sand.").counts


def test_texts_without_spaces_are_read_by_letter():
    text = "".join(chr(0x4E00 + n % 700) for n in range(0, 7_000, 7))

    assert likeness(text, text[:300]).containment == 1.0


def test_hashes_are_the_same_in_every_process():
    assert Reader().read("one two three four five six").tolist() == [3830909932, 3871389794]


def test_sketches_find_copies_and_excerpts_among_strangers():
    texts = [a_text(n) for n in range(300)]
    texts += [f"{a_text(7)} {a_text(900, 40)}", " ".join(a_text(8).split()[:70])]
    reader = Reader()

    assert set(Sketches([outline(reader.read(t)) for t in texts]).find_alike()) == {
        (7, 300),
        (8, 301),
    }


def test_what_every_letter_begins_with_is_not_theirs_alone():
    greeting = a_text(1, 120)
    reader = Reader()
    runs = [reader.read(f"{greeting} {a_text(n, 60)}") for n in range(5, 12)]
    runs += [reader.read(a_text(30)), reader.read(a_text(30) + " " + a_text(31, 30))]
    sketches = Sketches([outline(r) for r in runs])

    assert sketches.own_share(0, 1) == 0.0
    assert sketches.own_share(7, 8) == 1.0


def test_equal_texts_are_found_however_many_there_are():
    runs = [Reader().read(a_text(1))] * 500

    assert len(Sketches([outline(r) for r in runs]).find_alike()) < 2 * len(runs)


def test_two_documents_are_compared_by_name():
    found = compare_texts(a_document(id="a", text=a_text(1)), a_document(id="b", text=a_text(1)))

    assert (found.a, found.b, found.jaccard, found.runs) == ("a", "b", 1.0, 196)
