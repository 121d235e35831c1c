"""Reads addresses that were typed into a program as they are: `curl 'http://…/?q=öl'`.

Browsers escape what is not ASCII in an address, others send the bytes, and waitress refuses those.
They are escaped here before it looks; whether they are UTF-8 is then seen where all text is read.
"""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser


class KindParser(HTTPRequestParser):  # type: ignore[misc]  # it ships no types
    """Reads a request, escaping in its first line what is no ASCII."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        first, end, rest = header_plus.partition(b"\r\n")
        super().parse_header(escape(first) + end + rest)


class KindChannel(HTTPChannel):  # type: ignore[misc]  # nor does this
    """A connection whose requests are read so."""

    parser_class = KindParser


def escape(line: bytes) -> bytes:
    """Return a line in ASCII, each other byte escaped as addresses have it."""
    if line.isascii():
        return line
    return b"".join(bytes([byte]) if byte < 128 else b"%%%02X" % byte for byte in line)
