"""A peer: one module here, which builds an index of a corpus and asks it.

    NAME                            how the table calls it
    build(corpus, folder)           writes its index into the empty `folder`; timed
    open_index(corpus, folder)      returns a function from a Question to an Answer; that is timed
    size(folder)                    bytes on disk that answer its questions

Adding one is writing that module and naming it in `PEERS`. The same is asked of everyone: the
number of pieces, the stored rows of the best 20, and the 30 commonest values of every facet with
their counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol

from benchmarks.corpus import Corpus

PEERS = ("ours", "tantivy", "whoosh")  # modules; ours is the one that the others are held against

HITS = 20
VALUES = 30  # of a facet, as many as a page would show


@dataclass(frozen=True)
class Question:
    """What is asked: as it is typed, and as terms for the peers without our analysis.

    A piece matches that has, in any text field, for each of `words` one of its terms, and a
    term that begins with `prefix`, where there is one.
    """

    typed: str
    words: tuple[tuple[str, ...], ...]
    prefix: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back; `facets` has pairs of a value and its count, the greatest counts first."""

    total: int
    rows: Sequence[object]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)


Ask = Callable[[Question], Answer]


class Peer(Protocol):
    """What a module of this package has."""

    NAME: str

    def build(self, corpus: Corpus, folder: Path) -> None: ...
    def open_index(self, folder: Path) -> Ask: ...
    def size(self, folder: Path) -> int: ...


def load(name: str) -> Peer:
    """Import the peer called `name`; raises ImportError where its package is not installed."""
    peer: Peer = import_module(f"benchmarks.peers.{name}")
    return peer
