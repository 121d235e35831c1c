"""Opening an index: what is damaged, or may not be read, is found and never served."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from publishing import (
    WORKS,
    build,
    files_of,
    folder,  # noqa: F401  # fixtures
    in_child,
    needs_proc,
)

from searchapp.engine import open_index
from searchapp.engine.generations import (
    current_stamps,
    list_generations,
    newest_good,
    verify,
)
from searchapp.errors import IndexUnusableError, SearchappError

# Damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def unlink(path: Path) -> None:
    path.unlink()


def dangle(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("damage", [flip, truncate, empty, extend, unlink, dangle])
def test_a_damaged_file_is_found_and_the_generation_before_is_served(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    files = [path for path in files_of(folder / "gen-2") if path.stat().st_size]
    for path in files if damage is flip else files[::16]:
        whole = path.read_bytes()
        damage(path)
        assert newest_good(folder).number == 1, path
        path.unlink(missing_ok=True)
        path.write_bytes(whole)
    assert open_index(folder).generation == 2


def test_every_byte_of_a_manifest_counts(folder: Path) -> None:
    path = folder / "gen-2" / "manifest.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 29):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(IndexUnusableError):
            verify(folder / "gen-2")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '"x"', "[" * 100_000, '{"stamps": 1}', "\0", "é"]
)
def test_a_manifest_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "gen-2" / "manifest.json").write_text(text, encoding="utf-8")

    with pytest.raises(IndexUnusableError, match="gen-2: its manifest cannot be read"):
        verify(folder / "gen-2")
    assert open_index(folder).generation == 1


def test_files_that_were_swapped_are_found(folder: Path) -> None:
    one, other = (folder / "gen-2" / "arrays" / f"works.{name}.npy" for name in ("days", "titles"))
    assert one.stat().st_size == other.stat().st_size
    one.rename(folder / "beside")
    other.rename(one)
    (folder / "beside").rename(other)

    assert newest_good(folder).number == 1


@pytest.mark.parametrize("name", ["extra", "arrays/extra.npy", "whoosh/extra", "works.sqlite-wal"])
def test_a_file_too_many_is_found(folder: Path, name: str) -> None:
    (folder / "gen-2" / name).write_bytes(b"")

    with pytest.raises(IndexUnusableError, match="its files are not those of its manifest"):
        verify(folder / "gen-2")


def test_a_change_of_the_same_size_and_time_is_found(folder: Path) -> None:
    path = folder / "gen-2" / "works.sqlite"
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert newest_good(folder).number == 1


def test_where_all_are_damaged_the_newest_is_named(folder: Path) -> None:
    for generation in list_generations(folder):
        flip(generation / "works.sqlite")

    with pytest.raises(IndexUnusableError, match=r"gen-2/works\.sqlite: it is damaged; run"):
        open_index(folder)


@pytest.mark.parametrize("stamp", list(current_stamps()))
def test_an_index_of_another_version_is_refused_by_name(folder: Path, stamp: str) -> None:
    path = folder / "gen-2" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["stamps"][stamp] = "another"
    path.write_text(json.dumps(manifest))
    shutil.rmtree(folder / "gen-1")

    with pytest.raises(IndexUnusableError, match=f"another version .{stamp} is 'another', not '"):
        open_index(folder)
    del manifest["stamps"][stamp]
    path.write_text(json.dumps(manifest))
    with pytest.raises(IndexUnusableError, match=f"another version .{stamp} is None, not '"):
        open_index(folder)


@pytest.mark.parametrize("text", [None, "", "gen-", "gen-2.tmp", "../gen-2", "\0", "é", "gen-99"])
def test_without_a_current_that_can_be_read_the_newest_good_one_is_served(
    folder: Path, text: str | None
) -> None:
    (folder / "CURRENT").unlink()
    if text is not None:
        (folder / "CURRENT").write_text(text, encoding="utf-8")

    assert open_index(folder).generation == 2


def test_where_there_is_no_index_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")

    for name in ("none", "empty", "file"):
        with pytest.raises(IndexUnusableError, match=f"{name}: there is no index"):
            open_index(tmp_path / name)


# Verified before


def bytes_read(run: Callable[[], object]) -> int:
    """Return how many bytes this process reads while something runs."""

    def count() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    nothing = -count() + count()
    begun = count()
    run()
    return count() - begun - nothing


@needs_proc
def test_hashes_are_computed_once_as_long_as_no_file_changes(tmp_path: Path) -> None:
    build(tmp_path, WORKS, report={"long": "x" * 1_000_000})
    (tmp_path / "verified.json").unlink()

    assert bytes_read(lambda: newest_good(tmp_path)) > 1_000_000
    assert bytes_read(lambda: newest_good(tmp_path)) < 200_000
    os.utime(tmp_path / "gen-1" / "report.json")
    assert bytes_read(lambda: newest_good(tmp_path)) > 1_000_000
    assert bytes_read(lambda: newest_good(tmp_path)) < 200_000


@needs_proc
def test_a_build_leaves_its_generation_verified(tmp_path: Path) -> None:
    build(tmp_path, WORKS, report={"long": "x" * 1_000_000})

    assert bytes_read(lambda: open_index(tmp_path)) < 500_000


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[[1, 2]]", "null", "1", "[" * 100_000, '{"gen-1": 1}', "\0", "é"]
)
def test_a_damaged_note_of_what_was_verified_only_costs_the_next_check(
    folder: Path, text: str
) -> None:
    (folder / "verified.json").write_text(text, encoding="utf-8")

    assert open_index(folder).generation == 2
    assert "gen-2" in json.loads((folder / "verified.json").read_text())


# Folders that may not be written, or read


def set_modes(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode if path.is_dir() else mode & 0o666)


@pytest.mark.parametrize("verified", [True, False])
def test_an_index_that_may_only_be_read_opens_and_answers(tmp_path: Path, verified: bool) -> None:
    build(tmp_path / "index", WORKS)
    if not verified:
        (tmp_path / "index" / "verified.json").unlink()
    set_modes(tmp_path / "index", 0o555)

    def ask() -> object:
        index = open_index(tmp_path / "index")
        index.refresh()
        return [hit.title for hit in index.search("runs ", sort="title").hits]

    assert in_child(ask, bound=True) == (0, "['Lions', 'Running zebras']")


def test_a_folder_that_may_not_be_written_is_one_line(tmp_path: Path) -> None:
    for name, mode in (("index", 0o555), ("parent", 0o555)):
        (tmp_path / name).mkdir()
        set_modes(tmp_path / name, mode)

    for index in (tmp_path / "index", tmp_path / "parent" / "index"):
        code, said = in_child(lambda index=index: build(index, WORKS), bound=True)
        assert code == 1
        assert said == (
            f"SearchappError: {index}: cannot be written (Permission denied); "
            "choose another folder with --index"
        )


def test_a_folder_that_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    build(tmp_path / "index", WORKS)
    (tmp_path / "index").chmod(0o000)

    code, said = in_child(lambda: open_index(tmp_path / "index"), bound=True)
    assert code == 1
    assert said.startswith(
        f"IndexUnusableError: {tmp_path / 'index'}: it cannot be read (Permission"
    )
    (tmp_path / "index").chmod(0o700)


def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")

    with pytest.raises(SearchappError, match="index: cannot be written"):
        build(tmp_path / "index", WORKS)
