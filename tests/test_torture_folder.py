"""The proof of the hostile folder, short: as it is, and with faults that it has to show."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.torture.folder import prove_folder
from benchmarks.torture.proof import Finding
from searchapp.sources.collecting import Collected
from searchapp.sources.events import Event

SHORT = 0.02


def unmet(findings: Iterable[Finding]) -> list[str]:
    return [f"{f.what}: {f.reached}, not {f.asked}" for f in findings if not f.is_met]


def test_hostile_files_cost_no_good_one_anything_and_are_each_told_once(tmp_path: Path) -> None:
    assert unmet(prove_folder(SHORT, tmp_path)) == []


def lose_some_in_silence() -> None:
    """Let a build pass over what cannot be read, as one does that goes on after any error."""
    take = Collected.take

    def take_some(self: Collected, file: Path, content: Path, events: Sequence[Event]) -> None:
        take(self, file, content, [e for e in events if "cannot be read" not in e.reason])

    Collected.take = take_some  # type: ignore[method-assign]


def test_a_build_that_loses_files_in_silence_is_shown_by_the_proof(tmp_path: Path) -> None:
    found = unmet(prove_folder(SHORT, tmp_path, plant=lose_some_in_silence))

    assert [line for line in found if "reported as their fate is" in line]
