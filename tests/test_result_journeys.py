"""Results as a visitor handles them in Chromium: bars, drawers, long facets, small screens."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import write_files
from conftest import serving
from playwright.sync_api import Browser, Locator, Page, expect
from visits import see_shifts

from searchapp.build import build

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """A fresh page with scripts on; any error on it fails the test."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def long_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over 90 pieces with a tag each, in three years."""
    folder = tmp_path_factory.mktemp("long")
    posts = {
        f"content/{i:02}.md": (
            f"---\ntitle: Piece {i:02}\ndate: {2020 + i % 3}-05-01\ntags: [all, subject {i:02}]\n"
            f"---\nWords of {i:02}: {'a_long_name_without_end_' * 9}\n"
        )
        for i in range(90)
    }
    content = write_files(folder, posts) / "content"
    build(content, folder / "index")
    with serving(content, folder / "index") as address:
        yield address


def heading(page: Page) -> Locator:
    return page.locator("h1")


def counted(page: Page) -> Locator:
    return page.locator(".counted")


def hits(page: Page) -> Locator:
    return page.locator(".hit h3 a")


# --- With scripts and without -------------------------------------------------------------------


def test_a_bar_chooses_its_year_and_a_month_of_it_and_both_go_again(
    page: Page, long_server: str
) -> None:
    page.set_viewport_size(WIDE)
    page.goto(long_server)
    page.get_by_role("link", name="2021, 30 pieces").click()
    expect(heading(page)).to_have_text("Pieces from 2021")
    expect(counted(page)).to_have_text(re.compile("^30 pieces"))

    page.get_by_role("link", name="2020, 30 pieces").click()
    expect(heading(page)).to_have_text("Pieces from 2020 or 2021")
    page.get_by_role("link", name="2021, 30 pieces, chosen").click()

    expect(heading(page)).to_have_text("Pieces from 2020")
    assert page.url.endswith("/?year=2020")


