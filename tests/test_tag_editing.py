"""Tags written into front matter: every other byte stays, and what is unsafe is refused."""

import codecs

import pytest

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.facts import Facts
from searchapp.sources.frontmatter import part
from searchapp.tags.frontmatter import add_tags, add_tags_to_file

BODY = "\n# Cats\n\ntags: [not, these]\n"

WRITTEN = [
    ("an inline list", "---\ntags: [a, b] # mine\ntitle: Cats\n---\n",
     "---\ntags: [a, b, fog, Map Making] # mine\ntitle: Cats\n---\n"),
    ("a list over lines", "---\ntags: [a,  # one\n  'b',\n]\n---\n",
     "---\ntags: [a,  # one\n  'b', fog, Map Making,\n]\n---\n"),
    ("an empty list", "---\ntags: []\n---\n", "---\ntags: [fog, Map Making]\n---\n"),
    ("a block list", "---\ntags:\n  - a\n  -   b # last\ntitle: Cats\n---\n",
     "---\ntags:\n  - a\n  -   b # last\n  -   fog\n  -   Map Making\ntitle: Cats\n---\n"),
    ("a block list at the end", "---\ntitle: Cats\ntags:\n- a\n---\n",
     "---\ntitle: Cats\ntags:\n- a\n- fog\n- Map Making\n---\n"),
    ("words with commas", "---\ntags: a, b\n---\n", "---\ntags: a, b, fog, Map Making\n---\n"),
    ("words in quotes", '---\ntags: "a, b" # x\n---\n',
     '---\ntags: "a, b, fog, Map Making" # x\n---\n'),
    ("one word", "---\ntags: a\n---\n", "---\ntags: [a, fog, Map Making]\n---\n"),
    ("a number", "---\ntags: [2024]\n---\n", "---\ntags: [2024, fog, Map Making]\n---\n"),
    ("nothing behind the key", "---\ntags:\ntitle: Cats\n---\n",
     "---\ntags: [fog, Map Making]\ntitle: Cats\n---\n"),
    ("null", "---\ntags: ~ # none\n---\n", "---\ntags: [fog, Map Making] # none\n---\n"),
    ("no tags", "---\n# a remark\ntitle:  'Cats'\n---\n",
     "---\n# a remark\ntitle:  'Cats'\ntags: [fog, Map Making]\n---\n"),
    ("categories alone", "---\ncategories: [a]\n---\n",
     "---\ncategories: [a]\ntags: [fog, Map Making]\n---\n"),
    ("nothing between the fences", "---\n---\n", "---\ntags: [fog, Map Making]\n---\n"),
    ("no front matter", "", "---\ntags: [fog, Map Making]\n---\n"),
    ("capitals", "---\nTags: [a]\n---\n", "---\nTags: [a, fog, Map Making]\n---\n"),
    ("a theme's table", "---\nparams:\n  tags: [a]\n---\n",
     "---\nparams:\n  tags: [a, fog, Map Making]\n---\n"),
    ("TOML", '+++\ntags = ["a", \'b\'] # mine\ntitle = "Cats"\n+++\n',
     '+++\ntags = ["a", \'b\', "fog", "Map Making"] # mine\ntitle = "Cats"\n+++\n'),
    ("TOML over lines", '+++\ntags = [\n  "a", # ]\n]\n+++\n',
     '+++\ntags = [\n  "a",\n  "fog",\n  "Map Making", # ]\n]\n+++\n'),
    ("TOML without tags", '+++\ntitle = "Cats"\n\n[extra]\nx = 1\n+++\n',
     '+++\ntitle = "Cats"\n\ntags = ["fog", "Map Making"]\n[extra]\nx = 1\n+++\n'),
    ("TOML in a table", '+++\n[taxonomies]\ntags = ["a"]\n+++\n',
     '+++\n[taxonomies]\ntags = ["a", "fog", "Map Making"]\n+++\n'),
    ("JSON", '{\n  "title": "Cats",\n  "tags": ["a"]\n}\n',
     '{\n  "title": "Cats",\n  "tags": ["a", "fog", "Map Making"]\n}\n'),
    ("JSON without tags", '{\n  "title": "Cats"\n}\n',
     '{\n  "tags": ["fog", "Map Making"],\n  "title": "Cats"\n}\n'),
    ("JSON between fences", '---json\n{"title": "Cats", "tags": []}\n---\n',
     '---json\n{"title": "Cats", "tags": ["fog", "Map Making"]}\n---\n'),
    ("lines of Pelican", "Title: Cats\nTags: a, b\nDate: 2024-01-01\n",
     "Title: Cats\nTags: a, b, fog, Map Making\nDate: 2024-01-01\n"),
    ("lines without tags", "Title: Cats\nDate: 2024-01-01\n",
     "Title: Cats\nDate: 2024-01-01\nTags: fog, Map Making\n"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "then"), [pytest.param(*c[1:], id=c[0]) for c in WRITTEN])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_tags_are_added_and_every_other_byte_stays(head, then, end):
    before, after = ((text + BODY).replace("\n", end).encode() for text in (head, then))

    assert add_tags(before, ["fog", "Map Making"]) == after


@pytest.mark.parametrize(
    "head", [c[1] for c in WRITTEN if "words" not in c[0]], ids=lambda head: head[:20]
)
@pytest.mark.parametrize("tag", ["no", "2024", "C#", "a: b", "naïve", '"quoted"', ".NET", "true"])
def test_what_was_written_is_read_as_the_same_tag(head, tag):
    after = part(decode(add_tags((head + BODY).encode(), [tag]))[0])

    assert {*Facts(part(head + BODY).facts).tags(), tag} == {*Facts(after.facts).tags()}


def test_tags_that_begin_with_a_sign_stay_so():
    assert add_tags(b'---\ntags: "#a #b"\n---\n', ["fog"]) == b'---\ntags: "#a #b #fog"\n---\n'


def test_tags_parted_by_spaces_stay_so():
    before = b"---\ntags: a b\n---\n"

    assert add_tags(before, ["fog"], spaced=True) == b"---\ntags: a b fog\n---\n"
    with pytest.raises(ContentError, match="by hand"):
        add_tags(before, ["map making"], spaced=True)


def test_tags_of_zola_stand_in_their_table():
    assert add_tags(b'+++\ntitle = "Cats"\n+++\n', ["fog"], zola=True) == (
        b'+++\ntitle = "Cats"\n[taxonomies]\ntags = ["fog"]\n+++\n'
    )
    assert add_tags(b"+++\n[taxonomies]\nx = []\n[extra]\n+++\n", ["fog"], zola=True) == (
        b'+++\n[taxonomies]\ntags = ["fog"]\nx = []\n[extra]\n+++\n'
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1"], ids=lambda name: name
)
def test_a_file_keeps_its_encoding_and_its_mark(encoding):
    text = "---\ntitle: Café\ntags: [a]\n---\nnaïve\n"
    wanted = text.replace("[a]", "[a, fog]")

    assert add_tags(text.encode(encoding), ["fog"]) == wanted.encode(encoding)


def test_letters_that_the_encoding_may_lack_are_refused():
    with pytest.raises(ContentError, match="is not UTF-8"):
        add_tags("---\ntitle: Café\n---\n".encode("cp1252"), ["naïve"])


REFUSED = [
    ("fences that never close", "---\ntags: [a]\n"),
    ("tags that are a mapping", "---\ntags: {a: b}\n---\n"),
    ("a block of text", "---\ntags: |\n  a\n---\n"),
    ("all in braces", "---\n{title: Cats}\n---\n"),
    ("a list in a list", '+++\ntags = [["a"]]\n+++\n'),
    ("words in TOML", '+++\ntags = "a"\n+++\n'),
    ("YAML that cannot be read", "---\ntags: [a\n---\n"),
    ("an anchor", "---\nx: &x [a]\ntags: *x\n---\n"),
]


@pytest.mark.parametrize("text", [c[1] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_be_edited_safely_is_refused(text):
    with pytest.raises(ContentError):
        add_tags(text.encode(), ["fog"])


VALID = [
    ("a nested object with tags", '{"title": "Cats", "x": {"tags": [1]}}\n',
     '{"tags": ["fog"], "title": "Cats", "x": {"tags": [1]}}\n'),
    ("a number in JSON", '{"tags": [2024]}\n', '{"tags": [2024, "fog"]}\n'),
    ("a text that looks like tags", '{"title": "\\"tags\\": [", "tags": []}\n',
     '{"title": "\\"tags\\": [", "tags": ["fog"]}\n'),
    ("a theme's object", '{"params": {"tags": ["a"]}}\n', '{"params": {"tags": ["a", "fog"]}}\n'),
    ("a number in TOML", "+++\ntags = [2024]\n+++\n", '+++\ntags = [2024, "fog"]\n+++\n'),
    ("a date in TOML", "+++\ntags = [\n  1979-05-27,\n]\n+++\n",
     '+++\ntags = [\n  1979-05-27, "fog",\n]\n+++\n'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "then"), [pytest.param(*c[1:], id=c[0]) for c in VALID])
def test_a_valid_file_was_called_broken(before, then):
    assert add_tags((before + BODY).encode(), ["fog"]) == (then + BODY).encode()


@pytest.mark.parametrize("text", ["+++\ntags = [{a = 1}]\n+++\n", '{"tags": [{"a": 1}]}\n'])
def test_a_valid_file_that_cannot_be_edited_is_not_called_broken(text):
    with pytest.raises(ContentError) as refused:
        add_tags(text.encode(), ["fog"])
    assert refused.value.reason.endswith("; add the tags by hand")


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    path = tmp_path / "cats.md"
    path.write_bytes(codecs.BOM_UTF8 + b"---\r\ntags: [a]\r\n---\r\nBody")
    path.chmod(0o640)
    add_tags_to_file(path, tmp_path, ["fog"])

    assert path.read_bytes() == codecs.BOM_UTF8 + b"---\r\ntags: [a, fog]\r\n---\r\nBody"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["cats.md"]


def test_a_refused_file_stays_as_it_was(tmp_path):
    path = tmp_path / "cats.md"
    path.write_text("---\ntags: {a: b}\n---\n")
    with pytest.raises(ContentError):
        add_tags_to_file(path, tmp_path, ["fog"])

    assert path.read_text() == "---\ntags: {a: b}\n---\n"
