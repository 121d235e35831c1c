r"""TeX to MathML, once, when the index is built: a page needs no script to show a formula.

    \sqrt{d_h}   --math-core-->   <math><msqrt>...   --cleaning--> as any HTML

What it cannot read is shown as it was written, and no formula stops a post. It is written in Rust
and calls itself for what stands within: so length and depth are bounded before.
"""

import html as html_entities
import re

from math_core import LatexError, LatexToMathML

from searchapp.text.mathml import read_line

LONGEST = 4_000  # characters; at a level for every 3 of them its stack still holds
DEEPEST = 100  # of braces in braces

_CONVERTER = LatexToMathML(
    # What MathJax and KaTeX know beside LaTeX's own.
    macros={
        "hbox": r"\text{#1}",
        "mathbbm": r"\mathbb{#1}",
        "mathds": r"\mathbb{#1}",
        "mbox": r"\text{#1}",
        "substack": r"\begin{matrix}#1\end{matrix}",
    },
    allow_unreliable_rendering=True,  # a tilde that is a little narrow is better than TeX
    fancy_error=False,
    max_expansions=100,
)

# Numbers of equations are counted by none that shows a blog's formulas unless told to.
_ENVIRONMENTS = {
    "align": "aligned", "alignat": "aligned", "eqnarray": "aligned", "flalign": "aligned",
    "split": "aligned", "gather": "gathered", "multline": "multline*",
    "displaymath": "", "equation": "", "math": "",
}  # fmt: skip
_BEGIN_OR_END = re.compile(r"\\(begin|end)\s{0,9}\{([a-z]{1,20})\*?\}(\{\d{1,3}\})?")
_NUMBERING = re.compile(r"\\(?:label\s{0,9}\{[^{}]{0,100}\}|(?:nonumber|notag)(?![a-zA-Z]))")
_TAG = re.compile(r"\\tag\s{0,9}(\*?)\s{0,9}\{([^{}]{0,40})\}")
_REFERENCE = re.compile(r"\\(?:eq)?ref\s{0,9}\{([^{}]{0,100})\}")
_STYLE = re.compile(r' style="([^"<>]*)"')


def to_mathml(tex: str, *, display: bool) -> str | None:
    """Return TeX as MathML, which is to be cleaned; None where it cannot be read."""
    if len(tex) > LONGEST or _depth(tex) > DEEPEST:
        return None
    try:
        found = _CONVERTER.convert_with_local_state(_as_latex(tex), displaystyle=display)
    except (LatexError, UnicodeEncodeError):  # a lone surrogate
        return None
    return _STYLE.sub(_set_cell, found)


def show_formula(tex: str, *, display: bool) -> str:
    """Return the HTML of a formula: MathML, or its TeX as code where that is none."""
    return to_mathml(tex, display=display) or show_tex(tex)


def show_tex(tex: str) -> str:
    """Return TeX as code, for what cannot be shown otherwise."""
    return f'<code class="math">{html_entities.escape(tex.strip(), quote=False)}</code>'


def read_formula(tex: str) -> str:
    """Return TeX as a line of words and signs; as it is where it cannot be read."""
    found = to_mathml(tex, display=False)
    return tex.strip() if found is None else read_line(found)


def _depth(tex: str) -> int:
    """Return how deep braces and brackets stand in each other; a closer too many is none."""
    deepest = depth = 0
    for brace in re.findall(r"[{}\[\]]|\\(?:left|right|begin|end)(?![a-zA-Z])", tex):
        opens = brace in ("{", "[", "\\left", "\\begin")
        depth = max(0, depth + (1 if opens else -1))
        deepest = max(deepest, depth)
    return deepest


def _as_latex(tex: str) -> str:
    """Return TeX without what only numbers equations, and environments by names that are known.

    A browser reads `&gt;` before any script that shows formulas does, so writers use it.
    """
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        tex = tex.replace(entity, character)
    tex = _NUMBERING.sub("", tex)
    tex = _TAG.sub(lambda tag: rf"\qquad\text{{{tag[2] if tag[1] else f'({tag[2]})'}}}", tex)
    tex = _REFERENCE.sub(r"\\text{(\1)}", tex)
    return _BEGIN_OR_END.sub(_rename, tex)


def _rename(found: re.Match[str]) -> str:
    what, name, columns = found.groups()
    known = _ENVIRONMENTS.get(name)
    if known is None:
        return found[0]
    kept = "" if name == "alignat" else columns or ""
    return (f"\\{what}{{{known}}}" if known else "{" if what == "begin" else "}") + kept


def _set_cell(style: re.Match[str]) -> str:
    """Return the class of a cell of a table: the page's policy allows no inline style."""
    stated = style[1].replace(" ", "")
    for declarations, name in _CELLS:
        if all(declaration in stated for declaration in declarations):
            return f' class="{name}"'
    return ""


_CELLS = (
    (("padding-left:1em",), "apart"),
    (("text-align:right", "padding-right:0"), "right"),
    (("text-align:left", "padding-left:0"), "left"),
    (("text-align:right",), "end"),
    (("text-align:left",), "start"),
)
