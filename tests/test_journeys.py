"""Ways that visitors go, in a real Chromium: most with scripts and without, wide and narrow.

`page` comes in all four kinds, and fails a test whose page reported an error, such as a breach of
the content security policy.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect
from visits import see_shifts

NARROW = {"width": 360, "height": 780}
WIDE = {"width": 1280, "height": 900}
A_PAUSE = 500  # milliseconds, longer than typing has to pause before words are asked for


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """A page with scripts, for what only they do; an error on it fails the test.

    htmx calls a request that a newer one replaced an error; we do not.
    """
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [e for e in errors if not e.startswith(("htmx:afterRequest", "htmx:sendAbort"))] == []


def box(page: Page) -> Locator:
    return page.get_by_label("Search the pieces")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def counted(page: Page) -> Locator:
    return page.locator(".counted")


def headlines(page: Page) -> Locator:
    return page.locator(".hit h3 a")


def value(page: Page, identity: str) -> Locator:
    """Return a facet's value by its id, such as `tag-moe`."""
    return page.locator(f"a.value[id='{identity}']")


def show_facets(page: Page) -> None:
    """Open the drawer that the facets wait in where the screen is narrow."""
    drawer = page.get_by_text("Narrow these pieces")
    if drawer.is_visible() and page.locator("#drawer").get_attribute("open") is None:
        drawer.click()


def search_for(page: Page, words: str) -> None:
    box(page).fill(words)
    box(page).press("Enter")
    expect(heading(page)).to_have_text(f"“{words}”")


def state(page: Page) -> dict[str, object]:
    """Return all that must be in step: address, title, words, heading, counts, chips, hits."""
    return {
        "address": dict(parse_qsl(urlsplit(page.url).query)),
        "title": page.title(),
        "words": box(page).input_value(),
        "heading": heading(page).inner_text(),
        "counted": counted(page).inner_text(),
        "chips": page.locator(".chip").all_inner_texts(),
        "facets": page.locator(".value").all_text_contents(),
        "hits": headlines(page).all_inner_texts(),
    }


def in_step(page: Page) -> dict[str, object]:
    """Return the state, having checked that what is shown is what its address alone shows."""
    shown = state(page)
    other = page.context.new_page()
    other.goto(page.url)
    assert state(other) == shown
    other.close()
    return shown


# --- With scripts and without ---------------------------------------------------------------


def test_searching_finds_pieces_of_several_sites(page: Page, content_server: str) -> None:
    page.goto(content_server)
    search_for(page, "GRPO")

    shown = in_step(page)

    assert shown["address"] == {"q": "GRPO"}
    sources = set(page.locator(".facts .source").all_inner_texts())
    assert sources == {"Medium", "Research Blog", "The Blog"}
    assert len(headlines(page).all()) == int(str(shown["counted"]).split()[0])


def test_narrowing_widening_and_going_back_stay_in_step(page: Page, content_server: str) -> None:
    page.goto(content_server)
    search_for(page, "grpo")
    states = [in_step(page)]
    for identity, chip in (
        ("tag-reinforcement-learning", "tag: Reinforcement learning"),
        ("source-research-blog", "source: Research Blog"),
    ):
        show_facets(page)
        told = value(page, identity).locator(".count").inner_text().split()[0]
        value(page, identity).click()
        expect(page.locator(".chip", has_text=chip)).to_be_visible()
        expect(counted(page)).to_have_text(re.compile(rf"^{told} "))
        states.append(in_step(page))
    page.get_by_role("link", name="Remove filter tag: Reinforcement learning").click()
    expect(page.locator(".chip")).to_have_count(1)
    states.append(in_step(page))

    for earlier in reversed(states[:-1]):
        page.go_back()
        expect(heading(page)).to_have_text(str(earlier["heading"]))
        assert state(page) == earlier
    for later in states[1:]:
        page.go_forward()
        expect(heading(page)).to_have_text(str(later["heading"]))
        assert state(page) == later


def test_years_lead_to_months_and_leaving_the_year_leaves_the_month(
    page: Page, scattered_server: str
) -> None:
    page.goto(scattered_server)
    show_facets(page)
    value(page, "year-2023").click()
    expect(heading(page)).to_have_text("Pieces from 2023")
    show_facets(page)
    value(page, "month-2023-02").click()
    expect(counted(page)).to_have_text(re.compile("^2 pieces"))
    in_step(page)

    page.get_by_role("link", name="Remove filter year: 2023").click()

    expect(heading(page)).to_have_text("All pieces")
    expect(counted(page)).to_have_text("9 pieces in 14 places")


