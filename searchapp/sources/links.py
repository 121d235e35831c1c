"""The kind `links`: a page whose bullets link to writing elsewhere, under headings.

    ## Machine learning                     the topic of what follows
    - [A title](https://...) – a summary    an entry
    - 2024-05-31: [Another][ref]            its date
    - Interviews                            a topic within the topic
      - [video] [A third](https://...)
    - A bullet that mentions [a link](...)  no entry

HTML in between is passed over, but for its bullets, which are read alike.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from searchapp.errors import ContentError
from searchapp.sources.dates import parse_date
from searchapp.sources.frontmatter import part
from searchapp.sources.model import Entry, Outcome, Remark, SourceFile
from searchapp.text import RENDER_LIMIT, TOO_DEEP, markdown_parser, plain_inline, plain_text

_SEPARATORS = " \t\n-–—:|,;·•"
_TOPIC_LENGTH = 60  # of a bullet without a link, to be the topic of those within it

_LABEL = re.compile(r"\[[^\[\]]{1,30}\]|\([^()]{1,30}\)")  # [video], (in German)
_PARENTHESES = re.compile(r"\(([^()]{4,30})\)")
_IN_DIGITS = re.compile(r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?")
_DAY_FIRST = re.compile(r"\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\.?,?\s+\d{4}")
_ADDRESS = re.compile(r"https?://\S+")
_BROKEN = re.compile(r"\[([^\[\]]{1,300})\](?:\[([^\[\]]{0,100})\]|\(.{0,300})", re.DOTALL)

# A quotation that begins before a link ends after it: "[Title](...)," The Paper
_CLOSING = re.compile(r"\A\.?[\"'”’»](?=[\s,.;:–—-]|\Z)")

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML_BULLET = re.compile(r"<li\b[^<>]{0,500}>", re.IGNORECASE)
_HTML_LINK = re.compile(
    r"\s*(?:<(?:p|b|strong|em|i|span|h[1-6])\b[^<>]{0,500}>\s*)*"
    r"<a\b[^<>]{0,1000}?\bhref\s*=\s*(?:\"([^\"<>]{0,2000})\"|'([^'<>]{0,2000})')[^<>]{0,1000}>"
    r"(.*?)</a\s*>",
    re.DOTALL | re.IGNORECASE,
)


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield an entry for each bullet that begins with a link; its heading is its topic.

    Links in running text only mention a piece, and links within the page lead through it:
    neither is an entry. A bullet that was meant to be a link is told.
    """
    parted = part(file.text)
    if len(parted.body) > RENDER_LIMIT:
        raise ContentError(f"page has more than {RENDER_LIMIT:,} characters; split it")
    env: dict[str, int] = {}
    tokens = _PARSER.parse(parted.body, env)
    page = _Page(tokens, _title_of(tokens), parted.line)
    yield from (Remark(reason, line) for line, reason in parted.warnings)
    if line := env.get("too_deep"):
        yield Remark(f"what stands here {TOO_DEEP}", parted.line + line - 1)
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
    """A bullet: the link that it begins with, and the words that stand around it."""

    line: int
    level: int
    title: str = ""
    address: str | None = None
    date: str | None = None
    notes: list[str] = field(default_factory=list)
    broken: str | None = None
    topic: str | None = None  # its words, where it has no link and others stand within it
    begun: bool = False

    def outcomes(self, topics: tuple[str, ...]) -> Iterator[Outcome]:
        """Yield what the bullet gives."""
        if self.broken:
            yield ContentError(self.broken, self.line)
        elif self.address is None or self.address.startswith("#"):
            return
        elif not self.address:
            yield ContentError("link has no address; write it in its round brackets", self.line)
        elif not self.title:
            yield ContentError(
                "link has no text to be its title; write one in its brackets", self.line
            )
        else:
            yield self._entry(topics)

    def _entry(self, topics: tuple[str, ...]) -> Entry:
        notes = list(self.notes)
        date = self.date or _take_date(notes)
        facts: dict[str, object] = {"title": self.title, "url": self.address}
        facts["summary"] = html.escape(" ".join(filter(None, notes)), quote=False)
        if date:
            facts["date"] = date
        named = _ADDRESS.fullmatch(self.title)
        reason = "link has its address for a title; write it as [title](address)"
        return Entry(
            facts, line=self.line, topics=topics, plain=True,
            warnings=((self.line, reason),) if named else (),
        )  # fmt: skip


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
                self.open.append(_Item(self._line(token), token.level))
            elif token.type == "list_item_close":
                yield from self._finish()
                self.open.pop()
            elif token.type == "inline" and self.open and token.level == self.open[-1].level + 2:
                _take_paragraph(self.open[-1], token.children or [])
            elif token.type == "html_block":
                yield from self._html_bullets(token)

    def _line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    def _finish(self) -> Iterator[Outcome]:
        """Yield the innermost open item, once; what is nested in it comes after."""
        if not self.open:
            return
        item = self.open[-1]
        yield from item.outcomes((*self.topic, *(i.topic for i in self.open[:-1] if i.topic)))
        item.address = item.broken = None

    def _html_bullets(self, token: Token) -> Iterator[Outcome]:
        """Yield the bullets of a list in HTML, which begin with a link like the others."""
        source = _COMMENT.sub(lambda c: "\n" * c[0].count("\n"), token.content)
        starts = [bullet.span() for bullet in _HTML_BULLET.finditer(source)]
        ends = [*(start for start, _ in starts[1:]), len(source)]
        for (start, inner), end in zip(starts, ends, strict=False):
            link = _HTML_LINK.match(source, inner, end)
            if link:
                item = _Item(self._line(token) + source.count("\n", 0, start), 0)
                item.address = html.unescape(link[1] or link[2] or "").strip()
                item.title = plain_text(link[3])
                item.notes = [plain_text(source[link.end() : end]).strip(_SEPARATORS)]
                yield from item.outcomes(self.topic)


