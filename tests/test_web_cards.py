"""A piece in a list, and the pages of tags."""

import json
import re
from collections.abc import Callable

import pytest
from builders import a_document, a_tag, a_work, work_of
from flask.testing import FlaskClient
from html_reader import find, find_all, read_html
from pages import (
    client_of,  # noqa: F401  # fixtures
    counted,
    get,
    headings,
    headlines,
    links_on,
)

# --- A piece in the list -----------------------------------------------------------------


def test_a_headline_leads_to_where_the_piece_can_be_read(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?q=mending+map+fold")

    (link,) = [e for e in headlines(html) if e.text.startswith("Mending a Map, Part 1")]

    address, _, fragment = link["href"].partition("#")
    assert address == "https://slowwater.example/2023/02/mending-a-map-1/"
    assert fragment == ":~:text=Maps"  # the page opens at the words that were found
    assert link.text.endswith("(on Slow Water)")


def test_a_headline_prefers_the_place_that_was_filtered_by(scattered_client: FlaskClient) -> None:
    links = headlines(get(scattered_client, "/?source=Medium"))

    assert len(links) == 3
    assert all(link["href"].startswith("https://medium.com/") for link in links)


def test_a_card_under_a_source_had_the_date_of_the_original(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?q=kingfisher&source=Medium")

    [facts] = find_all(html, "ul", class_="facts")
    assert facts.text.startswith("2 April 2022 Medium")


def test_a_piece_without_address_leads_to_its_own_page(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=attention+mechanisms+vanilla")

    assert headlines(html)[0]["href"].startswith("/works/")


def test_a_card_names_all_places_with_role_and_date(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?q=kingfisher")

    assert [e.text for e in find_all(html, "ul", class_="in-places")] == [
        "Slow Water original, 14 March 2022 Medium copy, 2 April 2022 The Eddy copy, 18 March 2022"
    ]


def test_a_card_of_many_places_names_the_first_and_leads_to_the_others(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(work_of(*(a_document("A", url=f"https://{n}.example/") for n in range(9))))

    (line,) = find_all(get(client, "/"), "ul", class_="in-places")

    assert line.text.count("copy") == 4
    assert line.text.endswith("and 4 more")


def test_a_card_of_one_place_has_no_line_of_places(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work("A", url="https://a.example/"))

    assert not list(find_all(get(client, "/"), "ul", class_="in-places"))


@pytest.mark.parametrize("asked", ["source=Medium", "q=source:medium", "source=medium&q=line"])
def test_the_headline_leads_to_the_site_that_is_chosen(
    asked: str, scattered_client: FlaskClient
) -> None:
    (link,) = (
        link for link in headlines(get(scattered_client, f"/?{asked}"))
        if link.text.startswith("A River Is Not a Line")
    )  # fmt: skip

    assert link["href"].startswith("https://medium.com/@wren-halloran/why-i-")
    assert link.text.endswith("(on Medium)")


def test_a_card_says_which_copy_alone_has_the_words(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?q=kingfisher")

    assert [e.text for e in find_all(html, "p", class_="matched")] == [
        "Matched in the copy on The Eddy, “Notes Towards a Wider Blue”"
    ]
    others = find_all(get(scattered_client, "/?q=river"), "p", class_="matched")
    assert {e.text for e in others} == {"Matched in the tag rivers"}


def test_the_total_reads_pieces_in_places(scattered_client: FlaskClient) -> None:
    assert counted(get(scattered_client, "/")) == "9 pieces in 14 places"


def test_visitors_see_sources_and_never_the_names_of_lists(content_client: FlaskClient) -> None:
    shown = {
        e.text for n in (1, 2, 3)
        for e in find_all(get(content_client, f"/?page={n}"), "li", class_="source")
    }  # fmt: skip

    assert shown == {"Medium", "The Batch", "Quora", "The Blog", "Research Blog", "RL Notebook"}


def test_an_undated_piece_shows_no_date(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work("Dated", date="2024-05-31"), a_work("Undated"))

    html = get(client, "/")

    assert [e.text for e in find_all(html, "time")] == ["31 May 2024"]
    assert "None" not in html


def test_a_piece_in_another_language_says_so(scattered_client: FlaskClient) -> None:
    (link,) = headlines(get(scattered_client, "/?language=ja"))

    assert link["lang"] == "ja"


def test_what_a_document_says_is_shown_and_never_run(
    client_of: Callable[..., FlaskClient],
) -> None:
    nasty = '<script>alert(1)</script> {{ 7*7 }} "><img src=x onerror=alert(1)>'
    client = client_of(
        a_work(nasty, summary=nasty, tags=[nasty], publication=nasty, series=nasty, authors=[nasty])
    )

    for url in ("/", "/?q=alert", "/tags/", f"/works/{client_id(client)}/", "/?q=" + "<mark>"):
        html = get(client, url)
        elements = read_html(html)
        assert not [e for e in elements if e.tag == "img" or "onerror" in e.attributes]
        scripts = [e for e in elements if e.tag == "script" and e.get("type") is None]
        assert {e["src"].partition("?")[0] for e in scripts} == {
            "/static/vendor/htmx.min.js", "/static/theme.js", "/static/page.js",
        } - ({"/static/vendor/htmx.min.js"} if url.startswith("/works/") else set())  # fmt: skip
        shown = re.sub(r"\?v=\w+", "", html)  # the hash of an asset may have any digits
        assert "49" not in shown or "{{ 7*7 }}" in shown
        assert all(not e.text for e in scripts)


def client_id(client: FlaskClient) -> str:
    """Return the id of the first piece that a client serves."""
    return str(json.loads(client.get("/api/search").data)["hits"][0]["id"])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "http://", "ftp://a/b"]
)
def test_an_address_that_is_no_web_address_is_never_linked(
    url: str, client_of: Callable[..., FlaskClient]
) -> None:
    client = client_of(a_work("Piece", url=url, summary="words"))

    for page in ("/", f"/works/{client_id(client)}/"):
        assert url not in links_on(get(client, page))


# --- Tags ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/tags/RL/", "/tags/reinforcement-learning/"),
        ("/tags/Reinforcement%20Learning/", "/tags/reinforcement-learning/"),
        ("/tags/reasoning+agents/", "/tags/agents+reasoning/"),
        ("/tags/RL+agents/", "/tags/agents+reinforcement-learning/"),
        ("/tags/agents+agents/", "/tags/agents/"),
        ("/tags/agents+/", "/tags/agents/"),
    ],
)
def test_a_tag_in_another_spelling_moves_for_good(
    asked: str, address: str, content_client: FlaskClient
) -> None:
    response = content_client.get(asked)

    assert (response.status_code, response.headers["Location"]) == (301, address)


@pytest.mark.parametrize("address", ["/tags/agents/", "/tags/agents+reasoning/"])
def test_a_tag_page_is_the_query_with_that_filter(
    address: str, content_client: FlaskClient
) -> None:
    names = address.removeprefix("/tags/").rstrip("/").split("+")
    query = "&".join(f"tag={name}" for name in names)

    assert get(content_client, address) == get(content_client, f"/?{query}")


def test_a_tag_page_says_what_the_tag_is(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/reasoning/")

    assert headings(html) == ["Reasoning"]
    assert "Models that work towards an answer" in html
    assert any(e["href"] == "/tags/chain-of-thought/" for e in find_all(html, "a"))


def test_a_tag_in_another_script_has_a_page(scattered_client: FlaskClient) -> None:
    assert counted(get(scattered_client, "/tags/川/")) == "1 piece in one place"


@pytest.mark.parametrize("url", ["/tags/nonsense/", "/tags/agents+nonsense/", "/tags/+/"])
def test_an_unknown_tag_is_not_found_and_search_is_offered(
    url: str, content_client: FlaskClient
) -> None:
    response = content_client.get(url)

    assert response.status_code == 404
    assert find(response.text, "input", name="q")


def test_all_tags_are_listed_by_count(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/")
    tags = json.loads(get(content_client, "/api/tags"))["tags"]

    listed = [e.text for e in find_all(html, "a", class_="value")]

    assert listed == [f"{t['label']} {t['count']} piece{'s' * (t['count'] > 1)}" for t in tags]
    assert [t["count"] for t in tags] == sorted((t["count"] for t in tags), reverse=True)


def test_tags_from_a_to_z_are_an_index_with_cross_references(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work(tags=["zebras", "agents"]), a_work(tags=["cplusplus"]),
        tags=[a_tag("agents", "Bots"), a_tag("zebras"), a_tag("cplusplus", "C++", label="C++")],
    )  # fmt: skip

    html = get(client, "/tags/?sort=title")

    assert [e.text for e in find_all(html, "h2")] == ["A", "B", "C", "Z"]
    assert [e.text for e in find_all(html, "span", class_="alias")] == ["Bots, see agents"]
