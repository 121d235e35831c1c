"""Counts requests and how long they took, for all processes that serve together.

    request --Watch--> a row of numbers, one for each process --write_metrics--> Prometheus text

The rows lie in memory that the processes share, as it was made before they parted. Each writes
to its own row, so nobody waits for another; a process that takes the place of one that died goes
on with its row. What is told is the sum. An app that another server runs has one row: then the
numbers are those of the process that was asked.
"""

import mmap
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask, request

from searchapp.web.journal import note_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds
MOST_ROUTES = 64
NO_ROUTE = "other"  # no address of ours: 404
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_KEY = "searchapp.route"
WARMING = "searchapp.warming"  # what a worker asks itself, before it is ready

REFUSED = (400, 408, 413, 414, 431, 500, 501)  # statuses of requests that never reach the app

_EACH = len(_CLASSES) + len(BUCKETS) + 2  # requests by class, by bucket, the longer ones, seconds
_TURNS = MOST_ROUTES * _EACH + len(REFUSED)  # where it stands who was put back, and who moved
_ROW = _TURNS + 2


class Meter:
    """The numbers; make it before processes part, and tell each which row is its own."""

    def __init__(self, processes: int = 1) -> None:
        self._memory = memoryview(mmap.mmap(-1, processes * _ROW * 8)).cast("d")
        self._processes = processes
        self._begin = 0
        self._counting = threading.Lock()
        self._routes: list[str] = []

    def take_row(self, process: int) -> None:
        """Count in that row from now on."""
        self._begin = process * _ROW
        self._counting = threading.Lock()

    def name_routes(self, routes: Iterable[str]) -> None:
        """State which routes there are, the same in each process; one of no place is `other`."""
        self._routes = [NO_ROUTE, *sorted(set(routes))][:MOST_ROUTES]

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        number = self._routes.index(route) if route in self._routes else 0
        at = self._begin + number * _EACH
        memory = self._memory
        with self._counting:
            memory[at + min(max(status // 100, 1), 5) - 1] += 1
            memory[at + len(_CLASSES) + bisect_left(BUCKETS, seconds)] += 1
            memory[at + _EACH - 1] += seconds

    def count_refusal(self, status: int) -> None:
        """Count one request that the server refused before the app saw it."""
        place = REFUSED.index(status if status in REFUSED else 500)
        with self._counting:
            self._memory[self._begin + MOST_ROUTES * _EACH + place] += 1

    def count_put_back(self) -> None:
        """Count one request that waited for those of others, as its address asks for so much."""
        with self._counting:
            self._memory[self._begin + _TURNS] += 1

    def count_moved(self) -> None:
        """Count one connection that was given to the worker aside."""
        with self._counting:
            self._memory[self._begin + _TURNS + 1] += 1

    def turns(self) -> tuple[float, float]:
        """Return how many requests were put back and connections moved, all processes together."""
        begins = [p * _ROW + _TURNS for p in range(self._processes)]
        return sum(self._memory[at] for at in begins), sum(self._memory[at + 1] for at in begins)

    def refusals(self) -> Iterator[tuple[int, float]]:
        """Yield how many were refused with each status, all processes together."""
        for place, status in enumerate(REFUSED, MOST_ROUTES * _EACH):
            yield status, sum(self._memory[p * _ROW + place] for p in range(self._processes))

    def sums(self) -> Iterator[tuple[str, list[float]]]:
        """Yield the numbers of each route that was asked for, all processes together."""
        for number, route in enumerate(self._routes):
            begins = [p * _ROW + number * _EACH for p in range(self._processes)]
            each = [self._memory[at : at + _EACH] for at in begins]
            summed = [sum(numbers) for numbers in zip(*each, strict=True)]
            if any(summed):
                yield route, summed


class Watch:
    """Measures what the app answers; it stands around it, so that all of it is counted."""

    def __init__(self, app: Flask, meter: Meter) -> None:
        self._answer: WSGIApplication = app.wsgi_app
        self._meter = meter
        meter.name_routes(rule.rule for rule in app.url_map.iter_rules())
        app.before_request(_note_route)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if WARMING in environ:
            return self._answer(environ, start_response)
        begun = time.perf_counter()
        statuses: list[str] = []

        def start(status: str, *rest: object) -> object:
            statuses.append(status)
            return start_response(status, *rest)  # type: ignore[arg-type]

        try:
            return self._answer(environ, start)  # type: ignore[arg-type]
        finally:
            status = int(statuses[-1][:3]) if statuses else 500
            seconds = time.perf_counter() - begun
            route = environ.get(_KEY, NO_ROUTE)
            self._meter.count(route, status, seconds)
            path = environ.get("PATH_INFO", "")
            note_request(environ["REQUEST_METHOD"], route, path, status, seconds)


def _note_route() -> None:
    if request.url_rule is not None:
        request.environ[_KEY] = request.url_rule.rule


def write_metrics(meter: Meter) -> Iterator[str]:
    """Yield the lines of what was counted, as Prometheus reads them."""
    sums = list(meter.sums())
    yield from _head("searchapp_requests_total", "counter", "Requests answered by the app.")
    for route, numbers in sums:
        for status, number in zip(_CLASSES, numbers, strict=False):
            if number:
                labels = f'route="{_escape(route)}",status="{status}"'
                yield f"searchapp_requests_total{{{labels}}} {number:.0f}"
    name = "searchapp_refusals_total"
    yield from _head(name, "counter", "Requests refused before the app saw them.")
    for refused, number in meter.refusals():
        yield f'{name}{{status="{refused}"}} {number:.0f}'
    put_back, moved = meter.turns()
    name = "searchapp_put_back_total"
    yield from _head(name, "counter", "Requests that waited for others, by greedy addresses.")
    yield f"{name} {put_back:.0f}"
    name = "searchapp_moved_total"
    yield from _head(name, "counter", "Connections of greedy addresses that were moved aside.")
    yield f"{name} {moved:.0f}"
    name = "searchapp_request_seconds"
    yield from _head(name, "histogram", "Time from the whole request to the answer's head.")
    for route, numbers in sums:
        yield from _write_histogram(name, f'route="{_escape(route)}"', numbers[len(_CLASSES) :])


def write_gauge(name: str, meaning: str, value: float | None) -> Iterator[str]:
    """Yield the lines of one number that goes up and down; nothing where there is none."""
    if value is not None:
        yield from _head(name, "gauge", meaning)
        yield f"{name} {value:g}" if value != int(value) else f"{name} {int(value)}"


def _write_histogram(name: str, labels: str, numbers: list[float]) -> Iterator[str]:
    *buckets, seconds = numbers
    total = 0.0
    for bound, number in zip((*BUCKETS, "+Inf"), buckets, strict=True):
        total += number
        yield f'{name}_bucket{{{labels},le="{bound}"}} {total:.0f}'
    yield f"{name}_sum{{{labels}}} {seconds:.6f}"
    yield f"{name}_count{{{labels}}} {total:.0f}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
