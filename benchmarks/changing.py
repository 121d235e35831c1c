"""One post changed, until a question finds what it says now: in a copy of each peer's index.

Each peer does it in a process of its own, with its index open, a few times. What it promises
after that differs: ours, Whoosh, tantivy and SQLite have it on the disk, MiniSearch in memory.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from benchmarks.corpus import Corpus, analyse
from benchmarks.peers import Peer, Stopwatch, Took
from searchapp.documents import Work

TIMES = 3


def measure_changes(places: Sequence[tuple[Peer, Path]], corpus: Corpus) -> dict[str, Took]:
    """Return what each peer took, the median of some times, by its name."""
    return {peer.NAME: _measure(peer, folder, corpus) for peer, folder in places}


def _measure(peer: Peer, folder: Path, corpus: Corpus) -> Took:
    context = multiprocessing.get_context("fork")  # the posts are there already
    result, there = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="changed-") as name:
        copy = Path(name) / "index"
        shutil.copytree(folder, copy)
        process = context.Process(target=_change, args=(peer, copy, corpus, there))
        process.start()
        there.close()
        try:
            taken: list[Took] = result.recv()
        except EOFError:
            sys.exit(f"{peer.NAME}: a post could not be changed, as said above")
        process.join()
    return Took(median(t.processor for t in taken), median(t.wall for t in taken))


def _change(peer: Peer, folder: Path, corpus: Corpus, there: Connection) -> None:
    change = peer.open_to_change(corpus, folder)
    taken = []
    for number in range(TIMES):
        word = "quagg" + "aeo"[number]
        row = number * len(corpus) // TIMES
        work = _with_word(corpus.works[row], word)
        terms = analyse(work, set())
        term = next(t for t in " ".join(terms.values()).split() if t.startswith("quagg"))
        children = sum(os.times()[2:4])
        with Stopwatch() as watch:
            found, took = change(row, work, terms, term)
        if found != 1:
            sys.exit(f"{peer.NAME}: {found} pieces have a word that was written into one")
        spent = watch.took.processor + (sum(os.times()[2:4]) - children) * 1000
        taken.append(took or Took(spent, watch.took.wall))
    there.send(taken)


def _with_word(work: Work, word: str) -> Work:
    first, *others = work.documents
    changed = replace(first, text=f"{first.text}\n\n{word}", language="en")
    return replace(work, documents=(changed, *others))
