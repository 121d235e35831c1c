"""Reading blogs as writers keep them: front matter, dates, tags, what is held back, addresses."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_document, write_files

from searchapp.dedup import Verdicts, join_documents
from searchapp.documents import Document
from searchapp.errors import ConfigurationError, ContentError
from searchapp.sources import Finding, Reading, read_all, read_configuration
from searchapp.sources.dates import date_of_folders, date_of_path, parse_date, part_name
from searchapp.sources.frontmatter import part
from searchapp.sources.naming import FileName
from searchapp.sources.permalinks import Named, expand, translate_template, unknown_part
from searchapp.sources.wordings import (
    astro_slug,
    eleventy_slug,
    hugo_path,
    jekyll_slug,
    jekyll_title,
    pelican_slug,
    zola_slug,
)

TODAY = dt.date(2024, 6, 15)

ReadOne = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> ReadOne:
    """Read one source of these files; its keys of sources.toml are given by name."""
    numbers = itertools.count()

    def read_files(files: dict[str, str], path: str = "posts", **keys: object) -> Reading:
        root = tmp_path / f"content{next(numbers)}"
        stated = {"name": "blog", "kind": "markdown", "path": path, **keys}
        lines = (f"{key} = {value!r}" for key, value in stated.items())
        write_files(root, {**files, "sources.toml": "[[source]]\n" + "\n".join(lines)})
        (reading,) = read_all(read_configuration(root, TODAY), root)
        kept = len(reading.documents) + len(reading.skipped) + len(reading.held_back)
        assert reading.seen == kept
        return reading

    return read_files


@pytest.fixture
def read_post(read: ReadOne) -> Callable[..., Document]:
    """Read one post with this front matter in YAML."""

    def read_one(matter: str = "", name: str = "cats.md", **keys: object) -> Document:
        fenced = f"---\n{matter}\n---\ntext" if matter else "text"
        reading = read({f"posts/{name}": fenced}, **keys)
        assert reading.skipped == reading.held_back == ()
        return reading.documents[0]

    return read_one


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


# --- The many names of one fact -------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "field", "expected"),
    [
        ("canonical_url: https://b.example/", "canonical_url", "https://b.example/"),
        ("canonicalUrl: https://b.example/", "canonical_url", "https://b.example/"),
        ("canonicalURL: https://b.example/", "canonical_url", "https://b.example/"),
        ("canonical: https://b.example/", "canonical_url", "https://b.example/"),
        ("source_url: https://b.example/", "canonical_url", "https://b.example/"),
        ("original: https://b.example/", "canonical_url", "https://b.example/"),
        ("original: A Book", "canonical_url", None),
        ("publication_url: https://b.example/", "canonical_url", "https://b.example/"),
        ("syndication: https://b.example/", "syndication", ("https://b.example/",)),
        (
            "syndication:\n- https://b.example/\n- url: https://c.example/",
            "syndication",
            ("https://b.example/", "https://c.example/"),
        ),
        ("redirect_from: /old/", "aliases", ("https://a.example/old/",)),
        (
            "aliases: [old, https://b.example/c]",
            "aliases",
            ("https://a.example/old", "https://b.example/c"),
        ),
        ("aliases: [Another title, A third]", "aliases", ()),
        ("excerpt: A &amp; <b>b</b>", "summary", "A & b"),
        ("description: d\nsummary: s", "summary", "s"),
        ("lang: de_AT", "language", "de-AT"),
        ("locale: FR", "language", "fr"),
        ("authors: A. Writer, B. Other", "authors", ("A. Writer", "B. Other")),
        ("author: Writer, A.", "authors", ("Writer, A.",)),
        ("authors: [a@b.example (A. Writer)]", "authors", ("A. Writer",)),
        ("author: A. Writer <a@b.example>", "authors", ("A. Writer",)),
        ("author: {name: A. Writer, email: a@b.example}", "authors", ("A. Writer",)),
        ("reading_time: 7 min read", "minutes", 7),
        ("readingTime: {text: 4 min read, minutes: 4.2}", "minutes", 4),
        ("read_time: 12", "minutes", 12),
        ("series: [Maps]\nseries_order: 2", "series", "Maps"),
        ("series: {name: Maps, number: 3}", "part", 3),
        ("series_title: Maps\npart: 2 of 5", "part", 2),
        ("series: Maps\npart: Part 4", "part", 4),
        ("extra: {series: Maps}", "series", "Maps"),
        ("journal: Letters", "publication", "Letters"),
        ("title: 2024-05-31", "title", "2024-05-31"),
        ("title: 'A &amp; B'", "title", "A & B"),
    ],
)
def test_a_fact_by_any_of_its_names(
    read_post: Callable[..., Document], matter: str, field: str, expected: object
) -> None:
    document = read_post(matter, url="https://a.example", permalink="/:slug/")

    assert getattr(document, field) == expected


@pytest.mark.parametrize(
    ("matter", "url", "canonical"),
    [
        pytest.param(
            "publication_url: https://b.example/c",
            "https://a.example/cats/",
            "https://b.example/c",
            id="published elsewhere, and kept here",
        ),
        pytest.param(
            "external_url: https://b.example/c",
            "https://b.example/c",
            None,
            id="only leading elsewhere",
        ),
        pytest.param("redirect: https://b.example/c", "https://b.example/c", None, id="redirect"),
        pytest.param("redirect: true", "https://a.example/cats/", None, id="a switch"),
    ],
)
def test_a_piece_that_was_published_elsewhere(
    read_post: Callable[..., Document], matter: str, url: str, canonical: str | None
) -> None:
    document = read_post(matter, url="https://a.example", permalink="/:slug/")

    assert (document.url, document.canonical_url) == (url, canonical)
    assert document.aliases == (("https://a.example/cats/",) if url[8] == "b" else ())


def test_without_an_address_here_a_piece_stands_where_it_was_published(
    read_post: Callable[..., Document],
) -> None:
    document = read_post("publication_url: https://b.example/c")

    assert (document.url, document.canonical_url) == ("https://b.example/c", None)


# --- Tags -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "keys", "tags"),
    [
        ("tags: a b c", {"generator": "jekyll"}, ("a", "b", "c")),
        ("categories: a b", {"generator": "academicpages"}, ("a", "b")),
        ("tag: a b", {"generator": "jekyll"}, ("a b",)),
        ("category: a b", {"generator": "jekyll"}, ("a b",)),
        ("tags: a b, c", {"generator": "jekyll"}, ("a b", "c")),
        ("tags: a b", {}, ("a b",)),
        ("tags: a b", {"generator": "hugo"}, ("a b",)),
        ("tags: a; b", {}, ("a", "b")),
        ("tags: [a]\ntopics: [b]\ncategory: c", {}, ("a", "c", "b")),
        ("keywords: a, b", {}, ("a", "b")),
        ("keywords: a, b\ntags: [c]", {}, ("c",)),
        ("taxonomies: {tags: [a], categories: [b]}", {}, ("a", "b")),
        ("extra: {topics: [a]}", {}, ("a",)),
        ("tags: ['#a', 'C#']", {}, ("a", "C#")),
        ("tags: [{name: a}, {slug: b}]", {}, ("a",)),
        ("tags: [posts, all, a]", {"generator": "eleventy"}, ("a",)),
        ("tags: [posts, all, a]", {}, ("posts", "all", "a")),
        ("Tags: [a]", {}, ("a",)),
        ("tags: [a]", {"categories": ["b", "a"]}, ("a", "b")),
    ],
)
def test_tags_in_every_form_of_the_generators(
    read_post: Callable[..., Document],
    matter: str,
    keys: dict[str, object],
    tags: tuple[str, ...],
) -> None:
    assert read_post(matter, **keys).tags == tags


def test_a_folder_of_posts_is_jekylls_without_being_told(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"_posts/2024-01-02-a.md": "---\ntags: a b\n---\n# A"})

    (reading,) = read_all(read_configuration(root), root)

    assert reading.documents[0].tags == ("a", "b")


def test_folders_are_tags_where_the_owner_says_so(read: ReadOne) -> None:
    files = {"posts/sql/2024/05/a.md": "# A", "posts/b.md": "# B", "posts/sql/c/index.md": "# C"}

    told, plain = read(files, folders="tag"), read(files)

    assert {d.title: d.tags for d in told.documents} == {"A": ("sql",), "B": (), "C": ("sql",)}
    assert not any(d.tags for d in plain.documents)


# --- Held back ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "keys", "reason"),
    [
        ({"a.md": "---\ndraft: true\n---\na"}, {}, "draft is true; take the line out to show it"),
        ({"a.md": "+++\ndraft = true\n+++\na"}, {}, "draft is true; take the line out to show it"),
        ({"a.md": "---\nDraft: yes\n---\na"}, {}, "Draft is yes; take the line out to show it"),
        ({"a.md": "---\npublished: false\n---\na"}, {}, "published is false; take the line out"),
        ({"a.md": "---\npublish: no\n---\na"}, {}, "publish is no; take the line out to show it"),
        ({"a.md": "---\nhidden: true\n---\na"}, {}, "hidden is true; take the line out to show it"),
        ({"a.md": "---\nunlisted: true\n---\na"}, {}, "unlisted is true; take the line out"),
        ({"a.md": "---\nheadless: true\n---\na"}, {}, "headless is true; take the line out"),
        ({"a.md": "Title: A\nStatus: draft\n\na"}, {}, "status is 'draft'; write published to"),
        ({"a.md": "---\nstatus: private\n---\na"}, {}, "status is 'private'; write published"),
        ({"a.md": "---\nbuild: {render: never}\n---\na"}, {}, "build says that no page is"),
        ({"a.md": "---\n_build: {render: false}\n---\na"}, {}, "_build says that no page is"),
        ({"a.md": "---\npermalink: false\n---\na"}, {}, "permalink is false; take the line out"),
        (
            {"a.md": "---\neleventyExcludeFromCollections: true\n---\na"},
            {},
            "eleventyExcludeFromCollections is true; take the line out to show it",
        ),
        ({"_drafts/a.md": "a"}, {}, "lies in _drafts; move it to _posts to show it"),
        ({"_index.md": "---\ntitle: A\n---\na"}, {}, "lists the pages of its folder, and is no"),
        ({"b/_index.de.md": "a"}, {"generator": "hugo"}, "lists the pages of its folder, and is"),
        ({"index.md": "a"}, {"generator": "eleventy"}, "is the front page of its folder, and no"),
        ({"_a.md": "a"}, {"generator": "astro"}, "has a name with _, which Astro leaves out"),
        ({"_b/a.md": "a"}, {"generator": "astro"}, "has a name with _, which Astro leaves out"),
        (
            {"a.md": "---\ndate: 2024-06-16\n---\na"},
            {},
            "date is 2024-06-16, yet to come; it is shown from then on",
        ),
        ({"2024-06-16-a.md": "a"}, {}, "date is 2024-06-16, yet to come; it is shown from then"),
        (
            {"a.md": "---\ndate: 2020-01-01\npublishDate: 2024-06-16\n---\na"},
            {},
            "publishDate is 2024-06-16, yet to come; it is shown from then on",
        ),
        (
            {"a.md": "---\nexpiryDate: 2024-06-15\n---\na"},
            {},
            "expiryDate is 2024-06-15, and has come; take the line out to show it",
        ),
        ({"a.md": "---\nexpires: May 1, 2024\n---\na"}, {}, "expires is 2024-05-01, and has come"),
        ({"a.md": ""}, {}, "states nothing and has no text; write it, or delete the file"),
        ({"a.md": "+++\ntemplate = 'latest.html'\n+++\n"}, {}, "states nothing and has no text"),
    ],
)
def test_what_is_not_to_be_shown_is_held_back_with_its_reason(
    read: ReadOne, files: dict[str, str], keys: dict[str, object], reason: str
) -> None:
    reading = read({f"posts/{name}": text for name, text in files.items()}, **keys)

    assert reading.documents == reading.skipped == reading.warnings == ()
    ((path, said),) = [(f.path, f.reason) for f in reading.held_back]
    assert said.startswith(reason)
    assert path == f"posts/{next(iter(files))}"


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        ({"a.md": "---\ndraft: false\n---\na"}, {}),
        ({"a.md": "---\npublished: true\n---\na"}, {}),
        ({"a.md": "---\nstatus: published\n---\na"}, {}),
        ({"a.md": "---\nbuild: {render: always}\n---\na"}, {}),
        ({"a.md": "---\ndate: 2024-06-15\n---\na"}, {}),
        ({"a.md": "---\nexpiryDate: 2024-06-16\n---\na"}, {}),
        ({"index.md": "a"}, {}),
        ({"b/index.md": "a"}, {"generator": "hugo"}),
        ({"_a.md": "a"}, {"generator": "hugo"}),
        ({"a.md": "---\ncategories: [tech]\n---\n"}, {}),
    ],
)
def test_what_may_be_shown_is_not_held_back(
    read: ReadOne, files: dict[str, str], keys: dict[str, object]
) -> None:
    reading = read({f"posts/{name}": text for name, text in files.items()}, **keys)

    assert len(reading.documents) == 1


@pytest.mark.parametrize(
    ("kind", "name", "text", "reason"),
    [
        ("jsonl", "a.jsonl", '{"title": "A", "draft": true}', "draft is true"),
        ("jsonl", "a.jsonl", '{"title": "A", "date": "2024-06-16"}', "date is 2024-06-16, yet"),
        ("list", "a.yaml", "- title: A\n  private: true\n", "private is true"),
        ("list", "a.json", '[{"title": "A", "status": "draft"}]', "status is 'draft'"),
        ("list", "a.csv", "title,published\nA,no\n", "published is no"),
        ("list", "a.csv", "title,expires\nA,2024-06-15\n", "expires is 2024-06-15, and has come"),
        ("links", "a.md", "- 2024-06-16: [A](https://a.example/)", "date is 2024-06-16, yet"),
        (
            "feed",
            "a.xml",
            "<rss version='2.0'><channel><item><title>A</title><description>Text</description>"
            "<pubDate>Sun, 16 Jun 2024 10:00:00 GMT</pubDate></item></channel></rss>",
            "date is 2024-06-16, yet",
        ),
    ],
)
def test_drafts_and_entries_of_tomorrow_are_held_back_whatever_kind_of_source_has_them(
    tmp_path: Path, kind: str, name: str, text: str, reason: str
) -> None:
    toml = f'[[source]]\nname = "a"\nkind = "{kind}"\npath = "{name}"\n'
    root = write_files(tmp_path, {"sources.toml": toml, name: text})

    (reading,) = read_all(read_configuration(root, TODAY), root)

    assert reading.documents == reading.skipped == ()
    assert [f.reason.startswith(reason) for f in reading.held_back] == [True]


def test_a_post_of_tomorrow_is_shown_tomorrow(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"2024-06-16-a.md": "a"})

    counts = [
        len(read_all(read_configuration(root, day), root)[0].documents)
        for day in (dt.date(2024, 6, 15), dt.date(2024, 6, 16))
    ]

    assert counts == [0, 1]


def test_a_nonsense_day_of_expiry_holds_nothing_back(read: ReadOne) -> None:
    reading = read({"posts/a.md": "---\ntitle: A\nexpiryDate: never\n---\na"})

    assert len(reading.documents) == 1


def test_a_file_within_a_page_of_hugo_is_a_part_of_it(read: ReadOne) -> None:
    files = {"posts/b/index.md": "# B", "posts/b/c/part.md": "# C", "posts/d.md": "# D"}

    told = read(files, generator="hugo")

    assert [d.title for d in told.documents] == ["B", "D"]
    assert [(f.path, f.reason) for f in told.held_back] == [
        ("posts/b/c/part.md", "is a part of the page posts/b/index.md, and no piece of its own")
    ]
    assert len(read(files).documents) == 3


def test_what_the_owner_excludes_is_no_entry(read: ReadOne) -> None:
    files = {
        f"posts/{name}": "a"
        for name in ("README.md", "b/README.md", "pages/a.md", "b/pages/a.md", "b/x-1.md", "c.md")
    }

    def left(*patterns: str) -> list[str]:
        return [d.id.removeprefix("blog:") for d in read(files, exclude=list(patterns)).documents]

    everything = ["README.md", "b/README.md", "b/pages/a.md", "b/x-1.md", "c.md", "pages/a.md"]
    assert left() == everything
    assert left("README.md") == everything[2:]
    assert left("/README.md") == everything[1:]
    assert left("pages/") == ["README.md", "b/README.md", "b/x-1.md", "c.md"]
    assert left("/pages/") == everything[:5]
    assert left("b/x-*.md", "c.md") == ["README.md", "b/README.md", "b/pages/a.md", "pages/a.md"]


# --- Addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "text", "expected"),
    [
        (jekyll_title, "2nd_Post!", "2nd_Post!"),
        (jekyll_title, "A b/c: d", "A-b-c-d"),
        (jekyll_slug, "2nd_Post.v2", "2nd-post-v2"),
        (jekyll_slug, "Über Größe", "über-größe"),
        (hugo_path, "My First: Post!", "my-first-post"),
        (hugo_path, "a - b", "a-b"),
        (hugo_path, "v1.10_beta", "v1.10_beta"),
        (zola_slug, "Rust 1.10 & you", "rust-1-10-you"),
        (zola_slug, "Über Größe", "uber-grosse"),
        (zola_slug, "日本", None),
        (pelican_slug, "Über den Fluß: a weir's noise", "uber-den-fluss-a-weirs-noise"),
        (pelican_slug, "C++ &amp; <em>you</em>", "c-you"),
        (pelican_slug, "A 🚀 b", "a-b"),
        (eleventy_slug, "Größe & don't", "groesse-and-dont"),
        (astro_slug, "Low Orbit: 2.0", "low-orbit-20"),
        (astro_slug, "a  b_c", "a--b_c"),
    ],
)
def test_each_generator_writes_words_its_own_way(
    write: Callable[[str], str | None], text: str, expected: str | None
) -> None:
    assert write(text) == expected


@pytest.mark.parametrize(
    ("generator", "path", "name", "matter", "address"),
    [
        pytest.param("jekyll", "_posts", "2024-05-03-A_b.md", "", "2024/05/03/A_b.html", id="date"),
        pytest.param(
            "jekyll", "_posts", "2024-5-3-a.md", "categories: Home Life",
            "home/life/2024/05/03/a.html", id="categories",
        ),
        pytest.param(
            "jekyll", "_posts", "x/2024-05-03-a.md", "slug: My Cats", "2024/05/03/My-Cats.html",
            id="a slug, and a folder that counts for nothing",
        ),
        pytest.param(
            "jekyll", ".", "news/_posts/2024-05-03-a.md", "", "news/2024/05/03/a.html",
            id="a folder above _posts",
        ),
        pytest.param("jekyll", ".", "about/me.md", "", "about/me.html", id="a page"),
        pytest.param("jekyll", "_recipes", "soups/A b.md", "", "recipes/soups/A%20b.html",
                     id="a collection"),
        pytest.param("jekyll", "_posts", "2024-05-03-a.md", "permalink: /:year/:slug",
                     "2024/a", id="its own pattern"),
        pytest.param("academicpages", "_posts", "2024-05-03-a.md", "", "a/", id="academicpages"),
        pytest.param("academicpages", "_talks", "2024-05-03-a.md", "", "talks/2024-05-03-a/",
                     id="a talk"),
        pytest.param("hugo", "content", "posts/2024-05-03-A b.md", "", "posts/2024-05-03-a-b/",
                     id="a section"),
        pytest.param("hugo", "content/posts", "a.md", "slug: My Cats", "posts/my-cats/",
                     id="a slug in a section"),
        pytest.param("hugo", "content", "posts/Cats/index.md", "", "posts/cats/", id="a bundle"),
        pytest.param("hugo", "content", "posts/a.md", "url: special/cats.html",
                     "special/cats.html", id="an address of its own"),
        pytest.param("hugo", "content", "posts/a.de.md", "", "de/posts/a/", id="a translation"),
        pytest.param("hugo", "content", "about.md", "", "about/", id="a page of Hugo"),
        pytest.param("hugo", "../site/content/posts", "a.md", "", "posts/a/", id="elsewhere"),
        pytest.param("zola", "content", "blog/2024-05-03-Ö_a.md", "", "blog/o-a/",
                     id="a name without its date"),
        pytest.param("zola", "content", "blog/2024-05-03-a/index.md", "", "blog/a/",
                     id="a folder without its date"),
        pytest.param("zola", "content", "blog/a.md", "path: x/A.1", "x/A.1/", id="a path"),
        pytest.param("zola", "content", "blog/a.md", "slug: My Cats", "blog/my-cats/",
                     id="a slug of Zola"),
        pytest.param("eleventy", "src/posts", "2024-05-03-a.md", "", "posts/2024-05-03-a/",
                     id="a name with its date"),
        pytest.param("eleventy", "src", "cats/cats.md", "", "cats/", id="a file as its folder"),
        pytest.param("eleventy", "src", "cats/index.md", "", "cats/", id="an index"),
        pytest.param("eleventy", "src", "2024-05-03-a.md",
                     "permalink: '/{{ page.date | date: \"%Y/%m\" }}/{{ page.fileSlug }}/'",
                     "2024/05/a/", id="a template"),
        pytest.param("pelican", "content", "x/a.md", "title: My Cats!", "my-cats.html",
                     id="a title of Pelican"),
        pytest.param("pelican", "content", "a.md", "title: A\nslug: b", "b.html",
                     id="a slug of Pelican"),
        pytest.param("pelican", "content", "a.md", "title: A\nsave_as: x/y.html", "x/y.html",
                     id="save_as"),
        pytest.param("astro", "src/content/blog", "x/Low Orbit.md", "", "blog/x/low-orbit/",
                     id="a collection of Astro"),
        pytest.param("astro", "src/content/blog", "x/a.md", "slug: y/z", "blog/y/z/",
                     id="a slug of Astro"),
        pytest.param("astro", "src/content/blog", "x/index.md", "", "blog/x/", id="Astro's index"),
        pytest.param("astro", "src/pages", "blog/a.md", "", "blog/a/", id="a page of Astro"),
        pytest.param("astro", "src/content/blog", "a.md", "permalink: /:categories/:title/",
                     "blog/a/", id="a pattern left from another generator"),
    ],
)  # fmt: skip
def test_the_address_by_the_rule_of_each_generator(
    read: ReadOne, tmp_path: Path, generator: str, path: str, name: str, matter: str, address: str
) -> None:
    text = f"---\n{matter}\n---\na" if matter else "a"
    (tmp_path / "site").mkdir()

    reading = read(
        {f"{path}/{name}": text}, path, generator=generator, url="https://a.example/base"
    )

    assert [d.url for d in reading.documents] == [f"https://a.example/base/{address}"]


MAY = Named(
    "Cats", "cats", dt.date(2024, 5, 3), ("Home Life",), heading="All cats",
    dated="2024-05-03-Cats", folders=("blog", "pets", "small"), collection="blog",
    author="A. Writer", language="de",
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/:sections/:name/", "/blog/pets/small/2024-05-03-Cats/"),
        ("/:section/:title:output_ext", "/blog/Cats.html"),
        ("/:sections[1:]/:slug/", "/pets/small/cats/"),
        ("/:sections[:last]/:slug/", "/blog/pets/cats/"),
        ("/:sections[last]/:slug/", "/small/cats/"),
        ("/:sections[0]/:slug/", "/blog/cats/"),
        ("/:sections[7:]/:slug/", "/cats/"),
        ("/:path", "/blog/pets/small/2024-05-03-Cats"),
        ("/:monthname/:i_day/:weekdayname/:yearday/", "/May/3/Friday/124/"),
        ("/:short_month/:w_year/:week/", "/May/2024/18/"),
        ("/:lang/:author/:category/", "/de/a-writer/home-life/"),
        ("/:slugorfilename/:contentbasename/", "/2024-05-03-Cats/2024-05-03-Cats/"),
    ],
)
def test_the_parts_of_every_generator_are_filled_in(pattern: str, path: str) -> None:
    assert unknown_part(pattern) is None
    assert expand(pattern, MAY) == path


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("/a/", "/a/"),
        ("/blog/{{ page.fileSlug }}/", "/blog/:title/"),
        ("{{page.filePathStem}}.html", "/:path.html"),
        ("/{{ title | slugify }}/", "/:slug/"),
        ("/{{ title | slug }}.html", "/:slug.html"),
        ('/{{ page.date | date: "%Y/%m/%d" }}/x/', "/:year/:month/:day/x/"),
        ("/{{ page.date | dateFormat('%Y') }}/", "/:year/"),
        ("/{{ custom }}/", None),
        ("/{% if a %}b{% endif %}/", None),
        ('/{{ page.date | date: "%Q" }}/', None),
    ],
)
def test_a_simple_template_is_a_pattern(template: str, pattern: str | None) -> None:
    assert translate_template(template) == pattern


@pytest.mark.parametrize(
    ("keys", "matter", "reason"),
    [
        (
            {"generator": "eleventy"},
            "permalink: /{{ custom }}/",
            "permalink is '/{{ custom }}/'; its template is not read; write the path itself",
        ),
        (
            {"generator": "astro"},
            "permalink: /:title/",
            "permalink is '/:title/', which Astro does not fill in; take it out",
        ),
        (
            {"generator": "zola"},
            "title: 日本\nslug: 日本\ndate: 2024-01-02",
            "has no address by the permalink /:sections/:slug/, which cannot spell it; add slug",
        ),
    ],
)
def test_an_address_that_cannot_be_told_is_said_and_never_guessed(
    read: ReadOne, keys: dict[str, object], matter: str, reason: str
) -> None:
    reading = read({"posts/a.md": f"---\n{matter}\n---\na"}, url="https://a.example", **keys)

    assert [f.reason for f in reading.warnings] == [reason]
    assert len(reading.documents) == 1


@pytest.mark.parametrize("style", ["date", "pretty", "ordinal", "none", "weekdate"])
def test_jekylls_styles_have_names(read_post: Callable[..., Document], style: str) -> None:
    url = read_post(
        "categories: [a]", "2024-05-03-b.md", generator="jekyll", permalink=style,
        url="https://a.example",
    ).url  # fmt: skip

    assert url == "https://a.example/a/" + {
        "date": "2024/05/03/b.html", "pretty": "2024/05/03/b/", "ordinal": "2024/124/b.html",
        "none": "b.html", "weekdate": "2024/W18/Fri/b.html",
    }[style]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("@/blog/b.md", True),
        ("{filename}b.md", True),
        ("{filename}/blog/b.md", True),
        ("|filename|b.md", True),
        ("@/nowhere.md", False),
        ("/blog/b.md", True),
    ],
)
def test_links_between_files_as_generators_write_them(
    read: ReadOne, link: str, found: bool
) -> None:
    reading = read(
        {"content/blog/a.md": f"[b](<{link}>)", "content/blog/b.md": "b"}, "content/blog"
    )

    first, second = reading.documents
    assert (f"../{second.key}/" in (first.html or "")) is found


# --- Posts in HTML beside Markdown ----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "page", "piece"),
    [
        ("2024-01-02-a.html", "<p>text</p>", True),
        ("a.html", "---\ntitle: A\ndate: 2024-01-02\n---\n<p>text</p>", True),
        ("a.html", "<html><body><article>text</article></body></html>", True),
        ("a.htm", '<meta property="og:type" content="article"><p>text</p>', True),
        ("_portfolio/a.html", "---\ntitle: A\n---\n<p>text</p>", True),
        ("a.html", "<p>text</p>", False),
        ("contact.html", "---\nlayout: page\ntitle: A\n---\n<p>text</p>", False),
        ("archive.html", "---\ndate: 2024-01-02\n---\n{% for post in site.posts %}x", False),
        ("index.html", "<article>the newest</article>", False),
        ("_layouts/a.html", "---\nlayout: default\n---\n<p>{{ content }}</p>", False),
    ],
)
def test_pages_that_are_posts_are_read_with_the_markdown(
    tmp_path: Path, name: str, page: str, piece: bool
) -> None:
    root = write_files(tmp_path, {name: page, "b.md": "# B"})

    (reading,) = read_all(read_configuration(root), root)

    assert (f"blog:{name}" in [d.id for d in reading.documents]) is piece
    assert reading.skipped == ()


# --- MDX ------------------------------------------------------------------------------


def test_the_code_of_mdx_is_no_text_but_code_in_fences_is(read: ReadOne) -> None:
    text = (
        "---\ntitle: A\n---\nimport A from 'a';\nimport {\n  b,\n} from 'b';\n\n"
        "export const c = 1;\n\n"
        "Text {/* a note */} here.\n\n```js\nimport d from 'd';\n```\n\n<Chart x={1} />\n"
    )

    (document,) = read({"posts/a.mdx": text}).documents

    assert " ".join(document.text.split()) == "Text here. import d from 'd';"


# --- sources.toml ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('generator = "jekyl"', "generator is 'jekyl', which is none; did you mean 'jekyll'?"),
        ('folders = "tags"', "folders is 'tags', which is none; did you mean 'tag'?"),
        ('exclude = "a"', 'exclude is \'a\'; write a list of texts: ["one", "two"]'),
        ("exclude = [1]", 'exclude is [1]; write a list of texts: ["one", "two"]'),
        ('categories = ["a", 2]', "categories is ['a', 2]; write a list of texts:"),
        ('permalink = "pretty"', None),
        (
            'permalink = "prety"',
            "permalink is 'prety', which all posts would share; did you mean 'pretty'?",
        ),
        (
            'permalink = "/x/"\ngenerator = "hugo"',
            "permalink is '/x/', which all posts would share; write parts of it: /:slug/",
        ),
        ('permalink = "/:titel/"', "permalink has ':titel', which is no part of one; did you mean"),
    ],
)
def test_a_mistake_in_the_keys_for_blogs_names_line_and_remedy(
    tmp_path: Path, line: str, message: str | None
) -> None:
    stated = f'[[source]]\nname = "blog"\nkind = "markdown"\npath = "."\n{line}\n'
    root = write_files(tmp_path, {"sources.toml": stated, "a.md": "a"})

    if message is None:
        assert read_configuration(root).sources[0].permalink
        return
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(root)

    assert str(caught.value).startswith(f"{root / 'sources.toml'}:5: {message}")


# --- From declared addresses to works -------------------------------------------------


def works_of(*documents: Document) -> list[list[str]]:
    joined = join_documents(documents, Verdicts())
    return sorted(sorted(d.id for d in work.documents) for work in joined.works)


def test_a_link_to_an_old_address_joins_its_post_and_adds_no_place() -> None:
    post = a_document("Cats", id="post", url="https://a.example/cats/",
                      aliases=("https://a.example/2024/cats.html",))  # fmt: skip
    link = a_document(
        "Cats", id="link", url="http://www.a.example/2024/cats.html?utm_source=x", listed=True
    )
    other = a_document("Dogs", id="other", url="https://a.example/2024/cats2.html", listed=True)

    joined = join_documents([link, other, post], Verdicts())

    assert works_of(link, other, post) == [["link", "post"], ["other"]]
    work = next(work for work in joined.works if len(work.documents) == 2)
    assert [place.url for place in work.places] == ["https://a.example/cats/"]


def test_a_copy_that_declares_an_old_address_joins_its_post() -> None:
    post = a_document("Cats", id="post", url="https://a.example/cats/",
                      aliases=("https://a.example/old",))  # fmt: skip
    copy = a_document("All about cats", id="copy", url="https://b.example/1",
                      canonical_url="https://a.example/old")  # fmt: skip

    assert works_of(post, copy) == [["copy", "post"]]


def test_an_old_address_under_unlike_titles_is_a_conflict() -> None:
    post = a_document("Cats", id="post", url="https://a.example/cats/",
                      aliases=("https://a.example/old",))  # fmt: skip
    link = a_document("Tax law", id="link", url="https://a.example/old", listed=True)

    joined = join_documents([post, link], Verdicts())

    assert len(joined.works) == 2
    assert [conflict.kind for conflict in joined.conflicts] == ["address"]


def test_a_post_joins_the_copies_that_it_names() -> None:
    copies = ("https://medium.com/@me/x-0123456789ab", "https://news.example/7")
    post = a_document("Cats", id="post", url="https://a.example/cats/", syndication=copies)
    medium = a_document("Why cats?", id="medium", url="https://medium.com/p/0123456789ab")
    letter = a_document("Cats", id="letter", url="https://news.example/7?utm_source=x")

    assert works_of(post, medium, letter) == [["letter", "medium", "post"]]


def test_pieces_that_name_one_newsletter_as_their_copy_stay_apart() -> None:
    letter = a_document("Letter of May", id="letter", url="https://news.example/7")
    cats, dogs = (
        a_document(name, id=name, url=f"https://a.example/{name}", syndication=(letter.url,))
        for name in ("Cats", "Dogs")
    )

    joined = join_documents([letter, cats, dogs], Verdicts())

    assert len(joined.works) == 3
    assert len(joined.near_misses) == 2
