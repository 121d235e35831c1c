"""The search box on a page of another site: another origin, a strict policy, a real browser."""

import gzip
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from builders import write_files
from conftest import stop_clock
from flask import Flask, Response
from flask.testing import FlaskClient
from html_reader import find
from playwright.sync_api import Browser, Locator, Page, expect
from visits import AXE
from werkzeug.serving import make_server

from searchapp.build import build
from searchapp.web import create_app
from searchapp.web.embedding import FOLDER, load_box

ROOT = Path(__file__).parent.parent
NASTY = '<img src=x onerror="document.title = 1"> kites'
# Nothing but what /embed/ asks for; what a page may forbid besides is forbidden.
POLICY = (
    "default-src 'none'; script-src {origin}; connect-src {origin}; style-src 'self'; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>A blog</title>
<link rel="stylesheet" href="/style.css"><meta name="viewport" content="width=device-width">
<body><main><h1>A blog</h1>{line}<p>Words of the blog.</p></main></body></html>"""
STYLE = "html { color-scheme: light dark } body { font: 17px serif } searchapp-box { width: 20rem }"
VIOLATIONS = """document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});"""


@dataclass(frozen=True)
class Blog:
    """A blog at `address`, whose pages hold the box of the search at `search`."""

    address: str
    search: str


def line_of(search: str) -> str:
    """Return the line that /embed/ offers, as somebody would copy it."""
    with urlopen(f"{search}/embed/") as answer:
        page = answer.read().decode()
    shown = re.search(r'aria-label="The line to copy"><code>(.*?)</code>', page)
    assert shown
    return html.unescape(shown[1])


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """A blog and its search, each a server of its own; some posts have copies elsewhere."""
    folder = tmp_path_factory.mktemp("embedding")
    host = Flask("blog")
    blog_server = make_server("127.0.0.1", 0, host, threaded=True)
    address = f"http://127.0.0.1:{blog_server.server_port}"
    post = "---\ntitle: {0}\ndate: 2024-05-31\n{1}---\n\nKites fly on the shore & <b>beyond</b>.\n"
    files = {
        "sources.toml": f"""
            [hosts]
            "medium.example" = "Medium"
            [[source]]
            name = "Blog"
            kind = "markdown"
            path = "posts"
            url = "{address}"
            permalink = "/:slug/"
            [[source]]
            name = "Notes"
            kind = "markdown"
            path = "notes"
            [[source]]
            name = "Elsewhere"
            kind = "jsonl"
            path = "elsewhere.jsonl"
            """,
        "elsewhere.jsonl": '{"id": "m", "title": "Kites", "url": "https://medium.example/kites"}\n',
        "posts/first.md": post.format(
            "Kites of the north", "syndication: https://medium.example/kites\n"
        ),
        "posts/second.md": post.format("A kite's tail", ""),
        "notes/nasty.md": post.format(f"'{NASTY}'", ""),
    }
    build(write_files(folder / "content", files), folder / "index")
    search_server = make_server("127.0.0.1", 0, create_app(folder / "index"), threaded=True)
    search = f"http://127.0.0.1:{search_server.server_port}"

    @host.get("/style.css")
    def style() -> Response:
        return Response(STYLE, mimetype="text/css")

    @host.get("/<path:path>")
    @host.get("/", defaults={"path": ""})
    def page(path: str) -> Response:
        line = line_of(search)
        if path == "auf-deutsch/":
            words = 'label="Suche" button="Suchen" none="Nichts gefunden." filters="source=Notes"'
            line = line.replace("<searchapp-box>", f"<searchapp-box {words}>")
        text = PAGE.format(line=line, lang="de" if path == "auf-deutsch/" else "en")
        headers = {"Content-Security-Policy": POLICY.format(origin=search)}
        if path == "without-form-action/":
            headers = {}
        return Response(text, headers=headers)

    threads = [Thread(target=each.serve_forever) for each in (blog_server, search_server)]
    for thread in threads:
        thread.start()
    yield Blog(address, search)
    for server, thread in zip((blog_server, search_server), threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def visitor(scripted: Page) -> Page:
    """A page on which a violation of its policy fails the test, as any error does."""
    scripted.add_init_script(VIOLATIONS)
    return scripted


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Pieces found").get_by_role("option")


def status(page: Page) -> Locator:
    return page.locator("searchapp-box").get_by_role("status")


def answer_with(page: Page, hit: dict[str, object]) -> None:
    """Let every search find this one piece."""
    answer = {"total": 1, "hits": [hit]}
    open_to_all = {"Access-Control-Allow-Origin": "*"}
    page.route("**/api/search*", lambda route: route.fulfill(json=answer, headers=open_to_all))


# --- As it is sent -----------------------------------------------------------------------------


def test_it_is_one_script_of_less_than_five_kilobytes(content_client: FlaskClient) -> None:
    answer = content_client.get("/embed.js", headers={"Accept-Encoding": "gzip"})

    assert answer.mimetype == "text/javascript"
    assert len(answer.data) < 4_700
    for document in ("README.md", "docs/blogs.md"):
        said = (ROOT / document).read_text(encoding="utf-8")
        assert f"{len(answer.data) / 1000:.1f} kB as sent" in said
    assert gzip.decompress(answer.data) == load_box()


def test_pages_of_any_site_may_load_it_and_need_not_ask_each_time(
    content_client: FlaskClient,
) -> None:
    answer = content_client.get("/embed.js")
    again = content_client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert again.status_code == 304


def test_it_writes_no_html_no_inline_style_and_moves_nothing() -> None:
    script = (FOLDER / "box.js").read_text(encoding="utf-8")
    styles = (FOLDER / "box.css").read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|DOMParser|eval\(|cssText", script)
    assert not re.search(r'"style"|`', re.sub(r"`[^`\n]*`", "", script))
    assert not re.search(r"transition|animation|@import|url\(", styles)
    assert '"box.css"' not in load_box().decode()


def test_the_line_to_copy_holds_the_address_that_the_owner_states(
    scattered_client: FlaskClient,
) -> None:
    page = scattered_client.get("/embed/", base_url="http://localhost/blog").text
    line = html.unescape(page.split('aria-label="The line to copy"><code>')[1].split("<")[0])

    class Reader(HTMLParser):
        found: dict[str, dict[str, str | None]] = {}  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found[tag] = dict(attrs)

    Reader().feed(line)
    canonical = find(page, "link", rel="canonical")["href"]
    assert canonical and canonical.endswith("/blog/embed/")
    home = canonical.removesuffix("embed/")
    assert Reader.found["script"]["src"] == f"{home}embed.js"
    assert Reader.found["form"]["action"] == home
    assert "\n" not in line


def test_whatever_may_be_set_is_told_on_its_page_and_in_the_documents(
    content_client: FlaskClient,
) -> None:
    script = (FOLDER / "box.js").read_text(encoding="utf-8")
    styles = (FOLDER / "box.css").read_text(encoding="utf-8")
    texts = re.findall(r"^    (\w+): \"", script.split("TEXTS = {")[1].split("};")[0], re.MULTILINE)
    names = {*texts, *re.findall(r'getAttribute\("(\w+)"', script)}
    names |= {*re.findall(r"--searchapp-\w+", styles), *re.findall(r'part: "(\w+)"', script)}
    assert len(names) > 20

    page = content_client.get("/embed/").text
    documented = (ROOT / "docs" / "blogs.md").read_text(encoding="utf-8")

    assert [name for name in names if not re.search(rf"<code>{name}[<=]", page)] == []
    assert [name for name in names if not re.search(rf"`{name}[`=]", documented)] == []


def test_the_api_page_leads_to_it(content_client: FlaskClient) -> None:
    assert 'href="/embed/"' in content_client.get("/api/").text


# --- On a page of another site -----------------------------------------------------------------


def test_by_keys_alone_a_post_is_found_under_a_strict_policy(visitor: Page, blog: Blog) -> None:
    visitor.goto(blog.address)
    visitor.keyboard.press("Tab")
    expect(box(visitor)).to_be_focused()
    visitor.keyboard.insert_text("kites nor")
    expect(options(visitor)).to_have_count(2)

    expect(box(visitor)).to_have_attribute("aria-expanded", "true")
    for key, chosen in (("ArrowDown", "option0"), ("ArrowUp", ""), ("ArrowUp", "option1"),
                        ("Home", "option0"), ("End", "option1"), ("ArrowLeft", ""),
                        ("ArrowDown", "option0")):  # fmt: skip
        visitor.keyboard.press(key)
        expect(box(visitor)).to_have_attribute("aria-activedescendant", chosen)
        expect(visitor.locator("[aria-selected=true]")).to_have_count(1 if chosen else 0)
        expect(box(visitor)).to_have_value("kites nor")
    visitor.keyboard.press("Enter")

    visitor.wait_for_url(f"{blog.address}/first/")


def test_the_first_escape_closes_the_second_empties_and_tab_goes_on(
    visitor: Page, blog: Blog
) -> None:
    visitor.goto(blog.address)
    box(visitor).fill("kite")
    expect(options(visitor)).to_have_count(4)

    visitor.keyboard.press("Escape")
    expect(options(visitor)).to_have_count(0)
    expect(box(visitor)).to_have_value("kite")
    visitor.keyboard.press("Escape")
    expect(box(visitor)).to_have_value("")
    visitor.keyboard.insert_text("kite")
    expect(options(visitor)).to_have_count(4)
    visitor.keyboard.press("Tab")

    expect(options(visitor)).to_have_count(0)
    expect(visitor.get_by_role("button", name="Search")).to_be_focused()


def test_a_screen_reader_hears_what_it_is_and_how_much_was_found(visitor: Page, blog: Blog) -> None:
    visitor.goto(blog.address)
    expect(visitor.get_by_role("combobox", name="Search", expanded=False)).to_be_visible()
    box(visitor).fill("kites north")

    expect(visitor.locator("searchapp-box")).to_match_aria_snapshot(
        """
        - search "Search":
          - combobox "Search" [expanded]: kites north
          - button "Search"
          - listbox "Pieces found":
            - option /^Kites of the north Kites fly .* Blog · 2024 · also on Medium$/
            - option "All that was found 1"
          - status: 1 of 1 pieces
        """
    )


def test_it_leads_to_the_place_that_is_on_the_readers_site(visitor: Page, blog: Blog) -> None:
    places = [
        {"url": "https://medium.example/a", "source": "Medium", "title": "A", "date": None},
        {"url": f"{blog.address}/a/", "source": "Blog", "title": "A", "date": None},
    ]
    hit = {"id": "0" * 12, "title": "A", "url": places[0]["url"], "source": "Medium",
           "date": None, "language": "en", "snippet": "", "places": places}  # fmt: skip
    answer_with(visitor, hit)
    visitor.goto(blog.address)
    box(visitor).fill("a")

    expect(options(visitor).first).to_have_attribute("href", f"{blog.address}/a/")
    expect(options(visitor).first.locator(".where")).to_have_text("Blog · also on Medium")


def test_what_is_html_in_titles_and_texts_is_shown_as_text_and_matches_are_marked(
    visitor: Page, blog: Blog
) -> None:
    visitor.goto(blog.address)
    box(visitor).fill("img")

    first = options(visitor).first
    expect(first.locator(".title")).to_have_text(NASTY)
    box(visitor).fill("shore")
    expect(first.locator("mark")).to_have_text(["shore"])
    expect(first.locator(".snippet")).to_contain_text("the shore & ")
    assert visitor.locator("searchapp-box img").count() == 0
    assert visitor.title() == "A blog"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//[", None])
def test_an_answer_never_leads_where_no_link_may_go(
    address: str | None, visitor: Page, blog: Blog
) -> None:
    place = {"url": address, "source": "<b>", "title": "A", "date": None}
    hit = {"id": "../x", "title": "A", "url": address, "source": "<b>", "date": None,
           "language": "en", "snippet": "<mark>a</mark><i>&lt;", "places": [place]}  # fmt: skip
    answer_with(visitor, hit)
    visitor.goto(blog.address)
    box(visitor).fill("a")

    expect(options(visitor).first).to_have_attribute("href", f"{blog.search}/works/..%2Fx/")
    expect(options(visitor).first.locator(".snippet")).to_have_text("a<i><")


def test_enter_without_a_choice_opens_the_search_page_whatever_forms_may_do(
    visitor: Page, blog: Blog
) -> None:
    visitor.goto(blog.address)
    box(visitor).fill("kite & tail")
    visitor.keyboard.press("Enter")

    visitor.wait_for_url(f"{blog.search}/?q=kite+%26+tail")


def test_a_server_that_is_slow_is_waited_for_and_then_told(visitor: Page, blog: Blog) -> None:
    visitor.clock.install()
    visitor.route("**/api/search*", lambda route: None)
    visitor.goto(blog.address)
    stop_clock(visitor)
    with visitor.expect_request("**/api/search*"):
        box(visitor).fill("kite")
        visitor.clock.run_for(200)
    expect(status(visitor)).to_have_text("")

    visitor.clock.run_for(1_000)
    expect(status(visitor)).to_have_text("Searching…")
    expect(status(visitor)).to_have_class("note")
    visitor.clock.run_for(9_000)

    expect(status(visitor)).to_have_text("The search does not answer. Enter tries its own page.")
    visitor.keyboard.press("Escape")
    expect(status(visitor)).to_have_text("")
    expect(box(visitor)).to_have_value("kite")


@pytest.mark.parametrize("how", ["gone", "broken", "strange"])
def test_a_server_that_fails_is_told_calmly_and_asked_again(
    how: str, browser: Browser, blog: Blog
) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    answers: dict[str, Callable[..., None]] = {
        "gone": lambda route: route.abort(),
        "broken": lambda route: route.fulfill(status=503, json={"title": "No"}),
        "strange": lambda route: route.fulfill(
            json=["words"], headers={"Access-Control-Allow-Origin": "*"}
        ),
    }
    page.route("**/api/search*", answers[how])
    page.goto(blog.address)
    box(page).fill("kite")
    expect(status(page)).to_have_text("The search does not answer. Enter tries its own page.")
    expect(status(page)).to_be_visible()

    page.unroute("**/api/search*")
    box(page).fill("kites")

    expect(options(page).first).to_be_visible()
    assert errors == []
    page.context.close()


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "script not reached"])
def test_without_it_the_form_between_its_tags_searches(
    scripts: bool, browser: Browser, blog: Blog
) -> None:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.route("**/embed.js", lambda route: route.abort())
    page.goto(f"{blog.address}/without-form-action/")
    page.get_by_role("searchbox", name="Search").fill("kites")
    page.get_by_role("button", name="Search").click()

    page.wait_for_url(f"{blog.search}/?q=kites")
    page.context.close()


def test_what_is_typed_is_no_key_of_the_page(visitor: Page, blog: Blog) -> None:
    visitor.goto(blog.address)
    visitor.evaluate(
        """() => {
          window.keys = '';
          document.addEventListener('keydown', (event) => { window.keys += event.key; });
        }"""
    )
    box(visitor).press_sequentially("j/")
    visitor.keyboard.press("Control+k")

    assert visitor.evaluate("window.keys") == "Controlk"


def test_it_speaks_the_pages_language_and_searches_only_what_it_is_to(
    visitor: Page, blog: Blog
) -> None:
    visitor.goto(f"{blog.address}/auf-deutsch/")
    search = visitor.get_by_role("combobox", name="Suche")
    search.fill("kites")
    expect(options(visitor)).to_have_count(2)
    expect(options(visitor).first.locator(".title")).to_have_text(NASTY)

    search.fill("north")
    expect(status(visitor)).to_have_text("Nichts gefunden.")
    visitor.get_by_role("button", name="Suchen").click()
    visitor.wait_for_url(f"{blog.search}/?q=north&source=Notes")


def test_an_input_method_composes_in_peace(visitor: Page, blog: Blog) -> None:
    visitor.clock.install()
    visitor.goto(blog.address)
    stop_clock(visitor)
    asked: list[str] = []
    visitor.on("request", lambda r: asked.append(r.url) if "/api/search" in r.url else None)
    box(visitor).focus()
    keyboard = visitor.context.new_cdp_session(visitor)
    for part in ("k", "ki"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
        visitor.clock.run_for(500)
    assert asked == []

    keyboard.send("Input.insertText", {"text": "kite"})
    with visitor.expect_response("**/api/search*"):
        visitor.clock.run_for(500)

    expect(options(visitor)).to_have_count(4)
    assert len(asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_either_colours_and_nothing_moves_sideways(
    scheme: str, browser: Browser, blog: Blog
) -> None:
    size = {"width": 360, "height": 640}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(blog.address)
    box(page).fill("kite")
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found = page.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => "
                          "[id, ...nodes.map(({ html }) => html)]))")  # fmt: skip

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    paper = page.evaluate("getComputedStyle(document.querySelector('searchapp-box').shadowRoot"
                          ".getElementById('list')).backgroundColor")  # fmt: skip
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    context.close()


def test_our_own_page_tries_it(scripted: Page, blog: Blog) -> None:
    scripted.goto(f"{blog.search}/embed/")
    tried = scripted.get_by_role("combobox", name="Search box to try")
    tried.fill("kites north")

    expect(options(scripted)).to_have_count(2)


def test_a_page_whose_own_colours_have_our_names_lost_the_frames(
    scripted: Page, blog: Blog
) -> None:
    scripted.goto(f"{blog.search}/embed/")  # says `--searchapp-ink: var(--ink)`, as a blog may
    field = scripted.get_by_role("combobox", name="Search box to try")

    expect(field).to_have_css("border-top-width", "1px")
    expect(field).to_have_css("border-top-style", "solid")
