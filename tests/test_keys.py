"""The page by keys alone, in Chromium: to the box, through the hits, and the list of keys."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect


def box(page: Page) -> Locator:
    return page.get_by_label("Search the pieces")


def headlines(page: Page) -> Locator:
    return page.locator(".hit h3 a")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keys")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, as who has no pointer does."""
    for _ in range(300):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def test_search_filter_open_and_back_by_keys_alone(page: Page, content_server: str) -> None:
    page.goto(content_server)
    has_scripts = page.locator(":root[data-theme]").count() == 1
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the search box")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()

    page.keyboard.type("grpo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“grpo”")
    if has_scripts:
        expect(box(page)).to_be_focused()

    value = page.locator("[id='tag-reinforcement-learning']")
    drawer = page.locator("#drawer > summary")
    if drawer.is_visible():  # where the screen is narrow
        tab_to(page, drawer)
        page.keyboard.press("Enter")
    tab_to(page, value)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "“grpo” in pieces tagged Reinforcement learning"
    )
    if has_scripts:
        expect(value).to_be_focused()

    first = headlines(page).first
    title = first.inner_text()
    tab_to(page, first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)

    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    if has_scripts:
        expect(first).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("“grpo”")
    if has_scripts:
        expect(value).to_be_focused()


def test_skip_links_lead_past_the_masthead_to_the_pieces(page: Page, content_server: str) -> None:
    page.goto(content_server + "/?q=grpo")
    tab_to(page, page.get_by_role("link", name="Skip to the pieces"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('.pieces') !== null")


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
@pytest.mark.parametrize("path", ["/?q=grpo", "/about/"])
def test_a_key_leads_to_the_box_from_anywhere(
    key: str, path: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + path)
    words = box(scripted).input_value()

    scripted.keyboard.press(key)

    expect(box(scripted)).to_be_focused()
    expect(box(scripted)).to_have_value(words)
    assert scripted.evaluate("String(getSelection())") == words


def test_where_one_types_or_chooses_a_key_is_what_it_always_is(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/tags/")
    find = scripted.get_by_label("Find a tag")
    for other in (find, scripted.get_by_label("Colours"), scripted.get_by_role("button").first):
        for key in ("/", "?", "Control+k"):
            other.focus()
            scripted.keyboard.press(key)
            expect(other).to_be_focused()
            expect(dialog(scripted)).to_be_hidden()
    expect(find).to_have_value("/?")
    scripted.evaluate(
        """const note = document.createElement('p');
        note.contentEditable = 'true'; note.id = 'note'; document.body.append(note)"""
    )
    scripted.locator("#note").focus()
    scripted.keyboard.press("/")
    expect(scripted.locator("#note")).to_have_text("/")


@pytest.mark.parametrize("key", ["Alt+/", "Control+/", "Control+Shift+k", "Control+Alt+k", "k"])
def test_with_other_keys_held_it_is_another_key(
    key: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/about/")

    scripted.keyboard.press(key)

    expect(box(scripted)).not_to_be_focused()


def test_arrows_lead_from_the_box_through_the_hits_and_back(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?q=grpo")
    box(scripted).focus()
    for number in (0, 1, 2):
        scripted.keyboard.press("ArrowDown")
        expect(headlines(scripted).nth(number)).to_be_focused()
        expect(headlines(scripted).nth(number)).to_be_in_viewport()
    scripted.keyboard.press("Tab")  # to a link of the same hit
    scripted.keyboard.press("ArrowDown")
    expect(headlines(scripted).nth(3)).to_be_focused()
    for number in (2, 1, 0):
        scripted.keyboard.press("ArrowUp")
        expect(headlines(scripted).nth(number)).to_be_focused()
    scripted.keyboard.press("ArrowUp")
    expect(box(scripted)).to_be_focused()
    scripted.keyboard.press("ArrowDown")

    scripted.keyboard.press("Escape")

    expect(box(scripted)).to_be_focused()
    expect(box(scripted)).to_have_value("grpo")


def test_past_the_last_suggestion_lie_the_hits(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    box(scripted).fill("rei")
    options = scripted.get_by_role("option", disabled=False).and_(
        scripted.locator("#suggestions *")
    )
    expect(options).to_have_count(3)
    expect(scripted.locator("#results")).to_have_attribute("data-words", "rei")

    for _ in range(4):
        scripted.keyboard.press("ArrowDown")

    expect(headlines(scripted).first).to_be_focused()
    expect(scripted.get_by_role("listbox", name="Suggestions")).to_be_hidden()


@pytest.mark.parametrize(("key", "words"), [("x", "grpox"), ("4", "grpo4"), ("Backspace", "grp")])
def test_a_letter_typed_at_a_hit_goes_on_in_the_box(
    key: str, words: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?q=grpo")
    headlines(scripted).nth(1).focus()

    scripted.keyboard.press(key)

    expect(box(scripted)).to_be_focused()
    expect(box(scripted)).to_have_value(words)
    expect(scripted.locator("#results")).to_have_attribute("data-words", words)


def test_the_list_of_keys_opens_reads_and_closes(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?q=grpo")
    headlines(scripted).first.focus()

    scripted.keyboard.press("?")

    expect(dialog(scripted)).to_be_visible()
    expect(dialog(scripted)).to_contain_text("to the search box")
    assert scripted.evaluate("document.activeElement.closest('dialog') !== null")
    scripted.keyboard.press("/")
    assert scripted.evaluate("document.activeElement.closest('dialog') !== null")
    scripted.keyboard.press("Escape")
    expect(dialog(scripted)).to_be_hidden()
    expect(headlines(scripted).first).to_be_focused()
    scripted.keyboard.press("?")
    dialog(scripted).get_by_role("button", name="Close").click()
    expect(dialog(scripted)).to_be_hidden()


def test_the_list_of_keys_is_reached_in_the_foot_of_every_page(
    page: Page, content_server: str
) -> None:
    for path in ("/", "/about/", "/tags/", "/tags/agents/"):
        page.goto(content_server + path)
        page.locator("#keys summary").click()
        expect(page.locator(".foot").get_by_text("to the search box")).to_be_visible()


def test_keys_of_a_single_sign_can_be_switched_off_for_good(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    scripted.keyboard.press("?")
    dialog(scripted).get_by_role("checkbox").uncheck()
    scripted.keyboard.press("Escape")
    scripted.goto(content_server + "/about/")

    scripted.keyboard.press("/")
    scripted.keyboard.press("?")
    expect(box(scripted)).not_to_be_focused()
    expect(dialog(scripted)).to_be_hidden()
    scripted.keyboard.press("Control+k")
    expect(box(scripted)).to_be_focused()
    scripted.locator("#keys summary").click()
    expect(scripted.locator(".foot").get_by_role("checkbox")).not_to_be_checked()
    scripted.locator(".foot").get_by_role("checkbox").check()
    scripted.locator("#keys summary").press("/")
    expect(box(scripted)).to_be_focused()


def test_without_scripts_no_control_does_nothing(browser: Browser, content_server: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(content_server)
    page.locator("#keys summary").click()

    expect(page.get_by_label("Colours")).to_be_hidden()
    expect(page.locator(".foot").get_by_role("checkbox")).to_be_hidden()
    expect(page.locator(".foot")).to_contain_text(re.compile("Tab and Enter reach everything"))
    page.context.close()
