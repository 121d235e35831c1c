"""What a site and its folders state for a post: what is private there stays private."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_files

from searchapp.documents import Document
from searchapp.sources import Cache, Reading, read_all, read_configuration, read_everything
from searchapp.sources.init import initialise

TODAY = dt.date(2024, 6, 15)

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read the posts of a generator's site, as the owner lists them: without `init`."""

    def read_files(generator: str, files: dict[str, str], path: str = ".") -> Reading:
        toml = f"[[source]]\nname = 'b'\nkind = 'markdown'\npath = '{path}'\n"
        toml += f"generator = '{generator}'\nurl = 'https://a.example'\n"
        root = write_files(tmp_path / "site", {**files, "sources.toml": toml})
        (reading,) = read_all(read_configuration(root, TODAY), root)
        assert reading.seen == (
            len(reading.documents) + len(reading.skipped) + len(reading.held_back)
        )
        return reading

    return read_files


def post(matter: str = "title: A") -> str:
    return f"---\n{matter}\n---\nWords of mine.\n"


def shown(reading: Reading) -> list[str]:
    return [document.path for document in reading.documents]


def held(reading: Reading, path: str) -> str:
    return next((f.reason for f in reading.held_back if f.path == path), "")


def one(reading: Reading, path: str) -> Document:
    return next(document for document in reading.documents if document.path == path)


def fence(matter: str) -> str:
    return f"---\n{matter}\n---\n"


# --- Hugo -----------------------------------------------------------------------------

HIDDEN, PUBLIC = "content/private/deep/a.md", "content/posts/b.md"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"content/private/_index.md": "cascade: {draft: true}"}, id="a table"),
        pytest.param({"content/private/deep/_index.md": "cascade: {draft: true}"}, id="nearest"),
        pytest.param(
            {"content/private/_index.md": "cascade: [{build: {render: never}}]"}, id="a list"
        ),
        pytest.param(
            {"content/_index.md": "cascade: [{draft: true, _target: {path: /private/**}}]"},
            id="by path",
        ),
        pytest.param(
            {"content/_index.md": "cascade:\n  draft: true\n  target: {path: '{/x,/private/**}'}"},
            id="by one of two paths",
        ),
        pytest.param(
            {"content/_index.md": "cascade: {draft: true, _target: {path: '/private/*/a', "
                                  "kind: page, lang: en}}"},
            id="by path, kind and language",
        ),
    ],
)  # fmt: skip
def test_a_post_was_shown_that_hugos_cascade_keeps_back(read: Read, files: dict[str, str]) -> None:
    sections = {path: fence(matter) for path, matter in files.items()}

    reading = read("hugo", {"hugo.toml": "", **sections, HIDDEN: post(), PUBLIC: post()})

    assert shown(reading) == [PUBLIC]
    assert f"as {next(iter(files))} states" in held(reading, HIDDEN)


@pytest.mark.parametrize(
    "cascade",
    [
        "{draft: true, _target: {path: /elsewhere/**}}",
        "{draft: true, _target: {path: /private/*}}",
        "{draft: true, _target: {kind: section}}",
        "{draft: true, _target: {lang: de}}",
        "{draft: true, _target: {environment: staging}}",
        "{draft: true, _target: {path: '/[z-a]**'}}",
        "{draft: true, _target: {path: '" + "*a" * 100 + "b'}}",
    ],
)
def test_a_cascade_for_other_pages_keeps_nothing_back(read: Read, cascade: str) -> None:
    sections = {"content/_index.md": fence(f"cascade: {cascade}")}

    assert shown(read("hugo", {"hugo.toml": "", **sections, HIDDEN: post()})) == [HIDDEN]


def test_hugos_configuration_cascades_too(read: Read) -> None:
    toml = "[[cascade]]\ndraft = true\n[cascade.target]\npath = '/private/**'\n"

    reading = read("hugo", {"hugo.toml": toml, HIDDEN: post(), PUBLIC: post()})

    assert shown(reading) == [PUBLIC]


def test_what_a_post_states_counts_more_than_its_folder(read: Read) -> None:
    above = "cascade: {draft: true, author: Casc, tags: [far], params: {lang: de}}"
    near = "cascade: {tags: [near]}"
    own = "title: A\ndraft: false\nauthors: [Own]"

    files = {"content/_index.md": fence(above), "content/private/_index.md": fence(near)}
    reading = read("hugo", {"hugo.toml": "", **files, HIDDEN: post(own)})

    document = one(reading, HIDDEN)
    assert (document.authors, document.tags, document.language) == (("Own",), ("near",), "de")


