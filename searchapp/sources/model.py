"""The nouns of this room: what is read (a source), what a file yields, what is reported.

Source --files--> SourceFile --Reader--> Entry --entries--> Document
                                   +---> ContentError, HeldBack, EmptyTag
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from searchapp.documents import Document
from searchapp.errors import ContentError, Finding

# What an owner says in the content folder, of which none is a piece.
LISTS = ("sources.toml", "tags.toml", "verdicts.toml", "links.toml")

Groups = Literal["tag", "year", "publication"]
Folders = Literal["tag"]
Identity = Literal["path", "title", "own"]
Markup = Literal["markdown", "html"]


@dataclass(frozen=True, slots=True)
class SiteConfiguration:
    """What the owner says of the whole: the table `[site]`.

    `feedback` is a mail address, or a page, for who found nothing.
    """

    title: str = "Writing"
    url: str | None = None
    author: str | None = None
    language: str = "en"
    description: str = ""
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One `[[source]]`: a file or folder of one kind, and what holds for all its entries.

    `site` is what visitors see; `prefer` is the rank of its copies, 1 first; `line` is
    where sources.toml states it. `generator` made the site, and its rules give addresses
    and tags; `folders` says what the folders below `path` mean; `exclude` are patterns of
    files that are no entries; all entries have the `categories`.
    """

    name: str
    kind: str
    path: str
    site: str
    prefer: int = 1
    url: str | None = None
    permalink: str | None = None
    author: str | None = None
    language: str | None = None
    gives: str | None = None
    groups: Groups | None = None
    generator: str | None = None
    folders: Folders | None = None
    exclude: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    dedup: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `sources.toml` says; `hosts` maps a host, without www., to the name shown.

    `today` is the day of the build: posts of a later day are held back, and those that
    have expired. None holds none back for its day.
    """

    site: SiteConfiguration
    sources: tuple[Source, ...]
    hosts: Mapping[str, str] = field(default_factory=dict)
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source, read: `path` relative to the content folder, `name` to the source.

    `text` is decoded, without a byte order mark, its lines ended by a line feed alone; it
    is "" for a kind that reads `raw`, the bytes.
    """

    source: Source
    absolute: Path
    path: str
    name: str
    text: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its file states it; `facts` are its front matter, keys or columns.

    `line` is where it begins, `lines` where single facts stand. `topics` are the tags that
    it stands under. `warnings` pair a line with what is wrong, where the entry is whole
    all the same. `markup` is what its body is in. Its title is `plain` where entities in it
    are read already.
    """

    facts: Mapping[str, object]
    body: str = ""
    line: int | None = None
    topics: tuple[str, ...] = ()
    warnings: tuple[tuple[int | None, str], ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    markup: Markup = "markdown"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Inherited:
    """What holds for a post without standing in it.

    `facts` are as those of front matter, `origins` the files that state them, by the plain
    names. Lists under the plain names in `joined` are put before those of the post. `settings`
    are those of the site, by names in small letters; `notes` pair a file that could not be
    read with why.
    """

    facts: Mapping[str, object] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    joined: frozenset[str] = frozenset()
    settings: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


NOTHING = Inherited()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An entry that its owner does not want shown yet."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class EmptyTag:
    """A tag that a list names without any entry below it."""

    name: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A thing to mend in a file that belongs to none of its entries."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Astray:
    """A link or image in an entry that is no file of ours: `target` is what stands there.

    It may be a page of the site that is no entry; `check` tells which are broken. `line` is
    where the entry begins.
    """

    path: str
    line: int | None
    kind: str
    target: str


Outcome = Remark | Entry | HeldBack | EmptyTag | ContentError


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of one kind are read.

    `read` yields what a file holds, and for an entry that cannot be read the error, so
    that the next one is still read; it raises one where nothing can be read further.
    `endings` are those of its files in a folder. `identity` says what tells its entries
    apart: the file's path, a slug of the title, or an id of their own. A `binary` one reads
    the bytes of its files, whatever encoding they are in.
    """

    read: Callable[[SourceFile], Iterator[Outcome]]
    endings: tuple[str, ...]
    identity: Identity
    gives: str = "post"
    listed: bool = False
    limit: int = 16 * 2**20  # bytes of one file
    binary: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source gave. `seen` counts its entries, each in one of the first three tuples."""

    source: Source
    documents: tuple[Document, ...]
    seen: int
    skipped: tuple[Finding, ...]
    held_back: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    repaired: tuple[Finding, ...]
    empty_tags: tuple[str, ...]
    astray: tuple[Astray, ...] = ()
