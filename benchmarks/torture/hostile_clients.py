"""Proof "hostile clients": fifty of them, and an honest visitor is answered as if alone, nearly.

    round   quiet: the honest client asks    hostile: it asks beside fifty others, each from an
            address of its own               address of its own, in one of nine ways

Rounds take turns, so that a slow minute of the machine hits both alike. The hostile ones are in a
process of their own; what they take of the machine themselves, they take from the honest one too.
Two crowds come: one that holds and garbles connections, which no proxy need keep away, and one of
all ways, which asks for more than the machine can answer as well.
"""

import http.client
import itertools
import os
import random
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.torture.fuzzing import build_posts
from benchmarks.torture.grammar import Asker, learn
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.served import Client, Server, percentile
from searchapp import open_index

CLIENTS = 50
ROUNDS = 6
ASKED = 250  # by the honest client in each half of a round
THINKS = 0.02  # seconds between its questions
MOST = 2.0  # times
TRIED = 150  # questions, of which the heaviest are sent
HEAVIEST = 12
DRIP = 0.5  # seconds between the bytes of a slow client
OFTEN = 0.1  # seconds between the attempts of a quick one
HOARDED = 15  # connections of one hoarder
HONEST = "127.0.0.1"
PILE = b"GET /?q=pile HTTP/1.1\r\nHost: x\r\n\r\n" * 20 + b"\x00\xff garbage\r\n\r\n" + b"GET" * 999

Place = tuple[str, int]


def _connect(place: Place, source: str) -> socket.socket:
    return socket.create_connection(place, 30, (source, 0))


def _read_all(connection: socket.socket) -> None:
    with suppress(OSError):
        while connection.recv(65_536):
            pass


