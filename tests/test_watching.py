"""`serve --watch`: what counts as a change, the warm builder, and the open page."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from builders import write_files
from conftest import ROOT
from flask.testing import FlaskClient
from html_reader import find_all
from playwright.sync_api import Page, expect
from test_workers import is_alive

from searchapp import open_index
from searchapp.board import Board, News
from searchapp.build import build
from searchapp.builder import Builder
from searchapp.engine.generations import lock_for_building
from searchapp.warm import _call
from searchapp.watching import Watched, Watcher, counts, find_watched
from searchapp.web import create_app
from searchapp.web.watched import let_watch

POSTS = {
    f"{name}.md": f"---\ntitle: A post about {name}\ndate: 2024-01-0{day}\n---\nIt says {name}.\n"
    for day, name in enumerate(("lions", "tigers", "zebras"), 1)
}


# --- What counts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "does"),
    [
        ("posts/a.md", True),
        ("posts", True),
        ("tags.toml", True),
        (".eleventy.js", True),
        ("posts/.a.md.swp", False),
        ("posts/a.md~", False),
        ("posts/#a.md#", False),
        ("posts/4913", False),
        ("posts/a.md.tmp", False),
        ("posts/.searchapp-x1", False),
        (".git/index", False),
        ("posts/.git/index", False),
        ("index/gen-2/works.sqlite", False),
        ("index", False),
        ("indexes.md", True),
    ],
)
def test_only_what_may_be_read_counts_as_a_change(path: str, does: bool) -> None:
    content = Path("/home/.me/blog")  # that it lies in a hidden folder hides nothing

    assert counts(str(content / path), [content], content / "index") is does


def test_what_sources_read_beside_the_content_is_watched_too(tmp_path: Path) -> None:
    content = write_files(tmp_path / "search", {
        "sources.toml": '[[source]]\nname = "a"\nkind = "markdown"\npath = "../posts"\n'
        '[[source]]\nname = "b"\nkind = "links"\npath = "../links.md"\n'
        '[[source]]\nname = "c"\nkind = "markdown"\npath = "own"\n',
    })  # fmt: skip
    write_files(content, {"own/a.md": "a"})
    write_files(tmp_path, {"posts/a.md": "a", "links.md": "- [a](https://example.com/a)"})

    watched = find_watched(content)
    assert watched.folders == (tmp_path / "posts", content)
    assert watched.files == (tmp_path / "links.md",)
    before = watched.states()
    (tmp_path / "new.md").write_text("- [b](https://example.com/b)", "utf-8")
    (tmp_path / "new.md").replace(tmp_path / "links.md")
    assert watched.states() != before
    (content / "sources.toml").write_text("[[sauce]]", "utf-8")
    assert find_watched(content).folders == (content,)
    before = watched.states()
    content.rename(tmp_path / "gone")
    assert find_watched(content) == Watched((), ())
    write_files(content, {"a.md": "a"})
    assert watched.states() != before  # another folder stands in its place


# --- The board and the builder ----------------------------------------------------------------


def test_news_are_read_whole_while_they_are_told_anew() -> None:
    board = Board()
    told = [News(n, n, None, "x" * (n % 7) * 1000, ("y",) * (n % 5)) for n in range(400)]
    telling = threading.Thread(target=lambda: [board.tell(news) for news in told])
    telling.start()
    read = [board.read() for _ in range(400)]
    telling.join()
    board.close()

    assert set(read) <= set(told) | {News()}


def test_news_are_not_torn_where_two_are_told_during_one_reading() -> None:
    board = Board()
    has_ended = threading.Event()

    def tell() -> None:
        for number in count():
            if has_ended.is_set():
                return
            board.tell(News(number, told="x" * (number % 50)))

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    telling = threading.Thread(target=tell)
    telling.start()
    try:
        for _ in range(20_000):
            news = board.read()
            assert len(news.told) == news.begun % 50
    finally:
        has_ended.set()
        telling.join()
        sys.setswitchinterval(often)
        board.close()


def test_a_ring_is_heard_once_however_often_it_was_rung() -> None:
    board = Board()
    for _ in range(3):
        board.ring()

    assert [board.wait_for_ring(1), board.wait_for_ring(0)] == [True, False]
    board.close()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Builder]]:
    """A folder of posts, its index, and a builder for them."""
    folder = tmp_path_factory.mktemp("warm")
    content = write_files(folder / "content", POSTS)
    builder = Builder(content, folder / "index")
    yield content, folder / "index", builder
    builder.end()


def test_a_warm_builder_reads_and_writes_only_what_changed(
    warm: tuple[Path, Path, Builder],
) -> None:
    content, index, builder = warm
    assert builder.build().told.startswith("3 entries read, 3 pieces written again: generation 1")

    (content / "lions.md").write_text("---\ntitle: Quagga\n---\nIt says quagga.\n", "utf-8")
    outcome = builder.build()

    assert outcome.told.startswith("1 entry read, 1 piece written again: generation 2")
    assert open_index(index).search("quagga ").total == 1
    assert builder.build().told.startswith("nothing changed since generation 2")


def test_an_error_of_a_build_is_told_and_the_old_index_stays(
    warm: tuple[Path, Path, Builder],
) -> None:
    content, index, builder = warm
    builder.build()
    before = open_index(index).generation
    (content / "tags.toml").write_text("[alias]\n", "utf-8")
    outcome = builder.build()
    (content / "tags.toml").unlink()

    assert "tags.toml:1" in (outcome.failed or "") and "aliases" in (outcome.failed or "")
    assert open_index(index).generation == before


def test_a_build_that_is_killed_takes_nothing_along(
    warm: tuple[Path, Path, Builder], monkeypatch: pytest.MonkeyPatch
) -> None:
    content, index, builder = warm
    builder.build()  # where no other test has yet
    monkeypatch.setenv("SEARCHAPP_FAILPOINT", "joined")
    dying = Builder(content, index)
    (content / "zebras.md").write_text("---\ntitle: Okapi\n---\nIt says okapi.\n", "utf-8")

    first, second = dying.build(), dying.build()
    dying.end()

    assert first.failed and second.failed  # the warm process outlived the first
    assert open_index(index).pieces == 3


def test_a_builder_that_was_killed_while_idle_does_not_lose_the_next_change(
    warm: tuple[Path, Path, Builder],
) -> None:
    content, index, _ = warm
    others = set(_children(os.getpid()))
    fresh = Builder(content, index)
    fresh.warm_up()
    (idle,) = set(_children(os.getpid())) - others
    os.kill(idle, signal.SIGKILL)
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
    (content / "tigers.md").write_text("---\ntitle: Tapir\n---\nIt says tapir.\n", "utf-8")

    outcome = fresh.build()
    fresh.end()

    assert outcome.failed is None and outcome.changed
    assert open_index(index).search("tapir ").total == 1


def test_of_very_many_findings_some_are_sent_and_the_rest_counted(tmp_path: Path) -> None:
    broken = {f"bad-{number:03}.md": "---\ntitle: [\n---\nx\n" for number in range(250)}
    builder = Builder(write_files(tmp_path / "content", POSTS | broken), tmp_path / "index")
    outcome = builder.build()
    builder.end()

    assert (len(outcome.findings), outcome.more) == (200, 50)


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("content/tags.toml", "[alias]\n", "tags.toml:1"),
        ("index/desk.json/a", "", "Is a directory"),
    ],
    ids=["of the content", "of the system"],
)
def test_a_desk_that_cannot_be_gathered_is_told_in_a_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], path: str, text: str, told: str
) -> None:
    content, index = write_files(tmp_path / "content", POSTS), tmp_path / "index"
    build(content, index)
    write_files(tmp_path, {path: text})

    assert _call("searchapp.owner.gathering:gather_desk", content, index) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("gather desk: ") and told in line


def test_while_another_build_holds_the_index_it_is_busy(warm: tuple[Path, Path, Builder]) -> None:
    _, index, builder = warm
    builder.build()
    with lock_for_building(index):
        assert builder.build().is_busy
    assert not builder.build().is_busy


# --- The watcher ------------------------------------------------------------------------------


@pytest.fixture
def kept_signals() -> Iterator[None]:
    """What signals do stays as it is, though a watcher in this process listens to them."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)}
    yield
    for signum, does in before.items():
        signal.signal(signum, does)


