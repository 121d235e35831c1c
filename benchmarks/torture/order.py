"""Proof "order": a build writes in an order that no loss of power can turn against its readers.

    a build, watched --> its operations, in order --> the order is the one promised?
                                                 `-> cut after each of them: what may be on the disk
                                                     then --> it answers, and is built again

The operations are replayed on a disk in memory, which knows what is durable, and which has to
hold in the end what the true one holds. From each moment on three disks are found after the loss:
one with nothing but what is durable, one with all, and one with parts (seeded).
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.torture.actors import Plant
from benchmarks.torture.attempts import NEW, OLD, Attempts
from benchmarks.torture.calls import Call
from benchmarks.torture.crashes import Disk, Operation, Tree, read_tree, write_tree
from benchmarks.torture.proof import Finding, Proof, count_faults, trials
from benchmarks.torture.watching import find_obstacle, run_watched
from searchapp.origin import is_of_another


@dataclass
class Recorder:
    """Notes what changes below a folder, and when it is made durable."""

    index: Path
    operations: list[Operation] = field(default_factory=list)

    def __call__(self, call: Call) -> int:
        """Note a call, and let it go on."""
        if call.path.is_relative_to(self.index):
            self.operations += self._changes(call)
        return 0

    def _changes(self, call: Call) -> Iterator[Operation]:
        path = self._name(call.path)
        if call.kind == "open":
            if call.flags & os.O_CREAT:
                yield Operation("create", path)
            if call.flags & os.O_TRUNC:
                yield Operation("truncate", path)
        elif call.kind == "write":
            yield Operation("write", path, written=call.written, offset=call.offset)
        elif call.kind == "truncate":
            yield Operation("truncate", path, offset=call.length)
        elif call.kind == "rename" and call.target:
            yield Operation("rename", path, self._name(call.target))
        elif call.kind != "chmod":
            yield Operation(call.kind, path)

    def _name(self, path: Path) -> str:
        name = path.relative_to(self.index).as_posix()
        return "" if name == "." else name


def prove_order(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Record a build, judge its order, and cut its power at every moment."""
    if obstacle := find_obstacle():
        yield Finding("calls of a build that can be watched here", "all", obstacle, False)
        return
    attempts = Attempts(folder, plant)
    index = attempts.begin(attempts.folder / "index")
    recorder = Recorder(index)
    build = run_watched(attempts.content, index, decide=recorder, plant=plant)
    operations = recorder.operations
    disk = Disk(attempts.base)
    for operation in operations:
        disk.apply(operation)
    is_same = disk.see() == read_tree(index) and build.code == 0
    yield Finding("the disk in memory after all operations, beside the true one", "the same",
                  f"{'the same' if is_same else 'not the same'} ({len(operations):,} operations)",
                  is_same)  # fmt: skip
    faults, synced = judge_order(operations)
    yield count_faults(f"faults in the order; {synced} files and folders of it synced", faults)
    crashes = _Crashes(attempts, builds_on_all=scale >= 1)
    crashes.replay(operations, trials(len(operations), scale, least=3))
    yield Finding("moments at which the power was cut", "> 0",
                  f"{crashes.moments:,}, and {crashes.disks:,} different disks after them",
                  crashes.moments > 0)  # fmt: skip
    yield count_faults("disks that are not opened, or answer wrongly", crashes.wrong)
    yield count_faults(
        f"builds on {crashes.built:,} of them that failed or answered wrongly", attempts.after
    )
    yield count_faults("things left over", attempts.left)


def judge_order(operations: Sequence[Operation]) -> tuple[list[str], int]:
    """Return where the order of a publish is not the one promised, and how many were synced."""
    faults: list[str] = []
    published = _at(operations, lambda o: o.kind == "rename" and o.path.endswith(".tmp")
                    and o.path.startswith("gen-"))  # fmt: skip
    current = _at(operations, lambda o: o.kind == "rename" and o.target == "CURRENT")
    if published is None or current is None or published > current:
        return ["no generation was renamed before CURRENT was"], 0
    draft, final = operations[published].path, operations[published].target
    changed = _last_changes(operations[:published], draft)
    for path, at in changed.items():
        if not _is_synced(operations[at:published], path):
            faults.append(f"{path} is not synced before it is published")
    if not _is_synced(operations[published:current], ""):
        faults.append("the folder is not synced between the generation and CURRENT")
    beside = _last_changes(operations[:current], "CURRENT.tmp").get("CURRENT.tmp", 0)
    if not _is_synced(operations[beside:current], "CURRENT.tmp"):
        faults.append("CURRENT.tmp is not synced before it is renamed")
    removed = _at(operations, lambda o: o.kind == "unlink" and o.path.startswith("gen-"), current)
    if not _is_synced(operations[current:removed], ""):
        faults.append("the folder is not synced between CURRENT and removals")
    later = _last_changes(operations[published + 1 :], final)
    faults += [f"{path} is changed after it is published" for path in later]
    return faults, len(changed)


