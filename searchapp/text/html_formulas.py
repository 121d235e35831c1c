r"""Formulas in HTML, by all the ways in which pages carry them.

    <script type="math/tex">x^2</script>                 MathJax, of Jekyll's kramdown
    \(x^2\)  \[x^2\]  $$x^2$$                            for a script to find in the words
    <span class="katex">..<math>..</math>..</span>       KaTeX, whose other half is for the eye

All become MathML. A single dollar in finished HTML is a dollar: nobody tells which script it is
meant for.
"""

import html as html_entities
import re

from searchapp.text.formulas import read_formula, show_formula
from searchapp.text.tex import end_of_formula, is_display, parts_of_formula

_SCRIPT = re.compile(
    r"<script\b[^<>]{0,200}\btype\s*=\s*[\"']?math/tex(;\s*mode\s*=\s*display)?[^<>]{0,200}>",
    re.IGNORECASE,
)
_END_OF_SCRIPT = re.compile(r"</script\s*>", re.IGNORECASE)
_CDATA = re.compile(r"^\s*(?:%\s*)?<!\[CDATA\[|(?:%\s*)?\]\]>\s*$")
_KATEX = re.compile(r"<span\b[^<>]{0,200}\bclass\s*=\s*[\"']?katex-html\b[^<>]{0,200}>")
_SPAN = re.compile(r"<(/?)span\b[^<>]*>", re.IGNORECASE)
_OPENER = re.compile(r"\$\$|\\[(\[]|\\begin\{")
_DOLLAR = re.compile(r"(?<!\\)\$")


def keep_formulas(html: str) -> str:
    """Return a page's HTML with the formulas that cleaning would lose, and each of them once."""
    if "math/tex" in html:
        html = _show_scripts(html)
    return _without_katex(html) if "katex-html" in html else html


def _show_scripts(html: str) -> str:
    parts, at = [], 0
    while script := _SCRIPT.search(html, at):
        end = _END_OF_SCRIPT.search(html, script.end())
        if end is None:
            break
        tex = _CDATA.sub("", html[script.end() : end.start()])
        parts += [html[at : script.start()], show_formula(tex, display=bool(script[1]))]
        at = end.end()
    return "".join([*parts, html[at:]])


def _without_katex(html: str) -> str:
    """Take out what KaTeX draws for the eye; the formula itself stands beside it as MathML."""
    parts, at = [], 0
    while drawn := _KATEX.search(html, at):
        parts.append(html[at : drawn.start()])
        at, depth = drawn.end(), 1
        for span in _SPAN.finditer(html, drawn.end()):
            depth += -1 if span[1] else 1
            at = span.end()
            if not depth:
                break
    return "".join([*parts, html[at:]])


def show_formulas_in(markup: str) -> str:
    """Return words of HTML with the formulas among them as MathML."""
    parts, at = [], 0
    for opener in _OPENER.finditer(markup):
        if opener.start() < at:
            continue
        end = end_of_formula(markup, opener.start(), len(markup))
        if end is not None:
            start, tex = parts_of_formula(html_entities.unescape(markup[opener.start() : end]))
            display = start == "$$" or is_display(start)
            parts += [markup[at : opener.start()], show_formula(tex, display=display)]
            at = end
    return "".join([*parts, markup[at:]])


def read_formulas_in(line: str) -> str:
    """Return a line of plain words, a title or a summary, with its formulas as words and signs.

    Only dollars make formulas here: a title may be about brackets in regular expressions.
    """
    parts, at = [], 0
    for opener in _DOLLAR.finditer(line):
        if opener.start() < at:
            continue
        end = end_of_formula(line, opener.start(), len(line))
        if end is not None:
            _, tex = parts_of_formula(line[opener.start() : end])
            parts += [line[at : opener.start()], read_formula(tex)]
            at = end
    return "".join([*parts, line[at:]])
