"""Remembers what each file gave, by its content: a file that did not change is not read again.

    index/cache/documents.sqlite    source and path -> stamp, answers, events

The stamp is made of the file's bytes, of those of the files above it, of what sources.toml says
and of this code; the answers are what the reading asked of its surroundings. Times of files
count for nothing: touching one changes nothing, and an edit with the old time put back is seen.
Each row carries its own hash, and holds JSON, never code; a damaged row, or file, only costs
reading again.
"""

import hashlib
import platform
import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from searchapp.errors import ContentError
from searchapp.sources.events import Event, Surroundings, Task, event_from_json, event_to_json
from searchapp.sources.files import hash_file
from searchapp.sources.readers import READERS
from searchapp.sources.tracing import answers_hold

_ROOT = Path(__file__).parent.parent
_ROOMS = ("sources", "text")  # and the modules beside them that these build on
_MODULES = ("documents.py", "errors.py", "slugs.py", "urls.py")
_PACKAGES = (
    "feedparser", "ftfy", "markdown-it-py", "mdit-py-plugins", "nh3", "python-frontmatter",
    "PyYAML",
)  # fmt: skip


_TOLD = frozenset(
    ("document", "skipped", "held_back", "warning", "repaired", "empty_tag", "page", "above")
)


@lru_cache(maxsize=1)
def stamp_of_code() -> str:
    """Return a hash of all code that turns bytes into documents, ours and others'."""
    digest = hashlib.sha256()
    paths = [path for room in _ROOMS for path in sorted((_ROOT / room).rglob("*.py"))]
    for path in (*paths, *(_ROOT / name for name in _MODULES)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = [version(package) for package in _PACKAGES]
    versions += [platform.python_version(), unicodedata.unidata_version]
    digest.update(repr(versions).encode())
    return digest.hexdigest()


@dataclass
class Cache:
    """What the files of one content folder gave, kept below the index folder.

    Use it as a context; what is put is kept where the block ends well. `fresh` reads
    nothing of what was there, and writes it anew.
    """

    folder: Path
    fresh: bool = False
    writes: bool = True
    _rows: sqlite3.Connection | None = None
    _settings: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def __enter__(self) -> "Cache":
        with suppress(OSError, sqlite3.Error):
            self._rows = self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._rows is None:
            return
        with suppress(sqlite3.Error):
            if kind is None and self.writes:
                _drop_vanished(self._rows, self._seen)
                self._rows.commit()
        self._rows.close()
        self._rows = None

    def _open(self) -> sqlite3.Connection | None:
        path = self.folder / "documents.sqlite"
        if not self.writes:
            return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _prepare(path)
        except sqlite3.DatabaseError:  # damaged, or no database: it holds nothing of worth
            path.unlink(missing_ok=True)
            return _prepare(path)

    def find(self, task: Task, around: Surroundings) -> list[Event] | None:
        """Return what the file gave when it was read last, None if it must be read."""
        name = _name(task)
        self._seen.add(name)
        if self._rows is None or self.fresh:
            return None
        try:
            query = "SELECT stamp, seal, answers, events FROM files WHERE name = ?"
            row = self._rows.execute(query, (name,)).fetchone()
            if row is None or row[1] != _seal(name, row[0], row[2], row[3]):
                return None
            digest = hash_file(task.path, task.inside, READERS[task.source.kind].limit)
            if row[0] != self._stamp(task, around, digest):
                return None
            if not answers_hold(row[2], around):
                return None
            return [event_from_json(line) for line in row[3].split("\n") if line]
        except (ContentError, sqlite3.Error, ValueError, TypeError, KeyError):
            return None

    def put(self, task: Task, around: Surroundings, events: Sequence[Event]) -> None:
        """Keep what a file gave, unless its reader died: another machine may be faster."""
        if self._rows is None or not self.writes:
            return
        noted = {event.kind: event.reason for event in events}
        if "bytes" not in noted or "answers" not in noted:
            return
        name, stamp = _name(task), self._stamp(task, around, noted["bytes"])
        told = "\n".join(event_to_json(event) for event in events if event.kind in _TOLD)
        row = (name, stamp, _seal(name, stamp, noted["answers"], told), noted["answers"], told)
        with suppress(sqlite3.Error):
            self._rows.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)

    def _stamp(self, task: Task, around: Surroundings, digest: str) -> str:
        if task.source.name not in self._settings:
            bare = replace(around.configuration, sources=(), today=None)
            source = replace(task.source, line=None)
            settings = repr((source, bare.site, sorted(bare.hosts.items())))
            both = stamp_of_code() + settings
            self._settings[task.source.name] = hashlib.sha256(both.encode()).hexdigest()
        above = around.above.digest(task.source, task.path)
        return f"{digest} {self._settings[task.source.name]} {above}"


def _drop_vanished(rows: sqlite3.Connection, seen: set[str]) -> None:
    known = [name for (name,) in rows.execute("SELECT name FROM files")]
    gone = [(name,) for name in known if name not in seen]
    rows.executemany("DELETE FROM files WHERE name = ?", gone)


def _prepare(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    rows = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    rows.execute("PRAGMA synchronous = OFF")  # what a power cut takes is read again
    rows.execute(
        "CREATE TABLE IF NOT EXISTS files"
        " (name TEXT PRIMARY KEY, stamp TEXT, seal TEXT, answers TEXT, events TEXT) WITHOUT ROWID"
    )
    rows.execute("BEGIN IMMEDIATE")
    return rows


def _name(task: Task) -> str:
    return f"{task.source.name}:{task.name}".encode("utf-8", "backslashreplace").decode()


def _seal(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
