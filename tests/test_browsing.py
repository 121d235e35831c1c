"""Browsing without words, and what helps where nothing was found, by Flask's client."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import a_work, write_files
from flask.testing import FlaskClient
from html_reader import find, find_all

from searchapp import Index
from searchapp.build import build
from searchapp.errors import ConfigurationError
from searchapp.sources import read_configuration
from searchapp.web import create_app


def get(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.text


def shelves(html: str) -> list[str]:
    part = html.partition('<nav class="browse"')[2].partition("</nav>")[0]
    return [e.text for e in find_all(part, "h2")]


# --- The first page -----------------------------------------------------------------------------


def test_the_first_page_leads_to_tags_collections_and_the_map(content_client: FlaskClient) -> None:
    html = get(content_client, "/")
    browse = html.partition('<nav class="browse"')[2].partition("</nav>")[0]
    links = {e.text: e["href"] for e in find_all(browse, "a")}

    assert shelves(html) == ["Tags", "Training", "Reasoning and agents", "Architectures"]
    assert links["Reinforcement learning 10 pieces"] == "/tags/reinforcement-learning/"
    assert links["All 44 tags"] == "/tags/"
    assert links["Map of the tags"] == "/tags/map/"
    assert find(html, "h2", class_="first").text == "From A to Z"


def test_dated_pieces_begin_with_the_latest_under_their_years(
    scattered_client: FlaskClient,
) -> None:
    html = get(scattered_client, "/")

    assert find(html, "h2", class_="first").text == "Latest pieces"
    assert [e.text.split()[0] for e in find_all(html, "h2", class_="year")][:2] == ["2024", "2023"]
    assert list(find_all(html, "ol", class_="bars"))
    assert find(get(scattered_client, "/?sort=oldest"), "h2", class_="first").text == (
        "From the first"
    )


@pytest.mark.parametrize("url", ["/?q=river", "/?tag=rivers", "/?page=2", "/?year=2023"])
def test_who_asks_for_something_is_not_told_to_browse(
    url: str, scattered_client: FlaskClient, content_client: FlaskClient
) -> None:
    client = content_client if "page" in url else scattered_client

    assert shelves(get(client, url)) == []


def test_without_tags_there_is_nothing_to_browse_by(index_of: Callable[..., Index]) -> None:
    index = index_of(a_work("Alone"))

    html = get(create_app(index.path).test_client(), "/")

    assert 'class="browse"' not in html
    assert "Alone" in html


# --- What is chosen ---------------------------------------------------------------------------


def test_the_drawer_says_how_many_filters_are_chosen(scattered_client: FlaskClient) -> None:
    def drawer(url: str) -> str:
        return next(find_all(get(scattered_client, url), "summary")).text

    assert drawer("/") == "Narrow these pieces"
    assert drawer("/?tag=rivers&not.source=Medium") == "Narrow these pieces 2 chosen"


def test_a_value_that_nothing_has_is_hidden_unless_it_is_chosen(
    scattered_client: FlaskClient,
) -> None:
    def years(url: str) -> list[str]:
        values = find_all(get(scattered_client, url), "a", class_="value")
        return [e.text for e in values if (e.get("id") or "").startswith("year-")]

    assert years("/?tag=letters") == []
    assert years("/?tag=letters&year=2022&year=2024") == ["2024 1 piece", "2022 0 pieces"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("year=2022&year=2023&year=2024", "Pieces from 2022 to 2024"),
        ("year=2022..2024", "Pieces from 2022 to 2024"),
        ("not.year=2022&not.year=2023&not.year=2024", "Pieces without 2022 to 2024"),
        ("year=2022&year=2024", "Pieces from 2022 or 2024"),
        ("year=x&year=y&year=z", "Pieces from x, y or z"),
    ],
)
def test_years_in_a_row_are_said_at_once(
    asked: str, says: str, scattered_client: FlaskClient
) -> None:
    assert find(get(scattered_client, f"/?{asked}"), "h1").text == says


def test_months_in_a_row_go_over_the_new_year(index_of: Callable[..., Index]) -> None:
    days = ("2020-11-03", "2020-12-03", "2021-01-03", "2021-03-03")
    index = index_of(*(a_work(date=day) for day in days))
    asked = "/?year=2020&year=2021&" + "&".join(f"month={day[:7]}" for day in days)

    html = get(create_app(index.path).test_client(), asked)

    assert "from November 2020 to January 2021 or March 2021" in find(html, "h1").text


# --- Nothing found -----------------------------------------------------------------------------


def site_with(folder: Path, feedback: str | None) -> FlaskClient:
    stated = f'feedback = "{feedback}"\n' if feedback else ""
    files = {
        "sources.toml": f'[site]\ntitle = "Cats & Co"\n{stated}',
        "cats.md": "---\ntitle: Cats\ntags: [pets]\n---\nAll about cats.",
    }
    build(write_files(folder / "content", files), folder / "index")
    return create_app(folder / "index").test_client()


def tell(html: str) -> str | None:
    return next((e["href"] for e in find_all(html, "a") if e.text.endswith("Tell us")), None)


def test_who_found_nothing_may_write_to_the_owner_with_the_question_in_the_letter(
    tmp_path: Path,
) -> None:
    client = site_with(tmp_path, "me@example.org")

    html = get(client, "/?q=dogs+%26bcc%3Dx%40y.example%0D%0A&tag=nonsense")
    letter = urlsplit(str(tell(html)))

    assert (letter.scheme, letter.path) == ("mailto", "me@example.org")
    assert letter.query.count("&") == 1
    said = parse_qs(letter.query)
    assert said.keys() == {"subject", "body"}
    assert said["subject"] == [
        "Not found on Cats & Co: “dogs &bcc=x@y.example” in pieces tagged nonsense"
    ]
    assert "I looked for “dogs &bcc=x@y.example”" in said["body"][0]


def test_who_found_nothing_may_tell_it_on_a_page_of_the_owners(tmp_path: Path) -> None:
    client = site_with(tmp_path, "https://example.org/new?title={words}&kind=lost")

    html = get(client, "/?q=dogs%26kind%3Dx")

    assert tell(html) == (
        "https://example.org/new?title=%E2%80%9Cdogs%26kind%3Dx%E2%80%9D&kind=lost"
    )


def test_without_an_address_nobody_is_asked_to_tell(tmp_path: Path) -> None:
    client = site_with(tmp_path, None)

    assert tell(get(client, "/?q=dogs")) is None
    assert tell(get(client, "/?q=cats")) is None


def test_what_is_found_is_no_occasion_to_tell(tmp_path: Path) -> None:
    assert tell(get(site_with(tmp_path, "me@example.org"), "/?q=cats")) is None


@pytest.mark.parametrize(
    "feedback", ["me", "me@", "javascript:alert(1)", "mailto:a@b.org?bcc=c@d.org", "", "a@b,c@d.e"]
)
def test_an_address_to_tell_that_is_none_is_refused_with_its_line(
    feedback: str, tmp_path: Path
) -> None:
    files = {"sources.toml": f'[site]\ntitle = "A"\nfeedback = "{feedback}"\n'}

    with pytest.raises(ConfigurationError) as refused:
        read_configuration(write_files(tmp_path, files))

    assert "sources.toml:3: feedback is" in str(refused.value)
    assert "write a mail address, me@example.org" in str(refused.value)


def test_a_dead_end_shows_the_correction_first_with_its_count(
    index_of: Callable[..., Index],
) -> None:
    index = index_of(
        *(a_work("Watercolour", tags=["art"]) for _ in range(3)), a_work("Other", tags=["pets"])
    )
    html = get(create_app(index.path).test_client(), "/?q=watercolor+zebra&tag=pets")

    assert "Nothing was found" in html
    tags = {e.text: e["href"] for e in find_all(html, "a")}
    assert tags["art 3 pieces"] == "/tags/art/"
