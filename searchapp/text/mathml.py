"""Formulas as MathML: what of them a page shows, and the line by which they are searched and cut.

    <math><msqrt><msub><mi>d</mi><mi>h</mi></msub></msqrt></math>   shown
    <math alttext="√d_h">                                           searched, in snippets

MathML is where known attacks on cleaners went through, as an element of HTML within `mtext` is
read one way by the cleaner and another way by the browser. So within a formula stand elements of
one closed list and words, or the whole of it is shown as words.
"""

import html as html_entities
import re
import unicodedata
from collections.abc import Callable, Iterator

# Presentation alone: no links, no actions, no annotations, nothing that holds HTML.
MATH_ELEMENTS = frozenset((
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
))  # fmt: skip
NOT_SHOWN = frozenset(("annotation", "annotation-xml"))  # TeX again, or what it was made from

CELLS = frozenset(("apart", "end", "left", "right", "start"))  # how a cell of a table is set
MATH_ATTRIBUTES: dict[str, set[str]] = {
    "math": {"display", "alttext"},
    "menclose": {"notation"},
    "mfrac": {"linethickness", "displaystyle"},
    "mi": {"mathvariant"},
    "mo": {"accent", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits",
           "rspace", "separator", "stretchy", "symmetric"},
    "mover": {"accent"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mspace": {"width", "height", "depth"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle"},
    "mtd": {"class", "columnspan", "rowspan"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}  # fmt: skip
# Lengths of at most 99 em, so that a formula stands where it is; the rest are words.
_VALUE = re.compile(r"[+-]?\d{0,2}(?:\.\d{1,8})?(?:em|ex|mu)?|[a-z][a-z -]{0,40}")

LONGEST_LINE = 2_000  # characters of a formula's words
LARGEST = 400_000  # characters of its MathML; a formula of 100 lines has a tenth


def may_stand(element: str, attribute: str, value: str) -> bool:
    """Tell whether a formula's element may have that value of one of its own attributes."""
    if attribute == "class":
        return value in CELLS
    return attribute == "alttext" or _VALUE.fullmatch(value) is not None


_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^<>]*?)(/?)>")
_CLOSING = "</math>"
_STATED = re.compile(r' alttext="([^"]*)"')


def settle_formulas(clean: str) -> str:
    """Return HTML as nh3 writes it with each formula checked, and its words told beside it."""
    if "<math" not in clean:
        return clean
    parts, at = [], 0
    for start, end in _spans_of_formulas(clean):
        parts += [clean[at:start], _settle(clean[start:end])]
        at = end
    return "".join([*parts, clean[at:]])


def _spans_of_formulas(clean: str) -> Iterator[tuple[int, int]]:
    """Yield where each outermost formula begins and ends."""
    depth, start = 0, 0
    for tag in re.finditer(r"<(/?)math(?=[ >])[^<>]*>", clean):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, tag.end()


def _settle(formula: str) -> str:
    opening = formula[: formula.index(">") + 1]
    inside = formula[len(opening) : -len(_CLOSING)]
    elements = {tag[2] for tag in _TAG.finditer(inside)}
    if len(formula) > LARGEST or not elements <= MATH_ELEMENTS - {"math"}:
        words = " ".join(html_entities.unescape(_TAG.sub(" ", inside)).split())
        return html_entities.escape(words, quote=False)
    words = html_entities.escape(read_line(inside)[:LONGEST_LINE])
    opening = _STATED.sub("", opening)[:-1]
    if ' display="block"' in opening:
        opening += ' tabindex="0"'  # a wide one scrolls, and keys scroll what has the focus
    return f'{opening} alttext="{words}">{inside}{_CLOSING}'


# --- As a line of words -----------------------------------------------------------------

_WORD, _GAP = "\x01", "\x02"  # beside a name of several letters, and around signs
_LONGEST_PART = 2 * LONGEST_LINE  # or each of thousands that stand in each other is read again
_LONE = re.compile(r"[\w√∞∅⊤†′*∗]*|\([^()]*\)")
_WIDE = re.compile(r' width="(?:0?\.[5-9]|[1-9])')
_RELATIONS = frozenset("=<>≤≥≠≈∼≃≅≡≔≺≻→←↔⇒⇐⇔↦∈∉⊂⊆∝≪≫∣+−-±×⋅·∗∧∨∪∩∘⊕⊗⊙:")
_ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "¯": "\u0304", "ˉ": "\u0304", "˜": "\u0303",
            "~": "\u0303", "⃗": "\u20d7", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308"}  # fmt: skip
_UNSEEN = re.compile("[\u2061-\u2064\ufe00-\ufe0f\u200b-\u200d]")


