"""Addresses that lead to another piece than they stand for, and pieces that have none."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    for work in gathered.works:
        for document in work.documents:
            meant = _named_by(document, work, gathered.works) if document.url else None
            if meant is None:
                continue
            yield Problem(
                document.path, document.line, "wrong-slug",
                f"“{document.title}” has the address {document.url}, which names the piece "
                f"“{meant.title}” ({where(meant)})",
                "look its own address up and write that",
            )  # fmt: skip


def _named_by(document: Document, work: Work, works: Sequence[Work]) -> Document | None:
    """Return the document of another piece that the address of this one names."""
    url = document.url or ""
    words = slug_words(url)
    if len(words) < TELLING or words <= slug_words(document.path):  # it is that of the file
        return None
    if share_in_address(document.title, url) >= OWN:
        return None
    if not document.title.isascii() and not read_title(document.title).informative & words:
        return None  # a title in another script may be its own address, spelt in Latin letters
    others = (d for other in works if other is not work for d in other.documents)
    for other in others:
        named = read_title(other.title).informative
        if len(named & words) >= TELLING and share_in_address(other.title, url) >= OTHERS:
            return other
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
