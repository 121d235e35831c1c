"""Tags that may be one: what is proposed, by which rule, and what is not."""

import pytest
from builders import a_document, work_of
from hypothesis import given
from hypothesis import strategies as st

from searchapp.slugs import slug_of_tag, squash
from searchapp.tags import Vocabulary, assign_tags
from searchapp.tags.abbreviations import KNOWN, definitions_in
from searchapp.tags.candidates import find_candidates, measure_usage
from searchapp.tags.spellings import alike, distance
from searchapp.tags.vocabulary import parse_vocabulary


def proposals(*taggings: list[str], texts: list[str] = (), vocabulary: str = ""):
    """Return what is proposed where works are tagged so, beside works with these texts."""
    works = [work_of(a_document(tags=tags)) for tags in taggings]
    works += [work_of(a_document(text=text)) for text in texts]
    said = parse_vocabulary(vocabulary)
    tagged, tags, _ = assign_tags(works, said)
    return find_candidates(measure_usage(tagged, tags), said)


def proposed(*names: str, texts: list[str] = ()):
    """Return the rule by which the first tag is to become the second one, if any."""
    found = proposals(*([name] for name in names), texts=texts)
    return [(c.a, c.b, c.rule) for c in found]


RIGHT = ["The right productivity"] * 4

FOUND = [
    ("a plural", ("river", "rivers"), "plural"),
    ("a plural in es", ("box", "boxes"), "plural"),
    ("a plural in ies", ("cryptocurrency", "cryptocurrencies"), "plural"),
    ("a plural of the last word", ("text editor", "Texteditors"), "plural"),
    ("a plural of another word", ("tool use", "tools use"), "plural"),
    ("a plural of capitals", ("GPU", "GPUs"), "plural"),
    ("a plural after digits", ("microk8", "microk8s"), "plural"),
    ("LLM and LLMs", ("LLM", "LLMs"), "plural"),
    ("American and British", ("visualisation", "visualization"), "spelling"),
    ("colour", ("colours", "colors"), "spelling"),
    ("a short name of the field", ("RL", "reinforcement learning"), "abbreviation"),
    ("one for a plural", ("LLM", "large language models"), "abbreviation"),
    ("words cut off", ("web dev", "web development"), "abbreviation"),
    ("words cut off without a separator", ("TechWriting", "technical writing"), "abbreviation"),
    ("another order", ("learning deep", "deep learning"), "order"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "rule"), [pytest.param(*c[1:], id=c[0]) for c in FOUND])
def test_what_may_be_one_tag_is_proposed_by_its_rule(names, rule):
    [(_, _, found)] = proposed(*names)
    assert found == rule


APART = [
    ("http", "https"), ("panda", "pandas"), ("new", "news"), ("table", "tablet"),
    ("audio", "audit"), ("develop", "developer"), ("python 3.11", "python 3.12"), ("io", "ios"),
    ("gpt-3", "gpt-4"), ("off-policy", "on-policy"), ("css", "cs"), ("time", "times"),
    ("api management", "app management"), ("C++", "C#"), ("cat", "hat"), ("death", "health"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_only_looks_alike_is_not_proposed(one, other):
    texts = [f"{one} and {other}"] * 3
    assert proposed(one, other, texts=texts) == []


def test_a_slip_is_a_rare_tag_beside_a_word_that_the_texts_have():
    found = proposals(["prodictivity"], ["productivity"], texts=RIGHT)

    assert [(c.a, c.b, c.rule) for c in found] == [("prodictivity", "productivity", "slip")]


def test_two_letters_that_changed_places_are_one_slip():
    assert distance("productivity", "prodcutivity") == 1
    assert proposed("prodcutivity", "productivity", texts=RIGHT)[0][2] == "slip"


def test_a_slip_in_one_word_of_several_is_found():
    texts = ["continuous delivery"] * 4
    assert proposed("Continous Delivery", "continuous delivery", texts=texts) == [
        ("continous-delivery", "continuous-delivery", "slip")
    ]


def test_two_words_that_the_texts_have_are_no_slip():
    texts = ["wikimedia runs wikipedia"] * 4
    assert proposed("wikimedia", "wikipedia", texts=texts) == []


def test_a_definition_in_a_text_is_proposed():
    texts = ["We use Group Relative Policy Optimization (GRPO), as others do."]
    assert proposed("grpo", "group relative policy optimization", texts=texts)[0][2] in (
        "definition",
        "abbreviation",
    )
    texts = ["The Tiny Recursive Model (TRM) is small.", "a Tiny Recursive Model (TRM), again"]
    [found] = proposals(["TRM"], ["tiny recursive model"], texts=texts)
    assert (found.a, found.b, found.rule) == ("trm", "tiny-recursive-model", "definition")
    assert found.reason == "2 texts define 'tiny recursive model' as 'trm'"


DEFINED = [
    ("Reinforcement learning (RL) is old", [("rl", "reinforcement learning")]),
    ("Mixture of Experts (MoE), routed", [("moe", "mixture of experts")]),
    ("large language models (LLMs).", [("llm", "large language models")]),
    ("the pass (see below) ends", []),
    ("a remark (BTW)", []),
    ("Direct Preference Optimization (DPO)!", [("dpo", "direct preference optimization")]),
]


@pytest.mark.parametrize(("text", "found"), DEFINED)
def test_a_text_defines_what_its_bracket_abbreviates(text, found):
    assert list(definitions_in(text)) == found


def test_the_rarer_tag_becomes_a_name_of_the_other():
    [found] = proposals(["rivers"], ["rivers"], ["river"])
    assert (found.a, found.b) == ("river", "rivers")

    [found] = proposals(["river"], ["river"], ["rivers"])
    assert (found.a, found.b) == ("rivers", "river")


def test_proposals_stand_most_certain_first_and_each_pair_once():
    found = proposals(["river"], ["rivers"], ["prodictivity"], ["productivity"], ["web dev"],
                      ["web development"], texts=RIGHT)  # fmt: skip
    scores = [c.score for c in found]

    assert scores == sorted(scores, reverse=True)
    assert len({frozenset((c.a, c.b)) for c in found}) == len(found) == 3


def test_what_the_owner_calls_different_is_not_proposed_again():
    said = 'different = [["llm", "LLMs"]]'
    assert proposals(["llm"], ["llms"], vocabulary=said) == []


def test_what_the_owner_joined_is_one_tag_and_no_proposal():
    said = '[aliases]\n"rivers" = "river"'
    assert proposals(["river"], ["rivers"], vocabulary=said) == []


def test_every_short_name_that_is_shipped_is_a_slug_and_so_is_what_it_stands_for():
    for short, longs in KNOWN.items():
        assert longs
        for name in (short, *longs):
            assert slug_of_tag(name) == name


words = st.text("abc", min_size=4, max_size=10)


@given(st.lists(words, max_size=8))
def test_words_alike_are_all_those_within_their_distance(found):
    unique = sorted({word for word in found if len(word) >= 5})
    most = {word: 2 if len(word) >= 9 else 1 for word in unique}
    expected = {
        (a, b)
        for i, a in enumerate(unique)
        for b in unique[i + 1 :]
        if distance(a, b) <= min(most[a], most[b])
    }
    assert {(a, b) for a, b, _ in alike(unique)} == expected


def test_five_thousand_tags_are_compared_with_each_other():
    taggings = [[f"word {n:04d} {chr(97 + n % 26)}x"] for n in range(5_000)]
    assert all(squash(c.a) != squash(c.b) for c in proposals(*taggings))


def test_no_vocabulary_means_no_exceptions():
    assert find_candidates(measure_usage([], []), Vocabulary()) == []
