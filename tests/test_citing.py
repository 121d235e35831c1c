"""Citations: whatever a title holds, BibTeX, RIS and APA hold it as it is."""

import re
from collections.abc import Callable
from itertools import accumulate

import pytest
from builders import a_work
from flask.testing import FlaskClient
from html_reader import find

from searchapp import Index
from searchapp.web import create_app
from searchapp.web.citing import (
    Citation,
    escape_tex,
    escape_url,
    key_of_citation,
    write_apa,
    write_bibtex,
    write_ris,
)


def a_citation(**fields: object) -> Citation:
    values = {
        "id": "0123456789ab", "title": "A River", "authors": ("Wren Halloran",),
        "published": "2022-03-04", "source": "Slow Water", "url": "https://a.example/river",
        "language": "en", "kind": "post", "tags": ("rivers",), **fields,
    }  # fmt: skip
    return Citation(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("100% & more_of #1", r"100\% \& more\_of \#1"),
        ("a^b~c", r"a\textasciicircum{}b\textasciitilde{}c"),
        (r"C:\new", r"C:\textbackslash{}new"),
        ("{brace} $5", r"\textbraceleft{}brace\textbraceright{} \$5"),
        ("Où est 川?", "Où est 川?"),
    ],
)
def test_what_means_something_in_tex_is_set_as_it_stands(text: str, tex: str) -> None:
    assert escape_tex(text) == tex


@pytest.mark.parametrize("title", ["}", "{", "a } b", "\\", "%", "} @misc{x, title = {y"])
def test_no_brace_ends_its_field_as_bibtex_counts_also_escaped_ones(title: str) -> None:
    entry = write_bibtex(a_citation(title=title, authors=(title,), source=title))

    depths = list(accumulate({"{": 1, "}": -1}.get(character, 0) for character in entry))
    assert min(depths[entry.index("{") : -2]) > 0
    assert depths[-1] == 0
    assert len(re.findall(r"^@", entry, re.MULTILINE)) == 1
    assert entry.endswith("\n}\n")


def test_an_entry_has_what_is_known_and_nothing_empty() -> None:
    entry = write_bibtex(a_citation(published=None, tags=()))

    assert entry.startswith("@misc{halloran-0123456789ab,\n")
    assert "  title = {{A River}},\n" in entry
    assert "  url = {https://a.example/river},\n" in entry
    assert not re.search("year|month|date|keywords|None", entry)


def test_a_paper_has_a_journal() -> None:
    entry = write_bibtex(a_citation(kind="paper"))

    assert entry.startswith("@article{")
    assert "journal = {Slow Water}" in entry


def test_two_authors_are_two_and_a_name_with_and_is_one() -> None:
    entry = write_bibtex(a_citation(authors=("Ann B", "Smith and Sons", "Poe, Inc.")))

    assert "author = {Ann B and {Smith and Sons} and {Poe, Inc.}}" in entry


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Wren Halloran", "halloran2022-0123456789ab"),
        ("Ana Ñúñez", "nunez2022-0123456789ab"),
        ("川", "piece2022-0123456789ab"),
        ("Ursula K. Le Guin", "leguin2022-0123456789ab"),
    ],
)
def test_a_key_is_plain_and_has_the_id_of_the_piece(name: str, key: str) -> None:
    assert key_of_citation(a_citation(authors=(name,))) == key


def test_an_address_has_no_brace_and_no_backslash() -> None:
    assert escape_url(r"https://a.example/{x}\y_z%20") == "https://a.example/%7Bx%7D%5Cy_z%20"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Halloran, W. (2022, March 4). A River. Slow Water. https://a.example/river"),
        ({"published": None, "title": "Why?"},
         "Halloran, W. (n.d.). Why? Slow Water. https://a.example/river"),
        ({"authors": ()}, "A River. (2022, March 4). Slow Water. https://a.example/river"),
        ({"authors": ("A B", "C van D", "Ê-F G")},
         "B, A., van D, C., & G, Ê.-F. (2022, March 4). A River. Slow Water. "
         "https://a.example/river"),
        ({"authors": ("Two Authors", "川")},
         "Authors, T., & 川. (2022, March 4). A River. Slow Water. https://a.example/river"),
    ],
)  # fmt: skip
def test_a_line_is_as_the_apa_writes_it(fields: dict[str, object], line: str) -> None:
    assert write_apa(a_citation(**fields)) == line


def test_of_many_authors_the_first_and_the_last_are_named() -> None:
    line = write_apa(a_citation(authors=tuple(f"A Name{n:02}x" for n in range(30))))

    assert line.count("Name") == 20
    assert "… A Name29x." in line


def test_ris_is_a_line_for_each_field_that_ends() -> None:
    lines = write_ris(a_citation()).split("\r\n")

    assert lines[0] == "TY  - BLOG"
    assert lines[-2:] == ["ER  - ", ""]
    assert "AU  - Halloran, Wren" in lines
    assert "DA  - 2022/03/04" in lines
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


@pytest.fixture
def client_of(index_of: Callable[..., Index], tmp_path: object) -> Callable[..., FlaskClient]:
    def serve(*works: object) -> FlaskClient:
        return create_app(index_of(*works).path).test_client()

    return serve


def test_a_page_shows_how_to_cite_and_the_files_say_the_same(
    client_of: Callable[..., FlaskClient],
) -> None:
    work = a_work("A {River} & a\nline", url="https://a.example/r", authors=["Ann Bee"],
                  date="2022-03-04")  # fmt: skip
    client = client_of(work)

    html = client.get(f"/works/{work.id}/").text
    bib = client.get(f"/works/{work.id}/cite.bib")
    ris = client.get(f"/works/{work.id}/cite.ris")

    assert find(html, "details", id="cite")
    assert find(html, "pre").text == " ".join(bib.text.split())
    assert bib.content_type == "application/x-bibtex; charset=utf-8"
    assert f'filename="{work.id}.bib"' in bib.headers["Content-Disposition"]
    assert "TI  - A {River} & a line\r\n" in ris.text
    assert bib.headers["X-Robots-Tag"] == "noindex"
    assert client.get(f"/works/{work.id}/cite.doc").status_code == 404
    assert client.get("/works/0123456789ab/cite.bib").status_code == 404
    again = client.get(f"/works/{work.id}/cite.bib", headers={"If-None-Match": bib.headers["ETag"]})
    assert again.status_code == 304
