"""One question over HTTP: a request, its status and headers; bodies are left where they are.

Every wait is bounded by one deadline: a name that does not resolve, a server that accepts and is
silent, or that sends a header byte by byte. Nothing here decides what an answer means.
"""

import asyncio
import ipaddress
import os
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

MOST_HEADER = 65_536  # bytes
ADDRESSES = 3  # of a host's, that are tried one after the other
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: |\r|\n|$)")


class NoAnswerError(Exception):
    """No answer, or none that can be read; `reached` is whether there was a connection at all."""

    def __init__(self, said: str, *, reached: bool = True) -> None:
        super().__init__(said)
        self.said, self.reached = said, reached


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers (names in small letters), and the beginning of the body if it was wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    is_public: bool = False  # whether the host stands on the open net


@dataclass(frozen=True, slots=True)
class Way:
    """How requests go out: under which name, how long one may take, what is trusted."""

    agent: str
    seconds: float = 10.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


async def request(
    method: str, url: str, way: Way, *, body: int = 0, private: bool = True
) -> Response:
    """Send one request, and read its head and at most `body` bytes more.

    With `private` False, a host within this machine or its own network is refused: no page of
    the open net may lead there. Raises NoAnswerError.
    """
    try:
        async with asyncio.timeout(way.seconds):
            return await _request(method, url, way, body, private)
    except TimeoutError:
        raise NoAnswerError(f"no answer within {way.seconds:g} seconds") from None
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message or "it does not hold"
        raise NoAnswerError(f"its certificate is refused: {reason}") from None
    except ssl.SSLError as error:
        reason = (error.reason or "unknown").replace("_", " ").lower()
        raise NoAnswerError(f"no secure connection: {reason}") from None
    except asyncio.LimitOverrunError:
        raise NoAnswerError("the head of its answer has no end") from None
    except asyncio.IncompleteReadError:
        raise NoAnswerError("it closes the connection without an answer") from None
    except ConnectionResetError:
        raise NoAnswerError("it breaks the connection off") from None
    except OSError as error:
        said = error.strerror or str(error) or type(error).__name__
        raise NoAnswerError(f"no connection: {said}", reached=False) from None


async def _request(method: str, url: str, way: Way, body: int, private: bool) -> Response:
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    host = parts.hostname or ""
    found = (await _resolve(host, port))[:ADDRESSES]
    if not private and any(not _is_public(address) for address in found):
        raise NoAnswerError("it leads from the open net into this one")
    reader, writer = await _connect(found, port, host, way.tls if is_secure else None)
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._|")
        query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._|[]')}" if parts.query else ""
        name = _in_ascii(parts.netloc.rpartition("@")[2])
        writer.write(
            f"{method} {path}{query} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: {way.agent}\r\n"
            "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode("ascii")
        )
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        read = await _read(reader, body) if body else b""
        return _parse(head, read, all(map(_is_public, found)))
    finally:
        writer.transport.abort()  # who sends a body without end is not listened to


async def _read(reader: asyncio.StreamReader, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := await reader.read(min(most, MOST_HEADER))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _parse(head: bytes, body: bytes, is_public: bool) -> Response:
    status = _STATUS.match(head)
    if not status:
        raise NoAnswerError("what it answers is no HTTP")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return Response(int(status[1]), headers, body, is_public)


def _in_ascii(name: str) -> str:
    """Return a host as it goes over the wire; of letters beyond ASCII by punycode."""
    if name.isascii():
        return name
    return ".".join(
        part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii")
        for part in name.lower().split(".")
    )


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


async def _connect(
    addresses: list[str], port: int, host: str, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that takes us."""
    error: OSError = OSError("no address")
    for address in addresses:
        try:
            return await asyncio.open_connection(
                address, port, ssl=tls, limit=MOST_HEADER,
                server_hostname=_in_ascii(host) if tls else None,
            )  # fmt: skip
        except (ssl.SSLError, ConnectionResetError):
            raise
        except OSError as refused:
            error = refused
    if error.errno is None:
        raise error
    raise OSError(error.errno, os.strerror(error.errno)) from None  # without asyncio's own words


async def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host.

    In a thread that nobody waits for: the system's own way cannot be interrupted, and may take
    half a minute.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: Exception | None) -> None:
        if not found.done():
            found.set_exception(error) if error else found.set_result(addresses)

    def look() -> None:
        addresses: list[str] = []
        failed: Exception | None = None
        try:
            known = socket.getaddrinfo(_in_ascii(host), port, type=socket.SOCK_STREAM)
            addresses = [str(entry[4][0]) for entry in known]
        except (OSError, UnicodeError):
            failed = OSError(f"nobody knows the name {host}")
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, addresses, failed)

    threading.Thread(target=look, daemon=True).start()
    return list(dict.fromkeys(await found))
