"""Addresses that lead to another piece than they stand for, and pieces that have none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.dedup.titles import read_title, share_in_address
from searchapp.documents import Document, Work
from searchapp.slugs import fold
from searchapp.sources.configuration import FILE_NAME
from searchapp.sources.model import Source
from searchapp.sources.readers import READERS

_WORD = re.compile(r"[^\W\d_]{3,}")
TELLING = 3  # words of an address from which on it names a piece: "posts/cats" names a subject
OWN = 0.2  # share of a title's words in its address, below which they have nothing in common
OTHERS = 0.8  # share of another title's words in it, from which on it names that one


def wrong_slugs(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield entries whose address has nothing of their title, and all of another's.

    A slip of copying: "Going Beyond AdamW" at .../when-safety-feels-like-gaslighting. An
    address without words of the title alone is none: sites and titles are renamed.
    """
    titles = _Titles(gathered.works)
    for work in gathered.works:
        for document in work.documents:
            words = _words_of_others(document)
            if words and (meant := titles.find(words, document.url or "", work)):
                yield Problem(
                    document.path, document.line, "wrong-slug",
                    f"“{document.title}” has the address {document.url}, which names the piece "
                    f"“{meant.title}” ({where(meant)})",
                    "look its own address up and write that",
                )  # fmt: skip


def _words_of_others(document: Document) -> frozenset[str]:
    """Return the words of an address that is stated and has nothing of its entry's title."""
    words = slug_words(document.url) if document.url else frozenset()
    if len(words) < TELLING or words <= slug_words(document.path):  # it is that of the file
        return frozenset()
    if share_in_address(document.title, document.url or "") >= OWN:
        return frozenset()
    # A title in another script may be its own address, spelt in Latin letters.
    return words if document.title.isascii() else frozenset()


@dataclass
class _Titles:
    """The titles of all documents, to be found by the words of an address."""

    works: Sequence[Work]

    @cached_property
    def _holders(self) -> dict[str, list[tuple[Work, Document]]]:
        """The documents that have a word in their titles; few ask, so it is made when one does."""
        found: dict[str, list[tuple[Work, Document]]] = defaultdict(list)
        for work in self.works:
            for document in work.documents:
                for word in read_title(document.title).informative:
                    found[word].append((work, document))
        return found

    def find(self, words: Iterable[str], url: str, work: Work) -> Document | None:
        """Return a document of another work than `work`, whose title stands in the address."""
        met: dict[str, tuple[int, Document]] = {}
        for word in words:
            for other, document in self._holders.get(word, ()):
                if other is not work:
                    met[document.id] = met.get(document.id, (0, document))[0] + 1, document
        for number, document in met.values():
            if number >= TELLING and share_in_address(document.title, url) >= OTHERS:
                return document
        return None


def slug_words(url: str) -> frozenset[str]:
    """Return the words of the last part of an address; ids and numbers are none."""
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    return frozenset(_WORD.findall(fold(parts[-1]))) if parts else frozenset()


def without_address(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield pieces of which nothing but a title is known, and sources whose posts have none.

    A post that stands here with its text can be read here, and a blog whose url nobody stated
    has no address at all: of these, one line a source.
    """
    homeless: dict[str, list[Work]] = defaultdict(list)
    for work in gathered.works:
        if not any(place.url for place in work.places):
            homeless[work.canonical.source].append(work)
    for source in (reading.source for reading in gathered.readings):
        works = homeless.get(source.name, [])
        is_blog = READERS[source.kind].identity == "path" and source.url is None
        for work in () if is_blog else works:
            if not any(document.text for document in work.documents):
                yield _unreadable(work)
        rest = [w for w in works if is_blog or any(d.text for d in w.documents)]
        if rest:
            yield _homeless(rest, source)


def _unreadable(work: Work) -> Problem:
    document = work.canonical
    reason = f"of “{work.title}” neither an address nor a text is known"
    remedy = "write its url, or take the entry out"
    return Problem(document.path, document.line, "no-address", reason, remedy)


def _homeless(works: Sequence[Work], source: Source) -> Problem:
    first = works[0].canonical
    many = f"{len(works)} pieces of the source '{source.name}' have"
    who = many if len(works) > 1 else f"“{first.title}” has"
    reason = f"{who} no address, and can be read nowhere but here"
    if READERS[source.kind].identity == "path" and (remedy := _setting(source)):
        return Problem(FILE_NAME, source.line, "no-address", reason, remedy)
    example = f": {where(first)} and others" if len(works) > 1 else ""
    remedy = "write the url of each, where it has one"
    return Problem(first.path, first.line, "no-address", reason + example, remedy)


def _setting(source: Source) -> str:
    """Return which line of sources.toml would give all posts of a blog an address."""
    toml = f"its [[source]] of {FILE_NAME}" + ("" if source.line else ", as `searchapp init` does")
    if source.url is None:
        return f'write url = "https://..." in {toml}, if they stand on a site'
    if source.permalink is None and source.generator is None:
        return f'write permalink = "/:path/", or as the site has it, in {toml}'
    return ""


def where(document: Document) -> str:
    """Return where an entry stands: its path, and its line in a list."""
    return f"{document.path}:{document.line}" if document.line else document.path
