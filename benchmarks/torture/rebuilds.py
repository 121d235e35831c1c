"""Proof "rebuilds": ten rebuilds while visitors ask, and no answer is wrong, mixed or late.

    round   quiet | a busy loop, niced | rebuild, niced | quiet | a busy loop | rebuild
            clients ask all the time, thousands of times in each part

All titles of a version name it, and what each question must find is known by arithmetic: so an
answer that mixes two generations is told by its titles, its counts, or the number that it gives.
The machine has few cores, and a build takes one: what that alone costs, the busy loop tells. Parts
take turns, so that a slow minute of the machine hits all alike.
"""

import http.client
import itertools
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.torture.actors import start_build, write_version
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.served import Answer, Client, Server, percentile
from searchapp.build import build

QUERIES = 50_000
REBUILDS = 10  # niced, and as many that are not
CLIENTS = 4
THINKS = 0.008  # seconds between an answer and the next question
POSTS = 300
MOST = 1.5  # times
NICE = 15
SETTLES = 60.0  # seconds at most, until all clients are answered from what was built

QUIET, BUSY_NICED, NICED, BUSY, PLAIN = range(5)
PARTS = 5
TURNS = ((QUIET, BUSY_NICED, NICED), (QUIET, BUSY, PLAIN))  # by turns

_VERSION = re.compile(r"of version (\d+)")
_NAMED = re.compile(rb"of version (\d+)")

Count = Callable[[int, int], int]  # of a version and its posts: how many it must find


def _odd(version: int, posts: int) -> int:
    return posts // 2


def _even(version: int, posts: int) -> int:
    return posts - posts // 2


QUESTIONS: tuple[tuple[str, Count], ...] = (
    ("", lambda version, posts: posts),
    ("q=zebra ", lambda version, posts: posts),
    ("q=runs zeb", lambda version, posts: posts),
    ('q="over the plains"', lambda version, posts: posts),
    ("q=zebra&tag=even", _odd),
    ("tag=odd", _even),
    ("q=quagga7 ", lambda version, posts: 1),
    ("q=zebre ", lambda version, posts: posts),  # a slip
    ("q=zebra quagga7 &page=1", lambda version, posts: 1),
    ("year=2024&sort=title", lambda version, posts: posts),
    ("q=zebra&not.tag=even&limit=50", _even),
)


@dataclass
class Seen:
    """What one client saw: times by part, faults, and the version of each generation."""

    times: list[list[float]] = field(default_factory=lambda: [[] for _ in range(PARTS)])
    faults: list[str] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)


