"""Addresses by the generators' own rules, each named after what went wrong."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_files

from searchapp.documents import Document
from searchapp.sources import read_all, read_configuration
from searchapp.sources.init import initialise
from searchapp.sources.zones import day_in_zone

TODAY = dt.date(2024, 6, 15)

Files = dict[str, str]
Read = Callable[[Files], dict[str, Document]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a site as `init` lists it: its documents by the names of their files."""

    def read_site(files: Files) -> dict[str, Document]:
        root = write_files(tmp_path / "site", files)
        (root / "sources.toml").unlink(missing_ok=True)
        initialise(root)
        readings = read_all(read_configuration(root, TODAY), root)
        return {Path(d.path).name: d for reading in readings for d in reading.documents}

    return read_site


def urls(documents: dict[str, Document]) -> dict[str, str | None]:
    return {
        name: document.url and document.url.removeprefix("https://a.example")
        for name, document in documents.items()
    }


def post(matter: str) -> str:
    return f"---\n{matter}\n---\nWords.\n"


# --- Hugo -----------------------------------------------------------------------------

HUGO = "baseURL = 'https://a.example/'\n"
TWO = {
    "content/posts/hallo.de.md": post("title: Hallo\ndate: 2020-01-02"),
    "content/posts/hallo.en.md": post("title: Hello\ndate: 2020-01-02"),
    "content/posts/tag.md": post("title: Tag\ndate: 2020-01-02"),
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            "defaultContentLanguage = 'de'\n[permalinks]\nposts = '/:year/:slug/'",
            ("/2020/hallo/", "/en/2020/hello/", "/2020/tag/"),
        ),
        (
            "defaultContentLanguage = 'de'\n[permalinks]\nposts = '/:section/:slug/'",
            ("/posts/hallo/", "/en/posts/hello/", "/posts/tag/"),
        ),
        (
            "defaultContentLanguage = 'de'",
            ("/posts/hallo/", "/en/posts/hallo/", "/posts/tag/"),
        ),
        (
            "defaultContentLanguage = 'de'\ndefaultContentLanguageInSubdir = true\n"
            "[permalinks]\nposts = '/:year/:slug/'",
            ("/de/2020/hallo/", "/en/2020/hello/", "/de/2020/tag/"),
        ),
        ("", ("/de/posts/hallo/", "/posts/hallo/", "/posts/tag/")),
    ],
)  # fmt: skip
def test_two_languages_had_one_address_where_a_permalink_is_configured(
    read: Read, settings: str, expected: tuple[str, ...]
) -> None:
    documents = read({"hugo.toml": HUGO + settings, **TWO})

    assert tuple(urls(documents).values()) == expected


def test_a_url_that_a_page_of_hugo_states_without_a_slash_counts_from_its_language(
    read: Read,
) -> None:
    files = {
        "content/p/a.md": post("title: A\nurl: own/"), "content/p/b.de.md": post("url: own/"),
        "content/p/c.de.md": post("title: C\nurl: /own/"),
    }  # fmt: skip

    assert list(urls(read({"hugo.toml": HUGO, **files})).values()) == [
        "/own/", "/de/own/", "/own/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        ("old/place", "/2020/05/old/place"),
        ("../z", "/2020/z"),
        ("../../../z/", "/z/"),
        ("/abs/old/", "/abs/old/"),
        ("/a/../b", "/b"),
    ],
)
def test_hugos_aliases_counted_from_the_site_and_not_from_beside_the_page(
    read: Read, alias: str, expected: str
) -> None:
    settings = HUGO + "[permalinks]\nposts = '/:year/:month/:slug/'\n"
    matter = f"title: x\ndate: 2020-05-01\naliases: ['{alias}']"

    documents = read({"hugo.toml": settings, "content/posts/x.md": post(matter)})

    assert documents["x.md"].aliases == (f"https://a.example{expected}",)


