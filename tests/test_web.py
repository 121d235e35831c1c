"""Pages and JSON, by Flask's client over real indexes."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from builders import a_document, a_tag, a_work, work_of
from flask import Flask
from flask.testing import FlaskClient
from html_reader import Element, find, find_all, read_html

from searchapp import Index
from searchapp.fields import FACET
from searchapp.slugs import key_of
from searchapp.web import create_app

ROOT = Path(__file__).parent.parent
HTMX = {"HX-Request": "true"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

IndexOf = Callable[..., Index]


@pytest.fixture
def client_of(index_of: IndexOf, tmp_path: Path) -> Callable[..., FlaskClient]:
    """Serve the given works."""

    def serve(*works: object, **more: object) -> FlaskClient:
        index_of(*works, **more)
        return create_app(tmp_path / "index").test_client()

    return serve


def get(client: FlaskClient, url: str) -> str:
    """Return the page at `url`, which must be there."""
    response = client.get(url)
    assert response.status_code == 200, f"{url} gave {response.status_code}"
    return response.text


def counted(html: str) -> str:
    return find(html, "p", class_="counted").text


def headings(html: str) -> list[str]:
    return [e.text for e in find_all(html, "h1")]


def headlines(html: str) -> list[Element]:
    """Return the links of the hits' headlines."""
    elements = read_html(html)
    return [
        link
        for heading, link in pairwise(elements)
        if heading.tag == "h3" and (heading.get("id") or "").startswith("piece-")
    ]


def facets_on(html: str) -> list[str]:
    return [
        (e.get("id") or "").removeprefix("facet-")
        for e in find_all(html, "h3")
        if (e.get("id") or "").startswith("facet-")
    ]


def links_on(html: str) -> Iterator[str]:
    for element in read_html(html):
        for name in ("href", "src", "action", "hx-get"):
            if element.get(name):
                yield element[name]


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
    assert counted(get(content_client, "/")) == "59 pieces in 59 places"
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
    assert counted(get(scattered_client, "/tags/川/")) == "1 piece in 1 place"


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


# --- A piece's own page -------------------------------------------------------------------


def find_work(client: FlaskClient, words: str) -> str:
    answer = client.get("/api/search", query_string={"q": words})
    return str(json.loads(answer.data)["hits"][0]["id"])


def test_a_piece_is_shown_with_its_text_and_formulas(content_client: FlaskClient) -> None:
    work = find_work(content_client, "attention mechanisms vanilla gqa")

    html = get(content_client, f"/works/{work}/")

    assert headings(html) == ["Attention Mechanisms: From Vanilla to GQA and Beyond"]
    assert "<mi>softmax</mi>" in html and "formulas.css" in html
    assert find(html, "div", class_="prose")


def test_a_piece_kept_elsewhere_is_one_link_away(content_client: FlaskClient) -> None:
    work = find_work(content_client, "better spatial perception robots")

    html = get(content_client, f"/works/{work}/")

    (way,) = [e for e in find_all(html, "a") if e.text.startswith("Read it on The Batch")]
    assert way["href"].startswith("https://www.deeplearning.ai/the-batch/")


def test_a_piece_names_every_place_with_its_role(scattered_client: FlaskClient) -> None:
    work = find_work(scattered_client, "river is not a line")

    html = get(scattered_client, f"/works/{work}/")
    places = [e.text for e in find_all(html, "ul", class_="places")]

    assert len(places) == 1
    for part in ("Slow Water", "original", "Medium", "copy", "Why I Stopped Drawing Rivers"):
        assert part in places[0]


def test_the_key_of_any_document_moves_to_the_piece(
    client_of: Callable[..., FlaskClient],
) -> None:
    first = a_document("Twice", date="2020-01-01")
    later = a_document("Twice", date="2021-01-01")
    client = client_of(work_of(later, first))

    response = client.get(f"/works/{later.key}/")

    assert response.headers["Location"] == f"/works/{first.key}/"
    assert response.status_code == 301
    assert client.get(f"/api/works/{later.key}").headers["Location"] == f"/api/works/{first.key}"


def test_a_piece_lists_its_series_with_the_part_before_and_after(
    content_client: FlaskClient,
) -> None:
    html = get(content_client, f"/works/{find_work(content_client, 'direct preference part 2')}/")

    (parts,) = find_all(html, "ol", class_="parts")
    assert re.findall(r"Part (\d)", parts.text) == ["1", "2", "3", "4"]
    assert "PPO" in find(html, "a", rel="prev").text
    assert "GRPO" in find(html, "a", rel="next").text
    assert find(html, "strong", aria_current="page").text.endswith("(DPO)")


