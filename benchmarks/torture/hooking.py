"""Watches a build from inside, where the kernel lets nobody watch it from outside.

    build's process --Python is about to open, rename, remove...--> asks through a socket, waits
    here: decide(call) --an error, or go on-------------------------------------------+

It sees less than `watching`: what Python itself does, by its audit events, and `os.fsync`; not
what is written, and not what SQLite and numpy do by themselves.
"""

import json
import os
import select
import socket
import sys
import threading
from pathlib import Path

from benchmarks.torture.actors import Build, Plant, start_build
from benchmarks.torture.calls import Call, Decide

_KINDS = {
    "open": "open", "os.rename": "rename", "os.remove": "unlink", "os.rmdir": "unlink",
    "os.mkdir": "mkdir", "os.chmod": "chmod", "os.truncate": "truncate",
}  # fmt: skip


def run_hooked(
    content: Path, index: Path, *options: str, decide: Decide, plant: Plant | None = None
) -> Build:
    """Run a build; `decide` says of each call of Python whether it fails, and by which errno."""
    ours, theirs = socket.socketpair()

    def begin() -> None:
        if plant:
            plant()
        ours.close()
        _ask_before_calls(theirs)

    build = start_build(content, index, *options, plant=begin)
    theirs.close()
    _decide_on_all(build, ours, decide)
    return build


def _decide_on_all(build: Build, ours: socket.socket, decide: Decide) -> None:
    """Answer what the build asks, one line after the other, and hear what it tells meanwhile."""
    waiting = select.poll()
    waiting.register(ours, select.POLLIN)
    waiting.register(build.steps, select.POLLIN)
    with ours, ours.makefile("rw", encoding="ascii") as asked:
        while build.code is None:
            ready = dict(waiting.poll())
            if ours.fileno() not in ready:
                build.listen(0)
            elif line := asked.readline():
                kind, path = json.loads(line)
                asked.write(f"{decide(Call(kind, kind, Path(path), None, (), build.pid))}\n")
                asked.flush()
            else:
                build.end()


def _ask_before_calls(answers: socket.socket) -> None:
    """Let this process ask before each call; its children, which only read, do not."""
    asking = answers.makefile("rw", encoding="ascii")
    us, turn = os.getpid(), threading.Lock()  # threads that hash ask one after the other
    sync = os.fsync

    def ask(kind: str, path: str) -> None:
        if os.getpid() != us:
            return
        with turn:
            asking.write(json.dumps((kind, str(Path(path).absolute()))) + "\n")
            asking.flush()
            error = int(asking.readline())
        if error:
            raise OSError(error, os.strerror(error), path)

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        kind = _KINDS.get(event)
        if kind and isinstance(arguments[0], str | bytes | os.PathLike):
            ask(kind, os.fsdecode(arguments[0]))

    def ask_and_sync(descriptor: int) -> None:
        ask("sync", str(Path(f"/dev/fd/{descriptor}").resolve()))
        sync(descriptor)

    sys.addaudithook(hear)
    os.fsync = ask_and_sync  # type: ignore[assignment]
