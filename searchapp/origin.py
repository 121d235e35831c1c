"""Remembers which content folder an index was built from, so that no other site is served for it.

    index/origin    a hash of the folder's path; beside the generations, which only hold content

The same content gives the same generation wherever it lies, so that none of them knows. An index
that was built before this was kept, or copied without it, is taken for that of any folder.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

_NAME = "origin"


def remember_origin(index: Path, content: Path) -> None:
    """Note that `index` was built from `content`."""
    beside = index / f"{_NAME}.tmp"
    beside.write_text(_hash_of(content), encoding="ascii")
    beside.replace(index / _NAME)


def is_of_another(index: Path, content: Path) -> bool:
    """Tell whether `index` was built from another folder than `content`."""
    with suppress(OSError, UnicodeDecodeError):
        return (index / _NAME).read_text(encoding="ascii") != _hash_of(content)
    return False


def _hash_of(content: Path) -> str:
    return hashlib.sha256(os.fsencode(content.resolve())).hexdigest()
