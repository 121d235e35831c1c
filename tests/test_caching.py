"""What was read once is read again only if it would give something else."""

import datetime as dt
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import write_files

from searchapp.build import build
from searchapp.sources import (
    Cache,
    Everything,
    Limits,
    read_all,
    read_configuration,
    read_everything,
)
from searchapp.sources.caching import stamp_of_code

ROOT = Path(__file__).parent.parent

POSTS = '[[source]]\nname = "blog"\nkind = "markdown"\npath = "posts"\n'


@dataclass
class Counted(Cache):
    """A cache that counts what it knew and what had to be read."""

    known: int = 0
    read: int = 0

    def find(self, task, around):  # type: ignore[no-untyped-def]
        found = super().find(task, around)
        self.known += found is not None
        self.read += found is None
        return found


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of three posts."""
    return write_files(
        tmp_path / "content",
        {
            "sources.toml": POSTS,
            "posts/a.md": "---\ntitle: A\ntags: [x]\n---\n## Head\n\n[to b](b.md) ![i](i.png)",
            "posts/b.md": "# B\n\nText — ü.",
            "posts/c.md": "---\ndate: 2024-05-31\ntags: 5\n---\nC, with a warning.",
            "about.md": "About.",
        },
    )


def read(
    content: Path, today: dt.date | None = None, fresh: bool = False
) -> tuple[Everything, int]:
    """Read with the cache beside `content`; returns also how many files had to be read."""
    cache = Counted(content.parent / "cache", fresh=fresh)
    everything = read_everything(read_configuration(content, today), content, cache=cache)
    return everything, cache.read


def test_what_is_cached_is_what_was_read(content: Path) -> None:
    first, read_first = read(content)
    second, read_second = read(content)

    assert (read_first, read_second) == (4, 0)
    assert second == first
    assert list(first.readings) == read_all(read_configuration(content), content)


def test_all_of_content_comes_back_from_the_cache_as_it_was_read(tmp_path: Path) -> None:
    configuration = read_configuration(ROOT / "content")
    first = read_everything(configuration, ROOT / "content", cache=Cache(tmp_path))
    cache = Counted(tmp_path)
    second = read_everything(configuration, ROOT / "content", cache=cache)

    assert cache.read == 0
    assert second == first


def test_touching_a_file_changes_nothing(content: Path) -> None:
    read(content)
    os.utime(content / "posts" / "b.md", (1, 1))

    assert read(content)[1] == 0


def test_an_edit_with_the_old_time_put_back_is_seen(content: Path) -> None:
    read(content)
    path = content / "posts" / "b.md"
    before = path.stat()
    path.write_text("# X\n\nText — ü.", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    everything, files = read(content)

    assert files == 1
    assert [d.title for d in everything.readings[0].documents] == ["A", "X", "C"]


@pytest.mark.parametrize(
    "toml",
    [POSTS + 'author = "Ines"\n', POSTS + '[site]\nlanguage = "de"\n', POSTS.replace("blog", "b")],
)
def test_a_changed_setting_is_seen(content: Path, toml: str) -> None:
    read(content)
    (content / "sources.toml").write_text(toml)

    assert read(content)[1] >= 3


def test_a_source_put_before_another_leaves_its_files_cached(content: Path) -> None:
    read(content)
    (content / "sources.toml").write_text("\n# A comment.\n" + POSTS)

    assert read(content)[1] == 0


def test_a_post_that_a_link_leads_to_is_seen_when_it_goes_and_comes(content: Path) -> None:
    linked = '<a href="../'
    first, _ = read(content)
    text = (content / "posts" / "b.md").read_text(encoding="utf-8")
    (content / "posts" / "b.md").unlink()
    without, files = read(content)
    (content / "posts" / "b.md").write_text(text, encoding="utf-8")
    again, _ = read(content)

    assert files == 1  # a.md alone, which links to it
    assert linked in (first.readings[0].documents[0].html or "")
    assert linked not in (without.readings[0].documents[0].html or "")
    assert again == first


def test_a_new_post_leaves_posts_that_refer_to_others_by_name_cached(content: Path) -> None:
    ref = '---\ntitle: D\n---\n[to b]({{< ref "deep" >}})'
    write_files(content, {"posts/d.md": ref, "posts/x/deep.md": "# Deep"})
    read(content)
    write_files(content, {"posts/new.md": "# New"})
    _, after_another = read(content)
    write_files(content, {"posts/y/deep.md": "# Deep too"})
    _, after_the_same_name = read(content)

    assert (after_another, after_the_same_name) == (1, 2)  # the new one; it, and who refers to it


def test_an_image_that_appears_is_seen(content: Path) -> None:
    read(content)
    (content / "posts" / "i.png").write_bytes(b"")

    everything, files = read(content)

    assert files == 1
    assert everything.readings[0].documents[0].images == ("posts/i.png",)


def test_a_post_of_tomorrow_comes_out_when_its_day_has_come(content: Path) -> None:
    today = dt.date(2024, 5, 30)
    before, _ = read(content, today)
    still, files_still = read(content, today + dt.timedelta(days=0))
    after, files_after = read(content, today + dt.timedelta(days=1))
    later, files_later = read(content, today + dt.timedelta(days=100))

    assert [len(each.readings[0].held_back) for each in (before, still, after, later)] == [
        1,
        1,
        0,
        0,
    ]
    assert (files_still, files_after, files_later) == (0, 1, 0)


def test_the_rows_of_vanished_files_are_dropped(content: Path) -> None:
    read(content)
    (content / "posts" / "c.md").unlink()
    read(content)

    rows = sqlite3.connect(content.parent / "cache" / "documents.sqlite")
    names = sorted(name for (name,) in rows.execute("SELECT name FROM readings"))
    rows.close()
    assert names == [":about.md", "blog:a.md", "blog:b.md"]


def test_a_fresh_reading_uses_nothing_and_leaves_the_cache_for_the_next(content: Path) -> None:
    read(content)

    assert read(content, fresh=True)[1] == 4
    assert read(content)[1] == 0


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"no database at all" * 99), id="no database"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:5000]), id="cut off"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes().replace(b"warning", b"wanning")),
            id="a changed word",
        ),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes().replace(b', "A", ', b', "Z", ')),
            id="a changed title",
        ),
    ],
)
def test_a_damaged_cache_only_costs_reading_again(content: Path, damage) -> None:  # type: ignore[no-untyped-def]
    first, _ = read(content)
    damage(content.parent / "cache" / "documents.sqlite")

    second, files = read(content)

    assert files >= 1
    assert second == first
    assert read(content)[1] == 0


def test_a_cache_of_other_code_is_not_used(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(content)
    monkeypatch.setattr("searchapp.sources.caching.stamp_of_code", lambda: stamp_of_code() + "x")

    assert read(content)[1] == 4


def test_a_build_uses_the_cache_and_a_full_one_does_not(content: Path, tmp_path: Path) -> None:
    build(content, tmp_path / "index")
    cached = Counted(tmp_path / "index" / "cache", writes=False)
    read_everything(read_configuration(content), content, cache=cached)

    assert cached.read == 0
    assert not build(content, tmp_path / "index").changed
    assert build(content, tmp_path / "index", full=True).changed


def test_an_entry_that_killed_its_reader_is_tried_again(tmp_path: Path) -> None:
    content = write_files(tmp_path / "content", {"a.md": "![" * 100_000, "b.md": "# B"})
    configuration = read_configuration(content)
    files = []
    for _ in range(2):
        cache = Counted(tmp_path / "cache")
        everything = read_everything(
            configuration, content, cache=cache, limits=Limits(seconds=1.0)
        )
        files.append((cache.read, len(everything.readings[0].skipped)))

    assert files == [(2, 1), (1, 1)]
