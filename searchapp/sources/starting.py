"""Starts the process of a child: forked from this one where that is safe, else begun anew.

A fork has what we have imported already, and so reads its first file a tenth of a second or two
of processor time earlier. It is safe as long as there is one thread: so not in a server, nor once
numpy has started threads of its own, which only the kernel counts. On other systems than Linux,
libraries may start threads of which we know nothing.
"""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn

from searchapp.sources.child import LENGTH, main

if TYPE_CHECKING:
    from searchapp.sources.child import Context

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from searchapp.sources.child import main; main()"
)


@dataclass
class Started:
    """A child that runs: `tasks` are written to, `answers` read from."""

    tasks: IO[bytes]
    answers: IO[bytes]
    _running: "subprocess.Popen[bytes] | int"
    _code: int | None = None

    def send(self, payload: bytes) -> None:
        """Write one frame; raises OSError where it has died."""
        frame = memoryview(LENGTH.pack(len(payload)) + payload)
        while frame:
            frame = frame[self.tasks.write(frame) :]

    def wait(self) -> int:
        """Wait for its end; return its exit code, that of a signal negative."""
        if isinstance(self._running, subprocess.Popen):
            return self._running.wait()
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._running, 0)[1])
        return self._code

    def end(self) -> None:
        """End it, in whatever it is doing, and free what it holds."""
        if isinstance(self._running, subprocess.Popen):
            self._running.kill()
        elif self._code is None:
            os.kill(self._running, signal.SIGKILL)  # it is ours until we have waited for it
        self.wait()
        for stream in (self.tasks, self.answers):
            stream.close()


def start_child(context: "Context") -> Started:
    """Start a child that reads within limits; raises OSError where the system has no room."""
    if _may_fork():
        return fork_child(context)
    command = [sys.executable, "-W", "ignore", "-c", _PROGRAM, json.dumps(sys.path)]
    running = subprocess.Popen(  # noqa: S603  # nosec B603  # our own interpreter and program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    if running.stdin is None or running.stdout is None:
        raise OSError("a process without pipes")
    started = Started(running.stdin, running.stdout, running)
    started.send(pickle.dumps(context))
    return started


def _may_fork() -> bool:
    """Whether this process has one thread alone; those of numpy only the kernel counts."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    return "numpy" not in sys.modules or len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208


def fork_child(context: "Context") -> Started:
    """Fork; the child reads files until we have no more, and never returns from here."""
    tasks, to_child = os.pipe()
    from_child, answers = os.pipe()
    process = os.fork()
    if process == 0:
        _be_child(tasks, answers, context)
    os.close(tasks)
    os.close(answers)
    return Started(
        os.fdopen(to_child, "wb", buffering=0), os.fdopen(from_child, "rb", buffering=0), process
    )


def _be_child(tasks: int, answers: int, context: "Context") -> NoReturn:
    """Be a child: nothing of the parent's is written, held open or cleaned up."""
    code = 1
    try:
        os.dup2(tasks, 0)
        os.dup2(answers, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        main(context)
        code = 0
    except BaseException:  # it must end here, whatever it is
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)
