"""The files of a generation: which there are, and what each of them is.

A server looks at a hundred of them at each swap. A `Path` puts each part of its name into a table
of the whole process, which grows by all that was ever in it: so names are text in here.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from searchapp.errors import IndexUnusableError

State = list[int]

BLOCK = 1 << 18  # bytes; the same ones again and again stay in the processor's cache


def walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk through all folders; one that cannot be listed is an error, not an empty one."""

    def refuse(error: OSError) -> None:
        raise error

    return os.walk(folder, onerror=refuse)


def files_below(folder: Path) -> list[str]:
    """Return the names of all files below a folder, as seen from it; raises OSError."""
    above = len(join(folder, ""))
    return sorted(join(path, name)[above:] for path, _, names in walk(folder) for name in names)


def names_in(folder: Path, ending: str) -> list[str]:
    """Return the names in a folder that have an ending, in order; raises OSError."""
    return sorted(name for name in os.listdir(folder) if name.endswith(ending))


def join(folder: Path | str, name: str) -> str:
    """Return the path of a file that is named as seen from a folder."""
    return os.path.join(folder, name)


def open_to_read(path: str) -> BinaryIO:
    """Open a file, as bytes; raises OSError."""
    return open(path, "rb")


def describe(path: str) -> dict[str, int | str]:
    """Return the size in bytes and the SHA-256 of a file; raises IndexUnusableError."""
    digest, size = hashlib.sha256(), 0
    block = memoryview(bytearray(BLOCK))
    try:
        with open(path, "rb", buffering=0) as handle:
            while found := handle.readinto(block):
                digest.update(block[:found])
                size += found
    except OSError as error:
        raise IndexUnusableError(f"{path}: it cannot be read ({error.strerror})") from error
    return {"size": size, "sha256": digest.hexdigest()}


def describe_all(folder: Path) -> dict[str, dict[str, int | str]]:
    """Return what `describe` does of all files below a folder, by their names.

    Python lets go while it hashes, so two threads take little more than half as long as one.
    """
    names, found = files_below(folder), dict[str, dict[str, int | str]]()
    waiting = iter(names)

    def describe_some() -> None:
        with suppress(IndexUnusableError):  # it is met again below, where it is told
            for name in waiting:
                found[name] = describe(join(folder, name))

    beside = Thread(target=describe_some)
    beside.start()
    describe_some()
    beside.join()
    return {name: found.get(name) or describe(join(folder, name)) for name in names}


def state_of(path: Path | str) -> State:
    """Return size, times and inode of a file: what changes where it does. Raises OSError."""
    state = os.stat(path)
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