def watch_while(watcher: Watcher, is_wanted: Callable[[], bool]) -> None:
    """Let it watch, but look no more than so often."""
    looks = iter(range(50))
    watcher.run(lambda: next(looks, None) is not None and is_wanted())


@pytest.mark.usefixtures("kept_signals")
@pytest.mark.parametrize(("posts", "by_itself"), [(POSTS, 1), ({}, 0)], ids=["posts", "no folder"])
def test_who_asks_for_a_build_is_heard_while_folders_are_watched(
    tmp_path: Path, posts: dict[str, str], by_itself: int
) -> None:
    content, board = write_files(tmp_path / "content", posts), Board()
    watcher = Watcher(content, tmp_path / "index", board, watches=True)

    def is_wanted() -> bool:
        ended = board.read().ended
        if ended == by_itself:
            board.ring()
        return ended <= by_itself

    watch_while(watcher, is_wanted)
    ended = board.read().ended
    board.close()

    assert ended == by_itself + 1


@pytest.mark.usefixtures("kept_signals")
def test_findings_that_were_not_sent_are_counted_in_what_is_told(tmp_path: Path) -> None:
    broken = {f"bad-{number:03}.md": "---\ntitle: [\n---\nx\n" for number in range(250)}
    content, board = write_files(tmp_path / "content", POSTS | broken), Board()
    watcher = Watcher(content, tmp_path / "index", board, watches=False)
    watch_while(watcher, lambda: board.read().ended < 1)
    findings = board.read().findings
    board.close()

    assert (len(findings), findings[-1]) == (13, "and 238 more")


