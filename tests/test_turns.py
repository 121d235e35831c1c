"""Whose turn it is: real connections to a worker whose answers the test holds back."""

import contextlib
import http.client
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_workers import Server
from waitress import wasyncore

from searchapp.settings import DEFAULT
from searchapp.web import working
from searchapp.web.appetites import LATELY, ROWS, Appetites
from searchapp.web.moving import Passage, Sharing
from searchapp.web.serving import bind
from searchapp.web.turns import LONGEST
from searchapp.web.working import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

THREADS = int(DEFAULT["threads"])
GREEDY, MODEST = "127.0.0.2", "127.0.0.3"
PATIENCE = 60  # seconds, for which nothing takes as long


class Stage:
    """An app; a path that begins with /hold is answered once the test says so."""

    def __init__(self, name: str = "") -> None:
        self.name = name.encode()
        self.begun: list[str] = []
        self._released: set[str] = set()
        self._change = threading.Condition()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        with self._change:
            self.begun.append(path)
            self._change.notify_all()
            if path.startswith("/hold"):
                self._change.wait_for(lambda: path in self._released, PATIENCE)
        start_response("200 OK", [("Content-Length", str(len(self.name)))])
        return [self.name]

    def release(self, *paths: str) -> None:
        with self._change:
            self._released.update(paths)
            self._change.notify_all()

    def wait(self, *paths: str) -> None:
        with self._change:
            assert self._change.wait_for(lambda: set(paths) <= set(self.begun), PATIENCE), paths


class House:
    """Workers that share appetites, by a clock that the test puts on."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.appetites = Appetites(clock=lambda: self.now)
        self.appetites._secret = bytes(16)  # so that no two addresses of a test share a row
        self.put_back = threading.Semaphore(0)
        self._running = contextlib.ExitStack()
        self._connections = contextlib.ExitStack()

    def open(self, app: Stage, passage: Passage | None = None, is_aside: bool = False) -> Worker:
        listening = bind("127.0.0.1", 0)
        sharing = Sharing(self.appetites, self.put_back.release, lambda: None, passage, is_aside)
        worker = Worker(app, listening, lambda status: None, sharing)
        thread = threading.Thread(target=worker.run, args=(lambda: True,))
        thread.start()
        if not is_aside:
            self.place = listening.getsockname()

        def end() -> None:
            worker._stop(0, None)
            thread.join()
            wasyncore.close_all(worker._sockets)
            listening.close()

        self._running.callback(end)
        return worker

    def connect(self, source: str) -> socket.socket:
        made = socket.create_connection(self.place, PATIENCE, (source, 0))
        return self._connections.enter_context(made)

    def ask(self, source: str, *paths: str, version: str = "1.1") -> socket.socket:
        """Send requests over one connection, all at once; return it without waiting."""
        connection = self.connect(source)
        rest = f"HTTP/{version}\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"
        heads = [f"GET {path} {rest}" for path in paths]
        connection.sendall("".join(heads).encode())
        return connection

    def be_greedy(self, source: str) -> None:
        """Let an address have taken more than it will ever pause for."""
        row = self.appetites.row_of(source)
        self.appetites.begin(row)
        self.appetites.end(row, 1e300)

    def be_about(self, source: str) -> None:
        """Let an address that asks for little have asked just now."""
        self.appetites.note_modest(self.appetites.row_of(source))

    def close(self) -> None:
        self._connections.close()
        self._running.close()


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    house.close()


def until(is_so: Callable[[], object]) -> None:
    """Wait until something has happened in another thread."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end


