"""The addresses of posts by the rules of each generator, and what becomes of them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from blogs import ReadOne, read, read_post  # noqa: F401  # fixtures
from builders import a_document, write_files

from searchapp.dedup import Verdicts, join_documents
from searchapp.documents import Document
from searchapp.errors import ConfigurationError
from searchapp.sources import read_all, read_configuration
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
