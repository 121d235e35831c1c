"""Reading blogs as writers keep them: front matter, dates, names."""

from collections.abc import Callable

import pytest
from blogs import ReadOne, read, read_post  # noqa: F401  # fixtures

from searchapp.documents import Document
from searchapp.errors import ContentError
from searchapp.sources import Finding
from searchapp.sources.dates import date_of_folders, date_of_path, parse_date, part_name
from searchapp.sources.frontmatter import part
from searchapp.sources.naming import FileName

# --- Front matter ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts", "body", "line"),
    [
        pytest.param("+++\na = 1\n+++\nb", {"a": 1}, "b", 4, id="TOML"),
        pytest.param("+++ \na = 'x'\n+++  \nb", {"a": "x"}, "b", 4, id="spaces after the fences"),
        pytest.param("\n\n+++\n+++\nb", {}, "b", 5, id="empty TOML after blank lines"),
        pytest.param(
            "+++\n[taxonomies]\ntags = ['x']\n+++\n",
            {"taxonomies": {"tags": ["x"]}},
            "",
            5,
            id="a table of TOML",
        ),
        pytest.param('{\n"a": 1\n}\nb', {"a": 1}, "\nb", 3, id="JSON"),
        pytest.param('{"a": {"b": "}"}} c', {"a": {"b": "}"}}, " c", 1, id="JSON in one line"),
        pytest.param("{}\nb", {}, "\nb", 1, id="empty JSON"),
        pytest.param('---json\n{"a": 1}\n---\nb', {"a": 1}, "b", 4, id="JSON between fences"),
        pytest.param("---toml\na = 1\n---\nb", {"a": 1}, "b", 4, id="TOML by name"),
        pytest.param("---yaml\na: 1\n---\nb", {"a": 1}, "b", 4, id="YAML by name"),
        pytest.param("---\na:\tb\n---\nc", {"a": "b"}, "c", 4, id="a tab after the colon"),
        pytest.param(
            "Title: A\nDate: 2024-01-02\n\nb",
            {"title": "A", "date": "2024-01-02"},
            "\nb",
            3,
            id="lines of Pelican",
        ),
        pytest.param("Title: A: b\nSlug:a\n\nc", {"title": "A: b"}, "Slug:a\n\nc", 2, id="a colon"),
        pytest.param(
            "title: A\ntags: x\n    y\n\tz\nsummary:\n\nb",
            {"title": "A", "tags": "x y z", "summary": ""},
            "\nb",
            6,
            id="lines that go on",
        ),
        pytest.param(
            "Title: A\nTags: x\nTags: y\n\n",
            {"title": "A", "tags": "x, y"},
            "\n",
            4,
            id="tags in two lines",
        ),
        pytest.param("Title: A", {"title": "A"}, "", 2, id="a header alone"),
        pytest.param("Note: this is prose.\n\nb", {}, None, 1, id="prose with a colon"),
        pytest.param("Summary: this is prose.\n\nb", {}, None, 1, id="prose with a known word"),
        pytest.param("Date: a fruit\n\nb", {}, None, 1, id="a date that is none"),
        pytest.param("{{ tag }}\nb", {}, None, 1, id="a tag of Nunjucks"),
        pytest.param('{ "a" } b', {}, None, 1, id="prose in braces"),
        pytest.param("{% include x %}\nb", {}, None, 1, id="a tag of Liquid"),
        pytest.param("---Hello\nb", {}, None, 1, id="a word after dashes"),
        pytest.param("++++\nb", {}, None, 1, id="four signs"),
    ],
)
def test_front_matter_of_each_form_is_parted_from_the_text(
    text: str, facts: dict[str, object], body: str | None, line: int
) -> None:
    parted = part(text)

    assert (parted.facts, parted.body) == (facts, text if body is None else body)
    assert parted.line == line


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("+++\na = 1\n", 1, "front matter opens with +++ and never", id="unclosed"),
        pytest.param("+++\na = 1\nb =\n+++\n", 3, "TOML cannot be read (Invalid", id="no value"),
        pytest.param("+++\na = 1\na = 2\n+++\n", 3, "TOML cannot be read (Cannot", id="repeated"),
        pytest.param("+++\nd = 2024-13-01\n+++\n", 2, "TOML cannot be read (", id="no such day"),
        pytest.param("+++\na = " + "[" * 30_000, 1, "front matter opens", id="unclosed brackets"),
        pytest.param(
            "+++\na = " + "[" * 30_000 + "\n+++\n", 2, "TOML cannot be read (", id="brackets"
        ),
        pytest.param(
            "+++\nb = 1\n" + "a." * 30_000 + "a = 1\n+++\n",
            3,
            "TOML is nested more than 50 deep; make it flat",
            id="a key of 30,000 parts",
        ),
        pytest.param(
            "+++\n[" + "a . " * 15_000 + "a]\n+++\n", 2, "TOML is nested", id="a table of parts"
        ),
        pytest.param(
            "+++\na = '" + "b" * 70_000 + "'\n+++\n", 2, "TOML has 70,007 characters", id="70 kB"
        ),
        pytest.param('{"a": 1,}\nb', 1, "is not JSON (", id="a comma too many"),
        pytest.param('{\n"a": "b\n}\n', 2, "is not JSON (", id="a string that never ends"),
        pytest.param('{"a": ' + "[" * 30_000, 1, "JSON cannot be read (", id="brackets of JSON"),
        pytest.param(
            '{"a": ' + "[" * 60 + "]" * 60 + "}", 1, "JSON is nested more than 50", id="60 deep"
        ),
        pytest.param('{"a": "' + "b" * 70_000, 1, "JSON has 65,537 characters", id="70 kB of JSON"),
        pytest.param(
            "---js\n{ a: 1 }\n---\n", 1, "front matter is in 'js', which is not", id="JavaScript"
        ),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused_at_its_line(
    text: str, line: int, reason: str
) -> None:
    with pytest.raises(ContentError) as caught:
        part(text)

    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\na:\n  b: 2\nc: 3\n---\n", {"a": 2, "c": 4}),
        ("+++\na = 1\n[t]\nb = 2\n+++\n", {"a": 2, "b": 4}),
        ('{\n  "a": 1,\n  "b": 2\n}\n', {"a": 2, "b": 3}),
        ("Title: A\nDate: 2024-01-02\n", {"title": 1, "date": 2}),
    ],
)
def test_the_line_of_each_fact_is_known(text: str, lines: dict[str, int]) -> None:
    assert part(text).lines == lines


