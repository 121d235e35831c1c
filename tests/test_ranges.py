"""Many years and months in a row: the address says them as one range, and the page stays small."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from builders import a_work
from flask.testing import FlaskClient
from html_reader import find, find_all

from searchapp.engine import Index
from searchapp.query import MAX_FILTERS, runs_of
from searchapp.web import create_app

MONTHS = [f"{year}-{month:02}" for year in range(2001, 2011) for month in range(1, 13, 2)]


@pytest.fixture
def index(index_of: Callable[..., Index]) -> Index:
    """A piece in every second month of ten years."""
    return index_of(*(a_work(f"Of {m}", date=f"{m}-03", tags=["a", "b"]) for m in MONTHS))


@pytest.fixture
def client(index: Index) -> FlaskClient:
    return create_app(index.path).test_client()


def test_a_range_of_months_made_every_link_name_each_of_them(client: FlaskClient) -> None:
    whole = client.get("/").text
    html = client.get("/?month=2001-01..2010-12&year=2001..2010").text

    assert len(html) < 3 * len(whole)
    assert max(len(link.get("href") or "") for link in find_all(html, "a")) < 160
    assert find(html, "h1").text == "Pieces from 2001 to 2010, from January 2001 to November 2010"


@pytest.mark.parametrize("asked", ["month=2001-01..2010-12", "q=of+month:2001-01..2010-12"])
def test_links_lost_all_months_of_a_range_but_the_first_16(client: FlaskClient, asked: str) -> None:
    assert len(MONTHS) > MAX_FILTERS
    html = client.get(f"/?{asked}").text
    (next_page,) = {unescape(a["href"]) for a in find_all(html, "a") if a.text.startswith("Next")}

    assert "month=2001-01..2010-11" in next_page
    asked_next = next_page.removeprefix("/?")
    assert client.get(f"/api/search?{asked_next}").json["total"] == len(MONTHS)


def test_a_month_taken_out_of_a_range_parts_it_in_two(index: Index) -> None:
    query = index.search(month="2001-01..2010-12").query.without_filter("month", "2005-03")

    assert query.as_args() == [("month", "2001-01..2005-01"), ("month", "2005-05..2010-11")]
    assert index.search(month=[value for _, value in query.as_args()]).total == len(MONTHS) - 1


def test_a_few_values_stand_in_the_address_one_by_one(index: Index) -> None:
    query = index.search(year="2001..2003").query

    assert query.as_query_string() == "year=2001&year=2002&year=2003"
    assert not re.search(r"\.\.", query.as_query_string())


def test_runs_follow_each_other_in_the_order_given() -> None:
    assert runs_of("abdfz", "abcdef") == [["a", "b"], ["d"], ["f"], ["z"]]
    assert runs_of((), "ab") == []
