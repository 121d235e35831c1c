"""Text as it is searched and shown: repaired, rendered from Markdown, cleaned.

    Markdown --markdown-it--> HTML --nh3--> clean HTML --one pass--> html, text, sections

Nothing reaches a page but what nh3 let through. The plain text is read off the clean HTML,
so that what is found is what is shown.
"""

import html as html_entities
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal
from urllib.parse import unquote, urlsplit

import ftfy
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from searchapp.documents import Section
from searchapp.errors import ContentError
from searchapp.slugs import slug_of_title

# Markdown renderers take quadratic time on hostile input: 100,000 times "![" is 17 s.
RENDER_LIMIT = 1_000_000

ANCHOR = "s-"  # before each id of ours, so that no heading can pose as a part of the page

# --- Repair ---------------------------------------------------------------------------

# The default settings also change text that is whole: curly quotes, full-width forms.
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    normalization="NFC",
    explain=False,
)

# UTF-8 read as MacRoman: a lead byte (F0 or E2) and its continuation bytes, 80 to BF.
_CONTINUATION = re.escape(bytes(range(0x80, 0xC0)).decode("mac_roman"))
_MACROMAN = re.compile(f"\uf8ff[{_CONTINUATION}]{{3}}|\u201a[{_CONTINUATION}]{{2}}")


def repair(text: str) -> str:
    """Return `text` with characters that were decoded wrongly made whole.

    ftfy judges by the whole text, and leaves a lone emoji among good words alone: those
    are mended piece by piece, and only afterwards, since text mended in part no longer
    gives ftfy its evidence ("Turtle Speed" with its quotes and its turtle).
    """
    if text.isascii():
        return text
    return _MACROMAN.sub(_decode_macroman, ftfy.fix_text(text, _FTFY))


def _decode_macroman(broken: re.Match[str]) -> str:
    try:
        return broken[0].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return broken[0]


# --- Reading time ---------------------------------------------------------------------

WORDS_A_MINUTE = 200
CHARACTERS_A_MINUTE = 400  # in scripts that put no spaces between words

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def count_minutes(text: str) -> int | None:
    """Return how many minutes `text` takes to read, at least 1; None where there is none."""
    if not text.strip():
        return None
    characters = 0 if text.isascii() else len(_SPACELESS.findall(text))
    spaced = _SPACELESS.sub(" ", text) if characters else text
    words = sum(1 for _ in _WORD.finditer(spaced))
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))


# --- Markdown beyond CommonMark: TeX, Liquid, tasks -----------------------------------

_SPAN_LIMIT = 10_000  # characters of a formula or tag: an opener without end costs no more

_ENVIRONMENT = re.compile(
    r"\\begin\{(equation|align|alignat|gather|multline|flalign|eqnarray|math|displaymath"
    r"|split|cases|[pbvBV]?matrix)(\*?)\}"
)
_BRACKETS = (("\\\\[", "\\\\]"), ("\\\\(", "\\\\)"), ("\\[", "\\]"), ("\\(", "\\)"))
_DOLLARS_TRIED = 10  # that cannot close: "$a $a $a ..." costs no quadratic time


def _closer_of(source: str, start: int) -> tuple[str, str] | None:
    """Return the opener of a formula at `start` and what closes it, single $ aside."""
    if source.startswith("$$", start):
        return "$$", "$$"
    for opener, closer in _BRACKETS:
        if source.startswith(opener, start):
            return opener, closer
    if begin := _ENVIRONMENT.match(source, start):
        return begin[0], f"\\end{{{begin[1]}{begin[2]}}}"
    return None


def _end_of_formula(source: str, start: int, end: int) -> int | None:
    """Return where the formula that opens at `start` ends, or None if none opens there."""
    limit = min(end, start + _SPAN_LIMIT)
    if pair := _closer_of(source, start):
        at = source.find(pair[1], start + len(pair[0]), limit)
        return at + len(pair[1]) if at > 0 else None
    if source[start] != "$":
        return None
    return _end_of_dollars(source, start, limit)


