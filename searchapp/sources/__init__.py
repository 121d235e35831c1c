"""Turns files into documents: content/ --configuration, readers--> Reading.

Every entry that is seen is a document, skipped or held back, and nothing but the owner's
configuration stops the reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from searchapp.documents import Document
from searchapp.errors import ContentError
from searchapp.sources.about import ABOUT, About, read_about, read_about_page
from searchapp.sources.configuration import read_configuration
from searchapp.sources.entries import Maker
from searchapp.sources.files import (
    decode,
    list_files,
    list_linked_folders,
    read_bytes,
    relative_to,
    root_of,
)
from searchapp.sources.model import (
    Configuration,
    EmptyTag,
    Entry,
    Finding,
    HeldBack,
    Outcome,
    Reading,
    Remark,
    SiteConfiguration,
    Source,
    SourceFile,
)
from searchapp.sources.readers import READERS
from searchapp.sources.resolving import keys_of_posts

__all__ = [
    "READERS", "About", "Configuration", "Finding", "Reading", "SiteConfiguration", "Source",
    "read_about", "read_about_page", "read_all", "read_configuration", "read_source",
]  # fmt: skip


def read_all(configuration: Configuration, content: Path) -> list[Reading]:
    """Read every source in its order; of entries with one id the first is kept."""
    keys = keys_of_posts(configuration, content)
    readings = (_read(source, configuration, content, keys) for source in configuration.sources)
    kept: dict[str, Document] = {}
    return [_without_repeats(reading, kept) for reading in readings]


def read_source(source: Source, configuration: Configuration, content: Path) -> Reading:
    """Read one source; what repeats an id within it is skipped."""
    keys = keys_of_posts(configuration, content)
    return _without_repeats(_read(source, configuration, content, keys), {})


def _without_repeats(reading: Reading, kept: dict[str, Document]) -> Reading:
    documents, repeats = [], []
    for document in reading.documents:
        first = kept.setdefault(document.id, document)
        if first is document:
            documents.append(document)
        else:
            where = f"{first.path}:{first.line}" if first.line else first.path
            reason = f"id '{document.id}' is that of {where} already; give it its own"
            repeats.append(Finding(document.path, document.line, reason))
    skipped = tuple(sorted((*reading.skipped, *repeats), key=lambda f: (f.path, f.line or 0)))
    return replace(reading, documents=tuple(documents), skipped=skipped) if repeats else reading


def _read(
    source: Source, configuration: Configuration, content: Path, keys: Mapping[str, str]
) -> Reading:
    reader, root = READERS[source.kind], root_of(source, content)
    collected = _Collected(Maker(source, reader, configuration, content, keys))
    for path in list_files(root, reader.endings):
        if source.kind != "markdown" or relative_to(path, content) != ABOUT:
            collected.read_file(path, root)
    for folder in list_linked_folders(root):
        reason = "is a link to a folder, which is not followed; put the files themselves here"
        collected.warnings.append(Finding(relative_to(folder, content), None, reason))
    return collected.reading()


@dataclass
class _Collected:
    """What has been read of one source so far."""

    maker: Maker
    seen: int = 0
    documents: list[Document] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)
    held_back: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    empty_tags: dict[str, None] = field(default_factory=dict)

    def read_file(self, path: Path, root: Path) -> None:
        """Read one file; whatever is wrong with it costs one skipped entry."""
        shown = relative_to(path, self.maker.content)
        try:
            file, warnings = _open(self.maker, path, root)
            self.warnings += (Finding(shown, line, reason) for line, reason in warnings)
            for outcome in self.maker.reader.read(file):
                self._take(file, outcome)
        except ContentError as error:
            self._skip(shown, error)
        except Exception as error:  # our fault, but one file must never cost the others
            reason = f"searchapp failed on it ({type(error).__name__}: {error}); please report this"
            self._skip(shown, ContentError(reason))

    def _take(self, file: SourceFile, outcome: Outcome) -> None:
        if isinstance(outcome, EmptyTag):
            self.empty_tags[self.maker.mend(outcome.name)] = None
        elif isinstance(outcome, Remark):
            self.warnings.append(Finding(file.path, outcome.line, outcome.reason))
        elif isinstance(outcome, HeldBack):
            self.seen += 1
            self.held_back.append(Finding(file.path, outcome.line, outcome.reason))
        elif isinstance(outcome, ContentError):
            self._skip(file.path, outcome)
        else:
            self._make(file, outcome)

    def _make(self, file: SourceFile, entry: Entry) -> None:
        try:
            document, facts = self.maker.make(file, entry)
        except ContentError as error:
            self._skip(file.path, ContentError(error.reason, error.line or entry.line))
            return
        self.seen += 1
        self.documents.append(document)
        self.warnings += (Finding(file.path, line, reason) for line, reason in entry.warnings)
        for name, reason in facts:
            self.warnings.append(Finding(file.path, entry.lines.get(name, entry.line), reason))

    def _skip(self, path: str, error: ContentError) -> None:
        self.seen += 1
        self.skipped.append(Finding(path, error.line, error.reason))

    def reading(self) -> Reading:
        """Return it as a whole."""
        return Reading(
            source=self.maker.source,
            documents=tuple(self.documents),
            seen=self.seen,
            skipped=tuple(self.skipped),
            held_back=tuple(self.held_back),
            warnings=tuple(self.warnings),
            empty_tags=tuple(self.empty_tags),
        )


def _open(maker: Maker, path: Path, root: Path) -> tuple[SourceFile, list[tuple[int | None, str]]]:
    inside = root if root.is_dir() else root.parent
    text, warnings = decode(read_bytes(path, inside, maker.reader.limit))
    name = relative_to(path, inside)
    return SourceFile(maker.source, path, relative_to(path, maker.content), name, text), warnings
