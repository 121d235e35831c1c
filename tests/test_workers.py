"""The server as it runs: two workers on one socket, slow clients, limits, and how it ends."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from searchapp.web import create_app
from searchapp.web.metering import Meter
from searchapp.web.serving import bind
from searchapp.web.working import Worker

ROOT = Path(__file__).parent.parent


class Answer(NamedTuple):
    status: int
    headers: Message
    text: str


class Server:
    """`searchapp serve` on a free port."""

    def __init__(self, index: Path, *options: str) -> None:
        command = [sys.executable, "-m", "searchapp", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            [*command, "--index", str(index), "--content", str(index / "none")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout
        found = re.search(r"http://([\d.]+):(\d+)/", self.process.stdout.readline())
        assert found, self.process.communicate()
        self.place = found[1], int(found[2])

    def ask(self, path: str, method: str = "GET") -> "Answer":
        with closing(http.client.HTTPConnection(*self.place, timeout=60)) as connection:
            connection.request(method, path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())

    def send(self, *lines: bytes) -> bytes:
        """Send bytes as they are; return all that comes back until the server closes."""
        with socket.create_connection(self.place, timeout=60) as connection:
            connection.sendall(b"\r\n".join(lines))
            with connection.makefile("rb") as answer:
                return answer.read()

    def workers(self) -> list[int]:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]

    def end(self, signum: int = signal.SIGTERM) -> tuple[int, str]:
        """Stop the server; return its exit code and what it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signum)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def server(content_index: Path) -> Iterator[Server]:
    server = Server(content_index)
    yield server
    server.end()


