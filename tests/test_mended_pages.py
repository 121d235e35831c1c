"""What a visitor stumbled over, page by page; each test is named after what was wrong."""

from collections.abc import Callable

import pytest
from builders import a_work
from flask.testing import FlaskClient
from html_reader import find, find_all
from playwright.sync_api import Browser

from searchapp import Index
from searchapp.web import create_app

IndexOf = Callable[..., Index]


def texts_of_links(client: FlaskClient, url: str) -> set[str]:
    return {link.text for link in find_all(client.get(url).text, "a")}


def test_the_masthead_led_to_tags_and_to_words_about_the_site_where_there_were_none(
    index_of: IndexOf,
) -> None:
    client = create_app(index_of(a_work("Kites")).path).test_client()

    assert not {"Tags", "About"} & texts_of_links(client, "/")
    assert client.get("/tags/").status_code == client.get("/about/").status_code == 200


def test_one_tag_is_led_to(index_of: IndexOf) -> None:
    client = create_app(index_of(a_work("Kites", tags=["sky"])).path).test_client()

    assert "Tags" in texts_of_links(client, "/")
    assert "About" not in texts_of_links(client, "/")


def test_a_site_with_something_to_say_lost_neither_link(content_client: FlaskClient) -> None:
    assert {"Tags", "About"} <= texts_of_links(content_client, "/")


def test_the_page_on_the_api_stood_without_the_style_of_prose(content_client: FlaskClient) -> None:
    sheets = find_all(content_client.get("/api/").text, "link", rel="stylesheet")

    assert any("/piece.css" in (sheet["href"] or "") for sheet in sheets)


def test_a_note_named_a_word_twice(content_client: FlaskClient) -> None:
    page = content_client.get("/?q=pytorch+zebra").text

    assert "No piece has “zebra” beside the other words" in page
    assert "“zebra”: no piece" not in page


def test_a_phrase_stood_in_two_kinds_of_quotes(content_client: FlaskClient) -> None:
    page = content_client.get('/?q="policy+optimization"').text

    assert find(page, "h1").text == "“policy optimization”"


def test_a_misspelt_tag_led_nowhere_but_out(content_client: FlaskClient) -> None:
    links = find_all(content_client.get("/?tag=reinforcment-lerning").text, "a")
    spelt = next(a for a in links if a.text == "with tag: Reinforcement learning")

    assert spelt["href"] == "/?tag=reinforcement-learning"
    assert "10 pieces" in content_client.get(spelt["href"], follow_redirects=True).text


def test_all_1_tags_was_said(index_of: IndexOf) -> None:
    client = create_app(index_of(a_work("Kites", tags=["sky"])).path).test_client()

    assert "All tags" in texts_of_links(client, "/")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_choice_of_colours_fell_off_the_line_of_its_neighbours(
    browser: Browser, content_server: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(content_server)

    about = page.get_by_role("link", name="About").bounding_box()
    colours = page.locator("#theme").bounding_box()
    assert about and colours
    assert about["y"] < colours["y"] + colours["height"] and colours["y"] < about["y"] + 24
    assert colours["x"] > about["x"]
    page.close()
