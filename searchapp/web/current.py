"""The index that answers now: opened when first asked for, moved on when a build ends."""

import threading
import time
from pathlib import Path

from flask import current_app

from searchapp.engine import Index, open_index
from searchapp.errors import IndexUnusableError


class CurrentIndex:
    """Opens the index of a folder once it is there, and keeps it up to date."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index: Index | None = None
        self._opening = threading.Lock()
        self._failed: tuple[int, int] | None = None
        self._reason = ""
        self.is_eager = False  # whether each answer is of what was published last

    def get(self) -> Index:
        """Return the index, of the newest good generation.

        Raises IndexUnusableError where there is none.
        """
        index = self._index or self._open()
        try:
            if self.is_eager:
                index.refresh()
            else:
                index.refresh_at_times()
        except IndexUnusableError:  # what is open was written to, and nothing can replace it
            self._index = None
            raise
        return index

    def _open(self) -> Index:
        """Open the index, but not again within the second of a failure.

        Opening reads every file of a generation, and visitors may knock often.
        """
        with self._opening:
            if self._index is None:
                now = self._changed(), int(time.monotonic())
                if now == self._failed:
                    raise IndexUnusableError(self._reason)
                try:
                    self._index = open_index(self.path)
                except IndexUnusableError as error:
                    self._failed, self._reason = now, str(error)
                    raise
            return self._index

    def _changed(self) -> int:
        try:
            return self.path.stat().st_mtime_ns
        except OSError:
            return 0


def current_index() -> Index:
    """Return the application's index; raises IndexUnusableError where there is none."""
    holder: CurrentIndex = current_app.extensions["index"]
    return holder.get()
