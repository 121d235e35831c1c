"""Who plays in the proofs of the builder: a blog, builds in processes of their own, readers.

A blog has versions, and each of its titles says of which it is: what an index answers tells
which version it holds, and that version has known answers. Builds are forked from here, with
all that they import loaded, so that a thousand of them are affordable; what they run is
`searchapp build` as the command line does.
"""

import contextlib
import hashlib
import importlib
import itertools
import json
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from mmap import mmap
from pathlib import Path

from searchapp import cli, failing, open_index
from searchapp.build import build
from searchapp.engine import Index, writing
from searchapp.sources import children, starting

VERSIONS = 5
POSTS = 30
QUESTIONS = ("", "zebra", '"over the plains"', "quagga3", "tag:even zebra", "zebre")
# What an index may hold besides generations, once a build has ended.
HELD = frozenset(("CURRENT", "build.lock", "cache", "origin", "verified.json"))

_numbers = itertools.count()
_turns = mmap(-1, 8)  # how often readers asked; all processes see it
PATIENCE = 60.0  # seconds; a busy machine is slow
PAUSE = 0.1  # seconds between openings: readers leave room for the builds

Plant = Callable[[], object]
_modules = ("searchapp.build", writing.__name__, "searchapp.failing")


def write_version(content: Path, version: int, posts: int = POSTS) -> None:
    """Write the blog as it is in that version; another version has other titles and texts.

    It has as many posts as said, and one more for each version.
    """
    content.mkdir(exist_ok=True)
    source = '[[source]]\nname = "blog"\nkind = "jsonl"\npath = "posts.jsonl"\n'
    (content / "sources.toml").write_text(source)
    written = [
        {
            "id": f"p{n}", "title": f"Piece {n} of version {version}", "url": f"https://a.example/{n}",
            "body": f"A zebra runs over the plains. quagga{n} " + f"grass{version} " * (n % 4),
            "tags": ["even" if n % 2 else "odd", f"v{version}"], "date": f"2024-01-{n % 28 + 1:02}",
        }
        for n in range(posts + version)
    ]  # fmt: skip
    (content / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in written))


def expected_answers(folder: Path) -> tuple[str, ...]:
    """Return what each version answers, from a build of its own that nobody disturbs."""
    if not _answers:
        _answers.extend(_ask_each_version(folder))
    return tuple(_answers)


_answers: list[str] = []  # the same for all proofs of a run


def _ask_each_version(folder: Path) -> Iterator[str]:
    for version in range(VERSIONS):
        content, index = folder / "expected", folder / f"expected-{version}"
        write_version(content, version)
        build(content, index)
        said, digest = ask(open_index(index))
        if said != version:
            raise ValueError(f"version {version} says that it is {said}")
        yield digest


def ask(index: Index) -> tuple[int, str]:
    """Ask all questions; return which version the titles are of, -1 for several, and a hash."""
    answers, versions = [], set()
    for question in QUESTIONS:
        results = index.search(question, limit=10)
        shown = [(hit.id, hit.title, hit.snippet) for hit in results.hits]
        counts = [(n, [(v.value, v.count) for v in vs]) for n, vs in results.facets.items()]
        versions |= {int(title.rpartition(" ")[2]) for _, title, _ in shown}
        answers.append((results.total, results.places, repr(shown), counts))
    told = hashlib.sha256(repr(answers).encode()).hexdigest()
    return (versions.pop() if len(versions) == 1 else -1), told


def has_come(descriptor: int, seconds: float | None) -> bool:
    """Wait, at most so long, until there is something to read; return whether there is.

    By poll, as select takes no descriptor from 1,024 on, and whoever starts this may hold more.
    """
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))


@dataclass
class Build:
    """A `searchapp build` in a process of its own."""

    pid: int
    steps: int  # where it tells the points that it passes
    said: Path
    passed: list[str] = field(default_factory=lambda: ["begun"])
    code: int | None = None

    def listen(self, seconds: float | None) -> bool:
        """Wait for points that it passes, at most so long; return whether it goes on."""
        if self.code is None and has_come(self.steps, seconds):
            told = os.read(self.steps, 4096)
            self.passed += told.decode().split()
            if not told:
                self.end()
        return self.code is None

    def kill(self) -> None:
        """Kill it as `kill -9` does, and note what it had come to."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait until it has ended; return its exit code, negative for a signal."""
        if self.code is None:
            while told := os.read(self.steps, 4096):
                self.passed += told.decode().split()
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self.steps)
        return self.code

    @property
    def errors(self) -> list[str]:
        """The lines that tell of an error; a traceback counts line by line."""
        lines = self.said.read_text(errors="replace").splitlines()
        if any(line.startswith("Traceback") for line in lines):
            return lines
        return [line for line in lines if line.startswith("Error:")]


