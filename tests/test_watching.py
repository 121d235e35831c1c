"""`serve --watch`: what counts as a change, the warm builder, and the open page."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import write_files
from conftest import ROOT
from playwright.sync_api import Page, expect

from searchapp import open_index
from searchapp.board import Board, News
from searchapp.builder import Builder
from searchapp.engine.generations import lock_for_building
from searchapp.watching import Watched, counts, find_watched

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
    content, index, _ = warm
    monkeypatch.setenv("SEARCHAPP_FAILPOINT", "joined")
    dying = Builder(content, index)
    (content / "zebras.md").write_text("---\ntitle: Okapi\n---\nIt says okapi.\n", "utf-8")

    first, second = dying.build(), dying.build()
    dying.end()

    assert first.failed and second.failed  # the warm process outlived the first
    assert open_index(index).pieces == 3


def test_while_another_build_holds_the_index_it_is_busy(warm: tuple[Path, Path, Builder]) -> None:
    _, index, builder = warm
    builder.build()
    with lock_for_building(index):
        assert builder.build().is_busy
    assert not builder.build().is_busy


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
        server.communicate(timeout=20)


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

    expect(scripted.get_by_role("link", name="A post about quaggas")).to_be_visible(timeout=20_000)
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
    expect(told).to_contain_text("Not built: verdicts.toml:1", timeout=20_000)
    scripted.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = scripted.evaluate("axe.run().then(found => found.violations.map(v => v.id))")
    assert found == []
    expect(scripted.get_by_role("link", name="A post about zebras")).to_be_visible()

    (content / "verdicts.toml").unlink()
    expect(told).not_to_contain_text("Not built", timeout=20_000)


def test_a_folder_that_was_moved_away_and_came_back_is_watched_on(
    site: tuple[Path, str], scripted: Page
) -> None:
    content, address = site
    scripted.goto(address)
    content.rename(content.with_name("away"))
    expect(scripted.get_by_role("status").last).to_contain_text("Not built", timeout=20_000)

    content.with_name("away").rename(content)
    expect(scripted.get_by_role("status").last).not_to_contain_text("Not built", timeout=20_000)
    (content / "new.md").write_text("---\ntitle: A post about okapis\n---\nOkapi.\n", "utf-8")
    expect(scripted.get_by_role("link", name="A post about okapis")).to_be_visible(timeout=20_000)


def test_a_page_without_watching_has_none_of_it(content_server: str, scripted: Page) -> None:
    scripted.goto(content_server)

    assert scripted.locator("#watched, .watched").count() == 0
    assert scripted.request.get(f"{content_server}/changes").status == 404


def test_a_watching_server_ends_with_all_that_it_started(tmp_path: Path) -> None:
    content = write_files(tmp_path / "content", POSTS)
    with watching(content, tmp_path / "index", "--workers", "1") as (_, server):
        below = list(_below(server.pid))
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
        gone = [pid for pid in below if not Path(f"/proc/{pid}/cmdline").exists()
                or not Path(f"/proc/{pid}/cmdline").read_bytes()]  # fmt: skip
        assert len(below) >= 2 and gone == below


def _below(pid: int) -> Iterator[int]:
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from _below(int(child))


def test_watching_and_debugging_exclude_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "searchapp", "serve", "--watch", "--debug"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert ended.returncode == 2
    assert "leave out --debug or --watch" in ended.stderr
