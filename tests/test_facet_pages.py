"""Long facets: their values found by typing, by count and by name, by Flask's client."""

from collections.abc import Callable

import pytest
from builders import a_tag, a_work
from flask.testing import FlaskClient
from html_reader import Element, find, find_all, read_html
from pages import HTMX, client_of, get  # noqa: F401  # a fixture

from searchapp.fields import FACET


def values(html: str) -> list[str]:
    return [e.text for e in find_all(html, "a", class_="value")]


def links(html: str) -> dict[str, Element]:
    return {e.text: e for e in find_all(html, "a") if e.get("href")}


def many_tags(number: int) -> list[object]:
    return [a_work(f"Piece {i}", tags=[f"tag {i:04}"]) for i in range(number)]


def test_a_facet_says_how_many_values_it_has_and_where_all_of_them_are(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*many_tags(75))

    html = get(client, "/?q=piece")

    assert find(html, "h3", id="facet-tag").text == "Tag 75 values"
    summaries = [e.text for e in find_all(html, "summary")]
    assert summaries == ["Narrow these pieces", "67 more for tag", "Keys"]
    every = links(html)["All 75 values of tag on a page"]
    assert every["href"] == "/facets/tag/?q=piece"
    assert len(values(get(client, every["href"]))) == 75


def test_a_value_on_the_page_leads_back_to_the_search_narrowed(content_client: FlaskClient) -> None:
    html = get(content_client, "/facets/tag/?q=grpo&source=The+Blog&sort=title")

    (value,) = find_all(html, "a", id="found-tag-reinforcement-learning")
    assert value["href"] == "/?q=grpo&tag=reinforcement-learning&source=The+Blog&sort=title"
    told = value.text.split()[-2]
    found = get(content_client, value["href"])
    assert find(found, "p", class_="counted").text.split()[0] == told
    assert links(html)["Back to the pieces"]["href"] == "/?q=grpo&source=The+Blog&sort=title"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cafe", ["Café 1 piece"]),
        ("FÉ", ["Café 1 piece"]),
        ("ing", ["Mending 1 piece", "writing 1 piece"]),
        ("bots", ["agents 1 piece"]),
        ("zzz", []),
        ("men ding", ["Mending 1 piece"]),
        ("c++", []),
        (" ", ["agents 1 piece", "Café 1 piece", "Mending 1 piece", "writing 1 piece"]),
    ],
)
def test_values_are_found_by_any_part_of_any_name(
    typed: str, found: list[str], client_of: Callable[..., FlaskClient]
) -> None:
    client = client_of(
        *(a_work(tags=[tag]) for tag in ("cafe", "mending", "writing", "agents")),
        tags=[
            a_tag("cafe", label="Café"), a_tag("mending", label="Mending"), a_tag("writing"),
            a_tag("agents", "Bots"),
        ],
    )  # fmt: skip

    response = client.get("/facets/tag/", query_string={"find": typed})

    assert values(response.text) == found
    assert ("No value has these letters" in response.text) is (not found)


def test_values_stand_by_count_or_by_name(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work(tags=["zoo", "apes"]), a_work(tags=["zoo"]), a_work(tags=["bees"]))

    by_count = get(client, "/facets/tag/")
    by_name = get(client, links(by_count)["name"]["href"])

    assert [v.split()[0] for v in values(by_count)] == ["zoo", "apes", "bees"]
    assert [v.split()[0] for v in values(by_name)] == ["apes", "bees", "zoo"]
    assert links(by_name)["how many pieces"]["href"] == "/facets/tag/"


def test_thousands_of_values_stand_on_pages_and_each_on_one(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*many_tags(450))

    pages = [get(client, f"/facets/tag/?order=name&part={n}") for n in (1, 2, 3)]

    assert [len(values(page)) for page in pages] == [200, 200, 50]
    assert len({value for page in pages for value in values(page)}) == 450
    assert links(pages[0])["Page 2"]["href"] == "/facets/tag/?order=name&part=2"
    assert values(get(client, "/facets/tag/?order=name&part=99")) == values(pages[2])


def test_htmx_gets_the_found_values_alone_for_the_sidebar(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*many_tags(450))

    response = client.get("/facets/tag/?q=piece&find=tag+01", headers=HTMX)

    assert "<html" not in response.text and "<form" not in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert len(values(response.text)) == 40
    assert "100 values with “tag 01”; the first 40 are shown" in response.text
    assert find(response.text, "a", id="found-tag-tag-0100")["href"] == "/?q=piece&tag=tag-0100"


def test_the_form_in_the_sidebar_carries_the_whole_search(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*many_tags(75))

    html = get(client, "/?q=piece&not.tag=tag-0001&sort=title&page=2")
    form = html.partition('<form class="find"')[2].partition("</form>")[0]

    assert form.startswith(' action="/facets/tag/" method="get" hx-get="/facets/tag/"')
    carried = [(e["name"], e["value"]) for e in find_all(form, "input", type="hidden")]
    assert carried == [("q", "piece"), ("not.tag", "tag-0001"), ("sort", "title")]


def test_few_values_need_no_finding(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=grpo")

    assert 'id="find-source"' not in html
    assert 'id="find-kind"' not in html


@pytest.mark.parametrize("name", [*FACET])
@pytest.mark.parametrize(
    "query",
    ["", "?find=%ff%00", "?find=" + "a" * 3000, "?order=best&part=-1", "?part=9999999999&q=((",
     "?part=٣", "?year=2022&find=20", "?find=%3Cscript%3E", "?page=7&nonsense=1"],
)  # fmt: skip
def test_the_page_answers_any_facet_and_parameter(
    name: str, query: str, scattered_client: FlaskClient
) -> None:
    for headers in ({}, HTMX):
        response = scattered_client.get(f"/facets/{name}/{query}", headers=headers)
        assert response.status_code == 200
        assert "<script>" not in response.text
        read_html(response.text)


def test_there_is_no_page_of_what_is_no_facet(content_client: FlaskClient) -> None:
    assert content_client.get("/facets/nonsense/").status_code == 404
    assert content_client.get("/facets/").status_code == 404


def test_no_crawler_is_led_into_the_values_of_facets(content_client: FlaskClient) -> None:
    page = get(content_client, "/facets/tag/?q=grpo")
    results = get(content_client, "/?source=The+Blog")

    assert find(page, "meta", name="robots")["content"] == "noindex"
    onward = [e for e in find_all(page, "a") if "?" in (e.get("href") or "")]
    assert onward and all("nofollow" in (e.get("rel") or "") for e in onward)
    into = [e for e in find_all(results, "a") if (e.get("href") or "").startswith("/facets/")]
    assert into and all(e.get("rel") == "nofollow" for e in into)


def test_links_of_facets_hold_below_a_prefix(content_client: FlaskClient) -> None:
    response = content_client.get("/facets/tag/?q=grpo", base_url="http://localhost/blog")

    ours = [e["href"] for e in find_all(response.text, "a") if not e["href"].startswith("#")]
    assert [href for href in ours if not href.startswith("/blog/")] == []