# --- What pages are told ----------------------------------------------------------------------


@pytest.fixture
def board() -> Iterator[Board]:
    """A board on which nothing stands yet."""
    board = Board()
    yield board
    board.close()


@pytest.fixture
def followed(tmp_path: Path, board: Board) -> FlaskClient:
    """A visitor of an app whose pages follow the builds that `board` tells of."""
    build(write_files(tmp_path / "content", POSTS), tmp_path / "index")
    app = create_app(tmp_path / "index", tmp_path / "content")
    let_watch(app, board)
    return app.test_client()


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_learns_no_draft(
    followed: FlaskClient, board: Board, header: str
) -> None:
    board.tell(News(1, 1, "bad.md: no", "1 entry read", ("drafts/x.md: held back: a draft",)))
    here, there = (
        followed.get("/changes").json,
        followed.get("/changes", headers={header: "x"}).json,
    )

    assert here["findings"] == ["drafts/x.md: held back: a draft"]
    assert there == {"generation": 1, "ended": 1, "failed": None, "told": "", "findings": []}


def test_of_a_damaged_newer_index_no_page_is_told(tmp_path: Path, followed: FlaskClient) -> None:
    assert followed.get("/changes").json["generation"] == 1
    write_files(tmp_path / "content", {"new.md": "# Okapis\n"})
    build(tmp_path / "content", tmp_path / "index")
    path = next((tmp_path / "index/gen-2/arrays").glob("*.npy"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    shown = next(find_all(followed.get("/").text, "script", id="watched"))
    assert shown["data-generation"] == str(followed.get("/changes").json["generation"]) == "1"


# --- The server -------------------------------------------------------------------------------


@contextmanager
def watching(content: Path, index: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen]]:  # type: ignore[type-arg]
    """Run `searchapp serve --watch` on a free port; yields its address, and the process."""
    command = [sys.executable, "-m", "searchapp", "serve", "--watch", "--port", "0", *options]
    server = subprocess.Popen(
        [*command, "--content", str(content), "--index", str(index)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert server.stdout
        found = (re.search(r"http://[\d.]+:\d+", line) for line in server.stdout)
        yield next(each[0] for each in found if each), server
    finally:
        server.terminate()
        server.communicate(timeout=60)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder of posts that is served with `--watch`, and its address."""
    folder = tmp_path_factory.mktemp("watched")
    content = write_files(folder / "content", POSTS)
    with watching(content, folder / "index") as (address, _):
        yield content, address


def test_the_open_page_shows_what_was_saved_and_keeps_its_reader_where_they_are(
    site: tuple[Path, str], scripted: Page
) -> None:
    content, address = site
    scripted.goto(f"{address}/?q=post&sort=oldest")
    scripted.evaluate("window.isOld = true")
    link = scripted.get_by_role("link", name="A post about zebras")
    link.focus()
    scripted.get_by_label("Search the pieces").evaluate("box => { box.value = 'post and'; }")

    (content / "lions.md").write_text(
        "---\ntitle: A post about quaggas\ndate: 2024-01-01\n---\nGone.\n", "utf-8"
    )

    expect(scripted.get_by_role("link", name="A post about quaggas")).to_be_visible()
    expect(scripted.get_by_role("link", name="A post about lions")).to_have_count(0)
    expect(scripted.get_by_role("status").last).to_contain_text("1 entry read, 1 piece written")
    expect(link).to_be_focused()
    expect(scripted.get_by_label("Search the pieces")).to_have_value("post and")
    assert scripted.evaluate("window.isOld")  # it was not loaded again


def test_the_open_page_is_told_why_nothing_was_built(
    site: tuple[Path, str], scripted: Page
) -> None:
    content, address = site
    scripted.goto(address)
    (content / "verdicts.toml").write_text("sane = []\n", "utf-8")

    told = scripted.get_by_role("status").last
    expect(told).to_contain_text("Not built: verdicts.toml:1")
    scripted.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = scripted.evaluate("axe.run().then(found => found.violations.map(v => v.id))")
    assert found == []
    expect(scripted.get_by_role("link", name="A post about zebras")).to_be_visible()

    (content / "verdicts.toml").unlink()
    expect(told).not_to_contain_text("Not built")


def test_a_folder_that_was_moved_away_and_came_back_is_watched_on(
    site: tuple[Path, str], scripted: Page
) -> None:
    content, address = site
    scripted.goto(address)
    content.rename(content.with_name("away"))
    expect(scripted.get_by_role("status").last).to_contain_text("Not built")

    content.with_name("away").rename(content)
    expect(scripted.get_by_role("status").last).not_to_contain_text("Not built")
    (content / "new.md").write_text("---\ntitle: A post about okapis\n---\nOkapi.\n", "utf-8")
    expect(scripted.get_by_role("link", name="A post about okapis")).to_be_visible()


def test_a_page_without_watching_has_none_of_it(content_server: str, scripted: Page) -> None:
    scripted.goto(content_server)

    assert scripted.locator("#watched, .watched").count() == 0
    assert scripted.request.get(f"{content_server}/changes").status == 404


def test_a_watching_server_ends_with_all_that_it_started(tmp_path: Path) -> None:
    content = write_files(tmp_path / "content", POSTS)
    with watching(content, tmp_path / "index", "--workers", "1") as (_, server):
        below = list(_below(server.pid))
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 0
        assert len(below) >= 2
        assert [pid for pid in below if is_alive(pid)] == []


def _below(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _below(child)


def _children(pid: int) -> Iterator[int]:
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_what_is_told_to_pages_is_counted_by_its_own_name(
    site: tuple[Path, str], scripted: Page
) -> None:
    _, address = site
    assert scripted.request.get(f"{address}/changes").ok

    told = scripted.request.get(f"{address}/metrics").text()
    assert 'searchapp_requests_total{route="/changes",status="2xx"}' in told


def test_watching_is_for_this_machine_alone(tmp_path: Path) -> None:
    content = write_files(tmp_path / "content", POSTS)
    build(content, tmp_path / "index")
    command = [sys.executable, "-m", "searchapp", "serve", "--watch", "--host", "0.0.0.0"]
    ended = subprocess.run(
        [*command, "--port", "0", "--content", str(content), "--index", str(tmp_path / "index")],
        check=False, capture_output=True, text=True, cwd=ROOT, timeout=60,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "0.0.0.0: --watch serves this machine only; leave out --host" in ended.stderr


def test_watching_and_debugging_exclude_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "searchapp", "serve", "--watch", "--debug"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert ended.returncode == 2
    assert "leave out --debug or --watch" in ended.stderr
