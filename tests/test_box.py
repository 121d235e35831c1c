"""The search box in Chromium: suggestions by keys, by pointer and by touch, recent searches."""

import json
import re
from collections.abc import Iterator
from threading import Thread
from urllib.parse import urlsplit

import pytest
from builders import write_files
from playwright.sync_api import Browser, Locator, Page, Request, expect
from werkzeug.serving import make_server

from searchapp.build import build
from searchapp.web import create_app

NASTY = '<img src=x onerror="document.title = 1"> kites'
NO_STORAGE = """Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('refused', 'SecurityError'); }
});"""


def box(page: Page) -> Locator:
    """Return the box; it is filled at once, as letters that come late ask for more than once."""
    return page.get_by_label("Search the pieces")


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions")


def options(page: Page, group: str = "") -> Locator:
    within = page.get_by_role("group", name=group) if group else suggestions(page)
    return within.get_by_role("option")


def active(page: Page) -> Locator:
    """Return the option that a screen reader is told to be chosen."""
    chosen = box(page).get_attribute("aria-activedescendant")
    expect(page.locator("[aria-selected=true]")).to_have_count(1 if chosen else 0)
    return page.locator(f"[id='{chosen}']")


def search_for(page: Page, words: str) -> None:
    """Type and press Enter, and wait until the page answers; the focus goes elsewhere."""
    box(page).fill(words)
    box(page).press("Enter")
    expect(page.locator("#results")).to_have_attribute("data-words", words)
    box(page).blur()


def type_on(page: Page, words: str) -> None:
    """Go on typing behind what stands in the box."""
    box(page).fill(box(page).input_value() + words)


def recent(page: Page) -> list[str]:
    """Return the recent searches that the empty box offers."""
    if box(page).input_value():
        box(page).fill("")
    box(page).blur()
    expect(page.locator("#results")).to_have_attribute("data-words", "")
    box(page).focus()
    return [text.rstrip("×") for text in options(page).all_text_contents()][:-1]


def questions(page: Page) -> list[str]:
    """Return a list that grows with each request for suggestions."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/suggest" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


@pytest.fixture(scope="module")
def nasty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over two pieces, one with a title that is HTML, below a prefix."""
    folder = tmp_path_factory.mktemp("nasty")
    front = f"---\ntitle: '{NASTY}'\ntags: ['Kites & <b>Kin</b>', C++]\n---\nWind.\n"
    content = write_files(folder / "content", {"a.md": front, "b.md": "# Über Flüsse\n\nWasser.\n"})
    build(content, folder / "index")
    app = create_app(folder / "index")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


# --- What it says to a screen reader -----------------------------------------------------------


