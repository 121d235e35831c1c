"""The page of results, by Flask's client over real indexes."""

import json
import re
from collections.abc import Callable

import pytest
from builders import a_work
from flask.testing import FlaskClient
from html_reader import find, find_all
from pages import (
    HTMX,
    RESTORE,
    client_of,  # noqa: F401  # fixtures
    counted,
    facets_on,
    get,
    headings,
    headlines,
)

# --- One route, page and partial --------------------------------------------------------


def test_the_page_includes_the_very_partial_that_is_swapped(content_client: FlaskClient) -> None:
    url = "/?q=grpo&tag=reinforcement-learning"
    page, partial = content_client.get(url).text, content_client.get(url, headers=HTMX).text

    title, _, results = partial.partition("</title>")

    assert "<html" in page and "<html" not in partial
    assert results.strip() in page
    assert f"{title}</title>" in page


def test_going_back_in_history_wants_the_whole_page(content_client: FlaskClient) -> None:
    assert "<html" in content_client.get("/?q=grpo", headers=RESTORE).text


def test_a_cache_can_tell_page_and_partial_apart(content_client: FlaskClient) -> None:
    page, partial = content_client.get("/"), content_client.get("/", headers=HTMX)

    assert (
        page.headers["Vary"]
        == partial.headers["Vary"]
        == ("HX-Request, HX-History-Restore-Request, Accept-Encoding")
    )
    assert partial.headers["Cache-Control"] == "no-store"
    assert "no-store" not in page.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/?q=", "/"),
        ("/?q=grpo&tag=RL&sort=", "/?q=grpo&tag=reinforcement-learning"),
        ("/?tag=moe&q=cache", "/?q=cache&tag=moe"),
        ("/?q=b&page=1&nonsense=2", "/?q=b"),
        ("/?q=%E6%A9%8B", "/?q=%E6%A9%8B"),
    ],
)
def test_while_typing_the_address_has_one_spelling(
    asked: str, address: str, content_client: FlaskClient
) -> None:
    assert content_client.get(asked, headers=HTMX).headers["HX-Replace-Url"] == address


def test_a_link_that_htmx_follows_keeps_its_own_address(content_client: FlaskClient) -> None:
    boosted = content_client.get("/?q=grpo", headers=HTMX | {"HX-Boosted": "true"})

    assert "HX-Replace-Url" not in boosted.headers


def test_htmx_is_told_to_run_and_to_fetch_nothing_foreign(content_client: FlaskClient) -> None:
    config = json.loads(find(get(content_client, "/"), "meta", name="htmx-config")["content"])

    assert config["historyRestoreAsHxRequest"] is False
    assert config["allowEval"] is config["allowScriptTags"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True


def test_typing_carries_the_chosen_filters_along(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=grpo&tag=agents&not.source=Medium&sort=title&page=2")

    carried = [(e["name"], e["value"]) for e in find_all(html, "input", form="search")]

    assert carried == [("tag", "agents"), ("not.source", "Medium"), ("sort", "title")]


# --- What is shown -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/", "All pieces"),
        ("/?q=river", "“river”"),
        ("/?source=Medium", "Pieces on Medium"),
        ("/?tag=rivers", "rivers"),
        ("/?tag=rivers&tag=walking", "rivers + walking"),
        (
            "/?q=river&tag=rivers&not.source=Medium",
            "“river” in pieces tagged rivers, without Medium",
        ),
        ("/?year=2023&year=2024", "Pieces from 2023 or 2024"),
        ("/?kind=post&language=de", "Pieces of the kind post, in German"),
        ("/?minutes=0-5", "Pieces that take under 5 minutes"),
        ("/?series=Mending+a+Map", "Pieces in the series Mending a Map"),
        (
            "/?q=walking&not.tag=weather&not.year=2024",
            "“walking” in pieces without Weather or 2024",
        ),
    ],
)
def test_the_heading_says_what_is_shown(url: str, says: str, scattered_client: FlaskClient) -> None:
    html = get(scattered_client, url)

    assert headings(html) == [says]
    assert find(html, "title").text == f"{says} · Slow Water"
    assert find(html, "div", id="results")["data-status"].startswith(f"{says}: ")


def test_browsing_counts_pieces_and_their_places(
    content_client: FlaskClient, scattered_client: FlaskClient
) -> None:
    assert counted(get(content_client, "/")) == "59 pieces, each in one place"
    assert counted(get(scattered_client, "/")) == "9 pieces in 14 places"


