"""The clock: the same questions to all peers in turn, round after round.

round 1   searchapp: questions 1 to 60   tantivy: 1 to 60   Whoosh: 1
round 2   tantivy: 61 to 120             Whoosh: 61         searchapp: 61 to 120

No question comes twice, so no cache can answer it; a slow minute of the machine hits all alike.
"""

import gc
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from statistics import median
from typing import Literal

from benchmarks.peers import HITS, Answer, Ask, Question, Stopwatch

Clock = Literal["processor", "wall"]

WARMING = 5  # questions before the first round, for what is made once and then kept
FEW = 20  # answers; with fewer a round has no percentiles of its own


@dataclass(frozen=True)
class Entrant:
    """A peer with its index open; `share` of the questions are put to it."""

    name: str
    share: float
    ask: Ask


@dataclass(frozen=True)
class Asked:
    """A question, its answer, and what it took in milliseconds."""

    question: Question
    answer: Answer
    processor: float
    wall: float


@dataclass(frozen=True)
class Record:
    """All that one peer was asked, by round."""

    rounds: tuple[tuple[Asked, ...], ...]

    def __iter__(self) -> Iterator[Asked]:
        return (asked for asked_in_round in self.rounds for asked in asked_in_round)

    @property
    def questions(self) -> frozenset[Question]:
        """Everything that was asked."""
        return frozenset(asked.question for asked in self)

    def of(self, questions: Collection[Question]) -> "Record":
        """Return the record of these questions alone."""
        return Record(
            tuple(tuple(a for a in asked if a.question in questions) for asked in self.rounds)
        )

    def percentile(self, percent: int, clock: Clock) -> float:
        """Return the median of the rounds' percentiles; of all together where they are few."""
        rounds = [[getattr(a, clock) for a in asked] for asked in self.rounds]
        return percentile_of_rounds(rounds, percent)


def percentile_of_rounds(rounds: Sequence[Sequence[float]], percent: int) -> float:
    """Return the median of the rounds' percentiles; of all together where they are few."""
    if min(map(len, rounds)) < FEW:
        rounds = [list(chain.from_iterable(rounds))]
    return median(_percentile(times, percent) for times in rounds)


def _percentile(times: Sequence[float], percent: int) -> float:
    """Return the smallest of `times` that `percent` of them do not exceed."""
    return sorted(times)[-(-len(times) * percent // 100) - 1]


def ask_in_turn(
    entrants: Sequence[Entrant], questions: Iterator[Question], rounds: int, each: int
) -> dict[str, Record]:
    """Put `each` questions a round to the entrants; return their records by name.

    Fewer where there are not as many; nothing where there are none.

    What this process holds for other reasons, such as the posts, is hidden from the garbage
    collector first: a server would not have it, and collecting is part of an answer's time.
    """
    drawn = list(islice(questions, WARMING + rounds * each))
    warming, fresh = drawn[:WARMING], drawn[WARMING:]
    each = len(fresh) // rounds
    if not each:
        return {}
    for entrant in entrants:
        for question in warming[: max(1, int(WARMING * entrant.share))]:
            entrant.ask(question)
    gc.collect()
    gc.freeze()
    taken: dict[str, list[tuple[Asked, ...]]] = {entrant.name: [] for entrant in entrants}
    for number in range(rounds):
        asked = fresh[number * each : (number + 1) * each]
        turn = number % len(entrants)
        for entrant in (*entrants[turn:], *entrants[:turn]):
            few = asked[: max(1, round(each * entrant.share))]
            taken[entrant.name].append(tuple(_time(entrant.ask, question) for question in few))
    gc.unfreeze()
    return {name: Record(tuple(found)) for name, found in taken.items()}


def _time(ask: Ask, question: Question) -> Asked:
    with Stopwatch() as watch:
        answer = ask(question)
    took = answer.took or watch.took
    return Asked(question, answer, took.processor, took.wall)


def find_differences(ours: Record, theirs: Record) -> list[str]:
    """Return where a peer's totals, number of rows or counts are not ours; none is good."""
    answers = {asked.question: asked.answer for asked in ours}
    found = []
    for asked in theirs:
        reason = _difference(answers[asked.question], asked.answer)
        if reason:
            found.append(f"“{asked.question.typed}”: {reason}")
    return found


def _difference(ours: Answer, theirs: Answer) -> str | None:
    if ours.total != theirs.total:
        return f"{theirs.total} pieces, ours {ours.total}"
    rows = min(HITS, ours.total)
    if theirs.rows != rows or ours.rows < rows:  # ours may go on with pieces of some words
        return f"{theirs.rows} rows and ours {ours.rows} of {ours.total} pieces"
    for name, values in theirs.facets.items():
        if not _agree(ours.facets[name], values):
            return f"{name} {values}, ours {ours.facets[name]}"
    return None


def _agree(ours: Sequence[tuple[str, int]], theirs: Sequence[tuple[str, int]]) -> bool:
    """Whether values and counts are equal; of values that tie for the last place any will do."""
    last = min((count for _, count in ours), default=0)
    above = [{value: n for value, n in counts if n > last} for counts in (ours, theirs)]
    ties = [sum(n == last for _, n in counts) for counts in (ours, theirs)]
    return above[0] == above[1] and ties[0] == ties[1] and len(ours) == len(theirs)
