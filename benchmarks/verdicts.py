"""All figures that are to be reached, in their order, and which of them are."""

from collections.abc import Iterator, Sequence

from benchmarks import opening, relevance
from benchmarks.figures import Check, Figure, Verdict
from benchmarks.full_builds import BUILT
from benchmarks.rebuilding import REBUILT
from benchmarks.rows import ROWS
from benchmarks.serving import KINDS, Served
from benchmarks.sharing import SHARING, Shared
from benchmarks.table import Result, draw, short


def list_figures() -> Iterator[Figure]:
    """Yield every figure there is."""
    for row in ROWS:
        yield from map(row.figure, row.targets)
    yield from (kind.figure for kind in KINDS)
    yield from BUILT.values()
    yield from REBUILT.values()
    yield from opening.FIGURES.values()
    yield SHARING
    yield from relevance.FIGURES.values()


def judge_times(result: Result) -> Iterator[Verdict]:
    """Yield the figures that a row is to reach at this size."""
    for target in result.row.targets:
        reached = result.reached(target) if target.posts == result.posts else None
        if reached is not None:
            yield result.row.figure(target).judge(reached, f"{short(reached)}{target.unit}")


def judge_served(served: Sequence[Served], posts: int) -> Iterator[Verdict]:
    """Yield the figures of pages over HTTP."""
    for one in served:
        if one.kind.figure.posts == posts:
            reached = one.percentile(95, "processor")
            yield one.kind.figure.judge(reached, f"{reached:.1f} ms")


def judge_sharing(shared: Shared) -> Verdict:
    """Return whether threads were answered as one alone is."""
    told = f"{shared.errors} errors, {shared.wrong} wrong of {shared.answers:,}"
    return SHARING.judge(shared.errors + shared.wrong, told)


def check_peers(result: Result) -> Iterator[Check]:
    """Yield how many answers of each peer have other totals or counts than ours."""
    for peer, wrong in result.differences.items():
        asked = len(list(result.records[peer]))
        yield Check(result.row.name, result.posts, peer, asked, len(wrong))


def draw_figures(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield the table of all figures, also of those that this run did not measure."""
    known = {verdict.figure: verdict for verdict in verdicts}
    rows = []
    for figure in list_figures():
        verdict = known.get(figure)
        word = "not measured" if verdict is None else "met" if verdict.is_met else "NOT MET"
        posts = f"{figure.posts:,}" if figure.posts else ""
        rows.append((figure.what, posts, figure.target, verdict.reached if verdict else "-", word))
    yield from draw(("what", "posts", "figure", "reached", ""), rows)


def draw_checks(checks: Sequence[Check]) -> Iterator[str]:
    """Yield a line that says whether all answers were right, and the table of what was compared."""
    wrong = sum(check.wrong for check in checks)
    compared = sum(check.compared for check in checks)
    yield (
        f"**{wrong:,} of {compared:,} compared answers differ.**"
        if wrong
        else f"**All {compared:,} compared answers are equal.**"
    )
    yield ""
    yield from draw(
        ("answers to", "posts", "beside", "compared", "differ"),
        [(c.what, f"{c.posts:,}", c.whose, f"{c.compared:,}", str(c.wrong)) for c in checks],
    )
