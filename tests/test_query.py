"""The URL is the whole state of a search: read kindly, written in one way."""

from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.fields import FACET, FACETS, SORTS
from searchapp.query import MAX_CHARACTERS, MAX_FILTERS, MAX_PAGE, Query
from searchapp.typed import read_typed

ANY_TEXT = st.text(st.characters())  # lone surrogates too
PAIRS = st.lists(
    st.tuples(
        st.sampled_from(
            ["q", "sort", "page", "x", *FACET, *(f"not.{name}" for name in FACET), "not.x", "not."]
        )
        | ANY_TEXT,
        ANY_TEXT | st.sampled_from([*(sort.name for sort in SORTS), "2", "0", "-1", "1e3", "07"]),
    ),
    max_size=12,
)


def read(url: str) -> Query:
    return Query.from_args(parse_qsl(url, keep_blank_values=True))


# There and back


@settings(deadline=None)
@given(PAIRS)
def test_what_was_read_from_any_url_comes_back_from_its_own(pairs: list[tuple[str, str]]) -> None:
    query = Query.from_args(pairs)

    again = Query.from_args(query.as_args())
    assert again == Query(query.words, query.filters, query.excluded, query.sort, query.page)
    assert read(query.as_query_string()) == again
    assert again.as_args() == query.as_args()


@settings(deadline=None)
@given(PAIRS.flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_filters_in_any_order_are_one_query(
    orders: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    first, second = (
        Query.from_args(pair for pair in pairs if pair[0] not in ("q", "sort", "page"))
        for pairs in orders
    )

    assert first == second
    assert hash(first) == hash(second)


def test_the_order_in_an_address_is_fixed() -> None:
    query = read("page=3&not.tag=x&sort=title&year=2024&tag=b&q=grpo&tag=a&language=en&source=Blog")

    assert query.as_query_string() == (
        "q=grpo&tag=a&tag=b&source=Blog&year=2024&language=en&not.tag=x&sort=title&page=3"
    )


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="nothing"),
        pytest.param("q=", id="no words"),
        pytest.param("q=+", id="a space"),
        pytest.param("q=&page=1&sort=", id="the first page"),
        pytest.param("tag=&not.tag=+&source=", id="empty filters"),
        pytest.param("tag=!!!", id="a tag without a letter"),
    ],
)
def test_defaults_are_left_out(url: str) -> None:
    query = read(url)

    assert (query.as_args(), query.notes, query.is_empty) == ([], (), True)


def test_the_query_of_python_values_is_that_of_the_url() -> None:
    query = Query.of("grpo", {"tag": ["MoE", "c++"], "year": 2024}, {"source": "Blog"}, "newest", 2)

    assert query == read(
        "q=grpo&tag=moe&tag=cplusplus&year=2024&not.source=Blog&sort=newest&page=2"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"filters": {"colour": "red"}}, "'colour' is no facet; facets are tag, source"),
        ({"excluded": {"colour": "red"}}, "'colour' is no facet; facets are tag, source"),
        ({"sort": "best"}, "sort is 'best'; it is one of relevance, newest, oldest, title"),
    ],
)
def test_python_values_are_read_strictly(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Query.of("grpo", **arguments)  # type: ignore[arg-type]


# Read kindly


@pytest.mark.parametrize(
    ("url", "means"),
    [
        pytest.param("colour=red&tag=a&utm_source=x", "tag=a", id="unknown parameters"),
        pytest.param("not.colour=red&not.=x&not=y", "", id="unknown exclusions"),
        pytest.param("q=first&q=second", "q=second", id="the last q"),
        pytest.param("sort=title&sort=newest", "sort=newest", id="the last sort"),
        pytest.param("page=2&page=3", "page=3", id="the last page"),
        pytest.param("tag=Fine+Tuning", "tag=fine-tuning", id="a tag in any spelling"),
        pytest.param("tag=c%2B%2B&not.tag=.NET", "tag=cplusplus&not.tag=dot-net", id="C++, .NET"),
        pytest.param("source=+The+Batch+", "source=The+Batch", id="space around a value"),
        pytest.param("q=%00a%0Ab%09c", "q=a+b+c", id="control characters"),
        pytest.param("q=a%E2%80%8Fb", "q=a+b", id="a right-to-left mark"),
        pytest.param("q=a%C2%ADb", "q=ab", id="a soft hyphen"),
        pytest.param("q=++a+++b++", "q=a+b+", id="a space at the end is kept, one"),
        pytest.param("page=+7+", "page=7", id="space around a page"),
        pytest.param("page=007", "page=7", id="zeros before a page"),
        pytest.param("page=99999999999999999999", f"page={MAX_PAGE}", id="a page beyond all"),
    ],
)
def test_a_url_is_read_kindly(url: str, means: str) -> None:
    assert read(url) == read(means)
    assert read(url).as_query_string() == means
    assert read(url).notes == ()


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "two", "٣", "²", "1e3", "+2", "0x2", " ", "\0"])
def test_a_malformed_page_is_the_first_and_is_told(page: str) -> None:
    query = Query.from_args([("page", page), ("tag", "a")])

    assert (query.page, query.chosen("tag")) == (1, ("a",))
    assert query.notes == (f"There is no page “{page}”; the first one is shown.",)


@pytest.mark.parametrize("sort", ["best", "Newest", "newest ", "date", "'", "\0"])
def test_an_unknown_sort_is_the_default_and_is_told(sort: str) -> None:
    query = Query.from_args([("sort", sort)])

    assert query.sort is None
    assert query.notes == (f"There is no order “{sort}”; the usual one is shown.",)


def test_what_a_note_repeats_is_short() -> None:
    query = Query.from_args([("sort", "s" * 10_000), ("page", "p" * 10_000)])

    assert max(map(len, query.notes)) < 100


