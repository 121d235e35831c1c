"""Proof "disks": a disk that is full, or takes nothing, costs a build and never the index.

    a disk of its own, an index of version 2 on it --build of version 3, on a share of what it
    needs--> it ends with 1 and one line, or publishes --more room--> the next build publishes

A disk is a file system in memory, where the system lets us mount one; elsewhere writes are
refused, as a full disk does, once a build has written more than its share. And a folder that
may only be read is built in by a user without rights.
"""

import ctypes
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from benchmarks.torture.actors import Plant, listen_at_points, start_build
from benchmarks.torture.attempts import Attempts
from benchmarks.torture.calls import Call
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.watching import run_watched
from searchapp import failing

OLD, NEW = 2, 3
SIZES = 20
LEAST, MOST = 0.01, 1.2  # of what a build needs
ROOMY = 256 * 2**20
_READ_ONLY, _REMOUNT = 1, 32  # as mount(2) has them
_CAPABILITIES = 0x20080522  # the version of capset's header


def prove_disks(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Build on disks that are too small, and in folders that may not be written."""
    attempts = Attempts(folder, plant)
    number = trials(SIZES, scale, least=2)
    shares = [LEAST + (MOST - LEAST) * i / (number - 1) for i in range(number)]
    means = "mounted" if can_mount() else "writes refused"
    if means == "mounted":
        needed = _build_on_mounted(attempts, shares)
    else:
        needed = _build_within_budgets(attempts, shares)
    told = f"{number} ({means}, {needed / 2**10:,.0f} KiB needed)"
    yield Finding("disks from 1 % to 120 % of what a build needs", str(number), told, needed > 0)
    is_right = attempts.published[-1:] == ["120 %"] and "1 %" not in attempts.published
    yield Finding("builds that published", "that on 120 %, not that on 1 %",
                  ", ".join(attempts.published) or "none", is_right)  # fmt: skip
    tried = _build_without_rights(attempts)
    yield Finding("folders that may only be read, and a disk", "all", ", ".join(tried), bool(tried))
    yield from attempts.find()


# Disks of their own


def _build_on_mounted(attempts: Attempts, shares: list[float]) -> int:
    """Build on disks of these shares; return what a build needs besides what lay there."""
    with _disk(attempts.folder / "measured", ROOMY) as disk:
        attempts.begin(disk / "index")
        held, most = _used(disk), _measure(attempts, disk)
    for share in shares:
        name = f"{share * 100:.0f} %"
        with _disk(attempts.folder / "small", held + int((most - held) * share)) as disk:
            index = attempts.begin(disk / "index")
            attempts.judge(name, start_build(attempts.content, index, plant=attempts.plant), index)
            _mount(disk, _REMOUNT, ROOMY)
            attempts.build_well(name, index)
    return most - held


def _used(disk: Path) -> int:
    state = os.statvfs(disk)
    return (state.f_blocks - state.f_bfree) * state.f_frsize


def _measure(attempts: Attempts, disk: Path) -> int:
    """Return how much of a disk is used at most while a build runs, as far as its points tell."""
    reader, writer = os.pipe()

    def measure_at_points() -> None:
        tell = failing.reach

        def measure(point: str) -> None:
            os.write(writer, _used(disk).to_bytes(8, "little"))
            tell(point)

        listen_at_points(measure)

    start_build(attempts.content, disk / "index", plant=measure_at_points).end()
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        raw = told.read()
    return max(int.from_bytes(raw[at : at + 8], "little") for at in range(0, len(raw), 8))


@contextmanager
def _disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of that size, empty; it is gone afterwards."""
    folder.mkdir(exist_ok=True)
    _mount(folder, 0, size)
    try:
        yield folder
    finally:
        _libc().umount2(os.fsencode(folder), ctypes.c_int(2))  # once nothing is open there


def _mount(folder: Path, flags: int, size: int) -> None:
    options = f"size={size},mode=0711".encode()
    kind, where = b"tmpfs", os.fsencode(folder)
    if _libc().mount(b"searchapp-proof", where, kind, ctypes.c_ulong(flags), options):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@cache
def can_mount() -> bool:
    """Whether this system lets us mount a disk."""
    if os.geteuid() != 0 or not hasattr(_libc(), "umount2"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with _disk(Path(folder) / "disk", 2**20):
                return True
        except OSError:
            return False


# Writes refused


def _build_within_budgets(attempts: Attempts, shares: list[float]) -> int:
    """Build with so much of all writes allowed; return how much a build writes."""
    index = (attempts.folder / "small").resolve()
    attempts.begin(index)
    whole = _Budget(index, ROOMY)
    run_watched(attempts.content, index, decide=whole)
    for share in shares:
        name = f"{share * 100:.0f} %"
        attempts.begin(index)
        budget = _Budget(index, int(whole.written * share))
        build = run_watched(attempts.content, index, decide=budget, plant=attempts.plant)
        attempts.judge(name, build, index)
        attempts.build_well(name, index)
    return whole.written


class _Budget:
    """Lets a build write so many bytes into its index, and none after."""

    def __init__(self, index: Path, allowed: int) -> None:
        self.index, self.allowed, self.written = index, allowed, 0

    def __call__(self, call: Call) -> int:
        """Decide on a call."""
        if call.kind != "write" or not call.path.is_relative_to(self.index):
            return 0
        self.written += len(call.written)
        return errno.ENOSPC if self.written > self.allowed else 0


# Folders that may only be read


def _build_without_rights(attempts: Attempts) -> list[str]:
    """Build as a user without rights where nothing may be written; return where that was."""
    tried = []
    for name, below in (("index/", False), ("index/ and all below", True)):
        index = attempts.begin(attempts.folder / "read-only")
        with _readable_only(index, below):
            build = start_build(attempts.content, index, plant=lambda: _be_ordinary(attempts))
            attempts.judge(name, build, index, expected=1)
        attempts.build_well(name, index)
        tried.append(name)
    if can_mount():
        with _disk(attempts.folder / "mounted", ROOMY) as disk:
            index = attempts.begin(disk / "index")
            _mount(disk, _REMOUNT | _READ_ONLY, ROOMY)
            build = start_build(attempts.content, index, plant=attempts.plant)
            attempts.judge("a disk", build, index, expected=1)
            _mount(disk, _REMOUNT, ROOMY)
            attempts.build_well("a disk", index)
        tried.append("a disk")
    return tried


def _be_ordinary(attempts: Attempts) -> None:
    if attempts.plant:
        attempts.plant()
    give_up_rights()


@contextmanager
def _readable_only(index: Path, below: bool) -> Iterator[None]:
    """Take the right to write away, from the folder alone or from all in it; give it back."""
    paths = [index, *(index.rglob("*") if below else ())]
    modes = {path: path.stat().st_mode & 0o777 for path in paths}
    for path in reversed(paths):
        path.chmod(modes[path] & 0o555)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])


def give_up_rights() -> None:
    """Let modes of files hold for this process, as for an ordinary user who owns them.

    It is not another user, who might not even read our code: the rights of root are what lets
    root write anywhere, and without them its files are guarded like anyone's.
    """
    if os.geteuid() == 0:
        none = (ctypes.c_uint32 * 6)()
        if _libc().capset((ctypes.c_uint32 * 2)(_CAPABILITIES, 0), none):
            raise OSError(ctypes.get_errno(), "capset")


PROOF = Proof("disks", prove_disks)
