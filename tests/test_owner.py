"""The owner's desk: who may see it, what it shows, what a decision does, and undoing it."""

import hashlib
import hmac
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from desks import prose, write_desk
from flask import Flask
from flask.testing import FlaskClient
from html_reader import find_all
from playwright.sync_api import Browser, Page, Route, expect
from validity import find_faults

from searchapp import open_index
from searchapp.board import Board
from searchapp.build import build
from searchapp.errors import SearchappError
from searchapp.owner.comparing import compare
from searchapp.owner.gathering import gather_desk
from searchapp.owner.ledger import Ledger
from searchapp.owner.pairs import add_group
from searchapp.searches import SearchLog
from searchapp.web import create_app
from searchapp.web.owner import add_owner

TOKEN = "a-token-of-the-tests"
HOME = "http://localhost"
PAGES = ["/owner/", "/owner/pieces/", "/owner/tags/", "/owner/suggestions/", "/owner/searches/"]


@pytest.fixture(scope="session")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with content and its index, of which the desk is gathered; to be copied."""
    folder = tmp_path_factory.mktemp("desk")
    write_desk(folder / "content")
    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    return folder


@pytest.fixture
def folder(gathered: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    shutil.copytree(gathered, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def app(folder: Path) -> Iterator[Flask]:
    """The app with the owner's page, as `serve --owner` makes it; nobody builds."""
    board = Board()
    app = create_app(folder / "index", folder / "content", trusted_hosts=("localhost",))
    add_owner(app, folder / "content", folder / "index", board, TOKEN, patience=0)
    yield app
    board.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that came with the token."""
    client = app.test_client()
    assert client.get(f"/owner/?token={TOKEN}").status_code == 303
    return client


@pytest.fixture(scope="module")
def standing(gathered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that no test changes."""
    folder = tmp_path_factory.mktemp("standing") / "own"
    shutil.copytree(gathered, folder)
    return folder


@pytest.fixture(scope="module")
def guarded(standing: Path) -> Iterator[Flask]:
    """The app over it, for tests that change nothing."""
    board = Board()
    app = create_app(standing / "index", standing / "content", trusted_hosts=("localhost",))
    add_owner(app, standing / "content", standing / "index", board, TOKEN, patience=0)
    yield app
    board.close()


@pytest.fixture
def visitor(guarded: Flask) -> FlaskClient:
    """A browser that came there with the token."""
    client = guarded.test_client()
    client.get(f"/owner/?token={TOKEN}")
    return client


def post(client: FlaskClient, path: str, headers: dict[str, str] | None = None, **fields: object):  # type: ignore[no-untyped-def]
    """Send a form as the page would: its token, from its own origin."""
    form = next(find_all(client.get("/owner/").text, "input", name="form"))["value"]
    own = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
    given = {"form": form, **fields}
    return client.post(path, data=given, headers=own if headers is None else headers)


def case_of(client: FlaskClient, path: str, text: str = "") -> str:
    """Return the case that a page shows, or of several the one whose form has that text."""
    page = client.get(path).text
    forms = re.findall(r'<form class="case.*?</form>', page, re.DOTALL)
    shown = next(form for form in forms if text in form)
    found = re.search(r'name="case" value="(\w+)"', shown)
    assert found
    return found[1]


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


# --- What a decision does ---------------------------------------------------------------------