@pytest.mark.parametrize("name", ["content_client", "scattered_client"])
@pytest.mark.parametrize("words", ["", "q=river", "q=grpo"])
def test_choosing_a_value_alone_shows_exactly_its_count(
    name: str, words: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(name)
    html = get(client, f"/?{words}")

    for value in find_all(html, "a", class_="value"):
        told = value.text.split()[-2]
        chosen = get(client, value["href"])
        (selected,) = find_all(chosen, "a", aria_current="true")
        assert counted(chosen).split()[0] == told, value.text
        assert selected["id"] == value["id"]


def test_choosing_it_again_takes_a_value_back(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?q=river&source=Medium")

    assert find(html, "a", id="source-medium")["href"] == "/?q=river"
    assert find(html, "a", id="not-source-medium")["href"] == "/?q=river&not.source=Medium"


def test_an_excluded_value_can_be_let_in_or_chosen(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?not.source=Medium")

    assert find(html, "a", id="not-source-medium")["href"] == "/"
    assert find(html, "a", id="not-source-medium")["aria-current"] == "true"
    assert find(html, "a", id="source-medium")["href"] == "/?source=Medium"


def test_each_chosen_filter_has_a_chip_that_removes_it(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=grpo&tag=pytorch&not.source=Medium")

    chips = {e.text: e["href"] for e in find_all(html, "a", class_="chip")}

    assert chips == {
        "Remove filter tag: PyTorch×": "/?q=grpo&not.source=Medium",
        "Remove filter not source: Medium×": "/?q=grpo&tag=pytorch",
        "Clear all filters": "/?q=grpo",
    }


def test_months_are_offered_once_a_year_is_chosen(scattered_client: FlaskClient) -> None:
    assert "month" not in facets_on(get(scattered_client, "/"))
    assert "month" in facets_on(get(scattered_client, "/?year=2023"))


def test_a_facet_that_offers_no_choice_is_left_out(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work(tags=["cats"], minutes=3), a_work(tags=["cats"], minutes=30))

    assert facets_on(get(client, "/")) == ["minutes"]
    assert "tag" in facets_on(get(client, "/?tag=cats"))


def test_more_than_eight_values_stand_under_more(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*(a_work(tags=[f"tag{i}"]) for i in range(10)))

    html = get(client, "/")
    opened = html.partition('<details id="more-tag">')

    assert find(html, "details", id="more-tag")
    assert opened[0].count('class="value"') == 8
    assert opened[2].count('class="value"') == 2
    assert (
        'id="tag-tag9" class="value" href="/" rel="nofollow" aria-current="true"'
        in (get(client, "/?tag=tag9").partition('<details id="more-tag">')[0])
    )


def test_sorts_are_those_that_make_sense(
    content_client: FlaskClient, scattered_client: FlaskClient
) -> None:
    def sorts(client: FlaskClient, url: str) -> str:
        return find(get(client, url), "p", class_="sorts").text

    assert sorts(content_client, "/") == "Sorted by title"
    assert sorts(content_client, "/?q=grpo") == "Sorted by relevance title"
    assert sorts(scattered_client, "/") == "Sorted by newest oldest title"
    assert sorts(scattered_client, "/?q=river") == "Sorted by relevance newest oldest title"


def test_the_default_order_is_left_out_of_links(scattered_client: FlaskClient) -> None:
    html = get(scattered_client, "/?sort=oldest")

    assert {e.text: e["href"] for e in find_all(html, "a", rel="nofollow") if "sort" in e["href"]
            and e.text == "title"} == {"title": "/?sort=title"}  # fmt: skip
    assert {e["href"] for e in find_all(html, "a") if e.text == "newest"} == {"/"}


def test_pages_are_linked_and_numbered_on(content_client: FlaskClient) -> None:
    html = get(content_client, "/?page=2")

    assert find(html, "a", rel="prev")["href"] == "/"
    assert find(html, "a", rel="next")["href"] == "/?page=3"
    assert find(html, "strong", aria_current="page").text == "Page 2"
    assert next(find_all(html, "ol", class_="hits"))["start"] == "21"
    assert find(html, "title").text == "All pieces · page 2 · Scattered Writing"


def test_no_piece_is_shown_twice_or_missing_over_all_pages(content_client: FlaskClient) -> None:
    titles = [e.text for n in (1, 2, 3) for e in headlines(get(content_client, f"/?page={n}"))]

    assert len(titles) == len(set(titles)) == 59


def test_hits_with_only_some_of_the_words_stand_apart(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=kv+cache+router")
    before, _, after = html.partition('<h2 class="tail">')
    everything = json.loads(get(content_client, "/api/search?q=kv+cache+router&limit=100"))

    assert after.startswith(f"{everything['partial']} more with some of the words")
    assert before.count('class="hit"') == everything["total"]
    assert after.count('class="hit"') == everything["partial"]


def test_a_dropped_word_is_told(content_client: FlaskClient) -> None:
    assert "No piece has “zebra” beside" in get(content_client, "/?q=pytorch+zebra")


def test_nothing_found_offers_each_way_out_with_its_count(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=grpo&tag=pytorch&source=Medium")
    ways = {e.text: e["href"] for e in find_all(html, "a") if e.text.startswith("without")}

    assert "Nothing was found" in html
    assert ways == {
        "without any filter": "/?q=grpo",
        "without tag: PyTorch": "/?q=grpo&source=Medium",
    }
    for label, url in ways.items():
        total = counted(get(content_client, url)).split()[0]
        assert re.search(rf"{label}</a> <span class=\"count\">{total} piece", html)
    assert [e["href"] for e in find_all(html, "a") if "show all pieces" in e.text] == ["/"]


def test_a_word_that_nothing_has_leads_on_to_tags(content_client: FlaskClient) -> None:
    html = get(content_client, "/?q=xylophone")

    assert "No piece has these words" in html
    assert any(e["href"] == "/tags/reinforcement-learning/" for e in find_all(html, "a"))
