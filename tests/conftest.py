"""Fixtures: real indexes in temporary folders, a real server, a real browser."""

import contextlib
import gc
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from chromium import open_browser
from desks import write_desk
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from searchapp import Index, open_index
from searchapp.build import build
from searchapp.documents import Tag, Work
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.owner.gathering import gather_desk
from searchapp.web import create_app

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
SCATTERED = ROOT / "tests" / "data" / "scattered"

# htmx logs each request that a newer one replaces while a reader types on.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")

# Every journey is made in each of these ways.
WAYS = {
    "scripts on, wide": (True, 1280),
    "scripts on, narrow": (True, 360),
    "scripts off, wide": (False, 1280),
    "scripts off, narrow": (False, 360),
}

SITE = Site("Test", "", "", "", "en", None)


# Servers of tests are on loopback, where no proxy of the machine's could reach them.
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "*"

# A run in the background of a shell is born deaf to Ctrl-C, and all that it starts would be.
signal.signal(signal.SIGINT, signal.default_int_handler)

PATIENCE = 60  # seconds until what is waited for is taken for broken, on a machine however busy

expect.set_options(timeout=PATIENCE * 1000)

# Where 1,024 files may be open and more if one asks, one asks: the fixtures of a run hold many.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if 0 <= _soft < 4_096:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096 if _hard < 0 else min(4_096, _hard), _hard))

MANY_FILES = 400  # machines that allow few open files allow 1,024


@pytest.fixture(autouse=True)
def few_open_files() -> Iterator[None]:
    """Close the indexes that tests left open: each app is in circles with its own.

    The lowest free number tells how many files are open.
    """
    yield
    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    if lowest > MANY_FILES:
        gc.collect()


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[..., Index]:
    """Build a real index of the given works and open it."""

    def build_index(*works: Work, tags: Sequence[Tag] = ()) -> Index:
        folder = tmp_path / "index"
        with lock_for_building(folder):
            write_generation(folder, works, list(tags), SITE, {})
        return open_index(folder)

    return build_index


@pytest.fixture(scope="session")
def content_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of content/, built once."""
    folder = tmp_path_factory.mktemp("content") / "index"
    build(CONTENT, folder)
    return folder


@pytest.fixture(scope="session")
def scattered_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of tests/data/scattered, built once."""
    folder = tmp_path_factory.mktemp("scattered") / "index"
    build(SCATTERED, folder)
    return folder


@pytest.fixture(scope="session")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with content and its index, of which the desk is gathered; to be copied."""
    folder = tmp_path_factory.mktemp("desk")
    write_desk(folder / "content")
    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    return folder


@pytest.fixture(scope="session")
def content_client(content_index: Path) -> FlaskClient:
    """A Flask client over content/."""
    return create_app(content_index, CONTENT).test_client()


@pytest.fixture(scope="session")
def scattered_client(scattered_index: Path) -> FlaskClient:
    """A Flask client over tests/data/scattered."""
    return create_app(scattered_index, SCATTERED).test_client()


def serving(content: Path, index: Path) -> contextlib.AbstractContextManager[str]:
    """Run `searchapp serve` on a free port; yields the address that it prints."""
    folders = ["--content", str(content), "--index", str(index)]
    return serving_with(["serve", *folders], ROOT, [])


@contextlib.contextmanager
def serving_with(arguments: Sequence[str], cwd: Path, said: list[str]) -> Iterator[str]:
    """Run a command that serves, on a free port; yields its address, with what was `said`."""
    command = [sys.executable, "-m", "searchapp", *arguments, "--port", "0"]
    server = subprocess.Popen(  # our own command
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd
    )
    try:
        assert server.stdout
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"http://[\d.]+:\d+", line):
                yield found[0]
                break
        else:
            pytest.fail("the server ended before it answered:\n" + "".join(said))
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def content_server(content_index: Path) -> Iterator[str]:
    """The address of a server over content/."""
    with serving(CONTENT, content_index) as address:
        yield address


@pytest.fixture(scope="session")
def scattered_server(scattered_index: Path) -> Iterator[str]:
    """The address of a server over tests/data/scattered."""
    with serving(SCATTERED, scattered_index) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=WAYS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page, with scripts and without, wide and narrow; any error on it fails the test."""
    scripts, width = WAYS[request.param]
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [error for error in errors if not error.startswith(REPLACED)] == []


def stop_clock(page: Page) -> None:
    """Let only so much time pass on a page as the test says; its clock is installed before.

    An installed clock runs on by itself, and on a busy machine much may pass between two steps.
    """
    page.clock.pause_at(page.evaluate("Date.now() + 60 * 60 * 1000"))


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """A page with scripts, for what only they do; an error on it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [error for error in errors if not error.startswith(REPLACED)] == []
