"""Tells what the system refuses a build, room or rights or files to open, in one line.

Such an error may come from any call, of ours or of a library's, and is no bug of either: so it is
caught around whole steps, and told with what the owner can do about it.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchapp.errors import SearchappError

_MORE_FILES = "let it open more files at once (`ulimit -n`)"
_REMEDIES = {
    errno.EMFILE: _MORE_FILES,
    errno.ENFILE: _MORE_FILES,
    errno.ENOMEM: "free memory, or end other processes",
    errno.EIO: "check the disk, or choose another folder with --index",
}
_ROOM = "free the disk or choose another folder with --index"


@contextmanager
def tell_refusals(index: Path, doing: str) -> Iterator[None]:
    """Raise SearchappError for what the system refuses within: what `doing` says cannot be done.

    A reader of our output that is gone is not meant: BrokenPipeError goes on.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.Error) as error:
        said, remedy = str(error), _ROOM
        if isinstance(error, OSError):
            said = error.strerror or str(error)
            remedy = _REMEDIES.get(error.errno or 0, _ROOM)
        raise SearchappError(f"{index}: {doing} ({said}); {remedy}") from error
