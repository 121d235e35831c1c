"""What the proofs of the disk share: an index of one version, and builds of the next that may fail.

    base: version 2 --copied--> index --a build of version 3 that something happens to--> judged
                                      --a build left alone------------------------------> judged

A build either publishes, rightly, or ends with 1 and one line, and what was served still is.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
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
from benchmarks.torture.proof import Finding, count_faults
from searchapp import SearchappError, open_index

OLD, NEW = 2, 3
SERVED = {0: NEW, 3: NEW, 1: OLD}  # by the exit code of a build


class Attempts:
    """Builds that something happened to, and what was wrong after them."""

    def __init__(self, folder: Path, plant: Plant | None = None) -> None:
        """Build what all attempts begin with; `plant` is a fault that each attempt is given."""
        folder, self.plant = folder.resolve(), plant
        self.folder, self.content, self.base = folder, folder / "content", folder / "base"
        self.answers = expected_answers(folder)
        self.codes: Counter[int | None] = Counter()
        self.wrong: list[str] = []
        self.unsaid: list[str] = []
        self.after: list[str] = []
        self.left: list[str] = []
        self.published: list[str] = []
        for version in range(NEW):
            write_version(self.content, version)
            start_build(self.content, self.base).end()
        write_version(self.content, NEW)

    def begin(self, index: Path) -> Path:
        """Let `index` be what all attempts begin with."""
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(self.base, index)
        return index

    def judge(self, name: str, build: Build, index: Path, expected: int | None = None) -> None:
        """See how a build ended, and ask what is served after it."""
        code, answered = build.end(), self.ask(index)
        self.codes[code] += 1
        if code == 0:
            self.published.append(name)
        if SERVED.get(code) != answered or expected not in (None, code):
            self.wrong.append(f"{name}: {code}, and version {answered} answers")
        if len(build.errors) != (1 if code == 1 else 0):
            self.unsaid.append(f"{name}: {build.errors[-1:]}")

    def build_well(self, name: str, index: Path) -> None:
        """Build where nothing is in the way any more; all must be well then."""
        build = start_build(self.content, index)
        if build.end() != 0 or self.ask(index) != NEW:
            self.after.append(f"{name}: {build.code} {build.errors[-1:]}")
        self.left += [f"{name}: {left}" for left in find_leftovers(index)]

    def ask(self, index: Path) -> int:
        """Return which version is answered rightly, -1 for none."""
        try:
            version, digest = ask(open_index(index))
        except SearchappError:
            return -1
        return version if digest == self.answers[version] else -1

    def find(self) -> Iterator[Finding]:
        """Yield what was found of all."""
        ended = ", ".join(f"{count} with {code}" for code, count in sorted(self.codes.items()))
        yield count_faults(f"wrong exit codes and answers; builds ended {ended}", self.wrong)
        yield count_faults("builds that failed without one line that says why", self.unsaid)
        yield count_faults("builds after them that failed or answered wrongly", self.after)
        yield count_faults("things left over", self.left)
