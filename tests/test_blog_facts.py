"""What posts state: the many names of one fact, tags, and what is held back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from blogs import TODAY, ReadOne, read, read_post  # noqa: F401  # fixtures
from builders import write_files

from searchapp.documents import Document
from searchapp.sources import read_all, read_configuration

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
