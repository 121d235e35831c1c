"""What joining reads of documents, each thing once: addresses, titles, and texts.

    an address --> its key                      a title --> its key, its wording, its marks
    a text     --> its outline, and its runs    two texts --> how many runs they share

None of this depends on any other document; what does is worked out anew each time. So it may
be remembered (see memory.py), and what is remembered changes no answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from searchapp.dedup.bodies import Measure, Outline, Reader, Runs, count_shared, outline
from searchapp.dedup.neighbours import Traits, read_traits
from searchapp.dedup.titles import Title, read_title
from searchapp.dedup.wordings import Wording, may_name_site, read_wording
from searchapp.documents import Document
from searchapp.urls import address_key

_FIELDS = "|"  # stands in no word


class TitleFacts(NamedTuple):
    """What a title says by itself.

    `packed` is its wording as a line; `wording` is that one's key, and None where names of
    sites may have to be left out first, which others make known.
    """

    key: str
    wording: str | None
    packed: str
    cut: bool
    traits: Traits


@dataclass
class Readings:
    """What was read so far; `documents` are those last joined, `seen` their texts' digests."""

    addresses: dict[str, str | None] = field(default_factory=dict)
    titles: dict[str, TitleFacts] = field(default_factory=dict)
    outlines: dict[bytes, Outline] = field(default_factory=dict)
    shared: dict[bytes, int] = field(default_factory=dict)
    runs: dict[bytes, Runs] = field(default_factory=dict)
    documents: Sequence[Document] = ()
    seen: set[bytes] = field(default_factory=set)
    _reader: Reader = field(default_factory=Reader)

    def address(self, url: str) -> str | None:
        """Return the key of an address."""
        try:
            return self.addresses[url]
        except KeyError:
            key = self.addresses[url] = address_key(url)
            return key

    def title(self, text: str) -> TitleFacts:
        """Return what a title says by itself."""
        facts = self.titles.get(text)
        if facts is None:
            facts = self.titles[text] = read_facts(text)
        return facts

    def wording(self, text: str, site_names: Collection[str]) -> Wording:
        """Return the wording of a title, without the names of sites."""
        facts = self.title(text)
        if facts.wording is None:
            return read_wording(text, site_names)
        return unpack(facts.packed)[1]

    def text(self, document: Document) -> bytes:
        """Return the digest by which a document's text goes here, once its outline is known."""
        digest = document.text_digest
        self.seen.add(digest)
        if digest not in self.outlines:
            self.runs[digest] = runs = self._reader.read(document.text)
            self.outlines[digest] = outline(runs)
        return digest

    def runs_of(self, digest: bytes, document: Document) -> Runs:
        """Return the runs of a document's text, whose digest is known."""
        if digest not in self.runs:
            self.runs[digest] = self._reader.read(document.text)
        return self.runs[digest]

    def measure(self, one: tuple[bytes, Document], other: tuple[bytes, Document]) -> Measure:
        """Return what the texts of two documents share, each given with its text's digest."""
        a, b = (one, other) if one[0] <= other[0] else (other, one)
        sizes = self.outlines[a[0]].size, self.outlines[b[0]].size
        if not min(sizes):
            return Measure(0.0, 0.0, 0)
        pair = a[0] + b[0]
        if pair not in self.shared:
            self.shared[pair] = count_shared(self.runs_of(*a), self.runs_of(*b))
        return Measure.of(self.shared[pair], *sizes)


def read_facts(text: str) -> TitleFacts:
    """Read a title for the first time."""
    title = read_title(text)
    wording = read_wording(text, (), lambda shown: title if shown == text else read_title(shown))
    key = None if may_name_site(text) else wording.key
    dots = wording.title.ends_in_dots
    return TitleFacts(title.key, key, pack(title, wording), dots, read_traits(wording))


def pack(title: Title, wording: Wording) -> str:
    """Return a title and its wording as a line."""
    own = [] if wording.title == title else _fields_of(wording.title)
    parts = [" ".join(wording.words), " ".join(wording.segments), wording.tag]
    return _FIELDS.join((*_fields_of(title), *parts, *own))


def unpack(packed: str) -> tuple[Title, Wording]:
    """Return the title and the wording of a line."""
    words, year, dots, normal, segments, tag, *own = packed.split(_FIELDS)
    title = Title(tuple(words.split()), year, dots == ".")
    said = Title(tuple(own[0].split()), own[1], own[2] == ".") if own else title
    parts = tuple(segments.split(" ")) if segments else ()
    return title, Wording(said, tuple(normal.split()), parts, tag)


def _fields_of(title: Title) -> list[str]:
    return [" ".join(title.words), title.year, "." if title.ends_in_dots else ""]
