"""Pages over HTTP: what `searchapp serve` takes for a request, its own processor time.

searchapp serve (a process of its own) <--one connection kept alive, loopback--> this process

The processor time of another process is read from its clock, which Linux has for each; what a
request takes is what the server has spent between it and the next, all threads together.
"""

import gzip
import http.client
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.corpus import Corpus
from benchmarks.figures import Figure
from benchmarks.measuring import WARMING, Clock, percentile_of_rounds
from benchmarks.peers import Question, Took
from benchmarks.questions import (
    ask_common_word,
    ask_three_words,
    choose_in_three_facets,
    type_word_and_prefix,
)

_GZIP = b"\x1f\x8b"
_ROOT = Path(__file__).parent.parent
_PAGE = {"Accept-Encoding": "gzip"}  # as every browser has it
_PARTIAL = _PAGE | {"HX-Request": "true"}


@dataclass(frozen=True)
class Kind:
    """A kind of request: the questions, which come by turns, the headers, and the figure."""

    name: str
    questions: Sequence[Callable[[Corpus, random.Random], Iterator[Question]]]
    headers: Mapping[str, str]
    figure: Figure


KINDS = (
    Kind(
        "a full page, questions of four kinds by turns",
        (type_word_and_prefix, ask_three_words, ask_common_word, choose_in_three_facets),
        _PAGE,
        Figure("a full page over HTTP, p95", 10_000, "<= 10 ms", 10.0),
    ),
    Kind(
        "the partial, as you type",
        (type_word_and_prefix,),
        _PARTIAL,
        Figure("the partial over HTTP, as you type, p95", 10_000, "<= 6 ms", 6.0),
    ),
)


@dataclass(frozen=True)
class Served:
    """What the answers to one kind of request took, by round, and their bytes in the mean.

    These are counted as the browser unpacks them.
    """

    kind: Kind
    rounds: tuple[tuple[Took, ...], ...]
    bytes: int

    def percentile(self, percent: int, clock: Clock) -> float:
        """Return the median of the rounds' percentiles, in milliseconds."""
        rounds = [[getattr(took, clock) for took in taken] for taken in self.rounds]
        return percentile_of_rounds(rounds, percent)


def measure_serving(
    folder: Path, corpus: Corpus, chance: random.Random, rounds: int, each: int
) -> Iterator[Served]:
    """Start the server on the index in `folder`, and yield what each kind of request takes."""
    if not hasattr(time, "clock_gettime") or not sys.platform.startswith("linux"):
        return  # no other system tells the processor time of another process so finely
    with _serve(folder) as (process, connection):
        for kind in KINDS:
            turns = [questions(corpus, chance) for questions in kind.questions]
            questions = chain.from_iterable(zip(*turns, strict=False))
            client = _Client(process, connection, kind.headers)
            for question in islice(questions, WARMING):
                client.get(question)
            taken = [client.time(list(islice(questions, each))) for _ in range(rounds)]
            if all(taken):
                yield Served(kind, tuple(taken), client.mean_bytes)


class _Client:
    """Asks over one connection, and reads the server's clock."""

    def __init__(
        self,
        process: "subprocess.Popen[str]",
        connection: http.client.HTTPConnection,
        headers: Mapping[str, str],
    ) -> None:
        self._clock = ~process.pid << 3 | 2  # as Linux names the processor clock of a process
        self._connection = connection
        self._headers = dict(headers)
        self._bytes: list[int] = []

    @property
    def mean_bytes(self) -> int:
        return sum(self._bytes) // len(self._bytes)

    def get(self, question: Question) -> None:
        """Ask for the page that answers `question`; anything but a page ends the run."""
        self._check(question, *self._fetch(question))

    def _fetch(self, question: Question) -> tuple[int, bytes]:
        args = [("q", question.typed)]
        args += [(name, value) for name, values in question.filters for value in values]
        self._connection.request("GET", f"/?{urlencode(args)}", headers=self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def _check(self, question: Question, status: int, sent: bytes) -> None:
        body = gzip.decompress(sent) if sent.startswith(_GZIP) else sent
        if status != 200 or b'id="results"' not in body:
            sys.exit(f"“{question.typed}”: the server answered {status}")
        self._bytes.append(len(body))

    def time(self, questions: Sequence[Question]) -> tuple[Took, ...]:
        """Return what each answer took."""
        taken = []
        before = time.clock_gettime(self._clock)
        for question in questions:
            begun = time.perf_counter()
            answer = self._fetch(question)
            wall = time.perf_counter() - begun
            self._check(question, *answer)
            after = time.clock_gettime(self._clock)
            taken.append(Took((after - before) * 1000, wall * 1000))
            before = after
        return tuple(taken)


@contextmanager
def _serve(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", http.client.HTTPConnection]]:
    """Run `searchapp serve` on the index in `folder`, and connect to it."""
    command = [sys.executable, "-W", "ignore", "-m", "searchapp", "serve", "--port", "0"]
    command += ["--workers", "1"]  # whose clock is then that of the process
    process = subprocess.Popen(
        [*command, "--index", folder, "--content", folder / "no-content"],
        stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout
    try:
        address = re.search(r"http://([^/:]+):(\d+)/", process.stdout.readline())
        if not address:
            sys.exit("the server did not start, as said above")
        connection = http.client.HTTPConnection(address[1], int(address[2]), timeout=60)
        yield process, connection
        connection.close()
    finally:
        process.terminate()
        process.wait()