def test_a_value_can_be_excluded_and_let_in_again(page: Page, scattered_server: str) -> None:
    page.goto(scattered_server)
    show_facets(page)
    exclude = page.get_by_role("link", name="not Medium")
    exclude.click()
    expect(heading(page)).to_have_text("Pieces without Medium")
    expect(counted(page)).to_have_text(re.compile("^6 pieces"))
    in_step(page)

    show_facets(page)
    exclude.click()

    expect(counted(page)).to_have_text(re.compile("^9 pieces"))


def test_another_order_and_another_page_keep_the_question(page: Page, content_server: str) -> None:
    page.goto(content_server + "/?source=The+Blog")
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 2")
    second = in_step(page)
    assert second["address"] == {"source": "The Blog", "page": "2"}

    box(page).fill("attention")
    box(page).press("Enter")

    expect(heading(page)).to_have_text("“attention” in pieces on The Blog")
    assert in_step(page)["address"] == {"q": "attention", "source": "The Blog"}
    page.locator(".sorts").get_by_role("link", name="title").click()
    expect(page.locator(".sorts strong")).to_have_text("title")
    titles = in_step(page)["hits"]
    assert titles == sorted(titles, key=str.casefold)  # type: ignore[call-overload]


def test_a_search_without_hits_is_no_dead_end(page: Page, content_server: str) -> None:
    page.goto(content_server + "/?q=grpo&tag=pytorch&source=Medium")
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()

    page.get_by_role("link", name="without tag: PyTorch").click()

    expect(counted(page)).to_have_text(re.compile("^3 pieces"))
    in_step(page)


def test_from_a_hit_to_its_page_to_its_tag_and_all_the_way_back(
    page: Page, content_server: str
) -> None:
    page.goto(content_server)
    search_for(page, "length dynamics")
    before = state(page)
    headlines(page).first.click()
    expect(heading(page)).to_have_text("Understanding Length Dynamics in RL Training")
    page.locator(".record").get_by_role("link", name="Reasoning").click()
    expect(heading(page)).to_have_text("Reasoning")
    assert urlsplit(page.url).path == "/tags/reasoning/"

    page.go_back()
    expect(heading(page)).to_have_text("Understanding Length Dynamics in RL Training")
    page.go_back()

    expect(heading(page)).to_have_text("“length dynamics”")
    assert state(page) == before


def test_from_all_tags_to_one_and_then_to_words_within_it(page: Page, content_server: str) -> None:
    page.goto(content_server)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tags").click()
    page.get_by_role("link", name="name").click()
    page.locator(".tag-index").get_by_role("link", name=re.compile("^Agents")).click()
    expect(heading(page)).to_have_text("Agents")

    box(page).fill("tool")
    box(page).press("Enter")

    expect(heading(page)).to_have_text("“tool” in pieces tagged Agents")
    assert in_step(page)["address"] == {"q": "tool", "tag": "agents"}


def test_a_filter_typed_into_the_box_is_a_filter(page: Page, content_server: str) -> None:
    page.goto(content_server)
    box(page).fill("grpo source:medium")
    box(page).press("Enter")
    expect(heading(page)).to_have_text("“grpo” in pieces on Medium")

    page.get_by_role("link", name="Remove filter source: Medium").click()

    expect(heading(page)).to_have_text("“grpo”")
    expect(box(page)).to_have_value("grpo")


def test_every_page_can_be_left_by_search(page: Page, content_server: str) -> None:
    for path in ("/tags/", "/about/", "/tags/agents/"):
        page.goto(content_server + path)
        box(page).fill("zebra")
        box(page).press("Enter")
        expect(heading(page)).to_have_text(re.compile("“zebra”"))


