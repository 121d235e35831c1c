"""Reads clean HTML once: writes it out with its links settled, and its plain text."""

import html as html_entities
import re
from dataclasses import dataclass, field

from searchapp.documents import Section
from searchapp.text.marks import ANCHOR


@dataclass(frozen=True, slots=True)
class Rendered:
    """Markdown as it is shown and searched.

    `title` is the opening heading that was taken out, None where none was. `sections`
    count characters of `text`, as does `code`: the start and end of each block of code.
    `images` are the addresses of images of our own that the HTML shows, each once. `lead` is
    the plain text before the writer's `<!--more-->`, "" where there is none. `repaired` counts
    the passages in which characters were mended; `too_deep` is the line of the Markdown from
    which text is nested so deep that it is lost.
    """

    html: str
    text: str
    sections: tuple[Section, ...]
    images: tuple[str, ...]
    code: tuple[tuple[int, int], ...] = ()
    title: str | None = None
    lead: str = ""
    repaired: int = 0
    too_deep: int | None = None


_MORE = re.compile(r"<!--\s*more\b[^<>]{0,200}-->", re.IGNORECASE)
_MORE_MARK = f'<wbr id="{ANCHOR}-more">'  # an element, since cleaning takes comments out


def mark_more(html: str) -> str:
    """Return raw HTML with the comment after which a post goes on marked for the reading."""
    return _MORE.sub(_MORE_MARK, html) if "<!--" in html else html


# nh3 writes attributes in double quotes, so that this reads every tag of its output.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_BLOCKS = {
    "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))
_BREAKING = frozenset((*_BLOCKS, *_CELLS, "br"))
_SETTLED = frozenset(("a", "img", "math", "wbr"))


@dataclass
class _Reader:
    """Reads clean HTML once: writes it out with its links settled, and its plain text."""

    out: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    images: dict[str, None] = field(default_factory=dict)
    code: list[tuple[int, int]] = field(default_factory=list)
    preformatted: int = 0
    listing: int = 0  # where the outermost block of code begins that is open
    space: bool = False  # seen, and owed to the next word of the line
    links: list[str] = field(default_factory=list)  # what each open <a> is: link, note, none
    heading: tuple[str, int] | None = None  # its anchor, and how many pieces of text were before
    counted: tuple[int, int] = (0, 0)  # pieces of text, and their characters
    lead: str = ""
    within_formula: bool = False  # whose words stand in its tag, in the order that they are read

    def read(self, clean: str) -> None:
        """Read the whole of `clean`."""
        at, kept = 0, 0  # up to where it is read, and written out
        for tag in TAG.finditer(clean):
            start, end = tag.span()
            if start > at and not self.within_formula:
                self._say(clean[at:start])
            at = end
            closing, name, rest = tag.groups()
            if name in _BREAKING:
                self._block(name, closing, rest)
            elif name in _SETTLED:
                settled = self._settle(tag, name, bool(closing), rest)
                if settled is not None:
                    self.out += (clean[kept:start], settled)
                    kept = end
        self.out.append(clean[kept:])
        if at < len(clean):
            self._say(clean[at:])

    def _settle(self, tag: re.Match[str], name: str, closing: bool, rest: str) -> str | None:
        """Return what stands for a tag that may not stay as it is, None where it may."""
        if name == "a":
            return self._link(closing, rest)
        if name == "math":
            self.within_formula = not closing
            if words := dict(_ATTRIBUTE.findall(rest)).get("alttext"):
                self._say(words)
            return None
        if name == "img":
            return self._image(dict(_ATTRIBUTE.findall(rest)))
        if tag[0] == _MORE_MARK:
            self.lead = self.lead or "".join(self.text).strip()
            return ""
        return None

    def _say(self, markup: str) -> None:
        """Add words; space around them counts only between words of one line."""
        if self.links and "note" in self.links:
            return
        words = html_entities.unescape(markup) if "&" in markup else markup
        if self.preformatted:
            self.text.append(words)
            return
        inner = words.strip()
        if not inner:
            self.space = True
            return
        if (self.space or words[0].isspace()) and self.text and self.text[-1][-1] != "\n":
            self.text.append(" ")
        self.text.append(inner)
        self.space = words[-1].isspace()

    def _block(self, name: str, closing: str, rest: str) -> None:
        """Begin a line, where none is begun; cells of a table stand on one."""
        if name in _CELLS:
            self.space = True
            return
        if closing and name in _HEADINGS:
            self._end_heading()
        self.space = False
        if self.text and self.text[-1][-1] != "\n":
            self.text.append("\n")
        if name == "pre":
            self._listing(closing)
        elif name in _HEADINGS and not closing:
            anchor = dict(_ATTRIBUTE.findall(rest)).get("id")
            self.heading = (anchor, len(self.text)) if anchor else None

    def _end_heading(self) -> None:
        if self.heading:
            anchor, before = self.heading
            if title := " ".join("".join(self.text[before:]).split()):
                self.sections.append(Section(title, anchor, self._characters(before)))
        self.heading = None

    def _listing(self, closing: str) -> None:
        """Begin or end a block of code; one that stands in another is a part of it."""
        if closing and self.preformatted == 1:
            end = self._characters(len(self.text))
            if end > self.listing:
                self.code.append((self.listing, end))
        elif not closing and not self.preformatted:
            self.listing = self._characters(len(self.text))
        self.preformatted = max(0, self.preformatted + (-1 if closing else 1))

    def _characters(self, pieces: int) -> int:
        """Return how many characters the first pieces of text have."""
        before, length = self.counted
        if pieces < before:  # a heading around a block of code
            before, length = 0, 0
        length += sum(map(len, self.text[before:pieces]))
        self.counted = pieces, length
        return length

    def _link(self, closing: bool, rest: str) -> str | None:
        """Take out links that lead nowhere."""
        if closing:
            kind = self.links.pop() if self.links else "none"
            return "" if kind == "none" else None
        href = dict(_ATTRIBUTE.findall(rest)).get("href")
        kind = "none" if href is None else "link"
        if href is not None and href.startswith(f"#{ANCHOR}-"):
            kind = "note"
        self.links.append(kind)
        return "" if kind == "none" else None

    def _image(self, attributes: dict[str, str]) -> str | None:
        """Show an image of ours; of others, whose servers would see each reader, a link."""
        source = html_entities.unescape(attributes.get("src", ""))
        alt = html_entities.unescape(attributes.get("alt", ""))
        if alt:
            self._say(html_entities.escape(alt))
        if source.startswith("../"):
            self.images[source] = None
            return None
        if not source or "link" in self.links:
            return html_entities.escape(alt)
        shown = html_entities.escape(alt or source.rsplit("/", 1)[-1] or source)
        return f'<a href="{html_entities.escape(source)}" rel="noopener">{shown}</a>'


def read_clean(clean: str, title: str | None, repaired: int = 0) -> Rendered:
    """Return what a document holds of clean HTML.

    `title` was taken out of it before, and so many passages of it were `repaired`.
    """
    reader = _Reader()
    reader.read(clean)
    return Rendered(
        html="".join(reader.out).strip(),
        text="".join(reader.text).rstrip(),
        sections=tuple(reader.sections),
        images=tuple(reader.images),
        code=tuple(reader.code),
        title=title,
        lead=reader.lead,
        repaired=repaired,
    )