def start_build(
    content: Path,
    index: Path,
    *options: str,
    point: str = "",
    plant: Plant | None = None,
) -> Build:
    """Start a build, which dies at `point` if there is one.

    `plant` is called in its process first: a fault that a test puts there.
    """
    reader, writer = os.pipe()
    said = content.parent / f"said-{index.name}-{next(_numbers) % 4}"
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _run_build(["--content", str(content), "--index", str(index), *options],
                   writer, said, point, plant)  # fmt: skip
    os.close(writer)
    return Build(pid, reader, said)


def _run_build(
    arguments: Sequence[str],
    steps: int,
    said: Path,
    point: str,
    plant: Plant | None,
) -> None:
    """Be the process of a build: tell each point before it is passed."""
    code = 70
    try:
        with said.open("wb", buffering=0) as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        sys.argv = ["searchapp", "build", *arguments]
        os.environ[failing.VARIABLE] = point
        reach = failing.reach

        def tell(name: str) -> None:
            os.write(steps, f"{name}\n".encode())
            reach(name)

        listen_at_points(tell)
        # As the command line does, which has no numpy yet when it reads.
        children.start_child = starting.fork_child  # type: ignore[attr-defined]
        if plant:
            plant()
        cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(code)


def listen_at_points(tell: Callable[[str], None]) -> None:
    """Let `tell` be called at each point that a build passes in this process."""
    for module in _modules:
        importlib.import_module(module).reach = tell  # type: ignore[attr-defined]


def find_leftovers(index: Path) -> list[str]:
    """Return what lies in `index` that no ended build leaves there."""
    names = {path.name for path in index.iterdir()} - HELD
    generations = {name for name in names if re.fullmatch(r"gen-\d+", name)}
    left = sorted(names - generations)
    left += sorted(path.name for path in (index / "cache").glob("*") if "tmp" in path.name)
    return left + ([f"{len(generations)} generations"] if len(generations) > 3 else [])


@dataclass
class Reader:
    """A process that opens an index again and again, and asks it."""

    pid: int
    stop: int
    told: int

    def end(self) -> dict[str, object]:
        """Stop it; return what it saw: answers, faults, and the version of each generation."""
        os.write(self.stop, b".")  # closing would not do: those started later hold it too
        os.close(self.stop)
        with os.fdopen(self.told) as told:
            seen = json.loads(told.read() or '{"answers": 0, "faults": ["it died"], "seen": {}}')
        os.waitpid(self.pid, 0)
        return dict(seen)


def start_reader(index: Path, answers: Sequence[str]) -> Reader:
    """Start a process that compares what `index` answers with `answers`, by version."""
    stopped, stop = os.pipe()
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(stop)
            seen = _read_on(index, answers, stopped)
            os.write(tell, json.dumps(seen).encode()[:60_000])
        finally:  # whatever happened, it is not to go on as its parent's double
            os._exit(0)
    os.close(stopped)
    os.close(tell)
    return Reader(pid, stop, told)


def wait_for_readers(times: int) -> None:
    """Wait until the readers asked so often, at most some seconds: a fault waits to be seen."""
    first, begun = _count_turns(), time.monotonic()
    while _count_turns() - first < times and time.monotonic() < begun + PATIENCE:
        os.sched_yield()


def _count_turns() -> int:
    return int.from_bytes(_turns[:], "little")


def _read_on(index: Path, answers: Sequence[str], stopped: int) -> dict[str, object]:
    """Ask a fresh opening and a kept one in turn, until told to stop."""
    faults: list[str] = []
    seen: dict[int, int] = {}
    asked = last = 0
    kept = open_index(index)
    while not has_come(stopped, PAUSE):
        _turns[:] = (_count_turns() + 1).to_bytes(8, "little")
        try:
            kept.refresh()
            opened = kept if asked % 2 else open_index(index)
            generation = opened.generation
            version, digest = ask(opened)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
            continue
        asked += 1
        if version < 0 or digest != answers[version]:
            faults.append(f"generation {generation} answers wrongly as version {version}")
        if generation < last or seen.setdefault(generation, version) != version:
            faults.append(f"generation {generation} after {last}, version {version}")
        last = max(last, generation)
    return {"answers": asked * len(QUESTIONS), "faults": faults[:50], "seen": seen}
