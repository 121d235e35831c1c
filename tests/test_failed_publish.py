"""A disk that fails at the last step of a publish: what was served before still is."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_files

from searchapp import open_index
from searchapp.build import build
from searchapp.errors import SearchappError


@pytest.fixture
def cannot_sync_current(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """Let the syncs of an index folder fail once CURRENT has moved; return what it then said."""

    def plant(index: Path) -> list[str]:
        current, sync, seen = index / "CURRENT", os.fsync, []
        before = current.read_text() if current.exists() else ""

        def fail(handle: int) -> None:
            if os.path.samestat(os.fstat(handle), index.stat()) and current.exists():
                seen.append(current.read_text())
                if seen[-1] != before:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
            sync(handle)

        monkeypatch.setattr(os, "fsync", fail)
        return seen

    return plant


def test_a_build_that_failed_at_its_last_sync_was_served_all_the_same(
    tmp_path: Path, cannot_sync_current: Callable[[Path], list[str]]
) -> None:
    content, index = write_files(tmp_path / "content", {"a.md": "# Old"}), tmp_path / "index"
    build(content, index)
    write_files(content, {"a.md": "# New"})
    seen = cannot_sync_current(index)

    with pytest.raises(SearchappError, match="Input/output"):
        build(content, index)

    assert "gen-2\n" in seen
    assert (index / "CURRENT").read_text() == "gen-1\n"
    assert open_index(index).search("old").total == 1


def test_an_older_generation_that_could_not_be_listed_failed_a_build_that_was_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, index = write_files(tmp_path / "content", {"a.md": "# Old"}), tmp_path / "index"
    build(content, index)
    write_files(content, {"a.md": "# New"})
    refused: list[str] = []

    def refuse(name: str) -> None:
        look = getattr(os, name)

        def fail(path: object = ".") -> object:
            if str(path) == str(index) and (index / "CURRENT").read_text() == "gen-2\n":
                refused.append(name)
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            return look(path)

        monkeypatch.setattr(os, name, fail)

    for name in ("listdir", "scandir"):
        refuse(name)
    build(content, index)
    monkeypatch.undo()

    assert refused
    assert open_index(index).search("new").total == 1


def test_a_damaged_name_of_the_current_generation_ended_the_next_build(tmp_path: Path) -> None:
    content, index = write_files(tmp_path / "content", {"a.md": "# Old"}), tmp_path / "index"
    build(content, index)
    (index / "CURRENT").write_bytes(b"\xff\xfe")
    write_files(content, {"a.md": "# New"})

    build(content, index)

    assert open_index(index).search("new").total == 1


def test_a_first_build_that_failed_at_its_last_sync_leaves_no_index(
    tmp_path: Path, cannot_sync_current: Callable[[Path], list[str]]
) -> None:
    content, index = write_files(tmp_path / "content", {"a.md": "# Old"}), tmp_path / "index"
    index.mkdir()
    cannot_sync_current(index)

    with pytest.raises(SearchappError, match="Input/output"):
        build(content, index)

    assert not (index / "CURRENT").exists()
