"""A child that reads files for its parent: what a file does to it, the parent survives.

    stdin:  frames; the first holds the surroundings (from our parent, so a pickle is safe),
            the others tasks.  stdout: frames of events in JSON, an empty one after each file.

One that was forked has the surroundings already, and is told tasks alone.

The kernel ends it where one entry takes more processor time than the limit, in whatever code
that is spent; memory is bounded likewise. Each event starts the time anew.
"""

import contextlib
import gc
import itertools
import os
import pickle
import resource
import signal
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from searchapp.sources.events import Event, Surroundings

    Context = tuple["Limits", Surroundings]

COLLECTED = 100  # files after which garbage is looked for: tokens of Markdown are no cycles

LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one entry may cost: seconds of processor time, bytes of address space."""

    seconds: float = 5.0
    memory: int = 2**30


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(payload)) + payload)


def receive(stream: BinaryIO) -> bytes | None:
    """Read one frame; None where the stream has ended."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def main(context: "Context | None" = None) -> None:
    """Read files until the parent has no more; without a `context`, it comes first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tasks = os.fdopen(os.dup(0), "rb")
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the frames
    if context is None and (first := receive(tasks)) is not None:
        context = pickle.loads(first)  # noqa: S301  # nosec B301  # from our parent, by our pipe
    if context is not None:
        _serve(tasks, told, *context)


def _bound_memory(limit: int) -> None:
    """Let this process take so much beyond what it has; one that was forked may have much."""
    limit += _held()
    with contextlib.suppress(OSError, ValueError):  # a system that cannot has the time alone
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _held() -> int:
    """Return the bytes of address space that this process has, 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _timed(events: Iterator["Event"], seconds: float) -> Iterator["Event"]:
    """Yield the events, and let the kernel end us where the next one takes too long."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    while True:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        event = next(events, None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if event is None:
            return
        yield event


def _serve(tasks: BinaryIO, told: BinaryIO, limits: "Limits", around: "Surroundings") -> None:
    from searchapp.sources.events import event_to_json  # noqa: PLC0415  # they import us
    from searchapp.sources.readers import READERS  # noqa: PLC0415
    from searchapp.sources.tracing import read_traced  # noqa: PLC0415

    gc.freeze()
    gc.disable()
    _bound_memory(limits.memory)
    for number in itertools.count(1):
        if (asked := receive(tasks)) is None:
            return
        task = pickle.loads(asked)  # noqa: S301  # nosec B301  # from our parent
        of_many = READERS[task.source.kind].identity != "path"
        for event in _timed(read_traced(task, around), limits.seconds):
            send(told, event_to_json(event).encode())
            if of_many and event.kind == "begin":  # so that it is known which entry killed us
                told.flush()
        send(told, b"")
        told.flush()
        if number % COLLECTED == 0:
            gc.collect()
