"""A hit tells where a word stands, if its card does not show it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_document, a_tag, a_work, work_of, write_files

from searchapp.build import build
from searchapp.documents import Section
from searchapp.engine import Index
from searchapp.engine.results import MatchHit
from searchapp.web import create_app

IndexOf = Callable[..., Index]

FILLER = "Many plain words stand here. " * 40


def told(index: Index, words: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    (hit,) = index.search(words).hits
    return [tuple(match) for match in hit.elsewhere]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("plain", [], id="in the snippet"),
        pytest.param("lion", [], id="in the title"),
        pytest.param("tiger", [("tags", "big-cats", ("tiger",))], id="in another name of a tag"),
        pytest.param("cats", [("tags", "big-cats", ("cats",))], id="in a tag"),
        pytest.param("smith", [("authors", "Jo Smith", ("smith",))], id="in an author's name"),
        pytest.param("plain abridged", [("summary", None, ("abridged",))], id="in a summary"),
        pytest.param("abridged", [], id="in a summary that is quoted"),
        pytest.param("prides", [], id="in a heading that is shown"),
        pytest.param("plain gorges ", [("headings", None, ("gorges",))], id="in another heading"),
        pytest.param("plain cats smith ", [("tags", "big-cats", ("cats",)),
                     ("authors", "Jo Smith", ("smith",))], id="several"),
        pytest.param("plain abr", [("summary", None, ("abr",))], id="begun"),
        pytest.param("nothing", [], id="nowhere"),
    ],
)  # fmt: skip
def test_a_hit_tells_where_its_words_are(
    index_of: IndexOf, words: str, expected: list[MatchHit]
) -> None:
    sections = [Section("On prides", "s-a", 0), Section("Else", "s-b", 900)]
    piece = a_document(
        "Lion", text=FILLER, summary="An abridged one", authors=["Jo Smith"], tags=["big-cats"],
        html="<p>x</p>", sections=sections,
    )  # fmt: skip
    copy = a_document("Lion", sections=[Section("Gorges", "s-c", 0)])
    work = replace(work_of(piece, copy), tag_names=("big cats", "tiger"))
    index = index_of(work, tags=[a_tag("big-cats", "tiger")])
    found = index.search(words).hits

    if expected:
        assert told(index, words) == expected
    else:
        assert [hit.elsewhere for hit in found] in ([], [()])


def test_code_is_named_where_the_prose_lacks_the_word(index_of: IndexOf) -> None:
    text = f"zebra stands first. {FILLER}\ngenerate(k)"
    index = index_of(a_work("It", text=text, code=((len(text) - 11, len(text)),)))

    assert told(index, "zebra generate ") == [("code", None, ("generate",))]


def test_what_stands_further_down_in_the_text_is_told_as_such(index_of: IndexOf) -> None:
    index = index_of(a_work("It", text=f"zebra stands first. {FILLER} lion"))

    assert told(index, "zebra lion ") == [("body", None, ("lion",))]


def test_a_piece_found_by_another_name_says_by_which(index_of: IndexOf) -> None:
    tags = [a_tag("reinforcement-learning", "RL", label="Reinforcement learning")]
    index = index_of(a_work("It", text="Why reinforcement learning works."), tags=tags)

    assert told(index, "rl ") == [("synonym", "reinforcement learning", ("rl",))]


def test_a_copy_that_alone_has_the_word_is_named_and_nothing_else(index_of: IndexOf) -> None:
    copy = a_document("Name", publication="Medium", url="https://m.example/a", text="zebra here")
    index = index_of(work_of(a_document("Name", text="lion"), copy))

    (hit,) = index.search("zebra").hits
    assert hit.matched is not None and hit.elsewhere == ()


def test_a_mended_word_is_marked(index_of: IndexOf) -> None:
    (hit,) = index_of(a_work("It", text="All about attention.")).search("atention ").hits

    assert "<mark>attention</mark>" in hit.snippet
    assert hit.elsewhere == ()


def test_the_card_says_it_in_a_sentence(tmp_path: Path) -> None:
    post = "---\ntitle: Lion\ntags: [Big cats]\nauthor: Jo Smith\n---\nZebra first. " + FILLER
    write_files(tmp_path / "content", {"a.md": post + "\n\n```\nprowl(4)\n```\n"})
    build(tmp_path / "content", tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    assert "Matched in the tag Big cats and in its code" in client.get(
        "/?q=zebra+cats+prowl+"
    ).text.replace("\n", " ")
    assert "Matched" not in client.get("/?q=plain+lion+").text
    hit = client.get("/api/search?q=cats+").json["hits"][0]
    assert hit["elsewhere"] == [{"field": "tags", "value": "big-cats", "words": ["cats"]}]
