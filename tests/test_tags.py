"""When two tags are one, what a tag is called, and what the owner may say of them."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from builders import a_document, work_of, write_files
from conftest import CONTENT, SCATTERED
from hypothesis import given
from hypothesis import strategies as st

from searchapp.build import gather
from searchapp.errors import ConfigurationError
from searchapp.slugs import slug_of_tag
from searchapp.sources import READERS
from searchapp.tags import Vocabulary, assign_tags, read_vocabulary
from searchapp.tags.vocabulary import squash


@pytest.fixture
def vocabulary_of(tmp_path):
    return lambda text: read_vocabulary(write_files(tmp_path, {"tags.toml": text}))


def tags_of(*taggings: list[str], vocabulary: Vocabulary | None = None):
    """Return the tags of pieces that are tagged so, by their slugs."""
    works = [work_of(a_document(tags=tags)) for tags in taggings]
    _, tags, _ = assign_tags(works, vocabulary or Vocabulary())
    return {tag.slug: tag for tag in tags}


ONE_TAG = [
    ("a space and a hyphen", "Map Making", "map-making"),
    ("no separator", "Map Making", "MapMaking"),
    ("an underscore", "Map Making", "map_making"),
    ("a dot", "Map Making", "map.making"),
    ("two spaces", "Map Making", "  map   making "),
    ("case", "RL", "rl"),
    ("an accent", "Café", "cafe"),
    ("an accent in two characters", "Café", "Cafe\u0301"),
    ("ß", "Straße", "STRASSE"),
    ("an apostrophe", "Ferryman’s luck", "ferrymans-luck"),
    ("a slash", "read/write", "read write"),
    ("wide letters", "ＲＬ", "rl"),
    ("C++ in words", "C++", "cplusplus"),
    ("Cyrillic case", "Реки", "РЕКИ"),
    ("Cyrillic ё", "Чёрная река", "черная река"),
    ("Cyrillic separators", "Карта рек", "карта-рек"),
    ("Greek accents", "Θάλασσα", "θαλασσα"),
    ("Japanese widths", "カメラ", "ｶﾒﾗ"),
    ("digits and letters", "GPT 4", "gpt-4"),
    ("digits and letters joined", "GPT 4", "GPT4"),
]
TWO_TAGS = [
    ("C and C++", "C", "C++"),
    ("C and C#", "C", "C#"),
    ("C++ and C#", "C++", "C#"),
    ("F# and F", "F#", "F"),
    (".NET and NET", ".NET", "NET"),
    ("a plural", "river", "rivers"),
    ("a plural of two words", "river map", "river maps"),
    ("http and https", "http", "https"),
    ("pandas and panda", "pandas", "panda"),
    ("LLM and LLMs", "LLM", "LLMs"),
    ("an abbreviation", "RL", "reinforcement-learning"),
    ("a letter more", "table", "tablet"),
    ("words in another order", "map making", "making map"),
    ("versions", "Python 3.11", "Python 31.1"),
    ("a decimal", "1.5", "15"),
    ("Japanese voicing", "ハハ", "ババ"),
    ("Japanese words", "川", "橋"),
    ("Hindi vowel signs", "कल", "काल"),
    ("ь and none", "мел", "мель"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in ONE_TAG])
def test_spellings_of_one_tag_are_one(one, other):
    assert len(tags_of([one], [other])) == 1


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in TWO_TAGS])
def test_two_tags_stay_two(one, other):
    assert len(tags_of([one], [other])) == 2


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        ("Map Making", "map-making"),
        ("MapMaking", "mapmaking"),
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        ("F#", "fsharp"),
        (".NET", "dot-net"),
        ("NET", "net"),
        ("C", "c"),
        ("Pass@K", "pass-k"),
        ("Café", "cafe"),
        ("Реки", "реки"),
        ("川", "川"),
        ("AT&T", "at-t"),
    ],
)
def test_a_tag_has_its_slug(raw, slug):
    assert list(tags_of([raw])) == [slug]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_every_spelling_is_counted_under_one_slug_or_reported(tags):
    work = work_of(a_document(tags=tags))
    [tagged], known, findings = assign_tags([work], Vocabulary())

    assert set(tagged.tags) == {tag.slug for tag in known}
    none = [finding for finding in findings if " names nothing " in finding.reason]
    assert len(none) == sum(1 for raw in tags if not any(map(str.isalnum, raw)))
    assert all(slug and slug == slug_of_tag(slug) for slug in tagged.tags)


# --- Slug, label, aliases -------------------------------------------------------------


def test_a_tag_is_called_as_it_is_mostly_written():
    tag = tags_of(["mapmaking"], ["Map Making"], ["Map Making"])["map-making"]
    assert (tag.label, tag.aliases) == ("Map Making", ("mapmaking",))


def test_a_spelling_counts_once_a_piece_however_many_copies_say_it():
    copies = work_of(a_document(tags=["mapping"]), a_document(tags=["mapping"]))
    others = [work_of(a_document(tags=["Mapping"])) for _ in range(2)]
    _, [tag], _ = assign_tags([copies, *others], Vocabulary())

    assert tag.label == "Mapping"


def test_of_spellings_used_alike_the_one_with_capitals_is_the_label():
    assert tags_of(["rl"], ["RL"])["rl"].label == "RL"


def test_of_spellings_used_alike_mixed_case_is_the_label_then_the_latest():
    old, new = (
        a_document(tags=["Map Making"], date="2020-01-01"),
        a_document(tags=["Map-Making"], date="2024-01-01"),
    )
    loud = a_document(tags=["MAP MAKING"], date="2025-01-01")
    _, [tag], _ = assign_tags([work_of(d) for d in (old, new, loud)], Vocabulary())

    assert tag.label == "Map-Making"


def test_of_slugs_used_alike_the_one_with_separators_is_kept():
    assert list(tags_of(["mapmaking"], ["map-making"])) == ["map-making"]


def test_the_order_of_pieces_changes_no_tag():
    taggings = [["a b"], ["ab"], ["A-B", "ab"], ["A b"]]
    assert tags_of(*taggings) == tags_of(*taggings[::-1])


def test_a_piece_is_found_by_all_names_of_its_tags(vocabulary_of):
    vocabulary = vocabulary_of('[aliases]\n"RL" = "reinforcement-learning"')
    works = [work_of(a_document(tags=["RL"])), work_of(a_document(tags=["Reinforcement Learning"]))]
    tagged, _, _ = assign_tags(works, vocabulary)

    for work in tagged:
        assert work.tags == ("reinforcement-learning",)
        assert work.tag_names == ("Reinforcement Learning", "RL")


def test_a_piece_has_the_tags_of_all_its_copies_each_once():
    work = work_of(a_document(tags=["rivers", "Map Making"]), a_document(tags=["MapMaking", "fog"]))
    [tagged], _, _ = assign_tags([work], Vocabulary())

    assert tagged.tags == ("fog", "map-making", "rivers")


# --- What the owner says --------------------------------------------------------------


def test_without_a_file_tags_are_what_entries_say(tmp_path):
    assert read_vocabulary(tmp_path) == Vocabulary()


def test_an_alias_stands_for_its_tag_in_any_spelling(vocabulary_of):
    vocabulary = vocabulary_of('[aliases]\n"Re-Learning" = "Reinforcement Learning"')

    for raw in ("re-learning", "ReLearning", "RE LEARNING", "reinforcementlearning"):
        assert vocabulary.slug(raw) == "reinforcement-learning"
        assert list(tags_of([raw], vocabulary=vocabulary)) == ["reinforcement-learning"]


def test_an_alias_of_an_alias_leads_to_the_end(vocabulary_of):
    vocabulary = vocabulary_of('[aliases]\n"a" = "b"\n"b" = "c"\n"c" = "d e"')

    assert [vocabulary.slug(raw) for raw in ("a", "B", "c", "DE")] == ["d-e"] * 4
    assert tags_of(["a"], ["d e"], vocabulary=vocabulary)["d-e"].aliases == ("a", "b", "c")


def test_an_alias_of_a_tag_that_nobody_uses_is_no_tag(vocabulary_of):
    vocabulary = vocabulary_of(
        '[aliases]\n"RL" = "reinforcement-learning"\n[tags.fog]\nlabel="Fog"'
    )
    assert list(tags_of(["rivers"], vocabulary=vocabulary)) == ["rivers"]


def test_an_alias_of_its_own_spelling_chooses_the_slug(vocabulary_of):
    vocabulary = vocabulary_of('[aliases]\n"map-making" = "mapmaking"')
    assert list(tags_of(["Map Making"], ["Map Making"], vocabulary=vocabulary)) == ["mapmaking"]


def test_a_described_tag_keeps_its_slug_label_and_description(vocabulary_of):
    vocabulary = vocabulary_of(
        '[tags."Map Making"]\nlabel = "Maps"\ndescription = "Drawing\\n it."\nparents = ["Craft"]'
    )
    tag = tags_of(["mapmaking"], ["mapmaking"], vocabulary=vocabulary)["map-making"]

    assert tag.label == "Maps"
    assert tag.description == "Drawing it."
    assert tag.parents == ("craft",)
    assert tag.aliases == ("mapmaking",)


def test_parents_and_bundles_may_be_aliases(vocabulary_of):
    vocabulary = vocabulary_of(
        '[aliases]\n"RL" = "reinforcement-learning"\n'
        '[tags.grpo]\nparents = ["RL"]\n[bundles]\n"Training" = ["RL", "Fog", "rl"]'
    )
    assert vocabulary.tags["grpo"].parents == ("reinforcement-learning",)
    assert vocabulary.bundles == {"Training": ("reinforcement-learning", "fog")}


def test_a_label_alone_leaves_the_spellings_as_aliases(vocabulary_of):
    vocabulary = vocabulary_of('[tags.moe]\nlabel = "Mixture of experts"')
    assert tags_of(["MoE"], vocabulary=vocabulary)["moe"].aliases == ("MoE",)


REFUSED = [
    ("a misspelt table", '# alias\n[alias]\n"a" = "b"', ":2: there is no 'alias'; write 'aliases'"),
    ("a misspelt key", '[tags.a]\nlabel = "A"\n\n[tags.b]\nlable = "B"',
     ":5: there is no 'lable'; write 'label'"),
    ("a misspelt key in line", 'tags.a = {parent = ["b"]}',
     ":1: there is no 'parent'; write 'parents'"),
    ("one behind a long text", '[tags.a]\ndescription = """\nlable = 1\n"""\nlable = "A"',
     ":5: there is no 'lable'; write 'label'"),
    ("a table of text", 'tags = "a"', ":1: tags is 'a'; write a table: [tags]"),
    ("a list of tables", '\n[[aliases]]\na = "b"', ":2: aliases is [{'a': 'b'}]; write a table"),
    ("a tag of text", '[tags]\na = "b"', ":2: a is 'b'; write a table: [tags.a]"),
    ("a label of numbers", "[tags.a]\nlabel = 1\n[tags.b]\nlabel = 2",
     ':2: label is 1; write it in quotes: label = "..."'),
    ("the second label", '[tags.a]\nlabel = "1"\n[tags.b]\nlabel = 2', ":4: label is 2; write it"),
    ("an alias of a list", '[aliases]\n"a" = ["b"]', ":2: a is ['b']; write it in quotes"),
    ("parents of text", '[tags.a]\nparents = "b"', ":2: parents is 'b'; write a list: parents ="),
    ("a bundle of numbers", '[bundles]\n"All" = [1]', ":2: All is [1]; write a list: All ="),
    ("an alias of no tag", '[aliases]\n"a" = "!"', ":2: '!' names nothing that can be"),
    ("no tag as an alias", '[aliases]\n"🐢" = "a"', ":2: '🐢' names nothing"),
    ("no tag described", '[tags]\n[tags."--"]\nlabel = "a"', ":2: '--' names nothing"),
    ("no tag as a parent", '[tags.a]\nlabel = "a"\nparents = [""]', ":3: '' names nothing"),
    ("an alias in a circle", '[aliases]\n"x" = "y"\n"A" = "b"\n"b" = "a"',
     ":3: aliases go in a circle: A -> b -> A; remove one of them"),
    ("a longer circle", '[aliases]\n"a" = "b"\n"b" = "c"\n"c" = "b"',
     ":2: aliases go in a circle: a -> b -> c -> b; remove one"),
    ("an alias of two tags", '[aliases]\n"RL" = "a"\n"rl" = "b"',
     ":3: 'rl' is the alias 'RL' of line 2, which stands for another tag; remove one"),
    ("a tag described twice", "[tags.map-making]\n[tags.mapmaking]",
     ":2: 'mapmaking' is the tag 'map-making' of line 1; join them"),
    ("an alias described", '[aliases]\n"RL" = "r-l-x"\n[tags.rl]\nlabel = "RL"',
     ":3: 'rl' is an alias of 'r-l-x'; describe that tag: [tags.r-l-x]"),
    ("its own parent", '[tags.a]\nparents = ["A"]', ":2: parents go in a circle: a -> a; remove"),
    ("parents in a circle",
     '[tags.a]\nparents = ["x", "b"]\n[tags.b]\nparents = ["c"]\n[tags.c]\nparents = ["a"]',
     ":2: parents go in a circle: a -> b -> c -> a; remove one of them"),
    ("different tags of text", 'different = "a"', ":1: different is 'a'; write lists of tags"),
    ("different tags of numbers", "different = [[1, 2]]", ":1: different is [1, 2]; write a list"),
    ("different spellings of one tag", 'different = [["a b", "ab"]]',
     ":1: a-b, ab are not all different: two are one tag by its aliases or spelling"),
    ("no TOML", '[tags]\n\nlabel = "', ":3: is not TOML: Unterminated string, column 10"),
    ("no TOML in a line", '[tags]\n\na b = 1\n\n', ":3: is not TOML: Expected"),
    ("a table twice", "[tags.a]\n[tags.a]", ":2: is not TOML: Cannot declare"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [pytest.param(*c[1:], id=c[0]) for c in REFUSED])
def test_what_cannot_be_said_of_tags_is_refused_with_its_line(vocabulary_of, text, told):
    with pytest.raises(ConfigurationError) as refused:
        vocabulary_of(text)
    assert str(refused.value).startswith(f"tags.toml{told}")


@pytest.mark.parametrize("value", ["1" * 5_000, "[" * 3_000 + "]" * 3_000], ids=["number", "nest"])
def test_a_file_without_end_is_refused(vocabulary_of, value):
    with pytest.raises(ConfigurationError, match=r"tags.toml: cannot be read"):
        vocabulary_of(f"aliases = {value}")


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "tags.toml").write_bytes(b'[tags.a]\nlabel = "caf\xe9"')
    with pytest.raises(ConfigurationError, match=r"tags.toml: cannot be read .* save it as UTF-8"):
        read_vocabulary(tmp_path)


def test_a_tag_may_have_two_parents_that_share_one(vocabulary_of):
    vocabulary = vocabulary_of(
        '[tags.a]\nparents = ["b", "c"]\n[tags.b]\nparents = ["d"]\n[tags.c]\nparents = ["d"]'
    )
    assert vocabulary.tags["a"].parents == ("b", "c")


# --- What is no tag -------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", ["", " ", "🐢", "—", "...", "++", "!!!", "x" * 101, "a sentence " * 10]
)
def test_what_is_no_tag_is_dropped_and_reported(raw):
    work = work_of(a_document(tags=["rivers", raw], path="posts/a.md", line=3))
    [tagged], tags, [finding] = assign_tags([work], Vocabulary())

    assert tagged.tags == ("rivers",)
    assert [tag.slug for tag in tags] == ["rivers"]
    assert (finding.path, finding.line) == ("posts/a.md", 3)
    assert finding.reason.endswith(", or leave it out")
    assert len(finding.reason) < 100


@pytest.mark.parametrize(
    ("raw", "told"),
    [("a, b", "has a comma or semicolon within"), ("<b>bold</b>", "has markup in it")],
)
def test_a_tag_that_holds_more_than_its_words_is_kept_and_reported(raw, told):
    work = work_of(a_document(tags=[raw], path="posts/a.md", line=3))
    [tagged], _, [finding] = assign_tags([work], Vocabulary())

    assert len(tagged.tags) == 1
    assert (finding.path, finding.line) == ("posts/a.md", 3)
    assert told in finding.reason


def test_an_alias_of_a_tag_that_does_not_exist_is_reported_with_its_line(vocabulary_of):
    vocabulary = vocabulary_of('# mine\n[aliases]\n"RL" = "renforcement"\n"old" = "fog"')
    _, _, [finding] = assign_tags([work_of(a_document(tags=["fog"]))], vocabulary)

    assert (finding.path, finding.line) == ("tags.toml", 3)
    assert finding.reason.startswith("alias 'RL' stands for 'renforcement', which no piece has")


# --- Counts ---------------------------------------------------------------------------


SHAPES = Path(__file__).parent / "data" / "sources"
FOLDERS = [CONTENT, SCATTERED, *(path for path in sorted(SHAPES.iterdir()) if path.is_dir())]


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_counts_equal_a_recount_from_the_entries(folder, tmp_path):
    content = folder
    if folder.name in READERS and not (folder / "sources.toml").exists():
        source = f'[[source]]\nname = "all"\nkind = "{folder.name}"\npath = "entries"\n'
        shutil.copytree(folder, tmp_path / "entries")
        content = write_files(tmp_path, {"sources.toml": source})
    gathered = gather(content)
    vocabulary = read_vocabulary(content)
    home = {d.id: work.id for work in gathered.works for d in work.documents}
    pieces = {
        (squash(vocabulary.slug(raw)), home[d.id])
        for reading in gathered.readings
        for d in reading.documents
        for raw in d.tags
    }
    recount = Counter(tag for tag, _ in pieces)
    counted = Counter(squash(slug) for work in gathered.works for slug in work.tags)

    assert counted == recount
    assert {tag.slug for tag in gathered.tags} == {s for work in gathered.works for s in work.tags}
    assert recount or folder.name == "plain"  # posts without any front matter


def test_the_scattered_writers_four_spellings_are_one_tag():
    tags = {tag.slug: tag for tag in gather(SCATTERED).tags}

    assert "map-making" in tags
    assert "mapmaking" not in tags
    assert tags["map-making"].label == "Map Making"


def test_contents_aliases_apply():
    tags = {tag.slug: tag for tag in gather(CONTENT).tags}

    assert "rl" not in tags
    assert "RL" in tags["reinforcement-learning"].aliases
    assert tags["reinforcement-learning"].label == "Reinforcement learning"


# --- Many -----------------------------------------------------------------------------


def test_five_thousand_tags_keep_their_aliases_and_parents(vocabulary_of):
    aliases = "".join(f'"old {n}" = "tag {n}"\n' for n in range(2_500))
    described = "".join(f'[tags."tag {n}"]\nparents = ["tag {n + 1}"]\n' for n in range(500))
    works = [work_of(a_document(tags=[f"tag {n}", f"old {n // 2}"])) for n in range(5_000)]
    vocabulary = vocabulary_of(f"[aliases]\n{aliases}{described}")
    tagged, tags, _ = assign_tags(works, vocabulary)

    assert len(tags) == 5_000
    assert len(tagged) == 5_000
