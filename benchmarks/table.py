"""The results in words and columns, as they are printed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from benchmarks.building import Built
from benchmarks.corpus import Corpus
from benchmarks.measuring import FEW, Clock, Record, find_differences
from benchmarks.rows import Row, Target

PERCENTS = (50, 95, 99)
CLOCKS: tuple[Clock, ...] = ("processor", "wall")
SHOWN = 3  # differences told in full


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


def draw_indexes(indexes: Iterable[Index]) -> Iterator[str]:
    """Yield the table of what the indexes take."""
    yield f"{'':24}{'build, processor s':>20}{'wall s':>9}{'memory MB':>12}{'disk MB':>9}"
    for index in indexes:
        built = index.built
        took = (
            f"{built.processor:20.1f}{built.wall:9.1f}{built.memory / 1e6:12.0f}"
            if built
            else f"{'(the same, as above)':>41}"
        )
        yield f"{index.peer:24}{took}{index.bytes / 1e6:9.1f}"


def draw_times(result: Result) -> Iterator[str]:
    """Yield the table of a row at one size: times, then ratios."""
    found = median(asked.answer.total for asked in result.ours)
    rounds = result.ours.rounds
    yield f"{result.row.name}; {result.posts:,} posts"
    yield f"{len(rounds)} rounds of {len(rounds[0])} questions, {found:,.0f} pieces in the median;"
    yield f"each figure is the median of the rounds' (with fewer than {FEW} answers, that of all)"
    yield f"{'':24}" + "".join(f"{f'{clock} ms':>18}{'':9}" for clock in CLOCKS)
    yield f"{'':24}" + "".join(f"{f'p{p}':>9}" for _ in CLOCKS for p in PERCENTS) + f"{'asked':>9}"
    for name, record in result.records.items():
        times = (record.percentile(p, clock) for clock in CLOCKS for p in PERCENTS)
        yield f"{name:24}" + "".join(f"{t:9.2f}" for t in times) + f"{len(list(record)):9}"
    ours, *peers = result.records
    for peer in peers:
        ratios = (result.ratio(peer, p, clock) for clock in CLOCKS for p in PERCENTS)
        yield f"{f'{ours} / {peer}':24}" + "".join(f"{short(ratio):>8}x" for ratio in ratios)


def short(number: float) -> str:
    """Return a ratio with the digits that matter."""
    return f"{number:.2f}" if number >= 0.1 else f"{number:.4f}"


def describe_check(result: Result, wrong: Sequence[str]) -> Iterator[str]:
    """Yield lines on whether the plain reference gave our answers."""
    asked = len(list(result.ours))
    right = asked - len(wrong)
    yield f"reference: hits, totals and all counts equal ours in {right} of {asked} answers"
    yield from (f"  {difference}" for difference in wrong[:SHOWN])


def check_answers(result: Result) -> Iterator[str]:
    """Yield lines on whether the peers' totals and counts are ours."""
    for name, wrong in result.differences.items():
        asked = len(list(result.records[name]))
        yield f"{name}: totals and all counts equal ours in {asked - len(wrong)} of {asked} answers"
        yield from (f"  {difference}" for difference in wrong[:SHOWN])
