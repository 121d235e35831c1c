"""TeX in Markdown: formulas are taken whole, so that no underscore in them is emphasis."""

import html as html_entities
import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_SPAN_LIMIT = 10_000  # characters of a formula: an opener without end costs no more

_ENVIRONMENT = re.compile(
    r"\\begin\{(equation|align|alignat|gather|multline|flalign|eqnarray|math|displaymath"
    r"|split|cases|[pbvBV]?matrix)(\*?)\}"
)
_BRACKETS = (("\\\\[", "\\\\]"), ("\\\\(", "\\\\)"), ("\\[", "\\]"), ("\\(", "\\)"))
# "$5 (or 4$)", "$100 million$", "$5-a-month$"
_PRICE = re.compile(r"\d[\d.,]*[kKmM]?(?: (?:[(+]|[^\W\d_]{2,})|-[^\W\d_])")
_LITTLE = re.compile(r"[\w\\^{}+-]{1,12}")  # before letters: the "$n$th"

# What brackets hold that Markdown escapes: "\\[Rust\\]", "\\(see below\\)", "\\[T; N\\]".
_ESCAPES = ("\\(", "\\[")
_SIGN = re.compile(r"\\[a-zA-Z]|\^|(?<![a-zA-Z0-9])[a-zA-Z]_")
_WORD = re.compile(r"[^\W\d_]{2}")


def _is_tex(opener: str, within: str) -> bool:
    """Tell a formula from brackets that are escaped, as Markdown has it, to stand in prose."""
    if not within.strip():
        return False  # "$$$$" is a rating
    if opener not in _ESCAPES:
        return True
    if opener in within:
        return False
    within = html_entities.unescape(within)
    if _SIGN.search(within):
        return "://" not in within
    if _WORD.search(within):
        return False
    return any(map("=<>+*/".__contains__, within)) or (
        opener == "\\(" and any(map(str.isalpha, within))
    )


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


def end_of_formula(source: str, start: int, end: int) -> int | None:
    """Return where the formula that opens at `start` ends, or None if none opens there."""
    limit = min(end, start + _SPAN_LIMIT)
    if pair := _closer_of(source, start):
        first = start + len(pair[0])
        if pair[0] in _ESCAPES and (again := source.find(pair[0], first, limit)) >= 0:
            limit = again  # it holds no other of its kind
        at = source.find(pair[1], first, limit)
        if at < 0 or not _is_tex(pair[0], source[first:at]):
            return None
        if pair[0] == "$$" and "$" in (
            source[start - 1 : start],
            source[first],
            source[at + 2 : at + 3],
        ):
            return None  # "$$$": what a meal costs
        return at + len(pair[1])
    if source[start] != "$":
        return None
    return _end_of_dollars(source, start, limit)


def _end_of_dollars(source: str, start: int, limit: int) -> int | None:
    """Return the end of `$...$`, by the rule that keeps "$20 and $30" prose.

    No space inside the dollars, as Pandoc has it, no letter or digit beside them ("US$5",
    "$HOME/$USER"; but the "$n$th"), the next dollar is the last, and what is within does not go
    on like a price.
    No backtick within: `$HOME` in code stays code.
    """
    before = source[start - 1 : start]
    if source[start + 1 : start + 2].isspace() or before.isalnum() or before == "$":
        return None
    at = source.find("$", start + 1, limit)
    while at > 0 and source[at - 1] == "\\":
        at = source.find("$", at + 1, limit)
    if at <= start + 1 or source[at - 1].isspace():
        return None
    after, within = source[at + 1 : at + 2], source[start + 1 : at]
    if after.isdigit() or after == "$" or "`" in within or _PRICE.match(within):
        return None
    return None if after.isalpha() and not _LITTLE.fullmatch(within) else at + 1


def parts_of_formula(source: str) -> tuple[str, str]:
    """Return what opens a formula, as it stands in a text, and its TeX."""
    opener, closer = _closer_of(source, 0) or ("$", "$")
    if opener.startswith("\\begin"):
        return opener, source
    return opener, source[len(opener) : len(source) - len(closer)]


def is_display(opener: str) -> bool:
    """Tell whether a formula within a line is set as one of its own; "$$" stands in lines too."""
    return opener.endswith("[") or opener.startswith("\\begin")


def _is_alone(source: str, start: int, end: int) -> bool:
    """Tell whether nothing else stands on the lines of a formula."""
    before, after = source[:start].rpartition("\n")[2], source[end:].partition("\n")[0]
    return not before.strip() and not after.strip(" .,;")


def _tex_inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    end = end_of_formula(state.src, state.pos, state.posMax)
    if end is None:
        return False
    if not silent:
        opener, tex = parts_of_formula(state.src[state.pos : end])
        token = state.push("tex_inline", "", 0)
        token.content, token.markup = tex, opener
        token.block = is_display(opener) or (
            opener == "$$" and _is_alone(state.src, state.pos, end)
        )
    state.pos = end
    return True


def _tex_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take lines from an opener of display TeX to the line that its closer ends."""
    first = state.bMarks[start] + state.tShift[start]
    if state.src[first : first + 1] not in ("$", "\\"):
        return False
    pair = None if state.is_code_block(start) else _closer_of(state.src, first)
    if pair is None or pair[0] in ("\\(", "\\\\("):
        return False
    blank_ends = not pair[0].startswith("\\begin")
    last = _last_line_of_tex(state, start, end, pair, blank_ends)
    if last is None:
        return False
    whole = state.getLines(start, last + 1, state.blkIndent, False).strip()
    if not _is_tex(pair[0], whole[len(pair[0]) : whole.rindex(pair[1])]):
        return False
    if not silent:
        token = state.push("tex_block", "", 0)
        token.info = whole[whole.rindex(pair[1]) + len(pair[1]) :].strip()
        token.markup, token.content = parts_of_formula(whole.removesuffix(token.info).rstrip())
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


def tex_plugin(parser: MarkdownIt) -> None:
    """Teach `parser` formulas: tokens `tex_inline` and `tex_block` of TeX.

    `markup` is what opened it; `block` tells that one within a paragraph stands on lines of its
    own; `info` is a full stop or comma that follows.
    """
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "tex_block", _tex_block, interrupts)
    parser.inline.ruler.before("escape", "tex_inline", _tex_inline)
