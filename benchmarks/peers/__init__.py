"""A peer is one module here, which builds an index of a corpus and answers from it.

Adding one is writing a module with what `Peer` names, and its name in `PEERS`. The same is
asked of each: the number of pieces, what is stored of the best 20, and of every facet the 30
commonest values with their counts, as a page would show them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from benchmarks.corpus import Corpus, Terms
from searchapp.documents import Work

OURS = "ours"
PEERS = (OURS, "tantivy", "minisearch", "fts5", "whoosh")

HITS = 20
VALUES = 30


@dataclass(frozen=True)
class Question:
    """What is asked, as it is typed, and as terms for peers without our analysis.

    A piece is found that has, for each of `words`, one of its terms in any text field; and a
    term that begins with `prefix`, where there is one; and, for each of `filters`, one of its
    values. Beside the best pieces, the values of all facets are asked for where `facets` says
    so, and the snippets of the best where `snippets` does; of an `alone` one only these are timed.
    """

    typed: str
    words: tuple[tuple[str, ...], ...]
    prefix: str | None = None
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facets: bool = True
    snippets: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Took:
    """Milliseconds, where a peer measures itself: in a process of its own, or a part alone."""

    processor: float
    wall: float


@dataclass(frozen=True)
class Answer:
    """What came back: how many pieces and stored rows, and values with their counts.

    The rows themselves are let go: kept, they would slow down the answers that follow.
    """

    total: int
    rows: int
    facets: Mapping[str, Sequence[tuple[str, int]]]
    took: Took | None = None


Ask = Callable[[Question], Answer]

# Puts the post of a row in place of what it was, and returns how many pieces a term then finds,
# with what it took where a peer measures itself.
Change = Callable[[int, Work, Terms, str], tuple[int, Took | None]]


class Peer(Protocol):
    """What a module of this package has.

    Peers with the same `INDEX` read one index, which the first of them builds. Of all questions
    a peer is asked the `SHARE`, below 1 for one that would take many minutes, and none where
    there are more than `MOST` posts. One that `IS_APART` runs in a process of its own, and what
    its first answer took begins with the reading of its index. `SETUP` says in a line how it was
    set up.
    """

    NAME: str
    INDEX: str
    SHARE: float
    MOST: int
    IS_APART: bool
    SETUP: str

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Write an index into the empty `folder`; this is timed, in a process of its own."""

    def open_index(self, corpus: Corpus, folder: Path) -> Ask:
        """Return what answers a question from the index in `folder`; that is timed."""

    def open_to_change(self, corpus: Corpus, folder: Path) -> Change:
        """Return what changes a post in the index in `folder`; that is timed."""

    def files(self, folder: Path) -> Path:
        """Return the part of `folder` that it needs for its answers."""


class Stopwatch:
    """Measures what is done within it, in milliseconds."""

    def __enter__(self) -> "Stopwatch":
        self._wall, self._processor = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.took = Took(
            (time.process_time() - self._processor) * 1000,
            (time.perf_counter() - self._wall) * 1000,
        )


def load(name: str) -> Peer:
    """Import the peer in the module `name`; ImportError where its package is missing."""
    peer: Peer = import_module(f"{__name__}.{name}")
    return peer
