"""From a closed index to the first answer, each time in a process that is new to it.

What is imported is imported before; the files may be in the machine's cache.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from benchmarks.corpus import Corpus
from benchmarks.figures import Figure, Verdict
from benchmarks.peers import OURS, Peer, Question, Stopwatch, Took, load

FEW = 300
VERIFIED, UNVERIFIED = "verified before", "with verification"
FIGURES = {
    name: Figure(f"closed to first answer, {name}", 10_000, f"<= {most:,} ms", most)
    for name, most in ((VERIFIED, 50), (UNVERIFIED, 1_000))
}


@dataclass(frozen=True)
class Opened:
    """What opening an index and one answer took; `how` where there are two ways of it."""

    peer: str
    took: Took
    how: str = ""


def measure_opening(
    places: Sequence[tuple[Peer, Path]], corpus: Corpus, question: Question, times: int
) -> Iterator[Opened]:
    """Yield what each peer took, the median of some times; ours also with verification."""
    for peer, folder in places:
        if peer is not load(OURS):
            yield Opened(peer.NAME, _median(peer, folder, corpus, question, times))
            continue
        yield Opened(peer.NAME, _median(peer, folder, corpus, question, times), VERIFIED)
        took = _median(peer, folder, corpus, question, times, lambda f=folder: _forget(f))
        yield Opened(peer.NAME, took, UNVERIFIED)


def _forget(folder: Path) -> None:
    """Have the files verified again, as after a copy of the index or a restart elsewhere."""
    (folder / "verified.json").unlink(missing_ok=True)


def _median(  # what is opened, and how often
    peer: Peer,
    folder: Path,
    corpus: Corpus,
    question: Question,
    times: int,
    before: Callable[[], None] = lambda: None,
) -> Took:
    took = []
    few = corpus.first(FEW)  # a server would not have the posts; peers want languages and facets
    for _ in range(times):
        before()
        context = multiprocessing.get_context("spawn")
        result, there = context.Pipe(duplex=False)
        name = peer.__name__.rpartition(".")[2]  # type: ignore[attr-defined]  # a module
        process = context.Process(target=_open, args=(name, folder, few, question, there))
        process.start()
        there.close()  # a process that fails must not be waited for
        try:
            took.append(result.recv())
        except EOFError:
            sys.exit(f"{peer.NAME}: it could not be opened and asked, as said above")
        process.join()
    return Took(median(t.processor for t in took), median(t.wall for t in took))


def _open(name: str, folder: Path, corpus: Corpus, question: Question, there: Connection) -> None:
    peer = load(name)
    corpus.facets, corpus.languages  # noqa: B018  # looked up before
    with Stopwatch() as watch:
        answer = peer.open_index(corpus, folder)(question)
    there.send(answer.took if peer.IS_APART else watch.took)


def judge_opening(opened: Sequence[Opened], posts: int) -> Iterator[Verdict]:
    """Yield whether opening is as fast as it is to be."""
    for one in opened:
        if one.how and posts == FIGURES[one.how].posts:
            yield FIGURES[one.how].judge(one.took.processor, f"{one.took.processor:.0f} ms")