def test_front_matter_of_no_form_leaks_into_the_text(read: ReadOne) -> None:
    reading = read({
        "posts/a.md": "+++\ntitle = 'A'\n[extra]\nsecret = 'hush'\n+++\ntext",
        "posts/b.md": '{"title": "B", "secret": "hush"}\ntext',
        "posts/c.md": "Title: C\nSecret: hush\n\ntext",
        "posts/d.md": "---json\n{\"title\": \"D\", \"secret\": \"hush\"}\n---\ntext",
    })  # fmt: skip

    assert [(d.title, d.text) for d in reading.documents] == [(t, "text") for t in "ABCD"]


# --- Dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-12-9", "2020-12-09"),
        ("2020-12-9-", "2020-12-09"),
        ("2013-05-12 14:45:00 +0200", "2013-05-12"),
        ("2015-01-30 2:22 PM", "2015-01-30"),
        ("2024-05-31, 10:00", "2024-05-31"),
        ("202405311200", "2024-05-31"),
        ("May 31, 2024", "2024-05-31"),
        ("31 May 2024", "2024-05-31"),
        ("31st of May 2024", "2024-05-31"),
        ("Friday, May 31st, 2024", "2024-05-31"),
        ("Fri, 31 May 2024 23:30:00 -0800", "2024-05-31"),
        ("Jul 08 2022", "2022-07-08"),
        ("Sept. 3, 2019 at 10:00", "2019-09-03"),
        ("31-May-2024", "2024-05-31"),
        ("May 2024", "2024-05-01"),
        ("2024年5月31日", "2024-05-31"),
        ("31/05/2024", "2024-05-31"),
        ("05/31/2024", "2024-05-31"),
        ("31.5.2024", "2024-05-31"),
        ("05/05/2024", "2024-05-05"),
        ("05/06/2024", None),
        ("2016-05-024", None),
        ("February 30, 2024", None),
        ("Mayday 31, 2024", None),
        ("0000-00-00", None),
        ("January 1, 99999", None),
        ("2024-05-31" + "x" * 100, None),
        ("Last Modified", None),
    ],
)
def test_a_date_in_any_form_is_the_day_as_written(value: str, expected: str | None) -> None:
    day = parse_date(value)

    assert (day.isoformat() if day else None) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("2020-12-9-issue", ("2020-12-09", "issue")),
        ("2024_05_31_cats", ("2024-05-31", "cats")),
        ("20240531-cats", ("2024-05-31", "cats")),
        ("20240531cats", (None, "20240531cats")),
        ("2024-05-31T10:00:00Z-cats", ("2024-05-31", "cats")),
        ("2024-05-31 cats", ("2024-05-31", "cats")),
        ("2020-12-9-", ("2020-12-09", "2020-12-9-")),
    ],
)
def test_the_date_of_a_file_name_is_parted_from_it(
    stem: str, expected: tuple[str | None, str]
) -> None:
    day, rest = part_name(stem)

    assert (day.isoformat() if day else None, rest) == expected