def is_alive(process: int) -> bool:
    """Whether a process is, and has not ended; init may be slow to bury an orphan."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # it ended just now, even between being found and being read
        return False
    return state.rpartition(")")[2].split()[0] not in "ZX"


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_server_ends_cleanly(content_index: Path, workers: str, signum: int) -> None:
    server = Server(content_index, "--workers", workers)
    assert server.ask("/").status == 200

    assert server.end(signum) == (0, "")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.place, timeout=60)


@needs_proc
def test_two_workers_answer_and_a_dead_one_is_replaced(server: Server) -> None:
    first, second = server.workers()
    os.kill(first, signal.SIGKILL)
    while first in server.workers() or len(server.workers()) < 2:
        assert server.ask("/healthz").status == 200

    assert second in server.workers()
    code, said = server.end()
    assert code == 0
    assert "another takes its place" in said


@needs_proc
def test_no_worker_outlives_its_supervisor(content_index: Path) -> None:
    server = Server(content_index)
    workers = server.workers()
    server.end(signal.SIGKILL)

    for worker in workers:  # it looks once in a second
        while is_alive(worker):
            pass


def test_a_request_that_has_arrived_is_answered_though_the_server_ends(server: Server) -> None:
    asked = [http.client.HTTPConnection(*server.place, timeout=60) for _ in range(12)]
    for connection in asked:
        connection.request("GET", "/api/search?q=model&limit=100&explain=1")
    server.process.send_signal(signal.SIGTERM)

    for connection in asked:
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read().endswith(b"}\n")
        connection.close()
    assert server.end() == (0, "")


def test_a_hundred_slow_clients_leave_others_unaffected(server: Server) -> None:
    slow = [socket.create_connection(server.place, timeout=60) for _ in range(100)]
    for connection in slow:
        connection.sendall(b"GET /?q=model HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    try:
        for _ in range(20):
            assert server.ask("/?q=model").status == 200
            for connection in slow[::10]:
                with suppress(OSError):  # the server has had enough of it
                    connection.sendall(b"a")
    finally:
        for connection in slow:
            connection.close()


def test_requests_of_both_workers_are_counted_together(server: Server) -> None:
    threads = [
        threading.Thread(target=lambda: [server.ask("/about/") for _ in range(5)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = server.ask("/metrics").text
    assert 'searchapp_requests_total{route="/about/",status="2xx"} 20' in told


REFUSED = {
    "no HTTP at all": (b"hello\r\n\r\n", 400),
    "headers without end": (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 4_000, 431),
    "an address without end": (b"GET /?q=" + b"a" * 20_000, 414),
    "an address that is too long": (b"GET /?q=" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
    "a large body": (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
    "a large body in chunks": (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1000\r\n" + b"a" * 4096 + b"\r\n"
        + b"4000\r\n" + b"a" * 16384 + b"\r\n0\r\n\r\n", 413,
    ),
    "a body in a way that nobody knows": (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def lasting(content_index: Path) -> Iterator[Server]:
    server = Server(content_index)
    yield server
    server.end()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_the_app_is_told_politely(lasting: Server, name: str) -> None:
    sent, status = REFUSED[name]

    head, _, body = lasting.send(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.") and int(head.split()[1]) == status
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"X-Content-Type-Options: nosniff" in head or b"nosniff" in head
    assert b"Cache-Control: no-store" in head
    assert b"<h1>" in body and b"waitress" not in head + body


def test_a_program_is_told_of_a_body_too_large_as_a_problem(lasting: Server) -> None:
    answer = lasting.send(b"POST /api/search HTTP/1.1", b"Content-Length: 99999999", b"", b"")

    assert b"application/problem+json" in answer
    assert b'"status": 413' in answer


def test_an_address_of_the_longest_query_and_all_filters_is_read(lasting: Server) -> None:
    filters = "".join(f"&source={'%C3%B6' * 40}{i}&not.tag={'b' * 50}{i}" for i in range(16))

    assert lasting.ask(f"/?q={'a%20' * 100}{filters}"[:8_000]).status == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/static/style.css", "/nonsense", "/%ff%00", "/api/x"])
def test_every_answer_carries_all_headers(lasting: Server, path: str, method: str) -> None:
    answer = lasting.ask(path, method)

    assert answer.status < 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


def test_debugging_is_for_loopback_only(content_index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "serve", "--debug", "--host", "0.0.0.0",
         "--index", str(content_index), "--content", str(content_index / "none")],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "--debug serves this machine only" in done.stderr


def test_what_is_refused_before_the_app_is_counted_by_its_status(content_index: Path) -> None:
    server = Server(content_index)
    try:
        for sent, _ in REFUSED.values():
            server.send(sent)
        told = server.ask("/metrics").text
    finally:
        server.end()

    for status, times in {400: 1, 413: 2, 414: 2, 431: 1, 501: 1}.items():
        assert f'searchapp_refusals_total{{status="{status}"}} {times}\n' in told
    assert 'searchapp_refusals_total{status="408"} 0\n' in told


def test_a_request_that_does_not_arrive_in_time_is_counted_as_408(content_index: Path) -> None:
    listening = bind("127.0.0.1", 0)
    meter = Meter()
    worker = Worker(create_app(content_index, meter=meter), listening, meter.count_refusal)
    channels = worker._server.active_channels
    with socket.create_connection(listening.getsockname()) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        while not any(channel.request for channel in channels.values()):  # it begins to arrive
            worker._turn(1.0)
        worker._server.adj.channel_timeout = -1  # whatever has not arrived is late
        worker.run(lambda: dict(meter.refusals())[408] == 0)

        assert slow.recv(1) == b""
    worker._server.trigger.close()


def test_a_request_that_had_arrived_was_cut_off_where_the_process_had_long_got_no_time(
    content_index: Path,
) -> None:
    listening = bind("127.0.0.1", 0)
    worker = Worker(create_app(content_index), listening, lambda status: None)
    with socket.create_connection(listening.getsockname(), timeout=60) as asking:
        worker._server.handle_accept()
        (channel,) = worker._server.active_channels.values()
        channel.last_activity -= 60  # as if the system had let others go first
        asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        worker.run(lambda: False)  # it is to end

        assert asking.recv(15) == b"HTTP/1.1 200 OK"
    worker._server.trigger.close()


@pytest.mark.parametrize("name", [b"xn--", b"xn--a", b"a." * 128, b"x" * 64, b"a..b"])
def test_a_name_that_no_host_can_have_is_refused_as_any_other(lasting: Server, name: bytes) -> None:
    answer = lasting.send(b"GET / HTTP/1.1", b"Host: " + name, b"Connection: close", b"", b"")

    assert answer.startswith(b"HTTP/1.1 400 Bad Request")


def test_a_request_that_expects_to_continue_without_a_body_is_answered(lasting: Server) -> None:
    asked = (b"GET /healthz HTTP/1.1", b"Host: x", b"Connection: close", b"Expect: 100-continue")

    for length in ([], [b"Content-Length: 0"]):
        assert lasting.send(*asked, *length, b"", b"").startswith(b"HTTP/1.1 200 OK")
    refused = lasting.send(*asked, b"Content-Length: 99999999", b"", b"")
    assert refused.startswith(b"HTTP/1.1 413")
