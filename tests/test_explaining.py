"""Why two documents are, or are not, one work: every rule's finding, in order."""

from dataclasses import asdict

import pytest
from builders import a_document

from searchapp.dedup import Verdict, Verdicts, explain
from searchapp.errors import SearchappError

POST = a_document("On Drawing Tide Tables", id="blog:tides.md", url="https://blog.example/tides/")
COPY = a_document(
    "On Drawing Tide Tables | Medium", id="copy", source="copies", site="Copies",
    url="http://www.copies.example/tides",
)  # fmt: skip
OTHER = a_document("Salt", id="blog:salt.md", url="https://blog.example/tides/index.html")
DOCUMENTS = [POST, COPY, OTHER]


def findings_of(a, b, verdicts=Verdicts()):  # noqa: B008  (it is frozen)
    return {f.rule: f for f in explain(DOCUMENTS, verdicts, a, b).findings}


def test_it_is_what_the_command_prints():
    told = asdict(explain(DOCUMENTS, Verdicts(), "blog:tides.md", "copy"))

    assert list(told) == ["a", "b", "same", "findings"]
    assert all(list(finding) == ["rule", "finding", "score"] for finding in told["findings"])
    assert [f["rule"] for f in told["findings"]] == [
        "verdict", "authors", "declared address", "declared address of a copy", "same address",
        "address of a post, but for its ending", "address of a post, but for its hyphens",
        "repeated in one list", "title of one post of the site", "title", "text",
        "title and text", "group",
    ]  # fmt: skip


def test_it_agrees_with_joining():
    assert explain(DOCUMENTS, Verdicts(), "blog:tides.md", "copy").same
    assert not explain(DOCUMENTS, Verdicts(), "blog:tides.md", "blog:salt.md").same


def test_a_document_is_named_by_any_spelling_of_its_address():
    told = explain(DOCUMENTS, Verdicts(), "https://copies.example/tides/", "blog:tides.md")

    assert (told.a, told.b) == ("copy", "blog:tides.md")


def test_a_conflict_speaks_against():
    finding = findings_of("blog:tides.md", "blog:salt.md")["same address"]

    assert finding.score < 0
    assert "one address under unlike titles" in finding.finding


@pytest.mark.parametrize(("key", "score"), [("same", 1.0), ("different", -1.0)])
def test_a_verdict_is_told_first(key, score):
    verdicts = Verdicts(**{key: (Verdict(("copy", "blog:salt.md")),)})

    assert findings_of("copy", "blog:salt.md", verdicts)["verdict"].score == score


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(SearchappError, match=r"'blog:tide.md' names no document.*'blog:tides.md'"):
        explain(DOCUMENTS, Verdicts(), "blog:tide.md", "copy")


def test_the_way_through_other_documents_is_told():
    third = a_document(
        "Ink", id="third", site="Third", source="third", canonical_url="http://copies.example/tides"
    )
    told = explain([POST, COPY, third], Verdicts(), "third", "blog:tides.md")

    assert told.same
    assert told.findings[-1].finding == "one work, through copy"


def test_two_names_of_one_document_were_told_as_two_documents():
    told = explain(DOCUMENTS, Verdicts(), "copy", "https://www.copies.example/tides")

    assert (told.a, told.b, told.same) == ("copy", "copy", True)
    assert [f.finding for f in told.findings] == ["both names are of this one document"]


def test_of_documents_at_one_address_the_first_was_taken():
    with pytest.raises(SearchappError, match=r"is the address of 2 documents: blog:salt.md, blog:"):
        explain(DOCUMENTS, Verdicts(), "https://blog.example/tides/", "copy")


def test_beside_the_id_of_one_an_address_of_two_names_the_other():
    told = explain(DOCUMENTS, Verdicts(), "https://blog.example/tides/", "blog:tides.md")

    assert told.a == "blog:salt.md"


def test_a_translation_was_told_as_unrelated():
    other = a_document("Gezeiten", id="de", language="de", translation="blog:tides.md")
    told = explain([*DOCUMENTS, other], Verdicts(), "blog:tides.md", "de")

    assert not told.same
    assert told.findings[-1].finding == "counted apart, and linked as translations of one piece"
