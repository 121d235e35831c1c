"""Links of the results in Chromium: swapped in by one listener, and still the browser's own."""

import pytest
from playwright.sync_api import Page, expect

SET_UP = (
    """[...document.querySelectorAll("#results a")].filter(a => "htmx-internal-data" in a).length"""
)
KEPT = "JSON.parse(sessionStorage['htmx-history-cache'] ?? '[]').map(kept => kept.url)"


def test_htmx_set_up_each_of_the_links(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    assert scripted.locator("#results a").count() > 50
    assert scripted.evaluate(SET_UP) == 0

    scripted.get_by_label("Search the pieces").press_sequentially("grpo")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("“grpo”")
    expect(scripted.locator("#results.htmx-settling, #results.htmx-added")).to_have_count(0)

    assert scripted.evaluate(SET_UP) == 0


def test_a_page_that_typing_replaced_was_kept_for_going_back(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    scripted.get_by_label("Search the pieces").press_sequentially("grpo")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("“grpo”")
    assert scripted.evaluate(KEPT) == []

    scripted.locator("a.value").first.click()
    expect(scripted.locator(".chip")).to_have_count(1)
    assert scripted.evaluate(KEPT) == ["/?q=grpo"]


@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_a_value_is_opened_in_a_page_of_its_own(
    key: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    value = scripted.locator("a.value").first
    with scripted.context.expect_page() as opened:
        value.click(modifiers=[key])  # type: ignore[list-item]

    expect(opened.value.locator(".chip")).to_have_count(1)
    assert scripted.url == content_server + "/"
    assert scripted.locator(".chip").count() == 0
