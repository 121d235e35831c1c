"""What lists and pages of links state in few words."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_files

from searchapp.documents import Document
from searchapp.sources import read_all, read_configuration

TODAY = dt.date(2024, 6, 15)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, str, str], Document]:
    def read_one(kind: str, name: str, text: str) -> Document:
        toml = f"[[source]]\nname = 'w'\nkind = '{kind}'\npath = '{name}'\n"
        root = write_files(tmp_path, {name: text, "sources.toml": toml})
        ((document,),) = (r.documents for r in read_all(read_configuration(root, TODAY), root))
        return document

    return read_one


def test_an_address_alone_in_a_list_was_a_title_without_an_address(
    read: Callable[[str, str, str], Document],
) -> None:
    document = read("list", "w.yaml", "- https://a.example/cats\n")

    assert document.title == document.url == "https://a.example/cats"


@pytest.mark.parametrize(
    ("after", "summary"),
    [
        ('," *New York Times* (May 6, 2017)', "New York Times"),
        ('." A note.', "A note."),
        (' "Quoted" is the first word', '"Quoted" is the first word'),
        ('"', ""),
    ],
)
def test_the_end_of_a_quotation_around_a_link_was_in_the_summary(
    read: Callable[[str, str, str], Document], after: str, summary: str
) -> None:
    quote = '"' if after[0] != " " else ""

    document = read("links", "w.md", f"- {quote}[Cats](https://a.example/cats){after}\n")

    assert (document.title, document.summary) == ("Cats", summary)
