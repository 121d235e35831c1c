"""Reads one file: what it gives, entry by entry, as events that can travel between processes.

    file --Reader--> outcomes --Maker--> begin, document, skipped, held back, warning, repaired,
                                                                                empty tag

An event is told as soon as it is known, so that what was read before a file killed its reader
is not lost.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from searchapp.documents import Document, Section
from searchapp.errors import ContentError, Finding
from searchapp.sources.about import ABOUT, About, render_about
from searchapp.sources.above import Above
from searchapp.sources.encodings import decode
from searchapp.sources.entries import Maker
from searchapp.sources.files import read_bytes, relative_to
from searchapp.sources.inheriting import inherit
from searchapp.sources.model import (
    Configuration,
    EmptyTag,
    Entry,
    HeldBack,
    Outcome,
    Remark,
    Source,
    SourceFile,
)
from searchapp.sources.posts import Posts
from searchapp.sources.readers import READERS

Kind = Literal[
    "bytes",
    "begin",
    "document",
    "skipped",
    "held_back",
    "warning",
    "repaired",
    "empty_tag",
    "page",
    "above",
    "answers",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that reading a file gave.

    `bytes` gives the hash of the file, `begin` says that an entry is about to be made (its
    reason is its number in the file), `document` that it was, `answers` what the reading
    asked of its surroundings. The others have a reason, and `empty_tag` has the tag as its.
    about.md gives a `page`, in JSON; what is wrong with a file `above` a post, in JSON its
    path and why, is told of that file.
    """

    kind: Kind
    line: int | None = None
    reason: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file is read with, besides its bytes: the configuration, what lies around it."""

    configuration: Configuration
    content: Path
    keys: Posts
    above: Above


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read: `inside` is the folder that it may not lead out of.

    `done` outcomes of it were told before, and gave documents with the ids `used`.
    """

    source: Source
    path: Path
    inside: Path
    done: int = 0
    used: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The file's path below the source's."""
        return relative_to(self.path, self.inside)


# Stands for about.md, which belongs to no source; no source has an empty name.
ABOUT_PAGE = Source(name="", kind="markdown", path=ABOUT, site="")


def task_of_about(content: Path) -> list[Task]:
    """Return the task of reading about.md, where there is one."""
    path = content / ABOUT
    return [Task(ABOUT_PAGE, path, content)] if path.is_file() else []


def about_of(events: Iterable[Event]) -> About:
    """Return the page that the events of its task tell of; a bad one is a warning."""
    html, images, warnings = None, [], []
    for event in events:
        if event.kind == "page":
            html, images = json.loads(event.reason)
        elif event.kind in ("skipped", "warning"):
            warnings.append(Finding(ABOUT, event.line, event.reason))
    return About(html, tuple(images), tuple(warnings))


def read_file(task: Task, around: Surroundings) -> Iterator[Event]:
    """Yield what a file gives; whatever is wrong with it costs one skipped entry."""
    try:
        yield from _read(task, around)
    except Exception as error:
        yield _skipped(error, None)


def _skipped(error: Exception, line: int | None) -> Event:
    """Return what is told of an entry that could not be read; nothing that is raised is more."""
    if isinstance(error, ContentError):
        return Event("skipped", error.line or line, error.reason)
    if isinstance(error, MemoryError):
        return Event("skipped", line, "needs more memory than one entry may have; split it")
    if isinstance(error, RecursionError):
        return Event("skipped", line, "is nested too deep to be read; make it flat")
    what = f"{type(error).__name__}: {error}"  # our fault, but it must not cost the others
    return Event("skipped", line, f"searchapp failed on it ({what}); please report this")


def _read(task: Task, around: Surroundings) -> Iterator[Event]:
    reader = READERS[task.source.kind]
    raw = read_bytes(task.path, task.inside, reader.limit)
    yield Event("bytes", None, hashlib.sha256(raw).hexdigest())
    if task.source == ABOUT_PAGE:
        page = render_about(raw, around.content, around.configuration, around.keys)
        yield Event("page", None, json.dumps([page.html, page.images]))
        return
    text, warnings = ("", []) if reader.binary else decode(raw)
    shown = relative_to(task.path, around.content)
    file = SourceFile(task.source, task.path, shown, task.name, text, raw if reader.binary else b"")
    del raw
    maker = Maker(task.source, reader, around.configuration, around.content, around.keys)
    if reader.identity == "path":
        maker.inherited = inherit(task.source, task.path, task.name, around.above)
    yield from (Event("above", None, json.dumps(note)) for note in maker.inherited.notes)
    maker.used.update(dict.fromkeys(task.used, 1))
    if not task.done:
        yield from (Event("warning", line, reason) for line, reason in warnings)
    for number, outcome in enumerate(reader.read(file)):
        if number >= task.done:
            yield from _events(maker, file, outcome, number)


def _events(maker: Maker, file: SourceFile, outcome: Outcome, number: int) -> Iterator[Event]:
    if isinstance(outcome, Entry):
        yield Event("begin", outcome.line, str(number))
        yield from _make(maker, file, outcome)
    elif isinstance(outcome, EmptyTag):
        yield Event("empty_tag", None, maker.mend(outcome.name))
    elif isinstance(outcome, Remark):
        yield Event("warning", outcome.line, outcome.reason)
    elif isinstance(outcome, HeldBack):
        yield Event("held_back", outcome.line, outcome.reason)
    else:
        yield Event("skipped", outcome.line, outcome.reason)


def _make(maker: Maker, file: SourceFile, entry: Entry) -> Iterator[Event]:
    try:
        made = maker.make(file, entry)
    except Exception as error:
        yield _skipped(error, entry.line)
        return
    if isinstance(made, HeldBack):
        yield Event("held_back", made.line, made.reason)
        return
    for line, reason in entry.warnings:
        yield Event("warning", line, reason)
    for name, reason in made.warnings:
        yield Event("warning", entry.lines.get(name, entry.line), reason)
    for name, reason in made.repairs:
        yield Event("repaired", entry.lines.get(name, entry.line), reason)
    yield Event("document", entry.line, document=made.document)


# --- As JSON --------------------------------------------------------------------------

_DEFAULTS = {f.name: f.default for f in fields(Document)}


def event_to_json(event: Event) -> str:
    """Return an event on one line."""
    stated: list[object] = [event.kind, event.line, event.reason]
    if event.document:
        stated.append(_document_to_json(event.document))
    return json.dumps(stated)


def event_from_json(line: str | bytes) -> Event:
    """Return the event that `event_to_json` wrote."""
    kind, at, reason, *document = json.loads(line)
    return Event(kind, at, reason, _document_from_json(document[0]) if document else None)


def _document_to_json(document: Document) -> dict[str, object]:
    stated: dict[str, object] = {}
    for name, default in _DEFAULTS.items():
        value = getattr(document, name)
        if value != default:
            stated[name] = value.isoformat() if isinstance(value, dt.date) else value
    if document.sections:
        stated["sections"] = [[s.title, s.anchor, s.start] for s in document.sections]
    return stated


def _document_from_json(stated: dict[str, Any]) -> Document:
    for name, value in stated.items():
        if isinstance(value, list):
            stated[name] = tuple(value)
    if "sections" in stated:
        stated["sections"] = tuple(Section(*section) for section in stated["sections"])
    if "code" in stated:
        stated["code"] = tuple(map(tuple, stated["code"]))
    if "date" in stated:
        stated["date"] = dt.date.fromisoformat(stated["date"])
    return Document(**stated)
