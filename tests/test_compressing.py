"""What goes over the wire: answers that browsers take compressed, static files that they keep."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from html_reader import read_html

from searchapp.web import create_app
from searchapp.web.assets import load_assets
from searchapp.web.compressing import pack, pack_by_zlib

GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
TEXTS = [
    "/", "/?q=grpo", "/tags/", "/tags/map/", "/api/search", "/api/nonsense", "/feed.atom",
    "/feed.json", "/nonsense",
]  # fmt: skip


def assets_on(html: str) -> list[str]:
    """Return the addresses of the static files that a page names."""
    links = [e.get("src") or e.get("href") or "" for e in read_html(html)]
    return sorted({link for link in links if link.startswith("/static/")})


@pytest.mark.parametrize("url", TEXTS)
def test_an_answer_of_text_arrives_compressed_and_is_the_same(
    url: str, content_client: FlaskClient
) -> None:
    plain, packed = content_client.get(url), content_client.get(url, headers=GZIP)

    if len(plain.data) < 1_000:
        assert "Content-Encoding" not in packed.headers
        return
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.vary
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data


def test_a_page_is_the_same_where_only_zlib_compresses_it(content_client: FlaskClient) -> None:
    page = content_client.get("/").data

    assert gzip.decompress(pack_by_zlib(page)) == gzip.decompress(pack(page)) == page


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_who_does_not_take_gzip_is_sent_none(accepted: str, content_client: FlaskClient) -> None:
    for url in ("/", "/static/style.css"):
        response = content_client.get(url, headers={"Accept-Encoding": accepted})

        assert "Content-Encoding" not in response.headers
        assert "Accept-Encoding" in response.vary


def test_a_tiny_answer_stays_as_it_is(content_client: FlaskClient) -> None:
    for url in ("/healthz", "/static/favicon.svg", "/api/suggest?q=qqq"):
        assert "Content-Encoding" not in content_client.get(url, headers=GZIP).headers


def test_a_cache_tells_compressed_partials_by_all_that_they_vary_on(
    content_client: FlaskClient,
) -> None:
    response = content_client.get("/?q=grpo", headers=GZIP | {"HX-Request": "true"})

    assert set(response.vary.as_set()) == {
        "hx-request", "hx-history-restore-request", "accept-encoding",
    }  # fmt: skip


def test_what_was_fetched_compressed_is_asked_for_again_by_its_tag(
    content_client: FlaskClient,
) -> None:
    for url in ("/feed.atom", "/static/style.css"):
        tag = content_client.get(url, headers=GZIP).headers["ETag"]

        again = content_client.get(url, headers=GZIP | {"If-None-Match": tag})

        assert (again.status_code, again.data) == (304, b"")
        assert "Accept-Encoding" in again.vary


def test_asking_for_the_head_tells_the_length_that_would_be_sent(
    content_client: FlaskClient,
) -> None:
    head, page = (
        ask("/?q=grpo", headers=GZIP) for ask in (content_client.head, content_client.get)
    )

    assert head.data == b""
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_static_files_are_kept_for_good_under_the_address_of_their_version(
    content_client: FlaskClient,
) -> None:
    named = assets_on(content_client.get("/").text)
    assert len(named) >= 4

    for address in named:
        response = content_client.get(address, headers=GZIP)
        kept = response.headers["Cache-Control"]
        assert set(kept.split(", ")) == {"public", "immutable", "max-age=31536000"}
        assert re.search(r"\?v=[0-9a-f]{8}$", address)
        for other in (address.partition("?")[0], address[:-8] + "00000000"):
            assert content_client.get(other).headers["Cache-Control"] == "no-cache"


def test_a_changed_static_file_has_another_address(tmp_path: Path) -> None:

    (tmp_path / "style.css").write_text("a { color: red }")
    before = load_assets(tmp_path)["style.css"].version
    (tmp_path / "style.css").write_text("a { color: blue }")

    assert load_assets(tmp_path)["style.css"].version != before


def test_while_developing_a_static_file_is_read_anew(content_index: Path) -> None:
    app = create_app(content_index)
    app.extensions["assets"] = {}
    assert app.test_client().get("/static/style.css").status_code == 404

    app.debug = True

    assert app.test_client().get("/static/style.css").status_code == 200


@pytest.mark.parametrize("name", ["../__init__.py", "vendor", "", "style.css/", "..%2Fapi.py"])
def test_nothing_but_static_files_is_sent(name: str, content_client: FlaskClient) -> None:
    assert content_client.get(f"/static/{name}").status_code == 404


def test_a_first_visit_stays_light(content_client: FlaskClient) -> None:
    for url in ("/", "/?q=grpo", "/tags/reasoning/", "/tags/map/"):
        page = content_client.get(url, headers=GZIP)
        named = assets_on(gzip.decompress(page.data).decode())
        weight = len(page.data) + sum(
            len(content_client.get(address, headers=GZIP).data) for address in named
        )
        assert weight < 60_000, url
        partial = content_client.get(url, headers=GZIP | {"HX-Request": "true"})
        assert len(partial.data) <= 12_000, url
