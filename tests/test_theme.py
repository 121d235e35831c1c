"""Light and dark, by the system or by choice, in a real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from html_reader import read_html
from playwright.sync_api import Browser, Page, expect

STATIC = Path(__file__).parent.parent / "searchapp" / "web" / "static"
NO_STORAGE = """Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('refused', 'SecurityError'); }
});"""
# What was painted first: the choice, and the colour of the paper, as soon as there is a body.
FIRST = """new MutationObserver(() => {
  if (!document.body || 'first' in window) return;
  const { backgroundColor } = getComputedStyle(document.body);
  window.first = [document.documentElement.dataset.theme, backgroundColor];
}).observe(document, { childList: true, subtree: true });"""
PAPER = {"light": "rgb(247, 248, 243)", "dark": "rgb(18, 24, 21)"}


@pytest.fixture(params=["light", "dark"])
def system(request: pytest.FixtureRequest) -> str:
    """What the visitor's system asks for."""
    return str(request.param)


@pytest.fixture
def themed(browser: Browser, system: str) -> Iterator[Page]:
    """A page on such a system; an error on it fails the test."""
    context = browser.new_context(color_scheme=system)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert errors == []


def painted(page: Page) -> dict[str, str]:
    """Return what a page is painted in, and what browser and form fields are told of it."""
    told: dict[str, str] = page.evaluate(
        """() => ({
          paper: getComputedStyle(document.body).backgroundColor,
          scheme: getComputedStyle(document.documentElement).colorScheme,
          bar: [...document.querySelectorAll('meta[name=theme-color]')]
            .find(meta => matchMedia(meta.media || 'all').matches).content,
        })"""
    )
    return told


def test_until_somebody_chooses_the_system_decides(
    themed: Page, system: str, content_server: str
) -> None:
    themed.goto(content_server)

    assert painted(themed)["paper"] == PAPER[system]
    expect(themed.get_by_label("Colours")).to_have_value("system")


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_a_choice_holds_on_every_page_from_the_first_paint_on(
    chosen: str, themed: Page, system: str, content_server: str
) -> None:
    themed.add_init_script(FIRST)
    themed.goto(content_server)
    themed.get_by_label("Colours").select_option(chosen)
    assert painted(themed)["paper"] == PAPER[chosen]

    for path in ("/", "/tags/map/", "/about/"):
        themed.goto(content_server + path)
        assert themed.evaluate("window.first") == [chosen, PAPER[chosen]]
        assert painted(themed)["scheme"] == chosen
        expect(themed.get_by_label("Colours")).to_have_value(chosen)

    themed.get_by_label("Colours").select_option("system")
    assert painted(themed)["paper"] == PAPER[system]
    themed.reload()
    assert painted(themed)["scheme"] == "light dark"


@pytest.mark.parametrize("chosen", ["system", "light", "dark"])
def test_the_browsers_bar_has_the_colour_of_the_paper(
    chosen: str, themed: Page, system: str, content_server: str
) -> None:
    themed.goto(content_server)
    themed.get_by_label("Colours").select_option(chosen)
    told = painted(themed)

    red, green, blue = (int(told["bar"][at : at + 2], 16) for at in (1, 3, 5))
    assert told["paper"] == f"rgb({red}, {green}, {blue})"


def test_a_browser_that_keeps_nothing_still_lets_choose(
    themed: Page, system: str, content_server: str
) -> None:
    themed.add_init_script(NO_STORAGE)
    themed.goto(content_server)
    other = "dark" if system == "light" else "light"

    themed.get_by_label("Colours").select_option(other)

    assert painted(themed)["paper"] == PAPER[other]


@pytest.mark.parametrize("path", ["/", "/tags/", "/about/", "/nonsense"])
def test_the_choice_is_read_behind_the_sheets_and_before_the_body(
    path: str, content_client: FlaskClient
) -> None:
    elements = read_html(content_client.get(path).text)
    (theme,) = [e for e in elements if e.tag == "script" and "theme.js" in (e.get("src") or "")]
    sheets = [e for e in elements if e.tag == "link" and e["rel"] == "stylesheet"]

    assert theme.attributes.keys() == {"src"}  # neither async nor defer
    after = elements[elements.index(theme) + 1 :]
    assert not any(sheet in after for sheet in sheets)
    assert "body" in [e.tag for e in after]
    assert all("defer" in e.attributes for e in after if e.tag == "script")


def test_every_sheet_says_dark_in_the_words_that_the_switch_knows() -> None:
    for sheet in STATIC.glob("*.css"):
        asked = re.findall(r"@media[^{]*prefers-color-scheme[^{]*", sheet.read_text("utf-8"))
        assert {query.strip() for query in asked} <= {"@media (prefers-color-scheme: dark)"}