def _end_of_dollars(source: str, start: int, limit: int) -> int | None:
    """Return the end of `$...$`, by the rule that keeps "$20 and $30" prose.

    No space inside the dollars, no digit after them (as Pandoc has it), and no
    backtick within: `$HOME` in code stays code.
    """
    if source[start + 1 : start + 2].isspace():
        return None
    at = start
    for _ in range(_DOLLARS_TRIED):
        at = source.find("$", at + 1, limit)
        if at < 0:
            return None
        before, after = source[at - 1], source[at + 1 : at + 2]
        if not (before.isspace() or before == "\\" or after.isdigit() or at == start + 1):
            return None if "`" in source[start:at] else at + 1
    return None


def _tex_inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    end = _end_of_formula(state.src, state.pos, state.posMax)
    if end is None:
        return False
    if not silent:
        state.push("tex_inline", "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def _tex_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take lines from an opener of display TeX to the line that its closer ends."""
    first = state.bMarks[start] + state.tShift[start]
    pair = None if state.is_code_block(start) else _closer_of(state.src, first)
    if pair is None or pair[0] in ("\\(", "\\\\("):
        return False
    blank_ends = not pair[0].startswith("\\begin")
    last = _last_line_of_tex(state, start, end, pair, blank_ends)
    if last is None:
        return False
    if not silent:
        token = state.push("tex_block", "", 0)
        token.content = state.getLines(start, last + 1, state.blkIndent, False).strip()
        token.map = [start, last + 1]
    state.line = last + 1
    return True


def _last_line_of_tex(
    state: StateBlock, start: int, end: int, pair: tuple[str, str], blank_ends: bool
) -> int | None:
    offset = state.bMarks[start] + state.tShift[start] + len(pair[0])
    for line in range(start, min(end, start + 200)):
        if line > start:
            offset = state.bMarks[line] + state.tShift[line]
            if state.sCount[line] < state.blkIndent or (blank_ends and state.isEmpty(line)):
                return None
        at = state.src.find(pair[1], offset, state.eMarks[line])
        if at >= 0:
            rest = state.src[at + len(pair[1]) : state.eMarks[line]].strip()
            return None if rest.strip(".,;") else line
    return None


_LIQUID_LINE = re.compile(r"(?:\{%.*?%\}[ \t]*)+$")
_HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+([\w+#-]+).*%\}$")
_END_HIGHLIGHT = re.compile(r"\{%-?\s*endhighlight\s*-?%\}")


def _liquid_inline(state: StateInline, silent: bool) -> bool:
    """Take a Liquid tag out of running text; code spans never come here."""
    if not state.src.startswith("{%", state.pos):
        return False
    end = state.src.find("%}", state.pos, min(state.posMax, state.pos + _SPAN_LIMIT))
    if end < 0:
        return False
    state.pos = end + 2
    return True


def _liquid_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take out lines that are Liquid tags alone; `highlight` becomes the code it holds."""
    line = _line_of(state, start)
    if state.is_code_block(start) or not line.startswith("{%") or not _LIQUID_LINE.match(line):
        return False
    if silent:
        return True
    state.line = start + 1
    if highlight := _HIGHLIGHT.match(line):
        last = start + 1
        while last < end and not _END_HIGHLIGHT.match(_line_of(state, last)):
            last += 1
        token = state.push("fence", "code", 0)
        token.info = highlight[1]
        token.content = state.getLines(start + 1, last, state.sCount[start], True)
        token.map = [start, last]
        state.line = min(last + 1, end)
    return True


def _line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _repair_prose(state: StateCore) -> None:
    """Repair paragraphs and headings before they are parsed; code is left as it is."""
    if not state.env.get("repair"):
        return
    for token in state.tokens:
        if token.type == "inline" and not token.content.isascii():
            token.content = _repair_outside_code(token.content)


_CODE_SPAN = re.compile(r"((?<!`)`{1,10}(?!`).{1,2000}?(?<!`)`{1,10}(?!`))", re.DOTALL)


def _repair_outside_code(content: str) -> str:
    whole = repair(content)
    if whole == content or "`" not in content:
        return whole
    pieces = _CODE_SPAN.split(content)
    return "".join(piece if n % 2 else repair(piece) for n, piece in enumerate(pieces))


def _tick_tasks(state: StateCore) -> None:
    """Show `[ ]` and `[x]` at the start of a bullet as a box, without a form element."""
    triples = zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False)
    for item, paragraph, inline in triples:
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        first = inline.children[0] if inline.children else None
        if first and first.type == "text" and first.content[:4] in ("[ ] ", "[x] ", "[X] "):
            box = "\u2610 " if first.content[1] == " " else "\u2611 "
            first.content = box + first.content[4:]


def _align_cells(state: StateCore) -> None:
    """Say a cell's alignment as an attribute: the page's policy allows no inline style."""
    for token in state.tokens:
        style = token.attrGet("style") if token.type in ("th_open", "td_open") else None
        if isinstance(style, str):
            token.attrs = {"align": style.removeprefix("text-align:")}


def markdown_parser() -> MarkdownIt:
    """Return a parser for Markdown as blogs have it: tables, footnotes, tasks, TeX, Liquid."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "tex_block", _tex_block, interrupts)
    parser.block.ruler.before("fence", "liquid_block", _liquid_block, interrupts)
    parser.inline.ruler.before("escape", "tex_inline", _tex_inline)
    parser.inline.ruler.before("escape", "liquid_inline", _liquid_inline)
    parser.core.ruler.before("inline", "repair", _repair_prose)
    parser.core.ruler.push("tasks", _tick_tasks)
    parser.core.ruler.push("cells", _align_cells)
    return parser


def plain_inline(tokens: Sequence[Token] | None, ticks: bool = True) -> str:
    """Return the words of inline tokens. Code keeps its backticks, which titles show as text."""
    words = []
    for token in tokens or ():
        if token.type in ("text", "tex_inline", "text_special"):
            words.append(token.content)
        elif token.type == "code_inline":
            mark = token.markup if ticks else ""
            words.append(f"{mark}{token.content}{mark}")
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "image":
            words.append(plain_inline(token.children))
    return " ".join("".join(words).split())


# --- From tokens to HTML --------------------------------------------------------------


def _render_tex(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return html_entities.escape(tokens[at].content, quote=False)


def _render_tex_block(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f"<div>{html_entities.escape(tokens[at].content, quote=False)}</div>\n"


def _render_softbreak(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return " "


_LIQUID = re.compile(r"\{%.*?%\}", re.DOTALL)


def _render_html(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Take Liquid tags out of HTML too, unless it holds code; nh3 cleans it afterwards."""
    content = tokens[at].content
    if "{%" not in content or "<pre" in content or "<code" in content:
        return content
    return _LIQUID.sub("", content)


# Footnotes: "s--" is no heading's id, since a slug never starts with "-".
def _note_of(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _render_note_reference(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    note, repeat = _note_of(tokens[at]), tokens[at].meta.get("subId", 0)
    mark = f' id="{ANCHOR}-ref-{note}"' if not repeat else ""
    return f'<sup{mark}><a href="#{ANCHOR}-note-{note}">{note}</a></sup>'


def _render_note_open(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<li id="{ANCHOR}-note-{_note_of(tokens[at])}">'


def _render_note_anchor(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    note, repeat = _note_of(tokens[at]), tokens[at].meta.get("subId", 0)
    return "" if repeat else f' <a href="#{ANCHOR}-ref-{note}">\u21a9\ufe0e</a>'


_RENDERERS: dict[str, Callable[..., str]] = {
    "tex_inline": _render_tex,
    "tex_block": _render_tex_block,
    "softbreak": _render_softbreak,
    "html_block": _render_html,
    "html_inline": _render_html,
    "footnote_ref": _render_note_reference,
    "footnote_open": _render_note_open,
    "footnote_anchor": _render_note_anchor,
}


def _renderer() -> MarkdownIt:
    parser = markdown_parser()
    for name, rule in _RENDERERS.items():
        parser.add_render_rule(name, rule)
    return parser


_MARKDOWN = _renderer()


def _take_title(tokens: list[Token], title: str | None) -> str | None:
    """Take out the heading that is the title: readers see it above the text, once.

    Where no title is known that is the opening heading, else the first of level 1; where
    one is known only an opening heading that repeats it.
    """
    headings = [n for n, token in enumerate(tokens) if token.type == "heading_open"]
    opening = headings[0] if headings and headings[0] == 0 else None
    if title is None and opening is None:
        opening = next((n for n in headings if tokens[n].tag == "h1"), None)
    if opening is None or (title is not None and tokens[opening].tag != "h1"):
        return None
    words = plain_inline(tokens[opening + 1].children)
    if not words or (title is not None and slug_of_title(title) != slug_of_title(words)):
        return None
    del tokens[opening : opening + 3]
    return words


def _prepare_headings(tokens: Sequence[Token]) -> None:
    """Give each heading its id, and shift all by one where the text has its own level 1."""
    headings = [token for token in tokens if token.type.startswith("heading_")]
    shift = int(any(token.tag == "h1" for token in headings))
    used: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            anchor = unused(ANCHOR + slug_of_title(plain_inline(inline.children)), used)
            token.attrs = {"id": anchor}
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


def unused(name: str, used: set[str]) -> str:
    """Return `name`, or `name-2`, `name-3`..., whichever is not `used` yet, and note it."""
    free, count = name, 1
    while free in used:
        count += 1
        free = f"{name}-{count}"
    used.add(free)
    return free


# --- From HTML to clean HTML ----------------------------------------------------------

Resolve = Callable[[Literal["link", "image"], str], str | None]

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
    "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id", "title", "lang", "dir"},
    "a": {"href"},
    "code": {"class"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto"}
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")
_RAW_H1 = re.compile(r"<(/?)h1(?=[\s>])", re.IGNORECASE)


@dataclass
class _Cleaner:
    """Decides on each attribute: our ids, classes of code, addresses that resolve."""

    resolve: Resolve
    anchors: set[str]

    def decide(self, element: str, attribute: str, value: str) -> str | None:
        """Return the attribute's value as it may stand, or None to drop it."""
        if attribute == "id":
            return value if value in self.anchors else None
        if attribute == "class":
            return next((c for c in value.split() if _LANGUAGE.fullmatch(c)), None)
        if attribute == "href":
            return self._address("link", value)
        if attribute == "src":
            return self._address("image", value)
        return value

    def _address(self, kind: Literal["link", "image"], value: str) -> str | None:
        value = value.strip()
        if value.startswith("#"):
            return self._anchor(unquote(value[1:])) if kind == "link" else None
        answer = self.resolve(kind, value)
        return answer if answer and _is_safe(answer) else None

    def _anchor(self, name: str) -> str | None:
        for anchor in (name, ANCHOR + name, ANCHOR + slug_of_title(name)):
            if anchor in self.anchors:
                return f"#{anchor}"
        return None


def _is_safe(address: str) -> bool:
    """Tell whether an address is of an allowed scheme, or relative to our own pages."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme in _SCHEMES if scheme else address.startswith(("../", "#"))


def _clean(raw: str, resolve: Resolve) -> str:
    anchors = set(re.findall(f'id="({ANCHOR}[^"]*)"', raw))
    return nh3.clean(
        raw,
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "iframe", "noscript", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=_Cleaner(resolve, anchors).decide,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )


def plain_text(fragment: str) -> str:
    """Return the words of an HTML fragment, on one line."""
    if "<" in fragment:
        fragment = nh3.clean(fragment, tags=set(), clean_content_tags={"script", "style"})
    return " ".join(html_entities.unescape(fragment).split())


# --- From clean HTML to what a document holds -----------------------------------------


@dataclass(frozen=True, slots=True)
class Rendered:
    """Markdown as it is shown and searched.

    `title` is the opening heading that was taken out, None where none was. `sections`
    count characters of `text`. `images` are the addresses of images of our own that the
    HTML shows, each once.
    """

    html: str
    text: str
    sections: tuple[Section, ...]
    images: tuple[str, ...]
    title: str | None = None


# nh3 writes attributes in double quotes, so that this reads every tag of its output.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_BLOCKS = {
    "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


@dataclass
class _Reader:
    """Reads clean HTML once: writes it out with its links settled, and its plain text."""

    out: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    sections: list[Section] = field(default_factory=list)
    images: dict[str, None] = field(default_factory=dict)
    preformatted: int = 0
    space: bool = False  # seen, and owed to the next word of the line
    links: list[str] = field(default_factory=list)  # what each open <a> is: link, note, none
    heading: tuple[str, int] | None = None

    def read(self, clean: str) -> None:
        """Read the whole of `clean`."""
        at = 0
        for tag in _TAG.finditer(clean):
            if tag.start() > at:
                self._words(clean[at : tag.start()])
            at = tag.end()
            closing, name, rest = tag.groups()
            if name == "a":
                self._link(tag[0], bool(closing), rest)
            elif name == "img":
                self._image(tag[0], dict(_ATTRIBUTE.findall(rest)))
            else:
                self.out.append(tag[0])
                self._block(name, bool(closing), rest)
        if at < len(clean):
            self._words(clean[at:])

    def _words(self, markup: str) -> None:
        self.out.append(markup)
        if "note" not in self.links:
            self._say(html_entities.unescape(markup) if "&" in markup else markup)

    def _say(self, words: str) -> None:
        """Add words; space around them counts only between words of one line."""
        if self.preformatted:
            self._add(words)
            return
        inner = words.strip()
        self.space = self.space or words[:1].isspace()
        if inner:
            self._add(" " + inner if self.space and not self._at_line_start() else inner)
            self.space = words[-1].isspace()

    def _add(self, words: str) -> None:
        self.text.append(words)
        self.length += len(words)

    def _at_line_start(self) -> bool:
        return not self.text or self.text[-1].endswith("\n")

    def _break(self) -> None:
        self.space = False
        if not self._at_line_start():
            self._add("\n")

    def _block(self, name: str, closing: bool, rest: str) -> None:
        if name == "br":
            self._break()
        elif name in ("td", "th"):
            self._say(" ")
        elif name in _BLOCKS:
            if closing and name in _HEADINGS:
                self._end_heading()
            self._break()
            if name == "pre":
                self.preformatted += -1 if closing else 1
            elif name in _HEADINGS and not closing:
                anchor = dict(_ATTRIBUTE.findall(rest)).get("id")
                self.heading = (anchor, self.length) if anchor else None

    def _end_heading(self) -> None:
        if self.heading:
            anchor, start = self.heading
            title = self._since(start)
            if title:
                self.sections.append(Section(title, anchor, start))
        self.heading = None

    def _since(self, start: int) -> str:
        words: list[str] = []
        missing = self.length - start
        for piece in reversed(self.text):
            if missing <= 0:
                break
            words.append(piece)
            missing -= len(piece)
        return " ".join("".join(reversed(words)).split())

    def _link(self, tag: str, closing: bool, rest: str) -> None:
        if closing:
            kind = self.links.pop() if self.links else "none"
            self.out.append("" if kind == "none" else tag)
            return
        href = dict(_ATTRIBUTE.findall(rest)).get("href")
        kind = "none" if href is None else "link"
        if href is not None and href.startswith(f"#{ANCHOR}-"):
            kind = "note"
        self.links.append(kind)
        self.out.append("" if kind == "none" else tag)

    def _image(self, tag: str, attributes: dict[str, str]) -> None:
        """Show an image of ours; of others, whose servers would see each reader, a link."""
        source = html_entities.unescape(attributes.get("src", ""))
        alt = html_entities.unescape(attributes.get("alt", ""))
        if source.startswith("../"):
            self.images[source] = None
            self.out.append(tag)
        elif source and "link" not in self.links:
            words = alt or source.rsplit("/", 1)[-1] or source
            href, shown = html_entities.escape(source), html_entities.escape(words)
            self.out.append(f'<a href="{href}" rel="noopener">{shown}</a>')
        else:
            self.out.append(html_entities.escape(alt))
        self._say(alt)


def render(
    markdown: str, resolve: Resolve, *, mend: bool = True, title: str | None = None
) -> Rendered:
    """Render Markdown into clean HTML and plain text.

    `resolve` answers what address a link or an image has on our pages, None for none. With
    `mend`, broken characters are repaired, but never in code. An opening heading of level
    1 is taken out where it repeats `title`, or where no title is known.
    """
    if len(markdown) > RENDER_LIMIT:
        raise ContentError(
            f"text has {len(markdown):,} characters, and {RENDER_LIMIT:,} can be shown; split it"
        )
    env: EnvType = {"repair": mend}
    tokens = _MARKDOWN.parse(markdown, env)
    taken = _take_title(tokens, title)
    _prepare_headings(tokens)
    raw = _RAW_H1.sub(r"<\1h2", _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))
    return _read_clean(_clean(raw, resolve), taken)


def _read_clean(clean: str, title: str | None) -> Rendered:
    reader = _Reader()
    reader.read(clean)
    return Rendered(
        html="".join(reader.out).strip(),
        text="".join(reader.text).rstrip(),
        sections=tuple(reader.sections),
        images=tuple(reader.images),
        title=title,
    )
