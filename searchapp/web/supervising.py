"""Starts the workers, puts another in the place of one that died, and stops them together.

    supervisor --fork--> worker, worker     all on one listening socket
               <-ready-- a byte each        then the address is told
               <-more--- a byte             one more is started, if it does not run
               --SIGTERM--> finish, end     SIGKILL for whoever has not ended in time

Python is imported and the code compiled before they part, so that they share this memory. Whether
a worker must be ended is never guessed: the work of each request is bounded.
"""

import logging
import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from searchapp.errors import SearchappError
from searchapp.web.working import GRACE

log = logging.getLogger(__name__)

Work = Callable[[int, Callable[[], None], Callable[[], None]], None]
_ENDS = (signal.SIGTERM, signal.SIGINT)
_AT_ONCE = 1.0  # seconds; who ends sooner is not started again before that has passed
_MORE_GRACE = 3  # seconds beyond those that a worker gives its requests


class Supervisor:
    """Runs `work` in several processes.

    It is given its number, what to call once ready, and what to call for one process more, which
    runs from then on. `close` is called when all are to end, before they are told.
    """

    def __init__(self, work: Work, workers: int, close: Callable[[], object]) -> None:
        self._work = work
        self._close = close
        self._workers = workers
        self._numbers = range(workers)
        self._pids: dict[int, int] = {}  # by number
        self._begun = dict.fromkeys(range(workers + 1), 0.0)
        self._stopping = 0
        self._ready = 0
        self._ears, self._mouth = os.pipe()  # signals write here, and workers
        os.set_blocking(self._mouth, False)

    def run(self, tell_ready: Callable[[], object]) -> None:
        """Run until SIGTERM or Ctrl-C; call `tell_ready` once every worker is ready.

        Raises SearchappError where one ends before it ever was.
        """
        for signum in _ENDS:
            signal.signal(signum, self._stop)
        signal.signal(signal.SIGCHLD, self._wake)
        was_told = False
        try:
            while not self._stopping:
                self._start_missing()
                self._wait(self._pause())
                if self._reap() and not was_told:
                    raise SearchappError("a worker ended before it could answer, as said above")
                if not was_told and self._ready >= self._workers:
                    was_told = True
                    tell_ready()
        finally:
            self._end_all()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping += 1
        self._wake(signum, frame)

    def _wake(self, signum: int, frame: FrameType | None) -> None:
        with suppress(BlockingIOError):  # it is full, so it wakes anyhow
            os.write(self._mouth, b"s")

    def _wait(self, seconds: float | None) -> None:
        waiting = select.poll()
        waiting.register(self._ears, select.POLLIN)
        if waiting.poll(None if seconds is None else seconds * 1000):
            heard = os.read(self._ears, 4096)
            self._ready += heard.count(b"r")
            if b"m" in heard:
                self._numbers = range(self._workers + 1)

    def _pause(self) -> float | None:
        """Return for how long to wait at most: for ever, unless a worker is to be started."""
        missing = [number for number in self._numbers if number not in self._pids]
        now = time.monotonic()
        waits = [self._begun[number] + _AT_ONCE - now for number in missing]
        return max(0.0, min(waits)) if waits else None

    def _start_missing(self) -> None:
        for number in self._numbers:
            rests = time.monotonic() - self._begun[number] < _AT_ONCE
            if number not in self._pids and not rests:
                self._begun[number] = time.monotonic()
                self._pids[number] = self._start(number, os.getpid())

    def _start(self, number: int, parent: int) -> int:
        """Start a process; one that is told to end before it listens to that ends at once."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        pid = os.fork()
        if pid == 0:
            for signum in _ENDS:
                signal.signal(signum, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
            self._be_worker(number, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        return pid

    def _be_worker(self, number: int, parent: int) -> NoReturn:
        """Do the work, and end without going back into what the supervisor was doing."""
        code = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._ears)
            if os.getppid() == parent:
                self._work(number, self._say_ready, self._call_one_more)
                code = 0
        except SearchappError as error:
            log.error("%s", error)
        except BaseException:
            log.exception("worker %d failed", number)
        finally:
            logging.shutdown()
            os._exit(code)

    def _say_ready(self) -> None:
        os.write(self._mouth, b"r")

    def _call_one_more(self) -> None:
        with suppress(BlockingIOError):  # it will be called again
            os.write(self._mouth, b"m")

    def _reap(self) -> bool:
        """Note which workers have ended; return whether one has that was not told to."""
        ended = False
        for number, pid in list(self._pids.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                del self._pids[number]
                ended = True
                if not self._stopping:
                    code = os.waitstatus_to_exitcode(status)
                    log.error("worker %d ended (%d); another takes its place", number, code)
        return ended and not self._stopping

    def _end_all(self) -> None:
        """Ask all workers to end; kill those that have not in time, or at a second Ctrl-C."""
        self._close()
        self._signal_all(signal.SIGTERM)
        until = time.monotonic() + GRACE + _MORE_GRACE
        self._stopping = max(self._stopping, 1)
        while self._pids:
            left = until - time.monotonic()
            if left <= 0 or self._stopping > 1:
                self._signal_all(signal.SIGKILL)
            self._wait(max(0.05, min(left, 1.0)))
            self._reap()

    def _signal_all(self, signum: int) -> None:
        for pid in self._pids.values():
            os.kill(pid, signum)
