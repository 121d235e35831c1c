"""What pages say of themselves: one canonical address, what may be listed, linked data."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from builders import a_document, a_work, work_of
from flask.testing import FlaskClient
from html_reader import Element, find, find_all, read_html
from playwright.sync_api import Browser

from searchapp import Index
from searchapp.query import MAX_FILTERS
from searchapp.web import create_app
from searchapp.web.markup import json_block

HOME = "https://slowwater.example"


@pytest.fixture
def client_of(index_of: Callable[..., Index]) -> Callable[..., FlaskClient]:
    def serve(*works: object, **more: object) -> FlaskClient:
        return create_app(index_of(*works, **more).path).test_client()

    return serve


def canonical(client: FlaskClient, url: str) -> str:
    return find(client.get(url).text, "link", rel="canonical")["href"]


def robots(client: FlaskClient, url: str) -> str | None:
    found = [e["content"] for e in find_all(client.get(url).text, "meta", name="robots")]
    assert len(found) <= 1
    return found[0] if found else None


def linked(html: str) -> dict[str, Any]:
    (block,) = find_all(html, "script", type="application/ld+json")
    read: dict[str, Any] = json.loads("".join(block.parts))
    return read


def properties(html: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in find_all(html, "meta"):
        name = meta.get("property") or meta.get("name")
        if name:
            found.setdefault(name, []).append(meta["content"])
    return found


# --- One address for each thing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/", "/"),
        ("/?page=1&sort=newest", "/"),
        ("/?utm_source=x&nonsense=1", "/"),
        ("/?tag=Rivers", "/tags/rivers/"),
        ("/?q=tag:rivers", "/tags/rivers/"),
        ("/tags/rivers/", "/tags/rivers/"),
        ("/tags/rivers/?unknown=1", "/tags/rivers/"),
        ("/?tag=walking&tag=rivers", "/tags/rivers+walking/"),
        ("/?sort=oldest&q=river&tag=rivers&q=tide", "/?q=tide&tag=rivers&sort=oldest"),
        ("/?year=2024&tag=rivers&tag=rivers&tag=RIVERS", "/?tag=rivers&year=2024"),
        ("/?not.tag=rivers&source=Medium", "/?source=Medium&not.tag=rivers"),
        ("/?q=river&page=10000", "/?q=river"),
        ("/tags/", "/tags/"),
        ("/tags/?sort=title", "/tags/"),
        ("/about/", "/about/"),
        ("/tags/map/", "/tags/map/"),
        ("/api/", "/api/"),
    ],
)
def test_each_answer_has_one_address_whatever_order_it_was_asked_in(
    asked: str, address: str, scattered_client: FlaskClient
) -> None:
    assert canonical(scattered_client, asked) == HOME + address


@pytest.mark.parametrize(
    "url", ["/", "/tags/rivers/", "/?tag=rivers", "/?q=river", "/tags/", "/about/"]
)
def test_pages_of_their_own_and_of_words_alone_may_be_listed(
    url: str, scattered_client: FlaskClient
) -> None:
    assert robots(scattered_client, url) is None


@pytest.mark.parametrize(
    "url",
    [
        "/?q=zebra+quagga", "/?q=river&year=2024", "/?q=river&tag=rivers", "/?q=river&sort=title",
        "/?q=tag:rivers+river", "/?year=2024", "/?tag=rivers&year=2024", "/?not.tag=rivers",
        "/?sort=title", "/tags/rivers+walking/", "/tags/rivers/?sort=oldest", "/?tag=nonsense",
        "/tags/?sort=title", "/tags/?q=riv",
    ],
)  # fmt: skip
def test_combinations_and_what_found_nothing_are_not_listed_and_still_followed(
    url: str, scattered_client: FlaskClient
) -> None:
    assert robots(scattered_client, url) == "noindex, follow"


@pytest.mark.parametrize("url", ["/nonsense", "/works/nonsense/", "/tags/nonsense/",
                                 "/tags/rivers+walking+mending+names/"])  # fmt: skip
def test_what_is_not_there_is_not_listed(url: str, scattered_client: FlaskClient) -> None:
    assert robots(scattered_client, url) == "noindex"


def test_links_to_searches_are_marked_for_robots(scattered_client: FlaskClient) -> None:
    for url in ("/", "/?q=river", "/tags/rivers/", "/tags/rivers+walking/"):
        for link in find_all(scattered_client.get(url).text, "a"):
            path, _, query = link["href"].partition("?")
            combines = re.match("q=|not|sort|y|s[^e]|.*&", query) or "+" in path
            if path.startswith(("/feed", "/api/s")) or (path.startswith("/") and combines):
                paged = re.fullmatch(r"tag=[^&]+&page=\d+", query)
                assert paged or "nofollow" in (link.get("rel") or ""), link["href"]


def test_a_search_with_filters_without_end_keeps_the_first_and_says_so(
    scattered_client: FlaskClient,
) -> None:
    many = "&".join(f"year={2024 - n}" for n in range(3 * MAX_FILTERS))

    html = scattered_client.get(f"/?{many}").text
    address = canonical(scattered_client, f"/?{many}")

    assert f"Only the first {MAX_FILTERS} of {3 * MAX_FILTERS} filters were read." in html
    assert address.count("year=") == MAX_FILTERS
    assert scattered_client.get(address.removeprefix(HOME)).status_code == 200
    told = scattered_client.get(f"/api/search?{many}").json["notes"]
    assert f"Only the first {MAX_FILTERS} of {3 * MAX_FILTERS} filters were read." in told


def test_pages_of_one_answer_name_the_ones_beside_them(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*(a_work(f"Kite {n}", date="2024-01-01") for n in range(50)))

    html = client.get("/?page=2").text

    assert find(html, "link", rel="prev")["href"] == "/"
    assert find(html, "link", rel="next")["href"] == "/?page=3"
    assert canonical(client, "/?page=2") == "http://localhost/?page=2"
    assert robots(client, "/?page=2") is None
    assert robots(client, "/?q=kite&page=2") == "noindex, follow"


@pytest.mark.parametrize("texts", [True, False], ids=["with text", "without"])
def test_the_page_of_a_piece_names_the_place_where_it_was_published(
    texts: bool, client_of: Callable[..., FlaskClient]
) -> None:
    html = {"html": "<p>x</p>", "text": "x"} if texts else {}
    work = work_of(
        a_document("Kites", url="https://a.example/kites", **html),
        a_document("Kites", url="https://medium.example/kites"),
    )
    client = client_of(work)

    assert canonical(client, f"/works/{work.id}/") == "https://a.example/kites"
    assert robots(client, f"/works/{work.id}/") is None


def test_a_piece_without_another_address_is_at_home_here(
    client_of: Callable[..., FlaskClient],
) -> None:
    ours = a_work("Kites", html="<p>Paper</p>", text="Paper")
    bare = a_work("A bare title", url="javascript:alert(1)")
    client = client_of(ours, bare)

    assert canonical(client, f"/works/{ours.id}/") == f"http://localhost/works/{ours.id}/"
    assert robots(client, f"/works/{ours.id}/") is None
    assert robots(client, f"/works/{bare.id}/") == "noindex, follow"


def test_titles_tell_pages_apart(scattered_client: FlaskClient) -> None:
    hits = scattered_client.get("/api/search?limit=100").json["hits"]
    pages = [
        "/", "/?q=river", "/?q=tide", "/tags/", "/tags/rivers/", "/tags/walking/", "/about/",
        "/tags/map/", "/api/", "/tags/?sort=title", "/tags/?sort=latest", "/tags/?q=riv",
        "/tags/rivers+walking/", "/nonsense", *(f"/works/{hit['id']}/" for hit in hits),
    ]  # fmt: skip

    titles = [next(find_all(scattered_client.get(page).text, "title")).text for page in pages]

    assert len(set(titles)) == len(titles)
    assert all(title.endswith("Slow Water") for title in titles)


# --- Previews and reference managers ----------------------------------------------------------


def test_a_preview_has_title_kind_words_and_address(scattered_client: FlaskClient) -> None:
    home = properties(scattered_client.get("/").text)

    assert home["og:type"] == ["website"]
    assert home["og:title"] == home["og:site_name"] == ["Slow Water"]
    assert home["og:url"] == [f"{HOME}/"]
    assert home["description"] == home["og:description"]
    assert home["description"][0].startswith("Rivers, maps, walking")


def test_a_piece_can_be_cited_from_its_head(scattered_client: FlaskClient) -> None:
    (hit,) = scattered_client.get("/api/search?q=kingfisher").json["hits"]
    said = properties(scattered_client.get(f"/works/{hit['id']}/").text)

    assert said["og:type"] == ["article"]
    assert said["article:published_time"] == ["2022-03-14"]
    assert said["citation_title"] == [hit["title"]]
    assert said["citation_author"] == ["Wren Halloran"]
    assert said["citation_publication_date"] == ["2022/03/14"]
    assert said["citation_public_url"] == [hit["url"]]
    assert len(said["article:tag"]) == len(hit["tags"])


def test_a_description_is_one_line_cut_between_words(
    client_of: Callable[..., FlaskClient],
) -> None:
    long = a_work("Long", html=f"<h2>Head</h2>\n<p>{'word &amp; ' * 200}</p>", text="word")
    client = client_of(long)

    said = properties(client.get(f"/works/{long.id}/").text)["description"][0]

    assert said.startswith("Head word & word & word")
    assert len(said) <= 201
    assert re.search("(word|&)…$", said)


# --- Linked data ------------------------------------------------------------------------------


def test_a_piece_is_one_thing_at_all_its_addresses(scattered_client: FlaskClient) -> None:
    (hit,) = scattered_client.get("/api/search?q=kingfisher").json["hits"]
    said = linked(scattered_client.get(f"/works/{hit['id']}/").text)

    assert said["@type"] == "BlogPosting"
    assert said["url"] == hit["url"]
    assert said["mainEntityOfPage"] == f"{HOME}/works/{hit['id']}/"
    assert set(said["sameAs"]) == {
        *(place["url"] for place in hit["places"][1:]), said["mainEntityOfPage"]
    }  # fmt: skip
    assert said["author"] == [{"@type": "Person", "name": "Wren Halloran"}]
    assert said["datePublished"] == "2022-03-14"
    assert said["workTranslation"][0]["inLanguage"] == "de"
    assert None not in said.values()


def test_a_part_is_part_of_its_series(scattered_client: FlaskClient) -> None:
    hits = scattered_client.get("/api/search?q=mending+map").json["hits"]
    part = next(hit for hit in hits if hit["series"])
    said = linked(scattered_client.get(f"/works/{part['id']}/").text)

    assert said["isPartOf"]["@type"] == "CreativeWorkSeries"
    assert said["isPartOf"]["name"] == part["series"]["title"]
    assert said["position"] == part["series"]["part"]


def test_the_whole_says_how_it_is_searched_and_a_tag_what_it_is(
    scattered_client: FlaskClient,
) -> None:
    home, tag = (linked(scattered_client.get(url).text) for url in ("/", "/tags/rivers/"))

    assert home["@type"] == "WebSite"
    assert home["potentialAction"]["target"]["urlTemplate"] == f"{HOME}/?q={{search_term_string}}"
    assert tag["@type"] == "CollectionPage"
    assert tag["about"]["name"] == "rivers"
    assert tag["isPartOf"]["url"] == f"{HOME}/"


NASTY = ['</script><script>alert(1)</script>', "<!--<script>", "\u2028\u2029", "&lt;/script&gt;",
         '"\\', "]]>", "é 川 🪁"]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_a_title_holds_linked_data_is_data(
    nasty: str, client_of: Callable[..., FlaskClient]
) -> None:
    work = a_work(f"A {nasty}", summary=nasty, authors=[nasty], series=nasty, tags=["x"])
    html = client_of(work).get(f"/works/{work.id}/").text

    assert linked(html)["headline"] == f"A {nasty}"
    within = [e for e in read_html(html) if e.tag == "script" and e.get("src") is None]
    assert len(within) == 1
    assert not re.search("[<>&\u2028\u2029]", str(json_block(nasty)))


def test_a_browser_reads_linked_data_and_runs_none_of_it(
    scattered_server: str, browser: Browser
) -> None:
    page = browser.new_page()
    refused: list[str] = []
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP', e.blockedURI))"
    )
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    for path in ("/", "/tags/rivers/", "/?q=kingfisher"):
        page.goto(scattered_server + path)
    page.goto(scattered_server + page.locator(".hit .details a").first.get_attribute("href"))

    block = page.locator("script[type='application/ld+json']").text_content()

    assert json.loads(block or "")["@type"] == "BlogPosting"
    assert refused == []
    page.close()


# --- Microformats -----------------------------------------------------------------------------


def classed(html: str, name: str) -> Iterator[Element]:
    return (e for e in read_html(html) if name in (e.get("class") or "").split())


def test_a_piece_is_an_entry_for_those_who_read_microformats(
    scattered_client: FlaskClient,
) -> None:
    (hit,) = scattered_client.get("/api/search?q=kingfisher").json["hits"]
    html = scattered_client.get(f"/works/{hit['id']}/").text

    assert len(list(classed(html, "h-entry"))) == 1
    assert [e.text for e in classed(html, "p-name")] == [hit["title"]]
    assert [e["value"] for e in classed(html, "u-url")] == [hit["url"]]
    assert [e["datetime"] for e in classed(html, "dt-published")] == ["2022-03-14"]
    assert len(list(classed(html, "p-category"))) == len(hit["tags"])
    assert [e["href"] for e in classed(html, "u-syndication")] == [
        place["url"] for place in hit["places"][1:]
    ]
    assert [e.text for e in classed(html, "p-author")] == ["Wren Halloran"]
    assert "brown water" in next(classed(html, "e-content")).text


def test_a_list_is_a_feed_of_entries(scattered_client: FlaskClient) -> None:
    html = scattered_client.get("/tags/rivers/").text
    hits = scattered_client.get("/api/search?tag=rivers").json["hits"]

    assert len(list(classed(html, "h-feed"))) == 1
    assert len(list(classed(html, "h-entry"))) == len(hits)
    names = [e.text for e in classed(html, "p-name")]
    assert names == ["rivers", *(hit["title"] for hit in hits)]
