"""The kind `links`: a page whose bullets link to writing elsewhere, under headings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from searchapp.errors import ContentError
from searchapp.sources.frontmatter import part
from searchapp.sources.model import Entry, Outcome, Reader, Remark, SourceFile
from searchapp.text import RENDER_LIMIT, markdown_parser, plain_inline

_SEPARATORS = " \t-–—:|,;·•"


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield an entry for each bullet that begins with a link; its heading is its topic.

    Links in running text only mention a piece, and links within the page lead through it:
    neither is an entry.
    """
    parted = part(file.text)
    if len(parted.body) > RENDER_LIMIT:
        raise ContentError(f"page has more than {RENDER_LIMIT:,} characters; split it")
    tokens = _PARSER.parse(parted.body)
    page = _Page(tokens, _title_of(tokens), parted.line)
    yield from (Remark(reason, line) for line, reason in parted.warnings)
    yield from page.entries()


def _any_address(address: str) -> bool:
    """Let every address be a link: a bad one is reported, not read as running text."""
    return True


_PARSER = markdown_parser()
_PARSER.validateLink = _any_address  # type: ignore[assignment,method-assign]


def _title_of(tokens: Sequence[Token]) -> Token | None:
    """Return the heading that is the page's own title: the only one of level 1, on top."""
    headings = [token for token in tokens if token.type == "heading_open"]
    tops = [token for token in headings if token.tag == "h1"]
    return tops[0] if len(tops) == 1 and headings[0] is tops[0] and len(headings) > 1 else None


@dataclass
class _Item:
    """A bullet: the link that it begins with, and the words that follow."""

    line: int
    level: int
    title: str = ""
    address: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class _Page:
    tokens: Sequence[Token]
    title: Token | None
    first_line: int
    topic: tuple[str, ...] = ()
    open: list[_Item] = field(default_factory=list)

    def entries(self) -> Iterator[Outcome]:
        """Yield the outcomes in the order of the page: an item before those within it."""
        for at, token in enumerate(self.tokens):
            if token.type == "heading_open" and token is not self.title:
                words = plain_inline(self.tokens[at + 1].children, ticks=False)
                self.topic = (words,) if words else ()
            elif token.type == "list_item_open":
                yield from self._finish()
                line = self.first_line + (token.map[0] if token.map else 0)
                self.open.append(_Item(line, token.level))
            elif token.type == "list_item_close":
                yield from self._finish()
                self.open.pop()
            elif token.type == "inline" and self.open and token.level == self.open[-1].level + 2:
                _take_paragraph(self.open[-1], token.children or [])

    def _finish(self) -> Iterator[Outcome]:
        """Yield the innermost open item, once; what is nested in it comes after."""
        if not self.open or self.open[-1].address is None:
            return
        item = self.open[-1]
        address, item.address = item.address, None
        if not item.title:
            yield ContentError(
                "link has no text to be its title; write one in its brackets", item.line
            )
        elif address and not address.startswith("#"):
            facts = {"title": item.title, "url": address, "summary": " ".join(item.notes)}
            yield Entry(facts, line=item.line, topics=self.topic)


def _take_paragraph(item: _Item, inline: Sequence[Token]) -> None:
    """Take a paragraph of a bullet: the first one's link, and any words after it."""
    if item.address is None and not item.notes:
        opening = _first_link(inline)
        if opening is None:
            item.notes.append("")  # it does not begin with a link, and is no entry
            return
        closing = next(n for n, t in enumerate(inline) if n > opening and t.type == "link_close")
        item.title = plain_inline(inline[opening + 1 : closing])
        item.address = str(inline[opening].attrGet("href") or "")
        inline = inline[closing + 1 :]
    words = plain_inline(inline, ticks=False).strip(_SEPARATORS)
    if item.address is not None and words:
        item.notes.append(words)


def _first_link(inline: Sequence[Token]) -> int | None:
    """Return where the link is that a bullet begins with, emphasis and icons aside."""
    for at, token in enumerate(inline):
        if token.type == "link_open":
            return at
        blank = token.type == "text" and not token.content.strip()
        if not blank and token.type not in ("strong_open", "em_open", "s_open", "html_inline"):
            return None
    return None


READER = Reader(read, endings=(".md", ".markdown"), identity="title", gives="article", listed=True)
