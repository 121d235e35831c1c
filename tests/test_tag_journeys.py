"""Ways from tag to tag in a real Chromium, with scripts and without, wide and narrow."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """A page with scripts, for what only they do."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [e for e in errors if not e.startswith(("htmx:afterRequest", "htmx:sendAbort"))] == []


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def address(page: Page) -> str:
    parts = urlsplit(page.url)
    return parts.path + ("?" + parts.query if parts.query else "")


def open_what_is_around(page: Page) -> None:
    """Open the drawer that holds it on small screens."""
    drawer = page.locator("#around > summary")
    if drawer.is_visible() and page.locator("#around").get_attribute("open") is None:
        drawer.click()


def test_one_can_wander_from_tag_to_tag_to_both_and_back_to_each(
    page: Page, content_server: str
) -> None:
    page.goto(content_server + "/tags/")
    page.locator(".tag-index").get_by_role("link", name=re.compile("^Agents")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agents")

    open_what_is_around(page)
    both = page.locator(".goes-with li").filter(has_text="Tool use").locator(".both")
    told = both.inner_text().split()[0]
    both.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Agents + Tool use")
    assert page.locator(".counted").inner_text().startswith(f"{told} piece")
    assert len(page.locator(".hit").all()) == int(told)
    open_what_is_around(page)
    page.locator(".about-tag").get_by_role("link", name=re.compile("^Tool use")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tool use")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agents + Tool use")


def test_a_tag_is_found_by_typing_and_enter(page: Page, content_server: str) -> None:
    page.goto(content_server + "/tags/")
    page.get_by_label("Find a tag").fill("RL")
    page.get_by_label("Find a tag").press("Enter")

    first = page.locator("#tag-list a.value").first
    expect(first).to_have_text(re.compile("Reinforcement learning"))
    assert address(page) == "/tags/?q=RL"
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reinforcement learning")


def test_from_the_map_to_a_tag_and_to_a_random_piece(page: Page, content_server: str) -> None:
    page.goto(content_server + "/tags/")
    page.get_by_role("link", name="Map of the tags").click()
    page.locator(".map").get_by_role("link", name=re.compile("^Agents")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agents")
    titles = page.locator(".hit h3").all_inner_texts()

    open_what_is_around(page)
    page.get_by_role("link", name="A random piece").click()

    expect(page.locator("article.piece")).to_be_visible()
    assert heading(page) in [title.rstrip("\u2060↗ ") for title in titles]


def test_a_tag_that_is_not_there_is_no_dead_end(page: Page, content_server: str) -> None:
    page.on("console", lambda said: None)
    response = page.request.get(content_server + "/tags/agnets/")
    assert response.status == 404
    page.set_content(response.text())

    assert (
        page.get_by_role("link", name=re.compile("^Agents")).get_attribute("href")
        == "/tags/agents/"
    )


def test_searching_on_a_tags_page_stays_within_the_tag(page: Page, content_server: str) -> None:
    page.goto(content_server + "/tags/agents/")
    open_what_is_around(page)
    page.get_by_role("link", name="Search within").click()
    expect(page.locator("#words")).to_be_focused()

    page.keyboard.type("tool")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("“tool” in pieces tagged Agents")


def test_the_letters_lead_to_their_places_by_keyboard(page: Page, content_server: str) -> None:
    page.goto(content_server + "/tags/?sort=title")
    letter = page.get_by_role("navigation", name="Letters").get_by_role(
        "link", name="R", exact=True
    )
    letter.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="R", exact=True)).to_be_in_viewport()


PAGES = ["/tags/agents/", "/tags/agents+tool-use/", "/tags/map/", "/tags/?q=re", "/tags/?q=agnets"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_tags_scrolls_sideways_and_every_target_can_be_hit(
    path: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + path)
    for width in (320, 360, 768, 1280, 1920):
        scripted.set_viewport_size({"width": width, "height": 900})
        assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        small = scripted.evaluate(
            """[...document.querySelectorAll('a, button, input, summary')].filter(e =>
                 e.checkVisibility() && e.type != 'hidden'
                 && !e.closest('.prose, h3, .skip, .note, .alias, .lead, .eyebrow')
                 && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
        )
        assert small == [], width


# --- What only scripts do -----------------------------------------------------------------------


def test_typing_finds_tags_at_once_and_keeps_the_caret(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/tags/")
    scripted.evaluate("window.loadedOnce = true")
    length = scripted.evaluate("history.length")

    scripted.get_by_label("Find a tag").press_sequentially("reason")

    expect(scripted.get_by_role("status")).to_have_text("2 tags with “reason”")
    assert scripted.locator("#tag-list a.value .label").all_inner_texts() == [
        "Reasoning", "Reinforcement learning for reasoning tasks",
    ]  # fmt: skip
    expect(scripted.get_by_label("Find a tag")).to_be_focused()
    assert scripted.evaluate("window.loadedOnce") is True
    assert scripted.evaluate("history.length") == length
    assert address(scripted) == "/tags/?q=reason"

    scripted.get_by_label("Find a tag").press("Escape")

    expect(scripted.get_by_role("status")).to_have_text("44 tags")


def test_going_back_to_the_list_shows_what_was_found(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/tags/")
    scripted.get_by_label("Find a tag").press_sequentially("reason")
    expect(scripted.get_by_role("status")).to_have_text("2 tags with “reason”")
    scripted.locator("#tag-list a.value").first.click()
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Reasoning")

    scripted.go_back()

    expect(scripted.locator("#tag-list a.value")).to_have_count(2)


def test_the_box_says_within_what_it_searches_after_each_choice(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    box = scripted.locator("#words")
    expect(box).to_have_attribute("placeholder", "Search titles, tags and texts")

    scripted.locator("a.value[id='tag-agents']").click()
    expect(box).to_have_attribute("placeholder", "Search in Agents")
    scripted.get_by_role("link", name="Remove filter tag: Agents").click()

    expect(box).to_have_attribute("placeholder", "Search titles, tags and texts")
