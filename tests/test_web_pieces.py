"""A piece's own page, its images, and the API."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_document, a_work, work_of
from flask.testing import FlaskClient
from html_reader import find, find_all
from pages import (
    IndexOf,
    client_of,  # noqa: F401  # fixtures
    find_work,
    get,
    headings,
)

from searchapp.slugs import key_of
from searchapp.web import create_app

# --- A piece's own page -------------------------------------------------------------------


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
