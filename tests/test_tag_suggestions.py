"""What untagged pieces may be about: suggestions with their reasons."""

import pytest
from builders import a_document, work_of

from searchapp.documents import Tag
from searchapp.tags import Vocabulary, assign_tags
from searchapp.tags.doctor import spelling_of, unused_tags
from searchapp.tags.suggesting import Suggester, suggest_tags
from searchapp.tags.vocabulary import parse_vocabulary
from searchapp.tags.weights import Vectors, terms_of


def a_collection(*pieces: tuple[str, str, list[str]], known: tuple[Tag, ...] = ()):
    """Return the works and tags of pieces with a title, a text and tags."""
    works = [work_of(a_document(title, text=text, tags=tags)) for title, text, tags in pieces]
    tagged, tags, _ = assign_tags(works, Vocabulary())
    return tagged, [*tags, *known]


def suggested(*pieces, known=()):
    """Return the tags suggested for each piece that has few, with their reasons."""
    found = suggest_tags(*a_collection(*pieces, known=known))
    return {s.work.title: [(tag.tag, tag.reason) for tag in s.tags] for s in found}


def many(subject: str, tag: str, number: int = 60):
    """Return pieces on one subject, tagged so, and with another tag of their own."""
    return [
        (f"{subject} {n}", f"All about {subject}, its {subject} colour and shape {n}.", [tag, "x"])
        for n in range(number)
    ]


def test_a_piece_is_given_the_tag_of_those_that_are_like_it():
    pieces = [*many("herring", "fish"), *many("walnut", "trees")]
    found = suggested(*pieces, ("Cooking herring", "A herring, its colour and shape.", []))
    tag, reason = found["Cooking herring"][0]

    assert tag == "fish"
    assert reason.startswith("like 'herring ")
    assert " and 'herring " in reason


def test_a_tag_that_the_title_names_is_suggested_even_if_nobody_uses_it():
    known = (Tag("sea-fog", "Sea fog"),)
    found = suggested(("Walking in sea fog", "", []), known=known)

    assert found == {"Walking in sea fog": [("sea-fog", "the title names it")]}


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        ("Sea-Fogs!", "", "the title names it"),
        ("A walk", "There was sea fog.", "the text names it"),
        ("A walk", "Sea fog, and sea fog, and sea fog.", "the text names it 3 times"),
    ],
)
def test_the_reason_says_where_a_tag_is_named(title, text, reason):
    found = suggested((title, text, []), known=(Tag("sea-fog", "Sea fog"),))

    assert found[title] == [("sea-fog", reason)]


def test_short_names_of_the_field_name_a_tag_as_well():
    known = (Tag("reinforcement-learning", "Reinforcement learning"), Tag("moe", "MoE"))
    found = suggested(("RL for everyone", "", []), ("A mixture of experts", "", []), known=known)
    assert [tags[0][0] for tags in found.values()] == ["reinforcement-learning", "moe"]


def test_a_word_akin_to_a_tags_is_a_weak_reason():
    known = (Tag("recommender-systems", "Recommender systems"), Tag("operating-systems", "OS"))
    found = suggested(("How recommendation engines work", "", []), known=known)

    assert found["How recommendation engines work"] == [
        ("recommender-systems", "the title has a word akin to it")
    ]


def test_within_a_longer_name_a_shorter_one_does_not_count():
    known = (Tag("learning", "learning"), Tag("deep-learning", "deep learning"))
    found = suggested(("Deep learning at home", "", []), known=known)

    assert [tag for tag, _ in found["Deep learning at home"]] == ["deep-learning"]


def test_a_piece_with_tags_enough_is_left_alone():
    assert suggested(("Fog", "fog", ["a", "b"])) == {}


def test_a_tag_that_a_piece_has_is_not_suggested_again():
    found = suggested(("Sea fog", "", ["fog"]), known=(Tag("sea", "sea"),))

    assert "fog" not in [tag for tag, _ in found["Sea fog"]]


def test_a_piece_of_which_nothing_is_known_is_given_nothing():
    assert suggested(("Hello", "", []), *many("herring", "fish", 5))["Hello"] == []


def test_nothing_to_go_by_is_no_error():
    assert suggested() == {}
    assert suggested(("", "", [])) == {"": []}


def test_the_order_of_pieces_changes_no_suggestion():
    pieces = [*many("herring", "fish", 20), *many("walnut", "trees", 20), ("Walnut", "walnut", [])]

    assert suggested(*pieces)["Walnut"][0][0] == suggested(*pieces[::-1])["Walnut"][0][0]


def test_a_pieces_own_tags_say_nothing_of_it():
    works, tags = a_collection(("Walnut", "walnut", ["odd"]), *many("herring", "fish", 5))
    at = [tag.slug for tag in tags].index("odd")
    signals = Suggester(works, tags).signals(0)

    assert signals["neighbours"][at] == signals["centroid"][at] == 0


def test_likeness_is_the_cosine_of_the_weights():
    vectors = Vectors.of([["a", "b"], ["a", "b"], ["c"], []])

    assert vectors.likeness(0) == pytest.approx([1, 1, 0, 0])
    assert vectors.likeness(3) == pytest.approx([0, 0, 0, 0])


def test_terms_are_words_that_tell_something_and_pairs_of_them():
    assert terms_of("The Sea’s colour, and the fog") == [
        "sea's", "color", "fog", "sea's color", "color fog",
    ]  # fmt: skip


# --- Tags that nobody uses yet --------------------------------------------------------


def test_tags_named_by_lists_or_the_owner_and_used_by_no_piece_are_empty():
    said = parse_vocabulary(
        '[aliases]\n"PO" = "ppo"\n[tags.fog]\nlabel = "Fog"\nparents = ["weather"]\n'
        '[bundles]\n"All" = ["mist"]'
    )
    _, tags, _ = assign_tags([work_of(a_document(tags=["FOG"]))], said)
    found = unused_tags(tags, said, ["PPO", "Fog", "sea salt", "!"])

    assert [(tag.slug, tag.label) for tag in found] == [
        ("mist", "mist"), ("ppo", "PPO"), ("sea-salt", "sea salt"), ("weather", "weather"),
    ]  # fmt: skip


def test_a_tag_is_written_so_that_it_leads_back_to_itself():
    said = parse_vocabulary('[tags.moe]\nlabel = "Mixture of experts"')
    _, [tag], _ = assign_tags([work_of(a_document(tags=["MoE"]))], said)

    assert tag.label == "Mixture of experts"
    assert spelling_of(tag, said) == "MoE"
