"""Text as it is searched and shown: repaired, rendered, cleaned.

    Markdown --markdown-it--> HTML --nh3--> clean HTML --one pass--> html, text, sections

Nothing reaches a page but what nh3 let through. The plain text is read off the clean HTML,
so that what is found is what is shown.

    repairing   characters decoded wrongly       rendering       Markdown to HTML
    minutes     how long a text takes to read    html_rendering  HTML that a writer kept
    parsing     Markdown as blogs have it        cleaning        what nh3 lets through
    tex         formulas in Markdown             reading         clean HTML to html and text
    formulas    TeX to MathML                    html_formulas   those that HTML carries
    mathml      what of it is shown, and read    headings        titles and anchors
    templates   Liquid, Nunjucks, shortcodes
"""

from searchapp.text.cleaning import Resolve, plain_text, without_furniture
from searchapp.text.headings import ANCHOR, unused
from searchapp.text.html_formulas import read_formulas_in
from searchapp.text.html_rendering import render_html
from searchapp.text.minutes import count_minutes
from searchapp.text.parsing import TOO_DEEP, markdown_parser, plain_inline
from searchapp.text.reading import Rendered
from searchapp.text.rendering import RENDER_LIMIT, render
from searchapp.text.repairing import is_repaired, repair, unescape
from searchapp.text.templates import POST, REFERENCE

__all__ = [
    "ANCHOR", "POST", "REFERENCE", "RENDER_LIMIT", "TOO_DEEP", "Rendered", "Resolve",
    "count_minutes", "is_repaired",
    "markdown_parser", "plain_inline", "plain_text", "read_formulas_in", "render", "render_html",
    "repair", "unescape",
    "unused", "without_furniture",
]  # fmt: skip
