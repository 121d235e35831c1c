"""Progress on a terminal: how far it is, how fast, how long it still takes; nothing in a pipe.

A bar appears after a second, and is gone when the command ends: what was done is told in words.
"""

import sys
import time
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0  # seconds; what is done by then needs no bar


class Bar:
    """A bar on stderr for the time of a `with` block; none where stderr is no terminal."""

    def __init__(self, step: str = "reading", unit: str = "files") -> None:
        self._step, self._unit = step, unit
        self._begun = time.monotonic()
        self._shown: Progress | None = None
        self._soon: Timer | None = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._soon:
            self._soon.cancel()
            self._soon.join()
        if self._shown:
            self._shown.stop()

    def move(self, done: int, whole: int) -> None:
        """Show that so much of the whole is done."""
        if self._shown is None and whole and self._is_due():
            self._start(whole)
        if self._shown:
            self._shown.update(self._shown.task_ids[0], completed=done, total=whole)

    def tell(self, step: str) -> None:
        """Show which step is being made, of which nobody knows how long it takes."""
        if self._soon or step == self._step:
            self._step = step
        elif self._shown:
            self._shown.reset(self._shown.task_ids[0], description=step, total=None)
        elif sys.stderr.isatty():
            self._step = step
            # A thread of ours, so only now: the readers of files are forked while there is one.
            wait = max(0.0, PATIENCE - (time.monotonic() - self._begun))
            self._soon = Timer(wait, self._start, [None])
            self._soon.daemon = True
            self._soon.start()

    def _is_due(self) -> bool:
        return sys.stderr.isatty() and time.monotonic() - self._begun >= PATIENCE

    def _start(self, whole: int | None) -> None:
        self._shown = _draw(self._step, self._unit, whole)


def _draw(step: str, unit: str, whole: int | None) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Known(ProgressColumn):
        """How much of how much, how fast, and how long still; of a step alone, how long by now."""

        def render(self, task: Task) -> Text:
            if task.total is None:
                return Text(f"{task.elapsed or 0:.0f} s")
            parts = [f"{task.completed:,.0f}/{task.total:,.0f} {unit}"]
            if task.speed:
                parts.append(f"{task.speed:,.0f}/s")
            if task.time_remaining is not None and not task.finished:
                parts.append(f"{_clock(task.time_remaining)} left")
            return Text("  ".join(parts))

    columns = (TextColumn("{task.description}"), BarColumn(24), Known())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    shown.add_task(step, total=whole)
    shown.start()
    return shown


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