def test_a_section_in_one_language_states_nothing_for_pages_in_another(read: Read) -> None:
    files = {
        "content/p/_index.md": fence("cascade: {draft: true}"), "content/p/a.md": post(),
        "content/p/b.de.md": post(),
    }  # fmt: skip

    assert shown(read("hugo", {"hugo.toml": "", **files})) == ["content/p/b.de.md"]


# --- Jekyll ---------------------------------------------------------------------------

SECRET, OPEN = "_posts/secret/2020-01-01-a.md", "_posts/2020-01-02-b.md"


@pytest.mark.parametrize(
    "scope",
    [
        "{path: _posts/secret, type: posts}",
        "{path: _posts/secret}",
        "{path: '_posts/sec*'}",
        "{path: '*/secret', type: posts}",
    ],
)
def test_a_post_was_shown_that_jekylls_defaults_do_not_publish(read: Read, scope: str) -> None:
    config = f"defaults: [{{scope: {scope}, values: {{published: false}}}}]"

    reading = read("jekyll", {"_config.yml": config, SECRET: post(), OPEN: post()})

    assert shown(reading) == [OPEN]
    assert held(reading, SECRET).startswith("published is false, as _config.yml states;")


def test_the_last_of_jekylls_defaults_won_whatever_its_path(read: Read) -> None:
    config = """
defaults:
- {scope: {path: _posts/secret, type: posts}, values: {permalink: "/s/:title/", author: S}}
- {scope: {path: "", type: posts}, values: {permalink: "/p/:title/", author: P, lang: de}}
- {scope: {path: ""}, values: {permalink: "/any/:title/", author: Any}}
- {scope: {path: projects}, values: {permalink: "/projects/:basename/"}}
- {scope: {type: recipes}, values: {permalink: "/food/:title/"}}
"""
    reading = read("jekyll", {"_config.yml": config, SECRET: post(), OPEN: post()})

    secret, other = one(reading, SECRET), one(reading, OPEN)
    assert secret.url == "https://a.example/s/a/"
    assert other.url == "https://a.example/p/b/"
    assert (secret.authors, secret.language, other.authors) == (("S",), "de", ("P",))


def test_jekylls_categories_are_joined_and_its_tags_are_not(read: Read) -> None:
    config = "defaults: [{values: {categories: [a], tags: [far]}}]"

    reading = read(
        "jekyll", {"_config.yml": config, OPEN: post("title: B\ncategories: b c\ntags: near")}
    )

    document = one(reading, OPEN)
    assert document.tags == ("near", "a", "b", "c")
    assert document.url == "https://a.example/a/b/c/2020/01/02/b.html"


def test_an_empty_post_is_still_empty_where_defaults_state_something(read: Read) -> None:
    config = "defaults: [{values: {layout: post, author: A}}]"

    reading = read("jekyll", {"_config.yml": config, OPEN: ""})

    assert "states nothing" in held(reading, OPEN)


def test_a_configuration_that_cannot_be_read_is_told_once(read: Read) -> None:
    reading = read("jekyll", {"_config.yml": "a: [", SECRET: post(), OPEN: post()})

    assert len(reading.documents) == 2
    (warning,) = reading.warnings
    assert warning.path == "_config.yml"
    assert "what it states is not used" in warning.reason


# --- Zola, Eleventy, Pelican ----------------------------------------------------------


def test_a_post_was_shown_below_a_drafted_section_of_zola(read: Read) -> None:
    files = {
        "config.toml": "base_url = 'https://a.example'",
        "content/s/_index.md": "+++\ndraft = true\npage_template = 'x.html'\n+++\n",
        "content/s/deep/a.md": "+++\ntitle = 'A'\n+++\nx",
        "content/b.md": "+++\ntitle = 'B'\n+++\nx",
    }

    reading = read("zola", files)

    assert shown(reading) == ["content/b.md"]
    assert "as content/s/_index.md states" in held(reading, "content/s/deep/a.md")