def test_the_zero_date_of_go_is_no_date(read: Read) -> None:
    matter = "title: A\ndate: 0001-01-01T00:00:00Z\nexpiryDate: 0001-01-01T00:00:00Z"

    documents = read({"hugo.toml": HUGO, "content/posts/a.md": post(matter)})

    assert documents["a.md"].date is None


# --- Jekyll ---------------------------------------------------------------------------

JEKYLL = "url: https://a.example\n"


@pytest.mark.parametrize(
    ("date", "zone", "expected"),
    [
        ("2020-03-01 00:30:00 +0900", "Europe/Berlin", "/2020/02/29/a.html"),
        ("2020-02-29T23:30:00Z", "Asia/Tokyo", "/2020/03/01/a.html"),
        ("2020-02-29 23:30 -05:00", "", "/2020/03/01/a.html"),
        ("2020-03-01 00:30:00", "Europe/Berlin", "/2020/03/01/a.html"),
        ("2020-03-01", "America/Los_Angeles", "/2020/03/01/a.html"),
        ("2020-03-01 00:30:00 +0900", "No/Where", "/2020/02/29/a.html"),
    ],
)
def test_jekylls_addresses_have_the_day_in_the_zone_of_the_site(
    read: Read, date: str, zone: str, expected: str
) -> None:
    config = JEKYLL + (f"timezone: {zone}\n" if zone else "")

    documents = read({"_config.yml": config, "_posts/2019-01-01-a.md": post(f"date: {date}")})

    assert urls(documents) == {"2019-01-01-a.md": expected}
    assert str(documents["2019-01-01-a.md"].date) == date[:10]  # the day shown is as written


@pytest.mark.parametrize("value", ["2020-02-31 10:00 +0000", "9999-12-31 23:00 -2359", "x", None])
def test_a_moment_that_is_none_has_no_day_in_a_zone(value: object) -> None:
    assert day_in_zone(value, "Asia/Tokyo") is None


def test_the_folder_of_jekylls_collections_was_a_tag_and_a_part_of_addresses(read: Read) -> None:
    config = JEKYLL + "collections_dir: my_collections\ncollections: {recipes: {output: true}}\n"
    files = {
        "my_collections/_posts/2020-01-01-a.md": post("title: A"),
        "my_collections/_recipes/pie.md": post("title: Pie"),
    }

    documents = read({"_config.yml": config, **files})

    assert urls(documents) == {
        "2020-01-01-a.md": "/2020/01/01/a.html", "pie.md": "/recipes/pie.html",
    }  # fmt: skip
    assert documents["2020-01-01-a.md"].tags == ()


def test_drafts_were_no_entries_at_all_after_init(tmp_path: Path) -> None:
    files = {"_posts/2020-01-01-a.md": post("title: A"), "_drafts/b.md": post("title: B")}
    root = write_files(tmp_path, {"_config.yml": JEKYLL, **files})

    initialise(root)

    held = [f for r in read_all(read_configuration(root, TODAY), root) for f in r.held_back]
    assert [(f.path, f.reason) for f in held] == [
        ("_drafts/b.md", "lies in _drafts; move it to _posts to show it")
    ]


def test_one_collection_of_talks_is_no_academicpages(tmp_path: Path) -> None:
    config = JEKYLL + "collections: {talks: {output: true}}\n"
    files = {"_posts/2020-01-01-a.md": post("title: A"), "_talks/t.md": post("title: T")}

    seen = initialise(write_files(tmp_path, {"_config.yml": config, **files}))

    assert seen.generator == "Jekyll"
    assert [source.path for source in seen.sources] == ["_posts", "_talks"]


# --- Pelican, Zola, Eleventy ----------------------------------------------------------


def article(matter: str) -> str:
    return f"Title: A\nDate: 2020-01-02\n{matter}\n\nWords.\n"


