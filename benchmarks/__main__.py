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
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.building import Built, Plan, build_all
from benchmarks.checking import Checker
from benchmarks.corpus import Corpus
from benchmarks.measuring import Entrant, ask_in_turn
from benchmarks.opening import draw_opening, measure_opening
from benchmarks.peers import OURS, PEERS, Peer, load, ours
from benchmarks.posts import make_corpus, read_material
from benchmarks.rows import ROWS
from benchmarks.sharing import ask_from_threads, describe_sharing
from benchmarks.table import (
    Index,
    Result,
    check_answers,
    describe_check,
    describe_corpus,
    draw_indexes,
    draw_times,
)
from benchmarks.verdicts import (
    Verdict,
    draw_verdicts,
    judge_answers,
    judge_check,
    judge_opening,
    judge_sharing,
    judge_times,
)
from searchapp.build import gather
from searchapp.errors import SearchappError

HOW = (
    "All search the same terms, which our analysis made, in the same fields; what is asked of\n"
    "each: the total, the 20 best as they are stored, 30 values of every facet with counts.\n"
    "Prefixes that begin other words than terms (`dyi`: dying, stem die) are not asked.\n"
)


def main() -> int:
    """Measure every row at every size; return the exit code."""
    options = _read_options()
    begun = time.perf_counter()
    try:
        verdicts = _run(options)
    except SearchappError as error:
        sys.exit(str(error))
    _say("", f"{time.perf_counter() - begun:.0f} s altogether, {_describe_load()}", "")
    _say(*draw_verdicts(verdicts))
    return int(any(verdict.is_error for verdict in verdicts))


def _run(options: argparse.Namespace) -> list[Verdict]:
    peers = list(_load(options.peers))
    _say(_describe_machine(), "", HOW, *(f"{peer.NAME}: {peer.SETUP}" for peer in peers))
    corpora = _read_corpora(options)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        plans = _plan(peers, corpora, Path(folder))
        built = dict(zip(plans, build_all(plans), strict=True))
        verdicts: list[Verdict] = []
        for corpus in corpora:
            places = [Plan(p, corpus, _place(Path(folder), corpus, p)) for p in peers]
            verdicts += _measure(corpus, places, built, options)
        return verdicts


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000])
    parser.add_argument("--corpus", type=Path, help="measure on this folder's posts, as they are")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=40, help="new ones in each round")
    parser.add_argument("--unchecked", action="store_true", help="do not ask the reference too")
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS)
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _read_corpora(options: argparse.Namespace) -> list[Corpus]:
    """Return the corpora to measure on, the smallest first."""
    if options.corpus:
        gathered = gather(options.corpus)
        return [Corpus(gathered.works, gathered.tags)]
    largest = make_corpus(read_material(options.content), max(options.posts), options.seed)
    return [largest.first(count) for count in sorted(options.posts)]


def _load(names: Sequence[str]) -> Iterator[Peer]:
    """Yield the peers in these modules, ours always and first; a missing package is told."""
    for name in PEERS:
        if name in (OURS, *names):
            try:
                yield load(name)
            except ImportError as error:
                print(f"{name} is not measured: {error}; install '.[bench]'", file=sys.stderr)


def _measure(
    corpus: Corpus, plans: Sequence[Plan], built: Mapping[Plan, Built], options: argparse.Namespace
) -> Iterator[Verdict]:
    """Put all questions at one size, and print what they took."""
    indexes = [Index(p.peer.NAME, built.get(p), p.peer.files(p.folder)) for p in plans]
    _say("", describe_corpus(corpus), "", *draw_indexes(indexes))
    places = [(plan.peer, plan.folder) for plan in plans]
    first = next(ROWS[0].questions(corpus, random.Random(options.seed + 1)))
    opened = list(measure_opening(places, corpus, first))
    _say("", *draw_opening(opened))
    yield from judge_opening(opened, len(corpus))
    entrants = [Entrant(p.NAME, p.SHARE, p.open_index(corpus, folder)) for p, folder in places]
    checker = None if options.unchecked else Checker(corpus, plans[0].folder)
    for row in ROWS:
        asked = [e for e in entrants if row.peers is None or e.name in (ours.NAME, *row.peers)]
        questions = row.questions(corpus, random.Random(options.seed))
        records = ask_in_turn(asked, questions, options.rounds, options.questions)
        result = Result(row, len(corpus), records)
        _say("", *draw_times(result))
        yield from judge_times(result)
        if row.is_compared:
            yield from _compare(result, checker)
    questions = ROWS[1].questions(corpus, random.Random(options.seed + 2))
    alone, shared = (ours.open_index(corpus, plans[0].folder) for _ in range(2))
    together = ask_from_threads(alone, shared, list(islice(questions, options.questions)))
    _say("", describe_sharing(together))
    yield judge_sharing(together, len(corpus))


def _compare(result: Result, checker: Checker | None) -> Iterator[Verdict]:
    """Compare answers with the peers' and the reference's, and print where they differ."""
    _say(*check_answers(result))
    yield from judge_answers(result)
    if checker:
        wrong = checker.find_differences(result.ours)
        _say(*describe_check(result, wrong))
        yield judge_check(result, wrong)


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
