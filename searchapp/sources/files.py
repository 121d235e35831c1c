"""Finds the files of a source and reads them.

Reading never waits, never leaves the folder and never takes more bytes than its bound.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from searchapp.errors import ContentError
from searchapp.sources.model import Source

# Controls, halves of characters (bytes that are not UTF-8), changes of direction.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


SETTLED = 2.0  # seconds: the coarsest clock of a file system that is in use, FAT's


def relative_to(path: Path | str, content: Path) -> str:
    """Return `path` relative to the content folder, with slashes, `..` where it is outside.

    Reports show it, and ids are made of it: line ends and commands to a terminal in a name
    are shown as what cannot be shown.
    """
    whole, above = os.fspath(path), f"{content}{os.sep}"
    if whole.startswith(above) and "/." not in whole[len(above) - 1 :]:
        relative = whole[len(above) :]  # the way of nearly all, at a fiftieth of the cost
    else:
        relative = PurePosixPath(os.path.relpath(path, content)).as_posix()
    return relative if relative.isprintable() else _UNPRINTABLE.sub("\ufffd", relative)


def root_of(source: Source, content: Path) -> Path:
    """Return the file or folder that the source reads."""
    return Path(os.path.normpath(content / source.path))


def list_files(root: Path, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of a source's files in their order: `root`, or those below it.

    They are text: to make a `Path` of each takes as long as to ask the system for it.

    Names that begin with a dot are no entries, nor is anything below a folder named so.
    Folders that are links are not entered, so that no loop of links is walked.
    """
    if not is_folder(root):
        yield os.fspath(root)
        return
    found: list[str] = []
    for folder, _, names in walk(root):
        found += (
            f"{folder}{os.sep}{name}"
            for name in names
            if name.lower().endswith(endings) and not name.startswith(".")
        )
    yield from sorted(found)


# These two in one folder say that it is an index, as `blog/index` of the content `blog` is.
_OF_AN_INDEX = frozenset(("build.lock", "CURRENT"))


def walk(
    root: Path, note_closed: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder from `root` down, with the names of its folders and of its files.

    Hidden folders and indexes of ours are passed over; `note_closed` is told of each folder
    that cannot be listed.
    """
    for folder, folders, names in os.walk(root, onerror=note_closed, followlinks=False):
        if _OF_AN_INDEX.issubset(names):
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield folder, folders, names


def is_folder(path: Path) -> bool:
    """Tell whether `path` is a folder; what may not be looked at is none, and is no error."""
    return os.path.isdir(path)  # noqa: PTH112  # a Path raises where the folder above is closed


def read_bytes(path: Path, inside: Path, limit: int) -> bytes:
    """Return the bytes of a plain file below `inside`; refuse all that could hang a build."""
    with _open_plain(path, inside) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_long(limit)
    return content


def hash_file(path: Path | str, inside: Path, limit: int) -> str:
    """Return the SHA-256 of the bytes that `read_bytes` would return."""
    digest, length = hashlib.sha256(), 0
    with _open_plain(path, inside) as file:
        while length <= limit and (block := file.read(2**20)):
            digest.update(block)
            length += len(block)
    if length > limit:
        raise _too_long(limit)
    return digest.hexdigest()


def state_of(path: Path | str, inside: Path) -> str | None:
    """Return what changes whenever a plain file below `inside` may have changed.

    It may be compared with one taken later; None where the file cannot be read as it should,
    and where it changed so shortly ago that a change to come might bear the same time.
    """
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            status = os.stat(_real_path(path, inside))  # noqa: PTH116  # a Path costs twice as much
            _check_plain(status)
    except (OSError, ValueError, ContentError):
        return None
    if abs(time.time() - status.st_ctime) < SETTLED:
        return None
    return (
        f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} "
        f"{status.st_ino} {status.st_dev}"
    )


def _too_long(limit: int) -> ContentError:
    return ContentError(f"has more than {limit // 2**20} MB; split it into smaller files")


@contextmanager
def _open_plain(path: Path | str, inside: Path) -> Iterator[BinaryIO]:
    """Open a plain file that lies below `inside`, links followed.

    Pipes and devices are told by their type before they are opened, and again after, since
    a name may have come to mean another file in between.
    """
    try:
        real = _real_path(path, inside)
        _check_plain(os.stat(real))  # noqa: PTH116  # a Path costs twice what it takes
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _check_plain(os.fstat(descriptor))
            yield file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError(f"cannot be read: {reason}; check that it is there and ours") from error


def _real_path(path: Path | str, inside: Path) -> str:
    """Return where a file really lies; one that is no link lies where it was listed.

    Folders that are links were not walked, so that only the file itself can lead out.
    """
    whole = os.fspath(path)
    if not stat.S_ISLNK(os.lstat(whole).st_mode):
        return whole
    real, root = os.path.realpath(whole), os.path.realpath(inside)
    if not real.startswith(root.rstrip(os.sep) + os.sep):
        raise ContentError("is a link that leads out of the folder; put the file itself here")
    return real


def _check_plain(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ContentError("is not a plain file (a pipe, device or folder); move it elsewhere")
