"""Gathers what the files of a source gave into its reading: each entry counted once."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from searchapp.documents import Document
from searchapp.errors import Finding
from searchapp.sources.about import ABOUT
from searchapp.sources.barren import without_entries
from searchapp.sources.events import Event, Task
from searchapp.sources.files import relative_to
from searchapp.sources.model import Astray, Reading, Source
from searchapp.sources.posts import Posts
from searchapp.sources.readers import READERS
from searchapp.sources.selecting import files_of
from searchapp.sources.unread import find_unread


def tasks_of(source: Source, content: Path) -> Iterator[Task]:
    """Yield the files of a source; `about.md` is a page, and no entry."""
    for file, inside in files_of(source, READERS[source.kind], content):
        # Only a file of that name may be it: to ask that of all costs a tenth of comparing paths.
        may_be = source.kind == "markdown" and file.endswith(ABOUT)
        if not may_be or relative_to(file, content) != ABOUT:
            yield Task(source, file, inside)


def posts_of(tasks: Sequence[Task], content: Path) -> Posts:
    """Return the posts that are files; they are listed when one of them is asked for."""
    return Posts.later(lambda: _ids_of(tasks, content))


def _ids_of(tasks: Iterable[Task], content: Path) -> dict[str, str]:
    """Return the id of each post that is a file, by its path below the content folder."""
    ids: dict[str, str] = {}
    for task in tasks:
        if READERS[task.source.kind].identity == "path":
            ids.setdefault(relative_to(task.file, content), f"{task.source.name}:{task.name}")
    return ids


@dataclass
class Collected:
    """What has been read of one source so far."""

    source: Source
    seen: int = 0
    documents: list[Document] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)
    held_back: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    repaired: list[Finding] = field(default_factory=list)
    empty_tags: dict[str, None] = field(default_factory=dict)
    astray: list[Astray] = field(default_factory=list)

    def take(self, file: str, content: Path, events: Sequence[Event]) -> None:
        """Take what one file gave."""
        if len(events) == 1 and events[0].document:  # as nearly all do
            self.documents.append(events[0].document)
            self.seen += 1
            return
        path = relative_to(file, content)
        told = {
            "skipped": self.skipped, "held_back": self.held_back, "warning": self.warnings,
            "repaired": self.repaired,
        }  # fmt: skip
        for event in events:
            if event.document:
                self.documents.append(event.document)
            elif event.kind in told:
                told[event.kind].append(Finding(path, event.line, event.reason))
            elif event.kind == "above":
                self._take_note(*json.loads(event.reason))
            elif event.kind == "astray":
                self.astray += (Astray(path, event.line, *one) for one in json.loads(event.reason))
            elif event.kind == "empty_tag":
                self.empty_tags[event.reason] = None
            self.seen += event.kind in ("document", "skipped", "held_back")

    def _take_note(self, path: str, reason: str) -> None:
        """Take what is wrong with a file above posts, once for all of them."""
        note = Finding(path, None, reason)
        if note not in self.warnings:
            self.warnings.append(note)

    def reading(self, content: Path) -> Reading:
        """Return it as a whole, with what was not even looked into."""
        unread = find_unread(self.source, content)
        self.skipped += unread.closed
        self.seen += len(unread.closed)
        self.warnings += (*unread.linked, *unread.in_other_forms)
        if not self.seen and not self.warnings and not self.empty_tags:
            self.warnings.append(without_entries(self.source, content))
        return Reading(
            source=self.source,
            documents=tuple(self.documents),
            seen=self.seen,
            skipped=tuple(self.skipped),
            held_back=tuple(self.held_back),
            warnings=tuple(self.warnings),
            repaired=tuple(self.repaired),
            empty_tags=tuple(self.empty_tags),
            astray=tuple(self.astray),
        )


def without_repeats(reading: Reading, kept: dict[str, Document]) -> Reading:
    """Return a reading without documents whose id is kept already; each is a skipped entry."""
    documents, repeats = [], []
    for document in reading.documents:
        first = kept.setdefault(document.id, document)
        if first is document:
            documents.append(document)
        else:
            where = f"{first.path}:{first.line}" if first.line else first.path
            remedy = "rename the file" if "\ufffd" in document.path else "give it its own"
            reason = f"id '{document.id}' is that of {where} already; {remedy}"
            repeats.append(Finding(document.path, document.line, reason))
    skipped = tuple(sorted((*reading.skipped, *repeats), key=lambda f: (f.path, f.line or 0)))
    return replace(reading, documents=tuple(documents), skipped=skipped) if repeats else reading
