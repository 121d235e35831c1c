"""`python -m benchmarks`: build the indexes, put the questions, print the page.

Progress goes to stderr, the page to stdout, and with `--write` to a file. Ends with 1 where an
answer is not that of a peer or of the reference; a figure that is missed is only told.
"""

import argparse
import random
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.building import Built, Plan, build_all
from benchmarks.builds import measure_builds
from benchmarks.changing import measure_changes
from benchmarks.checking import MOST, Checker
from benchmarks.corpus import Corpus
from benchmarks.figures import Check
from benchmarks.measuring import Entrant, ask_in_turn
from benchmarks.opening import judge_opening, measure_opening
from benchmarks.page import Findings, describe_load, describe_machine, draw_page
from benchmarks.peers import OURS, PEERS, Peer, load, ours
from benchmarks.posts import make_corpus, read_material
from benchmarks.relevance import judge_kept
from benchmarks.rows import ROWS
from benchmarks.serving import measure_serving
from benchmarks.sharing import ask_from_threads, describe_sharing
from benchmarks.table import (
    Index,
    Result,
    describe_corpus,
    draw_indexes,
    draw_served,
    draw_times,
)
from benchmarks.verdicts import check_peers, judge_served, judge_sharing, judge_times
from searchapp.build import gather
from searchapp.errors import SearchappError

SIZES = [10_000, 50_000, 100_000]
PARTS = ("answers", "pages", "builds")
USUAL = 10_000  # posts, up to which slow peers are put their whole share
SHOWN = 3  # differences told in full

Tell = Callable[[str], None]


def main() -> int:
    """Measure every row at every size; return the exit code."""
    options = _read_options()
    begun = time.perf_counter()
    before = describe_load()

    def tell(what: str) -> None:
        print(f"{time.perf_counter() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    found, peers = Findings(), list(_load(options.peers))
    failed: str | int | None = None
    try:
        _run(options, peers, found, tell)
    except SearchappError as error:
        failed = str(error)
    except SystemExit as error:  # what was measured before is told all the same
        failed = error.code
    conditions = (
        f"`{shlex.join(['python', '-m', 'benchmarks', *_arguments()])}` on "
        f"{time.strftime('%-d %B %Y')}: {describe_machine()}; {before} when it began and "
        f"{describe_load()} when it ended, {time.perf_counter() - begun:,.0f} s later; all files "
        "in the machine's cache."
    )
    page = "\n".join(draw_page(found, peers, conditions)).rstrip() + "\n"
    print(page, end="")
    if failed:
        sys.exit(failed)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return int(any(check.wrong for check in found.checks))


def _arguments() -> list[str]:
    """Return the arguments of this run, but for where the page is written to."""
    given = sys.argv[1:]
    if "--write" in given:
        at = given.index("--write")
        del given[at : at + 2]
    return given


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=SIZES)
    parser.add_argument("--corpus", type=Path, help="measure on this folder's posts, as they are")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=40, help="new ones in each round")
    parser.add_argument("--unchecked", action="store_true", help="do not ask the reference too")
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    parser.add_argument("--builds", type=int, default=3, help="how often each build is measured")
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="write the page to this file as well")
    return parser.parse_args()


def _load(names: Sequence[str]) -> Iterator[Peer]:
    """Yield the peers in these modules, ours always and first; a missing package is told."""
    for name in PEERS:
        if name in (OURS, *names):
            try:
                yield load(name)
            except ImportError as error:
                print(f"{name} is not measured: {error}; install '.[bench]'", file=sys.stderr)


def _run(options: argparse.Namespace, peers: Sequence[Peer], found: Findings, tell: Tell) -> None:
    """Measure all parts; pages and builds on the smallest corpus."""
    corpora = _read_corpora(options)
    smallest = corpora[0]
    tell(f"posts: {', '.join(f'{len(corpus):,}' for corpus in corpora)}")
    if "answers" in options.parts or "pages" in options.parts:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            _ask(options, peers, corpora, Path(folder), found, tell)
    if "builds" in options.parts and not options.corpus:
        tell("builds: in full, again, after a change")
        found.lines += (f"## Building {len(smallest):,} posts", "")
        found.lines += measure_builds(smallest, options.builds, found.verdicts)
    found.verdicts += judge_kept()
    tell("done")


def _read_corpora(options: argparse.Namespace) -> list[Corpus]:
    """Return the corpora to measure on, the smallest first."""
    if options.corpus:
        gathered = gather(options.corpus)
        return [Corpus(gathered.works, gathered.tags)]
    largest = make_corpus(read_material(options.content), max(options.posts), options.seed)
    return [largest.first(count) for count in sorted(options.posts)]


