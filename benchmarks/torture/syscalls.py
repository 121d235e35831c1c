"""Proof "syscalls": each call of a build on a file fails once, and nobody who reads is the wiser.

    a build, watched --> its calls on files --> as many builds, the n-th call of each refused

Then builds that may only open so many files at once, which any of their calls may find out.
All begin with copies of the same index, so that the n-th call is the same one. A build either
bears the error and publishes rightly, or it ends with 1 and one line, and what was served still is.
"""

import errno
import os
import resource
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.torture.actors import Plant, start_build
from benchmarks.torture.attempts import Attempts
from benchmarks.torture.calls import Call
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.watching import run_watched

LIMITS = range(0, 96, 2)  # more files that may be open at once; a build needs more than 40

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
    attempts = Attempts(folder, plant)
    index = attempts.folder / "index"
    listed = Refusal((attempts.content, index))
    run_watched(attempts.content, attempts.begin(index), decide=listed)
    refused: Counter[str] = Counter()
    chosen = list(_choose(listed.calls, scale))
    for refusal in (Refusal(listed.folders, *one) for one in chosen):
        attempts.begin(index)
        build = run_watched(attempts.content, index, decide=refusal, plant=plant)
        attempts.judge(refusal.refused, build, index)
        attempts.build_well(refusal.refused, index)
        refused[refusal.kind] += bool(refusal.refused)
    made = ", ".join(f"{kind} {count} of {listed.calls[kind]}" for kind, count in refused.items())
    yield Finding("calls on files refused once", str(len(chosen)),
                  f"{refused.total()} ({made})", refused.total() == len(chosen))  # fmt: skip
    limits = list(_spread(LIMITS, trials(len(LIMITS), scale)))
    for limit in limits:
        build = start_build(
            attempts.content, attempts.begin(index), plant=partial(_limit_files, limit, plant)
        )
        attempts.judge(f"{limit} files", build, index)
        attempts.build_well(f"{limit} files", index)
    yield Finding("builds that may have so many more files open", str(len(limits)),
                  f"{len(limits)} (from {limits[0]} to {limits[-1]})", True)  # fmt: skip
    yield from attempts.find()


def _limit_files(limit: int, plant: Plant | None) -> None:
    """Let this process have so many more files open than it has."""
    if plant:
        plant()
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + limit, lowest + limit))


def _spread(whole: Sequence[int], number: int) -> Iterator[int]:
    """Yield so many of them, from all over."""
    for i in range(number):
        yield whole[(2 * i + 1) * len(whole) // (2 * number)]


def _choose(calls: Counter[str], scale: float) -> Iterator[tuple[str, int, int]]:
    """Yield the calls to refuse, evenly over all of each kind, with the errors in turn."""
    for kind, number in sorted(calls.items()):
        many = min(number, trials(number, scale, least=1 if kind in NAMED else 0))
        errors = ERRORS[kind]
        for i, chosen in enumerate(_spread(range(1, number + 1), many)):
            yield kind, chosen, errors[i % len(errors)]


PROOF = Proof("syscalls", prove_syscalls)
