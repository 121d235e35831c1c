"""Blocks of code are a field of their own: found like any words, and worth less."""

from collections.abc import Callable

import pytest
from builders import a_document, a_work, work_of

from searchapp.engine import Index
from searchapp.sources.events import Event, event_from_json, event_to_json
from searchapp.text import render, render_html

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it


def listings(markdown: str) -> list[str]:
    rendered = render(markdown, lambda kind, address: address)
    return [rendered.text[start:end].strip() for start, end in rendered.code]


@pytest.mark.parametrize(
    ("markdown", "code"),
    [
        pytest.param("a\n\n```python\nrun()\n```\n\nb", ["run()"], id="a fence"),
        pytest.param("a\n\n    run()\n\nb", ["run()"], id="an indented block"),
        pytest.param("- a\n\n  ~~~\n  run()\n  ~~~\n- b", ["run()"], id="within a list"),
        pytest.param(
            "```\na\n```\n\n## Then\n\n```\nb\n```", ["a", "b"], id="two, a heading between"
        ),
        pytest.param("<pre>a\n<pre>b</pre>\nc</pre>\n\nd", ["a\nb\n\nc"], id="one in another"),
        pytest.param("call `run()` there", [], id="code in a line is prose"),
        pytest.param("```\n```\n\na", [], id="an empty fence"),
        pytest.param("a\n\n```\nlast", ["last"], id="a fence that nobody closed"),
    ],
)
def test_blocks_of_code_are_told_from_prose(markdown: str, code: list[str]) -> None:
    assert listings(markdown) == code


def test_a_block_of_code_in_html_is_one() -> None:
    html = '<p>a</p><pre><code class="language-c"><span>int</span> x;</code></pre><p>b</p>'
    rendered = render_html(html, lambda kind, address: address)

    assert [rendered.text[start:end] for start, end in rendered.code] == ["int x;\n"]
    document = a_document(text=rendered.text, code=rendered.code)
    assert [*document.prose] == ["a\n", "b"]


def test_code_is_the_same_after_it_was_cached() -> None:
    document = a_document("A", text="a b c", code=((0, 1), (2, 3)))

    kept = event_from_json(event_to_json(Event("document", 1, document=document)))
    assert kept.document == document


CODE = "model.generate(k=3)\nKMeans | K-means | pass@k\nstd::vector<int> c++ x_train"


def coded(title: str, code: str, prose: str = "Prose before.\n") -> dict[str, object]:
    return {"title": title, "text": prose + code, "code": ((len(prose), len(prose) + len(code)),)}


@pytest.mark.parametrize(
    "words",
    ["generate()", "model.generate", "K-means", "kmeans", "pass@k", "c++", "x_train", "std::vector",
     '"model generate k"', '"vector int"', "gener"],
)  # fmt: skip
def test_code_is_found_as_it_is_typed(index_of: IndexOf, words: str) -> None:
    index = index_of(a_work(**coded("It", CODE)), a_work("Other", text="nothing of it"))

    assert [hit.title for hit in index.search(words).hits] == ["It"]


def test_a_word_in_code_is_worth_less_than_one_in_prose(index_of: IndexOf) -> None:
    index = index_of(
        a_work(**coded("Code", "zebra lion tiger", "Four plain words here.\n")),
        a_work("Prose", text="Four plain words here.\nzebra lion tiger"),
    )
    assert [hit.title for hit in index.search("zebra ").hits] == ["Prose", "Code"]


def test_code_does_not_make_the_prose_around_it_longer(index_of: IndexOf) -> None:
    prose = "The zebra sleeps.\n"
    index = index_of(
        a_work(**coded("Code", "x = y + z\n" * 50, prose)), a_work("Words", text=prose + "and " * 9)
    )
    assert [hit.title for hit in index.search("zebra ").hits] == ["Code", "Words"]


def test_a_phrase_does_not_reach_from_prose_into_code(index_of: IndexOf) -> None:
    index = index_of(a_work(**coded("It", "lion tiger", "the zebra\n")))

    assert index.search('"zebra lion"').total == 0
    assert index.search('"lion tiger"').total == index.search('"the zebra"').total == 1


def test_code_that_one_copy_alone_has_finds_the_piece(index_of: IndexOf) -> None:
    copy = a_document(publication="Medium", **coded("It", "zebra()"))
    index = index_of(work_of(a_document("It", text="Prose before."), copy))

    assert index.search("zebra()").total == 1
