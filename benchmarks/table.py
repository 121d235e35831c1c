"""The results in words and tables of Markdown, as they are printed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from benchmarks.building import Built
from benchmarks.corpus import Corpus
from benchmarks.measuring import FEW, Clock, Record, find_differences
from benchmarks.opening import Opened
from benchmarks.peers import Took
from benchmarks.rows import Row, Target
from benchmarks.serving import Served

PERCENTS = (50, 95, 99)
CLOCKS: tuple[Clock, ...] = ("processor", "wall")


@dataclass(frozen=True)
class Index:
    """A peer's index: what it took to build, None where it reads another's, and its files."""

    peer: str
    built: Built | None
    files: Path

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Result:
    """A row at one size: what was measured of each peer, by its name, ours first."""

    row: Row
    posts: int
    records: Mapping[str, Record]

    @property
    def ours(self) -> Record:
        return next(iter(self.records.values()))

    def ratio(self, peer: str, percent: int, clock: Clock) -> float:
        """Return ours by theirs, both of the questions that were put to the peer."""
        theirs = self.records[peer]
        mine = self.ours.of(theirs.questions)
        return mine.percentile(percent, clock) / theirs.percentile(percent, clock)

    @cached_property
    def differences(self) -> dict[str, list[str]]:
        """For each peer, in which answers its totals or counts are not ours."""
        _, *peers = self.records
        return {peer: find_differences(self.ours, self.records[peer]) for peer in peers}

    def reached(self, target: Target) -> float | None:
        """Return what a target is about, None where the peer was not measured."""
        if target.peer is None:
            return self.ours.percentile(95, "processor")
        return self.ratio(target.peer, 95, "processor") if target.peer in self.records else None


def draw(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of Markdown that is one to the eye, too: first column left, others right."""
    lines = [head, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    yield _line(head, widths)
    dashes = ["-" * (width - 1 if i else width) for i, width in enumerate(widths)]
    yield _line([d + ":" if i else d for i, d in enumerate(dashes)], widths)
    yield from (_line(line, widths) for line in lines[1:])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in others)]) + " |"


def short(number: float) -> str:
    """Return a number with the digits that matter."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number >= 0.1 else f"{number:.4f}"


def describe_corpus(corpus: Corpus) -> str:
    """Return a line on the posts: how many, how long, how many tags."""
    posts = len(corpus)
    lengths = [sum(map(len, map(str.split, terms.values()))) for terms in corpus.analysis.fields]
    tags = sum(len(work.tags) for work in corpus.works) / posts
    return (
        f"{posts:,} posts of {sum(lengths) / posts:.0f} words on average, "
        f"{len(corpus.analysis.words):,} different ones; "
        f"{len(corpus.tags):,} tags, {tags:.1f} a post; facets {', '.join(corpus.facets)}"
    )


def draw_indexes(
    indexes: Iterable[Index],
    posts: int,
    opened: Sequence[Opened],
    changed: Mapping[str, Took],
) -> Iterator[str]:
    """Yield the table of what the indexes take: to be built, kept, opened and changed."""
    rows = []
    for index in indexes:
        ways = [one for one in opened if one.peer == index.peer]
        change = changed.get(index.peer)
        rows.append(
            (
                index.peer,
                *_tell_build(index.built, posts),
                f"{index.bytes / 1e6:.1f}",
                " / ".join(f"{one.took.processor:.0f}" for one in ways) or "-",
                " / ".join(f"{one.took.wall:.0f}" for one in ways) or "-",
                short(change.processor) if change else "-",
                short(change.wall) if change else "-",
            )
        )
    head = ("", "build, s of processor", "posts/s", "wall s", "memory MB", "disk MB",
            "open ms", "wall ms", "change ms", "wall ms")  # fmt: skip
    yield from draw(head, rows)


def _tell_build(built: Built | None, posts: int) -> tuple[str, str, str, str]:
    if built is None:  # it reads the index of the one before
        return "(as above)", "-", "-", "-"
    return (
        f"{built.processor:.1f}",
        f"{posts / built.processor:,.0f}",
        f"{built.wall:.1f}",
        f"{built.memory / 1e6:.0f}",
    )


def draw_times(result: Result) -> Iterator[str]:
    """Yield the table of a row at one size: times, and what ours are of each peer's."""
    found = median(asked.answer.total for asked in result.ours)
    rounds = result.ours.rounds
    asked = f"{len(rounds)} rounds of {len(rounds[0])} new questions"
    yield f"{asked}, {found:,.0f} pieces in the median."
    yield f"Each figure is the median of the rounds'; of all, where fewer than {FEW} were asked."
    yield ""
    head = [f"{clock} p{p}" for clock in CLOCKS for p in PERCENTS]
    yield from draw(("ms", *head, "asked"), _list_times(result))


def _list_times(result: Result) -> Iterator[Sequence[str]]:
    for name, record in result.records.items():
        times = (record.percentile(p, clock) for clock in CLOCKS for p in PERCENTS)
        yield (name, *(f"{t:.2f}" for t in times), str(len(list(record))))
    ours, *peers = result.records
    for peer in peers:
        ratios = (result.ratio(peer, p, clock) for clock in CLOCKS for p in PERCENTS)
        yield (f"{ours} / {peer}", *(f"{short(ratio)}x" for ratio in ratios), "")


def draw_served(served: Iterable[Served]) -> Iterator[str]:
    """Yield the table of requests over HTTP."""
    head = [f"{clock} p{p}" for clock in CLOCKS for p in PERCENTS]
    rows = [
        (
            one.kind.name,
            *(f"{one.percentile(p, clock):.2f}" for clock in CLOCKS for p in PERCENTS),
            str(sum(map(len, one.rounds))),
            f"{one.bytes / 1000:.0f}",
        )
        for one in served
    ]
    yield from draw(("ms", *head, "asked", "kB each"), rows)
