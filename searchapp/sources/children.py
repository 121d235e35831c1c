"""Reads files in child processes, in parallel, each within its limits.

A file may kill its child: by endless work, by memory, by a crash of a C library. It then costs
one skipped entry, with the reason; a new child reads on.

    tasks --one thread for each child--> child.py --events--> events, in the order of the tasks
"""

import json
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from searchapp.errors import SearchappError
from searchapp.sources.child import LENGTH, Limits
from searchapp.sources.events import Event, Surroundings, Task, event_from_json

# A child that neither answers nor uses its processor time is stuck, as on a dead network disk.
PATIENCE = 120.0
DEATHS = 3  # of children, by entries of one file; then the rest of the file is not tried

FILES_A_CHILD = 60  # that are worth the start of one more: 0.2 s of processor time

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from searchapp.sources.child import main; main()"
)


def count_children(files: int) -> int:
    """Return how many children are worth their start for so many files."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, -(-files // FILES_A_CHILD)))


def read_in_children(
    tasks: Sequence[Task], around: Surroundings, limits: Limits
) -> Generator[list[Event], None, None]:
    """Yield what each file gives, in the order of `tasks`."""
    if not tasks:
        return
    context = pickle.dumps((limits, around))
    children = [_Child(context, limits) for _ in range(count_children(len(tasks)))]
    idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def read(task: Task) -> list[Event]:
        child = idle.get()
        try:
            return child.read(task)
        finally:
            idle.put(child)

    with ThreadPoolExecutor(len(children), "reading") as threads:
        try:
            yield from threads.map(read, tasks)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.end()


@dataclass(frozen=True, slots=True)
class _Death:
    """Why a child ended, and in the middle of which entry."""

    reason: str
    begun: Event | None


@dataclass
class _Child:
    """A child that is started when it is first needed, and again when a file has killed it."""

    context: bytes
    limits: Limits
    process: "_Process | None" = None
    ended: bool = False

    def read(self, task: Task) -> list[Event]:
        """Return what a file gives, whatever it does to its reader."""
        events: list[Event] = []
        for _ in range(DEATHS):
            death = self._read_on(task, events)
            if death is None:  # what killed a child is tried again next time: no hash to keep
                return events if task.done == 0 else [e for e in events if e.kind != "bytes"]
            if death.begun is None:
                return [*events, Event("skipped", None, death.reason)]
            events.append(Event("skipped", death.begun.line, death.reason))
            used = tuple(event.document.id for event in events if event.document)
            task = replace(task, done=int(death.begun.reason) + 1, used=used)
        reason = f"{DEATHS} of its entries could not be read, so the rest was not tried; mend them"
        return [*events, Event("skipped", None, reason)]

    def _read_on(self, task: Task, events: list[Event]) -> _Death | None:
        """Add what a file gives to `events`; return how the child died, None if it lives."""
        if self.ended:
            return _Death("was not read, as the build was stopped", None)
        process = self._living()
        begun = None
        try:
            process.send(pickle.dumps(task))
            while frame := process.receive():
                event = event_from_json(frame)
                begun = event if event.kind == "begin" else begun
                begun = None if event.kind in ("document", "skipped") else begun
                events.append(event)
        except (OSError, EOFError, TimeoutError) as error:
            self.process = None
            return _Death(process.bury(error, self.limits), begun)
        return None

    def _living(self) -> "_Process":
        """Return the process, started if none is there or it died between two files."""
        if self.process is None or self.process.has_died():
            self.process = _Process.start(self.context)
        return self.process

    def end(self) -> None:
        """End the process, in whatever it is doing."""
        self.ended = True
        if self.process:
            self.process.kill()


@dataclass
class _Process:
    """A running child, and what of its answer has come so far."""

    running: subprocess.Popen[bytes]
    came: bytearray = field(default_factory=bytearray)

    @classmethod
    def start(cls, context: bytes) -> "_Process":
        """Start a child and tell it the surroundings."""
        command = [sys.executable, "-W", "ignore", "-c", _PROGRAM, json.dumps(sys.path)]
        try:
            running = subprocess.Popen(  # noqa: S603  # our own interpreter and program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        except OSError as error:
            raise SearchappError(
                f"{sys.executable}: a process to read with cannot be started ({error.strerror}); "
                "free memory, or end other processes"
            ) from error
        process = cls(running)
        process.send(context)
        return process

    def has_died(self) -> bool:
        return self.running.poll() is not None

    def send(self, payload: bytes) -> None:
        """Write one frame."""
        stream = self.running.stdin
        if stream is None:
            raise EOFError
        frame = memoryview(LENGTH.pack(len(payload)) + payload)
        while frame:
            frame = frame[stream.write(frame) :]

    def receive(self) -> bytes:
        """Return the next frame; raises EOFError where the child has died."""
        while True:
            if len(self.came) >= LENGTH.size:
                (length,) = LENGTH.unpack_from(self.came)
                end = LENGTH.size + length
                if len(self.came) >= end:
                    frame = bytes(self.came[LENGTH.size : end])
                    del self.came[:end]
                    return frame
            self._read_more()

    def _read_more(self) -> None:
        stream = self.running.stdout
        if stream is None:
            raise EOFError
        ready, _, _ = select.select([stream], [], [], PATIENCE)
        if not ready:
            raise TimeoutError
        block = os.read(stream.fileno(), 2**18)
        if not block:
            raise EOFError
        self.came += block

    def bury(self, error: Exception, limits: Limits) -> str:
        """Return why the process died, or had to be ended."""
        if isinstance(error, TimeoutError):
            self.kill()
            return f"gave no answer in {PATIENCE:.0f} s; check the disk that it is on"
        code = self.running.wait()
        self.kill()
        if code == -signal.SIGPROF:
            return f"takes more than {limits.seconds:g} s to read; make it shorter or simpler"
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        memory = f"{limits.memory // 2**20:,} MB"
        return f"crashed its reader ({name}), which may have {memory}; make it shorter or simpler"

    def kill(self) -> None:
        """End the process and free what it holds."""
        self.running.kill()
        self.running.wait()
        for stream in (self.running.stdin, self.running.stdout):
            if stream:
                stream.close()