def _last_changes(operations: Sequence[Operation], root: str) -> dict[str, int]:
    """Return when each file and folder in `root` was changed last; for a folder, a name in it."""
    changed: dict[str, int] = {}
    for at, operation in enumerate(operations):
        path, above = operation.path, operation.path.rpartition("/")[0]
        if operation.kind == "sync" or f"{path}/".partition("/")[0] != root:
            continue
        if operation.kind in ("create", "write", "truncate", "mkdir"):
            changed[path] = at
        if operation.kind in ("create", "mkdir", "unlink", "rename") and above:
            changed[above] = at
        if operation.kind in ("unlink", "rename"):
            changed.pop(path, None)
        if operation.kind == "rename" and operation.target.startswith(f"{root}/"):
            changed[operation.target] = at
    return changed


def _is_synced(operations: Sequence[Operation], path: str) -> bool:
    return any(o.kind == "sync" and o.path == path for o in operations)


def _at(
    operations: Sequence[Operation], is_it: Callable[[Operation], bool], start: int = 0
) -> int | None:
    found = (at for at, o in enumerate(operations) if at >= start and is_it(o))
    return next(found, None)


class _Crashes:
    """The disks that may be found after a loss of power, and what was wrong with them."""

    def __init__(self, attempts: Attempts, *, builds_on_all: bool) -> None:
        self.builds_on_all = builds_on_all  # else on a third
        self.attempts, self.index = attempts, attempts.folder / "crashed"
        self.moments = self.disks = self.built = 0
        self.wrong: list[str] = []
        self._seen: set[bytes] = set()

    def replay(self, operations: Sequence[Operation], number: int) -> None:
        """Cut the power at so many moments, evenly over the build, first and last among them."""
        disk, chance = Disk(self.attempts.base), random.Random(1_000)  # seeded
        chosen = {i * len(operations) // max(1, number - 1) for i in range(number)}
        swapped = _at(operations, lambda o: o.kind == "rename" and o.target == "CURRENT")
        swap = len(operations) if swapped is None else swapped
        durable = _at(operations, lambda o: o.kind == "sync" and not o.path, swap)
        sure = len(operations) - 1 if durable is None else durable  # once it has said that it ended
        chosen |= {swap, swap + 1, sure, sure + 1} & set(range(len(operations) + 1))
        for moment in range(len(operations) + 1):
            if moment in chosen:
                self.moments += 1
                allowed = {OLD} if moment <= swap else {NEW} if moment > sure else {OLD, NEW}
                after = operations[moment - 1] if moment else Operation("nothing", "")
                name = f"after {moment} ({after.kind} {after.path})"
                for tree in (disk.crash(None), disk.see(), disk.crash(chance)):
                    self._judge(tree, allowed, name)
            if moment < len(operations):
                disk.apply(operations[moment])

    def _judge(self, tree: Tree, allowed: set[int], name: str) -> None:
        """Open what was found, and build on it, unless it was found before."""
        digest = hashlib.sha256(repr((sorted(tree.items()), sorted(allowed))).encode()).digest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        self.disks += 1
        shutil.rmtree(self.index, ignore_errors=True)
        self.index.mkdir()
        write_tree(self.index, tree)
        found = self.attempts.ask(self.index)
        if found not in allowed:
            self.wrong.append(f"{name}: version {found} answers, not {sorted(allowed)}")
        if is_of_another(self.index, self.attempts.content):
            self.wrong.append(f"{name}: it is taken for the index of another folder")
        if self.builds_on_all or self.disks % 3 == 0:
            self.built += 1
            self.attempts.build_well(name, self.index)


PROOF = Proof("order", prove_order)
