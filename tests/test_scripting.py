"""Our scripts as they are sent."""

import gzip
import re

import pytest
from flask.testing import FlaskClient
from html_reader import find

from searchapp.web.scripting import FOLDER, SENT, load_scripts


def test_every_script_is_sent_once() -> None:
    parts = [part for sent in SENT.values() for part in sent]

    assert sorted(parts) == sorted(path.stem for path in FOLDER.glob("*"))


OWNERS = ("watch.js", "owner.js")  # sent with `serve --watch` and `--owner`, to nobody else


def test_all_of_our_scripts_are_less_than_six_kilobytes_over_the_wire() -> None:
    sent = {name: len(gzip.compress(body)) for name, body in load_scripts().items()}

    assert sum(size for name, size in sent.items() if name not in OWNERS) < 6_000
    assert all(sent[name] < 2_000 for name in OWNERS)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.stem)
def test_only_whole_lines_of_comments_are_left_out(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]

    for line in text.splitlines():
        assert line.count("`") % 2 == 0, "a text that spans lines would lose its indents"
        assert not re.search(r"/\*(?!.*\*/)", line)


@pytest.mark.parametrize("name", [name for name in SENT if name not in OWNERS])
def test_a_script_is_kept_by_browsers_until_it_changes(
    name: str, content_client: FlaskClient
) -> None:
    page = content_client.get("/").text
    address = re.search(rf'src="(/static/{name}\?v=[0-9a-f]{{8}})"', page)
    assert address

    answer = content_client.get(address[1])

    assert answer.data == load_scripts()[name]
    assert answer.mimetype == "text/javascript"
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_no_script_writes_html() -> None:
    for path in FOLDER.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


def test_what_scripts_ask_for_stands_below_a_prefix(content_client: FlaskClient) -> None:
    page = content_client.get("/about/", base_url="http://localhost/blog").text
    form = find(page, "form", id="search")

    assert form["data-suggest"] == "/blog/api/suggest"
    assert form["data-tags"] == "/blog/tags/"
    assert form["data-piece"] == "/blog/works/KEY/"
