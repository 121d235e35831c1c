"""The proofs of the builder, short: as they are, and with a fault that each has to show."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.torture.actors import wait_for_readers
from benchmarks.torture.damage import prove_damage
from benchmarks.torture.killing import prove_killing
from benchmarks.torture.pairs import prove_pairs
from benchmarks.torture.proof import Finding
from searchapp import failing
from searchapp.engine import generations
from searchapp.engine.generations import Generation

SHORT = 0.008


def unmet(findings: Iterable[Finding]) -> list[str]:
    return [f"{f.what}: {f.reached}, not {f.asked}" for f in findings if not f.is_met]


def test_killed_builds_fail_no_reader_and_leave_nothing(tmp_path: Path) -> None:
    assert unmet(prove_killing(SHORT, tmp_path)) == []


def write_in_place() -> None:
    """Let a build spoil what is served, as one does that writes where readers read."""
    tell = failing.reach

    def spoil(point: str) -> None:
        if point == "sealed":
            index = next(path for path in Path(SPOILED[0]).iterdir() if path.name == "index")
            for served in generations.list_generations(index):
                shutil.rmtree(served)
            wait_for_readers(8)  # so that each has opened it anew meanwhile
        tell(point)

    failing.reach = spoil


SPOILED: list[str] = []


def test_a_build_that_writes_in_place_is_shown_by_the_proof(tmp_path: Path) -> None:
    SPOILED[:] = [str(tmp_path)]

    found = unmet(prove_killing(SHORT, tmp_path, plant=write_in_place))

    assert [line for line in found if "failed or wrong answers" in line]


def test_every_damage_is_seen_and_no_pickle_is_executed(tmp_path: Path) -> None:
    assert unmet(prove_damage(0.012, tmp_path)) == []


def test_a_server_that_does_not_verify_is_shown_by_the_proof(tmp_path: Path) -> None:
    def believe(path: Path) -> Generation:
        return Generation(path, {"files": {}})

    found = unmet(prove_damage(0.012, tmp_path, check=believe))

    assert [line for line in found if "damages seen" in line]


def test_of_two_builds_at_once_one_says_that_the_other_runs(tmp_path: Path) -> None:
    assert unmet(prove_pairs(0.02, tmp_path)) == []


def test_builds_without_a_lock_are_shown_by_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_nothing() -> None:
        generations.fcntl.flock = lambda handle, how: None  # type: ignore[assignment]

    found = unmet(prove_pairs(0.02, tmp_path, plant=lock_nothing))

    assert [line for line in found if "one ended with 75" in line]
