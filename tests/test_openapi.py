"""The API against its own description: every answer is one that it promises."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from html_reader import find_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from json_schema import find_faults
from werkzeug.test import TestResponse

from searchapp.fields import FACETS, SORTS
from searchapp.web.api import MAX_LIMIT
from searchapp.web.openapi import WAYS

READ = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.fixture(scope="module")
def described(scattered_client: FlaskClient) -> dict[str, Any]:
    response = scattered_client.get("/api/openapi.json")
    assert response.status_code == 200
    read: dict[str, Any] = json.loads(response.data)
    return read


def check(response: TestResponse, path: str, described: dict[str, Any]) -> None:
    """Fail unless the description promises an answer just like that at `path`."""
    promised = described["paths"][path]["get"]["responses"]
    assert str(response.status_code) in promised
    content = promised[str(response.status_code)].get("content")
    if content is None:
        return
    assert response.mimetype in content
    if response.mimetype.endswith("json"):
        schema = content[response.mimetype]["schema"]
        assert find_faults(json.loads(response.data), schema, described) == []


def test_the_description_derives_from_the_fields(described: dict[str, Any]) -> None:
    for path in ("/api/search", "/feed.json", "/feed.atom"):
        names = {p["name"] for p in described["paths"][path]["get"]["parameters"]}
        assert names >= {facet.name for facet in FACETS} | {f"not.{f.name}" for f in FACETS} | {"q"}
    (sort,) = [p for p in described["paths"]["/api/search"]["get"]["parameters"]
               if p["name"] == "sort"]  # fmt: skip
    assert sort["schema"]["enum"] == [each.name for each in SORTS]
    assert described["openapi"].startswith("3.1")


def test_every_route_of_the_api_is_described(
    described: dict[str, Any], scattered_client: FlaskClient
) -> None:
    rules = [str(rule) for rule in scattered_client.application.url_map.iter_rules()]

    ours = {rule.replace("<key>", "{id}") for rule in rules if rule.startswith(("/api/", "/feed."))}

    assert ours - {"/api/"} == set(described["paths"])


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= described["components"]["schemas"].keys()
    assert described["components"]["schemas"].keys() - names == set()


words = st.text(max_size=40) | st.sampled_from(["river", "riv", "tide tag:rivers", "zebra", '"'])
numbers = st.integers(-2, 12).map(str) | st.text(max_size=4)
values = st.sampled_from(["rivers", "Rivers", "2024", "2022..2024", "Medium", "en", "0-5"])
filters = st.lists(
    st.tuples(
        st.sampled_from([f.name for f in FACETS] + [f"not.{f.name}" for f in FACETS]),
        values | st.text(max_size=12),
    ),
    max_size=5,
)
orders = st.sampled_from([sort.name for sort in SORTS]) | st.text(max_size=6)


@READ
@given(q=words, chosen=filters, page=numbers | st.none(), limit=numbers | st.none(),
       sort=orders | st.none(), explain=st.sampled_from(["1", "", None]))  # fmt: skip
def test_whatever_is_asked_the_answer_is_one_that_is_promised(
    scattered_client: FlaskClient, described: dict[str, Any], q: str,
    chosen: list[tuple[str, str]], page: str | None, limit: str | None, sort: str | None,
    explain: str | None,
) -> None:  # fmt: skip
    asked = [("q", q), *chosen, ("page", page), ("limit", limit), ("sort", sort),
             ("explain", explain)]  # fmt: skip
    query = urlencode([(name, value) for name, value in asked if value is not None],
                      errors="replace")  # fmt: skip

    check(scattered_client.get(f"/api/search?{query}"), "/api/search", described)


@READ
@given(q=words, chosen=filters)
def test_whatever_is_typed_suggestions_and_feeds_are_as_promised(
    scattered_client: FlaskClient, described: dict[str, Any], q: str,
    chosen: list[tuple[str, str]],
) -> None:  # fmt: skip
    query = urlencode([("q", q), *chosen], errors="replace")

    for path in ("/api/suggest", "/api/completions", "/feed.json", "/feed.atom"):
        check(scattered_client.get(f"{path}?{query}"), path, described)


@READ
@given(key=st.text(max_size=20) | st.from_regex("[0-9a-fA-F]{12}", fullmatch=True))
def test_whatever_is_taken_for_an_id_the_answer_is_a_problem(
    scattered_client: FlaskClient, described: dict[str, Any], key: str
) -> None:
    path = f"/api/works/{quote(key, safe='', errors='replace')}"
    response = scattered_client.get(path)

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert (
        find_faults(response.json, described["components"]["schemas"]["Problem"], described) == []
    )


def test_every_piece_and_all_tags_are_as_promised(
    scattered_client: FlaskClient, described: dict[str, Any]
) -> None:
    hits = scattered_client.get(f"/api/search?limit={MAX_LIMIT}").json["hits"]
    for hit in hits:
        check(scattered_client.get(f"/api/works/{hit['id']}"), "/api/works/{id}", described)
    check(scattered_client.get("/api/tags"), "/api/tags", described)
    check(scattered_client.get("/api/openapi.json"), "/api/openapi.json", described)
    assert len(hits) > 5


def test_the_examples_of_problems_are_problems(described: dict[str, Any]) -> None:
    for way in described["paths"].values():
        for status, answer in way["get"]["responses"].items():
            for content in answer.get("content", {}).values():
                if "example" in content:
                    assert find_faults(content["example"], content["schema"], described) == []
                    assert content["example"]["status"] == int(status)


# --- Who may read it --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/search", "/api/works/nonsense", "/api/nonsense",
                                  "/api/search?limit=x", "/api/openapi.json", "/feed.json",
                                  "/feed.atom"])  # fmt: skip
def test_scripts_of_any_site_may_read_answers_and_errors(
    path: str, scattered_client: FlaskClient
) -> None:
    response = scattered_client.get(path, headers={"Origin": "https://else.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_pages_may_not_be_read_by_other_sites(scattered_client: FlaskClient) -> None:
    for path in ("/", "/api/", "/tags/", "/sitemap.xml"):
        assert "Access-Control-Allow-Origin" not in scattered_client.get(path).headers


def test_a_browser_that_asks_first_is_told_what_it_may(scattered_client: FlaskClient) -> None:
    response = scattered_client.options("/api/search", headers={
        "Origin": "https://else.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match",
    })  # fmt: skip

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_the_api_lacks_is_a_problem(
    method: str, scattered_client: FlaskClient
) -> None:
    for path in ("/api/search", "/api/tags", "/api/works/0123456789ab"):
        response = scattered_client.open(path, method=method)
        assert response.status_code == 405
        assert response.mimetype == "application/problem+json"
        assert response.json["status"] == 405
        assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/search", "/api/tags", "/api/nonsense", "/feed.atom"])
def test_head_is_get_without_the_body(path: str, scattered_client: FlaskClient) -> None:
    get, head = scattered_client.get(path), scattered_client.head(path)

    assert head.data == b""
    assert head.status_code == get.status_code
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("way", [way.path for way in WAYS if way.example is not None])
def test_what_has_not_changed_is_not_sent_again(way: str, scattered_client: FlaskClient) -> None:
    first = scattered_client.get(way)

    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = scattered_client.get(way, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    other = scattered_client.get(way, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_the_page_of_the_api_leads_to_answers(scattered_client: FlaskClient) -> None:
    html = scattered_client.get("/api/").text

    links = [e["href"] for e in find_all(html, "a") if e["href"].startswith(("/api/", "/feed."))]
    assert len(set(links)) >= len(WAYS) - 1
    for link in links:
        assert scattered_client.get(link).status_code == 200
    assert [e["href"] for e in find_all(scattered_client.get("/").text, "a", href="/api/")]
