"""What lies in content/ and is not read: nothing of it vanishes without a word."""

from pathlib import Path

import pytest
from builders import write_files
from rights import bound_by_modes

from searchapp.sources import Reading, read_all, read_configuration
from searchapp.sources.init import initialise


def read(content: Path) -> Reading:
    (reading,) = read_all(read_configuration(content), content)
    assert reading.seen == len(reading.documents) + len(reading.skipped) + len(reading.held_back)
    return reading


def read_bound(content: Path) -> Reading:
    with bound_by_modes():
        return read(content)


def source(kind: str, path: str) -> str:
    return f'[[source]]\nname = "a"\nkind = "{kind}"\npath = "{path}"\n'


def test_a_folder_that_cannot_be_listed_is_a_skipped_entry_and_does_not_vanish(
    tmp_path: Path,
) -> None:
    content = write_files(tmp_path / "blog", {"a.md": "# A", "closed/b.md": "# B"})
    (content / "closed").chmod(0o000)

    reading = read_bound(content)

    (content / "closed").chmod(0o755)
    assert [(f.path, f.reason) for f in reading.skipped] == [
        ("closed", "folder cannot be listed: Permission denied; check that it is ours to read")
    ]
    assert [d.title for d in reading.documents] == ["A"]


def test_a_source_in_a_folder_that_is_closed_is_a_skipped_entry(tmp_path: Path) -> None:
    files = {"closed/posts/b.md": "# B", "sources.toml": source("markdown", "closed/posts")}
    content = write_files(tmp_path / "blog", files)
    (content / "closed").chmod(0o000)

    reading = read_bound(content)

    (content / "closed").chmod(0o755)
    assert [(f.path, f.reason) for f in reading.skipped] == [
        ("closed/posts", "cannot be read: Permission denied; check that it is there and ours")
    ]


def test_a_closed_folder_that_the_owner_left_out_is_not_told(tmp_path: Path) -> None:
    toml = source("markdown", ".") + 'exclude = ["closed/"]\n'
    files = {"a.md": "# A", "closed/b.md": "# B", "sources.toml": toml}
    content = write_files(tmp_path / "blog", files)
    (content / "closed").chmod(0o000)

    reading = read_bound(content)

    (content / "closed").chmod(0o755)
    assert reading.skipped == ()


@pytest.mark.parametrize(
    ("kind", "path", "files"),
    [
        ("markdown", "posts", {"posts/a.txt": "Text."}),
        ("html", "posts", {"posts/a.txt": "Text."}),
        ("links", "links.md", {"links.md": "# Links\n"}),
        ("list", "list.yaml", {"list.yaml": "# nothing yet\n"}),
        ("list", "list.csv", {"list.csv": "title,url\n"}),
        ("list", "list.json", {"list.json": "[]"}),
        ("jsonl", "a.jsonl", {"a.jsonl": "\n"}),
        ("feed", "feeds", {"feeds/a.txt": "Text."}),
        ("feed", "a.json", {"a.json": '{"version": "1", "items": []}'}),
    ],
)
def test_a_source_that_gives_no_entry_says_so(
    tmp_path: Path, kind: str, path: str, files: dict[str, str]
) -> None:
    reading = read(write_files(tmp_path, files | {"sources.toml": source(kind, path)}))

    (warning,) = reading.warnings
    assert warning.path == path
    assert "no entry" in warning.reason or "without entries" in warning.reason
    assert "; " in warning.reason


OTHERS = {
    "a.md": "# A", "b.rst": "B\n=", "c.rst": "C\n=", "d.org": "* D", "README.rst": "About",
    "e.njk": "---\ndate: 2024-01-01\n---\nText.", "layout.njk": "---\ntitle: A\n---\n{{ content }}",
    "_drafts/.f.adoc": "= F",
}  # fmt: skip


def test_posts_in_forms_that_are_not_read_are_counted_in_a_warning(tmp_path: Path) -> None:
    content = write_files(tmp_path, OTHERS)

    assert [(f.path, f.reason) for f in read(content).warnings] == [
        (".", "1 file .njk and 1 file .org and 2 files .rst are not read; "
              "convert to Markdown or HTML")
    ]  # fmt: skip


def test_init_says_which_forms_it_leaves_unread(tmp_path: Path) -> None:
    content = write_files(tmp_path / "blog", OTHERS)

    assert any("2 files .rst" in note for note in initialise(content).notes)


def test_a_folder_with_posts_in_other_forms_alone_says_which(tmp_path: Path) -> None:
    content = write_files(tmp_path / "blog", {"b.rst": "B\n=", "c.rst": "C\n="})

    with pytest.raises(Exception, match=r"2 files \.rst are not read"):
        initialise(content)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("content/posts/a.html", "---\ntitle: A\n---\n<p>Text.</p>"),
        ("content/a.html", '<html><head><title>A</title><meta name="date" content="2024-01-01">'),
        (
            "content/b.html",
            '<head><title>A</title><meta content="2024" name="date" /></head>',
        ),
    ],
)
def test_a_page_of_a_generators_content_is_a_post_though_it_has_no_date_in_front_matter(
    tmp_path: Path, name: str, page: str
) -> None:
    content = write_files(tmp_path, {name: page, "layouts/b.html": "---\ntitle: B\n---\n<p>B</p>"})

    assert [d.title for d in read(content).documents] == ["A"]


def test_an_index_that_lies_in_the_content_folder_is_not_read(tmp_path: Path) -> None:
    index = {"a/index/build.lock": "", "a/index/CURRENT": "gen-1", "a/index/gen-1/b.json": "[1]"}
    files = index | {"sources.toml": source("list", "a"), "a/a.yaml": "- title: A\n"}

    reading = read(write_files(tmp_path, files))

    assert (reading.seen, [d.title for d in reading.documents]) == (1, ["A"])