def test_eleventys_data_files_were_read_by_init_alone(read: Read) -> None:
    files = {
        ".eleventy.js": "",
        "src/blog/blog.json": '{"tags": ["far"], "permalink": "/b/{{ page.fileSlug }}/"}',
        "src/blog/deep/deep.11tydata.json": '{"tags": "near", "author": "D"}',
        "src/blog/deep/a.md": post("title: A\ntags: [own]"),
        "src/blog/deep/b.md": post("title: B\npermalink: /own/"),
        "src/blog/private/private.json": '{"eleventyExcludeFromCollections": true}',
        "src/blog/private/c.md": post(),
        "src/blog/d.11tydata.json": '{"draft": true}',
        "src/blog/d.md": post(),
    }

    reading = read("eleventy", files)

    assert shown(reading) == ["src/blog/deep/a.md", "src/blog/deep/b.md"]
    a, b = reading.documents
    assert (a.tags, a.url, a.authors) == (("far", "near", "own"), "https://a.example/b/a/", ("D",))
    assert (b.tags, b.url) == (("far", "near"), "https://a.example/own/")


def test_data_in_javascript_is_told_where_it_decides_what_is_shown(read: Read) -> None:
    files = {
        ".eleventy.js": "",
        "a/a.11tydata.js": "export default { draft: true };",
        "b/b.11tydata.js": "export default { layout: 'post.njk' };",
    }

    reading = read("eleventy", {**files, "a/x.md": post(), "a/y.md": post(), "b/z.md": post()})

    (warning,) = reading.warnings
    assert (warning.path, warning.reason) == (
        "a/a.11tydata.js",
        "is JavaScript, which is not run; write it as .11tydata.json; what it states is not used",
    )


def test_pelicans_settings_state_the_metadata_of_articles(read: Read) -> None:
    settings = """
PATH = 'content'
DEFAULT_METADATA = {'author': 'Ann', 'status': 'draft'}
EXTRA_PATH_METADATA = {'open': {'status': 'published'}}
"""
    files = {"pelicanconf.py": settings}
    for name in ("open/a.md", "closed/b.md"):
        files[f"content/{name}"] = "Title: A\nDate: 2020-01-02\n\nx\n"

    reading = read("pelican", files)

    assert shown(reading) == ["content/open/a.md"]
    assert reading.documents[0].authors == ("Ann",)


# --- Wherever the source begins -------------------------------------------------------


@pytest.mark.parametrize("path", [".", "content", "content/private", "content/private/deep"])
def test_what_stands_above_the_folder_of_the_source_counts(read: Read, path: str) -> None:
    files = {"hugo.toml": "", "content/_index.md": fence("cascade: {draft: true}")}

    assert shown(read("hugo", {**files, HIDDEN: post()}, path)) == []


def test_a_content_folder_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = "[[source]]\nname = 'b'\nkind = 'markdown'\npath = '.'\ngenerator = 'hugo'\n"
    files = {"hugo.toml": "", "content/_index.md": fence("cascade: {draft: true}")}
    write_files(tmp_path, {**files, "content/p/sources.toml": toml, "content/p/a.md": post()})
    monkeypatch.chdir(tmp_path / "content" / "p")

    (reading,) = read_all(read_configuration(Path(), TODAY), Path())

    assert held(reading, "a.md").startswith("draft is true, as ../_index.md states")


def test_init_and_build_agree_on_what_is_private(tmp_path: Path) -> None:
    config = "defaults: [{scope: {path: _posts/secret}, values: {published: false}}]"
    root = write_files(tmp_path, {"_config.yml": config, SECRET: post(), OPEN: post()})

    initialise(root)

    (reading,) = read_all(read_configuration(root, TODAY), root)
    assert shown(reading) == [OPEN]


def test_posts_are_read_again_when_their_section_changes(tmp_path: Path) -> None:
    toml = "[[source]]\nname = 'b'\nkind = 'markdown'\npath = 'content'\ngenerator = 'hugo'\n"
    files = {"sources.toml": toml, "hugo.toml": "", HIDDEN: post(), PUBLIC: post()}
    root = write_files(tmp_path / "site", files)

    def read_again() -> tuple[list[str], int]:
        told: list[int] = []
        cache = Cache(tmp_path / "cache")
        configuration = read_configuration(root, TODAY)
        everything = read_everything(
            configuration, root, cache=cache, tell=lambda done, _: told.append(done)
        )
        return shown(everything.readings[0]), told[0]

    first, again = read_again(), read_again()
    write_files(root, {"content/private/_index.md": fence("cascade: {draft: true}")})
    hidden = read_again()
    write_files(root, {"content/private/_index.md": fence("title: Private")})
    open_ = read_again()

    assert first == ([PUBLIC, HIDDEN], 0)
    assert again == ([PUBLIC, HIDDEN], 2)
    assert hidden == ([PUBLIC], 1)  # the post elsewhere is not read again
    assert open_ == ([PUBLIC, HIDDEN], 1)
