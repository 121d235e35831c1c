"""Proof "together": sixteen threads on one index, sixteen clients on one server, as if alone.

    alone      every question, one after the other       --> the right answers
    together   every thread asks all, each from another  --> the same, each time

The index forgets answers between, so that each is worked out while others are.
"""

import hashlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.torture.actors import write_version
from benchmarks.torture.grammar import Asker, Pair, learn
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.served import Client, Server
from benchmarks.torture.wandering import Wanderer
from searchapp import open_index
from searchapp.build import build
from searchapp.engine import Index
from searchapp.engine.results import results_as_json
from searchapp.query import Query

THREADS = 16
QUESTIONS = 2_000  # asked by each thread
REQUESTS = 500  # sent by each client
POSTS = 300
SEED = 16

# What says the time, what was counted or what was asked before is another each time.
PATHS = ("/", "/api/search", "/api/suggest", "/api/completions", "/tags/", "/tags/<names>/",
         "/tags/map/", "/works/<key>/", "/api/works/<key>", "/facets/<name>/", "/feed.atom",
         "/feed.json", "/about/", "/api/tags", "/api/openapi.json")  # fmt: skip


@dataclass
class Heard:
    """What was answered by threads together: how much, and what was wrong with it."""

    answers: int = 0
    errors: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


Ask = Callable[[int], str]  # by the number of a question: a digest of its answer


def ask_together(alone: Ask, begin: Callable[[], Ask], questions: int) -> Heard:
    """Have each thread ask all questions, each beginning elsewhere; compare with `alone`."""
    right = [alone(number) for number in range(questions)]
    heard, starting = Heard(), threading.Barrier(THREADS)

    def run(thread: int) -> None:
        ask = begin()
        starting.wait()
        first = thread * questions // THREADS
        for number in (*range(first, questions), *range(first)):
            try:
                if ask(number) != right[number]:
                    heard.different.append(f"question {number}")
            except Exception as error:  # whatever it is, it is counted
                heard.errors.append(f"{type(error).__name__}: {error}")
            heard.answers += 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def digest_results(index: Index, args: Sequence[Pair]) -> str:
    """Ask an index; return a digest of all that the API would say."""
    results = index.answer(Query.from_args(args))
    body = results_as_json(results, index.ways_out(results))
    return hashlib.sha256(json.dumps(body).encode("utf-8", "surrogatepass")).hexdigest()


def prove_together(
    scale: float,
    folder: Path,
    plant: str = "",
    digest: Callable[[Index, Sequence[Pair]], str] = digest_results,
    posts: int = POSTS,
) -> Iterator[Finding]:
    """Ask alone, then together; in process, then over HTTP."""
    content, path = folder / "content", folder / "index"
    write_version(content, 0, posts)
    build(content, path)
    index = open_index(path)
    asker = Asker(learn(index), SEED)
    questions = [asker.args() for _ in range(trials(QUESTIONS, scale, least=THREADS))]
    shared = open_index(path)  # has answered nothing yet
    heard = ask_together(
        lambda number: digest(index, questions[number]),
        lambda: lambda number: digest(shared, questions[number]),
        len(questions),
    )
    yield from _judge(f"{THREADS} threads on one index", heard)
    wanderer = Wanderer(asker, PATHS)
    requests = [wanderer.plain() for _ in range(trials(REQUESTS, scale, least=THREADS))]
    clients: list[Client] = []
    with Server(path, plant=plant) as server:

        def begin() -> Ask:
            client = Client(server.place)
            clients.append(client)
            return lambda number: _digest_answer(client, requests[number])

        heard = ask_together(begin(), begin, len(requests))
        for client in clients:
            client.close()
    yield from _judge(f"{THREADS} clients on one server", heard)


def _digest_answer(client: Client, request: bytes) -> str:
    answer = client.send(request)
    if answer.status >= 500:
        raise http.client.HTTPException(f"{answer.status} for {request[:200]!r}")
    tag = answer.headers.get("etag", "")
    told = f"{answer.status} {tag} {answer.headers.get('location', '')}\n".encode()
    return hashlib.sha256(told + answer.body).hexdigest()


def _judge(who: str, heard: Heard) -> Iterator[Finding]:
    errors = heard.errors
    yield Finding(f"errors of {who}, {heard.answers:,} answers", "0",
                  f"{len(errors)} {'; '.join(errors[:3])}", not errors)  # fmt: skip
    yield Finding(f"answers of {who} that differ from those to one alone", "0",
                  f"{len(heard.different)} {'; '.join(heard.different[:3])}",
                  not heard.different)  # fmt: skip


PROOF = Proof("together", prove_together)
