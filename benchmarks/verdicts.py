"""The figures that are to be reached, and whether they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.opening import Opened
from benchmarks.sharing import THREADS, Shared
from benchmarks.table import Result, short


@dataclass(frozen=True)
class Verdict:
    """One figure at one size: what was to be reached, and what was; None: not measured here.

    A wrong answer ends the run with an error; a figure that is missed is only told.
    """

    what: str
    posts: int
    target: str
    reached: str
    is_met: bool | None
    is_error: bool = False


def judge_times(result: Result) -> Iterator[Verdict]:
    """Yield the figures that a row is to reach at this size."""
    for target in result.row.targets:
        if target.posts != result.posts:
            continue
        unit = f"x {target.peer}" if target.peer else " ms"
        reached = result.reached(target)
        yield Verdict(
            f"{result.row.name}, p95",
            result.posts,
            f"<= {target.most}{unit}",
            "-" if reached is None else f"{short(reached)}{unit}",
            None if reached is None else reached <= target.most,
        )


def judge_answers(result: Result) -> Iterator[Verdict]:
    """Yield whether totals and counts of a row are those of the peers."""
    wrong = sum(map(len, result.differences.values()))
    peers = ", ".join(result.differences)
    yield Verdict(
        f"{result.row.name}: totals and counts of {peers}",
        result.posts,
        "equal",
        f"{wrong} differ",
        not wrong,
        bool(wrong),
    )


def judge_check(result: Result, wrong: Sequence[str]) -> Verdict:
    """Return whether the plain reference gave the same answers."""
    asked = len(list(result.ours))
    return Verdict(
        f"{result.row.name}: hits, totals, counts of the reference",
        result.posts,
        "equal",
        f"{asked - len(wrong)} of {asked}",
        not wrong,
        bool(wrong),
    )


def judge_opening(opened: Sequence[Opened], posts: int) -> Iterator[Verdict]:
    """Yield whether opening is as fast as it is to be."""
    for one in opened:
        if one.target is not None:
            reached = one.took.processor
            yield Verdict(
                f"closed to first answer: {one.name}",
                posts,
                f"<= {one.target} ms",
                f"{reached:.0f} ms",
                reached <= one.target,
            )


def judge_sharing(shared: Shared, posts: int) -> Verdict:
    """Return whether threads were answered as one alone is."""
    bad = bool(shared.errors or shared.wrong)
    reached = f"{shared.errors} errors, {shared.wrong} wrong of {shared.answers:,}"
    return Verdict(f"{THREADS} threads", posts, "0 errors, 0 wrong", reached, not bad, bad)


def draw_verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield the table of all figures."""
    yield "| what | posts | figure | reached | |"
    yield "|---|--:|---|---|---|"
    for one in verdicts:
        word = "not measured" if one.is_met is None else "met" if one.is_met else "NOT MET"
        yield f"| {one.what} | {one.posts:,} | {one.target} | {one.reached} | {word} |"