def test_on_a_narrow_screen_facets_wait_in_a_drawer(page: Page, content_server: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(content_server)
    expect(value(page, "source-medium")).to_be_hidden()

    page.get_by_text("Narrow these pieces").click()
    value(page, "source-medium").click()

    expect(heading(page)).to_have_text("Pieces on Medium")
    expect(headlines(page).first).to_be_visible()


def test_on_a_wide_screen_facets_stand_beside_the_pieces(page: Page, content_server: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto(content_server)

    expect(value(page, "source-medium")).to_be_visible()
    facet, hit = value(page, "source-medium").bounding_box(), headlines(page).first.bounding_box()
    assert facet and hit
    assert facet["x"] + facet["width"] < hit["x"]
    expect(page.get_by_text("Narrow these pieces")).to_be_hidden()


PAGES = ["/", "/?q=grpo&tag=agents&not.source=Medium", "/?q=grpo&tag=pytorch&source=Medium",
         "/?q=pytorch+zebra+cache", "/?page=2", "/tags/", "/tags/?sort=title", "/tags/reasoning/",
         "/about/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_and_every_target_can_be_hit(
    path: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + path)
    for width in (320, 360, 768, 1280, 1920):
        scripted.set_viewport_size({"width": width, "height": 900})
        assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        small = scripted.evaluate(
            """[...document.querySelectorAll('a, button, input, summary')].filter(e =>
                 e.checkVisibility() && e.type != 'hidden'
                 && !e.closest('.prose, h3, .skip, .note, .alias')
                 && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
        )
        assert small == [], width


def test_a_whole_text_fits_a_narrow_screen(scripted: Page, content_server: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 700})
    scripted.goto(content_server + "/?q=attention+mechanisms+vanilla")
    headlines(scripted).first.click()

    expect(scripted.locator(".prose table")).to_be_visible()
    assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth")


# --- What only scripts do ---------------------------------------------------------------------


def type_words(page: Page, words: str) -> None:
    """Type, and wait until the results are those of the words."""
    box(page).press_sequentially(words)
    expect(page.locator("#results")).to_have_attribute("data-words", words)


def test_typing_swaps_the_results_and_keeps_the_caret(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")
    scripted.goto(content_server)
    scripted.evaluate("window.loadedOnce = true")
    length = scripted.evaluate("history.length")

    type_words(scripted, "grpo")

    expect(box(scripted)).to_be_focused()
    assert scripted.evaluate("document.activeElement.selectionStart") == 4
    assert scripted.evaluate("window.loadedOnce") is True
    assert scripted.evaluate("history.length") == length
    assert scripted.title().startswith("“grpo”")
    assert in_step(scripted)["address"] == {"q": "grpo"}


def test_typing_on_keeps_the_filters_and_starts_at_the_first_page(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?source=The+Blog&page=2")

    type_words(scripted, "attention")

    assert in_step(scripted)["address"] == {"q": "attention", "source": "The Blog"}


def test_clearing_the_box_shows_everything_again(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?q=grpo")

    box(scripted).press("Escape")

    expect(heading(scripted)).to_have_text("All pieces")
    assert urlsplit(scripted.url).query == ""


def test_choosing_pushes_the_address_and_keeps_the_focus(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?q=grpo")
    scripted.evaluate("window.loadedOnce = true")
    length = scripted.evaluate("history.length")

    value(scripted, "tag-reinforcement-learning").press("Enter")

    expect(scripted.locator(".chip")).to_have_count(1)
    expect(value(scripted, "tag-reinforcement-learning")).to_be_focused()
    assert scripted.evaluate("history.length") == length + 1
    assert scripted.evaluate("window.loadedOnce") is True


def test_the_focus_never_falls_off_the_page(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?q=grpo&tag=agents")

    scripted.get_by_role("link", name="Remove filter tag: Agents").press("Enter")

    expect(heading(scripted)).to_have_text("“grpo”")
    expect(heading(scripted)).to_be_focused()


def test_what_was_opened_stays_open(scripted: Page, content_server: str) -> None:
    scripted.set_viewport_size(NARROW)
    scripted.goto(content_server)
    scripted.get_by_text("Narrow these pieces").click()
    scripted.locator("#more-tag summary").click()

    value(scripted, "source-the-blog").click()

    expect(heading(scripted)).to_have_text("Pieces on The Blog")
    expect(scripted.locator("#drawer")).to_have_attribute("open", "")
    expect(scripted.locator("#more-tag")).to_have_attribute("open", "")


def test_another_page_begins_at_its_top(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    scripted.get_by_role("link", name="Next").click()
    expect(scripted.locator(".pager [aria-current]")).to_have_text("Page 2")

    expect(heading(scripted)).to_be_in_viewport()


def test_going_back_returns_to_where_one_was(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    scripted.evaluate("scrollTo(0, 400)")
    value(scripted, "source-the-blog").click()
    expect(heading(scripted)).to_have_text("Pieces on The Blog")
    scripted.evaluate("scrollTo(0, 0)")

    scripted.go_back()

    expect(heading(scripted)).to_have_text("All pieces")
    scripted.wait_for_function("scrollY === 400")


def test_counts_are_read_out_when_typing_pauses(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    status = scripted.get_by_role("status")
    expect(status).to_have_text("")

    type_words(scripted, "grpo")

    expect(status).to_have_text(re.compile(r"^“grpo”: \d+ pieces, each in one place$"))


def requests_for_words(page: Page) -> list[str]:
    """Return a list that grows with the words of each request of htmx."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "hx-request" in request.headers:
            asked.append(dict(parse_qsl(urlsplit(request.url).query)).get("q", ""))

    page.on("request", note)
    return asked


TYPE_AT_ONCE = """words => {
  const box = document.getElementById('words');
  for (const letter of words) {
    box.value += letter;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}"""


def test_quick_typing_asks_once(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    asked = requests_for_words(scripted)

    scripted.evaluate(TYPE_AT_ONCE, "reinforcement")

    expect(heading(scripted)).to_have_text("“reinforcement”")
    assert asked == ["reinforcement"]


def test_enter_right_after_typing_asks_once(scripted: Page, content_server: str) -> None:
    scripted.clock.install()
    scripted.goto(content_server)
    asked = requests_for_words(scripted)

    enter = "document.getElementById('search').requestSubmit()"
    scripted.evaluate(f"({TYPE_AT_ONCE})('grpo'); {enter}")

    expect(heading(scripted)).to_have_text("“grpo”")
    scripted.clock.run_for(A_PAUSE)
    assert asked == ["grpo"]


def test_enter_does_not_ask_again_for_words_under_way(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    asked = requests_for_words(scripted)
    with scripted.expect_request(lambda request: request.url.endswith("q=grpo")):
        scripted.evaluate(
            f"""({TYPE_AT_ONCE})('grpo');
            document.addEventListener('htmx:beforeSend', () =>
              document.getElementById('search').requestSubmit(), {{ once: true }})"""
        )

    expect(heading(scripted)).to_have_text("“grpo”")
    assert asked == ["grpo"]


def test_nothing_is_asked_while_an_input_method_composes(
    scripted: Page, scattered_server: str
) -> None:
    scripted.clock.install()
    scripted.goto(scattered_server)
    asked = requests_for_words(scripted)
    box(scripted).focus()
    keyboard = scripted.context.new_cdp_session(scripted)
    for part in ("h", "は", "はし"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
        scripted.clock.run_for(A_PAUSE)

    assert asked == []
    keyboard.send("Input.insertText", {"text": "橋"})

    expect(heading(scripted)).to_have_text("“橋”")
    assert asked == ["橋"]


def test_a_late_answer_to_older_words_is_never_shown(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    scripted.route(lambda url: url.endswith("q=agents"), lambda route: None)  # never answered
    with scripted.expect_request(lambda request: request.url.endswith("q=agents")) as older:
        box(scripted).fill("agents")

    with scripted.expect_event("requestfailed", lambda request: request == older.value):
        box(scripted).fill("agents tools")

    expect(heading(scripted)).to_have_text("“agents tools”")
    assert older.value.failure == "net::ERR_ABORTED"
    assert in_step(scripted)["address"] == {"q": "agents tools"}


def test_a_value_chosen_right_after_typing_takes_the_words_along(
    scripted: Page, content_server: str
) -> None:
    scripted.clock.install()
    scripted.goto(content_server)
    asked = requests_for_words(scripted)
    choose = "document.getElementById('tag-reinforcement-learning').click()"
    scripted.evaluate(f"({TYPE_AT_ONCE})('grpo'); {choose}")

    expect(heading(scripted)).to_have_text("“grpo” in pieces tagged Reinforcement learning")
    scripted.clock.run_for(A_PAUSE)
    assert asked == ["grpo"]
    assert in_step(scripted)["address"] == {"q": "grpo", "tag": "reinforcement-learning"}


def test_trouble_on_the_line_is_told_and_the_results_stay(
    browser: Browser, content_server: str
) -> None:
    page = browser.new_page()
    page.goto(content_server + "/?q=grpo")
    page.route("**/*", lambda route: route.abort())

    box(page).fill("cache")

    expect(page.get_by_role("status")).to_have_text(re.compile("did not answer"))
    expect(heading(page)).to_have_text("“grpo”")
    page.unroute_all()
    box(page).press("Enter")
    expect(heading(page)).to_have_text("“cache”")
    expect(page.get_by_role("status")).to_have_text(re.compile("^“cache”"))
    page.context.close()


def test_history_older_than_the_cache_is_fetched_as_a_whole_page(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/?q=grpo")
    value(scripted, "tag-reinforcement-learning").click()
    expect(scripted.locator(".chip")).to_have_count(1)
    scripted.evaluate("sessionStorage.removeItem('htmx-history-cache')")

    with scripted.expect_response(lambda answer: answer.url.endswith("/?q=grpo")) as fetched:
        scripted.go_back()

    expect(scripted.locator(".chip")).to_have_count(0)
    assert "hx-request" not in fetched.value.request.headers
    assert "<html" in fetched.value.text()
    assert in_step(scripted)["address"] == {"q": "grpo"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_visitors_colours(
    scheme: str, browser: Browser, content_server: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(content_server)

    red, green, blue = json.loads(
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        .replace("rgb(", "[")
        .replace(")", "]")
    )

    assert (red + green + blue > 384) is (scheme == "light")
    page.context.close()


def test_nothing_moves_while_the_page_loads(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/?q=grpo")

    assert sum(see_shifts(scripted)) == 0
