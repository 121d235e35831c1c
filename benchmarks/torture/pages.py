"""Proof "pages": what a hostile writer or visitor sends never runs, loads or handles anything.

    hostile entries --build--> index --app--> Chromium: every page, list, tag, facet, feed, partial
                                      |
                                      +--the same without the policy's header--> the same again

A browser without a content security policy has only our cleaning and escaping to go by. What
waits for a hand is found too: handlers, addresses that run, forms and attributes of htmx. Forty
pages are shown at once, in frames, which is the one thing that the policy is opened for.
"""

import json
import random
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.torture.actors import Plant, start_build
from benchmarks.torture.hostile_markup import (
    BROKEN,
    VECTORS,
    as_lines,
    write_documents,
    write_pages,
    write_queries,
)
from benchmarks.torture.looking import FIND_STRAYS, NOTE_VIOLATIONS, SHOW, TYPE
from benchmarks.torture.proof import Finding, Proof, trials
from searchapp import open_index
from searchapp.engine import Index
from searchapp.fields import FACETS
from searchapp.web import create_app
from tests.chromium import FLAGS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

DOCUMENTS = 2_000
QUERIES = 600
IN_HTML = 10  # every tenth document is a page in HTML
POLICY = "content-security-policy"
FRAMES = "/frames"
AT_ONCE = 40
A_FEW = 30  # queries: with fewer, lists and documents are shown by their share
TOML = (
    '[site]\ntitle = "Hostile </title><img src=x onerror=alert(1)>"\n'
    'description = "\\"><script>alert(1)</script>"\nauthor = "<svg onload=alert(1)>"\n'
    '[[source]]\nname = "lines"\nkind = "jsonl"\npath = "lines.jsonl"\ndedup = false\n'
    'site = "Lines <img src=x onerror=alert(1)>"\n'
    '[[source]]\nname = "pages"\nkind = "html"\npath = "pages"\ndedup = false\n'
)


