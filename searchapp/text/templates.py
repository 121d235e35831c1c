"""Template tags in writing: Liquid, Nunjucks, and the shortcodes of Hugo and Zola.

    {% include a.html %}  {{ page.title }}  {# note #}  {{< figure >}}  {{% tip %}}  {: .lead}

We run no templates, so a tag is taken out; what it encloses stays. Tags of code become code,
comments go with what they hold, `raw` holds text as it is, and an address keeps what can be
known of it. In code nothing is a tag: the Markdown parser never asks about it there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from searchapp.text.marks import POST, REFERENCE

_SPAN_LIMIT = 10_000  # characters of a tag: an opener without end costs no more

# Longest first: "{{<" is not "{{".
_BRACES = (
    ("{{<", ">}}"), ("{{%", "%}}"), ("{{/*", "*/}}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"),
    ("{:", "}"),
)  # fmt: skip

# What is computed: a name, with its parts, arguments or filters. "{{7*7}}" is only text.
_EXPRESSION = re.compile(r"""-?\s*(?:["'(]|[.$]?[A-Za-z_]\w*\s*(?:[.\[(|]|-?\s*\}\}))""")
_NAME = re.compile(r"[\s/-]*(end)?([\w.-]+)")
_CODE = frozenset(("highlight", "codeblock", "code", "prism"))
_COMMENT = "comment"
_VERBATIM = frozenset(("raw", "verbatim"))

# Addresses: a tag that leads to the site's own root adds nothing, others are not known.
_ROOT = re.compile(r"\{\{-?\s*(?:site\.(?:base)?url|base_?url|\.?Site\.BaseURL)\s*-?\}\}", re.I)
_LITERAL = re.compile(
    r"""\{\{-?\s*["']([^"'{}]*)["']\s*\|\s*(?:relative_url|absolute_url|relURL|absURL|url)\b"""
)
_POST = re.compile(r"\{%-?\s*post_url\s+(\S+?)\s*-?%\}")
_FILE = re.compile(r"\{%-?\s*link\s+(\S+?)\s*-?%\}")
_REFERENCE = re.compile(
    r"""\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?["'`]?([^"'`\s]+?)["'`]?(?:\s+[^<>{}]*)?\s*[>%]\}\}"""
)
_IN_ATTRIBUTE = re.compile(r"""\b(?:href|src)=["']?[^"'<>\s]*$""", re.IGNORECASE)
UNKNOWN = "template:"  # the scheme of an address that only the generator knows
# With "_" they are no schemes, so that cleaning lets them through to the resolver.


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag in a text: where it ends, what it is called, and whether it closes another."""

    text: str
    end: int
    name: str
    closes: bool

    @property
    def escaped(self) -> str | None:
        """What is shown of a shortcode that is only written about: `{{</* a */>}}`."""
        if self.text.startswith(("{{</*", "{{%/*")) and self.text[:-3].rstrip().endswith("*/"):
            inner = self.text[5:-3].rstrip().removesuffix("*/")
            return self.text[:3] + inner + self.text[-3:]
        return None


def _tag_at(text: str, start: int, end: int) -> _Tag | None:
    """Return the tag that opens at `start`, None if none does that also closes."""
    for opener, closer in _BRACES:
        if not text.startswith(opener, start):
            continue
        at = text.find(closer, start + len(opener), min(end, start + _SPAN_LIMIT))
        if at < 0 or not _is_tag(text, start, opener, at):
            return None
        tag = text[start : at + len(closer)]
        name = _NAME.match(tag, len(opener))
        closes = bool(name and (name[1] or "/" in name[0]))
        return _Tag(tag, at + len(closer), name[2] if name else "", closes)
    return None


def _is_tag(text: str, start: int, opener: str, at: int) -> bool:
    """Tell braces of a template from braces that a writer wrote."""
    if opener == "{{":
        return bool(_EXPRESSION.match(text, start + 2, at + 2))
    if opener == "{#":  # "{#name}" names a heading
        return text[start + 2 : start + 3] in " \n-"
    if opener == "{:":  # attributes in Kramdown's way, on one line
        return "\n" not in text[start:at] and text[start + 2 : start + 3] in " .#tn"
    return True


def without_tags(text: str) -> str:
    """Return HTML without template tags; those in an address leave what is known of it."""
    out: list[str] = []
    missing: dict[str, bool] = {}
    at = 0
    while (start := text.find("{", at)) >= 0:
        tag = _tag_at(text, start, len(text))
        out.append(text[at:start])
        at = tag.end if tag else start + 1
        if tag is None:
            out.append("{")
        elif tag.escaped:
            out.append(tag.escaped)
        elif _IN_ATTRIBUTE.search("".join(out[-4:])[-500:]):
            out.append(_known_address(tag.text))
        elif end := _end_of_hidden(text, tag, missing):
            at = end
    out.append(text[at:])
    return "".join(out)


_CODE_IN_HTML = re.compile(r"(<(pre|code|script|style)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)


_HTML_CODE = re.compile(r"<(/?)(?:code|pre)\b", re.IGNORECASE)


def without_tags_outside_code(html: str) -> str:
    """Return HTML without template tags, but for those in `pre` and `code`."""
    if "{" not in html:
        return html
    out, at = [], 0
    for code in _CODE_IN_HTML.finditer(html):
        out += [without_tags(html[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*out, without_tags(html[at:])])


def _known_address(tag: str) -> str:
    """Return what is known of an address, or of the part of it, that a tag stands for."""
    if _ROOT.fullmatch(tag):
        return ""
    forms = (
        (_LITERAL, "{}"),
        (_REFERENCE, REFERENCE + "{}"),
        (_FILE, POST + "{}"),
        (_POST, POST + "{}"),
    )
    for pattern, form in forms:
        if found := pattern.match(tag):
            return form.format(found[1])
    return UNKNOWN


def _end_of_hidden(text: str, tag: _Tag, missing: dict[str, bool]) -> int | None:
    """Return where a comment that `tag` opens ends, with its closing tag.

    `missing` remembers that nothing further closes one, so that no text is searched twice.
    """
    if tag.name != _COMMENT or tag.closes or missing.get(tag.name):
        return None
    found = _closing(text, tag.end, tag.name)
    missing[tag.name] = found is None
    return found[1] if found else None


def _closing(text: str, start: int, name: str) -> tuple[int, int] | None:
    """Return where the tag that closes `name` begins and ends."""
    closing = re.compile(r"\{(?:%|\{[<%])[-\s]*(?:end|/\s*)" + name + r"\s*-?(?:%|[>%]\})\}")
    found = closing.search(text, start)
    return found.span() if found else None


# --- In Markdown ----------------------------------------------------------------------


def _inline(state: StateInline, silent: bool) -> bool:
    """Take a tag out of running text; code spans and formulas never come here."""
    tag = _tag_at(state.src, state.pos, state.posMax) if state.src[state.pos] == "{" else None
    if tag is None or _is_in_html_code(state):
        return False
    shown, end = tag.escaped or "", tag.end
    missing = state.env.setdefault("unclosed", {})
    if tag.name in _VERBATIM and not tag.closes and (found := _closing(state.src, end, tag.name)):
        shown, end = state.src[end : found[0]], min(found[1], state.posMax)
    if hidden := _end_of_hidden(state.src, tag, missing):
        end = min(hidden, state.posMax)
    if shown and not silent:
        state.push("text", "", 0).content = shown
    state.pos = end
    return True


def _is_in_html_code(state: StateInline) -> bool:
    """Tell whether `<code>` was opened as HTML shortly before, and not closed."""
    for token in reversed(state.tokens[-20:]):
        if token.type == "html_inline" and (found := _HTML_CODE.match(token.content)):
            return not found[1]
    return False


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take out lines that are tags alone; tags of code become the code that they hold."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("{", first) or state.is_code_block(start):
        return False
    tags = list(_tags_alone(state, first, state.eMarks[end - 1]))
    if not tags:
        return False
    if silent:
        return True
    last = _line_at(state, start, end, tags[-1].end)
    state.line = last + 1
    if hidden := _end_of_hidden(state.src, tags[-1], state.env.setdefault("unclosed", {})):
        state.line = min(_line_at(state, last, end, hidden) + 1, end)
    elif tags[-1].name in _CODE and not tags[-1].closes:
        state.line = _push_code(state, tags[-1], last + 1, end)
    return True


def _tags_alone(state: StateBlock, start: int, end: int) -> Iterator[_Tag]:
    """Yield the tags from `start` to the end of a line, none if anything else stands there."""
    found, at = [], start
    while tag := _tag_at(state.src, at, end):
        if tag.escaped or "\n\n" in tag.text:
            return
        found.append(tag)
        at = tag.end
        while state.src[at : at + 1] in (" ", "\t"):
            at += 1
        if at >= end or state.src[at] == "\n":
            yield from found
            return


def _line_at(state: StateBlock, line: int, end: int, position: int) -> int:
    while line < end - 1 and state.eMarks[line] < position:
        line += 1
    return line


def _push_code(state: StateBlock, tag: _Tag, first: int, end: int) -> int:
    """Push what a tag of code encloses as code; return the line after it."""
    last = first
    while last < end:
        closing = _tag_at(state.src, state.bMarks[last] + state.tShift[last], state.eMarks[last])
        if closing and closing.closes and closing.name == tag.name:
            break
        last += 1
    language = re.search(rf"{tag.name}[\s\"']+(?:lang:)?([\w+#-]+)", tag.text)
    token = state.push("fence", "code", 0)
    token.info = language[1] if language else ""
    token.content = state.getLines(first, last, state.blkIndent, True)
    token.map = [first - 1, last]
    return min(last + 1, end)


def _parse_destination(text: str, start: int, end: int) -> object:
    """Read the address of a link; tags in it, spaces included, are parts of it."""
    out, at, tagged = [], start, False
    while at < end and text[at] not in " \t\n()<>":
        tag = _tag_at(text, at, end) if text[at] == "{" else None
        out.append(_known_address(tag.text) if tag else text[at])
        at = tag.end if tag else at + 1
        tagged = tagged or tag is not None
        if not tagged and at - start > 200:
            break
    plain = helpers.parseLinkDestination(text, start, end)
    if not tagged:
        return plain
    plain.ok, plain.pos, plain.str = True, at, "".join(out)
    return plain


def template_plugin(parser: MarkdownIt) -> None:
    """Teach `parser` to take template tags out, and to read addresses that hold them."""
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "template_block", _block, interrupts)
    parser.inline.ruler.before("escape", "template_inline", _inline)
    reading: Any = SimpleNamespace(
        parseLinkDestination=_parse_destination,
        parseLinkLabel=helpers.parseLinkLabel,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    parser.helpers = reading
