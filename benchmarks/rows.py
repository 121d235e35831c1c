"""The rows of the tables: each is a kind of question, and the figures that it is to reach."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.corpus import Corpus
from benchmarks.figures import Figure
from benchmarks.peers import Question
from benchmarks.questions import (
    ask_common_word,
    ask_for_snippets,
    ask_three_words,
    choose_in_three_facets,
    type_word_and_prefix,
    with_snippets,
)


@dataclass(frozen=True)
class Target:
    """At most so much at the 95th percentile of processor time, with so many `posts`.

    In times of what the `peer` of that name takes; without one, in milliseconds.
    """

    posts: int
    most: float
    peer: str | None = None

    @property
    def unit(self) -> str:
        return f"x {self.peer}" if self.peer else " ms"


@dataclass(frozen=True)
class Row:
    """One kind of question, put to `peers` (None: to all) at each of the sizes.

    Its answers are compared with the peers' and the reference's, unless another row has the
    same ones, or what is measured is no answer.
    """

    name: str
    questions: Callable[[Corpus, random.Random], Iterator[Question]]
    targets: tuple[Target, ...] = ()
    peers: tuple[str, ...] | None = None
    is_compared: bool = True

    def figure(self, target: Target) -> Figure:
        """Return the figure that one of its targets is."""
        bound = f"<= {target.most:g}{target.unit}"
        return Figure(f"{self.name}, p95", target.posts, bound, target.most)


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
    Row(
        "three words, all facets",
        ask_three_words,
        (
            Target(10_000, 0.4, "tantivy"),
            Target(10_000, 0.01, "Whoosh"),
            Target(50_000, 0.35, "tantivy"),
            Target(100_000, 5.0),
        ),
    ),
    Row(
        "a word and values of three facets, disjunctive counts (tantivy: one aggregation)",
        choose_in_three_facets,
        (Target(10_000, 0.4, "tantivy"),),
        ("tantivy",),
    ),
    Row(
        "a common word, top 20",
        ask_common_word,
        (Target(10_000, 0.5, "tantivy"), Target(10_000, 0.02, "SQLite FTS5")),
    ),
    Row(
        "snippets of the 20 best of two common words, alone",
        ask_for_snippets,
        (Target(10_000, 0.3, "tantivy"),),
        ("tantivy",),
        is_compared=False,
    ),
    Row(
        "as you type, with snippets of the 20 best",
        with_snippets(type_word_and_prefix),
        peers=("tantivy", "SQLite FTS5", "Whoosh"),
        is_compared=False,
    ),
    Row(
        "three words, with snippets of the 20 best",
        with_snippets(ask_three_words),
        peers=("tantivy", "SQLite FTS5", "Whoosh"),
        is_compared=False,
    ),
)