@pytest.mark.parametrize(
    ("folders", "stem", "expected"),
    [
        (("2024", "05", "31"), "cats", "2024-05-31"),
        (("blog", "2024", "5"), "31-cats", "2024-05-31"),
        (("2024", "05"), "cats", "2024-05-01"),
        (("2024", "05", "cats"), "index", "2024-05-01"),
        (("2024",), "cats", None),
        (("2024", "13"), "cats", None),
        (("2024", "02", "30"), "cats", None),
        ((), "cats", None),
    ],
)
def test_folders_may_state_the_date(
    folders: tuple[str, ...], stem: str, expected: str | None
) -> None:
    day = date_of_folders(folders, stem)

    assert (day.isoformat() if day else None) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2023/12/15/Edition", "2023-12-15"),
        ("inside/2020/1/2/news/", "2020-01-02"),
        ("/2023/12/15", "2023-12-15"),
        ("releases/2023/12", None),
        ("2023/13/15/x", None),
    ],
)
def test_an_address_may_state_the_date(path: str, expected: str | None) -> None:
    day = date_of_path(path)

    assert (day.isoformat() if day else None) == expected


@pytest.mark.parametrize(
    ("matter", "name", "expected"),
    [
        ("date: 2024-01-02", "2023-05-06-a.md", "2024-01-02"),
        ("pubDate: Jul 08 2022", "a.md", "2022-07-08"),
        ("publishDate: 2002-10-04T00:00:00.000Z", "a.md", "2002-10-04"),
        ("publish_date: 2017-07-01\nupdated: 2020-01-01", "a.md", "2017-07-01"),
        ("pubDatetime: 2022-09-23T15:22:00Z", "a.md", "2022-09-23"),
        ("Date: 2024-01-02", "a.md", "2024-01-02"),
        ("published: 2024-01-02", "a.md", "2024-01-02"),
        ("published: true", "2023-05-06-a.md", "2023-05-06"),
        ("published_at: 2024-01-02\ndate: 2024-01-03", "a.md", "2024-01-03"),
        ("updated: 2024-01-02\nlastmod: 2024-01-02\nmodified: 2024-01-02", "a.md", "None"),
        ("date: nonsense", "2023-05-06-a.md", "2023-05-06"),
        ("date: nonsense\npubDate: 2024-01-02", "a.md", "2024-01-02"),
        ("date: nonsense", "a.md", "None"),
        ("path: 2023/12/15/a", "a.md", "2023-12-15"),
        ("path: 2023/12/15/a", "2022-01-01-a.md", "2023-12-15"),
        ("", "2024/05/31/a.md", "2024-05-31"),
        ("", "2024/05/31-a.md", "2024-05-31"),
        ("", "2024-05-31-a/index.md", "2024-05-31"),
        ("start_date: 2012-07-09T00:00:00.000Z", "a.md", "2012-07-09"),
    ],
)
def test_the_date_of_a_post(
    read_post: Callable[..., Document], matter: str, name: str, expected: str
) -> None:
    assert str(read_post(matter, name).date) == expected


def test_a_date_that_is_nonsense_is_told_and_the_post_kept_undated(read: ReadOne) -> None:
    reading = read({"posts/a.md": "---\ntitle: A\ndate: 2016-05-024\n---\na"})

    assert [d.date for d in reading.documents] == [None]
    assert reading.warnings == (
        Finding("posts/a.md", 3, "date is '2016-05-024'; write it as 2024-05-31"),
    )


# --- Names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "languages", "expected"),
    [
        ("cats.md", True, FileName("cats", "cats")),
        ("a/b/cats.md", True, FileName("cats", "cats", folders=("a", "b"))),
        ("a/cats/index.md", True, FileName("cats", "cats", folders=("a",), bundle=True)),
        ("index.md", True, FileName("index", "index")),
        ("cats.de.md", True, FileName("cats", "cats", language="de")),
        ("cats.pt-br.md", True, FileName("cats", "cats", language="pt-br")),
        ("cats/index.de.md", True, FileName("cats", "cats", language="de", bundle=True)),
        ("cats.de.md", False, FileName("cats.de", "cats.de")),
        ("v1.10.md", True, FileName("v1.10", "v1.10")),
    ],
)
def test_what_the_path_of_a_post_says(path: str, languages: bool, expected: FileName) -> None:
    assert FileName.of(path, languages=languages) == expected


def test_folders_of_dates_are_no_subjects() -> None:
    assert FileName.of("bread/2024/05/rye.md").topics == ("bread",)