def _ask(  # all that a run is of
    options: argparse.Namespace,
    peers: Sequence[Peer],
    corpora: Sequence[Corpus],
    folder: Path,
    found: Findings,
    tell: Tell,
) -> None:
    """Build all indexes, then put the questions at each size."""
    if "answers" not in options.parts:
        peers, corpora = [load(OURS)], corpora[:1]
    plans = _plan(peers, corpora, folder)
    tell("building indexes")
    built = dict(zip(plans, build_all(plans), strict=True))
    for corpus in corpora:
        at_size = [p for p in peers if len(corpus) <= p.MOST]
        places = [Plan(p, corpus, _place(folder, corpus, p)) for p in at_size]
        out = ", ".join(p.NAME for p in peers if p not in at_size)
        found.lines += (f"## {len(corpus):,} posts", "", f"{describe_corpus(corpus)}.", "")
        found.lines += (f"Left out, as it would take too long: {out}.", "") if out else ()
        if "answers" in options.parts:
            _measure(corpus, places, built, options, found, tell)
        if "pages" in options.parts and corpus is corpora[0]:
            tell("pages over HTTP")
            _fetch(corpus, places[0].folder, options, found)
        vars(corpus).pop("analysis", None)  # gigabytes, of the largest


def _measure(  # all that a run is of
    corpus: Corpus,
    plans: Sequence[Plan],
    built: Mapping[Plan, Built],
    options: argparse.Namespace,
    found: Findings,
    tell: Tell,
) -> None:
    """Put all questions at one size, and note what they took."""
    size = f"{len(corpus):,} posts"
    places = [(plan.peer, plan.folder) for plan in plans]
    tell(f"{size}: open and change")
    questions = ROWS[0].questions(corpus, random.Random(options.seed + 1))
    opened = [
        one
        for first in islice(questions, 1)
        for one in measure_opening(places, corpus, first, options.rounds)
    ]
    found.verdicts += judge_opening(opened, len(corpus))
    changed = measure_changes(places, corpus)
    indexes = [Index(p.peer.NAME, built.get(p), p.peer.files(p.folder)) for p in plans]
    found.lines += (*draw_indexes(indexes, len(corpus), opened, changed), "")
    tell(f"{size}: reading the reference")
    wanted = not options.unchecked and len(corpus) <= MOST
    checker = Checker(corpus, plans[0].folder) if wanted else None
    entrants = [Entrant(p.NAME, _share(p, len(corpus)), p.open_index(corpus, f)) for p, f in places]
    for row in ROWS:
        tell(f"{size}: {row.name}")
        asked = [e for e in entrants if row.peers is None or e.name in (ours.NAME, *row.peers)]
        questions = row.questions(corpus, random.Random(options.seed))
        records = ask_in_turn(asked, questions, options.rounds, options.questions)
        found.lines += (f"### {row.name[0].upper()}{row.name[1:]} ({size})", "")
        if not records:
            found.lines += ("The posts have too few such questions.", "")
            continue
        result = Result(row, len(corpus), records)
        found.lines += (*draw_times(result), "")
        found.verdicts += judge_times(result)
        if row.is_compared:
            _compare(result, checker, found)
    _share_among_threads(corpus, plans[0].folder, options, found)


def _share(peer: Peer, posts: int) -> float:
    return peer.SHARE if peer.SHARE == 1 else peer.SHARE * min(1.0, USUAL / posts)


def _compare(result: Result, checker: Checker | None, found: Findings) -> None:
    """Compare answers with the peers' and the reference's, and note where they differ."""
    found.checks += check_peers(result)
    differences = {name: list(wrong) for name, wrong in result.differences.items()}
    if checker:
        compared, wrong = checker.compare(result.ours, min(1.0, USUAL / result.posts))
        name = "the plain reference"
        found.checks.append(Check(result.row.name, result.posts, name, compared, len(wrong)))
        differences[name] = wrong
    for name, wrong in differences.items():
        found.lines += (f"- {name}: {difference}" for difference in wrong[:SHOWN])
        found.lines += [""] if wrong else []


def _share_among_threads(
    corpus: Corpus, folder: Path, options: argparse.Namespace, found: Findings
) -> None:
    questions = ROWS[1].questions(corpus, random.Random(options.seed + 2))
    alone, shared = (ours.open_index(corpus, folder) for _ in range(2))
    together = ask_from_threads(alone, shared, list(islice(questions, options.questions)))
    found.lines += (f"{describe_sharing(together)}.", "")
    if len(corpus) <= USUAL:
        found.verdicts.append(judge_sharing(together))


def _fetch(corpus: Corpus, folder: Path, options: argparse.Namespace, found: Findings) -> None:
    """Measure pages over HTTP."""
    chance = random.Random(options.seed + 3)
    served = list(measure_serving(folder, corpus, chance, options.rounds, options.questions))
    found.verdicts += judge_served(served, len(corpus))
    if served:
        found.lines += (f"### Over HTTP ({len(corpus):,} posts)", "", *draw_served(served), "")


def _plan(peers: Sequence[Peer], corpora: Sequence[Corpus], folder: Path) -> list[Plan]:
    """Return what is to be built: first what takes longest, ours of most posts."""
    builders = {peer.INDEX: peer for peer in reversed(peers)}
    return [
        Plan(peer, corpus, _place(folder, corpus, peer))
        for peer in peers
        for corpus in reversed(corpora)
        if builders[peer.INDEX] is peer and len(corpus) <= peer.MOST
    ]


def _place(folder: Path, corpus: Corpus, peer: Peer) -> Path:
    return folder / str(len(corpus)) / peer.INDEX


if __name__ == "__main__":
    sys.exit(main())
