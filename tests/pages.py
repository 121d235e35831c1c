"""What tests read off a page, and a client over given works."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from html_reader import Element, find, find_all, read_html

from searchapp import Index
from searchapp.web import create_app

ROOT = Path(__file__).parent.parent
HTMX = {"HX-Request": "true"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

IndexOf = Callable[..., Index]


@pytest.fixture
def client_of(index_of: IndexOf, tmp_path: Path) -> Callable[..., FlaskClient]:
    """Serve the given works."""

    def serve(*works: object, **more: object) -> FlaskClient:
        index_of(*works, **more)
        return create_app(tmp_path / "index").test_client()

    return serve


def get(client: FlaskClient, url: str) -> str:
    """Return the page at `url`, which must be there."""
    response = client.get(url)
    assert response.status_code == 200, f"{url} gave {response.status_code}"
    return response.text


def counted(html: str) -> str:
    return find(html, "p", class_="counted").text


def headings(html: str) -> list[str]:
    return [e.text for e in find_all(html, "h1")]


def headlines(html: str) -> list[Element]:
    """Return the links of the hits' headlines."""
    elements = read_html(html)
    return [
        link
        for heading, link in pairwise(elements)
        if heading.tag == "h3" and (heading.get("id") or "").startswith("piece-")
    ]


def facets_on(html: str) -> list[str]:
    return [
        (e.get("id") or "").removeprefix("facet-")
        for e in find_all(html, "h3")
        if (e.get("id") or "").startswith("facet-")
    ]


def links_on(html: str) -> Iterator[str]:
    for element in read_html(html):
        for name in ("href", "src", "action", "hx-get"):
            if element.get(name):
                yield element[name]


def find_work(client: FlaskClient, words: str) -> str:
    answer = client.get("/api/search", query_string={"q": words})
    return str(json.loads(answer.data)["hits"][0]["id"])