def read(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return head and body of an answer."""
    with closing(http.client.HTTPResponse(connection)) as answer:
        answer.begin()
        return str(answer.headers).encode(), answer.read()


def test_who_asks_for_little_goes_before_who_is_greedy(house: House) -> None:
    stage = Stage()
    house.open(stage)
    house.be_greedy(GREEDY)
    house.be_about(MODEST)
    house.ask(GREEDY, "/hold/first")
    stage.wait("/hold/first")
    house.ask(GREEDY, "/hold/second")
    assert house.put_back.acquire(timeout=PATIENCE) and house.put_back.acquire(timeout=PATIENCE)

    read(house.ask(MODEST, "/quick"))  # a thread is free for that, and another is not taken

    assert stage.begun == ["/hold/first", "/quick"]
    stage.release("/hold/first", "/hold/second")
    stage.wait("/hold/second")


def test_one_address_alone_is_answered_by_all_threads(house: House) -> None:
    stage = Stage()
    house.open(stage)
    house.be_greedy(GREEDY)
    paths = [f"/hold/{number}" for number in range(THREADS)]

    for path in paths:
        house.ask(GREEDY, path)
    stage.wait(*paths)

    assert not house.put_back.acquire(blocking=False)
    stage.release(*paths)


def test_who_was_modest_and_becomes_greedy_alone_is_answered_by_all_threads(house: House) -> None:
    stage = Stage()
    house.open(stage)
    read(house.ask(GREEDY, "/modest"))
    house.be_greedy(GREEDY)
    paths = [f"/hold/{number}" for number in range(THREADS)]

    for path in paths:
        house.ask(GREEDY, path)

    stage.wait(*paths)
    stage.release(*paths)


def test_who_is_greedy_does_not_wait_for_ever(house: House) -> None:
    stage = Stage()
    house.open(stage)
    house.be_greedy(GREEDY)
    held = [f"/hold/{number}" for number in range(THREADS)]
    for number, path in enumerate(held):
        house.ask(f"127.0.1.{number}", path)
    stage.wait(*held)
    house.ask(GREEDY, "/hold/greedy")
    assert house.put_back.acquire(timeout=PATIENCE)
    house.now += LONGEST + 1

    house.ask(MODEST, "/hold/modest")
    stage.release(held[0])
    stage.wait("/hold/greedy")

    stage.release(*held, "/hold/greedy", "/hold/modest")
    stage.wait("/hold/modest")


def test_requests_sent_at_once_on_one_connection_give_way_between(house: House) -> None:
    stage = Stage()
    worker = house.open(stage)
    held = [f"/hold/{number}" for number in range(THREADS - 1)]
    for number, path in enumerate(held):
        house.ask(f"127.0.1.{number}", path)
    house.ask("127.0.2.1", "/hold/one", "/hold/two")
    stage.wait(*held, "/hold/one")
    house.ask(MODEST, "/hold/modest")
    turns = worker._server.task_dispatcher
    until(lambda: turns._modest)

    stage.release("/hold/one")
    stage.wait("/hold/modest")

    assert "/hold/two" not in stage.begun
    stage.release(*held, "/hold/two", "/hold/modest")
    stage.wait("/hold/two")


def test_an_address_has_one_request_answered_at_once_while_others_wait(house: House) -> None:
    stage = Stage()
    worker = house.open(stage)
    held = [f"/hold/{number}" for number in range(THREADS)]
    for path in held:
        house.ask("127.0.2.1", path)  # alone, it takes all threads
    stage.wait(*held)
    turns = worker._server.task_dispatcher
    house.ask("127.0.2.1", "/hold/more")
    until(lambda: turns._modest)
    house.ask(MODEST, "/hold/other")
    until(lambda: len(turns._modest._rows) == 2)

    stage.release(held[0])
    stage.wait("/hold/other")

    assert "/hold/more" not in stage.begun
    stage.release(*held, "/hold/more", "/hold/other")
    stage.wait("/hold/more")


def test_many_requests_sent_at_once_make_an_address_greedy(house: House) -> None:
    stage = Stage()
    house.open(stage)
    connection = house.ask(GREEDY, *["/quick"] * 30)
    answered = b""
    while answered.count(b"200 OK") < 30:
        answered += connection.recv(65_536)

    assert house.appetites.is_greedy(house.appetites.row_of(GREEDY))


def test_whether_the_server_is_well_is_told_before_all_others(house: House) -> None:
    stage = Stage()
    worker = house.open(stage)
    held = [f"/hold/{number}" for number in range(THREADS)]
    for number, path in enumerate(held):
        house.ask(f"127.0.1.{number}", path)
    stage.wait(*held)
    turns = worker._server.task_dispatcher
    house.ask(MODEST, "/other")
    until(lambda: turns._modest)
    house.ask("127.0.2.1", "/healthz")
    until(lambda: turns._urgent)

    stage.release(held[0])
    stage.wait("/other")

    assert stage.begun.index("/healthz") < stage.begun.index("/other")
    stage.release(*held)


def test_whether_the_server_is_well_waited_behind_all_that_a_busy_proxy_asked(house: House) -> None:
    stage = Stage()
    worker = house.open(stage)
    held = [f"/hold/{number}" for number in range(THREADS)]
    for path in held:
        house.ask(GREEDY, path)
    stage.wait(*held)
    house.be_greedy(GREEDY)
    turns = worker._server.task_dispatcher
    house.ask(GREEDY, "/other")
    until(lambda: turns._greedy)
    house.ask(GREEDY, "/healthz")
    until(lambda: turns._urgent)

    stage.release(held[0])
    stage.wait("/other")

    assert stage.begun.index("/healthz") < stage.begun.index("/other")
    stage.release(*held)


def test_a_stop_with_requests_waiting_says_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(working, "GRACE", 0)
    stage = Stage()
    worker = house.open(stage)
    held = [f"/hold/{number}" for number in range(THREADS)]
    for number, path in enumerate(held):
        house.ask(f"127.0.1.{number}", path)
    stage.wait(*held)
    house.ask(MODEST, "/late")
    until(lambda: worker._server.task_dispatcher._modest)

    house.close()

    stage.release(*held)
    for thread in worker._server.task_dispatcher._threads:
        thread.join(PATIENCE)
    assert "/late" not in stage.begun
    assert caplog.records == []


# What an appetite is


def test_a_pause_makes_modest_and_waiting_does_not(house: House) -> None:
    appetites = house.appetites
    row = appetites.row_of(GREEDY)
    appetites.begin(row)
    appetites.end(row, 1.0)
    assert appetites.is_greedy(row)
    appetites.begin(row)
    house.now += 60  # it waits for us
    appetites.rest(row)
    assert appetites.is_greedy(row)

    appetites.end(row, 0.0)
    house.now += 60  # it pauses
    appetites.rest(row)
    assert not appetites.is_greedy(row)


def test_who_waits_in_another_process_does_not_pause(house: House) -> None:
    appetites = Appetites(processes=2, clock=lambda: house.now)
    row = appetites.row_of(GREEDY)
    appetites.begin(row)
    appetites.end(row, 1e300)
    appetites.begin(row)
    appetites.take_column(1)
    house.now += 60

    appetites.rest(row)

    assert appetites.is_greedy(row)
    appetites.take_column(0)  # that process died, and another took its place
    house.now += 600
    appetites.rest(row)
    assert not appetites.is_greedy(row)


def test_nobody_is_alone_while_another_asks_for_little(house: House) -> None:
    appetites = house.appetites
    greedy, modest = map(appetites.row_of, (GREEDY, MODEST))
    assert appetites.is_alone(greedy)
    appetites.note_modest(modest)
    appetites.note_modest(greedy)  # as it was, a moment ago

    assert not appetites.is_alone(greedy)
    house.now += LATELY + 1
    assert appetites.is_alone(greedy)


def test_addresses_take_no_more_memory_than_there_are_rows() -> None:
    appetites = Appetites()

    assert {appetites.row_of(f"10.{n >> 8}.{n & 255}.1") for n in range(9_000)} <= set(range(ROWS))


def test_a_home_of_ipv6_is_one_address_and_ipv4_is_one_however_written() -> None:
    appetites = Appetites()
    appetites._secret = bytes(16)  # with another, two may share a row by chance
    row_of = appetites.row_of

    assert row_of("2001:db8:1:2::1") == row_of("2001:db8:1:2:ffff::9")
    assert row_of("2001:db8:1:2::1") != row_of("2001:db8:1:3::1")
    assert row_of("fe80::1%eth0") == row_of("fe80::2")
    assert row_of("::ffff:10.0.0.1") == row_of("10.0.0.1") != row_of("::ffff:10.0.0.2")


# Moved aside


@pytest.fixture
def passage() -> Iterator[Passage]:
    passage = Passage()
    yield passage
    while left := passage.receive():
        left.close()
    passage.close()


def test_who_is_greedy_is_answered_aside_while_others_ask(house: House, passage: Passage) -> None:
    house.open(Stage("aside"), passage, is_aside=True)
    house.open(Stage("front"), passage)
    house.be_greedy(GREEDY)
    assert read(house.ask(GREEDY, "/alone"))[1] == b"front"

    house.be_about(MODEST)

    assert read(house.ask(GREEDY, "/"))[1] == b"aside"
    assert read(house.ask(MODEST, "/"))[1] == b"front"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_becomes_greedy_is_told_to_come_again(
    house: House, passage: Passage, version: str
) -> None:
    stage = Stage("front")
    house.open(Stage("aside"), passage, is_aside=True)
    house.open(stage, passage)
    connection = house.ask(GREEDY, "/one", "/hold/two", version=version)
    assert b"close" not in read(connection)[0]
    house.be_greedy(GREEDY)
    house.be_about(MODEST)

    stage.release("/hold/two")
    head, body = read(connection)

    assert (b"Connection: close" in head, body) == (True, b"front")
    assert connection.recv(1) == b""
    head, body = read(house.ask(GREEDY, "/one"))
    assert (b"Connection: close" in head, body) == (False, b"aside")


def test_who_cannot_be_moved_is_answered_where_it_came(house: House, passage: Passage) -> None:
    house.open(Stage("front"), passage)
    house.be_greedy(GREEDY)
    house.be_about(MODEST)
    while True:  # nobody takes them, so that once there is no room
        given = socket.socket()
        if not passage.give(given):
            given.close()
            break

    assert read(house.ask(GREEDY, "/"))[1] == b"front"


def test_what_was_given_away_is_answered_though_the_server_ends(
    house: House, passage: Passage
) -> None:
    house.open(Stage("front"), passage)
    house.be_greedy(GREEDY)
    house.be_about(MODEST)
    asked = house.ask(GREEDY, "/")
    until(lambda: has_come(passage))
    aside = Worker(
        Stage("aside"), bind("127.0.0.1", 0), lambda status: None,
        Sharing(house.appetites, passage=passage, is_aside=True),
    )  # fmt: skip
    aside.run(lambda: False)  # it is to end before it has begun

    assert read(asked)[1] == b"aside"
    wasyncore.close_all(aside._sockets)


def has_come(passage: Passage) -> bool:
    with suppress(BlockingIOError):
        return bool(passage._to.recv(1, socket.MSG_PEEK))
    return False


def test_the_server_starts_a_process_for_who_is_greedy_when_it_is_needed(
    content_index: Path,
) -> None:
    server = Server(content_index)
    try:
        before = server.workers()
        asked = count()
        while not moved(server) or len(server.workers()) < 3:
            flood(server.place, [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] * 200)
            server.ask("/about/")
            assert next(asked) < 500
        flood(server.place, [b"GET /about/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
        added = set(server.workers()) - set(before)
    finally:
        ended = server.end()

    assert (len(before), len(added), ended) == (2, 1, (0, ""))


def moved(server: Server) -> int:
    found = re.search(r"^searchapp_moved_total (\d+)$", server.ask("/metrics").text, re.M)
    assert found
    return int(found[1])


def flood(place: tuple[str, int], requests: Sequence[bytes]) -> None:
    """Send requests at once, and read what comes until the server closes or all are answered."""
    with (
        socket.create_connection(place, PATIENCE, (GREEDY, 0)) as connection,
        suppress(OSError),
    ):
        connection.sendall(b"".join(requests))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass
