"""`python -m benchmarks.shell`: what commands take from the shell, and what a huge folder takes.

    help      searchapp --help
    search    searchapp search WORDS, on an index of made posts
    huge      searchapp init, build and build again over 100,000 small files (ARGS="--files 100000")

Each run is a process of its own, as a shell starts it. Processor time is what a quiet machine
would make of it; the clock tells of the neighbours, too. Memory is the most that one process held.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, Verdict, describe_run
from benchmarks.posts import make_corpus, read_material
from benchmarks.rebuilding import write_posts
from benchmarks.table import draw

HELP = Figure("searchapp --help", None, "<= 150 ms", 150.0)
SEARCH = Figure("searchapp search from the shell", 10_000, "<= 400 ms", 400.0)
WORDS = (
    "model training",
    "attention",
    "how to train a mod",
    '"language models" tag:agents',
    "grpo",
)


@dataclass(frozen=True)
class Run:
    """What one command took, in milliseconds, and at its greatest, in MB."""

    processor: float
    wall: float
    memory: float


def main() -> None:
    """Measure, and print the table and what came of the figures."""
    options = _read_options()
    print(f"{describe_run()}\n")
    with tempfile.TemporaryDirectory(prefix="shell-") as folder:
        rows, verdicts = measure_commands(
            Path(folder), options.content, options.posts, options.runs
        )
        if options.files:
            rows += _measure_huge(Path(folder), options.files)
    for line in draw(("command", "processor ms", "wall ms", "memory MB"), rows):
        print(line)
    for one in verdicts:
        print(one)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shell", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--files", type=int, default=0, help="of a huge folder; 0 leaves it out")
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    return parser.parse_args()


def measure_commands(
    folder: Path, content: Path, posts: int, runs: int
) -> tuple[list[tuple[str, ...]], list[Verdict]]:
    """Return the rows of commands that are to be instant, and what came of their figures."""
    made, index = folder / "content", folder / "index"
    write_posts(make_corpus(read_material(content), posts, 1), made)
    _run(folder, "build", "--content", str(made), "--index", str(index))
    shown = [_run(folder, "--help") for _ in range(runs)]
    asked = [
        _run(folder, "search", WORDS[n % len(WORDS)], "--index", str(index)) for n in range(runs)
    ]
    rows = [_row("--help", shown), _row(f"search, {posts:,} posts", asked)]
    rows.append(_row(f"stats, {posts:,} posts", [_run(folder, "stats", "--index", str(index))]))
    verdicts = [_judge(HELP, shown)]
    if posts == SEARCH.posts:
        verdicts.append(_judge(SEARCH, asked))
    return rows, verdicts


def _judge(figure: Figure, runs: Sequence[Run]) -> Verdict:
    taken = statistics.median(run.processor for run in runs)
    wall = statistics.median(run.wall for run in runs)
    return figure.judge(taken, f"{taken:.0f} ms of processor, {wall:.0f} ms by the clock")


def _row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the medians of some runs, and the most memory."""
    processor = statistics.median(run.processor for run in runs)
    wall = statistics.median(run.wall for run in runs)
    memory = max(run.memory for run in runs)
    return name, f"{processor:,.0f}", f"{wall:,.0f}", f"{memory:,.0f}"


def _measure_huge(folder: Path, files: int) -> list[tuple[str, ...]]:
    """Return what a folder of many small posts takes."""
    huge = folder / "huge"
    for number, text in _small_posts(files):
        path = huge / f"{number // 1000:03}" / f"2020-01-{number % 28 + 1:02}-post-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    where = ("--content", str(huge), "--index", str(folder / "huge-index"))
    commands = {
        "init": ("init", str(huge)), "build": ("build", *where), "build again": ("build", *where),
        "check": ("check", *where),
    }  # fmt: skip
    return [
        _row(f"{name}, {files:,} files", [_run(folder, *arguments)])
        for name, arguments in commands.items()
    ]


def _small_posts(files: int) -> Iterator[tuple[int, str]]:
    for n in range(files):
        yield (
            n,
            (
                f"---\ntitle: Post number {n} of many\ntags: [tag{n % 97}, tag{n % 13}]\n---\n"
                f"Some words about thing{n} and thing{n % 1000}, written on a plain day, so that "
                "there is a text of a line or two.\n"
            ),
        )


def _run(folder: Path, *arguments: str) -> Run:
    """Run one command; modules are compiled once, as where it is installed."""
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-W", "ignore", "-m", "searchapp", *arguments]
    # A process between us and the command knows the most memory of that command alone.
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command], check=True, capture_output=True, text=True,
        env={**os.environ, **compiled},
    )  # fmt: skip
    processor, wall, memory = map(float, done.stderr.splitlines()[-1].split())
    return Run(processor * 1000, wall * 1000, memory / 1e6)


_MEASURE = """
import resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode not in (0, 3):
    sys.exit(done.stderr.decode())
print(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, file=sys.stderr)
"""


if __name__ == "__main__":
    main()
