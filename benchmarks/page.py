"""The page that a run prints, and RESULTS.md keeps: figures first, then how, then all tables."""

import os
import platform
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.checking import MOST
from benchmarks.figures import Check, Verdict
from benchmarks.peers import HITS, VALUES, Peer
from benchmarks.verdicts import draw_checks, draw_figures

_HOW = (
    "All peers search the same terms, which our analysis made, in the same fields with the same "
    f"weights, and answer in full: the total, what is stored of the best {HITS} pieces, the "
    f"{VALUES} commonest values of every facet with their counts. They take turns, round after "
    "round, in one process; one in JavaScript has a process of its own and measures itself.",
    "Every question is new to the process: no cache can answer it. Figures are of processor time, "
    "the median of the rounds' p95. Ratios compare the same questions.",
    "A share of the questions is put to slow peers, a smaller one where there are more posts; the "
    "column *asked* has the number. Prefixes that begin other words than terms (`dyi`: dying, stem "
    "die) are not asked, as peers know terms alone.",
    "*Build* is the engine's part, from posts in memory to an index on disk, by all processes "
    "that take part; *memory* what the main one takes at its greatest, beside the posts. *Open* is "
    "the way from a closed index to the first answer, in a new process that has imported all; ours "
    "with its files verified before / verified now. *Change* is the way of one post from memory to "
    "a question that finds it: on disk, but of MiniSearch, which has no file to change.",
    "Over HTTP it is the server's own processor time, all threads together: `searchapp serve` in "
    "its process, one connection kept alive on loopback.",
    "The plain reference is that of the tests, written from the definitions of README's search: "
    "it compares total, hits, their order and scores (within 1e-5), and every count. It is asked "
    f"the timed questions again; beyond 10,000 posts a share of them, beyond {MOST:,} none, where "
    "totals and counts are still compared with the peers' in every answer.",
    "Processor time grows with what else the machine does, as cores share their caches: ratios "
    "hold better than milliseconds, and the load is told above.",
)
_KEPT = (
    "The last five were measured by `make relevance`, which needs the collections; they are read "
    "from `benchmarks/relevance.json`."
)


@dataclass
class Findings:
    """What a run has found so far: figures, comparisons, and lines of the page."""

    verdicts: list[Verdict] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def draw_page(found: Findings, peers: Sequence[Peer], conditions: str) -> Iterator[str]:
    """Yield the whole page."""
    yield "# What `make bench` printed"
    yield ""
    yield from _wrap(conditions)
    yield ""
    yield "## Figures"
    yield ""
    yield from draw_figures(found.verdicts)
    yield ""
    yield from _wrap(_KEPT)
    yield ""
    if found.checks:
        yield "## Whether the answers are right"
        yield ""
        yield from draw_checks(found.checks)
        yield ""
    yield "## How it was measured"
    yield ""
    for paragraph in _HOW:
        yield from _wrap(paragraph)
        yield ""
    yield from (f"- {peer.NAME}: {peer.SETUP}" for peer in peers)
    yield from ("", *found.lines)


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, 100, break_long_words=False, break_on_hyphens=False)


def describe_machine() -> str:
    """Return what the machine is."""
    return (
        f"{os.cpu_count()} cores ({_name_processor()}), {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def _name_processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def describe_load() -> str:
    """Return how busy the machine has been in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}"
