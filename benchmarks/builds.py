"""`python -m benchmarks.builds`: what building takes, beside Whoosh, and what it takes again.

    full         the engine's part, beside Whoosh with its TEXT defaults: same posts, same fields
    again        the whole of `searchapp build` over a folder of Markdown: nothing changed, one
                 post changed; until an open index answers from it; how long the swap holds one

Processor time is that of a process and its children; memory is what it takes at its greatest
beside the posts. `make bench` measures all of this too.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.figures import Verdict, describe_run
from benchmarks.full_builds import Full, judge_full_builds, measure_full_builds
from benchmarks.posts import make_corpus, read_material
from benchmarks.rebuilding import Rebuilt, build_again, judge_rebuilt
from benchmarks.table import draw

PARTS = ("full", "again")


def main() -> None:
    """Build, change, build again, and print what it took."""
    options = _read_options()
    corpus = make_corpus(read_material(options.content), options.posts, options.seed)
    print(f"{describe_run()}, {len(corpus):,} posts\n")
    verdicts: list[Verdict] = []
    for line in measure_builds(corpus, options.rounds, verdicts, options.parts):
        print(line, flush=True)
    for one in verdicts:
        print(one)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    return parser.parse_args()


def measure_builds(
    corpus: Corpus, rounds: int, verdicts: list[Verdict], parts: tuple[str, ...] = PARTS
) -> Iterator[str]:
    """Yield the tables of what building takes, and add what came of its figures to `verdicts`."""
    with tempfile.TemporaryDirectory(prefix="builds-") as folder:
        if "full" in parts:
            full = measure_full_builds(corpus, Path(folder), rounds)
            verdicts += judge_full_builds(full, len(corpus))
            yield from _draw_full(full, len(corpus))
            yield ""
        if "again" in parts:
            rebuilt = build_again(corpus, Path(folder), rounds)
            verdicts += judge_rebuilt(rebuilt, len(corpus))
            yield from _draw_rebuilt(rebuilt)
            yield ""


def _draw_full(full: Full, posts: int) -> Iterator[str]:
    rows = [
        (
            name,
            f"{built.processor:.1f}",
            f"{built.wall:.1f}",
            f"{posts / built.processor:,.0f}",
            f"{built.memory / 1e6:.0f}",
        )
        for name, built in full.took.items()
    ]
    yield from draw(("full build", "processor s", "wall s", "posts/s", "memory MB"), rows)


def _draw_rebuilt(rebuilt: Rebuilt) -> Iterator[str]:
    runs = {
        "first": rebuilt.first,
        "nothing changed": rebuilt.unchanged,
        "one post changed": rebuilt.changed,
    }
    rows = [
        (name, f"{run.processor / 1000:.2f}", f"{run.wall / 1000:.2f}")
        for name, run in runs.items()
    ]
    yield from draw(("searchapp build", "processor s", "wall s"), rows)


if __name__ == "__main__":
    main()
