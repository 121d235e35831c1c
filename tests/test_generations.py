"""Publishing: nothing half-written is served, and nobody waits."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_tag
from publishing import (
    ROOT,
    WORKS,
    build,
    files_of,
    folder,  # noqa: F401  # fixtures
    in_child,
    needs_proc,
    numbered,
)

from searchapp.engine import open_index
from searchapp.engine.generations import (
    current_stamps,
    list_generations,
    lock_for_building,
    newest_good,
)
from searchapp.engine.results import Site
from searchapp.errors import IndexBusyError

# Publishing


def test_a_generation_is_named_counted_and_listed_with_the_hash_of_every_file(
    tmp_path: Path,
) -> None:
    generation, changed = build(tmp_path, WORKS)

    manifest = json.loads((tmp_path / "gen-1" / "manifest.json").read_text())
    assert (generation.number, changed) == (1, True)
    assert (tmp_path / "CURRENT").read_text() == "gen-1\n"
    assert manifest["counts"] == {"documents": 3, "works": 2, "places": 3}
    assert manifest["stamps"] == current_stamps()
    assert {
        path.relative_to(tmp_path / "gen-1").as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files_of(tmp_path / "gen-1")
        if path.name != "manifest.json"
    } == manifest["files"]
    assert {"works.sqlite", "report.json", "arrays/works.ids.npy"} <= manifest["files"].keys()
    assert {path.split("/")[0] for path in manifest["files"]} == {
        "arrays", "phrases", "records", "report.json", "texts", "whoosh", "works.sqlite",
    }  # fmt: skip


def test_three_generations_are_kept(tmp_path: Path) -> None:
    for many in range(1, 6):
        build(tmp_path, numbered(many))

    assert [path.name for path in list_generations(tmp_path)] == ["gen-5", "gen-4", "gen-3"]
    assert open_index(tmp_path).search().total == 5


def test_only_this_user_may_look_into_an_index(tmp_path: Path) -> None:
    build(tmp_path / "index", WORKS)

    folders = [tmp_path / "index", *(p for p in (tmp_path / "index").rglob("*") if p.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_the_same_content_is_not_published_again_unless_asked(tmp_path: Path) -> None:
    build(tmp_path, WORKS)

    again = build(tmp_path, list(reversed(WORKS)))
    assert (again[0].number, again[1]) == (1, False)
    assert build(tmp_path, WORKS, always=True)[0].number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"works": WORKS[:1]},
        {"tags": [a_tag("pets", "animals")]},
        {"site": Site("Other", "", "", "", "en", None)},
    ],
    ids=["works", "tags", "site"],
)
def test_whatever_changes_is_published(tmp_path: Path, change: dict[str, object]) -> None:
    build(tmp_path, WORKS)

    generation, changed = build(tmp_path, **{"works": WORKS, **change})  # type: ignore[arg-type]
    assert (generation.number, changed) == (2, True)


@needs_proc
def test_everything_is_on_disk_before_current_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    sync, rename, replace = os.fsync, os.rename, os.replace

    def name(path: object) -> str:
        return Path(str(path)).relative_to(tmp_path).as_posix()

    def synced(handle: int) -> None:
        steps.append(("sync", name(Path(f"/proc/self/fd/{handle}").readlink())))
        sync(handle)

    def renamed(source: object, target: object) -> None:
        steps.append(("rename", name(target)))
        rename(source, target)  # type: ignore[arg-type]

    def replaced(source: object, target: object) -> None:
        steps.append(("replace", name(target)))
        replace(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "replace", replaced)
    build(tmp_path, WORKS)

    published = steps.index(("rename", "gen-1"))
    assert steps.count(("replace", "CURRENT")) == 1
    before = {path for step, path in steps[:published] if step == "sync"}
    inside = [tmp_path / "gen-1", *(tmp_path / "gen-1").rglob("*")]
    assert {name(path).replace("gen-1", "gen-1.tmp") for path in inside} <= before
    assert steps[published + 1 : published + 5] == [
        ("sync", "."), ("sync", "CURRENT.tmp"), ("replace", "CURRENT"), ("sync", "."),
    ]  # fmt: skip


# Builds that die


def count_or_die(step: int | None, steps: list[str]) -> Callable[[str, tuple[object, ...]], None]:
    """Return an audit hook that notes each change of a file, and dies before the one given."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        writes = (
            event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        )
        if event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect") or writes:
            if len(steps) == step:
                os._exit(137)
            steps.append(event)

    return hook


