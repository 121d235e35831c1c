"""OpenSearch, sitemap and robots.txt: what browsers and crawlers are told."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from builders import a_work, write_files
from flask.testing import FlaskClient
from html_reader import find, find_all

from searchapp import Index
from searchapp.build import build
from searchapp.web import create_app

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def client_of(index_of: Callable[..., Index]) -> Callable[..., FlaskClient]:
    def serve(*works: object, **more: object) -> FlaskClient:
        return create_app(index_of(*works, **more).path).test_client()

    return serve


def locations(client: FlaskClient, url: str = "/sitemap.xml", **more: object) -> list[str]:
    response = client.get(url, **more)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response.content_type == "application/xml; charset=utf-8"
    root = ET.fromstring(response.data)  # our own output
    assert root.tag in (f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex")
    return [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]


# --- OpenSearch -------------------------------------------------------------------------------


def read_opensearch(client: FlaskClient, **more: object) -> ET.Element:
    response = client.get("/opensearch.xml", **more)  # type: ignore[arg-type]
    assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
    return ET.fromstring(response.data)  # our own output


def templates(described: ET.Element) -> dict[str, str]:
    return {e.attrib["type"]: e.attrib["template"] for e in described.iter(f"{OPENSEARCH}Url")}


def test_a_browser_learns_how_to_search_suggest_and_follow(scattered_client: FlaskClient) -> None:
    described = read_opensearch(scattered_client)
    ways = templates(described)

    assert described.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert described.findtext(f"{OPENSEARCH}ShortName") == "Slow Water"
    assert described.findtext(f"{OPENSEARCH}InputEncoding") == "UTF-8"
    assert ways.keys() == {
        "text/html", "application/atom+xml", "application/x-suggestions+json",
        "application/opensearchdescription+xml",
    }  # fmt: skip
    for template in ways.values():
        asked = template.replace("{searchTerms}", "river").replace("{startPage?}", "")
        path = asked.removeprefix("https://slowwater.example")
        assert path != asked
        assert scattered_client.get(path).status_code == 200


def test_every_page_names_the_description_of_the_search(scattered_client: FlaskClient) -> None:
    for page in ("/", "/tags/", "/about/", "/nonsense", "/api/"):
        link = find(scattered_client.get(page).text, "link", rel="search")
        assert link["href"] == "/opensearch.xml"
        assert link["type"] == "application/opensearchdescription+xml"


def test_a_long_title_is_cut_to_what_the_format_takes(tmp_path: Path) -> None:
    title = "The Collected Notes & Queries of a Slow Walker Along Rivers"
    files = {"sources.toml": f'[site]\ntitle = "{title}"\n[[source]]\nname = "a"\n'
             'kind = "markdown"\npath = "a"\n', "a/kites.md": "# Kites\n"}  # fmt: skip
    build(write_files(tmp_path / "content", files), tmp_path / "index")

    described = read_opensearch(create_app(tmp_path / "index").test_client())

    assert described.findtext(f"{OPENSEARCH}ShortName") == "The Collected"
    assert len(described.findtext(f"{OPENSEARCH}LongName") or "") <= 48


def test_completions_are_four_lists_of_one_length(scattered_client: FlaskClient) -> None:
    response = scattered_client.get("/api/completions?q=riv")
    typed, names, said, addresses = json.loads(response.data)

    assert response.mimetype == "application/x-suggestions+json"
    assert typed == "riv"
    assert names[0] == "rivers"
    assert len(names) == len(said) == len(addresses) > 2
    assert addresses[0] == "https://slowwater.example/tags/rivers/"
    assert json.loads(scattered_client.get("/api/completions").data) == ["", [], [], []]


# --- Where we stand ---------------------------------------------------------------------------


def test_addresses_hold_below_a_prefix_and_by_the_host_that_was_asked(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(a_work("Kites", html="<p>Paper</p>", text="Paper", tags=["sky"]))
    there = {"base_url": "https://search.example/writing"}

    ways = templates(read_opensearch(client, **there))

    assert ways["text/html"].startswith("https://search.example/writing/?q=")
    for address in locations(client, **there):
        assert address.startswith("https://search.example/writing/")
    robots = client.get("/robots.txt", **there).text
    assert "Sitemap: https://search.example/writing/sitemap.xml\n" in robots


@pytest.mark.parametrize("url", ["/", "/?q=river", "/tags/rivers/", "/opensearch.xml", "/about/",
                                 "/sitemap.xml", "/robots.txt", "/feed.atom", "/feed.json",
                                 "/api/completions?q=riv", "/api/"])  # fmt: skip
def test_a_forged_host_is_in_no_answer_where_the_owner_states_the_address(
    url: str, scattered_client: FlaskClient
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example",
               "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}  # fmt: skip

    assert "evil" not in scattered_client.get(url, headers=headers).text


@pytest.mark.parametrize("host", ['a"><script>', "a b", "a/b", "a\\b", "\x01", "[::1", "é.example"])
def test_a_malformed_host_breaks_nothing_and_is_in_no_answer(
    host: str, client_of: Callable[..., FlaskClient]
) -> None:
    client = client_of(a_work("Kites", tags=["sky"]))

    for url in ("/", "/opensearch.xml", "/sitemap.xml", "/robots.txt", "/feed.atom"):
        response = client.get(url, environ_overrides={"HTTP_HOST": host})
        assert response.status_code < 500
        assert host not in response.text


# --- robots.txt and the sitemap ---------------------------------------------------------------


def test_robots_txt_forbids_nothing_so_that_noindex_is_seen(scattered_client: FlaskClient) -> None:
    response = scattered_client.get("/robots.txt")

    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\nDisallow:\n\nSitemap: https://slowwater.example/sitemap.xml\n"
    )


def test_every_address_of_the_sitemap_answers_is_its_own_canonical_and_may_be_listed(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work("Ours", html="<p>Paper</p>", text="Paper", tags=["sky", "c++"], date="2024-01-01"),
        a_work("Ours, and elsewhere", html="<p>Wind</p>", text="Wind", url="https://a.example/w"),
        a_work("Theirs", url="https://b.example/", tags=["sky"]),
        a_work("A bare title"),
    )

    addresses = locations(client)

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert find(response.text, "link", rel="canonical")["href"] == address
        assert not list(find_all(response.text, "meta", name="robots"))
    paths = [address.removeprefix("http://localhost") for address in addresses]
    assert paths[:3] == ["/", "/about/", "/api/"]
    assert "/tags/sky/" in paths
    (piece,) = [path for path in paths if path.startswith("/works/")]
    assert "Ours" in find(client.get(piece).text, "h1").text
    assert len(set(addresses)) == len(addresses)


def test_a_long_sitemap_comes_in_parts_that_hold_each_address_once(
    client_of: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(*(a_work(f"P{n}", html="<p>x</p>", text="x", tags=["t"]) for n in range(20)))
    whole = locations(client)

    monkeypatch.setattr(import_module("searchapp.web.discovery"), "MOST_ADDRESSES", 10)
    parts = locations(client)
    index = client.get("/sitemap.xml").text

    assert parts == [f"http://localhost/sitemap-{n}.xml" for n in (1, 2, 3)]
    assert len(re.findall(r"<lastmod>[-\dT:+]{25}</lastmod>", index)) == 3
    found = [locations(client, part) for part in parts]
    assert [len(part) for part in found] == [10, 10, len(whole) - 20]
    assert list(chain(*found)) == whole
    for beyond in (0, 4, 10**20):
        assert client.get(f"/sitemap-{beyond}.xml").status_code == 404


def test_a_sitemap_that_has_not_changed_is_not_sent_again(
    index_of: Callable[..., Index], tmp_path: Path
) -> None:
    index_of(a_work("Kites", html="<p>x</p>", text="x"))
    client = create_app(tmp_path / "index").test_client()
    first = client.get("/sitemap.xml")
    had = {"If-None-Match": first.headers["ETag"]}

    assert client.get("/sitemap.xml", headers=had).status_code == 304
    assert client.head("/sitemap.xml").status_code == 200
    elsewhere = client.get("/sitemap.xml", headers=had, base_url="https://other.example/")
    assert elsewhere.status_code == 200


def test_a_sitemap_is_sent_again_after_an_update_of_ours_lists_other_pages_of_the_same_index(
    client_of: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(a_work("Kites", html="<p>x</p>", text="x"))
    had = {"If-None-Match": client.get("/sitemap.xml").headers["ETag"]}

    monkeypatch.setattr(import_module("searchapp.web.discovery"), "_list_own_pages", lambda _: [])

    assert client.get("/sitemap.xml", headers=had).status_code == 200
