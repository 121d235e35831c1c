"""Remembers what each file gave, by its content: a file that did not change is not read again.

    index/cache/documents.sqlite    readings: source and path -> state, stamp, answers, events
                                    texts: what is long of the events' documents

The stamp is made of the file's bytes, of those of the files above it, of what sources.toml says
and of this code; the answers are what the reading asked of its surroundings. A file is hashed
unless it has the size, times (that of the last change of any kind among them, which nobody can
set) and inode that it had when it last was: touching one changes nothing, and an edit with the
old time put back is seen.
Each row carries its own hash, and holds JSON, never code; a damaged row, or file, only costs
reading again. What is long of a document is read where it is asked for, see `keeping.py`.
"""

import hashlib
import sqlite3
import unicodedata
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from searchapp.errors import ContentError, KeptTextError
from searchapp.sources.events import Event, Surroundings, Task
from searchapp.sources.files import hash_file, state_of
from searchapp.sources.keeping import (
    InOrder,
    KeptTexts,
    Texts,
    read_events,
    read_texts,
    seal_texts,
    split_events,
)
from searchapp.sources.readers import READERS
from searchapp.sources.tracing import answers_hold
from searchapp.versions import PYTHON, version_of

NAME = "documents.sqlite"

_ROOT = Path(__file__).parent.parent
_ROOMS = ("sources", "text")  # and the modules beside them that these build on
_MODULES = ("documents.py", "errors.py", "languages.py", "slugs.py", "toml.py", "urls.py")
_PACKAGES = (
    "feedparser", "ftfy", "markdown-it-py", "math-core", "mdit-py-plugins", "nh3",
    "python-frontmatter", "PyYAML",
)  # fmt: skip


_TOLD = frozenset(
    (
        "document",
        "skipped",
        "held_back",
        "warning",
        "repaired",
        "empty_tag",
        "page",
        "above",
        "astray",
    )
)


