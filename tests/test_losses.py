"""What a small blog loses: a wrong kind, path or pattern published emptiness."""

from pathlib import Path

import pytest
from builders import write_files

from searchapp import SearchappError, open_index
from searchapp.build import build

POST = "---\ntitle: {0}\n---\nWords about {0}.\n"
POSTS = {f"posts/{name}.md": POST.format(name) for name in ("tides", "kites", "owls")}


def source(name: str, kind: str, path: str, more: str = "") -> str:
    return f'[[source]]\nname = "{name}"\nkind = "{kind}"\npath = "{path}"\n{more}\n'


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder of three posts and a list of links, built once."""
    files = POSTS | {
        "links.md": "# Links\n\n- [Elsewhere](https://a.example/b)\n",
        "other/a.txt": "",
    }
    files["sources.toml"] = source("blog", "markdown", "posts") + source("l", "links", "links.md")
    content = write_files(tmp_path / "content", files)
    build(content, tmp_path / "index")
    return content


@pytest.mark.parametrize(
    ("mistaken", "remedy"),
    [
        pytest.param(("jsonl", "posts", ""), "did you mean the kind 'markdown'", id="kind"),
        pytest.param(("links", "posts", ""), "did you mean the kind 'markdown'", id="like kind"),
        pytest.param(("markdown", "other", ""), "its files: 1 .txt", id="path"),
        pytest.param(("markdown", "posts", 'exclude = ["*.md"]'), "mend the pattern", id="exclude"),
    ],
)
def test_a_wrong_kind_path_or_pattern_emptied_a_source_of_few_posts(
    blog: Path, mistaken: tuple[str, str, str], remedy: str
) -> None:
    index = blog.parent / "index"
    kind, path, more = mistaken
    text = source("blog", kind, path, more) + source("l", "links", "links.md")
    (blog / "sources.toml").write_text(text)

    with pytest.raises(SearchappError, match="'blog' gave 3 documents, and now none") as refused:
        build(blog, index)

    assert remedy in str(refused.value)
    assert open_index(index).search().total == 4
    assert build(blog, index, force=True).works == 1
    assert build(blog, index).works == 1  # what was forced once is no loss any more


def test_a_content_folder_without_any_document_took_the_place_of_one_that_had_some(
    tmp_path: Path,
) -> None:
    content = write_files(tmp_path / "content", POSTS)
    build(content, tmp_path / "index")
    (content / "sources.toml").write_text(source("renamed", "html", "posts"))

    with pytest.raises(SearchappError, match=r"0 documents .* where 3 are served"):
        build(content, tmp_path / "index")


def test_a_source_taken_out_or_held_back_by_its_owner_is_no_loss(blog: Path) -> None:
    index = blog.parent / "index"
    write_files(blog, {name: text.replace("\n---", "\ndraft: true\n---") for name, text in
                       POSTS.items()})  # fmt: skip
    assert build(blog, index).works == 1

    (blog / "sources.toml").write_text(source("blog", "markdown", "posts"))
    assert build(blog, index).works == 0


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "(it has no files)"),
        ({"a.docx": "", "b.docx": "", "c": ""}, "(its files: 2 .docx, 1 other)"),
    ],
)
def test_a_folder_without_writing_is_told_with_what_is_there_and_with_init(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    (tmp_path / "content").mkdir()
    report = build(write_files(tmp_path / "content", files), tmp_path / "index")

    (warning,) = report.warnings
    assert told in warning.reason
    assert "searchapp init" in warning.reason
    assert report.exit_code == 0  # a warning, and no loss: nothing was served before


def test_the_last_post_of_a_source_that_its_owner_removed_was_refused(blog: Path) -> None:
    index = blog.parent / "index"
    for name in POSTS:
        (blog / name).unlink()

    assert build(blog, index).works == 1
    for name in ("sources.toml", "links.md", "other/a.txt"):
        (blog / name).unlink()
    assert build(blog, index).works == 0


def test_a_source_whose_one_post_is_broken_was_refused_instead_of_told_as_skipped(
    tmp_path: Path,
) -> None:
    content = write_files(tmp_path / "content", {"a.md": POST.format("owls")})
    build(content, tmp_path / "index")
    write_files(content, {"a.md": "---\ntitle: [owls\n---\n"})

    report = build(content, tmp_path / "index")

    assert (report.exit_code, len(report.skipped)) == (3, 1)