def test_words_beyond_200_characters_are_cut_and_that_is_told() -> None:
    kept = read(f"q={'a' * 200}")
    cut = read(f"q={'a' * 150}+{'b' * 150}")

    assert (kept.words, kept.notes) == ("a" * 200, ())
    assert cut.words == "a" * 150 + " "  # half a word would be a prefix
    assert cut.notes == (f"Only the first {MAX_CHARACTERS} characters of the words were read.",)


def test_a_word_cut_in_the_middle_may_still_go_on() -> None:
    assert read(f"q={'a' * 300}+").words == "a" * 200


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param("a\udfffb", id="a lone surrogate among letters"),
        pytest.param("\0", id="NUL"),
        pytest.param("\u202e\u200f\u061c", id="marks of direction"),
        pytest.param("\ufffe\uffff\U0010ffff", id="what is no character"),
        pytest.param("%s%n{0}${x}", id="formats"),
        pytest.param("'\"--;<script>", id="quotes"),
        pytest.param("a\u0301" * 500, id="accents"),
    ],
)
def test_no_text_is_an_error_and_all_of_it_can_be_sent_on(hostile: str) -> None:
    names = ["q", "sort", "page", *FACET, *(f"not.{name}" for name in FACET), hostile]
    query = Query.from_args([(name, hostile) for name in names])

    query.as_query_string().encode("ascii")
    " ".join(query.notes).encode()
    read_typed(query.words)


def test_of_ten_thousand_filters_the_first_are_read_and_that_is_told() -> None:
    pairs = [(name, f"v{i}") for i in range(2_500) for name in ("tag", "not.tag", "q", "x")]

    query = Query.from_args(pairs)

    assert len(query.chosen("tag")) == len(query.without("tag")) == MAX_FILTERS
    assert query.notes == (f"Only the first {MAX_FILTERS} of 2500 filters were read.",) * 2
    assert Query.from_args(query.as_args()).as_args() == query.as_args()


# One thing changed

EVERYTHING = Query.of(
    "grpo",
    {"tag": ["a", "b"], "year": "2024", "month": "2024-05"},
    {"source": "Medium", "month": "2024-06"},
    "newest",
    7,
)


@pytest.mark.parametrize(
    ("changed", "means"),
    [
        (EVERYTHING.with_words("ppo"), "q=ppo"),
        (EVERYTHING.with_filter("tag", "c"), "tag=c"),
        (EVERYTHING.without_filter("tag", "a"), "tag=b"),
        (EVERYTHING.with_excluded("kind", "note"), "not.kind=note"),
        (EVERYTHING.with_sort("title"), "sort=title"),
        (EVERYTHING.with_sort(None), "q=grpo"),
        (EVERYTHING.cleared(), "q=grpo"),
    ],
    ids=["words", "a filter", "a filter less", "an exclusion", "sort", "no sort", "cleared"],
)
def test_a_changed_query_begins_at_its_first_page(changed: Query, means: str) -> None:
    assert changed.page == 1
    assert means in changed.as_query_string()


def test_a_change_leaves_the_rest_as_it_is() -> None:
    args = EVERYTHING.as_args()
    without_page = [pair for pair in args if pair[0] != "page"]

    assert EVERYTHING.with_page(9).as_args() == [*without_page, ("page", "9")]
    assert EVERYTHING.with_words("ppo").as_args() == [("q", "ppo"), *without_page[1:]]
    added = EVERYTHING.with_filter("kind", "note").as_args()
    assert sorted(added) == sorted([*without_page, ("kind", "note")])
    taken = EVERYTHING.with_filter("kind", "note").without_filter("kind", "note")
    assert taken.as_args() == without_page


def test_a_change_is_no_longer_told_of_what_was_corrected() -> None:
    query = read("page=two&tag=a")

    assert query.notes
    for changed in (
        query.with_words("x"),
        query.with_filter("tag", "b"),
        query.without_filter("tag", "a"),
        query.with_excluded("tag", "b"),
        query.with_sort("title"),
        query.with_page(2),
        query.cleared(),
    ):
        assert changed.notes == ()


def test_a_value_is_chosen_or_excluded_but_never_both() -> None:
    excluded = Query().with_filter("tag", "a").with_excluded("tag", "a")
    chosen = excluded.with_filter("tag", "a")

    assert excluded.as_args() == [("not.tag", "a")]
    assert chosen.as_args() == [("tag", "a")]
    assert excluded.without_filter("tag", "a").is_empty
    assert chosen.without_filter("tag", "a").is_empty


def test_the_months_go_when_the_last_year_goes() -> None:
    both = EVERYTHING.with_filter("year", "2023")

    assert both.without_filter("year", "2023").chosen("month") == ("2024-05",)
    left = EVERYTHING.without_filter("year", "2024")
    assert (left.chosen("month"), left.without("month")) == ((), ())
    assert left.without("source") == ("Medium",)


def test_the_months_go_when_the_last_year_is_excluded_instead() -> None:
    left = EVERYTHING.with_excluded("year", "2024")

    assert left.without("year") == ("2024",)
    assert (left.chosen("month"), left.without("month")) == ((), ())


def test_a_month_without_a_year_stays_as_old_links_have_it() -> None:
    query = read("month=2024-05&not.year=2023")

    assert query.without_filter("year", "2023").chosen("month") == ("2024-05",)


def test_every_facet_is_read_chosen_and_excluded_by_its_name() -> None:
    for facet in FACETS:
        query = read(f"{facet.name}=v&not.{facet.name}={quote('w')}")
        assert query.chosen(facet.name) == ("v",)
        assert query.without(facet.name) == ("w",)