def test_same_is_a_line_in_verdicts_and_undoing_it_gives_the_same_bytes_again(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()
    ferry = re.search(r'at=(\w+)">The last ferry', client.get("/owner/pieces/").text)
    assert ferry

    answer = post(client, "/owner/pieces/", case=ferry[1], choice="same", first="letters:ferry.md")
    assert answer.status_code == 303

    assert path.read_text("utf-8") == (
        '# My word.\nsame = [["letters:ferry.md", "blog:ferry.md"]]\n\n'
        "different = [\n  # none yet\n]\n"
    )
    page = client.get(answer.headers["Location"]).text
    assert "are one piece" in page and "Noted in" in page
    assert ferry[1] not in page
    assert build(folder / "content", folder / "index").works == 5

    entry = next(find_all(page, "input", name="entry"))["value"]
    assert post(client, "/owner/undo/", entry=entry).status_code == 303
    assert path.read_bytes() == before
    assert ferry[1] in client.get("/owner/pieces/").text


def test_different_settles_a_conflict(folder: Path, client: FlaskClient) -> None:
    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )

    assert answer.status_code == 303
    stated = tomllib.loads((folder / "content" / "verdicts.toml").read_text("utf-8"))
    assert stated["different"] == [["blog:tide.md", "letters:winter.md"]]
    assert build(folder / "content", folder / "index").conflicts == ()


def test_a_file_that_was_changed_since_is_not_touched_and_the_page_says_so(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    [entry] = Ledger(folder / "content", folder / "index").read().entries
    changed = path.read_bytes()

    answer = post(client, "/owner/undo/", entry=entry.id)

    assert answer.status_code == 409
    assert "verdicts.toml was changed since; undo it there by hand" in answer.text
    assert path.read_bytes() == changed


def test_of_two_decisions_in_one_file_the_later_is_undone_first(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()
    for _ in range(2):
        post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    later, earlier = Ledger(folder / "content", folder / "index").read().entries

    refused = post(client, "/owner/undo/", entry=earlier.id)
    assert "changed by a later decision; undo that one first" in refused.text
    for entry in (later, earlier):
        assert post(client, "/owner/undo/", entry=entry.id).status_code == 303
    assert path.read_bytes() == before


def test_a_verdict_against_another_one_is_refused_and_nothing_changes(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    case = case_of(client, "/owner/pieces/")
    path.write_text('different = [["letters:winter.md", "blog:tide.md"]]\n', "utf-8")
    before = path.read_bytes()

    answer = post(client, "/owner/pieces/", case=case, choice="same")

    assert answer.status_code == 409 and "are said to be the same and different" in answer.text
    assert path.read_bytes() == before


def test_later_puts_a_case_behind_the_others_until_it_is_taken_up(client: FlaskClient) -> None:
    first = case_of(client, "/owner/pieces/")
    post(client, "/owner/pieces/", case=first, choice="later")
    assert case_of(client, "/owner/pieces/") != first
    assert "put off" in client.get("/owner/pieces/").text

    post(client, "/owner/pieces/", case=first, choice="again")
    assert case_of(client, "/owner/pieces/") == first


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("join", '[aliases]\n"boat" = "boats"\n'),
        ("join-back", '[aliases]\n"boats" = "boat"\n'),
        ("different", 'different = [\n  ["boat", "boats"],\n]\n'),
    ],
)
def test_tags_are_joined_or_kept_apart_in_tags_toml(
    folder: Path, client: FlaskClient, choice: str, says: str
) -> None:
    path = folder / "content" / "tags.toml"
    post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice=choice)
    assert path.read_text("utf-8") == says
    assert "No tags to decide on" in client.get("/owner/tags/").text

    [entry] = Ledger(folder / "content", folder / "index").read().entries
    post(client, "/owner/undo/", entry=entry.id)
    assert not path.exists()  # as before


