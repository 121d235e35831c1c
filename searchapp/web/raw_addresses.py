"""How requests are read from a connection: kindly, but neither for ever nor without end.

Browsers escape what is not ASCII in an address; others, as `curl 'http://…/?q=öl'`, send the bytes,
and waitress refuses those. They are escaped here before it looks; whether they are UTF-8 is then
seen where all text is read.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from searchapp.web.refusals import Refusal, UriTooLong

LONGEST_LINE = 8_000  # bytes of a request's first line; RFC 9112 asks for as many at least
THROWN_AWAY = 1_000_000  # bytes of a request that was refused
TIMED_OUT = 408
LINGERS = 2  # seconds that they may take


class KindParser(HTTPRequestParser):  # type: ignore[misc]  # it ships no types
    """Reads a request, escaping in its first line what is no ASCII."""

    path = ""  # until the first line is understood

    def received(self, data: bytes) -> int:
        """Read some bytes; return how many of them are this request's."""
        begun = b"" if self.headers_finished else (self.header_plus + data).lstrip()
        read: int = super().received(data)
        if self.completed and len(begun.partition(b"\n")[0]) > LONGEST_LINE:
            self.error = UriTooLong("")
        if self.completed:  # without a body, or refused: waitress would wait for more all the same
            self.expect_continue = False
        return read

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        first, end, rest = header_plus.partition(b"\r\n")
        super().parse_header(escape(first) + end + rest)


class KindChannel(HTTPChannel):  # type: ignore[misc]  # nor does this
    """A connection whose requests are read so, and must arrive within the time it may be silent.

    Whoever sends a byte now and then would otherwise never be silent. One that was refused is
    read to its end before it is closed, within limits: the system would else cut it off, and
    the reason be lost.
    """

    parser_class = KindParser
    error_task_class = Refusal
    last_activity: float
    will_close: bool
    lingers = False  # whether, once it is to close, what still comes is read
    count_refusal: Callable[[int], object] = staticmethod(lambda status: None)
    _left: int | None = None  # bytes that are yet thrown away; None while it is in use

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being answered on it."""
        return not (self.requests or self.total_outbufs_len)

    def readable(self) -> bool:
        """Whether it wants to read."""
        return self._left is not None or bool(super().readable())

    def handle_read(self) -> None:
        """Read what has come, or throw it away."""
        if self._left is not None:
            self._left -= len(self.recv(self.adj.recv_bytes))
            self.will_close = self.will_close or self._left < 0
            return
        begun, was_arriving = self.last_activity, self.request is not None
        super().handle_read()
        if was_arriving and self.request is not None:
            self.last_activity = begun

    def handle_close(self) -> None:
        """Close it; one that lingers says first that it has said all.

        Where that is for a request that did not arrive in time, it counts as one refused.
        """
        if self.will_close and self.request is not None and not self.lingers:
            self.lingers = True
            self.count_refusal(TIMED_OUT)
            self._left = 0  # nothing was said, so there is nothing to linger for
        if self.lingers and self._left is None and self.connected:
            self._left, self.will_close = THROWN_AWAY, False
            self.last_activity = time.time() - self.adj.channel_timeout + LINGERS
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                return
        super().handle_close()


def escape(line: bytes) -> bytes:
    """Return a line in ASCII, each other byte escaped as addresses have it."""
    if line.isascii():
        return line
    return b"".join(bytes([byte]) if byte < 128 else b"%%%02X" % byte for byte in line)