def test_a_piece_names_its_translations(scattered_client: FlaskClient) -> None:
    work = find_work(scattered_client, "river is not a line")
    german = find_work(scattered_client, "ein fluss ist keine linie")

    (link,) = find_all(get(scattered_client, f"/works/{work}/"), "a", hreflang="de")

    assert (link.text, link["href"]) == ("Ein Fluss ist keine Linie", f"/works/{german}/")


def test_the_api_gives_what_belongs_to_a_piece(
    scattered_client: FlaskClient, content_client: FlaskClient
) -> None:
    def ask(client: FlaskClient, words: str) -> dict[str, object]:
        return dict(json.loads(get(client, f"/api/works/{find_work(client, words)}")))

    river = ask(scattered_client, "river is not a line")
    assert [(v["relation"], v["language"], v["title"]) for v in river["versions"]] == [
        ("translation", "de", "Ein Fluss ist keine Linie")
    ]
    turtle = ask(content_client, "turtle speed part 2 blueprint")
    assert (turtle["series"]["part"], turtle["series"]["parts"]) == (2, 2)
    assert [part["part"] for part in turtle["parts"]] == [1, 2]
    assert (turtle["previous"], turtle["next"]) == (turtle["parts"][0]["id"], None)


@pytest.mark.parametrize("key", ["nonsense", key_of("no such document"), "%F0%9F%90%A2", "../x"])
def test_an_unknown_piece_is_not_found_and_search_is_offered(
    key: str, content_client: FlaskClient
) -> None:
    response = content_client.get(f"/works/{key}/")

    assert response.status_code == 404
    assert find(response.text, "input", name="q")


def test_about_shows_what_the_owner_wrote(
    content_client: FlaskClient, client_of: Callable[..., FlaskClient]
) -> None:
    assert "stand-in" in get(content_client, "/about/")
    assert headings(get(client_of(a_work()), "/about/")) == ["About"]


# --- Images ----------------------------------------------------------------------------------


@pytest.fixture
def gallery(index_of: IndexOf, tmp_path: Path) -> FlaskClient:
    """Serve a piece that shows an image, beside a file that none shows."""
    content = tmp_path / "content"
    (content / "posts").mkdir(parents=True)
    (content / "posts" / "a b.png").write_bytes(b"\x89PNG")
    (content / "posts" / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (content / "secret.png").write_bytes(b"secret")
    (content / "posts" / "notes.md").write_text("secret")
    (tmp_path / "outside.png").write_bytes(b"secret")
    (content / "led-out.png").symlink_to(tmp_path / "outside.png")
    shown = ["posts/a b.png", "posts/drawing.svg", "posts/notes.md", "led-out.png", "gone.png"]
    index_of(a_work(images=shown))
    return create_app(tmp_path / "index", content).test_client()


def test_an_image_of_a_piece_is_sent_and_can_run_nothing(gallery: FlaskClient) -> None:
    for name, kind in (("posts/a%20b.png", "image/png"), ("posts/drawing.svg", "image/svg+xml")):
        response = gallery.get(f"/media/{name}", buffered=True)
        assert response.status_code == 200
        assert response.mimetype == kind
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "script-src" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "secret.png", "posts/notes.md", "led-out.png", "gone.png", "posts", "", "../outside.png",
        "%2e%2e/outside.png", "posts/..%2f..%2foutside.png", "/etc/passwd", "%00.png",
    ],
)  # fmt: skip
def test_no_other_file_is_ever_sent(path: str, gallery: FlaskClient) -> None:
    response = gallery.get(f"/media/{path}", buffered=True)

    assert response.status_code in (404, 308)
    assert b"secret" not in response.data


# --- The API --------------------------------------------------------------------------------


