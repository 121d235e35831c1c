"""One worker: a process that answers the connections it takes from the shared socket.

waitress reads requests in one loop, however slowly they come, and gives them to threads, each in
its turn, when they are complete: so a slow client holds a connection, never a thread.
"""

import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress

from searchapp.settings import DEFAULT
from searchapp.web.moving import Passage, Receiver, Sharing, TurnChannel
from searchapp.web.turns import Turns

GRACE = int(DEFAULT["grace"])
_SETTLED = 1.0  # seconds; on a younger connection a request may be under way
_GIVEN = 0.2  # seconds in which others may give connections who are told to stop a little later
_SPARE_FILES = 100  # that an open index and its like may need


class Worker:
    """Serves `app` on a listening socket until it is told to stop.

    `count_refusal` is given the status of each request that is refused before the app sees it.
    The one aside takes no connections from the socket, but those that it is given.
    """

    def __init__(
        self, app: object, listening: socket.socket, count_refusal: Callable[[int], object],
        sharing: Sharing | None = None,
    ) -> None:  # fmt: skip
        self._sharing = sharing = sharing or Sharing()
        self._sockets: dict[int, object] = {}
        self._stopping = False
        turns = Turns(sharing.appetites, int(DEFAULT["threads"]), sharing.count_put_back)
        self._server = waitress.create_server(
            app, map=self._sockets, sockets=[listening], _dispatcher=turns,
            ident=None, asyncore_use_poll=True, connection_limit=_most_connections(),
            channel_timeout=int(DEFAULT["patience"]), cleanup_interval=2,
            max_request_header_size=int(DEFAULT["longest_header"]),
            max_request_body_size=int(DEFAULT["longest_body"]),
        )  # fmt: skip
        self._channel = type("Channel", (TurnChannel,), {
            "count_refusal": staticmethod(count_refusal),
            "appetites": sharing.appetites, "moves_away": sharing.moves_away,
        })  # fmt: skip
        self._server.channel_class = self._take
        self._receiver: Receiver | None = None
        if sharing.passage and sharing.is_aside:
            self._stand_aside(sharing.passage)

    def _stand_aside(self, passage: Passage) -> None:
        """Take what the others give, and nothing from the socket."""
        self._server.accepting = False
        limit = self._server.adj.connection_limit
        self._receiver = Receiver(passage, self._sockets, limit, self._open)

    def _open(self, connection: socket.socket, address: Any) -> None:
        server = self._server
        self._channel(server, connection, address, server.adj, map=self._sockets)

    def _take(
        self, server: Any, connection: socket.socket, address: Any, adj: Any, map: Any
    ) -> None:
        """Open a connection that was taken from the socket, or give it to the worker aside."""
        if not self._gives_away(connection, address):
            self._open(connection, address)

    def _gives_away(self, connection: socket.socket, address: Any) -> bool:
        sharing, appetites = self._sharing, self._sharing.appetites
        if not sharing.passage or not sharing.moves_away or self._stopping:
            return False
        row = appetites.row_of(address[0])
        appetites.rest(row)
        if not appetites.is_greedy(row) or appetites.is_alone(row):
            return False
        if not sharing.passage.give(connection):
            return False
        sharing.call_aside()
        sharing.count_moved()
        return True

    def stop_on_signals(self) -> None:
        """Stop cleanly on SIGTERM and on Ctrl-C."""
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)

    def run(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Answer until told to stop, or no longer wanted; then finish what has begun."""
        while not self._stopping and is_wanted():
            self._turn(1.0)
        self._finish()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping = True
        self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        self._server.asyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _finish(self) -> None:
        """Answer the requests that have arrived, take no more, and close the connections.

        After `grace` seconds those that are still open are given up, of which nothing is said:
        it is no fault of this server that somebody asks without end.
        """
        self._stop_listening()
        begun = time.monotonic()
        channels = self._server.active_channels
        until, least = begun + GRACE, begun + _GIVEN * bool(self._receiver)
        while (channels and time.monotonic() < until) or time.monotonic() < least:
            self._turn(0.05)  # first: what has arrived may have waited long for this process
            for channel in list(channels.values()):
                if channel.is_idle and time.time() - channel.last_activity > _SETTLED:
                    channel.will_close = True
        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._server.task_dispatcher.shutdown(timeout=1)

    def _stop_listening(self) -> None:
        """Take the connections that wait already, which would be cut off, and then no more."""
        take = self._receiver.handle_read_event if self._receiver else self._server.handle_accept
        taken = -1
        while taken < len(self._server.active_channels):
            taken = len(self._server.active_channels)
            take()
        self._server.del_channel()
        self._server.socket.close()


def _most_connections() -> int:
    """Return how many connections may be open, within the files that the system allows."""
    most = int(DEFAULT["connections"])
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if files == resource.RLIM_INFINITY else max(16, min(most, files - _SPARE_FILES))


def has_parent(parent: int) -> bool:
    """Whether the process that started this one still is."""
    return os.getppid() == parent
