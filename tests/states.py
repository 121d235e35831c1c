"""Every page and state that a visitor may come to, in one list: each check sees them all.

STATES --Stage--> addresses of servers --visits--> what a browser saw
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from searchapp.web import create_app


def stay(page: Page) -> None:
    """Leave the page as it came."""


def _open_suggestions(page: Page) -> None:
    page.locator("#words").fill("agents")
    page.locator("#suggestions [role=option]").first.wait_for()


def _open_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys-dialog[open]").wait_for()


@dataclass(frozen=True)
class State:
    """A page of one of the sites on the stage; its address may have the `{id}` of a piece.

    That piece is the first that is found with the words `of`. `again` is another address of a
    page that is listed, which may have its title. `enter` does what leads into the state, where
    scripts are on; twice does no more than once.
    """

    name: str
    site: str
    path: str
    status: int = 200
    of: str = ""
    again: bool = False
    enter: Callable[[Page], None] = stay

    def __str__(self) -> str:
        return self.name


# "essays" is tests/data/scattered, "undated" content/, which states no dates.
STATES = (
    State("no words", "essays", "/"),
    State("words", "essays", "/?q=river"),
    State("words in another language", "essays", "/?q=%E6%A9%8B"),
    State("none found", "essays", "/?q=zebra+quagga"),
    State("none found with filters", "essays", "/?q=fold&tag=weather&source=Quora"),
    State("only some of the words", "essays", "/?q=kingfisher+zebra"),
    State("a slip", "essays", "/?q=kingfishr"),
    State("three filters", "essays", "/?q=river&tag=rivers&source=Slow+Water&not.year=2023"),
    State("a year chosen", "essays", "/?year=2023"),
    State("misspelt values", "essays", "/?q=river&year=abc&sort=nonsense&tag=nonsense"),
    State("a page too far", "essays", "/?page=10000", again=True),
    State("long words", "essays", "/?q=" + "Donaudampfschifffahrtsgesellschaft" * 5),
    State("typed filters", "essays", '/?q=tag:rivers+"not+a+line"'),
    State("undated", "undated", "/"),
    State("undated words", "undated", "/?q=grpo"),
    State("page 2", "undated", "/?page=2"),
    State("suggestions", "undated", "/?q=agents", enter=_open_suggestions),
    State("list of keys", "undated", "/", again=True, enter=_open_keys),
    State("all tags", "undated", "/tags/"),
    State("all tags by name", "undated", "/tags/?sort=title", again=True),
    State("tags found", "undated", "/tags/?q=re"),
    State("no tags found", "undated", "/tags/?q=zebra"),
    State("map of the tags", "undated", "/tags/map/"),
    State("a tag", "essays", "/tags/rivers/"),
    State("two tags", "essays", "/tags/map-making+rivers/"),
    State("no such tag", "undated", "/tags/agnets/", 404),
    State("too many tags", "undated", "/tags/agents+inference+reasoning+tool-use/", 404),
    State("a piece of ours", "undated", "/works/{id}/", of="attention mechanisms vanilla"),
    State("a piece in many places", "essays", "/works/{id}/", of="kingfisher"),
    State("a part of a series", "essays", "/works/{id}/", of="mending a map fold"),
    State("a piece elsewhere", "essays", "/works/{id}/", of="ferryman's ledger"),
    State("no such piece", "essays", "/works/nonsense/", 404),
    State("about", "undated", "/about/"),
    State("the box for other sites", "essays", "/embed/"),
    State("no such page", "essays", "/nonsense", 404),
    State("a bug of ours", "bug", "/", 500),
    State("no index", "unbuilt", "/", 503),
)


@dataclass(frozen=True)
class Stage:
    """The servers of all states, by the name of their site."""

    sites: dict[str, str]

    def address(self, state: State) -> str:
        """Return where `state` is seen."""
        home = self.sites[state.site]
        if not state.of:
            return home + state.path
        with urlopen(f"{home}/api/search?q={quote(state.of)}") as answer:
            found = json.load(answer)["hits"]
        return home + state.path.format(id=found[0]["id"])

    def fetch(self, state: State) -> str:
        """Return the HTML of `state`, also where it tells of an error."""
        try:
            with urlopen(self.address(state)) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            return str(error.read().decode())


@contextmanager
def open_stage(essays: str, undated: str, empty: Path) -> Iterator[Stage]:
    """Add to two running servers those that are out of order; `empty` is a folder."""
    unbuilt, bug = create_app(empty), create_app(empty)
    bug.view_functions["pages.search_page"] = _fail
    with _serving(unbuilt) as nothing, _serving(bug) as broken:
        yield Stage({"essays": essays, "undated": undated, "unbuilt": nothing, "bug": broken})


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: what matters is what the browser saw."""


def _fail() -> str:
    raise ZeroDivisionError("a detail of ours")


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    """Serve `app` within this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
