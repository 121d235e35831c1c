"""Pages that are not sent again to who has them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_tag, a_work
from flask.testing import FlaskClient

from searchapp import Index
from searchapp.web import create_app

HTMX = {"HX-Request": "true"}
RESTORE = {"HX-History-Restore-Request": "true", "HX-Request": "true"}
PAGES = ["/", "/?q=grpo", "/?q=grpo&page=9", "/tags/", "/tags/?q=re", "/tags/agents/", "/tags/map/",
         "/about/", "/api/", "/facets/tag/?q=grpo"]  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_a_page_that_has_not_changed_is_not_sent_again(
    url: str, content_client: FlaskClient
) -> None:
    page = content_client.get(url)

    again = content_client.get(url, headers={"If-None-Match": page.headers["ETag"]})

    assert page.headers["ETag"].startswith('W/"')
    assert page.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control"):
        assert again.headers[name] == page.headers[name]


def test_a_piece_that_has_not_changed_is_not_sent_again(content_client: FlaskClient) -> None:
    key = content_client.get("/api/search").get_json()["hits"][0]["id"]
    tag = content_client.get(f"/works/{key}/").headers["ETag"]

    again = content_client.get(f"/works/{key}/", headers={"If-None-Match": f'"other", {tag}'})

    assert again.status_code == 304


@pytest.mark.parametrize("url", ["/?q=grpo", "/tags/?q=re"])
def test_page_and_partial_are_never_taken_for_each_other(
    url: str, content_client: FlaskClient
) -> None:
    page, partial = content_client.get(url), content_client.get(url, headers=HTMX)
    restored = content_client.get(url, headers=RESTORE)

    assert page.headers["ETag"] == restored.headers["ETag"] != partial.headers["ETag"]
    crossed = content_client.get(url, headers=HTMX | {"If-None-Match": page.headers["ETag"]})
    assert (crossed.status_code, crossed.data) == (200, partial.data)
    assert crossed.headers["Cache-Control"] == "no-store"


def test_another_search_is_another_page(content_client: FlaskClient) -> None:
    tags = {content_client.get(url).headers["ETag"] for url in PAGES}
    prefixed = content_client.get("/", base_url="http://localhost/blog")

    assert len(tags | {prefixed.headers["ETag"]}) == len(PAGES) + 1


def test_a_new_generation_is_seen_at_once(index_of: Callable[..., Index], tmp_path: Path) -> None:
    index_of(a_work("Rivers"))
    tag = create_app(tmp_path / "index").test_client().get("/").headers["ETag"]
    index_of(a_work("Rivers"), a_work("Lakes"))

    page = create_app(tmp_path / "index").test_client().get("/", headers={"If-None-Match": tag})

    assert page.status_code == 200
    assert "Lakes" in page.text


@pytest.mark.parametrize("url", ["/works/nonsense/", "/tags/nonsense/", "/tags/RL/", "/nonsense"])
def test_what_is_no_page_has_no_tag(url: str, content_client: FlaskClient) -> None:
    answer = content_client.get(url, headers={"If-None-Match": "*"})

    assert answer.status_code in (301, 404)
    assert "ETag" not in answer.headers


def test_a_tag_that_is_called_otherwise_now_is_called_so_on_the_next_page(
    index_of: Callable[..., Index], tmp_path: Path
) -> None:
    index_of(a_work("Cats", tags=["rl"]), tags=[a_tag("rl", label="RL")])
    app = create_app(tmp_path / "index")
    app.extensions["index"].is_eager = True
    assert ">RL</a>" in app.test_client().get("/?q=cats").text

    index_of(a_work("Cats", tags=["rl"]), tags=[a_tag("rl", label="Learning")])

    shown = app.test_client().get("/?q=cats").text
    assert ">Learning</a>" in shown and ">RL</a>" not in shown
