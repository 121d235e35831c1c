"""The owner's desk: who may see it, and what it shows."""

import hashlib
import hmac
import re
import tomllib
from pathlib import Path

import pytest
from desks import (  # noqa: F401  # fixtures
    HOME,
    PAGES,
    TOKEN,
    app,
    case_of,
    client,
    folder,
    guarded,
    post,
    prose,
    standing,
    visitor,
    write_desk,
)
from flask import Flask
from flask.testing import FlaskClient
from html_reader import find_all
from validity import find_faults

from searchapp.board import Board
from searchapp.build import build
from searchapp.owner.comparing import compare
from searchapp.owner.gathering import gather_desk
from searchapp.owner.ledger import Ledger
from searchapp.searches import SearchLog
from searchapp.web import create_app
from searchapp.web.owner import add_owner

# --- Who may see it ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_without_the_token_nobody_sees_the_page(guarded: Flask, path: str) -> None:
    stranger = guarded.test_client()

    for address in (path, f"{path}?token=", f"{path}?token={TOKEN}x"):
        answer = stranger.get(address)
        assert answer.status_code == 403
        assert "Open the address that searchapp serve printed" in answer.text
        assert "By the river" in answer.text and "ferry" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_the_token_becomes_a_cookie_for_this_page_alone_and_leaves_the_address(
    guarded: Flask,
) -> None:
    answer = guarded.test_client().get(f"/owner/?token={TOKEN}")

    assert answer.headers["Location"] == "/owner/"
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/owner/"} <= set(cookie.split("; "))
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_told_the_token_and_what_forms_send_along(guarded: Flask) -> None:
    client = guarded.test_client()
    answer = client.get(f"/owner/?token={TOKEN}")
    cookie = answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]

    assert TOKEN not in cookie
    made = hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()
    own = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
    for form in (cookie, made):
        assert client.post("/owner/build/", data={"form": form}, headers=own).status_code == 403
    assert guarded.test_client().get(f"/owner/?token={cookie}").status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_nobody_keeps_the_page_or_learns_its_address(visitor: FlaskClient, path: str) -> None:
    headers = visitor.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 400), ("localhost.evil.example", 400), ("127.0.0.1.nip.example", 400),
     ("localhost", 200), ("127.0.0.1", 200), ("[::1]", 200)],
)  # fmt: skip
def test_a_name_that_was_made_to_lead_here_is_refused(
    guarded: Flask, host: str, status: int
) -> None:
    visitor = guarded.test_client()
    visitor.get(f"/owner/?token={TOKEN}", base_url=f"http://{host}")

    assert visitor.get("/owner/", base_url=f"http://{host}").status_code == status


def test_a_trusted_host_is_shown_the_site_and_not_the_desk(folder: Path) -> None:
    board = Board()
    app = create_app(folder / "index", folder / "content", trusted_hosts=("blog.example",))
    add_owner(app, folder / "content", folder / "index", board, TOKEN)
    client = app.test_client()

    assert client.get("/", base_url="http://blog.example").status_code == 200
    answer = client.get(f"/owner/?token={TOKEN}", base_url="http://blog.example")
    assert answer.status_code == 403
    board.close()


