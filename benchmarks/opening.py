"""From a closed index to the first answer, each time in a process that is new to it.

What is imported is imported before; the files may be in the machine's cache.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from benchmarks.corpus import Corpus
from benchmarks.peers import OURS, Peer, Question, Stopwatch, Took, load

TIMES = 5
FEW = 300
TARGETS = {True: 50, False: 1_000}  # milliseconds at 10,000 posts; verified before, or not


@dataclass(frozen=True)
class Opened:
    """What opening an index and one answer took; `target` where there is one."""

    name: str
    took: Took
    target: float | None = None


def measure_opening(
    places: Sequence[tuple[Peer, Path]], corpus: Corpus, question: Question
) -> Iterator[Opened]:
    """Yield what each peer took, the median of several times; ours also with verification."""
    for peer, folder in places:
        if peer.IS_APART:  # what it takes is another process's
            continue
        is_ours = peer is load(OURS)
        has_targets = is_ours and len(corpus) == 10_000
        name = f"{peer.NAME}, verified before" if is_ours else peer.NAME
        yield Opened(
            name,
            _median(peer, folder, corpus, question),
            TARGETS[True] if has_targets else None,
        )
        if is_ours:
            took = _median(peer, folder, corpus, question, lambda f=folder: _forget(f))
            target = TARGETS[False] if has_targets else None
            yield Opened(f"{peer.NAME}, with verification", took, target)


def _forget(folder: Path) -> None:
    """Have the files verified again, as after a copy of the index or a restart elsewhere."""
    (folder / "verified.json").unlink(missing_ok=True)


def _median(
    peer: Peer,
    folder: Path,
    corpus: Corpus,
    question: Question,
    before: Callable[[], None] = lambda: None,
) -> Took:
    took = []
    few = corpus.first(FEW)  # a server would not have the posts; peers want languages and facets
    for _ in range(TIMES):
        before()
        context = multiprocessing.get_context("spawn")
        result, there = context.Pipe(duplex=False)
        name = peer.__name__.rpartition(".")[2]  # type: ignore[attr-defined]  # a module
        process = context.Process(target=_open, args=(name, folder, few, question, there))
        process.start()
        took.append(result.recv())
        process.join()
    return Took(median(t.processor for t in took), median(t.wall for t in took))


def _open(name: str, folder: Path, corpus: Corpus, question: Question, there: Connection) -> None:
    peer = load(name)
    corpus.facets, corpus.languages  # noqa: B018  # looked up before
    with Stopwatch() as watch:
        peer.open_index(corpus, folder)(question)
    there.send(watch.took)


def draw_opening(opened: Sequence[Opened]) -> Iterator[str]:
    """Yield the table of what opening takes."""
    yield f"{'closed to first answer':36}{'processor ms':>14}{'wall ms':>10}"
    for one in opened:
        yield f"{one.name:36}{one.took.processor:14.1f}{one.took.wall:10.1f}"
