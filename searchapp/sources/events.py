"""What reading a file gives, entry by entry, as events that can travel between processes.

`making.py` tells them; they are kept, and sent, as lines of JSON.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from searchapp.documents import Document, Section
from searchapp.errors import Finding
from searchapp.sources.about import ABOUT, About
from searchapp.sources.above import Above
from searchapp.sources.files import relative_to
from searchapp.sources.model import (
    Configuration,
    Source,
)
from searchapp.sources.posts import Posts

Kind = Literal[
    "bytes",
    "begin",
    "document",
    "skipped",
    "held_back",
    "warning",
    "repaired",
    "astray",
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
    `astray` has in JSON the kind and the target of each link that is no file of ours.
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
    """A file to be read, by its path: `inside` is the folder that it may not lead out of.

    `done` outcomes of it were told before, and gave documents with the ids `used`.
    """

    source: Source
    file: str
    inside: Path
    done: int = 0
    used: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The file's path below the source's."""
        return relative_to(self.file, self.inside)

    @property
    def path(self) -> Path:
        """Its path, to be taken apart."""
        return Path(self.file)


# Stands for about.md, which belongs to no source; no source has an empty name.
ABOUT_PAGE = Source(name="", kind="markdown", path=ABOUT, site="")


def task_of_about(content: Path) -> list[Task]:
    """Return the task of reading about.md, where there is one."""
    path = content / ABOUT
    return [Task(ABOUT_PAGE, str(path), content)] if path.is_file() else []


def about_of(events: Iterable[Event]) -> About:
    """Return the page that the events of its task tell of; a bad one is a warning."""
    html, images, warnings = None, [], []
    for event in events:
        if event.kind == "page":
            html, images = json.loads(event.reason)
        elif event.kind in ("skipped", "warning"):
            warnings.append(Finding(ABOUT, event.line, event.reason))
    return About(html, tuple(images), tuple(warnings))


# --- As JSON --------------------------------------------------------------------------

FIELDS = tuple(f.name for f in fields(Document) if f.init)
_values = attrgetter(*FIELDS)
_DATE, _SECTIONS, _CODE = map(FIELDS.index, ("date", "sections", "code"))
_TUPLES = tuple(n for n, f in enumerate(fields(Document)) if f.init and f.default == ())


def event_to_json(event: Event) -> str:
    """Return an event on one line."""
    stated: list[object] = [event.kind, event.line, event.reason]
    if event.document:
        stated += (document_to_json(event.document), *(d.hex() for d in event.document.digests))
    return json.dumps(stated)


def event_from_json(line: str | bytes) -> Event:
    """Return the event that `event_to_json` wrote."""
    kind, at, reason, *document = json.loads(line)
    return Event(kind, at, reason, document_from_json(*document) if document else None)


def document_to_json(document: Document) -> list[object]:
    """Return the values of a document's fields in their order."""
    values = list(_values(document))
    values[_DATE] = document.date and document.date.isoformat()
    values[_SECTIONS] = [[s.title, s.anchor, s.start] for s in document.sections]
    return values


def document_from_json(values: list[Any], *digests: str) -> Document:
    """Return the document of such values, with its digests."""
    for at in _TUPLES:
        values[at] = tuple(values[at])
    if values[_SECTIONS]:
        values[_SECTIONS] = tuple(Section(*section) for section in values[_SECTIONS])
    if values[_CODE]:
        values[_CODE] = tuple(map(tuple, values[_CODE]))
    if values[_DATE]:
        values[_DATE] = dt.date.fromisoformat(values[_DATE])
    document = Document(*values)
    whole, text = map(bytes.fromhex, digests)
    document.know_digests((whole, text))
    return document
