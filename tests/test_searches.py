"""Searches that found nothing: what is noted of them, and that nothing else is."""

import datetime as dt
import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_tag, a_work
from conftest import SCATTERED, serving
from flask.testing import FlaskClient
from playwright.sync_api import Page
from test_cli import run

from searchapp.build import build
from searchapp.engine import Index
from searchapp.searches import MOST, SearchLog
from searchapp.web import create_app

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it
DAY = dt.date(2026, 11, 26)


@pytest.fixture
def index(index_of: IndexOf) -> Path:
    cats = a_work("Cats purr", tags=["kubernetes"])
    return index_of(cats, a_work("Dogs"), tags=[a_tag("kubernetes")]).path


@pytest.fixture
def client(index: Path) -> FlaskClient:
    return create_app(index, searches=True).test_client()


def noted(index: Path) -> dict[str, int]:
    return {missed.words: missed.count for missed in SearchLog(index).read()}


TYPED = {"HX-Request": "true"}
SENT = {"HX-Request": "true", "X-Submitted": "1"}

ASKED = [
    pytest.param("/?q=zebra", {}, {"zebra": 1}, id="a page"),
    pytest.param("/?q=++ZEBRA%00++Lion+", {}, {"zebra lion": 1}, id="in one spelling"),
    pytest.param("/?q=cats+zebra", {}, {"cats zebra": 1}, id="words of which only some are found"),
    pytest.param("/?q=zebra", SENT, {"zebra": 1}, id="a part that was sent for"),
    pytest.param("/?q=zebra", TYPED, {}, id="a part while somebody types"),
    pytest.param("/?q=zebra", {"Sec-Purpose": "prefetch"}, {}, id="a page fetched ahead"),
    pytest.param("/?q=cats", {}, {}, id="what is found"),
    pytest.param("/?q=cats&tag=none", {}, {}, id="what a filter hides"),
    pytest.param("/?q=zebra&page=2", {}, {}, id="a page that was turned"),
    pytest.param("/?q=%22%22", {}, {}, id="no words"),
    pytest.param("/", {}, {}, id="everything"),
    pytest.param("/api/search?q=zebra", {}, {}, id="a program"),
    pytest.param("/feed.atom?q=zebra", {}, {}, id="a feed"),
]


@pytest.mark.parametrize(("url", "headers", "expected"), ASKED)
def test_a_search_that_was_sent_and_found_nothing_is_noted(
    client: FlaskClient, index: Path, url: str, headers: dict[str, str], expected: dict[str, int]
) -> None:
    assert client.get(url, headers=headers).status_code == 200

    assert noted(index) == expected


def test_only_words_days_and_counts_stand_in_the_file_and_only_its_owner_reads_it(
    client: FlaskClient, index: Path
) -> None:
    for _ in range(2):
        client.get("/?q=zebra", headers={"User-Agent": "Mine"}, environ_base={"REMOTE_ADDR": "::7"})

    path = index / "searches.json"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert json.loads(path.read_text()) == {"zebra": {today: 2}}
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_noted_unless_it_is_wished(index: Path) -> None:
    create_app(index).test_client().get("/?q=zebra")

    assert not (index / "searches.json").exists()


def test_the_file_stays_small_and_keeps_what_is_asked_often(tmp_path: Path) -> None:
    log = SearchLog(tmp_path)
    for _ in range(2):
        log.note("often", DAY)
    full = {f"once {number}": {DAY.isoformat(): 1} for number in range(MOST + 50)}
    stored = json.loads((tmp_path / "searches.json").read_text()) | full
    (tmp_path / "searches.json").write_text(json.dumps(stored))
    log.note("newest", DAY)

    kept = noted(tmp_path)
    assert len(kept) == MOST
    assert kept["often"] == 2
    assert "newest" in kept
    assert "once 0" not in kept


def test_what_is_older_than_ninety_days_is_forgotten(tmp_path: Path) -> None:
    log = SearchLog(tmp_path)
    log.note("old", DAY - dt.timedelta(days=90))
    log.note("new", DAY)

    assert noted(tmp_path) == {"new": 1}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": 1}', '{"a": {"x": 1}}', "\x00", "[" * 99999]
)
def test_a_file_that_is_none_of_ours_is_begun_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "searches.json").write_text(text)
    SearchLog(tmp_path).note("zebra", DAY)

    assert noted(tmp_path) == {"zebra": 1}


def note_many(folder: Path) -> None:
    log = SearchLog(folder)
    for _ in range(50):
        log.note("zebra", DAY)


def test_two_processes_that_note_at_once_lose_nothing(tmp_path: Path) -> None:
    workers = [
        multiprocessing.get_context("spawn").Process(target=note_many, args=(tmp_path,))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert noted(tmp_path) == {"zebra": 100}


def test_a_folder_that_cannot_be_written_to_stops_no_search(
    index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (index / "searches.lock").mkdir()
    client = create_app(index, searches=True).test_client()

    for _ in range(2):
        assert client.get("/?q=zebra").status_code == 200
    assert caplog.text.count("searches are not noted") == 1


def test_the_owner_is_told_what_was_missed_and_what_may_help(index: Path) -> None:
    log = SearchLog(index)
    for words in ("kubrnts", "zebra", "zebra", "dogs"):
        log.note(words, DAY)

    told = json.loads(run("searches", "--json", "--index", str(index)).stdout)["searches"]
    by_words = {each["words"]: each for each in told}
    assert told[0]["words"] == "zebra"
    assert by_words["zebra"]["days"] == [{"day": "2026-11-26", "count": 2}]
    assert by_words["kubrnts"]["alias"] == "kubernetes"
    assert by_words["dogs"]["found"] == 1
    said = run("searches", "--index", str(index)).stdout
    assert "zebra: 2 times, last on 2026-11-26" in said
    assert '"kubrnts" = "kubernetes"' in said
    assert "3 searches found nothing" in said


def test_what_was_noted_can_be_forgotten(index: Path) -> None:
    SearchLog(index).note("zebra", DAY)

    assert "0 searches found nothing" in run("searches", "--forget", "--index", str(index)).stdout


def test_a_build_neither_reads_nor_drops_what_was_noted(tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = build(SCATTERED, index)
    SearchLog(index).note("zebra", DAY)

    assert not build(SCATTERED, index).changed
    build(SCATTERED, index, full=True)
    assert first.works
    assert noted(index) == {"zebra": 1}


def test_what_is_passed_over_while_typing_is_no_search_and_enter_makes_it_one(
    scripted: Page, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(SCATTERED, index)
    with serving(SCATTERED, index) as address:
        scripted.goto(address)
        with scripted.expect_response(lambda answer: "q=zzqq" in answer.url):
            scripted.locator("#words").press_sequentially("zzqqxx")
        scripted.locator("#results[data-words=zzqqxx]:not(.htmx-request)").wait_for()
        assert noted(index) == {}
        with scripted.expect_response(lambda answer: "q=zzqqxx" in answer.url):
            scripted.locator("#words").press("Enter")

        assert noted(index) == {"zzqqxx": 1}


def test_a_typed_search_that_finds_nothing_broke_the_script_that_names_its_feeds(
    scripted: Page, scattered_server: str
) -> None:
    scripted.goto(scattered_server)
    scripted.locator("#words").press_sequentially("zzqqxx")

    scripted.locator("#results[data-words=zzqqxx]").wait_for()  # the fixture sees any error
