"""Back, forward and slow lines, in Chromium: the place is kept, and waiting is told."""

import re
from urllib.parse import urlsplit

from conftest import stop_clock
from playwright.sync_api import Browser, Locator, Page, Route, expect


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def value(page: Page, identity: str) -> Locator:
    return page.locator(f"a.value[id='{identity}']")


def test_back_and_forward_return_to_what_was_chosen(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    value(scripted, "source-the-blog").click()
    expect(heading(scripted)).to_have_text("Pieces on The Blog")
    scripted.get_by_role("link", name="Next").click()
    expect(scripted.locator(".pager [aria-current]")).to_have_text("Page 2")

    scripted.go_back()
    expect(scripted.get_by_role("link", name="Next")).to_be_focused()
    scripted.go_back()
    expect(heading(scripted)).to_have_text("All pieces")
    expect(value(scripted, "source-the-blog")).to_be_focused()
    scripted.go_forward()
    expect(heading(scripted)).to_have_text("Pieces on The Blog")
    expect(scripted.get_by_role("link", name="Next")).to_be_focused()
    scripted.go_back()
    expect(value(scripted, "source-the-blog")).to_be_focused()


def test_forward_left_the_focus_on_the_body(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?source=The+Blog&source=Medium")
    clear = scripted.get_by_role("link", name="Clear all filters")
    clear.click()
    expect(heading(scripted)).to_have_text("All pieces")
    scripted.go_back()
    expect(clear).to_be_focused()

    scripted.go_forward()

    expect(heading(scripted)).to_have_text("All pieces")
    expect(heading(scripted)).to_be_focused()


def test_a_value_chosen_in_the_drawer_lost_the_focus(browser: Browser, content_server: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(content_server)
    page.get_by_text("Narrow these pieces").click()

    value(page, "source-the-blog").press("Enter")

    expect(heading(page)).to_have_text("Pieces on The Blog")
    expect(value(page, "source-the-blog")).to_be_focused()
    page.context.close()


def test_back_from_a_piece_returns_to_its_headline_and_place(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    sixth = scripted.locator(".hit:has(.sections, .tags) h3 a:not(:has(.leaves))").nth(6)
    sixth.scroll_into_view_if_needed()
    title, scrolled = sixth.inner_text(), scripted.evaluate("scrollY")
    assert scrolled > 0
    sixth.click()
    expect(heading(scripted)).to_have_text(title)

    scripted.go_back()

    expect(sixth).to_be_focused()
    scripted.wait_for_function("y => scrollY === y", arg=scrolled)


def test_a_page_that_history_has_lost_is_fetched_and_its_place_found(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?q=grpo")
    value(scripted, "tag-reinforcement-learning").click()
    expect(scripted.locator(".chip")).to_have_count(1)
    scripted.evaluate("sessionStorage.removeItem('htmx-history-cache')")

    scripted.go_back()

    expect(scripted.locator(".chip")).to_have_count(0)
    expect(value(scripted, "tag-reinforcement-learning")).to_be_focused()


def test_the_words_in_the_box_are_those_of_the_page_gone_back_to(
    scripted: Page, content_server: str
) -> None:
    box = scripted.get_by_label("Search the pieces")
    scripted.goto(content_server)
    value(scripted, "source-medium").click()
    expect(heading(scripted)).to_have_text("Pieces on Medium")
    box.press_sequentially("grpo")
    expect(heading(scripted)).to_have_text("“grpo” in pieces on Medium")

    scripted.go_back()
    expect(box).to_have_value("")
    scripted.go_forward()
    expect(box).to_have_value("grpo")


def test_the_head_went_on_to_speak_of_the_page_before(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?source=The+Blog")
    value(scripted, "source-medium").click()
    expect(scripted.get_by_role("link", name="Clear all filters")).to_be_visible()
    links = "link => link.getAttribute('href')"

    told = scripted.evaluate(
        f"""[...document.querySelectorAll('link[rel=alternate]')].map({links})"""
    )
    shown = scripted.evaluate(f"[...document.querySelectorAll('.elsewhere a')].map({links})")
    assert {urlsplit(url).path + "?" + urlsplit(url).query for url in told} == set(shown)
    assert scripted.locator("link:is([rel=canonical], [rel=prev], [rel=next])").count() == 0


def hold(page: Page) -> list[Route]:
    """Hold the answers to htmx until they are let go."""
    held: list[Route] = []

    def catch(route: Route) -> None:
        if "hx-request" in route.request.headers:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", catch)
    return held


# What is seen of waiting, once what moves to get there has moved.
SEEN = """() => {
  const results = document.getElementById('results');
  for (const animation of document.getAnimations()) {
    animation.pause();
    animation.currentTime = 500;
  }
  const opening = getComputedStyle(results.querySelector('.opening'));
  return [getComputedStyle(results, '::before').content !== 'none', opening.opacity];
}"""


def test_waiting_shows_after_a_fifth_of_a_second_and_never_flashes(
    browser: Browser, content_server: str
) -> None:
    for motion in ("no-preference", "reduce"):
        page = browser.new_page(reduced_motion=motion)  # type: ignore[arg-type]
        page.clock.install()
        page.goto(content_server)
        stop_clock(page)
        held = hold(page)
        with page.expect_request(lambda request: "hx-request" in request.headers):
            page.get_by_label("Search the pieces").fill("grpo")
            page.clock.run_for(200)

        page.clock.run_for(199)
        assert page.evaluate(SEEN) == [False, "1"]
        page.clock.run_for(2)
        assert page.evaluate(SEEN) == [True, "0.55"]
        moving = page.evaluate("document.getAnimations().map(a => a.animationName)")
        assert ("pass" in moving) is (motion == "no-preference")
        held[0].continue_()
        expect(heading(page)).to_have_text("“grpo”")
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", re.compile(""))
        page.context.close()


def test_a_long_wait_is_told_and_then_what_was_found(scripted: Page, content_server: str) -> None:
    scripted.clock.install()
    scripted.goto(content_server)
    stop_clock(scripted)
    held = hold(scripted)
    with scripted.expect_request(lambda request: "hx-request" in request.headers):
        scripted.get_by_label("Search the pieces").fill("grpo")
        scripted.clock.run_for(300)
    status = scripted.get_by_role("status")
    scripted.clock.run_for(1000)
    expect(status).to_have_text("")
    scripted.clock.run_for(1000)
    expect(status).to_have_text("Searching…")

    held[0].continue_()
    expect(heading(scripted)).to_have_text("“grpo”")
    scripted.clock.run_for(1000)

    expect(status).to_have_text(re.compile("^“grpo”: "))


def test_a_page_kept_while_it_waited_waits_no_longer(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    value(scripted, "source-the-blog").click()
    expect(heading(scripted)).to_have_text("Pieces on The Blog")

    scripted.go_back()

    expect(heading(scripted)).to_have_text("All pieces")
    expect(scripted.locator("#results")).not_to_have_attribute("aria-busy", re.compile(""))
    expect(scripted.locator("#results.htmx-request")).to_have_count(0)