def test_an_answer_has_the_names_of_the_contract(scattered_client: FlaskClient) -> None:
    answer = json.loads(
        get(scattered_client, "/api/search?q=mending+map&tag=Mending&not.source=Quora")
    )

    assert {
        "total", "places", "generation", "page", "pages", "sort", "query", "understood",
        "correction", "partial", "hits", "facets",
    } <= answer.keys()  # fmt: skip
    assert answer["query"] == {
        "q": "mending map", "filters": {"tag": ["mending"]}, "not": {"source": ["Quora"]},
    }  # fmt: skip
    assert {
        "id", "title", "url", "date", "kind", "source", "language", "authors", "minutes", "tags",
        "series", "summary", "snippet", "documents", "sections", "places",
    } <= answer["hits"][0].keys()  # fmt: skip
    assert answer["hits"][0]["series"].keys() == {"title", "part", "parts"}
    assert answer["hits"][0]["places"][0].keys() == {
        "url", "source", "title", "date", "role", "gone",
    }  # fmt: skip
    assert answer["facets"]["tag"][0].keys() == {"value", "label", "count", "selected", "excluded"}
    assert answer["understood"][0].keys() == {"text", "as", "note"}
    assert answer["total"] == len(answer["hits"]) == 2


def test_a_facet_without_values_is_not_in_the_answer(content_client: FlaskClient) -> None:
    answer = json.loads(get(content_client, "/api/search"))

    assert "year" not in answer["facets"]
    assert answer["sort"] == "title"
    assert {hit["date"] for hit in answer["hits"]} == {None}


def test_the_limit_is_ours_to_choose(content_client: FlaskClient) -> None:
    def hits(url: str) -> int:
        return len(json.loads(get(content_client, url))["hits"])

    assert hits("/api/search") == 20
    assert hits("/api/search?limit=3") == 3
    assert hits("/api/search?limit=100") == 59


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("limit=0", "limit is '0'; give a whole number from 1 to 100"),
        ("limit=101", "limit is '101'"),
        ("limit=-1", "limit is '-1'"),
        ("limit=ten", "limit is 'ten'"),
        ("limit=", "limit is ''"),
        ("limit=1e1", "limit is '1e1'"),
        ("limit=" + "9" * 5000, "limit is '9999"),
        ("limit=٣", "limit is '٣'"),
        ("limit=1&limit=x", "limit is 'x'"),
        ("page=0", "page is '0'; give a whole number from 1 to 10,000"),
        ("page=10001", "page is '10001'"),
        ("page=x&sort=best", "page is 'x'"),
        ("sort=best", "sort is 'best'; it is one of relevance, newest, oldest, title"),
        ("sort=", "sort is ''"),
    ],
)
def test_a_malformed_parameter_is_a_problem_with_a_remedy(
    asked: str, complaint: str, content_client: FlaskClient
) -> None:
    response = content_client.get(f"/api/search?{asked}")

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.data)
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert complaint in problem["detail"]


@pytest.mark.parametrize("url", ["/api/nonsense", "/api/works/nonsense", "/api/works/"])
def test_what_the_api_lacks_is_a_problem_too(url: str, content_client: FlaskClient) -> None:
    response = content_client.get(url)

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert json.loads(response.data)["status"] == 404


def test_a_cut_question_is_told_by_page_and_api(content_client: FlaskClient) -> None:
    words = "grpo " * 100

    note = "Only the first 200 characters of the words were read."

    assert note in get(content_client, f"/?q={words}")
    assert note in json.loads(get(content_client, f"/api/search?q={words}"))["notes"]


def test_a_piece_as_json_has_its_html_where_the_text_is_ours(content_client: FlaskClient) -> None:
    ours = find_work(content_client, "attention mechanisms vanilla gqa")
    theirs = find_work(content_client, "better spatial perception robots")

    assert "<p>" in json.loads(get(content_client, f"/api/works/{ours}"))["html"]
    assert "html" not in json.loads(get(content_client, f"/api/works/{theirs}"))


def test_tags_that_go_together_are_related_the_rarer_first(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        *(a_work(tags=["code"]) for _ in range(5)),
        a_work(tags=["code", "rust", "traits"]),
        a_work(tags=["code", "rust", "traits"]),
        a_work(tags=["code", "rust"]),
        a_work(),
    )

    tags = {tag["tag"]: tag for tag in json.loads(get(client, "/api/tags"))["tags"]}

    assert tags["code"].keys() == {"tag", "label", "count", "aliases", "related"}
    assert [other["tag"] for other in tags["rust"]["related"]] == ["traits", "code"]
    assert [other["tag"] for other in tags["traits"]["related"]] == ["rust", "code"]


