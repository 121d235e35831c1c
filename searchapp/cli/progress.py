"""Progress on a terminal: how many files are read, how fast, and how long it still takes."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0  # seconds; what is done by then needs no bar


class Bar:
    """A bar on stderr for the time of a `with` block; none where stderr is no terminal."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._shown: Progress | None = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._shown:
            self._shown.stop()

    def move(self, done: int, files: int) -> None:
        """Show that so many of all files are read."""
        if self._shown is None and sys.stderr.isatty() and files:
            if time.monotonic() - self._begun < PATIENCE:
                return
            self._shown = _start(files)
        if self._shown:
            self._shown.update(self._shown.task_ids[0], completed=done, total=files)

    def tell(self, step: str) -> None:
        """Show which step is being made."""
        if self._shown:
            self._shown.update(self._shown.task_ids[0], description=step)


def _start(files: int) -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
    )
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files a second, once any are known."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f} files/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate())
    shown = Progress(*columns, Remaining(), console=Console(stderr=True), transient=True)
    shown.add_task("reading", total=files)
    shown.start()
    return shown
