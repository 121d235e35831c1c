"""The rows of the table: each is a kind of question, and the figures that it is to reach."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.corpus import Corpus
from benchmarks.peers import Question
from benchmarks.questions import type_word_and_prefix


@dataclass(frozen=True)
class Target:
    """At most so much at the 95th percentile of processor time, with so many `posts`.

    In times of what the `peer` of that name takes; without one, in milliseconds.
    """

    posts: int
    most: float
    peer: str | None = None


@dataclass(frozen=True)
class Row:
    """One kind of question, put to all peers at each of the sizes."""

    name: str
    questions: Callable[[Corpus, random.Random], Iterator[Question]]
    targets: tuple[Target, ...]


ROWS: tuple[Row, ...] = (
    Row(
        "as you type: a word and a prefix of 2 or 3 letters, all facets",
        type_word_and_prefix,
        (
            Target(10_000, 0.25, "tantivy"),
            Target(10_000, 0.005, "MiniSearch"),
            Target(10_000, 1.0),
        ),
    ),
)
