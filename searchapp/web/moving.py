"""Moves the connections of who is greedy to a process to which the system gives less time.

    worker --the open connection--> Passage --> worker aside, niced: it answers what time is left

Two requests in one process share its lock, however they take turns; two processes share but the
machine, and of that the system gives each what is asked here. A connection is moved when it is
made, before anything is read. One that is open already is closed after an answer that says so, and
its client comes again, as HTTP has it. Where nobody else asks, nothing is moved.
"""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from waitress import wasyncore
from waitress.task import WSGITask

from searchapp.web.appetites import AHEAD, WASTED, Appetites
from searchapp.web.raw_addresses import KindChannel

NICE = 15  # how much less time the system gives to the worker aside
_URGENT = ("/healthz", "/readyz", "/metrics")


class Passage:
    """Through it connections go from the workers to the one aside; make it before they part."""

    def __init__(self) -> None:
        self._from, self._to = socket.socketpair()
        self._from.setblocking(False)
        self._to.setblocking(False)

    def give(self, connection: socket.socket) -> bool:
        """Give a connection away, which is then closed here; False where too many wait already."""
        try:
            socket.send_fds(self._from, [b"c"], [connection.fileno()])
        except OSError:
            return False
        connection.close()
        return True

    def receive(self) -> socket.socket | None:
        """Return the next connection that was given, if one was."""
        try:
            _, found, _, _ = socket.recv_fds(self._to, 1, 1)
        except OSError:
            return None
        return socket.socket(fileno=found[0]) if found else None

    def fileno(self) -> int:
        """Return what tells that one was given."""
        return self._to.fileno()

    def close(self) -> None:
        """Close both ends in this process."""
        self._from.close()
        self._to.close()


@dataclass
class Sharing:
    """What the workers that share a machine have in common, as one of them sees it."""

    appetites: Appetites = field(default_factory=Appetites)
    count_put_back: Callable[[], object] = lambda: None
    count_moved: Callable[[], object] = lambda: None
    passage: Passage | None = None
    is_aside: bool = False
    call_aside: Callable[[], object] = lambda: None

    def join(self, number: int, is_aside: bool, call_aside: Callable[[], object]) -> None:
        """Be that one of the workers; `call_aside` starts the one aside, if it does not run yet."""
        self.is_aside, self.call_aside = is_aside, call_aside
        self.appetites.take_column(number)
        if is_aside:
            with suppress(OSError):  # where that is not allowed, it takes as much as the others
                os.nice(NICE)

    @property
    def moves_away(self) -> bool:
        """Whether another is to answer who is greedy."""
        return self.passage is not None and not self.is_aside


class Receiver(wasyncore.dispatcher):  # type: ignore[misc]  # it ships no types
    """Takes what comes through a passage, while fewer than `most` are open."""

    def __init__(
        self, passage: Passage, sockets: dict[int, object], most: int,
        take: Callable[[socket.socket, Any], object],
    ) -> None:  # fmt: skip
        super().__init__(map=sockets)
        self._passage, self._sockets, self._most, self._take = passage, sockets, most, take
        sockets[passage.fileno()] = self

    def readable(self) -> bool:
        """Whether one more is taken."""
        return len(self._sockets) < self._most

    def writable(self) -> bool:
        """Nothing is sent back."""
        return False

    def handle_read_event(self) -> None:
        """Take all that has come."""
        while self.readable() and (connection := self._passage.receive()):
            connection.setblocking(False)
            try:
                self._take(connection, connection.getpeername())
            except OSError:  # it is gone already
                connection.close()


class Answering(WSGITask):  # type: ignore[misc]  # it ships no types
    """An answer; it tells who is greedy to come again, where others ask."""

    def __init__(self, channel: "TurnChannel", request: Any) -> None:
        super().__init__(channel, request)
        self._begun = time.thread_time()

    def build_response_header(self) -> bytes:
        """Return the head of the answer."""
        if self.channel.is_to_leave(time.thread_time() - self._begun):
            self.request.headers["CONNECTION"] = "close"  # as if its client had asked for that
            self.channel.lingers = True
        return bytes(super().build_response_header())


class TurnChannel(KindChannel):
    """A connection whose requests are answered in turn with those of other addresses."""

    task_class = Answering
    appetites: Appetites
    moves_away: bool  # whether there is a worker aside, and this is not it
    connected: bool

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any) -> None:
        self.row = self.appetites.row_of(addr[0])
        super().__init__(server, sock, addr, adj, map)

    @property
    def is_urgent(self) -> bool:
        """Whether it asks whether the server is well."""
        return bool(self.requests) and self.requests[0].path in _URGENT

    def service(self) -> float:
        """Answer the next request, unless its client has broken the connection off since."""
        beside = AHEAD if len(self.requests) > 1 else 0.0
        if self.connected and self._is_broken_off():
            self.connected = False
        if self.requests[0].error or not self.connected:
            beside += WASTED
        super().service()
        return beside

    def _is_broken_off(self) -> bool:
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False  # nothing more was sent, as is usual
        except (OSError, AttributeError):  # the reading loop may just have closed it
            return True
        return False

    def is_to_leave(self, more: float) -> bool:
        """Whether its client is to come again, and be answered aside then."""
        is_greedy = self.moves_away and self.appetites.is_greedy(self.row, more)
        return is_greedy and not self.appetites.is_alone(self.row)