def test_without_scripts_it_is_a_plain_search_box(browser: Browser, content_server: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(content_server)

    expect(page.get_by_role("searchbox", name="Search the pieces")).to_be_visible()
    expect(suggestions(page)).to_be_hidden()
    page.context.close()


def test_it_is_a_closed_combobox_until_there_is_something_to_say(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)

    combobox = scripted.get_by_role("combobox", name="Search the pieces", expanded=False)
    expect(combobox).to_have_attribute("aria-autocomplete", "list")
    expect(combobox).to_have_attribute("aria-controls", "suggestions")
    combobox.focus()
    expect(suggestions(scripted)).to_be_hidden()
    with scripted.expect_response("**/api/suggest?q=zzzz"):
        combobox.fill("zzzz")
    expect(scripted.locator("#results")).to_have_attribute("data-words", "zzzz")
    expect(suggestions(scripted)).to_be_hidden()


def test_tags_with_counts_and_pieces_are_named_groups_of_a_named_list(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/about/")
    box(scripted).fill("reinf")

    expect(scripted.get_by_role("combobox", expanded=True)).to_be_focused()
    expect(suggestions(scripted)).to_match_aria_snapshot(
        """
        - listbox "Suggestions":
          - group "Tags":
            - option "Reinforcement learning 10 pieces"
            - option "Reinforcement learning for reasoning tasks 4 pieces"
          - group "Pieces":
            - option "Reinforcement Learning for LLMs"
        """
    )
    expect(scripted.locator("#suggested")).to_have_text("3 suggestions")
    box(scripted).press("Escape")
    expect(scripted.locator("#suggested")).to_have_text("")


def test_what_was_typed_is_marked_where_words_begin_with_it(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    box(scripted).fill("learning rei")

    expect(options(scripted, "Pieces").first.locator("mark")).to_have_text(["Rei", "Learning"])


def test_titles_and_tags_that_are_html_are_shown_as_text(scripted: Page, nasty_server: str) -> None:
    scripted.goto(nasty_server + "/about/")
    box(scripted).fill("kite")

    expect(options(scripted, "Pieces").locator(".label")).to_have_text(NASTY)
    expect(options(scripted, "Tags").locator(".label")).to_have_text("Kites & <b>Kin</b>")
    assert scripted.locator("#suggestions :is(img, b)").count() == 0


# --- By keys -----------------------------------------------------------------------------------


def test_arrows_home_and_end_choose_and_never_move_the_focus(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server + "/about/")
    box(scripted).fill("reinf")
    expect(options(scripted)).to_have_count(3)

    for key, chosen in (
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", 2),
        ("Home", 0), ("End", 2), ("ArrowDown", None), ("ArrowDown", 0), ("ArrowLeft", None),
    ):  # fmt: skip
        scripted.keyboard.press(key)
        if chosen is None:
            expect(active(scripted)).to_have_count(0)
        else:
            expect(active(scripted)).to_have_id(f"suggestion-{chosen}")
        expect(box(scripted)).to_be_focused()
        expect(box(scripted)).to_have_value("reinf")


@pytest.mark.parametrize(
    ("steps", "path", "heading"),
    [
        (1, "/tags/reinforcement-learning/", "Reinforcement learning"),
        (3, "/works/", "Reinforcement Learning for LLMs"),
    ],
    ids=["tag", "piece"],
)
def test_enter_opens_what_is_chosen_and_back_leads_back(
    steps: int, path: str, heading: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    box(scripted).fill("reinf")
    expect(options(scripted)).to_have_count(3)
    expect(scripted.locator("#results")).to_have_attribute("data-words", "reinf")

    for _ in range(steps):
        scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Enter")

    expect(scripted.get_by_role("heading", level=1)).to_have_text(heading)
    assert urlsplit(scripted.url).path.startswith(path)
    scripted.go_back()
    expect(box(scripted)).to_have_value("reinf")


def test_enter_without_a_choice_searches_and_closes(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")
    box(scripted).fill("reinf")
    expect(options(scripted)).to_have_count(3)

    scripted.keyboard.press("Enter")

    expect(scripted.get_by_role("heading", level=1)).to_have_text("“reinf”")
    expect(suggestions(scripted)).to_be_hidden()


def test_the_first_escape_closes_the_list_and_the_second_empties_the_box(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    search_for(scripted, "agents")
    type_on(scripted, " tools")
    expect(suggestions(scripted)).to_be_visible()

    scripted.keyboard.press("Escape")
    expect(suggestions(scripted)).to_be_hidden()
    expect(box(scripted)).to_have_value("agents tools")
    scripted.keyboard.press("Escape")

    expect(box(scripted)).to_have_value("")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("All pieces")
    expect(suggestions(scripted)).to_be_hidden()
    expect(box(scripted)).to_be_focused()


def test_tab_leaves_for_the_next_control(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")
    box(scripted).fill("reinf")
    expect(suggestions(scripted)).to_be_visible()

    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Tab")

    expect(scripted.get_by_role("button", name="Search")).to_be_focused()
    expect(suggestions(scripted)).to_be_hidden()


def test_nothing_is_offered_or_opened_while_an_input_method_composes(
    scripted: Page, nasty_server: str
) -> None:
    scripted.clock.install()
    scripted.goto(nasty_server + "/about/")
    asked = questions(scripted)
    box(scripted).focus()
    keyboard = scripted.context.new_cdp_session(scripted)
    for part in ("k", "ki", "kit"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
        scripted.clock.run_for(500)
    composed = {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    is_free = scripted.evaluate(
        "how => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', how))", composed
    )
    assert is_free and asked == []

    keyboard.send("Input.insertText", {"text": "kite"})
    scripted.clock.run_for(500)

    expect(options(scripted, "Pieces")).to_have_count(1)
    assert len(asked) == 1


# --- By pointer and touch ----------------------------------------------------------------------


def test_a_click_opens_and_one_elsewhere_closes(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server)
    box(scripted).fill("reinf")
    expect(suggestions(scripted)).to_be_visible()
    scripted.locator(".foot").click()
    expect(suggestions(scripted)).to_be_hidden()
    type_on(scripted, "o")

    options(scripted, "Tags").first.click()

    expect(scripted.get_by_role("heading", level=1)).to_have_text("Reinforcement learning")


def test_on_a_phone_suggestions_leave_half_of_the_screen_and_open_by_a_tap(
    browser: Browser, content_server: str
) -> None:
    size = {"width": 360, "height": 640}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(content_server)
    box(page).tap()
    box(page).fill("le")
    expect(suggestions(page)).to_be_visible()

    drawn = suggestions(page).bounding_box()
    assert drawn and drawn["height"] <= 320 and drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= 360
    for option in options(page).all():
        height = option.bounding_box()
        assert height and height["height"] >= 24
    name = options(page, "Tags").first.locator(".label").inner_text()
    options(page, "Tags").first.tap()

    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    context.close()


# --- Recent searches ---------------------------------------------------------------------------


def test_recent_searches_are_intents_and_each_stands_once(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    for words in ("grpo", "agents", "GRPO"):
        search_for(scripted, words)
    type_on(scripted, " typed")  # and thought better of
    expect(scripted.locator("#results")).to_have_attribute("data-words", "GRPO typed")

    assert recent(scripted) == ["GRPO", "agents"]


def test_words_whose_hit_was_followed_are_a_recent_search(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    box(scripted).fill("length dynamics")
    expect(scripted.locator("#results")).to_have_attribute("data-words", "length dynamics")
    scripted.locator(".hit h3 a").first.click()
    expect(scripted.locator("article.piece")).to_be_visible()
    scripted.goto(content_server)

    assert recent(scripted) == ["length dynamics"]


def test_at_most_five_are_offered_the_newest_first_and_two_among_others(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    for number in range(7):
        search_for(scripted, f"agents {number}")

    assert recent(scripted) == [f"agents {number}" for number in (6, 5, 4, 3, 2)]
    box(scripted).fill("agent")
    expect(options(scripted, "Tags").first).to_be_visible()
    texts = options(scripted, "Recent searches").all_text_contents()
    assert texts == ["agents 6×", "agents 5×", "Forget recent searches"]


def test_a_recent_search_is_done_again_and_back_leads_before_it(
    scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    search_for(scripted, "grpo")
    scripted.goto(content_server + "/?source=Medium")
    box(scripted).focus()
    expect(options(scripted)).to_have_count(2)

    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Enter")

    expect(scripted.get_by_role("heading", level=1)).to_have_text("“grpo” in pieces on Medium")
    expect(box(scripted)).to_have_value("grpo")
    expect(box(scripted)).to_be_focused()
    scripted.go_back()
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Pieces on Medium")
    expect(box(scripted)).to_have_value("")


@pytest.mark.parametrize("how", ["keys", "pointer"])
def test_recent_searches_are_forgotten_one_by_one_and_all_at_once(
    how: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    for words in ("grpo", "agents", "cache"):
        search_for(scripted, words)
    assert recent(scripted) == ["cache", "agents", "grpo"]

    if how == "keys":
        scripted.keyboard.press("ArrowDown")
        scripted.keyboard.press("ArrowDown")
        scripted.keyboard.press("Delete")
    else:
        options(scripted).nth(1).locator(".forget").click()
    expect(options(scripted)).to_have_count(3)
    expect(box(scripted)).to_be_focused()
    assert recent(scripted) == ["cache", "grpo"]
    if how == "keys":
        scripted.keyboard.press("End")
        scripted.keyboard.press("ArrowUp")
        expect(active(scripted)).to_have_text("Forget recent searches")
        scripted.keyboard.press("Enter")
    else:
        options(scripted).last.click()

    expect(suggestions(scripted)).to_be_hidden()
    assert json.loads(scripted.evaluate("Object.values(localStorage)[0]")) == []


@pytest.mark.parametrize("kept", ["{}", "[1, null]", "nonsense", '"words"'])
def test_what_is_kept_and_makes_no_sense_is_no_search(
    kept: str, scripted: Page, content_server: str
) -> None:
    scripted.goto(content_server)
    search_for(scripted, "grpo")
    scripted.evaluate("kept => { localStorage[Object.keys(localStorage)[0]] = kept; }", kept)
    box(scripted).fill("")
    expect(scripted.locator("#results")).to_have_attribute("data-words", "")
    expect(suggestions(scripted)).to_be_hidden()

    search_for(scripted, "agents")

    assert recent(scripted) == ["agents"]


def test_a_browser_that_keeps_nothing_searches_all_the_same(
    scripted: Page, content_server: str
) -> None:
    scripted.add_init_script(NO_STORAGE)
    scripted.goto(content_server)
    search_for(scripted, "grpo")
    box(scripted).fill("reinf")

    expect(options(scripted, "Tags")).to_have_count(2)
    expect(options(scripted, "Recent searches")).to_have_count(0)


# --- Beside the results ------------------------------------------------------------------------


def test_suggestions_of_older_words_are_never_shown(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")
    scripted.route(re.compile("suggest.q=reinf$"), lambda route: None)  # never answered
    with scripted.expect_request("**/api/suggest?q=reinf") as older:
        box(scripted).fill("reinf")
    with scripted.expect_event("requestfailed", lambda request: request == older.value):
        box(scripted).fill("agents")

    expect(options(scripted, "Tags").first).to_have_text(re.compile("^Agents"))
    assert older.value.failure == "net::ERR_ABORTED"


def test_a_box_that_was_left_offers_nothing_more(scripted: Page, content_server: str) -> None:
    scripted.goto(content_server + "/about/")
    scripted.route("**/api/suggest*", lambda route: None)
    with scripted.expect_request("**/api/suggest?q=reinf") as asked:
        box(scripted).fill("reinf")

    with scripted.expect_event("requestfailed", lambda request: request == asked.value):
        scripted.keyboard.press("Tab")

    expect(suggestions(scripted)).to_be_hidden()


def test_without_an_answer_there_are_no_suggestions_and_the_search_goes_on(
    browser: Browser, content_server: str
) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/api/suggest*", lambda route: route.fulfill(status=503, json={"title": "No"}))
    page.goto(content_server)
    with page.expect_response("**/api/suggest*"):
        box(page).fill("grpo")

    expect(page.get_by_role("heading", level=1)).to_have_text("“grpo”")
    expect(suggestions(page)).to_be_hidden()
    assert errors == []
    page.context.close()


def test_a_tag_of_any_name_is_opened(scripted: Page, nasty_server: str) -> None:
    scripted.goto(nasty_server + "/about/")
    box(scripted).fill("c++")
    options(scripted, "Tags").first.click()

    expect(scripted.get_by_role("heading", level=1)).to_have_text("C++")


def test_the_box_to_find_a_tag_waits_for_an_input_method_too(
    scripted: Page, nasty_server: str
) -> None:
    scripted.clock.install()
    scripted.goto(nasty_server + "/tags/")
    asked: list[str] = []
    scripted.on("request", lambda r: asked.append(r.url) if "hx-request" in r.headers else None)
    scripted.get_by_label("Find a tag").focus()
    keyboard = scripted.context.new_cdp_session(scripted)
    for part in ("k", "ki"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
        scripted.clock.run_for(500)
    assert asked == []

    keyboard.send("Input.insertText", {"text": "kin"})
    scripted.clock.run_for(500)

    expect(scripted.get_by_role("status")).to_have_text("1 tag with “kin”")
    assert len(asked) == 1
