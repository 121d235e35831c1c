"""Never an error for a reader, and what every answer carries."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from builders import a_work
from flask import Flask
from flask.testing import FlaskClient
from html_reader import find, find_all, read_html
from pages import HTMX, ROOT, IndexOf, get, headings, links_on

from searchapp.fields import FACET
from searchapp.web import create_app

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
