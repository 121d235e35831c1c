"""axe, layout shift and HTML on every page, state and scheme: what the tests see, counted."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.pages.figures import Figure, at_most
from tests.states import STATES, Stage, open_stage
from tests.validity import find_faults
from tests.visits import Visit, visit


def check_states(browser: Browser, essays: str, undated: str) -> Iterator[Figure]:
    """Yield the figures that hold for every state; both servers run."""
    with (
        tempfile.TemporaryDirectory(prefix="pages-") as folder,
        open_stage(essays, undated, Path(folder)) as stage,
    ):
        visits = {
            s.name: visit(browser, stage.address(s), scripts=True, enter=s.enter) for s in STATES
        }
        yield _judge_axe(visits)
        yield _judge_shifts(visits)
        yield _judge_html(stage, Path(folder))


def _judge_axe(visits: dict[str, Visit]) -> Figure:
    found = [
        f"{name}, {where}: {fault}"
        for name, seen in visits.items()
        for where, faults in seen.faults.items()
        for fault in faults
    ]
    what = f"axe: violations in {len(visits)} states, both schemes, wide and narrow"
    return at_most(what, 0, len(found), "", *found)


def _judge_shifts(visits: dict[str, Visit]) -> Figure:
    shifts = {name: sum(seen.shifts) for name, seen in visits.items()}
    notes = [f"{name}: {shift:.3f}" for name, shift in shifts.items() if shift]
    what = f"cumulative layout shift, the worst of {len(visits)} states"
    return at_most(what, 0, max(shifts.values()), "", *notes)


def _judge_html(stage: Stage, folder: Path) -> Figure:
    faults = find_faults({state.name: stage.fetch(state) for state in STATES}, folder)
    what = f"HTML: faults in {len(STATES)} states (html-validate, the standard's rules)"
    return at_most(what, 0, len(faults), "", *faults)
