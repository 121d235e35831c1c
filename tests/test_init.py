"""`searchapp init`: a folder that somebody already has becomes a content folder that works."""

import datetime as dt
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import write_files

from searchapp.errors import SearchappError
from searchapp.sources import Reading, read_all, read_configuration
from searchapp.sources.init import initialise

SITES = Path(__file__).parent / "data" / "sources"
GENERATORS = (
    "jekyll", "academicpages", "hugo", "zola", "eleventy", "pelican", "astro", "plain",
)  # fmt: skip
TODAY = dt.date(2026, 1, 1)

Site = Callable[[str], Path]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Copy one of the sites, as a generator has it, into a folder of its own."""
    return lambda name: shutil.copytree(SITES / name, tmp_path / name)


def read(content: Path) -> list[Reading]:
    """Read a content folder on a day that does not change."""
    return read_all(read_configuration(content, TODAY), content)


def expected_of(name: str) -> list[dict[str, Any]]:
    stated = tomllib.loads((SITES / f"{name}.toml").read_text("utf-8"))
    return list(stated["source"])


# --- Each generator -------------------------------------------------------------------


@pytest.mark.parametrize("name", GENERATORS)
def test_init_finds_the_sources_of_each_generators_site(site: Site, name: str) -> None:
    content = site(name)

    initialise(content)

    sources = read_configuration(content).sources
    for source, expected in zip(sources, expected_of(name), strict=True):
        for key in ("name", "path", "generator", "permalink", "url", "gives", "folders"):
            assert getattr(source, key) == expected.get(key), key
        for key in ("exclude", "categories"):
            assert list(getattr(source, key)) == expected.get(key, []), key


@pytest.mark.parametrize("name", GENERATORS)
def test_what_init_wrote_reads_every_entry_with_its_real_address(site: Site, name: str) -> None:
    content = site(name)
    initialise(content)
    today = read_configuration(content)

    for reading, expected in zip(read(content), expected_of(name), strict=True):
        told = [where(f.path, f.line, f.reason) for f in reading.held_back]
        assert told == expected.get("held_back", [])
        assert [where(f.path, f.line, f.reason) for f in reading.warnings] == []
        assert reading.skipped == ()
        documents = expected.get("document", [])
        assert [d.id for d in reading.documents] == [stated["id"] for stated in documents]
        assert reading.seen == expected["seen"] == len(documents) + len(told)
        for document, stated in zip(reading.documents, documents, strict=True):
            usual = {"kind": "post", "language": today.site.language, "minutes": 1}
            for key in ("title", "url", "canonical_url", "summary", "series", "part", *usual):
                assert getattr(document, key) == (
                    stated.get(key, usual.get(key, "" if key == "summary" else None))
                    if document.text or key != "minutes" else None
                ), (document.id, key)  # fmt: skip
            for key in ("tags", "aliases", "syndication"):
                assert list(getattr(document, key)) == stated.get(key, []), (document.id, key)
            assert str(document.date) == stated.get("date", "None"), document.id


def where(path: str, line: int | None, reason: str) -> list[str]:
    return [f"{path}:{line}" if line else path, reason]


@pytest.mark.parametrize(
    ("part", "address"),
    [
        ("hugo/content", "https://kiln.example/notes/raku/ash/"),
        ("hugo/content/posts", "https://kiln.example/2024/04/on-glaze/"),
        ("zola/content/blog", "https://moor.example/de/blog/nebel-am-morgen/"),
        ("jekyll/_posts", "https://salt.example/log/odd%20days/2024/02/29/leap-day/"),
        ("pelican/content", "https://rivers.example/2020/12/ferry-man/"),
        ("eleventy/src/notes", "https://boats.example/notes/kite/"),
        ("astro/src/content/blog", "https://orbit.example/en/writing/low-orbit/"),
    ],
)
def test_init_on_a_part_of_a_site_knows_the_site_and_its_addresses(
    site: Site, part: str, address: str
) -> None:
    name, _, folder = part.partition("/")
    content = site(name) / folder

    initialise(content)

    assert address in [d.url for reading in read(content) for d in reading.documents]


def test_a_site_may_lie_in_a_folder_below(site: Site, tmp_path: Path) -> None:
    site("jekyll").rename(tmp_path / "docs")
    (tmp_path / "README.md").write_text("About this project.")

    done = initialise(tmp_path)

    assert (done.generator, done.sources[0].path) == ("Jekyll", "docs/_posts")
    assert done.reasons[0] == "docs/_config.yml"


def test_the_file_may_be_written_to_another_folder(site: Site, tmp_path: Path) -> None:
    site("plain")

    done = initialise(tmp_path / "plain", tmp_path / "elsewhere" / "content")

    assert done.path == tmp_path / "elsewhere" / "content" / "sources.toml"
    assert not (tmp_path / "plain" / "sources.toml").exists()
    (reading,) = read(tmp_path / "elsewhere" / "content")
    assert len(reading.documents) == 3


# --- Without a configuration ----------------------------------------------------------

PLAIN = "---\ntitle: A\n---\ntext"


@pytest.mark.parametrize(
    ("files", "generator", "path"),
    [
        pytest.param(
            {
                "content/_index.md": "+++\n+++\n",
                "content/a.md": '+++\npath = "2024/01/02/a"\n+++\n',
            },
            "Zola",
            "content",
            id="Zola's facts between +++",
        ),
        pytest.param(
            {"content/posts/a.md": '+++\ntitle = "A"\ntags = ["b"]\n+++\n'},
            "Hugo",
            "content/posts",
            id="Hugo's facts between +++",
        ),
        pytest.param(
            {"content/_index.md": PLAIN, "content/posts/a.md": PLAIN},
            "Hugo",
            "content/posts",
            id="pages of sections",
        ),
        pytest.param(
            {"content/a.md": "Title: A\nDate: 2024-01-02\n\na"},
            "Pelican",
            "content",
            id="lines without fences",
        ),
        pytest.param({"site/_posts/2024-01-02-a.md": PLAIN}, "Jekyll", "site/_posts", id="_posts"),
        pytest.param(
            {"_posts/2024-01-02-a.md": PLAIN, "_talks/b.md": PLAIN, "_publications/c.md": PLAIN},
            "academicpages",
            "_posts",
            id="collections of a researcher",
        ),
        pytest.param(
            {"src/content/blog/a.mdx": PLAIN}, "Astro", "src/content/blog", id="src/content"
        ),
        pytest.param(
            {"posts/a.md": PLAIN, "posts/posts.11tydata.js": "export default {};"},
            "Eleventy",
            "posts",
            id="data beside posts",
        ),
        pytest.param({"a.md": "# A"}, "plain Markdown", ".", id="nothing but Markdown"),
        pytest.param(
            {"b/2024-01-02-a.html": "<h1>A</h1>"}, "plain Markdown", ".", id="posts in HTML"
        ),
    ],
)
def test_a_generator_is_known_by_the_shape_of_its_files(
    tmp_path: Path, files: dict[str, str], generator: str, path: str
) -> None:
    done = initialise(write_files(tmp_path, files))

    assert (done.generator, done.sources[0].path) == (generator, path)
    assert len(read(tmp_path)[0].documents) == 1


def test_folders_become_tags_only_where_they_sort_notes_without_tags(tmp_path: Path) -> None:
    notes = {"a/1.md": "# 1", "b/2.md": "# 2", "b/3.md": "# 3"}
    tagged = {name: f"---\ntags: [x]\n---\n{text}" for name, text in notes.items()}
    by_year = {"2023/1.md": "# 1", "2024/2.md": "# 2"}

    found = [
        initialise(write_files(tmp_path / str(n), files)).sources[0].folders
        for n, files in enumerate((notes, tagged, by_year))
    ]

    assert found == ["tag", None, None]


def test_folders_above_posts_are_categories(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "_config.yml": "url: https://a.example\npermalink: /:categories/:title/\n",
            "news/_posts/2024-01-02-a.md": "---\ntitle: A\ncategories: [news, b c]\n---\na",
            "_posts/2024-01-03-d.md": PLAIN,
        },
    )

    initialise(tmp_path)

    posts, news = read(tmp_path)
    assert [d.url for d in posts.documents] == ["https://a.example/d/"]
    assert [d.url for d in news.documents] == ["https://a.example/news/b%20c/a/"]
    assert news.documents[0].tags == ("news", "b c")


def test_lists_exports_and_feeds_beside_the_posts_are_sources(tmp_path: Path) -> None:
    listed = "- year: 2024\n  items:\n    - {title: A, url: https://a.example/a}\n"
    menu = "- {title: Posts, url: /posts/}\n- {title: About, url: /about/}\n"
    write_files(
        tmp_path,
        {
            "a.md": "# A", "_data/articles.yml": listed, "_data/menu.yml": menu,
            "export.jsonl": '{"title": "B", "body": "b"}\n{"title": "C"}\n',
            "queries.jsonl": '{"id": 1, "text": "no entry"}\n',
            "old.xml": "<rss version='2.0'><channel><item><title>D</title></item></channel></rss>",
            "feed.xml": "---\n---\n<rss version='2.0'></rss>", "sitemap.xml": "<urlset></urlset>",
        },
    )  # fmt: skip

    done = initialise(tmp_path)

    found = {source.name: (source.kind, source.count) for source in done.sources}
    assert found == {
        "posts": ("markdown", 1), "articles": ("list", 1), "export": ("jsonl", 2),
        "old": ("feed", 1),
    }  # fmt: skip
    assert [len(reading.documents) for reading in read(tmp_path)] == [
        found[reading.source.name][1] for reading in read(tmp_path)
    ]


def test_hosts_at_which_posts_appeared_get_a_name(tmp_path: Path) -> None:
    post = "---\ntitle: A {0}\npublication_url: https://www.paper.example/{0}\n---\na"
    write_files(tmp_path, {f"{n}.md": post.format(n) for n in range(3)})

    initialise(tmp_path)

    assert read_configuration(tmp_path).hosts == {"paper.example": "paper.example"}


def test_other_peoples_files_are_no_posts(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"a.md": "# A", "node_modules/b/README.md": "# B", "LICENSE.md": "# C", "README.md": "# D"},
    )

    done = initialise(tmp_path)

    (reading,) = read(tmp_path)
    assert [d.id for d in reading.documents] == ["posts:a.md"]
    assert done.sources[0].count == 1


def test_a_site_among_much_other_writing_does_not_hide_it(site: Site, tmp_path: Path) -> None:
    site("jekyll")
    write_files(tmp_path, {f"notes/{n}.md": f"# {n}" for n in range(20)})

    done = initialise(tmp_path)

    assert done.generator == "plain Markdown"


def test_names_that_are_no_utf8_are_told_and_stop_nothing_half_way(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A")
    (tmp_path / "_posts\udcff").mkdir()
    (tmp_path / "_posts\udcff" / "b.md").write_text("# B")

    done = initialise(tmp_path)

    assert done.sources[0].count == 2
    assert len(read(tmp_path)[0].documents) == 2


# --- What is refused ------------------------------------------------------------------


def test_a_file_that_stands_is_never_written_over(site: Site) -> None:
    content = site("plain")
    (content / "sources.toml").write_text("mine")

    with pytest.raises(SearchappError, match=r"sources\.toml: stands already and is kept; edit"):
        initialise(content)

    assert (content / "sources.toml").read_text() == "mine"


def test_nor_is_a_link_that_leads_nowhere(site: Site) -> None:
    content = site("plain")
    (content / "sources.toml").symlink_to(content / "nowhere")

    with pytest.raises(SearchappError, match="stands already"):
        initialise(content)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "is empty; name the folder that holds your writing"),
        ({"main.py": "print()", "README.md": "# A tool"}, "no posts are here"),
        ({"a.txt": "text", "index.html": "<p>front</p>"}, "no posts are here"),
        ({"_data/menu.yml": "- {title: A, url: /a/}"}, "no posts are here"),
    ],
)
def test_a_folder_that_is_no_blog_is_one_line_with_what_to_do(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    (tmp_path / "blog").mkdir()
    write_files(tmp_path / "blog", files)

    with pytest.raises(SearchappError) as caught:
        initialise(tmp_path / "blog")

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "blog" / "sources.toml").exists()


@pytest.mark.parametrize("made", [Path.touch, lambda path: None])
def test_a_path_that_is_no_folder_is_one_line(tmp_path: Path, made: Callable[[Path], Any]) -> None:
    made(tmp_path / "blog")

    with pytest.raises(SearchappError, match=r"blog: is (?:a file|not there); name the folder"):
        initialise(tmp_path / "blog")


# --- The command ----------------------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "searchapp", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_from_a_jekyll_folder_to_a_built_index_in_two_commands(site: Site, tmp_path: Path) -> None:
    content, index = site("jekyll"), tmp_path / "index"

    told = run("init", content)
    built = run("build", "--content", content, "--index", index, "--json")

    assert (told.returncode, built.returncode) == (0, 0)
    assert told.stdout.startswith(f"{content}: Jekyll, because of _config.yml and _posts/\n")
    assert f"searchapp serve --content {content}" in told.stdout
    assert "contact.md" in told.stderr
    report = json.loads(built.stdout)
    assert [(s["name"], s["seen"], s["documents"]) for s in report["sources"]] == [
        ("posts", 6, 4), ("recipes", 1, 1), ("drafts", 1, 0),
    ]  # fmt: skip


def test_a_second_init_fails_and_says_why(site: Site) -> None:
    content = site("plain")
    run("init", content)
    written = (content / "sources.toml").read_text()

    again = run("init", content)

    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        f"Error: {content / 'sources.toml'}: stands already and is kept; edit it, or move it away\n"
    )
    assert (content / "sources.toml").read_text() == written