@lru_cache(maxsize=1)
def stamp_of_code() -> str:
    """Return a hash of all code that turns bytes into documents, ours and others'."""
    digest = hashlib.sha256()
    paths = [path for room in _ROOMS for path in sorted((_ROOT / room).rglob("*.py"))]
    for path in (*paths, *(_ROOT / name for name in _MODULES)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = [version_of(package) for package in _PACKAGES]
    versions += [PYTHON, unicodedata.unidata_version]
    digest.update(repr(versions).encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Former:
    """What a file gave before it changed, and the mark of that."""

    task: Task
    mark: str
    events: Sequence[Event]


def told_of(events: Sequence[Event]) -> list[Event]:
    """Return those events of a reading that tell what the file holds."""
    return [event for event in events if event.kind in _TOLD]


@dataclass
class Cache:
    """What the files of one content folder gave, kept below the index folder.

    Use it as a context, which may be entered again inside; what is put is kept where the block
    ends well. `fresh` reads nothing of what was there, and writes it anew. Where it is `late`,
    documents read what is long of them when they are asked for it, until the cache is closed:
    that is for who holds the lock on building, since nobody else may write meanwhile.
    """

    folder: Path
    fresh: bool = False
    writes: bool = True
    late: bool = False
    documents_read: int = 0  # of files that had to be read
    _rows: sqlite3.Connection | None = None
    _entered: int = 0
    _settings: dict[str, str] = field(default_factory=dict)
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _marks: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _held: dict[str, bool] = field(default_factory=dict)
    _events: InOrder = field(default_factory=InOrder)
    _texts: InOrder = field(default_factory=InOrder)

    def __post_init__(self) -> None:
        self._late_texts = KeptTexts(self.folder / NAME)

    def __enter__(self) -> "Cache":
        self._entered += 1
        if self._entered > 1:
            return self
        with suppress(OSError, sqlite3.Error):
            self._rows = self._open()
            self._events = InOrder(self._rows, "SELECT name, events FROM readings")
            self._texts = InOrder(self._rows, "SELECT name, seal, texts FROM texts")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._entered -= 1
        if self._entered or self._rows is None:
            return
        self._events, self._texts = InOrder(), InOrder()
        with suppress(sqlite3.Error):
            if kind is None and self.writes:
                known = None if self.fresh else self._known
                _drop_vanished(self._rows, set(self._names.values()), known)
                self._rows.commit()
        self._rows.close()
        self._rows = None

    def close(self) -> None:
        """Let documents read no more of what is long."""
        self._late_texts.close()

    def _open(self) -> sqlite3.Connection | None:
        path = self.folder / NAME
        if not self.writes:
            rows = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            return self._learn(rows)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._learn(_prepare(path))
        except sqlite3.DatabaseError:  # damaged, or no database: it holds nothing of worth
            path.unlink(missing_ok=True)
            return _prepare(path)

    def _learn(self, rows: sqlite3.Connection) -> sqlite3.Connection:
        """Note what is known of each file, but for what it gave, which is long."""
        if self.fresh:
            return rows
        try:
            known = rows.execute("SELECT name, state, stamp, seal, answers FROM readings")
            self._known = {row[0]: row[1:] for row in known}
            if not all(isinstance(name, str) for name in self._known):  # pages of zeros
                raise sqlite3.DatabaseError("a row has no name")
        except sqlite3.Error:
            rows.close()  # before another file has its name
            raise
        return rows

    def find(self, task: Task, around: Surroundings) -> list[Event] | None:
        """Return what the file gave when it was read last, None if it must be read."""
        if not self._would_be_the_same(task, around) or self._rows is None:
            return None
        key = _key(task)
        name = self._names[key]
        try:
            _, stamp, seal, answers = self._known[name]
            events = self._events.row(name)[0]
            if seal == _seal(name, stamp, answers, events):
                return read_events(events, self._texts_of(name, seal), at_once=not self.late)
        except (sqlite3.Error, ValueError, TypeError, LookupError, KeptTextError):
            pass
        self._marks[key] = None
        return None

    def _texts_of(self, name: str, seal: str) -> Texts:
        """Return what is long of the documents in a file; later, or now with all others."""
        if self.late:
            return self._late_texts.of(name, seal)
        return read_texts(seal, *self._texts.row(name)).__getitem__

    def mark_of(
        self, tasks: Sequence[Task], around: Surroundings, former: "Former | None" = None
    ) -> str | None:
        """Return what stays the same while all files give the same; None if some must be read.

        What was read in the meantime, and put, is known like what was there before. With
        `former`, it is what there was while that file gave what it did.
        """
        keys = [*map(_key, tasks)]
        if not self._marks.keys() >= {*keys}:
            for task in tasks:  # all are looked at
                self._would_be_the_same(task, around)
        marks = [*map(self._marks.get, keys)]
        if former:
            marks[keys.index(_key(former.task))] = former.mark
        if None in marks:
            return None
        return hashlib.sha256("".join(f"{mark}\n" for mark in marks).encode()).hexdigest()

    def find_former(self, tasks: Sequence[Task]) -> "Former | None":
        """Return what was known of the one file that must be read; None if it is not one alone.

        `mark_of` has looked at all of them.
        """
        changed = [task for task in tasks if self._marks.get(_key(task)) is None]
        if len(changed) != 1 or self._rows is None:
            return None
        (task,) = changed
        name = self._names[_key(task)]
        query = "SELECT events, texts.seal, texts FROM readings JOIN texts USING (name)"
        try:
            _, stamp, seal, answers = self._known[name]
            ((events, sealed, texts),) = self._rows.execute(f"{query} WHERE name = ?", (name,))
            if seal != _seal(name, stamp, answers, events):
                return None
            long = read_texts(seal, sealed, texts)
            told = read_events(events, long.__getitem__, at_once=True)
            return Former(task, f"{name} {stamp} {seal}", told)
        except (sqlite3.Error, ValueError, TypeError, LookupError):
            return None

    def _would_be_the_same(self, task: Task, around: Surroundings) -> bool:
        """Whether the file is known and would give the same again; it is looked at once."""
        key = _key(task)
        if key not in self._marks:
            self._names[key] = name = _name(task)
            self._marks[key] = self._look_at(name, task, around)
        return self._marks[key] is not None

    def _look_at(self, name: str, task: Task, around: Surroundings) -> str | None:
        """Return the mark of what a file gave, if it would give the same again."""
        if self._rows is None:
            return None
        state = state_of(task.file, task.inside)
        if state:
            self._states[name] = state
        if name not in self._known:
            return None
        before, stamp, seal, answers = self._known[name]
        digest, _, settings = stamp.partition(" ")
        try:
            if settings != self._settings_of(task, around) or not self._hold(answers, around):
                return None
            if state != before or not state:
                found = hash_file(task.file, task.inside, READERS[task.source.kind].limit)
                if found != digest:
                    return None
                if state and self.writes:
                    query = "UPDATE readings SET state = ? WHERE name = ?"
                    self._rows.execute(query, (state, name))
        except (ContentError, sqlite3.Error, ValueError, TypeError):
            return None
        return f"{name} {stamp} {seal}"

    def _hold(self, answers: str, around: Surroundings) -> bool:
        """Whether what was asked would be answered the same; posts of one day ask the same."""
        if answers not in self._held:
            self._held[answers] = answers_hold(answers, around)
        return self._held[answers]

    def put(self, task: Task, around: Surroundings, events: Sequence[Event]) -> None:
        """Keep what a file gave, unless its reader died: another machine may be faster."""
        self.documents_read += sum(event.kind == "document" for event in events)
        if self._rows is None or not self.writes:
            return
        noted = {event.kind: event.reason for event in events}
        if "bytes" not in noted or "answers" not in noted:
            return
        self._names[_key(task)] = name = _name(task)
        stamp = f"{noted['bytes']} {self._settings_of(task, around)}"
        told, texts = split_events(told_of(events))
        seal = _seal(name, stamp, noted["answers"], told)
        row = (name, self._states.get(name, ""), stamp, seal, noted["answers"], told)
        long = (name, seal_texts(seal, texts), texts)
        with suppress(sqlite3.Error):
            self._rows.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)", row)
            self._rows.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?)", long)
            self._marks[_key(task)] = f"{name} {stamp} {seal}"
            self._known[name] = row[1], stamp, seal, noted["answers"]

    def _settings_of(self, task: Task, around: Surroundings) -> str:
        if task.source.name not in self._settings:
            bare = replace(around.configuration, sources=(), today=None)
            source = replace(task.source, line=None)
            settings = repr((source, bare.site, sorted(bare.hosts.items())))
            both = stamp_of_code() + settings
            self._settings[task.source.name] = hashlib.sha256(both.encode()).hexdigest()
        above = around.above.digest(task.source, task.file)
        return f"{self._settings[task.source.name]} {above}"


