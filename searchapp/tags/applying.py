"""Writes suggested tags into the files of the works, where each has a file of its own."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.documents import Document, Work
from searchapp.errors import ContentError, Finding
from searchapp.sources.configuration import Configuration
from searchapp.sources.files import read_bytes, root_of
from searchapp.sources.generators import generator_of
from searchapp.sources.model import Source
from searchapp.sources.readers import READERS
from searchapp.tags.frontmatter import LIMIT, add_tags_to_file
from searchapp.tags.suggesting import Suggestion


@dataclass(frozen=True)
class Applied:
    """The files that were written, and those that were not, with the reason."""

    written: tuple[str, ...]
    refused: tuple[Finding, ...]


def apply_suggestions(
    suggestions: Iterable[Suggestion],
    spellings: Mapping[str, str],
    configuration: Configuration,
    content: Path,
) -> Applied:
    """Write the tags of each suggestion, in their spellings, into the file of its work.

    That is the first of its documents that has a file to itself; lists, feeds and lines of
    JSON hold other entries, too, and are left to their owner. A file that has several names
    is given each tag once.
    """
    sources = {source.name: source for source in configuration.sources}
    into: dict[str, set[str]] = {}  # what is written, by where a file really lies
    written: list[str] = []
    refused: list[Finding] = []
    for suggestion in suggestions:
        tags = [spellings[found.tag] for found in suggestion.tags]
        if not tags:
            continue
        own = file_of(suggestion.work, configuration)
        if own is None:
            first = suggestion.work.documents[0]
            reason = f"stands among other entries; add there by hand: {', '.join(tags)}"
            refused.append(Finding(first.path, first.line, reason))
            continue
        new = [tag for tag in tags if tag not in into.get(_real_path(own, content), ())]
        if not new:
            continue  # another name of a file that has them by now
        try:
            write_tags(content / own.path, new, sources[own.source], content)
            into.setdefault(_real_path(own, content), set()).update(new)
            written.append(own.path)
        except ContentError as error:
            refused.append(Finding(own.path, error.line, f"{error.reason}: {', '.join(tags)}"))
    return Applied(tuple(written), tuple(refused))


def file_of(work: Work, configuration: Configuration) -> Document | None:
    """Return the first document of a work that has a file to itself, None where none has."""
    sources = {source.name: source for source in configuration.sources}
    return next((d for d in work.documents if _has_a_file(sources[d.source])), None)


def _real_path(document: Document, content: Path) -> str:
    """Return where a document's file lies: a link and what it leads to are one file."""
    return os.path.realpath(content / document.path)


def _has_a_file(source: Source) -> bool:
    return READERS[source.kind].identity == "path"


def write_tags(path: Path, tags: Sequence[str], source: Source, content: Path) -> None:
    """Write tags into the front matter of a file of `source`; raises ContentError."""
    root = root_of(source, content)
    inside = root if root.is_dir() else root.parent
    if path.suffix.lower() in (".html", ".htm"):
        begins = read_bytes(path, inside, LIMIT).lstrip()[:3]
        if begins not in (b"---", b"+++"):
            raise ContentError("is a page without front matter; add the tags by hand")
    generator = generator_of(source)
    is_zola = source.generator == "zola"
    add_tags_to_file(path, inside, tags, spaced=generator.spaced, zola=is_zola)
