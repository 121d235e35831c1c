"""Pieces by time: bars that are links, by Flask's client over real indexes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_work
from flask.testing import FlaskClient
from html_reader import Element, find, find_all

from searchapp import Index
from searchapp.web import create_app

IndexOf = Callable[..., Index]


@pytest.fixture
def client_of(index_of: IndexOf, tmp_path: Path) -> Callable[..., FlaskClient]:
    """Serve the given works."""

    def serve(*works: object) -> FlaskClient:
        index_of(*works)
        return create_app(tmp_path / "index").test_client()

    return serve


def dated(*days: str) -> list[object]:
    return [a_work(f"Of {day} ({number})", date=day) for number, day in enumerate(days)]


def get(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.text


def bars(html: str, facet: str = "year") -> dict[str, Element]:
    """Return the links of a chart by what they say."""
    return {
        e.text: e for e in find_all(html, "a") if (e.get("id") or "").startswith(f"{facet}-bar-")
    }


def heights(html: str) -> list[float]:
    return [float(e["height"]) for e in find_all(html, "rect")]


def counted(html: str) -> str:
    return find(html, "p", class_="counted").text


def test_each_year_is_a_bar_that_leads_to_the_pieces_it_counts(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*dated("2019-01-01", "2021-03-01", "2021-04-01", "2021-05-01"))

    html = get(client, "/")

    assert list(bars(html)) == ["2019, 1 piece", "2021, 3 pieces"]
    assert bars(html)["2021, 3 pieces"]["href"] == "/?year=2021"
    assert counted(get(client, "/?year=2021")).startswith("3 pieces")


def test_bars_are_as_high_as_their_counts_and_an_empty_year_keeps_its_place(
    client_of: Callable[..., FlaskClient],
) -> None:
    html = get(client_of(*dated("2019-01-01", "2021-03-01", "2021-04-01")), "/")

    assert len(list(find_all(html, "li"))) > 3
    first, last = heights(html)
    assert last == 2 * first == 40
    assert find(html, "ol", class_="bars")["aria-label"] == "3 pieces by year"


@pytest.mark.parametrize("days", [(), ("2020-01-01",), ("2020-01-01", "2020-02-01")])
def test_nothing_is_drawn_where_there_are_no_two_years(
    days: tuple[str, ...], client_of: Callable[..., FlaskClient]
) -> None:
    html = get(client_of(a_work("Undated"), *dated(*days)), "/")

    assert not list(find_all(html, "ol", class_="bars"))


def test_a_chosen_year_is_marked_and_its_bar_takes_it_back(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*dated("2019-01-01", "2020-01-01", "2021-03-01"))

    html = get(client, "/?q=of&year=2020")

    assert [text for text, e in bars(html).items() if e.get("class") == "on"] == [
        "2020, 1 piece, chosen"
    ]
    assert bars(html)["2020, 1 piece, chosen"]["href"] == "/?q=of"
    assert bars(html)["2021, 1 piece"]["href"] == "/?q=of&year=2020&year=2021"


def test_two_chosen_years_offer_those_between(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*dated("2018-01-01", "2019-01-01", "2020-01-01", "2021-03-01"))

    html = get(client, "/?year=2018&year=2020")
    (way,) = [e for e in find_all(html, "a") if e.text == "All from 2018 to 2020"]
    whole = get(client, way["href"])

    assert way["href"] == "/?year=2018..2020"
    assert counted(whole).startswith("3 pieces")
    assert find(whole, "h1").text == "Pieces from 2018 to 2020"
    assert "All from" not in whole
    (chip,) = find_all(whole, "a", class_="chip")
    assert (chip.text, chip["href"]) == ("Remove filter year: 2018 to 2020×", "/")


def test_months_are_bars_once_a_year_is_chosen(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*dated("2019-01-01", "2020-02-01", "2020-02-09", "2020-11-01"))

    assert bars(get(client, "/"), "month") == {}
    months = bars(get(client, "/?year=2020"), "month")

    assert list(months) == ["February 2020, 2 pieces", "November 2020, 1 piece"]
    chosen = get(client, months["February 2020, 2 pieces"]["href"])
    assert counted(chosen).startswith("2 pieces")


def test_a_century_is_drawn_in_decades(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*dated("1921-01-01", "1988-02-01", "1989-02-09", "2021-11-01"))

    decades = bars(get(client, "/?q=of"))

    assert list(decades) == [
        "1921 to 1929, 1 piece", "1980 to 1989, 2 pieces", "2020 to 2021, 1 piece",
    ]  # fmt: skip
    chosen = get(client, decades["1980 to 1989, 2 pieces"]["href"])
    assert counted(chosen).startswith("2 pieces")
    assert bars(chosen)["1980 to 1989, 2 pieces, chosen"]["href"] == "/?q=of"


@pytest.mark.parametrize(
    ("first", "beside", "above"),
    [
        (2012, "2012, 1 piece", "2012, 1 piece"),
        (2010, "2010 to 2011, 2 pieces", "2010, 1 piece"),
        (1995, "1995 to 1999, 2 pieces", "1995, 1 piece"),
        (1990, "1990 to 1994, 2 pieces", "1990, 1 piece"),
        (1980, "1980 to 1984, 2 pieces", "1980 to 1981, 2 pieces"),
    ],
)
def test_a_longer_time_is_drawn_by_more_years_a_bar_where_there_is_less_room(
    first: int, beside: str, above: str, client_of: Callable[..., FlaskClient]
) -> None:
    client = client_of(*dated(f"{first}-01-01", f"{first + 1}-01-01", "2023-11-01"))

    assert next(iter(bars(get(client, "/?q=of")))) == beside
    assert next(iter(bars(get(client, "/")))) == above


def test_months_of_several_years_are_a_list_alone(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*dated("2019-01-01", "2020-02-01"))

    html = get(client, "/?year=2019&year=2020")

    assert find(html, "a", id="month-2020-02")
    assert bars(html, "month") == {}


@pytest.mark.parametrize("url", ["/", "/?q=river", "/?year=2023", "/tags/rivers/"])
def test_every_bar_shows_exactly_what_it_says(url: str, scattered_client: FlaskClient) -> None:
    html = get(scattered_client, url)
    drawn = bars(html) | bars(html, "month")

    assert drawn
    for told, bar in drawn.items():
        number, asked = re.search(r", (\d+) piece", told), bar["href"]
        if number and not told.endswith("chosen") and "year=" not in url:
            assert counted(get(scattered_client, asked)).split()[0] == number[1], told


def test_bars_need_no_style_and_no_script(scattered_client: FlaskClient) -> None:
    chart = get(scattered_client, "/").partition('class="timeline"')[2].partition("</figure>")[0]

    assert "<rect" in chart
    assert "style" not in chart and "hx-" not in chart


# --- Under headings ---------------------------------------------------------------------------


def headings(html: str, kind: str) -> list[str]:
    return [e.text for e in find_all(html, "h2", class_=kind)]


def test_pieces_of_a_year_stand_under_their_months(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(*dated("2019-01-01", "2020-02-01", "2020-02-09", "2020-11-01"))

    html = get(client, "/?year=2020")

    assert headings(html, "month") == [
        "November Only 1 piece from November 2020",
        "February Only 2 pieces from February 2020",
    ]
    (only,) = [e for e in find_all(html, "a") if e.text == "Only 2 pieces from February 2020"]
    assert only["href"] == "/?year=2020&month=2020-02"
    assert counted(get(client, only["href"])).startswith("2 pieces")


def test_a_year_among_chosen_ones_leads_to_itself_alone(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*dated("2019-01-01", "2020-02-01", "2021-02-09"))

    html = get(client, "/?year=2019&year=2020")
    (only,) = [e for e in find_all(html, "a") if e.text == "Only 1 piece from 2020"]

    assert headings(html, "year") == [
        "2020 Only 1 piece from 2020", "2019 Only 1 piece from 2019",
    ]  # fmt: skip
    assert only["href"] == "/?year=2020"


def test_undated_pieces_stand_under_their_letters(content_client: FlaskClient) -> None:
    pages = [headings(get(content_client, f"/?page={n}"), "letter") for n in (1, 2, 3)]

    assert pages[0][:2] == ["0–9", "A"]
    letters = [letter for page in pages for letter in page]
    assert letters == sorted(letters)
    assert headings(get(content_client, "/?q=grpo&sort=title"), "letter") == []


def test_a_short_list_needs_no_letters(content_client: FlaskClient) -> None:
    assert headings(get(content_client, "/tags/reasoning/"), "letter") == []
