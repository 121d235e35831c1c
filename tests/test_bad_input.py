"""Addresses as nobody should send them: each is answered calmly, by page, API and server."""

import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from html_reader import find, read_html

from searchapp.web.raw_addresses import escape

PLACES = ["/", "/tags/", "/works/", "/api/works/", "/api/", "/media/", "/static/", "/sitemap-"]
BROKEN = [
    "%ff", "%00", "%ED%A0%80", "a%00b", "%2e%2e%2f", "..%2f..%2fetc", "%0d%0aX:y", "x" * 7000,
    "%E2%80%AE", "%25", "+", "a%2Fb", "%5c", "-1.xml", "1e3.xml", "%F0%9F%90%A2",
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_no_path_is_more_than_not_found(broken: str, scattered_client: FlaskClient) -> None:
    for place in PLACES:
        for end in ("", "/", "/random/", "/cite.bib"):
            response = scattered_client.get(f"{place}{broken}{end}", buffered=True)
            assert response.status_code in (404, 308), place
            assert "X" not in response.headers
            if response.mimetype == "application/problem+json":
                assert response.json["status"] == 404
            elif response.status_code == 404:
                assert find(response.text, "input", name="q")


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff", "q=%00", "q=%ED%A0%80", "tag=%ff", "tag=%00", "year=%00", "%ff=1",
        "q=" + "x" * 8000, "tag=" + "y" * 8000, "series=%ED%A0%80", "not.source=%00&source=%00",
        "&&&=&", "q=a;b", "tag=a%2Cb", "Q=river&TAG=x", "q[]=1", "sort=oldest", "sort=newest",
    ],
)  # fmt: skip
def test_every_way_to_ask_answers_every_question(query: str, scattered_client: FlaskClient) -> None:
    for path in ("/", "/tags/", "/tags/rivers/", "/about/", "/api/search", "/api/suggest", "/api/",
                 "/api/completions", "/feed.atom", "/feed.json", "/opensearch.xml", "/sitemap.xml",
                 "/robots.txt"):  # fmt: skip
        response = scattered_client.get(f"{path}?{query}")
        assert response.status_code == 200, path
        if response.mimetype == "text/html":
            read_html(response.text)


def test_page_ten_thousand_is_the_last_and_says_so(scattered_client: FlaskClient) -> None:
    assert (
        "There is no page 10000; page 1 is the last." in scattered_client.get("/?page=10000").text
    )
    assert scattered_client.get("/api/search?page=10000").json["page"] == 1


def test_both_orders_by_date_are_each_others_reverse(scattered_client: FlaskClient) -> None:
    newest, oldest = (
        [
            hit["date"]
            for hit in scattered_client.get(f"/api/search?sort={sort}&limit=100").json["hits"]
        ]
        for sort in ("newest", "oldest")
    )

    assert [date for date in newest if date] == [date for date in oldest if date][::-1]


def ask(address: str, line: bytes, host: bytes = b"a.example") -> tuple[int, str]:
    """Send one request as these bytes; return its status and its body."""
    at = urlsplit(address)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=60) as connection:
        connection.sendall(
            b"GET " + line + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        )
        answer = b""
        with suppress(ConnectionResetError):  # what was left unread of too long a line
            while part := connection.recv(65_536):
                answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")


def test_an_address_in_bytes_was_refused(scattered_server: str) -> None:
    status, html = ask(scattered_server, "/?q=橋".encode())
    assert status == 200
    assert "“橋”" in html

    assert ask(scattered_server, b"/?q=\xff\xc3")[0] == 200
    assert ask(scattered_server, b"/\xff\xfe")[0] == 404
    assert ask(scattered_server, "/tags/川/".encode())[0] == 200


def test_what_is_too_long_or_has_no_sense_ends_one_request_only(scattered_server: str) -> None:
    assert ask(scattered_server, b"/?q=" + b"x" * 20_000)[0] in (400, 414, 431)
    assert ask(scattered_server, b"/\x00")[0] == 404
    assert ask(scattered_server, b"//evil.example/tags")[0] == 404
    assert ask(scattered_server, b"/", host=b'a"><b')[0] == 400  # as RFC 9112 has it
    assert ask(scattered_server, b"/tags/")[0] == 200


def test_escaping_leaves_ascii_alone() -> None:
    line = b"GET /a%20b?q=~!*' HTTP/1.1"

    assert escape(line) == line
    assert re.fullmatch(rb"[!-~ ]+", escape(bytes(range(0x80, 0x100))))
