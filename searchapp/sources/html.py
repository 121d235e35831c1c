"""The kind `html`: each file is a post kept as HTML, with front matter or as a whole page.

    front matter, then a piece of HTML     facts stated there
    a page with <head> and <body>          <title>, <meta>, <time>, canonical link; the text is
                                           its <article>, else <main>, else <body>

A page is a copy where its canonical link leads to another site than the source's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from searchapp.sources.frontmatter import part
from searchapp.sources.model import Entry, Outcome, SourceFile
from searchapp.text import without_furniture

_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\s*(?:---|\+\+\+)[ \t]*\w*[ \t]*\n")

# The facts of a page, by the names that its <meta> elements have, the surest first.
_META = {
    "title": ("og:title", "dc.title", "citation_title", "twitter:title"),
    "summary": ("description", "og:description", "dc.description", "twitter:description"),
    "date": (
        "article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created",
        "citation_publication_date", "datepublished", "pubdate",
    ),
    "author": ("author", "dc.creator", "citation_author"),
    "tags": ("article:tag", "keywords", "news_keywords"),
    "url": ("og:url",),
    "publication": ("citation_journal_title",),
}  # fmt: skip


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the post that the file is."""
    if _FRONT_MATTER.match(file.text):
        parted = part(file.text)
        yield Entry(
            parted.facts, parted.body, warnings=parted.warnings, lines=parted.lines, markup="html"
        )
    else:
        yield _read_page(file)


def _read_page(file: SourceFile) -> Entry:
    """Return the entry that a page is, or a piece of one without front matter."""
    page = _Page(file.text)
    page.feed(file.text)
    page.close()
    facts = page.facts(file.source.url)
    body = page.body()
    if _WHOLE_PAGE.search(file.text[:10_000]):
        body = without_furniture(body)
    return Entry(facts, body, markup="html", plain=True)


@dataclass
class _Element:
    """A part of the page that may be the piece, and where it stands in the source."""

    start: int
    end: int | None = None


class _Page(HTMLParser):
    """Reads a page once: what its head states, and where its text stands."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self._text = text
        self._lines = _starts_of_lines(text)
        self.meta: dict[str, list[str]] = {}
        self.found: dict[str, str] = {}
        self.elements: dict[str, list[_Element]] = {"article": [], "main": [], "body": []}
        self._words: list[str] = []
        self._within: str | None = None  # the title or heading whose words are being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element states."""
        stated = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = stated.get("property") or stated.get("name") or stated.get("itemprop") or ""
            if stated.get("content", "").strip():
                self.meta.setdefault(name.lower(), []).append(stated["content"].strip())
        elif tag == "link" and "canonical" in stated.get("rel", "").lower().split():
            self.found.setdefault("canonical", stated.get("href", "").strip())
        elif tag == "html" and stated.get("lang"):
            self.found.setdefault("language", stated["lang"])
        elif tag == "time" and stated.get("datetime"):
            self.found.setdefault("time", stated["datetime"])
        elif tag in ("title", "h1"):
            self._within, self._words = tag, []
        elif tag in self.elements:
            self.elements[tag].append(_Element(self._at() + len(self.get_starttag_text() or "")))

    def handle_endtag(self, tag: str) -> None:
        """Note the words of a title, and where the text ends."""
        if tag == self._within:
            self.found.setdefault(tag, " ".join("".join(self._words).split()))
            self._within = None
        elif tag in self.elements:
            opened = [e for e in self.elements[tag][-20:] if e.end is None]
            if opened:
                opened[-1].end = self._at()

    def handle_data(self, data: str) -> None:
        """Take the words of a title."""
        if self._within:
            self._words.append(data)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def facts(self, site: str | None) -> Mapping[str, object]:
        """Return the page's facts, by the names that front matter has."""
        stated: dict[str, object] = {}
        for fact, names in _META.items():
            values = next((self.meta[name] for name in names if name in self.meta), [])
            if values:
                stated[fact] = values if fact in ("tags", "author") else values[0]
        if isinstance(tags := stated.get("tags"), list):
            stated["tags"] = [t.strip() for tag in tags for t in tag.split(",") if t.strip()]
        if title := self._title(str(stated.get("title", ""))):
            stated["title"] = title
        if "date" not in stated and self.found.get("time"):
            stated["date"] = self.found["time"]
        if language := self.found.get("language"):
            stated["language"] = language
        stated |= self._address(site)
        return stated

    def _title(self, stated: str) -> str:
        """Return the title: without the site's name, which <title> often has behind it."""
        heading, title = self.found.get("h1", ""), self.found.get("title", "")
        if heading and (not title or heading in title or heading == stated):
            return heading
        return stated or title or heading

    def _address(self, site: str | None) -> dict[str, object]:
        """Return the page's address, and that of its original where it is a copy."""
        canonical = self.found.get("canonical")
        if not canonical:
            return {}
        if site and _host(canonical) not in ("", _host(site)):
            return {"canonical_url": canonical}
        return {"url": canonical}

    def body(self) -> str:
        """Return the HTML of the piece: the one article, else <main>, else <body>, else all."""
        for tag in ("article", "main", "body"):
            outer = _outermost(self.elements[tag])
            if len(outer) == 1 or (tag == "body" and outer):
                return self._text[outer[0].start : outer[0].end]
        return self._text


def _outermost(elements: list[_Element]) -> list[_Element]:
    """Return the elements that lie in no other: comments may be articles in the article."""
    outer: list[_Element] = []
    for element in elements:
        if not outer or (outer[-1].end is not None and element.start >= outer[-1].end):
            outer.append(element)
    return outer


def _starts_of_lines(text: str) -> list[int]:
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return starts


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