def test_the_chosen_tags_are_written_into_the_front_matter(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "blog" / "untagged.md"
    before = path.read_bytes()
    case = case_of(client, "/owner/suggestions/")

    none = post(client, "/owner/suggestions/", case=case, choice="apply")
    assert none.status_code == 409 and "Choose at least one tag" in none.text
    post(client, "/owner/suggestions/", case=case, choice="apply", tag=["tides", "nonsense"])
    assert b"tides" in path.read_bytes() and b"nonsense" not in path.read_bytes()

    [entry] = Ledger(folder / "content", folder / "index").read().entries
    post(client, "/owner/undo/", entry=entry.id)
    assert path.read_bytes() == before


def test_a_search_that_found_nothing_may_lead_to_a_tag(folder: Path, client: FlaskClient) -> None:
    log = SearchLog(folder / "index")
    log.note("winnterr")
    log.note("quaggas")
    page = client.get("/owner/searches/").text
    assert "quaggas" in page and "Let it lead to the tag “winter”" in page

    post(client, "/owner/searches/", words="winnterr", tag="winter")
    stated = tomllib.loads((folder / "content" / "tags.toml").read_text("utf-8"))
    assert stated == {"aliases": {"winnterr": "winter"}}
    assert "winnterr" not in client.get("/owner/searches/").text.partition("<h1>")[2]


def test_a_file_that_may_not_be_written_is_told_and_stays(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    path.unlink()
    path.mkdir()

    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )

    assert answer.status_code == 409 and "verdicts.toml" in answer.text


@pytest.mark.parametrize("choice", ["different", "later"])
def test_a_lock_that_cannot_be_written_was_a_fault_of_ours(
    folder: Path, client: FlaskClient, choice: str
) -> None:
    (folder / "index" / "ledger.lock").mkdir()
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()

    answer = post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice=choice)

    assert answer.status_code == 409
    assert "ledger.lock cannot be written (Is a directory); let it be written" in answer.text
    assert path.read_bytes() == before


def test_a_change_that_could_not_be_noted_stayed_though_it_was_told_as_not_done(
    folder: Path, client: FlaskClient
) -> None:
    (folder / "index" / "ledger.json").mkdir()
    before = (folder / "content" / "verdicts.toml").read_bytes()

    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )
    tags = post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice="join")

    assert answer.status_code == tags.status_code == 409
    assert "ledger.json cannot be written (Is a directory)" in answer.text
    assert (folder / "content" / "verdicts.toml").read_bytes() == before
    assert not (folder / "content" / "tags.toml").exists()
    assert not list((folder / "index").glob("ledger.json.*"))


def test_a_decided_file_that_cannot_be_read_kept_every_page_of_the_desk_away(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    [entry] = Ledger(folder / "content", folder / "index").read().entries
    path.unlink()
    path.mkdir()

    assert {client.get(page).status_code for page in PAGES} == {200}
    assert "verdicts.toml cannot be read (Is a directory)" in client.get("/owner/").text
    answer = post(client, "/owner/undo/", entry=entry.id)
    assert answer.status_code == 409 and "verdicts.toml cannot be read" in answer.text


def test_what_was_taken_back_by_hand_stayed_hidden_from_the_desk(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    path.unlink()
    shown = re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text)
    for case in shown:
        post(client, "/owner/pieces/", case=case, choice="different")
    assert "No pieces to decide on" in client.get("/owner/pieces/").text

    path.unlink()
    assert re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text) == shown

    path.write_text("# By hand.\n", "utf-8")
    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    assert re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text) == shown


def test_what_was_decided_stays_hidden_when_the_desk_is_gathered_anew(
    folder: Path, client: FlaskClient
) -> None:
    for choice in ("same", "different"):
        case = case_of(client, "/owner/pieces/")
        assert post(client, "/owner/pieces/", case=case, choice=choice).status_code == 303
    post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice="different")
    case = case_of(client, "/owner/suggestions/")
    post(client, "/owner/suggestions/", case=case, choice="apply", tag=["tides"])

    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    page = client.get("/owner/").text
    assert re.findall(r'label">([^<]+)</span><span class="count">(\d+)', page) == []


