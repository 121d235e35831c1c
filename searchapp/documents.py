"""The nouns: a document is one entry as a source gave it, a work is the writing itself.

Work ---- has one or more ----> Document     (its manifestations, canonical first)
Work ---- can be read at -----> Place        (one per address)
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Literal

from searchapp.once import once
from searchapp.slugs import key_of

KINDS = ("post", "article", "answer", "talk", "paper", "note")

OPENING = 100  # characters of a text that are told apart from it

Role = Literal["original", "copy", "translation", "archived"]
Kinship = Literal["series", "translations", "versions"]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading within a document's text; `start` counts characters of that text."""

    title: str
    anchor: str
    start: int


@dataclass(frozen=True, slots=True)
class Document:
    """One entry, as a source gave it: a post, or a line in a list.

    `text` is what is searched, plain, and `code` says where blocks of code stand in it, each by
    its start and end; `html` is the rendered piece, cleaned, where the text is the owner's to
    show. `publication` is the name of the place where it
    appeared, if the entry or its address tells; `site` is who "the same site" is.
    `listed` is true of an entry in a list, which stands for a piece kept elsewhere.
    `syndication` are the addresses at which it says that copies of it stand; `aliases` are
    old addresses of its own, which lead to `url` by now. `stated_title` is the title as the
    source has it, where broken characters of it were repaired. `translation` is what it says
    of the piece that it translates, or that translates it: a name that they share, an id, an
    address.
    """

    id: str
    title: str
    source: str
    site: str
    path: str
    line: int | None = None
    url: str | None = None
    publication: str | None = None
    canonical_url: str | None = None
    syndication: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    date: dt.date | None = None
    tags: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    html: str | None = None
    sections: tuple[Section, ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    images: tuple[str, ...] = ()
    kind: str = "post"
    language: str = "en"
    authors: tuple[str, ...] = ()
    minutes: int | None = None
    series: str | None = None
    part: int | None = None
    translation: str | None = None
    prefer: int = 0
    listed: bool = False
    joins: bool = True
    stated_title: str | None = None
    _digests: tuple[bytes, bytes] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @property
    def digest(self) -> bytes:
        """What names all that it says: 16 bytes, worked out once."""
        return self.digests[0]

    @property
    def text_digest(self) -> bytes:
        """What names its text: 16 bytes, worked out once."""
        return self.digests[1]

    @property
    def digests(self) -> tuple[bytes, bytes]:
        """Its digest and that of its text."""
        if self._digests is None:
            self.know_digests(digests_of(self))
        return self._digests  # type: ignore[return-value]  # it was set just now

    def know_digests(self, digests: tuple[bytes, bytes]) -> None:
        """Note the digests that were worked out when the document was read."""
        object.__setattr__(self, "_digests", digests)

    @property
    def key(self) -> str:
        """The 12 hex digits by which addresses name this document."""
        return key_of(self.id)

    @property
    def length(self) -> int:
        """How many characters its text has."""
        return len(self.text)

    @property
    def opening(self) -> str:
        """The first characters of its text."""
        return self.text[:OPENING]

    @property
    def prose(self) -> Iterator[str]:
        """The text without its blocks of code, in as many pieces as they leave."""
        at = 0
        for start, end in self.code:
            yield self.text[at:start]
            at = end
        yield self.text[at:]

    @property
    def listings(self) -> Iterator[str]:
        """The blocks of code."""
        return (self.text[start:end] for start, end in self.code)

    @property
    def published_in(self) -> str:
        """What visitors see as the source: the publication, else the site."""
        return self.publication or self.site


DIGEST = 16  # bytes

# Tuples of plain values are shown twenty times as fast as dataclasses, and long texts need no
# showing: their length among the rest tells where each ends.
_APART = ("text", "html", "sections", "_digests")
_stated = attrgetter(*(f.name for f in fields(Document) if f.name not in _APART))
_of_section = attrgetter(*(f.name for f in fields(Section)))


def digests_of(document: Document) -> tuple[bytes, bytes]:
    """Work out what names all that a document says, and what names its text."""
    text, html = (
        long.encode("utf-8", "surrogatepass") for long in (document.text, document.html or "")
    )
    lengths = len(text), None if document.html is None else len(html)
    stated = repr((_stated(document), [*map(_of_section, document.sections)], lengths))
    digest = hashlib.sha256(stated.encode("utf-8", "surrogatepass"))
    digest.update(text)
    digest.update(html)
    return digest.digest()[:DIGEST], hashlib.sha256(text).digest()[:DIGEST]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a piece can be read; `url` is None where nobody stated an address.

    `gone` is the day since which it answers no more, as `check --links` found.
    """

    url: str | None
    source: str
    title: str
    date: dt.date | None
    role: Role
    gone: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two documents are one work: the rule that said so, and how sure it is (0 to 1)."""

    a: str
    b: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Tag:
    """What is known of a tag: its slug, how it is written, and its other names."""

    slug: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InSeries:
    """Where a work stands in a series that was recognised.

    `part` is None where nobody numbered it; `of` is how many parts a title promises.
    """

    title: str
    part: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Works that belong together and are counted apart, by their ids, in their order.

    The parts of a `series`, one piece's `translations`, or `versions` of it: a revision, a
    talk given again.
    """

    kind: Kinship
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A tag on the map: its label's centre, width and height, and the size of its letters."""

    tag: str
    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    size: float


@dataclass(frozen=True, slots=True)
class Region:
    """Tags that go together, the most used first; `coast` is the path of their outline."""

    labels: tuple[MapLabel, ...]
    coast: str


@dataclass(frozen=True, slots=True)
class TagMap:
    """The map of tags: a sheet of that size with regions, the largest first.

    `drawn_from` names the tags, labels and counts that it was drawn from.
    """

    width: int
    height: int
    regions: tuple[Region, ...]
    drawn_from: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What helps readers to wander through tags: the owner's bundles by name, and the map."""

    bundles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    map: TagMap | None = None


@dataclass(frozen=True)
class Work:
    """The writing itself, with all its documents, the canonical one first.

    `tags` are the slugs of all documents' tags, `tag_names` the words that these tags go
    by (labels and aliases); `places` is one per address. `in_series` is set where the works
    beside it made a series known; without it counts what its documents state.
    """

    documents: tuple[Document, ...]
    tags: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)
    in_series: InSeries | None = None

    def with_tags(self, tags: tuple[str, ...], names: tuple[str, ...]) -> "Work":
        """Return the work with these tags, and all that it has worked out: none of it is of tags.

        `replace` would take ten times as long.
        """
        tagged = object.__new__(Work)
        tagged.__dict__.update(self.__dict__, tags=tags, tag_names=names)
        return tagged

    @property
    def canonical(self) -> Document:
        """The document whose title, address and date stand for the piece."""
        return self.documents[0]

    @property
    def title(self) -> str:
        """The canonical document's title."""
        return self.canonical.title

    @once
    def id(self) -> str:
        """The key of the document published first (undated last, then the smallest id)."""
        if len(self.documents) == 1:
            return self.canonical.key
        first = min(self.documents, key=lambda d: (d.date or dt.date.max, d.id))
        return first.key

    @once
    def date(self) -> dt.date | None:
        """The canonical document's date, else the earliest of the others."""
        if self.canonical.date:
            return self.canonical.date
        return self.first_published

    @once
    def first_published(self) -> dt.date | None:
        """The earliest date of all its documents."""
        if len(self.documents) == 1:
            return self.canonical.date
        return min((d.date for d in self.documents if d.date), default=None)

    @once
    def sources(self) -> tuple[str, ...]:
        """Where it appeared, by the names that visitors see, the canonical place first.

        A document without an address adds no place; but where a post stands, and what a
        listed entry says itself of where the piece was published, counts all the same, so
        that nothing is lost by joining. Which list named a piece is no source of it.
        """
        stated = [d.publication if d.listed else d.published_in for d in self.documents]
        found = (stated[0], *(place.source for place in self.places), *stated)
        return tuple(dict.fromkeys(filter(None, found)))

    @once
    def summary(self) -> str:
        """The first summary among its documents, canonical first."""
        return next((d.summary for d in self.documents if d.summary), "")

    @once
    def series(self) -> str | None:
        """The series it belongs to, as the first document that names one has it."""
        if self.in_series:
            return self.in_series.title
        return next((d.series for d in self.documents if d.series), None)

    @once
    def part(self) -> int | None:
        """Its number within that series, as the first document that states one has it."""
        if self.in_series:
            return self.in_series.part
        same = (d for d in self.documents if d.series and d.series == self.series)
        return next((d.part for d in same if d.part is not None), None)

    @once
    def minutes(self) -> int | None:
        """Reading time in minutes, as the first document that states one has it."""
        return next((d.minutes for d in self.documents if d.minutes is not None), None)

    @once
    def authors(self) -> tuple[str, ...]:
        """All authors, in the order of its documents."""
        return tuple(dict.fromkeys(a for d in self.documents for a in d.authors))
