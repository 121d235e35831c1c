"""Whose request is answered next: not who came first, but first who asks for little.

    channel --add_task--> health | modest | greedy --next--> a thread answers it

Among equals who came first goes first, an address once at a time while others wait. Who is greedy
waits for all others, but not for ever, and takes one thread at most while one of those is about: a
thread is free for the next of them. Where nobody else asks, all threads are anybody's.
"""

import logging
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

from searchapp.web.appetites import Appetites

LONGEST = 5.0  # seconds that one waits for others who came later
_LOOKS = 0.5  # seconds between looks whether others are about still

log = logging.getLogger(__name__)


class Asking(Protocol):
    """A connection of which a request has arrived, as waitress gives it to be answered."""

    row: int

    @property
    def is_urgent(self) -> bool:
        """Whether what it asks is never to wait."""

    def service(self) -> float:
        """Answer its next request; return seconds that count beside those that this took."""

    def cancel(self) -> None:
        """Answer none any more."""


class Line:
    """Those that wait, by address, in the order in which they came."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rows: OrderedDict[int, deque[tuple[float, Asking]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, asking: Asking) -> None:
        """Let it wait."""
        self._rows.setdefault(asking.row, deque()).append((self._clock(), asking))

    def find(self, busy: Counter[int]) -> int:
        """Return whose turn it is: an address that is not being answered already, if any is."""
        return next((row for row in self._rows if not busy[row]), next(iter(self._rows)))

    def take(self, busy: Counter[int]) -> Asking:
        """Return the next request of that address."""
        row = self.find(busy)
        waiting = self._rows.pop(row)
        _, asking = waiting.popleft()
        if waiting:
            self._rows[row] = waiting  # behind the others
        return asking

    def waits(self) -> float:
        """Return for how many seconds the first has waited."""
        return self._clock() - next(iter(self._rows.values()))[0][0]


class Turns:
    """Answers requests by some threads, each in its turn; waitress calls this a dispatcher.

    `count_put_back` is called for each request that is let wait for others.
    """

    def __init__(
        self, appetites: Appetites, threads: int,
        count_put_back: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self._appetites = appetites
        self._count_put_back = count_put_back
        self._urgent, self._modest, self._greedy = self._lines = [
            Line(appetites.clock) for _ in range(3)
        ]
        self._busy: Counter[int] = Counter()  # requests being answered, by address
        self._greedy_busy = 0
        self._change = threading.Condition()
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def add_task(self, asking: Asking) -> None:
        """Let a request wait for its turn."""
        appetites, row = self._appetites, asking.row
        with self._change:
            appetites.begin(row)
            harms = appetites.is_greedy(row) and not appetites.is_alone(row)
            if asking.is_urgent and not harms:  # a busy proxy's address, too, may ask for health
                self._urgent.add(asking)
            elif appetites.is_greedy(row):
                self._greedy.add(asking)
                if harms:
                    self._count_put_back()
            else:
                appetites.note_modest(row)
                self._modest.add(asking)
            self._change.notify()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Finish what is being answered, in so many seconds; what waits then is given up."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        with self._change:
            for line in self._lines:
                while cancel_pending and line:
                    line.take(self._busy).cancel()
        return cancel_pending

    def _work(self) -> None:
        while True:
            with self._change:
                found = self._wait()
            if not found:
                return
            asking, is_greedy = found
            beside, begun = 0.0, time.thread_time()
            try:
                beside = asking.service()
            except BaseException:
                log.exception("a request could not be answered")
            self._note_end(asking.row, is_greedy, beside + time.thread_time() - begun)

    def _wait(self) -> tuple[Asking, bool] | None:
        """Return who is next, and whether it is greedy; nobody once this stops."""
        while not self._stopping:
            if found := self._next():
                self._busy[found[0].row] += 1
                self._greedy_busy += found[1]
                return found
            self._change.wait(_LOOKS if self._greedy else None)
        return None

    def _next(self) -> tuple[Asking, bool] | None:
        if self._greedy and self._greedy.waits() > LONGEST and not self._greedy_busy:
            return self._greedy.take(self._busy), True
        for line in (self._urgent, self._modest):
            if line:
                return line.take(self._busy), False
        if self._greedy and (not self._greedy_busy or self._is_alone()):
            return self._greedy.take(self._busy), True
        return None

    def _is_alone(self) -> bool:
        return self._appetites.is_alone(self._greedy.find(self._busy))

    def _note_end(self, row: int, was_greedy: bool, seconds: float) -> None:
        with self._change:
            self._appetites.end(row, seconds)
            self._greedy_busy -= was_greedy
            self._busy -= Counter({row: 1})  # which keeps none that are zero
            self._change.notify()