def read_line(inside: str) -> str:
    """Return a formula, with or without its `<math>`, on one line: `softmax(QK^⊤/√d_h)V`."""
    frames: list[tuple[str, str, list[str]]] = [("mrow", "", [])]
    at = 0
    for tag in _TAG.finditer(inside):
        if tag.start() > at:
            frames[-1][2].append(_say(frames[-1][0], inside[at : tag.start()]))
        at = tag.end()
        if not tag[1]:
            frames.append((tag[2], tag[3], []))
        if (tag[1] or tag[4]) and len(frames) > 1:
            name, attributes, parts = frames.pop()
            said = _READ.get(name, _read_row)(attributes, parts)
            frames[-1][2].append(said[:_LONGEST_PART])
    return _finish("".join("".join(parts) for _, _, parts in frames))


def _finish(line: str) -> str:
    line = re.sub(rf"(?<=[^\W_]){_WORD}+(?=[^\W_])", " ", line).replace(_WORD, "")
    line = re.sub(rf"(?<=\d),{_GAP}(?=\d\d\d(?!\d))", ",", line)
    line = re.sub(rf"(^|[(\[{{^_/]){_GAP}+", r"\1", line)
    return unicodedata.normalize("NFC", " ".join(line.replace(_GAP, " ").split()))


def _say(element: str, markup: str) -> str:
    words = _UNSEEN.sub("", html_entities.unescape(markup).replace("\xa0", " "))
    words = words.replace(_WORD, "").replace(_GAP, "")
    if element == "mtext":
        return words
    words = "".join(map(_plain_letter, words.strip()))
    if element == "mi" and len(words) > 1:
        return f"{_WORD}{words}{_WORD}"
    if element == "mo" and words in _RELATIONS:
        return f"{_GAP}{words}{_GAP}"
    return f"{words}{_GAP}" if element == "mo" and words in (",", ";") else words


def _plain_letter(character: str) -> str:
    """Return `W` for a bold one: people type letters, not alphabets."""
    if "\U0001d400" <= character <= "\U0001d7ff" or "\u2100" <= character <= "\u214f":
        return unicodedata.normalize("NFKC", character)
    return character


def _read_row(attributes: str, parts: list[str]) -> str:
    return "".join(parts)


def _bare(part: str) -> str:
    """Return a part without the gaps in it, as it stands raised or lowered."""
    return part.replace(_GAP, "")


def _alone(part: str) -> str:
    """Return a part in parentheses, unless it is plainly one thing."""
    part = part.strip(_WORD)
    return part if _LONE.fullmatch(part) else f"({part})"


def _over(part: str) -> str:
    """Return the part of a fraction, in parentheses where a sign in it would be misread."""
    inner = part.strip(_GAP)
    return f"({inner})" if _GAP in inner or "/" in inner or " " in inner else inner


def _read_fraction(attributes: str, parts: list[str]) -> str:
    return "/".join(map(_over, parts))


def _lower(part: str) -> str:
    return f"_{_alone(_bare(part))}" if part else ""


def _raise(part: str) -> str:
    part = _bare(part)
    return part if not part or set(part) <= set("′*∗°") else f"^{_alone(part)}"


def _read_lowered(attributes: str, parts: list[str]) -> str:
    return "".join([*parts[:1], *map(_lower, parts[1:]), _WORD])


def _read_raised(attributes: str, parts: list[str]) -> str:
    return "".join([*parts[:1], *map(_raise, parts[1:]), _WORD])


def _read_both(attributes: str, parts: list[str]) -> str:
    return "".join([*parts[:1], *map(_lower, parts[1:2]), *map(_raise, parts[2:]), _WORD])


def _read_above(attributes: str, parts: list[str]) -> str:
    base, above = parts[0] if parts else "", _bare("".join(parts[1:]))
    if above in _ACCENTS:
        return base + _ACCENTS[above] if len(base) == 1 else base
    return base + _raise(above)


def _read_below(attributes: str, parts: list[str]) -> str:
    base, below = parts[0] if parts else "", "".join(parts[1:])
    return base if "accentunder" in attributes else base + _lower(below) + _WORD


def _read_root(attributes: str, parts: list[str]) -> str:
    return "".join(parts[1:2]) + "√" + _alone(_bare_root("".join(parts[:1])))


def _bare_root(part: str) -> str:
    return part.strip(_GAP)


_READ: dict[str, Callable[[str, list[str]], str]] = {
    "mfrac": _read_fraction,
    "mover": _read_above,
    "mphantom": lambda attributes, parts: "",
    "mroot": _read_root,
    "mspace": lambda attributes, parts: _GAP if _WIDE.search(attributes) else "",
    "msqrt": lambda attributes, parts: "√" + _alone(_bare_root("".join(parts))),
    "msub": _read_lowered,
    "msubsup": _read_both,
    "msup": _read_raised,
    "mtable": lambda attributes, parts: f";{_GAP}".join(filter(None, parts)),
    "mtd": lambda attributes, parts: "".join(parts) + _GAP,
    "mtr": lambda attributes, parts: "".join(parts).strip(_GAP),
    "munder": _read_below,
    "munderover": _read_both,
}