class Crowd:
    """Clients that ask all the time; `part` is what happens beside them."""

    def __init__(self, server: Server, posts: int) -> None:
        self.part = QUIET
        self._posts = posts
        self._place = server.place
        self._stop = threading.Event()
        self.seen = [Seen() for _ in range(CLIENTS)]
        self._threads = [
            threading.Thread(target=self._ask_on, args=(n, seen))
            for n, seen in enumerate(self.seen)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def asked(self) -> int:
        """How many questions were asked so far."""
        return sum(len(times) for seen in self.seen for times in seen.times)

    def forget_times(self) -> None:
        """Begin to count times anew."""
        for seen in self.seen:
            seen.times = [[] for _ in range(PARTS)]

    def ask(self, part: int, questions: int) -> None:
        """Let so many more be asked in that part."""
        self.part = part
        self.wait_for(questions)

    def wait_for(self, questions: int) -> None:
        """Wait until so many more were asked."""
        until = self.asked + questions
        while self.asked < until:
            time.sleep(0.005)

    def wait_until_moved(self, generation: int) -> None:
        """Wait until every client was answered from that generation, some seconds at most."""
        until = time.monotonic() + SETTLES
        while time.monotonic() < until:
            if all(generation in seen.versions for seen in self.seen):
                return
            time.sleep(0.005)

    def _ask_on(self, number: int, seen: Seen) -> None:
        client, last = Client(self._place), 0
        for turn in itertools.count(number):
            if self._stop.is_set():
                break
            part = self.part
            asked, count = QUESTIONS[turn % len(QUESTIONS)]
            try:
                if turn % 5 == 4:
                    answer = client.get(f"/?{_quoted(asked)}")
                    fault = check_page(answer)
                else:
                    answer = client.get(f"/api/search?{_quoted(asked)}&explain=1")
                    fault, generation = check_answer(answer, count, self._posts, seen.versions)
                    if generation < last:
                        fault = fault or f"generation {generation} after {last}"
                    last = generation
            except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                seen.faults.append(f"{asked}: {error!r}")
                continue
            if fault:
                seen.faults.append(f"{asked}: {fault}")
            seen.times[part].append(answer.seconds)
            time.sleep(THINKS)
        client.close()


def _quoted(asked: str) -> str:
    pairs = [pair.partition("=") for pair in asked.split("&") if pair]
    return "&".join(f"{name}={quote_plus(value)}" for name, _, value in pairs)


def check_answer(
    answer: Answer, count: Count, posts: int, versions: dict[int, int]
) -> tuple[str, int]:
    """Return what is wrong with an answer of the API, if anything, and its generation.

    `versions` has the version of each generation that was seen, and is added to.
    """
    if answer.status != 200:
        return f"answered {answer.status}", 0
    told = json.loads(answer.body)
    generation = int(told["generation"])
    named = {int(number) for hit in told["hits"] for number in _VERSION.findall(hit["title"])}
    if len(named) != 1:
        return f"titles of versions {sorted(named)}", generation
    (version,) = named
    if versions.setdefault(generation, version) != version:
        return (
            f"generation {generation} is version {versions[generation]} and {version}",
            generation,
        )
    right = count(version, posts + version)
    tags = {value["value"]: value["count"] for value in told["facets"]["tag"]}
    if told["total"] != right or told["places"] != right:
        return f"{told['total']} in {told['places']}, not {right}, in version {version}", generation
    if tags.get(f"v{version}") != right or tags.get("even", 0) + tags.get("odd", 0) != right:
        return f"tags {tags} of {right} in version {version}", generation
    if {tag for tag in tags if tag.startswith("v")} != {f"v{version}"}:
        return f"tags {tags} in version {version}", generation
    return "", generation


def check_page(answer: Answer) -> str:
    """Return what is wrong with a page, if anything: all its titles and tags are of one version."""
    if answer.status != 200:
        return f"answered {answer.status}"
    named = set(_NAMED.findall(answer.body))
    linked = set(re.findall(rb"tag=v(\d+)", answer.body))
    if len(named) != 1 or not linked <= named:
        return f"a page of versions {sorted(named)}, tags of {sorted(linked)}"
    return ""


def prove_rebuilds(
    scale: float,
    folder: Path,
    plant: str = "",
    posts: int = POSTS,
    turns: Sequence[Sequence[int]] = TURNS,
) -> Iterator[Finding]:
    """Rebuild a blog again and again beside clients that ask for it all the time."""
    rounds = len(turns) * trials(REBUILDS, scale)
    each = max(10, trials(QUERIES, scale) // (rounds * len(turns[0])))
    content, index = folder / "content", folder / "index"
    write_version(content, 0, posts)
    build(content, index)
    done = 0
    with Server(index, plant=plant) as server:
        with Crowd(server, posts) as crowd:
            crowd.wait_for(each)
            crowd.forget_times()  # until here it warmed up
            for number in range(rounds):
                for part in turns[number % len(turns)]:
                    done += _run_part(part, crowd, each, content, index, number + 1, posts)
        code, said = server.end()
    yield from _judge_answers(crowd, rounds, done)
    yield Finding("what the server said on stderr, having ended with 0", "nothing",
                  f"{code} {said[-300:]!r}" if code or said else "nothing",
                  not code and not said)  # fmt: skip
    yield from _judge_times(crowd)


def _run_part(
    part: int, crowd: Crowd, each: int, content: Path, index: Path, version: int, posts: int
) -> bool:
    """Let visitors ask while the part lasts; return whether a build of it was done well."""
    if part == QUIET:
        crowd.ask(part, each)
        return False
    if part in (BUSY, BUSY_NICED):
        with _busy(NICE if part == BUSY_NICED else 0):
            crowd.ask(part, each)
        return False
    write_version(content, version, posts)
    crowd.part = part
    until = crowd.asked + each
    done = start_build(content, index, plant=_be_nice if part == NICED else None).end() == 0
    crowd.wait_until_moved(version + 1)
    crowd.ask(part, max(0, until - crowd.asked))
    return done


def _be_nice() -> None:
    os.nice(NICE)


@contextmanager
def _busy(nice: int) -> Iterator[None]:
    """Keep one processor busy, as a build does."""
    pid = os.fork()
    if pid == 0:
        os.nice(nice)
        while True:
            sum(range(10_000))
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _judge_answers(crowd: Crowd, rounds: int, done: int) -> Iterator[Finding]:
    faults = [fault for seen in crowd.seen for fault in seen.faults]
    yield Finding(f"errors, wrong and mixed answers, of {crowd.asked:,}", "0",
                  f"{len(faults)} {'; '.join(faults[:3])}", not faults)  # fmt: skip
    yield Finding("rebuilds", str(rounds), str(done), done == rounds)
    versions: dict[int, set[int]] = {}
    for seen in crowd.seen:
        for generation, version in seen.versions.items():
            versions.setdefault(generation, set()).add(version)
    is_one = all(len(several) == 1 for several in versions.values())
    yield Finding("generations seen, each as one version by all clients", str(rounds + 1),
                  f"{len(versions)}{'' if is_one else ' as several'}",
                  is_one and len(versions) == rounds + 1)  # fmt: skip


def _judge_times(crowd: Crowd) -> Iterator[Finding]:
    """Compare the parts: what a rebuild adds, and what any other work would."""
    times = [[s for seen in crowd.seen for s in seen.times[part]] for part in range(PARTS)]
    p50, p99 = ([percentile(each, percent) for each in times] for percent in (50, 99))
    for part, name in ((NICED, "rebuilds, niced"), (PLAIN, "rebuilds"),
                       (BUSY_NICED, "a busy loop, niced"), (BUSY, "a busy loop")):  # fmt: skip
        is_build = part in (NICED, PLAIN)
        ratio = p99[part] / p99[QUIET]
        yield Finding(
            f"p99 beside {name}, against the quiet one",
            f"<= {MOST:g}x" if is_build else "(to compare)",
            f"{ratio:.2f}x ({p99[QUIET] * 1000:.1f} to {p99[part] * 1000:.1f} ms; "
            f"p50 {p50[QUIET] * 1000:.1f} to {p50[part] * 1000:.1f})",
            ratio <= MOST or not is_build,
        )  # fmt: skip


PROOF = Proof("rebuilds", prove_rebuilds)