def test_a_search_whose_other_name_was_taken_back_by_hand_stayed_hidden(
    folder: Path, app: Flask, client: FlaskClient
) -> None:
    app.extensions["index"].is_eager = True

    def is_shown() -> bool:
        return "winnterr" in client.get("/owner/searches/").text.partition("<h1>")[2]

    def build_anew() -> None:
        build(folder / "content", folder / "index")
        gather_desk(folder / "content", folder / "index")

    SearchLog(folder / "index").note("winnterr")
    post(client, "/owner/searches/", words="winnterr", tag="winter")
    build_anew()
    assert not is_shown()

    (folder / "content" / "tags.toml").write_text("# By hand.\n", "utf-8")
    build_anew()
    assert is_shown()


# --- Files that keep their form ---------------------------------------------------------------

FORMS = [
    ("", 'same = [\n  ["A", "B"],\n]\n'),
    ("same = []", 'same = [["A", "B"]]'),
    ("same = [ ]\n", 'same = [["A", "B"]]\n'),
    ("same = [\n]\n", 'same = [\n  ["A", "B"],\n]\n'),
    ("same = [\n  # ]\n]\n", 'same = [\n  # ]\n  ["A", "B"],\n]\n'),
    ('same = [["x", "y"]] # [\n', 'same = [["x", "y"], ["A", "B"]] # [\n'),
    ('same = [["x", "y"],]\n', 'same = [["x", "y"], ["A", "B"]]\n'),
    ('same = [["x]", "y"] ]\n', 'same = [["x]", "y"], ["A", "B"]]\n'),
    (
        'same = [\n    ["x", "y"], # why, ["z"]\n\n]\n# end\n',
        'same = [\n    ["x", "y"], # why, ["z"]\n    ["A", "B"],\n\n]\n# end\n',
    ),
    ('same = [\n\t["x", "y"] # why\n]\n', 'same = [\n\t["x", "y"], # why\n\t["A", "B"],\n]\n'),
    ('same = [\r\n  ["x", "y"],\r\n]\r\n', 'same = [\r\n  ["x", "y"],\r\n  ["A", "B"],\r\n]\r\n'),
    ('same = [["x",\n "y"]]\n', 'same = [["x",\n "y"], ["A", "B"]]\n'),
    ('\ufeff# me\n"same" = [["x", "y"]]\n', '\ufeff# me\n"same" = [["x", "y"], ["A", "B"]]\n'),
    (
        "# head\n\n# of a\n[aliases]\n",
        '# head\n\nsame = [\n  ["A", "B"],\n]\n\n# of a\n[aliases]\n',
    ),
    ('other = "same = ["\nsame = []\n', 'other = "same = ["\nsame = [["A", "B"]]\n'),
    (
        'other = [\n  ["x", "y"],\n]\n# of a\n# and more\n  [a]\n',
        'other = [\n  ["x", "y"],\n]\nsame = [\n  ["A", "B"],\n]\n\n# of a\n# and more\n  [a]\n',
    ),
    (
        'x = """\n[a]\n# b"""\n[c]\n',
        'x = """\n[a]\n# b"""\nsame = [\n  ["A", "B"],\n]\n\n[c]\n',
    ),
    ("\ufeff[a]\r\n", '\ufeffsame = [\r\n  ["A", "B"],\r\n]\r\n\r\n[a]\r\n'),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_a_list_takes_one_group_more_and_all_else_stays(before: str, after: str) -> None:
    assert add_group(before, "same", ("A", "B"), "verdicts.toml") == after


def test_after_the_first_same_a_different_was_refused_and_the_reverse() -> None:
    for first, second in (("same", "different"), ("different", "same")):
        text = add_group("", first, ["a", "b"], "f")
        text = add_group(text, second, ["c", "d"], "f")

        assert text == f'{first} = [\n  ["a", "b"],\n]\n{second} = [\n  ["c", "d"],\n]\n'


@pytest.mark.parametrize("before", ["same = 3\n", "[same]\n", "same = [\n", "[[same]]\nx = 1\n"])
def test_what_cannot_be_edited_safely_is_refused_with_the_line_to_write(before: str) -> None:
    with pytest.raises(SearchappError, match=r'add same = \[\["A", "B"\]\] by hand'):
        add_group(before, "same", ("A", "B"), "verdicts.toml")


def test_names_with_quotes_and_controls_are_what_they_were() -> None:
    names = ('a"b\\c', "d\x7fe\nü", "#[x]")

    assert tomllib.loads(add_group("", "same", names, "f"))["same"] == [list(names)]


# --- The server -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(gathered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder that is served with `--owner`, and the address of its desk."""
    folder = tmp_path_factory.mktemp("served") / "own"
    shutil.copytree(gathered, folder)
    command = [sys.executable, "-m", "searchapp", "serve", "--owner", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--content", str(folder / "content"), "--index", str(folder / "index")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert server.stdout
        found = (re.search(r"http://\S+token=\S+", line) for line in server.stdout)
        yield folder, next(each[0] for each in found if each)
    finally:
        server.terminate()
        server.communicate(timeout=20)


def test_a_decision_by_keys_is_built_and_undone(desk: tuple[Path, str], scripted: Page) -> None:
    folder, address = desk
    scripted.goto(address)
    assert "token" not in scripted.url
    scripted.get_by_role("link", name="Pieces 2 to decide").click()
    scripted.get_by_role("link", name="The last ferry").click()
    scripted.wait_for_url("**/owner/pieces/**")
    scripted.wait_for_load_state()  # keys are heard by a script
    scripted.keyboard.press("s")

    expect(scripted.get_by_role("status")).to_contain_text("are one piece", timeout=20_000)
    expect(scripted.get_by_role("heading", level=2).first).to_have_text("A table of tides")
    assert "ferry" in (folder / "content" / "verdicts.toml").read_text("utf-8")
    expect(scripted.get_by_role("status")).to_contain_text("It is in the index", timeout=20_000)
    assert open_index(folder / "index").pieces == 5

    scripted.keyboard.press("u")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Your desk", timeout=20_000)
    assert "ferry" not in (folder / "content" / "verdicts.toml").read_text("utf-8")


def test_decisions_need_no_script(desk: tuple[Path, str], browser: Browser) -> None:
    _, address = desk
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Tags 1 to decide").click()
    page.get_by_role("button", name="Different").click()
    expect(page.get_by_role("status")).to_contain_text("are different tags")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your desk")
    context.close()


def test_a_page_that_cannot_be_asked_for_again_was_asked_for_without_end(
    desk: tuple[Path, str], browser: Browser
) -> None:
    _, address = desk
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        found = route.fetch()
        told = found.text().replace('class="notices"', 'class="notices" data-building')
        route.fulfill(response=found, body=told)  # as while a build is under way

    page.goto(address)
    page.route("**/owner/undo/", answer)
    with page.expect_response(lambda found: found.status == 405):
        page.locator("form input[name=form]").first.evaluate(
            "input => { input.form.action = '/owner/undo/'; input.form.submit(); }"
        )
    expect(page.get_by_role("status")).to_contain_text("undone already")
    for _ in range(5):
        page.clock.run_for(1000)

    assert asked == ["POST", "GET"]
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_desk_is_accessible_and_fits(
    desk: tuple[Path, str], browser: Browser, scheme: str, width: int
) -> None:
    folder, address = desk
    SearchLog(folder / "index").note("quaggas")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto(address)
    for path in PAGES:
        page.goto(re.sub(r"/owner/.*", path, address))
        page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
        found = page.evaluate("axe.run().then(found => found.violations.map(v => v.id))")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2"])
def test_the_desk_is_served_by_names_of_this_machine_that_are_answered(
    tmp_path: Path, content_index: Path, host: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "searchapp", "serve", "--owner", "--host", host, "--port", "0",
         "--index", str(content_index), "--content", str(ROOT / "content")],
        check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip

    assert ended.returncode == 1
    assert (
        f"{host}: --owner serves this machine only, as localhost, 127.0.0.1, ::1; leave out --host"
        in ended.stderr
    )
