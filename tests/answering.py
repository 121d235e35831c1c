"""A server on loopback that answers in every way that servers do, and notes how it is asked."""

import contextlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

Handler = Callable[["Asked"], bytes]


@dataclass
class Asked:
    """A request: its method, its path, which one of its path it is, its headers, its socket."""

    method: str
    path: str
    number: int
    headers: dict[str, str]
    connection: socket.socket


@dataclass
class Server:
    """Answers at two addresses of loopback, which are two hosts; `handlers` by path."""

    handlers: dict[str, Handler]
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    most_at_once: int = 0
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    _now: int = 0
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def be_silent(self, asked: Asked) -> bytes:
        """Answer nothing as long as the server runs."""
        self.ended.wait(60)
        return b""

    def handle(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65_536)
                if not part:
                    return
                head += part
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            path = urlsplit(target).path
            with self._lock:
                self.asked.append((method, path))
                self.agents.add(headers["user-agent"])
                self._counts[path] += 1
                number = self._counts[path]
                self._now += 1
                self.most_at_once = max(self.most_at_once, self._now)
            try:
                handler = self.handlers.get(path, lambda _: reply("404 Not Found"))
                answer = handler(Asked(method, path, number, headers, connection))
            finally:  # before it is sent, as who has the answer may ask again at once
                with self._lock:
                    self._now -= 1
            connection.sendall(answer)


def reply(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers))
    return f"{lines}\r\n".encode("latin-1") + body


def moved(to: str, status: str = "301 Moved Permanently") -> Handler:
    return lambda asked: reply(status, f"Location: {to}")


def reset(asked: Asked) -> bytes:
    """Break the connection off, as a machine that crashes does."""
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.connection.close()
    return b""


def huge(asked: Asked) -> bytes:
    """Send a body until nobody listens any more."""
    asked.connection.sendall(reply("200 OK", "Content-Type: text/html"))
    while True:
        asked.connection.sendall(b"x" * 65_536)


@contextlib.contextmanager
def nobody_listening() -> Iterator[int]:
    """Hold a port at which every connection is refused, since nobody else may have it meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def apart(call: Callable[[], T]) -> T:
    """Run `call` in a thread of its own: a browser of other tests keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


@contextlib.contextmanager
def answering(handlers: dict[str, Handler], hosts: int = 2) -> Iterator[Server]:
    """Run a server with these answers; `/robots.txt` allows all unless it is among them."""
    server = Server(handlers)
    listening: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def listen(at: socket.socket) -> None:
        while True:
            try:
                connection, _ = at.accept()
            except OSError:  # it was closed
                return
            thread = threading.Thread(target=server.handle, args=[connection], daemon=True)
            threads.append(thread)
            thread.start()

    try:
        for number in range(1, hosts + 1):
            at = socket.create_server((f"127.0.0.{number}", server.port))
            server.port = at.getsockname()[1]
            listening.append(at)
            threads.append(threading.Thread(target=listen, args=[at], daemon=True))
            threads[-1].start()
        yield server
    finally:
        server.ended.set()
        for at in listening:
            with contextlib.suppress(OSError):
                at.shutdown(socket.SHUT_RDWR)
            at.close()
        for thread in threads:
            thread.join(timeout=60)
