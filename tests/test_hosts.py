"""By which names the server may be asked, and what it writes of itself."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_workers import Server

from searchapp.board import Board, News
from searchapp.web import create_app
from searchapp.web.journal import REQUESTS, JsonLines, keep_journal
from searchapp.web.watched import let_watch

TRUSTED = ("example.org", ".example.net", "[::7]")


@pytest.fixture
def index(content_index: Path) -> Path:
    return content_index


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("example.org", 200), ("EXAMPLE.org:8000", 200), ("example.org.", 200),
        ("under_score.example.net", 200),
        ("www.example.net", 200), ("localhost:80", 200), ("127.0.0.1:8000", 200), ("[::1]:80", 200),
        ("[::7]", 200), ("evil.org", 400), ("example.org.evil.org", 400), ("notexample.org", 400),
        ("example.net", 400), ("example.org@evil.org", 400), ("example.org:99999", 400),
        ("example.org/evil", 400), ("", 400), ("a b", 400), ('"><script>', 400),
    ],
)  # fmt: skip
def test_only_trusted_names_are_answered(index: Path, host: str, status: int) -> None:
    client = create_app(index, trusted_hosts=TRUSTED).test_client()

    for path in ("/about/", "/api/search", "/static/style.css"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if status == 400:
        assert "--trusted-host" in client.get("/", headers={"Host": host}).text
        assert "evil" not in answer.text and "script" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["", "a b", "x\u00e9", '"><b>', "a/../b", "[::1", "x" * 64, "a..b", "..", "a.b" * 99],
)
def test_a_malformed_host_is_refused_politely_where_any_name_is_trusted(
    index: Path, host: str
) -> None:
    answer = create_app(index).test_client().get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert "<h1>Bad Request</h1>" in answer.text


def test_a_name_with_an_underscore_made_links_without_a_host(index: Path) -> None:
    client = create_app(index).test_client()

    told = client.get("/robots.txt", headers={"Host": "my_app:8000"}).text
    assert "Sitemap: /sitemap.xml" in told


REDIRECTED = [
    "/tags", "//evil.org/", "//evil.org", "/\\evil.org", "/works/..//evil.org/",
    "/tags/%2f%2fevil.org", "/?next=//evil.org", "/tags//evil.org/", "/about",
]  # fmt: skip


@pytest.mark.parametrize("path", REDIRECTED)
def test_no_address_leads_out_of_the_site(index: Path, path: str) -> None:
    answer = create_app(index).test_client().get(path, headers={"Host": "example.org"})

    place = answer.headers.get("Location", "/")
    assert re.match(r"/(?![/\\])|http://example\.org/(?![/\\])", place), place


@pytest.fixture
def journal() -> Iterator[StringIO]:
    stream = StringIO()
    root = logging.getLogger()
    before = list(root.handlers)
    keep_journal(stream)
    yield stream
    root.handlers[:] = before
    REQUESTS.setLevel(logging.NOTSET)


def lines(journal: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in journal.getvalue().splitlines()]


def test_a_request_is_written_without_who_sent_it_or_what_was_searched_for(
    index: Path, journal: StringIO
) -> None:
    client: FlaskClient = create_app(index).test_client()
    client.get("/?q=secret", headers={"User-Agent": "Mine", "Referer": "http://from/"},
               environ_base={"REMOTE_ADDR": "203.0.113.9"})  # fmt: skip

    (told,) = lines(journal)
    assert {name: told[name] for name in ("level", "method", "route", "path", "status")} == {
        "level": "info", "method": "GET", "route": "/", "path": "/", "status": 200
    }  # fmt: skip
    for word in ("secret", "Mine", "from", "203.0.113.9"):
        assert word not in journal.getvalue()


def test_each_poll_of_a_page_that_is_watched_was_a_line(index: Path, journal: StringIO) -> None:
    app, board = create_app(index), Board()
    let_watch(app, board)
    client = app.test_client()

    first = client.get("/changes")
    for _ in range(5):
        again = client.get("/changes", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
    board.tell(News(1, 1, told="1 entry read"))
    news = client.get("/changes", headers={"If-None-Match": first.headers["ETag"]})
    board.close()

    assert news.status_code == 200
    assert [(told["path"], told["status"]) for told in lines(journal)] == [("/changes", 200)] * 2


def test_what_a_visitor_sends_cannot_begin_a_line_or_move_the_cursor(
    index: Path, journal: StringIO
) -> None:
    create_app(index).test_client().get("/a%0A%7B%22status%22:1%7D%1B[2J%E2%80%AE" + "x" * 900)

    (told,) = lines(journal)
    text = journal.getvalue()
    assert len(str(told["path"])) <= 200
    assert text.isascii() and text.rstrip("\n").isprintable()


def test_a_failure_is_written_with_its_traceback_and_shown_without(
    index: Path, journal: StringIO
) -> None:
    app = create_app(index)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a hidden reason")

    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "a hidden reason" not in answer.text and "Traceback" not in answer.text
    failure, request = lines(journal)
    assert "RuntimeError: a hidden reason" in str(failure["traceback"])
    assert request["status"] == 500


def test_a_message_stands_on_one_line() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "a\n%s", ("b\u2028",), None)

    assert json.loads(JsonLines().format(record))["message"] == "a\nb\u2028"
    assert "\n" not in JsonLines().format(record)


def test_a_server_that_is_told_to_writes_each_request(content_index: Path) -> None:
    server = Server(content_index, "--log", "--trusted-host", "example.org")
    server.ask("/tags/")
    assert b" 400 " in server.send(
        b"GET / HTTP/1.1", b"Host: evil.org", b"Connection: close", b"", b""
    )

    code, said = server.end()
    assert code == 0
    told = [json.loads(line) for line in said.splitlines()]
    assert [(each["route"], each["status"]) for each in told] == [("/tags/", 200), ("other", 400)]