def test_pelicans_articles_in_another_language_had_the_address_of_the_first(read: Read) -> None:
    files = {
        "pelicanconf.py": "SITEURL = 'https://a.example'\nDEFAULT_LANG = 'en'\n"
                          "ARTICLE_URL = 'posts/{slug}/'\n",
        "content/cats/a.md": article("Slug: a-slug"),
        "content/cats/b.md": article("Slug: a-slug\nLang: fr"),
        "content/cats/c.md": article("Slug: c\nLang: en"),
    }  # fmt: skip
    stated = files["pelicanconf.py"] + "ARTICLE_LANG_URL = '{lang}/{slug}/'\n"

    usual, own = urls(read(files)), urls(read({**files, "pelicanconf.py": stated}))

    assert usual == {"a.md": "/posts/a-slug/", "b.md": "/a-slug-fr.html", "c.md": "/posts/c/"}
    assert own["b.md"] == "/fr/a-slug/"


def test_pelicans_folders_are_categories_and_categories_are_tags(read: Read) -> None:
    files = {
        "pelicanconf.py": "SITEURL = 'https://a.example'\nARTICLE_URL = '{category}/{slug}/'\n",
        "content/big/Cats/a.md": article(""),
        "content/big/Cats/b.md": article("Category: Dogs"),
        "content/c.md": article(""),
    }
    without = files["pelicanconf.py"] + "USE_FOLDER_AS_CATEGORY = False\n"

    documents = read(files)

    assert urls(documents) == {"a.md": "/cats/a/", "b.md": "/dogs/a/", "c.md": "/misc/a/"}
    assert [documents[name].tags for name in ("a.md", "b.md", "c.md")] == [
        ("Cats",), ("Dogs",), (),
    ]  # fmt: skip
    assert urls(read({**files, "pelicanconf.py": without}))["a.md"] == "/misc/a/"


@pytest.mark.parametrize(
    ("stated", "tags"),
    [
        ("a, b; c", ("a, b", "c")),
        ("a b, c", ("a b", "c")),
        ("R&D; c", ("R&D", "c")),
    ],
)
def test_pelicans_tags_are_parted_by_its_own_rule(
    read: Read, stated: str, tags: tuple[str, ...]
) -> None:
    documents = read({"pelicanconf.py": "", "content/a.md": article(f"Tags: {stated}")})

    assert documents["a.md"].tags == tags


def test_the_slug_in_the_name_of_an_article_is_read_by_pelicans_own_pattern(read: Read) -> None:
    settings = (
        "SITEURL = 'https://a.example'\n"
        r"FILENAME_METADATA = r'(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)'" + "\n"
    )

    documents = read(
        {"pelicanconf.py": settings, "content/2020-05-06_from-name.md": "Title: Another\n\nx\n"}
    )

    assert urls(documents) == {"2020-05-06_from-name.md": "/from-name.html"}
    assert str(documents["2020-05-06_from-name.md"].date) == "2020-05-06"


def test_a_page_that_zola_does_not_render_has_no_address(read: Read) -> None:
    files = {
        "config.toml": "base_url = 'https://a.example'",
        "content/a.md": "+++\ntitle = 'A'\nrender = false\n+++\nx",
        "content/b.md": "+++\ntitle = 'B'\n+++\nx",
    }

    assert urls(read(files)) == {"a.md": None, "b.md": "/b/"}


def test_eleventy_leaves_index_html_out_of_addresses(read: Read) -> None:
    files = {
        "eleventy.config.js": "", "_data/metadata.json": '{"url": "https://a.example"}',
        "blog/a.md": post("title: A\npermalink: '/{{ title | slugify }}/index.html'"),
        "blog/b.md": post("title: B\npermalink: /b.html"),
    }  # fmt: skip

    assert urls(read(files)) == {"a.md": "/a/", "b.md": "/b.html"}


def test_the_summary_ends_at_the_excerpt_separator_of_the_configuration(read: Read) -> None:
    files = {
        "_config.yml": "url: https://a.example\nexcerpt_separator: <!-- cut -->\n",
        "_posts/2020-01-01-a.md": "---\ntitle: A\n---\nThe lead.\n\n<!-- cut -->\n\nThe rest.\n",
    }

    document = read(files)["2020-01-01-a.md"]

    assert (document.summary, document.text) == ("The lead.", "The lead.\nThe rest.")
