"""Remembers which content folder an index was built from, so that no other site is served for it.

    index/origin    a hash of the folder's path; beside the generations, which only hold content

The same content gives the same generation wherever it lies, so that none of them knows. An index
that was built before this was kept, or copied without it, is taken for that of any folder; so is
one whose note was lost, by a full disk or in a loss of power.
"""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

_NAME = "origin"
_NOTE = re.compile(r"[0-9a-f]{64}")


def remember_origin(index: Path, content: Path) -> None:
    """Note that `index` was built from `content`.

    What is published stays so where this cannot be written, but no older note may stand then.
    """
    beside, note = index / f"{_NAME}.tmp", index / _NAME
    try:
        beside.write_text(_hash_of(content), encoding="ascii")
        beside.replace(note)
    except OSError:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def is_of_another(index: Path, content: Path) -> bool:
    """Tell whether `index` was built from another folder than `content`."""
    with suppress(OSError, UnicodeDecodeError):
        note = (index / _NAME).read_text(encoding="ascii")
        return _NOTE.fullmatch(note) is not None and note != _hash_of(content)
    return False


def _hash_of(content: Path) -> str:
    return hashlib.sha256(os.fsencode(content.resolve())).hexdigest()
