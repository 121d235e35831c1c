"""Proof "fuzzing": a million questions in process and a hundred thousand requests, none fails.

    content/, made posts --build--> an index each --child--> Asker --> index.answer: faults, times,
                                                  --child--> Wanderer --> server:    slowest, memory

Each index has a child process of its own, so that two cores are used. Times are processor time: of
the child, and of the server's workers by their clocks. A question over which more than half a
minute of it is spent is given up, and is a fault.
"""

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.posts import make_corpus, read_material
from benchmarks.torture.grammar import Asker, Pair, learn
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.served import Client, Server, memory_of, processor_time
from benchmarks.torture.spending import Drawn, Fuzz, Outcome, run_together
from benchmarks.torture.wandering import Wanderer, list_routes
from searchapp import open_index
from searchapp.build import build
from searchapp.engine import Index
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.query import Query

QUESTIONS, REQUESTS = 1_000_000, 100_000
POSTS = 2_000
SEED = 8
MOST_P99, MOST, MOST_MEMORY = 0.050, 0.500, 20.0  # seconds, seconds, megabytes
LIMITS = (20, 20, 20, 100, 1)
SNIPPETS, WAYS_OUT, EXPLAINED = 5, 10, 50  # every so many questions
SLOWEST = 8  # are told

_CONTENT = Path(__file__).parents[2] / "content"

Ask = Callable[[Index, Sequence[Pair], int], str]


def answer(index: Index, args: Sequence[Pair], number: int) -> str:
    """Ask an index as pages and the API do; return what is wrong with the answer, if anything."""
    query, limit = Query.from_args(args), LIMITS[number % len(LIMITS)]
    results = index.answer(query, limit=limit, snippets=number % SNIPPETS == 0)
    for values in results.facets.values():
        _ = values[:20]
    if number % WAYS_OUT == 0:
        index.ways_out(results)
    if number % EXPLAINED == 0:
        index.explain(results)
    counted = max(0, min(limit, results.total - (results.page - 1) * limit))
    if not counted <= len(results.hits) <= limit:
        return f"{len(results.hits)} hits on page {results.page} of {results.total}"
    if Query.from_args(query.as_args()) != replace(query, notes=()):
        return "its own address asks for something else"
    return ""


def prove_fuzzing(
    scale: float,
    folder: Path,
    indexes: Sequence[Path] = (),
    ask: Ask = answer,
    plant: str = "",
) -> Iterator[Finding]:
    """Ask `indexes`, those of content/ and of made posts if none are given; then over HTTP."""
    indexes = indexes or (_build_content(folder), build_posts(folder))
    each = trials(QUESTIONS, scale) // len(indexes)
    fuzzes = [
        Fuzz(partial(_draw_questions, index, SEED + n, ask), each)
        for n, index in enumerate(indexes)
    ]
    yield from _judge("in process", run_together(fuzzes))
    each = trials(REQUESTS, scale) // len(indexes)
    with ExitStack() as running:
        servers = [running.enter_context(Server(index, plant=plant)) for index in indexes]
        fuzzes = [
            Fuzz(partial(_draw_requests, index, SEED + n, server), each)
            for n, (index, server) in enumerate(zip(indexes, servers, strict=True))
        ]
        outcomes = run_together(fuzzes)
        codes = [server.end() for server in servers]
    yield from _judge("over HTTP", outcomes)
    unasked = {route for outcome in outcomes for route in outcome.unseen}
    yield Finding("routes that were never asked for", "0",
                  f"{len(unasked)} {' '.join(sorted(unasked))}", not unasked)  # fmt: skip
    said = [said[-300:] for code, said in codes if code or said]
    yield Finding("what the servers said on stderr, all having ended with 0", "nothing",
                  repr(said) if said else "nothing", not said)  # fmt: skip


def _build_content(folder: Path) -> Path:
    build(_CONTENT, folder / "content")
    return folder / "content"


def build_posts(folder: Path) -> Path:
    corpus = make_corpus(read_material(_CONTENT), POSTS, SEED)
    with lock_for_building(folder / "posts"):
        write_generation(folder / "posts", corpus.works, list(corpus.tags),
                         Site("Posts", "", "", None, "en", None), {})  # fmt: skip
    return folder / "posts"


# What children do: draw, ask, compare


def _draw_questions(folder: Path, seed: int, ask: Ask) -> Drawn:
    """Return what draws a question and asks it, in this process."""
    index = open_index(folder)
    asker = Asker(learn(index), seed)
    numbers = iter(range(sys.maxsize))

    def draw() -> tuple[str, Callable[[], str]]:
        args = asker.args()
        return repr(args), partial(ask, index, args, next(numbers))

    return Drawn(draw, time.process_time, partial(memory_of, "self"))


def _draw_requests(folder: Path, seed: int, server: Server) -> Drawn:
    """Return what draws a request and sends it to the server."""
    wanderer = Wanderer(Asker(learn(open_index(folder)), seed), list_routes())
    client, workers = Client(server.place), server.processes()[1:]

    def send(request: bytes) -> str:
        try:
            status = client.send(request).status
        except (OSError, http.client.HTTPException) as error:
            return repr(error)
        return f"answered {status}" if status >= 500 else ""

    def draw() -> tuple[str, Callable[[], str]]:
        request = wanderer.request()
        return repr(request), partial(send, request)

    return Drawn(
        draw,
        lambda: sum(map(processor_time, workers)),
        lambda: max(map(memory_of, workers)),
        lambda: [route for route, times in wanderer.asked.items() if not times],
    )


# What came of it


def _judge(where: str, outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    asked = sum(outcome.asked for outcome in outcomes)
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    yield Finding(f"faults {where}, of {asked:,}", "0",
                  f"{len(faults)} {'; '.join(faults[:3])}", not faults)  # fmt: skip
    for name, most, reached in (
        ("99 of 100 answers", MOST_P99, [outcome.percentile(99) for outcome in outcomes]),
        ("the slowest answer", MOST, [outcome.percentile(100) for outcome in outcomes]),
    ):
        told = ", ".join(f"{seconds * 1000:.1f}" for seconds in reached)
        wall = ", ".join(f"{o.wall.percentile(99) * 1000:.1f}" for o in outcomes)
        wall = f" (wall clock: {wall} ms)" if most == MOST_P99 else ""
        yield Finding(f"{name} {where}, each index", f"<= {most * 1000:.0f} ms",
                      f"{told} ms{wall}", max(reached) <= most)  # fmt: skip
    grown = [outcome.grown for outcome in outcomes]
    yield Finding(f"memory {where} beyond the first tenth", f"<= {MOST_MEMORY:.0f} MB",
                  f"{', '.join(f'{more:+.1f}' for more in grown)} MB",
                  max(grown) <= MOST_MEMORY)  # fmt: skip
    for outcome in outcomes:
        for seconds, what in outcome.slowest[:SLOWEST]:
            print(f"{where}: {seconds * 1000:.1f} ms for {what[:400]}", file=sys.stderr)


PROOF = Proof("fuzzing", prove_fuzzing)