# --- Never an error for a reader ---------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "page=abc", "page=-1", "page=0", "page=10000", "page=" + "9" * 400, "sort=best", "year=x",
        "nonsense=1", "q=%ff%fe", "q=%00", "q=" + "a" * 5000, "q=%22", "q=tag%3A", "q=-",
        "q=((((", "tag=%F0%9F%90%A2", "tag=nonsense", "not.tag=nonsense", "month=2024-13",
        "minutes=7", "q=year%3A9999..0", "series=" + "x" * 3000, "tag=a&" * 50, "q=a&q=b", "not.=1",
        "q=%ED%A0%80", "language=../../etc", "source=" + "%26" * 50,
    ],
)  # fmt: skip
def test_a_page_answers_any_parameter(
    query: str, content_client: FlaskClient, scattered_client: FlaskClient
) -> None:
    for client in (content_client, scattered_client):
        for headers in ({}, HTMX):
            response = client.get(f"/?{query}", headers=headers)
            assert response.status_code == 200
            read_html(response.text)


def test_what_was_corrected_is_said(content_client: FlaskClient) -> None:
    html = get(content_client, "/?sort=best&page=abc&tag=nonsense")

    assert "There is no order “best”" in html
    assert "There is no page “abc”" in html
    assert "No piece has the tag “nonsense”" in html


@pytest.fixture
def broken(content_index: Path) -> Flask:
    """An app with a bug in it."""
    app = create_app(content_index)

    @app.get("/bug")
    @app.get("/api/bug")
    def bug() -> str:
        raise ZeroDivisionError("a detail of ours")

    return app


def test_a_bug_shows_a_calm_page_and_is_logged_loudly(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    page, problem = broken.test_client().get("/bug"), broken.test_client().get("/api/bug")

    assert page.status_code == problem.status_code == 500
    assert find(page.text, "input", name="q")
    assert problem.mimetype == "application/problem+json"
    for response in (page, problem):
        assert not re.search("Traceback|ZeroDivision|a detail of ours", response.text)
    assert "ZeroDivisionError: a detail of ours" in caplog.text


def test_without_an_index_pages_say_what_to_do_until_there_is_one(
    index_of: IndexOf, tmp_path: Path
) -> None:
    client = create_app(tmp_path / "index").test_client()

    for url in ("/", "/tags/", "/works/0123456789ab/", "/about/", "/api/search"):
        response = client.get(url)
        assert response.status_code == 503
        assert "searchapp build" in response.text
        assert str(tmp_path) not in response.text
    assert client.get("/healthz").status_code == 200

    index_of(a_work("Here at last"))

    assert "Here at last" in get(client, "/")


def test_a_method_that_a_page_lacks_is_refused_in_our_look(content_client: FlaskClient) -> None:
    response = content_client.post("/")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert find(response.text, "input", name="q")


# --- What every answer carries ---------------------------------------------------------------

EVERYWHERE = [
    "/", "/?q=grpo", "/tags/", "/tags/agents/", "/about/", "/nonsense", "/works/nonsense/",
    "/tags/map/", "/tags/nonsense/", "/tags/agents+reasoning/", "/tags/?sort=title", "/tags/?q=re",
    "/static/style.css", "/static/nonsense", "/static/vendor/htmx.min.js", "/static/favicon.svg",
    "/media/nonsense.png", "/api/search", "/api/search?limit=x", "/api/nonsense", "/healthz",
    "/tags/RL/", "/tags", "/bug", "/favicon.ico", "/api/", "/opensearch.xml", "/sitemap.xml",
    "/robots.txt",
]  # fmt: skip


@pytest.mark.parametrize("url", EVERYWHERE)
def test_every_answer_says_what_a_page_may_do(url: str, broken: Flask) -> None:
    response = broken.test_client().get(url, buffered=True)
    policy = response.headers["Content-Security-Policy"].split("; ")

    assert {
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'",
        "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
        "img-src 'self' data:", "font-src 'self'",
    } == set(policy)  # fmt: skip
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    shared = url.startswith("/api/") and url != "/api/"
    whose = "cross-origin" if shared else "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == whose
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "url", [u for u in EVERYWHERE if not u.startswith(("/static", "/api/s", "/api/n"))]
)
def test_no_page_has_a_script_or_style_within_it(url: str, broken: Flask) -> None:
    response = broken.test_client().get(url)
    if response.mimetype != "text/html" or response.status_code in (301, 308):
        return
    for element in read_html(response.text):
        assert element.tag != "style"
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith(("on", "hx-on"))]
        if element.tag == "script" and element.get("type") != "application/ld+json":  # no code
            assert element.get("src") and not element.text