def write_hostile(content: Path, number: int) -> None:
    """Write so many hostile entries: lines in JSON with Markdown, pages in HTML, about.md."""
    (content / "pages").mkdir(parents=True)
    (content / "sources.toml").write_text(TOML)
    pages = max(1, number // IN_HTML)
    (content / "lines.jsonl").write_text(as_lines(write_documents(number - pages)))
    for n, page in enumerate(write_pages(pages)):
        (content / "pages" / f"page-{n}.html").write_text(page)
    (content / BROKEN).write_bytes(b"no picture")
    (content / "about.md").write_text("# About\n\n" + "\n\n".join(VECTORS))


def with_policy(app: WSGIApplication, *, kept: bool) -> WSGIApplication:
    """Return the app, its policy opened for frames of its own or left out, and a page for them."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told = [
                (name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'"))
                for name, value in headers
                if kept or name.lower() != POLICY
            ]
            return start(status, told, *more)

        if environ["PATH_INFO"] == FRAMES:
            start("200 OK", [("Content-Type", "text/html")])
            return [b"<!doctype html><title>Frames</title>"]
        return app(environ, begin)

    return answer


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the table clean."""


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve an app on a free port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Seen:
    """What a browser did that it should not have, with where; and how much it was shown."""

    address: str
    shown: int = 0
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def watch(self, page: "Page") -> None:
        """Note dialogs and requests of a page."""

        def note_dialog(dialog: Any) -> None:
            self.dialogs.append(f"{page.url}: {dialog.message}")
            dialog.dismiss()

        def note_request(request: Any) -> None:
            if not request.url.startswith((self.address, "data:", "about:", "chrome")):
                self.requests.append(f"{page.url}: {request.url}")

        page.on("dialog", note_dialog)
        page.on("request", note_request)
        page.add_init_script(NOTE_VIOLATIONS)

    def look(self, page: "Page | Frame") -> None:
        """Note what stands in the page, and what its policy told."""
        self.shown += 1
        found = page.evaluate(FIND_STRAYS)
        where = page.url.removeprefix(self.address)[:120]
        self.strays += [f"{where}: {stray}" for stray in found["strays"]]
        self.violations += [f"{where}: {told}" for told in found["violations"]]


def prove_pages(
    scale: float, folder: Path, plant: Plant | None = None, browser: "Browser | None" = None
) -> Iterator[Finding]:
    """Show hostile documents and queries in Chromium, with the policy and without it."""
    content, index = folder / "content", folder / "index"
    number = trials(DOCUMENTS, scale, least=4)
    queries = list(write_queries(trials(QUERIES, scale, least=3)))
    write_hostile(content, number)
    built = start_build(content, index, plant=plant)
    code = built.end()
    opened = open_index(index)
    yield Finding("hostile documents that are pieces by now", f"{number}",
                  f"{opened.search().total}, exit code {code}",
                  opened.search().total == number)  # fmt: skip
    app = create_app(index, content)
    with _opened(browser) as chromium:
        for name, kept in (("with the policy", True), ("without it", False)):
            with serving(with_policy(app, kept=kept)) as address:
                seen = _show_all(chromium, address, opened, queries, random.Random(8))
            yield from _tell(name, seen, len(queries))


def _tell(name: str, seen: Seen, queries: int) -> Iterator[Finding]:
    yield Finding(f"{name}: pages shown in Chromium, answers of {queries} queries among them",
                  "all", f"{seen.shown}, {len(seen.failed)} failed {seen.failed[:2] or ''}".strip(),
                  not seen.failed)  # fmt: skip
    for what, faults in (
        ("dialogs", seen.dialogs), ("requests to elsewhere", seen.requests),
        ("stray handlers, scripts, forms, addresses", seen.strays),
        ("what the policy had to stop", seen.violations),
    ):  # fmt: skip
        told = f"{len(faults)} {faults[:3] or ''}".strip()
        yield Finding(f"{name}: {what}", "0", told, not faults)


@contextmanager
def _opened(browser: "Browser | None") -> "Iterator[Browser]":
    if browser:
        yield browser
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield opened
        opened.close()


def _show_all(
    browser: "Browser", address: str, index: Index, queries: Sequence[str], chance: random.Random
) -> Seen:
    """Show every page in one context, and what programs are given in a page without policy."""
    seen = Seen(address)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen.watch(page)
    share = min(1.0, len(queries) / A_FEW)
    _frame(page, [*_pieces(index), *_some(list(_paths(index, queries, chance)), share)], seen)
    for path in _some(list(_documents(queries)), share):
        try:
            page.goto(address + path, wait_until="load", timeout=30_000)
            seen.look(page)
        except Exception as error:  # the proof goes on, and tells it
            if "ERR_ABORTED" not in str(error) and "Download" not in str(error):
                seen.failed.append(f"{path[:80]}: {str(error)[:80]}")
    _swap_partials(page, address, queries, seen)
    _type(page, address, queries[:: max(2, len(queries) // 60)], seen)
    _read_as_programs(page, address, queries, seen)
    context.close()
    return seen


def _frame(page: "Page", paths: Sequence[str], seen: Seen) -> None:
    """Show pages in frames, some at once, and look into each."""
    for at in range(0, len(paths), AT_ONCE):
        page.goto(seen.address + FRAMES)
        late = page.evaluate(SHOW, paths[at : at + AT_ONCE])
        seen.failed += [f"{path[:80]} did not load" for path in late]
        for frame in page.frames[1:]:
            try:
                seen.look(frame)
            except Exception as error:
                seen.failed.append(f"{frame.url[:80]}: {str(error)[:80]}")


def _some(paths: Sequence[str], share: float) -> Sequence[str]:
    """Return that share of the addresses, spread over all of them."""
    return paths[:: max(1, round(1 / share))]


def _pieces(index: Index) -> Iterator[str]:
    """Yield the address of every piece, and of the page about us."""
    for hit in index.search(limit=100_000, snippets=False).hits:
        yield f"/works/{hit.id}/"
    yield "/about/"


def _paths(index: Index, queries: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the address of every other page: lists, tags, facets, queries, what is missing."""
    everything = index.search(limit=100_000, snippets=False)
    for page in range(1, len(everything.hits) // 10 + 2):
        yield f"/?page={page}"
    yield from ("/tags/", "/tags/map/", "/api/")
    for facet in FACETS:
        yield f"/facets/{facet.name}/"
    slugs = [value.value for value in everything.facets.get("tag", ())]
    for slug in slugs[: len(queries) // 4 + 3]:
        yield f"/tags/{quote(slug)}/"
        yield f"/tags/{quote(slug)}+{quote(chance.choice(slugs))}/"
    for at, query in enumerate(queries):
        yield f"/?{query}"
        if at % 6 == 0:
            yield f"/tags/?{query}"
            yield f"/facets/tag/?find={query.partition('=')[2]}"
        if at % 20 == 0:
            vector = quote(chance.choice(VECTORS), safe="")
            yield from (f"/{vector}", f"/tags/{vector}/", f"/works/{vector}/", f"/facets/{vector}/")


def _documents(queries: Sequence[str]) -> Iterator[str]:
    """Yield the addresses of what is no page, which a browser shows all the same."""
    yield from ("/feed.atom", "/feed.json", "/opensearch.xml", "/sitemap.xml", "/sitemap-1.xml",
                "/api/tags", "/robots.txt", "/works/")  # fmt: skip
    for query in queries[::15]:
        yield f"/api/search?{query}"
        yield f"/feed.atom?{query}"


def _swap_partials(page: "Page", address: str, queries: Sequence[str], seen: Seen) -> None:
    """Let htmx put the answer of every query into a page of results."""
    page.goto(f"{address}/?q=piece1", wait_until="load")
    for query in queries:
        target = f"/?{query}"
        page.evaluate("to => htmx.ajax('GET', to, {target: '#results', swap: 'outerHTML'})", target)
        seen.look(page)


def _type(page: "Page", address: str, queries: Sequence[str], seen: Seen) -> None:
    """Type queries into the box, for what is suggested and swapped meanwhile."""
    page.goto(f"{address}/?q=piece1", wait_until="load")
    words = ["img", "piece1", "alert", "script", "<", "page"]
    for typed in (*words[: len(queries)], *(query.partition("=")[2] for query in queries)):
        page.evaluate(TYPE, typed)
        seen.look(page)


def _read_as_programs(page: "Page", address: str, queries: Sequence[str], seen: Seen) -> None:
    """Show what API and feeds call HTML in a page of somebody's, which has no policy."""
    shown: list[str] = []
    for query in ("", "&q=word1", *(f"&{query}" for query in queries[::10])):
        answer = page.request.get(f"{address}/api/search?limit=100{query}")
        if answer.ok:
            shown += [hit["snippet"] for hit in answer.json()["hits"]]
        with suppress(json.JSONDecodeError):
            feed = page.request.get(f"{address}/feed.json?{query}").json()
            shown += [entry.get("content_html", "") for entry in feed.get("items", ())]
    page.goto("about:blank")
    for at in range(0, len(shown), 50):
        parts = "".join(f"<div class=prose>{html}</div>" for html in shown[at : at + 50])
        page.evaluate("html => { document.body.innerHTML = html }", parts)
        page.wait_for_timeout(20)
        seen.look(page)


PROOF = Proof("pages", prove_pages)
