"""Parses Markdown as blogs have it: tables, footnotes, tasks, TeX, template tags."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from searchapp.text.formulas import read_formula
from searchapp.text.repairing import is_repaired, repair
from searchapp.text.templates import template_plugin
from searchapp.text.tex import tex_plugin

# A list within a list is two levels. The parser leaves out, without a word, what lies deeper; its
# bound of 20 is a list ten deep, as outlines have. Far more would cost hostile text its square.
MAX_NESTING = 101
TOO_DEEP = f"is nested in more than {MAX_NESTING // 2} lists, and is left out; move it outwards"

_CONTAINERS = frozenset(("list_item_open", "blockquote_open"))


def markdown_parser() -> MarkdownIt:
    """Return a parser for Markdown as blogs have it: tables, footnotes, tasks, TeX, tags.

    It leaves the first line of text that is nested too deep in `env["too_deep"]`.
    """
    options = {"html": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(tex_plugin).use(template_plugin)
    parser.core.ruler.before("inline", "repair", _repair_prose)
    parser.core.ruler.before("inline", "heading_attributes", _take_heading_attributes)
    parser.core.ruler.after("block", "depth", _note_depth)
    parser.core.ruler.push("tasks", _tick_tasks)
    parser.core.ruler.push("cells", _align_cells)
    return parser


def _note_depth(state: StateCore) -> None:
    """Note where a bullet or a quotation is so deep that the parser left out what it holds."""
    for token in state.tokens:
        if token.type in _CONTAINERS and token.level >= MAX_NESTING - 1 and token.map:
            state.env["too_deep"] = token.map[0] + 1
            return


def _repair_prose(state: StateCore) -> None:
    """Repair paragraphs and headings before they are parsed; code is left as it is."""
    if not state.env.get("repair"):
        return
    for token in state.tokens:
        if token.type == "inline" and not token.content.isascii():
            whole = _repair_outside_code(token.content)
            if is_repaired(token.content, whole):
                state.env["repaired"] = state.env.get("repaired", 0) + 1
            token.content = whole


_CODE_SPAN = re.compile(r"((?<!`)`{1,10}(?!`).{1,2000}?(?<!`)`{1,10}(?!`))", re.DOTALL)


def _repair_outside_code(content: str) -> str:
    whole = repair(content)
    if whole == content or "`" not in content:
        return whole
    pieces = _CODE_SPAN.split(content)
    return "".join(piece if n % 2 else repair(piece) for n, piece in enumerate(pieces))


# At the end of a heading, as Kramdown, Goldmark, Zola and Pandoc have it.
_ATTRIBUTES = re.compile(r"\s*\{:?\s*((?:[#.]|\w+=)[^{}]*)\}\s*$")
_OWN_ID = re.compile(r"#([^\s{}]+)")


def _take_heading_attributes(state: StateCore) -> None:
    """Take `{#name .class}` off a heading; the name becomes its anchor."""
    for heading, inline in pairwise(state.tokens):
        if heading.type != "heading_open" or not inline.content.endswith("}"):
            continue
        if attributes := _ATTRIBUTES.search(inline.content[-200:]):
            inline.content = inline.content.removesuffix(attributes[0])
            if own := _OWN_ID.search(attributes[1]):
                inline.meta["id"] = own[1]


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


def plain_inline(tokens: Sequence[Token] | None, ticks: bool = True) -> str:
    """Return the words of inline tokens. Code keeps its backticks, which titles show as text."""
    words = []
    for token in tokens or ():
        if token.type in ("text", "text_special"):
            words.append(token.content)
        elif token.type == "tex_inline":
            words.append(read_formula(token.content))
        elif token.type == "code_inline":
            mark = token.markup if ticks else ""
            words.append(f"{mark}{token.content}{mark}")
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "image":
            words.append(plain_inline(token.children))
    return " ".join("".join(words).split())
