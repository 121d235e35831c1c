"""Tells that nothing has changed since the last build, before anything is joined or indexed.

content/ --listed, looked at--> mark --the same as in index/cache/inputs.json?--> the report there

The mark stands for all that a build reads: what each file gave, as the cache of readings knows
it, what the owner's `.toml` files say, and the code itself. The same marks give the same
generation, so the way from one to the other need not be gone again. The note carries its own
hash, and may be deleted at any time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from searchapp.engine.generations import Generation, current_name, current_stamps, newest_good
from searchapp.errors import IndexUnusableError
from searchapp.sources import Plan
from searchapp.sources.model import LISTS
from searchapp.versions import PYTHON

NOTE = Path("cache") / "inputs.json"  # below the index folder


def look_around(content: Path, plan: Plan) -> list[str]:
    """Return what names all that a build is made of beside what the files give that are read."""
    parts = [_stamp_of_all_code(), repr(current_stamps()), *plan.unread()]
    parts += (_hash_of(content / name) for name in LISTS)
    return parts


def mark_of_inputs(around: Sequence[str], read: str | None) -> str | None:
    """Return what names all that a build would be made of; `read` names what files gave."""
    if read is None:
        return None
    named = "\n".join((read, *around)).encode("utf-8", "backslashreplace")
    return hashlib.sha256(named).hexdigest()


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error.errno)


@lru_cache(maxsize=1)
def _stamp_of_all_code() -> str:
    return hash_files(sorted(Path(__file__).parent.rglob("*.py")), PYTHON)


def hash_files(paths: Iterable[Path], begin: str = "") -> str:
    """Return one hash of some files, with their names."""
    digest = hashlib.sha256(begin.encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Noted:
    """What the last build noted: the mark of what it read, what it published, what it reported."""

    mark: str
    generation: Generation
    report: dict[str, Any]


def find_unchanged(index: Path, mark: str | None) -> Noted | None:
    """Return what the last build noted, if it is of what has that mark.

    The report is that of the last build, not of the one that wrote the generation: an entry
    that is skipped since then changes the report alone.
    """
    return read_note(index, lambda noted: noted == mark) if mark else None


def read_note(index: Path, is_wanted: Callable[[str], bool]) -> Noted | None:
    """Return what the last build noted, where its mark is wanted and its generation is current."""
    try:
        seal, _, note = (index / NOTE).read_text("ascii").partition("\n")
        if seal != _seal(note):
            return None
        noted = json.loads(note)
        if not is_wanted(noted["mark"]):
            return None
        current = newest_good(index)
        is_current = current.path.name == current_name(index)
        if not is_current or current.manifest["fingerprint"] != noted["fingerprint"]:
            return None
        return Noted(noted["mark"], current, dict(noted["report"]))
    except (OSError, ValueError, KeyError, TypeError, IndexUnusableError):
        return None


def note_inputs(
    index: Path, mark: str | None, generation: Generation, report: Mapping[str, object]
) -> None:
    """Note what the current generation was made of, and what was reported, for the next build."""
    path = index / NOTE
    with suppress(OSError):
        if mark is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fingerprint = generation.manifest["fingerprint"]
        note = json.dumps({"mark": mark, "fingerprint": fingerprint, "report": report})
        beside = path.with_name(f"{path.name}.tmp")
        beside.write_text(f"{_seal(note)}\n{note}", "ascii")
        beside.replace(path)


def _seal(note: str) -> str:
    return hashlib.sha256(note.encode("ascii")).hexdigest()
