"""A folder of posts that wants decisions of every kind, and the owner's desk over it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import write_files
from flask import Flask
from flask.testing import FlaskClient
from html_reader import find_all

from searchapp.board import Board
from searchapp.web import create_app
from searchapp.web.owner import add_owner

TOKEN = "a-token-of-the-tests"
HOME = "http://localhost"
PAGES = ["/owner/", "/owner/pieces/", "/owner/tags/", "/owner/suggestions/", "/owner/searches/"]

_SUBJECTS = ("river", "harbour", "ferry", "lock keeper", "tide", "barge", "quay", "towpath",
             "heron", "weir", "lantern", "rope", "pilot", "reed bed", "sluice")  # fmt: skip
_SAID = (
    "Before dawn the {} is quiet and the {} lies still.",
    "Nobody who works by the {} forgets the year in which the {} froze.",
    "I asked an old man about the {}; he talked of the {} for an hour.",
    "What the maps call a {} is to us a {} and nothing else.",
    "In spring the {} comes back, and with it the {} that we had missed.",
)


def prose(start: int, sentences: int) -> str:
    """Return sentences that are always the same for the same numbers."""
    said = []
    for number in range(start, start + sentences):
        one = _SUBJECTS[number * 7 % len(_SUBJECTS)]
        other = _SUBJECTS[(number * 11 + 3 + number // 15) % len(_SUBJECTS)]
        said.append(_SAID[number % len(_SAID)].format(one, other) + f" That was note {number}.")
    return "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))


def _post(title: str, text: str, date: str, tags: str = "", **more: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in more.items())
    stated = f"tags: [{tags}]\n" if tags else ""
    return f"---\ntitle: {title}\ndate: {date}\n{stated}{head}---\n\n{text}\n"


FILES = {
    "sources.toml": (
        '[site]\ntitle = "By the river"\n\n[[source]]\nname = "blog"\nkind = "markdown"\n'
        'path = "blog"\nsite = "My blog"\n\n[[source]]\nname = "letters"\nkind = "markdown"\n'
        'path = "letters"\nsite = "The newsletter"\n'
    ),
    "verdicts.toml": "# My word.\nsame = []\n\ndifferent = [\n  # none yet\n]\n",
    "blog/ferry.md": _post("The last ferry of the year", prose(0, 40), "2023-11-02", "boats"),
    "letters/ferry.md": _post(
        "The last ferry, told again", prose(0, 28) + "\n\n" + prose(60, 12), "2024-01-10", "boat"
    ),
    "blog/tide.md": _post(
        "A table of tides", prose(100, 30), "2022-05-01", "boats, tides",
        url="https://example.com/tides",
    ),
    "letters/winter.md": _post(
        "What winter takes away", prose(200, 30), "2022-12-01", "winter",
        url="https://example.com/tides",
    ),
    "blog/tides.md": _post("Tides for beginners", prose(300, 20), "2021-05-01", "tides"),
    "blog/untagged.md": _post("How tides and boats meet", "Of tides and boats.", "2020-05-01"),
    "blog/broken.md": "---\ntitle: [\n---\n\nNobody reads this.\n",
}  # fmt: skip


def write_desk(folder: Path) -> Path:
    """Write the folder's files; return it."""
    return write_files(folder, FILES)


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
