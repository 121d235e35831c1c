"""The proofs of the disk, short: as they are, and with a fault that each has to show."""

import contextlib
import errno
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.torture import disks, watching
from benchmarks.torture.actors import write_version
from benchmarks.torture.calls import Call
from benchmarks.torture.crashes import Disk, Operation
from benchmarks.torture.disks import prove_disks
from benchmarks.torture.order import prove_order
from benchmarks.torture.proof import Finding
from benchmarks.torture.syscalls import prove_syscalls
from benchmarks.torture.watching import find_obstacle, run_watched
from searchapp import failing
from searchapp.engine import generations

SHORT = 0.001
watched = pytest.mark.skipif(
    bool(find_obstacle()), reason=f"no process can be watched here: {find_obstacle()}"
)


def unmet(findings: Iterable[Finding]) -> list[str]:
    return [f"{f.what}: {f.reached}, not {f.asked}" for f in findings if not f.is_met]


def test_a_build_of_which_a_call_fails_says_so_or_publishes_all_the_same(tmp_path: Path) -> None:
    assert unmet(prove_syscalls(SHORT, tmp_path)) == []


def test_a_build_that_shows_a_traceback_is_shown_by_the_proof(tmp_path: Path) -> None:
    def tell_everything() -> None:
        module = sys.modules["searchapp.build"]
        module.tell_refusals = lambda *told: contextlib.nullcontext()  # type: ignore[attr-defined]

    found = unmet(prove_syscalls(SHORT, tmp_path, plant=tell_everything))

    assert [line for line in found if "without one line" in line]


def test_on_a_full_disk_and_in_a_folder_that_is_read_only_the_old_index_is_served(
    tmp_path: Path,
) -> None:
    if find_obstacle() and not disks.can_mount():
        pytest.skip(f"no disk can be mounted here, and no process watched: {find_obstacle()}")

    assert unmet(prove_disks(SHORT, tmp_path)) == []


@watched
def test_a_build_that_makes_room_first_is_shown_by_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_room() -> None:
        tell = failing.reach

        def spoil(point: str) -> None:
            if point == "locked":
                for index in tmp_path.glob("*/gen-*"):
                    if index.parent.name != "base":
                        shutil.rmtree(index)
            tell(point)

        failing.reach = spoil

    monkeypatch.setattr(disks, "can_mount", lambda: False)

    found = unmet(prove_disks(SHORT, tmp_path, plant=make_room))

    assert [line for line in found if "wrong exit codes and answers" in line]


@watched
def test_no_loss_of_power_costs_more_than_the_build_that_it_ends(tmp_path: Path) -> None:
    assert unmet(prove_order(SHORT, tmp_path)) == []


@watched
def test_a_build_that_does_not_wait_for_the_disk_is_shown_by_the_proof(tmp_path: Path) -> None:
    def wait_for_nothing() -> None:
        generations._sync = lambda path: None  # type: ignore[assignment]

    found = unmet(prove_order(SHORT, tmp_path, plant=wait_for_nothing))

    assert [line for line in found if "faults in the order" in line]
    assert [line for line in found if "answer wrongly" in line]


# The watching


def test_where_nobody_may_watch_a_build_python_tells_of_its_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "find_obstacle", lambda: "not allowed")
    content, index, seen = tmp_path / "content", tmp_path / "index", Counter[str]()
    write_version(content, 0)

    def refuse_current(call: Call) -> int:
        seen[call.kind] += call.path.is_relative_to(index)
        return errno.EIO if call.path == index / "CURRENT.tmp" else 0

    refused = run_watched(content, index, decide=refuse_current)

    assert refused.code == 1
    assert refused.errors == [
        f"Error: {index}: the index cannot be written (Input/output error); "
        "check the disk, or choose another folder with --index"
    ]
    assert seen.keys() >= {"open", "sync", "rename", "mkdir", "chmod"}
    assert not (index / "CURRENT").exists()


# The disk in memory


def test_of_what_was_not_synced_nothing_need_be_left_and_what_was_stays(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    disk = Disk(tmp_path)

    for operation in (
        Operation("write", "old", written=b"new"),
        Operation("create", "kept"), Operation("write", "kept", written=b"kept"),
        Operation("sync", "kept"), Operation("sync", ""),
        Operation("create", "lost"), Operation("write", "lost", written=b"lost"),
        Operation("sync", "lost"),
    ):  # fmt: skip
        disk.apply(operation)

    assert disk.see() == {"old": b"new", "kept": b"kept", "lost": b"lost"}
    assert disk.crash(None) == {"old": b"old", "kept": b"kept"}


def test_a_rename_moves_a_name_and_is_durable_once_its_folder_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").write_bytes(b"1")
    disk = Disk(tmp_path)

    disk.apply(Operation("rename", "a", "b"))
    assert disk.crash(None) == {"a": None, "a/one": b"1"}

    disk.apply(Operation("sync", ""))
    assert disk.crash(None) == {"b": None, "b/one": b"1"}
