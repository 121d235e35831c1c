"""`python -m benchmarks.reading`: what reading and rendering posts costs, beside the parser alone.

Processor time is that of all processes, children included, the median of the rounds; the clock
shows what more cores save. Ends with 1 where a figure is missed.
"""

import argparse
import os
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from searchapp.sources import Cache, read_configuration, read_everything
from searchapp.sources.encodings import decode
from searchapp.sources.frontmatter import part

POSTS = 1_000
ROUNDS = 3
BLOCKS = (12, 36)  # paragraphs, lists, tables and code of a post: 3 to 9 kB, as blogs have them
MOST_FOR_READING = 2.0  # times the parser alone
MOST_FOR_AGAIN = 1 / 20  # of reading

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
        return _report(content, Path(made), options.rounds)


def _report(content: Path, scratch: Path, rounds: int) -> int:
    bodies = list(_bodies(content))
    size = sum(map(len, bodies)) / 1e6
    cores = sorted(os.sched_getaffinity(0))
    print(f"{len(bodies)} posts, {size:.1f} MB, {len(cores)} cores, median of {rounds} rounds\n")
    alone = _median(rounds, lambda n: _parse(bodies))
    _print("markdown-it-py alone", alone)
    read: list[Cost] = []
    for used in sorted({1, len(cores)}):
        os.sched_setaffinity(0, cores[:used])
        read.append(_median(rounds, lambda n, used=used: _read(content, scratch / f"{used}-{n}")))
        _print(f"reading and rendering, {used} core{'s' if used > 1 else ''}", read[-1])
    again = _median(rounds, lambda n: _read(content, scratch / f"{len(cores)}-{n}"))
    _print("reading again, unchanged", again)
    ratios = (
        ("reading / parser alone", read[0].processor / alone.processor, MOST_FOR_READING),
        ("again / reading", again.processor / read[0].processor, MOST_FOR_AGAIN),
    )
    print()
    for name, ratio, most in ratios:
        print(f"{name:<40}{ratio:8.3f}   at most {most:g}: {'yes' if ratio <= most else 'MISSED'}")
    return int(any(ratio > most for _, ratio, most in ratios))


def _print(name: str, cost: Cost) -> None:
    print(f"{name:<40}{cost.processor:8.2f} s processor {cost.clock:8.2f} s clock")


def _median(rounds: int, run: Callable[[int], object]) -> Cost:
    costs = []
    for number in range(rounds):
        processor, clock = _spent(), time.perf_counter()
        run(number)
        costs.append(Cost(_spent() - processor, time.perf_counter() - clock))
    return Cost(
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.clock for cost in costs),
    )


def _spent() -> float:
    """Return the processor time of this process and of its children that have ended."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _parse(bodies: list[str]) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for body in bodies:
        parser.render(body)


def _read(content: Path, cache: Path) -> None:
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