def test_a_request_from_another_machine_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.get("/owner/", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_what_came_through_a_proxy_is_refused(visitor: FlaskClient, header: str) -> None:
    assert visitor.get("/owner/", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/owner/pieces/", "/owner/undo/", "/owner/build/"])
def test_a_form_that_another_page_sends_does_nothing(
    standing: Path, visitor: FlaskClient, headers: dict[str, str], path: str
) -> None:
    case = case_of(visitor, "/owner/pieces/")
    before = (standing / "content" / "verdicts.toml").read_bytes()

    answer = post(visitor, path, headers, case=case, choice="same")

    assert answer.status_code == 403
    assert (standing / "content" / "verdicts.toml").read_bytes() == before


@pytest.mark.parametrize("form", ["", "x", TOKEN])
def test_a_form_without_the_pages_own_token_does_nothing(
    standing: Path, visitor: FlaskClient, form: str
) -> None:
    answer = visitor.post(
        "/owner/pieces/",
        data={"form": form, "case": case_of(visitor, "/owner/pieces/"), "choice": "same"},
        headers={"Origin": HOME, "Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 403
    assert b"ferry" not in (standing / "content" / "verdicts.toml").read_bytes()


@pytest.mark.parametrize("path", ["/owner/undo/", "/owner/build/"])
def test_what_changes_something_is_no_link(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 405


def test_without_the_option_there_is_no_desk(content_client: FlaskClient) -> None:
    assert content_client.get("/owner/?token=x").status_code == 404


# --- What it shows ----------------------------------------------------------------------------


def test_the_desk_tells_what_the_last_build_did(visitor: FlaskClient) -> None:
    page = visitor.get("/owner/").text

    assert "6 pieces in 6 places, from 6 entries" in page
    assert "blog/broken.md:3" in page and "YAML cannot be read" in page
    counts = dict(re.findall(r'label">([^<]+)</span><span class="count">(\d+)', page))
    assert counts == {
        "Entries that may be one piece, or contradict each other": "2", "Tags that may be one": "1",
        "Pieces that may be given tags": "1",
    }  # fmt: skip


def test_two_texts_stand_side_by_side_with_their_differences_marked(visitor: FlaskClient) -> None:
    case = re.search(
        r'href="/owner/pieces/\?at=(\w+)">The last ferry', visitor.get("/owner/pieces/").text
    )
    assert case
    page = visitor.get(f"/owner/pieces/?at={case[1]}").text

    marked = [element.text for element in find_all(page, "mark")]
    assert "of the year" in marked and "told again" in marked
    assert any("note 28." in words for words in marked)
    assert "words that both have" in page
    assert "Their texts are alike, their titles are not." in page


def test_the_pages_of_the_desk_are_valid_html(
    folder: Path, client: FlaskClient, tmp_path: Path
) -> None:
    for words in ("wintre", "winnterr", "quaggas"):
        SearchLog(folder / "index").note(words)
    pages = {path: client.get(path).text for path in PAGES}
    done = post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice="join")
    pages["done"] = client.get(done.headers["Location"]).text
    pages["overview after"] = client.get("/owner/").text

    assert find_faults(pages, tmp_path) == []


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert compare("The Ferry, at dawn", "the ferry at dawn.").is_same
    assert not compare("The ferry", "A ferry").is_same
    assert compare("", "").alike == 1


@pytest.mark.parametrize("path", PAGES)
def test_what_an_entry_says_is_shown_as_text(folder: Path, path: str) -> None:
    content = folder / "content"
    for name in ("blog/tide.md", "blog/untagged.md"):
        text = (content / name).read_text("utf-8").replace("title: ", "title: <i onclick=x>")
        (content / name).write_text(text, "utf-8")
    build(content, folder / "index")
    gather_desk(content, folder / "index")
    SearchLog(folder / "index").note("<b>words</b>")
    board = Board()
    app = create_app(folder / "index", content)
    add_owner(app, content, folder / "index", board, TOKEN, patience=0)
    client = app.test_client()
    client.get(f"/owner/?token={TOKEN}")
    page = client.get(path).text
    board.close()

    assert "<i onclick" not in page and "<b>words" not in page


def test_a_conflict_of_many_entries_was_compared_in_full(tmp_path: Path) -> None:
    content, index = write_desk(tmp_path / "content"), tmp_path / "index"
    (content / "verdicts.toml").unlink()
    for number in range(10):
        (content / "blog" / f"many-{number}.md").write_text(
            f"---\ntitle: Number {number} of {'abcdefghij'[number] * 9}\n"
            f"date: {2020 - number}-01-01\nurl: https://example.com/many\n---\n\n"
            f"{prose(1000 + 50 * number, 20)}\n", "utf-8",
        )  # fmt: skip
    build(content, index)
    gather_desk(content, index)
    board = Board()
    app = create_app(index, content, trusted_hosts=("localhost",))
    add_owner(app, content, index, board, TOKEN, patience=0)
    client = app.test_client()
    client.get(f"/owner/?token={TOKEN}")
    case = re.search(r'at=(\w+)"[^>]*>Number', client.get("/owner/pieces/").text)
    assert case
    page = client.get(f"/owner/pieces/?at={case[1]}").text

    assert len(list(find_all(page, "input", name="first"))) == 6
    assert "One piece, or 10?" in page and "And 4 more entries that are not shown here" in page
    assert 'value="blog:many-9.md" checked' in page  # the oldest

    post(client, "/owner/pieces/", case=case[1], choice="different")
    stated = tomllib.loads((content / "verdicts.toml").read_text("utf-8"))
    assert len(stated["different"][0]) == 10
    [entry] = Ledger(content, index).read().entries
    assert entry.what.endswith(" and 4 more are different pieces")
    board.close()
