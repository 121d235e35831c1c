"""Reads one file: what it gives, entry by entry, told as events.

    file --Reader--> outcomes --Maker--> begin, document, skipped, held back, warning, repaired,
                                                                         empty tag, astray

An event is told as soon as it is known, so that what was read before a file killed its reader
is not lost.
"""

import hashlib
import json
from collections.abc import Iterator

from searchapp.errors import ContentError
from searchapp.sources.about import render_about
from searchapp.sources.encodings import decode
from searchapp.sources.entries import Maker
from searchapp.sources.events import ABOUT_PAGE, Event, Surroundings, Task
from searchapp.sources.files import read_bytes, relative_to
from searchapp.sources.inheriting import inherit
from searchapp.sources.model import EmptyTag, Entry, HeldBack, Outcome, Remark, SourceFile
from searchapp.sources.readers import READERS


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
    if made.astray:
        yield Event("astray", entry.line, json.dumps(made.astray))
    yield Event("document", entry.line, document=made.document)