def drip_headers(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send headers byte by byte, without end."""
    with _connect(place, source) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        while True:
            time.sleep(DRIP)
            connection.sendall(b"a")


def drip_body(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send a body byte by byte."""
    with _connect(place, source) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n\r\n")
        while True:
            time.sleep(DRIP)
            connection.sendall(b"a")


def stay_half_open(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Connect, send half a line, and stay so until the server has had enough."""
    with _connect(place, source) as connection:
        connection.sendall(b"GET /?q=a")
        connection.shutdown(socket.SHUT_WR)
        _read_all(connection)
    time.sleep(OFTEN)


def pile_up(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send twenty requests and garbage at once."""
    with _connect(place, source) as connection:
        connection.sendall(PILE)
        _read_all(connection)
    time.sleep(OFTEN)


def send_huge_headers(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send 64 kB of headers."""
    with _connect(place, source) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"X-A: " + b"b" * 65_000 + b"\r\n\r\n")
        _read_all(connection)
    time.sleep(OFTEN)


def send_cookies(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send as many cookies as are read."""
    cookies = "; ".join(f"c{n}={n}" for n in range(1_200)).encode()
    with _connect(place, source) as connection:
        connection.sendall(b"GET /about/ HTTP/1.1\r\nHost: x\r\nCookie: " + cookies
                           + b"\r\nConnection: close\r\n\r\n")  # fmt: skip
        _read_all(connection)
    time.sleep(OFTEN)


def ask_the_heaviest(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Send the heaviest questions, one after the other without a pause."""
    client, chance = Client(place, source), random.Random(source)
    with suppress(OSError, http.client.HTTPException):
        for path in itertools.cycle(chance.sample(heavy, len(heavy))):
            client.get(path)
    client.close()


def reset(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Ask, and cut the connection off before the answer."""
    with _connect(place, source) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET /?q=reset HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(OFTEN)


def hoard(place: Place, source: str, heavy: Sequence[str]) -> None:
    """Hold many connections open, and ask on each now and then."""
    clients = [Client(place, source) for _ in range(HOARDED)]
    while True:
        for client in clients:
            client.get("/healthz")
            time.sleep(OFTEN)


WAYS: Mapping[str, Callable[[Place, str, Sequence[str]], None]] = {
    "slow headers": drip_headers, "slow bodies": drip_body, "half open": stay_half_open,
    "garbage in a pipeline": pile_up, "huge headers": send_huge_headers, "cookies": send_cookies,
    "the heaviest questions": ask_the_heaviest, "resets": reset, "hoarders": hoard,
}  # fmt: skip


FLOODS = ("garbage in a pipeline", "the heaviest questions")
CROWDS: Mapping[str, Sequence[str]] = {
    "that hold and garble": [way for way in WAYS if way not in FLOODS],
    "of all ways": list(WAYS),
}


def prove_hostile_clients(
    scale: float, folder: Path, index: Path | None = None, options: Sequence[str] = (),
    plant: str = "",
) -> Iterator[Finding]:  # fmt: skip
    """Compare what the honest client meets alone and beside each crowd."""
    index = index or build_posts(folder)
    rounds, asked = trials(ROUNDS, scale), trials(ASKED, min(1.0, scale * ROUNDS), least=10)
    paths = _draw_paths(index)
    quiet: list[float] = []
    beside: dict[str, list[float]] = {crowd: [] for crowd in CROWDS}
    faults: list[str] = []
    with Server(index, *options, plant=plant) as server:
        heavy = _find_heaviest(server, paths[: trials(TRIED, scale, least=HEAVIEST)])
        client = Client(server.place, HONEST)
        _ask(client, paths, asked, faults)  # warm
        for _ in range(rounds):
            quiet += _ask(client, paths, asked, faults)
            for crowd, ways in CROWDS.items():
                with _siege(server.place, heavy, ways):
                    beside[crowd] += _ask(client, paths, asked, faults)
        client.close()
        code, said = server.end()
    number = len(quiet) + sum(map(len, beside.values()))
    yield Finding(f"faults that the honest client met in {number:,} requests", "0",
                  f"{len(faults)} {'; '.join(faults[:3])}", not faults)  # fmt: skip
    for crowd, times in beside.items():
        yield _compare(crowd, quiet, times)
    yield Finding("the server ended with 0, and said nothing", "yes",
                  f"no: {code} {said[-300:]!r}" if code or said else "yes",
                  not code and not said)  # fmt: skip


def _compare(crowd: str, quiet: Sequence[float], beside: Sequence[float]) -> Finding:
    p50, p95 = ([percentile(times, p) * 1000 for times in (quiet, beside)] for p in (50, 95))
    ratio = p95[1] / max(p95[0], 1e-6)
    return Finding(f"its p95 beside {CLIENTS} hostile clients {crowd}, against a quiet one",
                   f"< {MOST:g}x", f"{ratio:.2f}x ({p95[0]:.1f} to {p95[1]:.1f} ms; p50 "
                   f"{p50[0]:.1f} to {p50[1]:.1f})", ratio < MOST)  # fmt: skip


def _draw_paths(index: Path) -> list[str]:
    """Return what is asked: searches as visitors send them, of one to three words."""
    asker = Asker(learn(open_index(index)), seed=50)
    words = [[asker.word() for _ in range(1 + n % 3)] for n in range(500)]
    return [f"/?{urlencode({'q': ' '.join(some)})}" for some in words]


def _find_heaviest(server: Server, paths: Sequence[str]) -> list[str]:
    """Return the questions that took longest, of many."""
    client = Client(server.place)
    longer = [f"/api/search{path[1:]}&limit=100&explain=1" for path in paths]
    took = {path: client.get(path).seconds for path in longer}
    client.close()
    return sorted(longer, key=took.__getitem__)[-HEAVIEST:]


def _ask(client: Client, paths: Sequence[str], times: int, faults: list[str]) -> list[float]:
    """Ask as the honest client does; return what each answer took."""
    taken = []
    for number in range(times):
        if number % 10 == 0:
            client.close()
        try:
            answer = client.get(paths[number % len(paths)])
        except (OSError, http.client.HTTPException) as error:
            faults.append(repr(error))
            continue
        if answer.status != 200:
            faults.append(f"answered {answer.status}")
        taken.append(answer.seconds)
        time.sleep(THINKS)
    return taken


@contextmanager
def _siege(place: Place, heavy: Sequence[str], ways: Sequence[str]) -> Iterator[None]:
    """Run the hostile clients while the honest one asks."""
    pid = os.fork()
    if pid == 0:
        for number, way in zip(range(CLIENTS), itertools.cycle(ways), strict=False):
            source = f"127.0.0.{number + 2}"
            threading.Thread(target=_go_on, args=(WAYS[way], place, source, heavy)).start()
        while True:
            time.sleep(60)
    try:
        time.sleep(DRIP)
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _go_on(way: Callable[[Place, str, Sequence[str]], None], place: Place, source: str,
           heavy: Sequence[str]) -> None:  # fmt: skip
    while True:
        with suppress(OSError, http.client.HTTPException):
            way(place, source, heavy)
        time.sleep(0.01)


PROOF = Proof("hostile clients", prove_hostile_clients)