def _take_paragraph(item: _Item, inline: Sequence[Token]) -> None:
    """Take a paragraph of a bullet: the first one's link, and any words after it."""
    if not item.begun:
        item.begun = True
        opening = _first_link(inline)
        if opening is None:
            _take_words(item, inline)
            return
        closing = next(n for n, t in enumerate(inline) if n > opening and t.type == "link_close")
        item.title = plain_inline(inline[opening + 1 : closing])
        item.address = str(inline[opening].attrGet("href") or "")
        item.date = _date_of(plain_inline(inline[:opening]))
        inline = inline[closing + 1 :]
    words = _without_separators(plain_inline(inline, ticks=False))
    if item.address is not None and words:
        item.notes.append(words)


def _without_separators(words: str) -> str:
    """Return words that follow a link, without what parts them from it."""
    words = _CLOSING.sub("", words.strip(_SEPARATORS)).lstrip(_SEPARATORS)
    return words.removeprefix(".").lstrip(_SEPARATORS)


def _take_words(item: _Item, inline: Sequence[Token]) -> None:
    """Take a bullet without a link: a topic, running text, or a link that is broken."""
    words = plain_inline(inline, ticks=False)
    if broken := _BROKEN.match(words):
        reason = "link is not closed, or has a space in its address; write it as [title](address)"
        if broken[2] is not None:
            name = broken[2] or broken[1]
            reason = f"link has no address, as nothing defines [{name}]; add [{name}]: https://..."
        item.broken = reason
    elif _ADDRESS.fullmatch(words):
        item.title = item.address = words
    elif len(words) <= _TOPIC_LENGTH and not any(token.type == "link_open" for token in inline):
        item.topic = words.strip(_SEPARATORS) or None
        if words.endswith((".", "!", "?")):
            item.topic = None  # a sentence, and no name of a topic


def _first_link(inline: Sequence[Token]) -> int | None:
    """Return where the link is that a bullet begins with; emphasis, labels and dates aside."""
    for at, token in enumerate(inline):
        if token.type == "link_open":
            before = plain_inline(inline[:at])
            return at if _is_label(before) else None
        plain = token.type == "text" and len(token.content) <= _TOPIC_LENGTH
        if not plain and token.type not in (
            "strong_open", "strong_close", "em_open", "em_close", "s_open", "html_inline", "image",
        ):  # fmt: skip
            return None
    return None


def _is_label(words: str) -> bool:
    """Tell whether words before a link only label it: [video], a sign, a date."""
    rest = _LABEL.sub(" ", words).strip(_SEPARATORS)
    return not any(character.isalnum() for character in rest) or _date_of(words) is not None


def _date_of(words: str) -> str | None:
    """Return the words, if they are a date and nothing else."""
    stated = words.strip(_SEPARATORS + "()[]")
    in_words = len(stated) <= 30 and not stated[:1].isdigit()
    whole = in_words or _IN_DIGITS.fullmatch(stated) or _DAY_FIRST.fullmatch(stated)
    return stated if whole and parse_date(stated) else None


def _take_date(notes: list[str]) -> str | None:
    """Take the date out of the words after a link: before all others, after, in parentheses."""
    for n, note in enumerate(notes):
        for found in _PARENTHESES.finditer(note):
            if date := _date_of(found[1]):
                rest = note[: found.start()] + note[found.end() :]
                notes[n] = _without_separators(rest)
                return date
        for separator in (" – ", " — ", " - ", ", ", " · "):
            first, _, rest = note.partition(separator)
            before, _, last = note.rpartition(separator)
            for stated, left in ((first, rest), (last, before)):
                if date := _date_of(stated):
                    notes[n] = left.strip(_SEPARATORS)
                    return date
        if date := _date_of(note):
            notes[n] = ""
            return date
    return None