def test_bars_are_reached_and_followed_by_keyboard(page: Page, long_server: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto(long_server + "/?q=piece")
    first = page.locator(".bars a").first
    first.focus()
    expect(first.locator(".told")).to_be_in_viewport(ratio=0.9)  # who sees is told the count too
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("“piece” in pieces from 2021")


def test_a_value_far_down_is_found_in_the_drawer_of_a_narrow_screen(
    page: Page, long_server: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(long_server + "/?q=piece")
    page.get_by_text("Narrow these pieces").click()
    page.locator("#more-tag summary").click()
    page.get_by_label("Find in tag").fill("ct 77")
    page.get_by_label("Find in tag").press("Enter")

    page.locator(".value", has_text="subject 77").click()

    expect(counted(page)).to_have_text(re.compile("^1 piece"))
    expect(page.locator(".chosen")).to_have_text("1 chosen")
    expect(heading(page)).to_have_text("“piece” in pieces tagged subject 77")


def test_all_values_stand_on_a_page_from_a_to_z(page: Page, long_server: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto(long_server + "/?q=piece")
    page.locator("#more-tag summary").click()
    page.get_by_role("link", name="All 91 values of tag on a page").click()
    expect(heading(page)).to_have_text("Tag")
    page.get_by_role("link", name="name").click()
    expect(page.locator(".value")).to_have_count(91)
    page.get_by_role("link", name="Back to the pieces").click()

    expect(heading(page)).to_have_text("“piece”")


# --- What only scripts do ------------------------------------------------------------------------


def test_typing_finds_values_in_place_and_keeps_caret_and_pieces(
    scripted: Page, long_server: str
) -> None:
    scripted.goto(long_server + "/?q=piece")
    scripted.locator("#more-tag summary").click()
    box = scripted.get_by_label("Find in tag")
    box.press_sequentially("ct 8")

    expect(scripted.locator("#more-tag .value")).to_have_count(10)
    expect(box).to_be_focused()
    expect(scripted.locator("#more-tag [role=status]")).to_have_text("10 values with “ct 8”")
    assert scripted.locator("#more-tag ul > :not(li)").count() == 0
    assert scripted.url.endswith("/?q=piece")
    expect(heading(scripted)).to_have_text("“piece”")
    expect(scripted.locator("#status")).to_have_text("")

    scripted.locator("#more-tag .value").first.click()
    expect(counted(scripted)).to_have_text(re.compile("^1 piece"))


def test_a_bar_swaps_the_results_and_keeps_the_focus(scripted: Page, long_server: str) -> None:
    scripted.goto(long_server + "/?q=piece")
    scripted.evaluate("window.loadedOnce = true")

    scripted.locator("#year-bar-2021").press("Enter")

    expect(heading(scripted)).to_have_text("“piece” in pieces from 2021")
    expect(scripted.locator("#year-bar-2021")).to_be_focused()
    assert scripted.evaluate("window.loadedOnce") is True


# --- The look -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1280, 900), (800, 1000), (390, 844), (320, 640)])
@pytest.mark.parametrize("path", ["/", "/?q=grpo"])
def test_a_piece_is_seen_at_once_on_every_screen(
    path: str, size: tuple[int, int], scripted: Page, content_server: str
) -> None:
    scripted.set_viewport_size({"width": size[0], "height": size[1]})
    scripted.goto(content_server + path)

    expect(hits(scripted).first).to_be_in_viewport(ratio=0.9)


def test_a_first_screen_shows_several_results(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?q=training")

    seen = scripted.evaluate(
        """[...document.querySelectorAll('.hit h3')].filter(e =>
             e.getBoundingClientRect().bottom <= innerHeight).length"""
    )

    assert seen >= 4


def test_a_text_is_set_in_lines_that_are_easy_to_read(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")

    letters = scripted.evaluate(
        """(() => { const p = [...document.querySelectorAll('.prose p')]
             .sort((a, b) => b.textContent.length - a.textContent.length)[0];
           const line = parseFloat(getComputedStyle(p).lineHeight);
           return p.textContent.length / Math.round(p.getBoundingClientRect().height / line);
         })()"""
    )

    assert 45 <= letters <= 80


def test_a_title_stands_above_its_text_and_not_below(scripted: Page, content_server: str) -> None:
    for size in (WIDE, NARROW):
        scripted.set_viewport_size(size)
        scripted.goto(f"{content_server}/?q=attention")
        hits(scripted).first.click()
        scripted.wait_for_url("**/works/**")
        title, text = (
            heading(scripted).bounding_box(),
            scripted.locator(".e-content").bounding_box(),
        )
        assert title and text and title["y"] < text["y"]
        assert title["y"] < size["height"] / 2


def test_what_is_wide_scrolls_within_itself(scripted: Page, long_server: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 640})
    scripted.goto(long_server + "/?q=piece+07")
    scripted.locator(".hit h3 a").first.click()

    expect(scripted.locator(".e-content")).to_be_visible()
    assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth")


PAGES = ["/", "/?q=piece&year=2021", "/facets/tag/?q=piece", "/tags/all/", "/?q=xylophone"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_and_every_target_can_be_hit(
    path: str, scripted: Page, long_server: str
) -> None:
    scripted.goto(long_server + path)
    for width in (320, 390, 800, 1280, 1920):
        scripted.set_viewport_size({"width": width, "height": 900})
        assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        small = scripted.evaluate(
            """[...document.querySelectorAll('a, button, input, summary')].filter(e =>
                 e.checkVisibility() && e.type != 'hidden' && !e.closest('.skip, .note')
                 && (e.getBoundingClientRect().height < 24 || e.closest('.bars')
                     && e.getBoundingClientRect().width < 23.9)).map(e => e.outerHTML)"""
        )
        assert small == [], width


@pytest.mark.parametrize("path", ["/", "/?q=piece", "/tags/all/", "/facets/tag/"])
def test_nothing_moves_once_it_is_painted(path: str, scripted: Page, long_server: str) -> None:
    scripted.goto(long_server + path)

    assert sum(see_shifts(scripted)) == 0


def test_print_shows_the_pieces_without_what_cannot_be_pressed(
    scripted: Page, long_server: str
) -> None:
    scripted.goto(long_server + "/?q=piece")
    scripted.emulate_media(media="print")

    for away in (".search", ".narrow", ".sorts", ".pager", ".title-line nav", ".elsewhere"):
        expect(scripted.locator(away)).to_be_hidden()
    expect(hits(scripted).first).to_be_visible()


def test_with_forced_colours_bars_and_choices_are_still_seen(
    browser: Browser, long_server: str
) -> None:
    context = browser.new_context(forced_colors="active", viewport=WIDE)
    page = context.new_page()
    page.goto(long_server + "/?q=piece&year=2021")

    fills = page.evaluate(
        """[...document.querySelectorAll('#results .bars rect')]
             .map(e => getComputedStyle(e).fill)"""
    )
    page.context.close()

    assert len(set(fills)) == 2  # chosen and not


def test_the_drawing_of_the_site_stands_out_on_light_and_dark() -> None:
    static = Path(__file__).parent.parent / "searchapp" / "web" / "static"
    drawing = (static / "favicon.svg").read_text(encoding="utf-8")

    assert 'fill="#0b4a38" stroke="#f7f8f3"' in drawing  # dark, with a light edge around it
    assert len(drawing) < 1_000


def test_on_a_small_screen_a_tag_shows_a_piece_at_once_and_what_is_around_it_on_demand(
    page: Page, content_server: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(content_server + "/tags/reasoning/")
    expect(hits(page).first).to_be_in_viewport(ratio=0.9)

    page.get_by_text("Around this tag").click()
    page.locator(".goes-with").get_by_role("link", name="Chain of thought", exact=True).click()

    expect(heading(page)).to_have_text("Chain of thought")


def test_on_a_wide_screen_what_is_around_a_tag_is_open(page: Page, content_server: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto(content_server + "/tags/reasoning/")

    expect(page.locator(".goes-with")).to_be_visible()
    expect(page.get_by_text("Around this tag")).to_be_hidden()
