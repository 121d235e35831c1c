"""Reads files in child processes, in parallel, each within its limits.

    tasks --> jobs, two at a time --> child.py --frames--> events, in the order of the tasks

A file may kill its child: by endless work, by memory, by a crash of a C library. It then costs
one skipped entry, with the reason; a new child reads on. Of a file of many entries only the one
that was being made is lost, since what came before it was told.
"""

import os
import pickle
import selectors
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from searchapp.errors import SearchappError
from searchapp.sources.child import LENGTH, Limits
from searchapp.sources.events import Event, Surroundings, Task, event_from_json
from searchapp.sources.starting import Started, start_child

if TYPE_CHECKING:
    from searchapp.sources.child import Context

# A child that neither answers nor uses its processor time is stuck, as on a dead network disk.
PATIENCE = 120.0
DEATHS = 3  # of children, by entries of one file; then the rest of the file is not tried
AHEAD = 2  # jobs that a child has, so that it never waits for us

FILES_A_CHILD = 60  # that are worth the start of one more: 0.2 s of processor time


def count_children(files: int) -> int:
    """Return how many children are worth their start for so many files."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, -(-files // FILES_A_CHILD)))


def read_in_children(
    tasks: Sequence[Task], around: Surroundings, limits: Limits
) -> Generator[list[Event], None, None]:
    """Yield what each file gives, in the order of `tasks`."""
    with reading_in_children(tasks, around, limits) as given:
        yield from given


@contextmanager
def reading_in_children(
    tasks: Sequence[Task], around: Surroundings, limits: Limits
) -> Iterator[Iterator[list[Event]]]:
    """Have children begin to read files; give what yields what each gives, in order."""
    jobs = [_Job(task) for task in tasks]
    waiting = deque(jobs)
    context = limits, around
    children = [_Child(context, waiting) for _ in range(count_children(len(tasks)))]
    with selectors.DefaultSelector() as selector:
        try:
            for child in children:
                child.take_jobs(selector)
            yield _results_of(jobs, children, selector)
        finally:
            for child in children:
                child.end()


def _results_of(
    jobs: Sequence["_Job"], children: Sequence["_Child"], selector: selectors.BaseSelector
) -> Iterator[list[Event]]:
    for job in jobs:
        while not job.finished:
            _work(children, selector)
        yield job.events


def _work(children: Sequence["_Child"], selector: selectors.BaseSelector) -> None:
    """Give jobs to all children, and take what has come from any."""
    for child in children:
        child.take_jobs(selector)
    for key, _ in selector.select(PATIENCE / 10):
        key.data.listen(selector)
    for child in children:
        child.lose_patience(selector)


@dataclass
class _Job:
    """A file to be read, and what has come of it so far."""

    task: Task
    events: list[Event] = field(default_factory=list)
    begun: Event | None = None  # the entry that is being made
    deaths: int = 0
    finished: bool = False

    def take(self, event: Event) -> None:
        """Take what the child tells."""
        self.events.append(event)
        if event.kind == "begin":
            self.begun = event
        elif event.kind in ("document", "skipped", "held_back"):
            self.begun = None

    def finish(self) -> None:
        """Note that the file was read to its end."""
        self.finished = True
        if self.deaths:  # what killed a child is tried again next time: no hash to keep
            self.events = [event for event in self.events if event.kind != "bytes"]

    def bury(self, reason: str) -> None:
        """Note that the child died of this file, which is then read on after the entry."""
        self.deaths += 1
        self.events.append(Event("skipped", self.begun.line if self.begun else None, reason))
        if self.begun is None:
            self.finish()
        elif self.deaths == DEATHS:
            reason = f"{DEATHS} of its entries could not be read, so the rest was not tried"
            self.events.append(Event("skipped", None, f"{reason}; mend them"))
            self.finish()
        else:
            used = tuple(event.document.id for event in self.events if event.document)
            self.task = replace(self.task, done=int(self.begun.reason) + 1, used=used)
            self.begun = None


@dataclass
class _Child:
    """A child that is started when it is first needed, and again when a file has killed it."""

    context: "Context"
    waiting: deque[_Job]
    jobs: deque[_Job] = field(default_factory=deque)
    process: "_Process | None" = None
    heard: float = 0.0

    def take_jobs(self, selector: selectors.BaseSelector) -> None:
        """Take some of the jobs that wait."""
        while self.waiting and len(self.jobs) < AHEAD:
            if self.process is None:
                self.process = _Process.start(self.context)
                selector.register(self.process.answers, selectors.EVENT_READ, self)
            if not self.jobs:
                self.heard = time.monotonic()
            self.jobs.append(self.waiting.popleft())
            try:
                self.process.running.send(pickle.dumps(self.jobs[-1].task))
            except OSError:
                self._bury(selector, None)

    def listen(self, selector: selectors.BaseSelector) -> None:
        """Take what the child has told since."""
        if self.process is None:
            return
        try:
            frames = self.process.receive()
        except (OSError, EOFError):
            self._bury(selector, None)
            return
        self.heard = time.monotonic()
        for frame in frames:
            if frame:
                self.jobs[0].take(event_from_json(frame))
            else:
                self.jobs.popleft().finish()

    def lose_patience(self, selector: selectors.BaseSelector) -> None:
        """End a child that has not been heard for long."""
        if self.jobs and time.monotonic() - self.heard > PATIENCE:
            self._bury(selector, f"gave no answer in {PATIENCE:.0f} s; check the disk it is on")

    def _bury(self, selector: selectors.BaseSelector, reason: str | None) -> None:
        """Blame the death of the child on what it was reading; the next one gets the rest."""
        process, self.process = self.process, None
        if process is None:
            return
        selector.unregister(process.answers)
        reason = reason or process.why_it_died(self.context[0])
        process.kill()
        if self.jobs:
            self.jobs[0].bury(reason)
        unread = [job for job in self.jobs if not job.finished]
        self.jobs.clear()
        self.waiting.extendleft(reversed(unread))

    def end(self) -> None:
        """End the process, in whatever it is doing."""
        if self.process:
            self.process.kill()


@dataclass
class _Process:
    """A running child, and what of its answer has come so far."""

    running: Started
    answers: int
    came: bytearray = field(default_factory=bytearray)

    @classmethod
    def start(cls, context: "Context") -> "_Process":
        """Start a child that knows the surroundings."""
        try:
            running = start_child(context)
        except OSError as error:
            raise SearchappError(
                f"{sys.executable}: a process to read with cannot be started ({error.strerror}); "
                "free memory, or end other processes"
            ) from error
        return cls(running, running.answers.fileno())

    def receive(self) -> list[bytes]:
        """Return the frames that have come; raises EOFError where the child has died."""
        block = os.read(self.answers, 2**18)
        if not block:
            raise EOFError
        self.came += block
        frames, at = [], 0
        while len(self.came) - at >= LENGTH.size:
            start = at + LENGTH.size
            end = start + LENGTH.unpack_from(self.came, at)[0]
            if end > len(self.came):
                break
            frames.append(bytes(self.came[start:end]))
            at = end
        del self.came[:at]
        return frames

    def why_it_died(self, limits: Limits) -> str:
        """Return how the process ended."""
        code = self.running.wait()
        if code == -signal.SIGPROF:
            return f"takes more than {limits.seconds:g} s to read; make it shorter or simpler"
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        memory = f"{limits.memory // 2**20:,} MB"
        return f"crashed its reader ({name}), which may have {memory}; make it shorter or simpler"

    def kill(self) -> None:
        """End the process and free what it holds."""
        self.running.end()
