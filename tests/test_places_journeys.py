"""Ways through a piece's places and kin, in a real Chromium, in every way."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

NARROW = {"width": 320, "height": 640}


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def part(page: Page, name: str) -> Locator:
    return page.locator(".beyond").get_by_role("link", name=name)


def other_language(page: Page, name: str) -> Locator:
    return page.locator(".record").get_by_role("link", name=name)


def test_a_card_names_the_copy_that_has_the_words_and_leads_to_each_place(
    page: Page, scattered_server: str
) -> None:
    page.goto(scattered_server)
    page.get_by_label("Search the pieces").fill("kingfisher")
    page.get_by_label("Search the pieces").press("Enter")
    expect(heading(page)).to_have_text("“kingfisher”")

    expect(page.locator(".matched")).to_have_text(re.compile("the copy on The Eddy"))
    places = page.get_by_role("list", name="Where it can be read")
    expect(places.get_by_role("listitem")).to_have_text(
        [
            "Slow Water original, 14 March 2022", "Medium copy, 2 April 2022",
            "The Eddy copy, 18 March 2022",
        ]
    )  # fmt: skip
    expect(places.get_by_role("link", name="The Eddy")).to_have_attribute(
        "href", "https://theeddy.example/p/notes-towards-a-wider-blue"
    )


def test_choosing_a_site_leads_the_headlines_there(page: Page, scattered_server: str) -> None:
    page.goto(f"{scattered_server}/?q=river+line")
    headline = page.get_by_role("link", name=re.compile("^A River Is Not a Line"))
    expect(headline).to_have_attribute("href", re.compile("^https://slowwater.example/"))

    page.goto(f"{scattered_server}/?q=river+line&source=Medium")

    expect(headline).to_have_attribute("href", re.compile("^https://medium.com/"))
    expect(headline).to_have_accessible_name(re.compile(r"\(on Medium\)$"))


def test_from_part_to_part_and_to_the_whole_series(page: Page, content_server: str) -> None:
    page.goto(f"{content_server}/?q=gdpo+part+4")
    page.get_by_role("link", name=re.compile("part 4: GDPO")).first.click()
    expect(page.locator(".parts [aria-current]")).to_have_text(re.compile("part 4: GDPO$"))

    page.get_by_role("navigation", name="Modern post-training").get_by_role("link").click()
    expect(heading(page)).to_have_text("Modern LLM post-training part 3: GRPO")
    part(page, "Modern post-training part 1").click()
    expect(heading(page)).to_have_text(re.compile("part 1: PPO"))
    page.locator(".beyond").get_by_role("link", name="Modern post-training", exact=True).click()

    expect(heading(page)).to_have_text("Pieces in the series Modern post-training")
    expect(page.locator(".counted")).to_have_text("4 pieces, each in one place")


def test_from_a_piece_to_its_translation_and_back(page: Page, scattered_server: str) -> None:
    page.goto(f"{scattered_server}/?q=river+line")
    page.get_by_role("link", name="Details of A River Is Not a Line").click()
    other_language(page, "Ein Fluss ist keine Linie").click()

    expect(heading(page)).to_have_text("Ein Fluss ist keine Linie")
    expect(page.locator(".record")).to_contain_text("English")
    other_language(page, "A River Is Not a Line").click()

    expect(heading(page)).to_have_text("A River Is Not a Line")


@pytest.mark.parametrize("path", ["/?q=kingfisher", "/?series=Mending+a+Map"])
def test_cards_and_pieces_fit_a_narrow_screen(
    path: str, browser: Browser, scattered_server: str
) -> None:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(scattered_server + path)

    for _ in ("list", "piece"):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"]
        details = page.locator(".details a")
        if details.count():
            details.first.click()
            expect(page.locator(".record")).to_be_visible()
    context.close()


def feeds(page: Page) -> list[str | None]:
    links = page.locator("head link[rel=alternate]:is([type*=atom], [type*=feed])")
    return [links.nth(i).get_attribute("href") for i in range(links.count())]


def test_the_head_names_the_feeds_of_what_is_shown_after_each_step(
    page: Page, scattered_server: str
) -> None:
    page.goto(scattered_server)
    assert [link and link.rpartition("/")[2] for link in feeds(page)] == ["feed.atom", "feed.json"]

    if page.get_by_text("Narrow these pieces").is_visible():
        page.get_by_text("Narrow these pieces").click()
    page.locator("a.value[id='tag-rivers']").click()
    expect(heading(page)).to_have_text("rivers")
    assert [link and link.rpartition("/")[2] for link in feeds(page)] == [
        "feed.atom?tag=rivers", "feed.json?tag=rivers",
    ]  # fmt: skip

    page.go_back()
    expect(heading(page)).to_have_text("All pieces")
    assert [link and link.rpartition("/")[2] for link in feeds(page)] == ["feed.atom", "feed.json"]