@pytest.mark.parametrize(
    "url", [u for u in EVERYWHERE if not u.startswith(("/static", "/api/s", "/api/n"))]
)
def test_ids_are_unique_headings_in_order_and_controls_named(url: str, broken: Flask) -> None:
    response = broken.test_client().get(url)
    if response.mimetype != "text/html" or response.status_code in (301, 308):
        return
    elements = read_html(response.text)
    ids = [e["id"] for e in elements if e.get("id")]
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "for", "form"):
        assert {e[name] for e in elements if e.get(name)} <= set(ids)
    levels = [int(e.tag[1]) for e in elements if re.fullmatch("h[1-6]", e.tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(e.text for e in elements if e.tag in ("a", "button", "summary"))
    assert {e.tag for e in elements} >= {"header", "nav", "main", "search"}


def test_static_files_are_kept_by_browsers_until_they_change(content_client: FlaskClient) -> None:
    styles = [e["href"] for e in find_all(get(content_client, "/"), "link", rel="stylesheet")]

    for style, name in zip(styles, ("style", "box", "tags"), strict=True):
        assert re.fullmatch(rf"/static/{name}\.css\?v=[0-9a-f]{{8}}", style)
        kept = content_client.get(style, buffered=True).headers["Cache-Control"]
        assert "max-age=31536000" in kept


@pytest.mark.parametrize("url", ["/", "/?q=river&page=1", "/tags/", "/tags/rivers/", "/about/",
                                 "/nonsense", "/tags/?sort=title", "/tags/?q=ri", "/tags/map/",
                                 "/tags/nonsense/", "/api/"])  # fmt: skip
def test_all_links_work_below_a_prefix(url: str, scattered_client: FlaskClient) -> None:
    response = scattered_client.get(url, base_url="http://localhost/blog/search")

    ours = [link for link in links_on(response.text) if not link.startswith(("https://", "#"))]

    assert len(ours) > 5
    assert [link for link in ours if not link.startswith("/blog/search/")] == []


def test_redirects_stay_below_a_prefix(content_client: FlaskClient) -> None:
    response = content_client.get("/tags/RL/", base_url="http://localhost/blog")

    assert response.headers["Location"] == "/blog/tags/reinforcement-learning/"


def test_html_is_declared_safe_in_one_place_only() -> None:
    code = [p.read_text(encoding="utf-8") for p in (ROOT / "searchapp").rglob("*.py")]
    templates = [p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html")]

    assert sum(text.count("Markup(") for text in code) == 1
    assert not [t for t in code if "render_template_string" in t]
    assert not [t for t in templates if re.search(r"\|\s*safe\b|autoescape", t)]
    assert sum(t.count("|trusted") for t in templates) == 2  # a piece's text and about.md


def test_every_facet_has_words_for_its_values(scattered_client: FlaskClient) -> None:
    for name in FACET:
        html = get(scattered_client, f"/?{name}=Nonsense&not.tag=else")
        assert "nonsense" in headings(html)[0].lower()


def test_the_own_style_stays_small() -> None:
    static = ROOT / "searchapp" / "web" / "static"

    assert sorted(p.name for p in static.rglob("*.css")) == [
        "box.css", "formulas.css", "owner.css", "piece.css", "style.css", "tags.css", "watch.css",
    ]  # fmt: skip
    assert (static / "owner.css").stat().st_size < 8_000  # these two are sent to the owner alone
    assert (static / "watch.css").stat().st_size < 1_000
    assert (static / "formulas.css").stat().st_size < 1_000
    assert (static / "style.css").stat().st_size < 15_000
    assert (static / "tags.css").stat().st_size < 8_000
    assert (static / "piece.css").stat().st_size < 5_000
    assert (static / "box.css").stat().st_size < 6_000


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rgb` or `#rrggbb`, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7), ("quiet", "paper", 7), ("green", "paper", 7), ("red", "paper", 7),
        ("ink", "card", 7), ("red", "card", 7), ("ink", "field", 7), ("quiet", "field", 7),
        ("ink", "mark", 7), ("paper", "green", 7), ("edge", "paper", 3), ("edge", "field", 3),
    ],
)  # fmt: skip
def test_colours_stand_out(scheme: int, text: str, ground: str, least: float) -> None:
    style = (ROOT / "searchapp/web/static/style.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\n *\}", style, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", block))

    darker, lighter = sorted(luminance(colours[name]) for name in (text, ground))

    assert (lighter + 0.05) / (darker + 0.05) >= least
