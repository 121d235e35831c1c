"""`python -m benchmarks.reading`: what reading and rendering posts costs, beside the parser alone.

Processor time is that of all processes, children included; the clock shows what more cores
save. The steps take turns, round after round, so that a slow minute of the machine hits all
alike, and of each the best round counts. Ends with 1 where a figure is missed.
"""

import argparse
import gc
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from searchapp.sources import Cache, read_configuration, read_everything
from searchapp.sources.encodings import decode
from searchapp.sources.frontmatter import part

POSTS = 1_000
ROUNDS = 5
BLOCKS = (12, 36)  # paragraphs, lists, tables and code of a post: 3 to 9 kB, as blogs have them
MOST_FOR_READING = 2.0  # times the parser alone
MOST_FOR_AGAIN = 1 / 20  # of reading
MOST_FOR_CORES = 0.85  # of the time on one core, where there are more

CONTENT = Path(__file__).parent.parent / "content"

OURS = (
    "```python\ndef squares(numbers):\n    return [n * n for n in numbers if n > 2]\n```",
    "| name | steps | loss |\n|---|--:|--:|\n| small | 1,000 | 2.31 |\n| large | 9,000 | 1.87 |",
    "- a first *point*\n- a second, with [a link](https://example.org/a?b=c)\n  - and one within",
    "1. one\n2. two, with `code`\n3. three — “quoted”",
    "> A remark by **somebody else**, which runs over\n> two lines.",
    "As shown elsewhere[^1], $x_1 + y_1$ is enough.\n\n[^1]: In another post.",
)


@dataclass(frozen=True)
class Cost:
    """What something took: processor time of all processes, and the clock."""

    processor: float
    clock: float


def main() -> int:
    """Measure, print the table, and tell whether the figures are reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--content", type=Path, help="measure this folder, not posts of ours")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        content = options.content or write_posts(Path(made) / "content")
        return int(bool(_report(content, Path(made), options.rounds)))


def _report(content: Path, scratch: Path, rounds: int) -> int:
    bodies = list(_bodies(content))
    size = sum(map(len, bodies)) / 1e6
    cores = sorted(os.sched_getaffinity(0))
    print(f"{len(bodies)} posts, {size:.1f} MB, {len(cores)} cores, best of {rounds} rounds\n")
    steps: dict[str, Callable[[int], object]] = {
        "markdown-it-py alone": lambda n: _parse(bodies),
        "reading and rendering, 1 core": lambda n: _read_on(cores[:1], content, scratch / f"a{n}"),
        "reading and rendering, all cores": lambda n: _read_on(cores, content, scratch / f"b{n}"),
        "reading again, unchanged": lambda n: _read_on(cores, content, scratch / f"b{n}"),
    }
    costs = [[_measure(run, n) for run in steps.values()] for n in range(rounds)]
    best = [_best(column) for column in zip(*costs, strict=True)]
    for name, cost in zip(steps, best, strict=True):
        print(f"{name:<40}{cost.processor:8.2f} s processor {cost.clock:8.2f} s clock")
    alone, one, many, again = best
    print()
    return sum((
        _judge("reading / parser alone", one.processor / alone.processor, MOST_FOR_READING),
        _judge("again / reading", again.processor / one.processor, MOST_FOR_AGAIN),
        _judge("all cores / one core, by the clock", many.clock / one.clock, MOST_FOR_CORES),
    ))  # fmt: skip


def _judge(name: str, ratio: float, most: float) -> bool:
    missed = ratio > most
    print(f"{name:<40}{ratio:8.3f}   at most {most:g}: {'MISSED' if missed else 'yes'}")
    return missed


def _best(costs: Sequence[Cost]) -> Cost:
    """Return the least: whatever else the machine did only adds."""
    return Cost(min(cost.processor for cost in costs), min(cost.clock for cost in costs))


def _measure(run: Callable[[int], object], number: int) -> Cost:
    gc.collect()
    processor, clock = _spent(), time.perf_counter()
    run(number)
    return Cost(_spent() - processor, time.perf_counter() - clock)


def _spent() -> float:
    """Return the processor time of this process and of its children that have ended."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _parse(bodies: list[str]) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for body in bodies:
        parser.render(body)


def _read_on(cores: Sequence[int], content: Path, cache: Path) -> None:
    os.sched_setaffinity(0, cores)
    read_everything(read_configuration(content), content, cache=Cache(cache))


def _bodies(content: Path) -> Iterator[str]:
    for path in sorted(content.rglob("*.m*d*")):
        yield part(decode(path.read_bytes())[0]).body


def write_posts(content: Path) -> Path:
    """Write posts made of the blocks of content/'s, always the same ones."""
    drawn = random.Random(2024)
    found = [b for body in _bodies(CONTENT / "blog") for b in re.split(r"\n{2,}", body.strip())]
    blocks = [block for block in found if len(block) > 40] + list(OURS)
    content.mkdir(parents=True)
    for number in range(POSTS):
        chosen = drawn.choices(blocks, k=drawn.randint(*BLOCKS))
        matter = f'---\ntitle: "Post {number}"\ndate: 2024-01-01\ntags: [one, two]\n---\n'
        text = "\n\n".join([*chosen[:2], f"See [another](post-{number // 2}.md).", *chosen[2:]])
        (content / f"post-{number}.md").write_text(f"{matter}{text}\n", encoding="utf-8")
    return content


if __name__ == "__main__":
    sys.exit(main())
