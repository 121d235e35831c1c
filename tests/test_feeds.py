"""Feeds of any search: valid, whole, and with each piece once for ever."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_document, a_tag, a_work, work_of, write_files
from flask.testing import FlaskClient
from html_reader import find_all
from pages import IndexOf, client_of  # noqa: F401  # a fixture

from searchapp.build import build
from searchapp.web import create_app

ATOM = "{http://www.w3.org/2005/Atom}"


def read_atom(client: FlaskClient, url: str = "/feed.atom", **more: object) -> ET.Element:
    response = client.get(url, **more)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.data)  # our own output


def read_json(client: FlaskClient, url: str = "/feed.json", **more: object) -> dict[str, object]:
    response = client.get(url, **more)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response.content_type == "application/feed+json; charset=utf-8"
    read: dict[str, object] = json.loads(response.data)
    return read


def entries(feed: ET.Element) -> list[ET.Element]:
    return feed.findall(f"{ATOM}entry")


def texts(element: ET.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{ATOM}{name}")]


def link(element: ET.Element, rel: str) -> str:
    return next(e.attrib["href"] for e in element.findall(f"{ATOM}link") if e.attrib["rel"] == rel)


def titles(client: FlaskClient, url: str = "/feed.atom") -> list[str]:
    """Return what a feed holds, after checking that both kinds hold the same."""
    shown = [texts(entry, "title")[0] for entry in entries(read_atom(client, url))]
    items = read_json(client, url.replace(".atom", ".json"))["items"]
    assert [item["title"] for item in items] == shown  # type: ignore[index, attr-defined]
    return shown


# --- What they hold ---------------------------------------------------------------------------


def test_a_feed_holds_the_newest_pieces_first(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(
        a_work("Old", date="2020-01-01"), a_work("Undated"), a_work("New", date="2024-01-01")
    )

    assert titles(client) == ["New", "Old", "Undated"]


def test_a_feed_holds_50_pieces_at_most(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*(a_work(f"Piece {n}", date="2024-01-01") for n in range(60)))

    assert len(titles(client)) == 50


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=tide", ["A Timetable for the Tide"]),
        ("q=kingfisher", ["A River Is Not a Line"]),
        ("tag=Etymology", ["A River Called River"]),
        ("source=Quora", ["A River Called River"]),
        ("not.source=Slow+Water&year=2024", []),
        ("q=tide&sort=title&page=7", ["A Timetable for the Tide"]),
        ("q=tide+source:Medium", []),
        ("year=nonsense&page=-1&sort=x&unknown=1", []),
    ],
)  # fmt: skip
def test_a_feed_takes_the_parameters_of_a_search(
    asked: str, found: list[str], scattered_client: FlaskClient
) -> None:
    assert titles(scattered_client, f"/feed.atom?{asked}") == found


def test_pieces_with_only_some_of_the_words_are_not_in_a_feed(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(a_work("Kites and boats"), a_work("Kites"))

    assert titles(client, "/feed.atom?q=kites+boats") == ["Kites and boats"]


def test_a_piece_in_three_places_is_one_entry_with_the_tags_of_all(
    scattered_client: FlaskClient,
) -> None:
    (entry,) = entries(read_atom(scattered_client, "/feed.atom?q=river+is+not+a+line+kingfisher"))

    tags = [(e.attrib["term"], e.attrib["label"]) for e in entry.findall(f"{ATOM}category")]
    assert ("hydrology", "Hydrology") in tags
    assert ("rivers", "rivers") in tags
    assert link(entry, "alternate") == "https://slowwater.example/2022/03/a-river-is-not-a-line/"
    assert link(entry, "related").startswith("https://slowwater.example/works/")
    assert texts(entry, "published") == texts(entry, "updated") == ["2022-03-14T00:00:00Z"]


def test_an_entry_leads_to_the_site_that_the_feed_is_of(scattered_client: FlaskClient) -> None:
    (entry,) = entries(read_atom(scattered_client, "/feed.atom?q=kingfisher&source=Medium"))

    assert link(entry, "alternate").startswith("https://medium.com/@wren-halloran/")


def test_an_entry_is_dated_by_the_first_of_its_copies(scattered_client: FlaskClient) -> None:
    (entry,) = entries(read_atom(scattered_client, "/feed.atom?q=timetable+tide"))
    (item,) = read_json(scattered_client, "/feed.json?q=timetable+tide")["items"]  # type: ignore[misc]

    assert texts(entry, "published") == ["2023-11-17T00:00:00Z"]
    assert item["date_published"] == "2023-11-17T00:00:00Z"


# --- Once for ever ----------------------------------------------------------------------------


def test_a_later_copy_never_comes_back_as_new(tmp_path: Path) -> None:
    posts = {
        "a/kites.md": "---\ndate: 2020-01-01\nurl: https://a.example/kites\n---\nPaper.\n",
    }
    copy = "---\ndate: 2024-01-01\nurl: https://b.example/k\ncanonical_url: https://a.example/kites\n---\n"
    content, index = write_files(tmp_path / "content", posts), tmp_path / "index"
    build(content, index)
    client = create_app(index).test_client()
    before = [ET.tostring(e) for e in entries(read_atom(client))]

    write_files(content, {"b/kites.md": f"{copy}Paper and wind.\n"})
    assert build(content, index).changed
    client = create_app(index).test_client()

    assert [ET.tostring(e) for e in entries(read_atom(client))] == before


def test_the_ids_do_not_depend_on_how_one_came_here(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work("One"), a_work("Two"))

    feeds = [read_atom(client, base_url=f"https://{host}/") for host in ("a.example", "b.example")]

    assert texts(feeds[0], "id") == texts(feeds[1], "id")
    ids = [[texts(e, "id") for e in entries(f)] for f in feeds]
    assert ids[0] == ids[1]
    assert len({str(i) for i in ids[0]}) == 2


def test_both_kinds_of_feed_name_a_piece_alike(scattered_client: FlaskClient) -> None:
    atom = [texts(entry, "id")[0] for entry in entries(read_atom(scattered_client))]
    items = read_json(scattered_client)["items"]

    assert [item["id"] for item in items] == atom  # type: ignore[index, attr-defined]


# --- As the formats want them -----------------------------------------------------------------


def test_an_atom_feed_has_what_rfc_4287_asks(scattered_client: FlaskClient) -> None:
    feed = read_atom(scattered_client, "/feed.atom?tag=rivers")

    for element in (feed, *entries(feed)):
        for name in ("id", "title", "updated"):
            assert len(texts(element, name)) == 1
        assert texts(element, "id")[0].startswith("urn:uuid:")
        assert texts(element, "updated")[0].endswith("Z")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert link(feed, "self") == "https://slowwater.example/feed.atom?tag=rivers"
    assert link(feed, "alternate") == "https://slowwater.example/?tag=rivers"


def test_a_json_feed_has_what_version_1_1_asks(scattered_client: FlaskClient) -> None:
    feed = read_json(scattered_client, "/feed.json?tag=rivers")

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://slowwater.example/feed.json?tag=rivers"
    assert feed["home_page_url"] == "https://slowwater.example/?tag=rivers"
    for item in feed["items"]:  # type: ignore[attr-defined]
        assert item["id"] and item["content_text"] and item["url"].startswith("https://")
        assert None not in item.values()


def test_an_empty_feed_is_a_feed(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(a_work("Kites"))

    assert entries(read_atom(client, "/feed.atom?q=zebra")) == []
    assert read_json(client, "/feed.json?q=zebra")["items"] == []


@pytest.mark.parametrize("nasty", ["\x0b\x00\x1f", "<b>&amp; ]]>", "\ufffe", "🪁 ' \"", "</entry>"])
def test_whatever_a_title_holds_the_feed_can_be_read(
    nasty: str, client_of: Callable[..., FlaskClient]
) -> None:
    work = a_work(f"A{nasty}", summary=nasty, tags=["x"], authors=[f"B{nasty}"])
    client = client_of(work, tags=[replace(a_tag("x"), label=f"C{nasty}")])

    assert titles(client)[0].startswith("A")


def test_an_address_that_must_not_be_followed_is_in_no_feed(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(a_work("Kites", url="javascript:alert(1)"))

    assert b"javascript" not in client.get("/feed.atom").data + client.get("/feed.json").data


# --- Where they stand -------------------------------------------------------------------------


def test_links_are_whole_below_a_prefix_too(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(work_of(a_document("Kites")))

    feed = read_atom(client, environ_overrides={"SCRIPT_NAME": "/writing"})

    assert link(feed, "self") == "http://localhost/writing/feed.atom"
    assert link(entries(feed)[0], "alternate").startswith("http://localhost/writing/works/")


@pytest.mark.parametrize("path", ["/all", "/works", "/tags/new"])  # our pages have such names, too
def test_a_site_below_a_path_has_that_path_once(path: str, tmp_path: Path) -> None:
    files = {"sources.toml": f'[site]\nurl = "https://a.example{path}/"\n[[source]]\nname = "a"\n'
             'kind = "markdown"\npath = "a"\n', "a/kites.md": "# Kites\n"}  # fmt: skip
    build(write_files(tmp_path / "content", files), tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    for environment in ({}, {"SCRIPT_NAME": path}):
        feed = read_atom(client, environ_overrides=environment)
        assert link(feed, "self") == f"https://a.example{path}/feed.atom"
        piece = link(entries(feed)[0], "alternate")
        assert piece.startswith(f"https://a.example{path}/works/")


def alternates(html: str) -> Mapping[str, str]:
    links = find_all(html, "link", rel="alternate")
    return {e["type"]: e["href"] for e in links}


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("/", ""), ("/tags/", ""), ("/about/", ""), ("/tags/rivers/", "?tag=rivers"),
        ("/?q=tide&sort=title", "?q=tide"), ("/?source=Medium&page=2", "?source=Medium"),
    ],
)  # fmt: skip
def test_each_page_names_the_feeds_of_what_it_shows(
    page: str, asked: str, scattered_client: FlaskClient
) -> None:
    found = alternates(scattered_client.get(page).text)

    assert found["application/atom+xml"] == f"/feed.atom{asked}"
    assert found["application/feed+json"] == f"/feed.json{asked}"


def test_a_feed_that_did_not_change_is_not_sent_again(scattered_client: FlaskClient) -> None:
    first = scattered_client.get("/feed.atom")

    again = scattered_client.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""
    assert first.headers["Access-Control-Allow-Origin"] == "*"
