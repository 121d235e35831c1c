"""Proof "syscalls": each call of a build on a file fails once, and nobody who reads is the wiser.

    an index of version 2, content of version 3 --build, its n-th call refused--> exit code, answers
                                                --build, left alone-------------> the same

The calls are listed by a first build; the others start from copies of the same index, so that
the n-th call is the same one. A build either bears the error and publishes rightly, or it ends
with 1 and one line, and what was served still is.
"""

import errno
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.torture.actors import (
    Build,
    Plant,
    ask,
    expected_answers,
    find_leftovers,
    start_build,
    write_version,
)
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.watching import Call, run_watched
from searchapp import SearchappError, open_index

OLD, NEW = 2, 3

# What each kind of call is refused with, in turn.
ERRORS = {
    "write": (errno.EIO, errno.ENOSPC),
    "sync": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.EACCES, errno.ENOSPC),
    "open": (errno.EACCES, errno.EMFILE, errno.EIO),
    "mkdir": (errno.EACCES, errno.ENOSPC),
    "unlink": (errno.EIO, errno.EACCES),
    "chmod": (errno.EIO, errno.EACCES),
    "truncate": (errno.EIO,),
}
NAMED = ("write", "sync", "rename", "open")  # without these there is no proof, however short


@dataclass
class Refusal:
    """Refuses the n-th call of a kind below some folders, and lists all of them."""

    folders: tuple[Path, ...]
    kind: str = ""
    number: int = 0
    error: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    refused: str = ""

    def __call__(self, call: Call) -> int:
        """Decide on a call."""
        folder = next((f for f in self.folders if call.path.is_relative_to(f)), None)
        if folder is None or call.kind not in ERRORS:
            return 0
        self.calls[call.kind] += 1
        if call.kind != self.kind or self.calls[call.kind] != self.number:
            return 0
        name = call.path.relative_to(folder.parent)
        self.refused = f"{call.name} {name}: {errno.errorcode[self.error]}"
        return self.error


def prove_syscalls(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Refuse each call of a build once, and ask what is served."""
    trial = _Trial(folder, plant)
    listed = trial.run(Refusal((trial.content, trial.index)))
    refused: Counter[str] = Counter()
    codes: Counter[int | None] = Counter()
    chosen = list(_choose(listed.calls, scale))
    for refusal in (Refusal(listed.folders, *one) for one in chosen):
        trial.run(refusal)
        refused[refusal.kind] += bool(refusal.refused)
        codes[trial.code] += 1
    made = ", ".join(f"{kind} {count} of {listed.calls[kind]}" for kind, count in refused.items())
    yield Finding("calls on files refused once", str(len(chosen)),
                  f"{refused.total()} ({made})", refused.total() == len(chosen))  # fmt: skip
    ended = ", ".join(f"{count} with {code}" for code, count in codes.items())
    yield _count(f"wrong exit codes and answers, of builds that ended {ended}", trial.wrong)
    yield _count("builds that failed without one line that says why", trial.unsaid)
    yield _count("builds after them that failed or answered wrongly", trial.failed)
    yield _count("things left over", trial.left)


def _choose(calls: Counter[str], scale: float) -> Iterator[tuple[str, int, int]]:
    """Yield the calls to refuse, evenly over all of each kind, with the errors in turn."""
    for kind, number in sorted(calls.items()):
        many = min(number, trials(number, scale, least=1 if kind in NAMED else 0))
        errors = ERRORS[kind]
        for i in range(many):
            yield kind, i * number // many + 1, errors[i % len(errors)]


def _count(what: str, faults: list[str]) -> Finding:
    return Finding(what, "0", f"{len(faults)} {faults[:3] or ''}".strip(), not faults)


class _Trial:
    """An index that is given its next version again and again, and what has gone wrong."""

    def __init__(self, folder: Path, plant: Plant | None) -> None:
        self.answers = expected_answers(folder)
        self.content, self.base, self.index = (
            (folder / name).resolve() for name in ("content", "base", "index")
        )
        self.plant = plant
        self.code: int | None = None
        self.wrong: list[str] = []
        self.unsaid: list[str] = []
        self.failed: list[str] = []
        self.left: list[str] = []
        for version in range(NEW):
            write_version(self.content, version)
            start_build(self.content, self.base).end()
        write_version(self.content, NEW)

    def run(self, refusal: Refusal) -> Refusal:
        """Build with one call refused, and once more without."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.base, self.index)
        build = run_watched(self.content, self.index, decide=refusal, plant=self.plant)
        self.code = build.code
        self._judge(build, refusal.refused)
        again = start_build(self.content, self.index)
        if again.end() != 0 or self._ask() != NEW:
            self.failed.append(f"{refusal.refused}: {again.code} {again.errors[-1:]}")
        self.left += [f"{refusal.refused}: {name}" for name in find_leftovers(self.index)]
        return refusal

    def _judge(self, build: Build, refused: str) -> None:
        served = {0: NEW, 3: NEW, 1: OLD}.get(build.end(), -1)
        answered = self._ask()
        if served != answered:
            self.wrong.append(f"{refused}: {build.code}, and version {answered} answers")
        if len(build.errors) != (1 if build.code == 1 else 0):
            self.unsaid.append(f"{refused}: {build.errors[-1:]}")

    def _ask(self) -> int:
        """Return which version answers rightly, -1 for none."""
        try:
            version, digest = ask(open_index(self.index))
        except SearchappError:
            return -1
        return version if digest == self.answers[version] else -1


PROOF = Proof("syscalls", prove_syscalls)