def _drop_vanished(rows: sqlite3.Connection, seen: set[str], known: Collection[str] | None) -> None:
    """Forget the files that are gone; `known` are those that stand there, if that was read."""
    if known is None:
        known = [name for (name,) in rows.execute("SELECT name FROM readings")]
    gone = [(name,) for name in known if name not in seen]
    rows.executemany("DELETE FROM readings WHERE name = ?", gone)
    rows.executemany("DELETE FROM texts WHERE name = ?", gone)


def _prepare(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    rows = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    rows.execute("PRAGMA synchronous = OFF")  # what a power cut takes is read again
    rows.execute(
        "CREATE TABLE IF NOT EXISTS readings (name TEXT PRIMARY KEY, state TEXT, stamp TEXT,"
        " seal TEXT, answers TEXT, events TEXT) WITHOUT ROWID"
    )
    rows.execute(
        "CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, seal TEXT, texts TEXT)"
        " WITHOUT ROWID"
    )
    rows.execute("BEGIN IMMEDIATE")
    return rows


def _key(task: Task) -> tuple[str, str]:
    """Return what tells tasks apart in this process, at a tenth of what a name costs."""
    return task.source.name, task.file


def _name(task: Task) -> str:
    name = f"{task.source.name}:{task.name}"
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


def _seal(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
