"""`python -m benchmarks`: build the indexes, put the questions, print the tables.

Ends with 1 where a peer's totals or counts are not ours; a figure that is missed is only told.
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.building import Plan, build_all
from benchmarks.corpus import Corpus
from benchmarks.measuring import Entrant, ask_in_turn
from benchmarks.peers import OURS, PEERS, Peer, load
from benchmarks.posts import make_corpus, read_material
from benchmarks.rows import ROWS
from benchmarks.table import (
    Index,
    Result,
    check_answers,
    describe_corpus,
    draw_indexes,
    draw_times,
    judge,
)
from searchapp.errors import SearchappError

HOW = (
    "All search the same terms, which our analysis made, in the same fields; what is asked of\n"
    "each: the total, the 20 best as they are stored, 30 values of every facet with counts.\n"
    "Prefixes that begin other words than terms (`dyi`: dying, stem die) are not asked.\n"
)


def main() -> int:
    """Measure every row at every size; return the exit code."""
    options = _read_options()
    try:
        results = _run(options)
    except SearchappError as error:
        sys.exit(str(error))
    return 1 if any(wrong for r in results for wrong in r.differences.values()) else 0


def _run(options: argparse.Namespace) -> list[Result]:
    begun = time.perf_counter()
    peers = list(_load(options.peers))
    _say(_describe_machine(), "", HOW, *(f"{peer.NAME}: {peer.SETUP}" for peer in peers))
    largest = make_corpus(read_material(options.content), max(options.posts), options.seed)
    corpora = [largest.first(count) for count in sorted(options.posts)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        results = list(_measure(peers, corpora, Path(folder), options))
    _say("", f"{time.perf_counter() - begun:.0f} s altogether, {_describe_load()}", "")
    _say(*(line for result in results for line in judge(result)))
    return results


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=60, help="new ones in each round")
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS)
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _load(names: Sequence[str]) -> Iterator[Peer]:
    """Yield the peers in these modules, ours always and first; a missing package is told."""
    for name in PEERS:
        if name in (OURS, *names):
            try:
                yield load(name)
            except ImportError as error:
                print(f"{name} is not measured: {error}; install '.[bench]'", file=sys.stderr)


def _measure(
    peers: Sequence[Peer], corpora: Sequence[Corpus], folder: Path, options: argparse.Namespace
) -> Iterator[Result]:
    """Build all indexes, then put the questions of each row at each size, and print."""
    plans = _plan(peers, corpora, folder)
    built = dict(zip(plans, build_all(plans), strict=True))
    for corpus in corpora:
        entrants, indexes = [], []
        for peer in peers:
            plan = Plan(peer, corpus, _place(folder, corpus, peer))
            indexes.append(Index(peer.NAME, built.get(plan), peer.files(plan.folder)))
            entrants.append(Entrant(peer.NAME, peer.SHARE, peer.open_index(corpus, plan.folder)))
        _say("", describe_corpus(corpus), "", *draw_indexes(indexes))
        for row in ROWS:
            questions = row.questions(corpus, random.Random(options.seed))
            records = ask_in_turn(entrants, questions, options.rounds, options.questions)
            result = Result(row, len(corpus), records)
            _say("", *draw_times(result), *check_answers(result))
            yield result


def _plan(peers: Sequence[Peer], corpora: Sequence[Corpus], folder: Path) -> list[Plan]:
    """Return what is to be built: first what takes longest, ours of most posts."""
    builders = {peer.INDEX: peer for peer in reversed(peers)}
    return [
        Plan(peer, corpus, _place(folder, corpus, peer))
        for peer in peers
        for corpus in reversed(corpora)
        if builders[peer.INDEX] is peer
    ]


def _place(folder: Path, corpus: Corpus, peer: Peer) -> Path:
    return folder / str(len(corpus)) / peer.INDEX


def _describe_machine() -> str:
    python, cores = platform.python_version(), os.cpu_count()
    return f"{time.strftime('%Y-%m-%d')}, Python {python}, {cores} cores, {_describe_load()}"


def _describe_load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