def test_a_build_killed_at_any_step_leaves_an_index_that_answers(tmp_path: Path) -> None:
    def build_dying_at(index: Path, step: int | None) -> int:
        steps: list[str] = []
        sys.addaudithook(count_or_die(step, steps))
        build(index, numbered(4))
        return len(steps)

    def fresh(name: str) -> Path:
        shutil.copytree(tmp_path / "start", tmp_path / name)
        return tmp_path / name

    for many in (1, 2, 3):
        build(tmp_path / "start", numbered(many))
    count = int(in_child(lambda: build_dying_at(fresh("whole"), None))[1])
    totals = []
    for step in [*range(0, count - 9, 40), *range(count - 9, count)]:
        index = fresh(f"dies-{step}")
        assert in_child(lambda index=index, step=step: build_dying_at(index, step))[0] == 137
        totals.append(open_index(index).search("zebra").total)
        assert build(index, numbered(5))[0].path == newest_good(index).path
        assert open_index(index).search("zebra").total == 5
        assert len(list_generations(index)) == 3
        assert list(index.glob("*.tmp")) == []
    assert totals == sorted(totals)
    assert set(totals) == {3, 4}


def test_what_killed_builds_left_is_removed_and_nothing_else(folder: Path) -> None:
    (folder / "gen-9.tmp" / "arrays").mkdir(parents=True)
    for name in ("gen-9.tmp/arrays/x.npy", "CURRENT.tmp", "verified.json.tmp", "mine.tmp", "notes"):
        (folder / name).write_text("left")

    with lock_for_building(folder):
        assert {path.name for path in folder.iterdir()} == {
            "CURRENT", "build.lock", "cache", "gen-1", "gen-2", "mine.tmp", "notes",
            "verified.json",
        }  # fmt: skip


def test_a_generation_never_made_current_is_not_served_and_its_number_not_used_again(
    folder: Path,
) -> None:
    shutil.copytree(folder / "gen-2", folder / "gen-3")

    assert newest_good(folder).number == 2
    assert build(folder, numbered(3))[0].number == 4


def test_a_generation_too_many_that_could_not_be_removed_is_removed_though_nothing_changed(
    tmp_path: Path,
) -> None:
    works = numbered(3)
    for many in (1, 2, 3):
        build(tmp_path, works[:many])
    (tmp_path / "gen-3").rename(tmp_path / "gen-4")
    (tmp_path / "CURRENT").write_text("gen-4\n")
    (tmp_path / "gen-3" / "arrays").mkdir(parents=True)

    _, changed = build(tmp_path, works)

    assert not changed
    assert [path.name for path in list_generations(tmp_path)] == ["gen-4", "gen-3", "gen-2"]


def test_generations_that_never_became_current_push_out_none_that_is_served(folder: Path) -> None:
    for number in (3, 4, 5):
        shutil.copytree(folder / "gen-1", folder / f"gen-{number}")

    with lock_for_building(folder):
        assert newest_good(folder).number == 2


@pytest.mark.parametrize("name", ["gen-3.tmp", "whoosh"])
def test_a_folder_that_cannot_be_listed_is_not_published_as_an_empty_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(path: str | Path | int, list_folder: Callable[..., object] = os.scandir) -> object:
        if not isinstance(path, int) and Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(
        os, "listdir", lambda path, list_folder=os.listdir: refuse(path, list_folder)
    )
    with pytest.raises(PermissionError):
        build(folder, numbered(3))

    monkeypatch.undo()
    assert (folder / "CURRENT").read_text() == "gen-2\n"
    assert newest_good(folder).number == 2


# The lock


def test_a_second_build_is_refused_at_once_until_the_first_has_ended_or_died(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from searchapp.engine.generations import lock_for_building\n"
        "with lock_for_building(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    with first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with pytest.raises(IndexBusyError, match="another build is running") as refused:
            build(tmp_path, WORKS)
        assert refused.value.exit_code == 75
        assert str(tmp_path) in str(refused.value)
        first.kill()
        first.wait()
    assert build(tmp_path, WORKS)[1]
