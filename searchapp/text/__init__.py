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

from typing import TYPE_CHECKING

from searchapp.lazily import names_from

if TYPE_CHECKING:
    from searchapp.text.cleaning import Resolve, plain_text, without_furniture
    from searchapp.text.headings import unused
    from searchapp.text.html_formulas import read_formulas_in
    from searchapp.text.html_rendering import render_html
    from searchapp.text.marks import ANCHOR, POST, REFERENCE
    from searchapp.text.minutes import count_minutes
    from searchapp.text.parsing import TOO_DEEP, markdown_parser, plain_inline
    from searchapp.text.reading import Rendered
    from searchapp.text.rendering import RENDER_LIMIT, render
    from searchapp.text.repairing import is_repaired, repair, unescape

__all__ = [
    "ANCHOR", "POST", "REFERENCE", "RENDER_LIMIT", "TOO_DEEP", "Rendered", "Resolve",
    "count_minutes", "is_repaired",
    "markdown_parser", "plain_inline", "plain_text", "read_formulas_in", "render", "render_html",
    "repair", "unescape",
    "unused", "without_furniture",
]  # fmt: skip

__getattr__ = names_from(
    __name__,
    {
        "cleaning": ("Resolve", "plain_text", "without_furniture"),
        "headings": ("unused",),
        "html_formulas": ("read_formulas_in",),
        "marks": ("ANCHOR", "POST", "REFERENCE"),
        "html_rendering": ("render_html",),
        "minutes": ("count_minutes",),
        "parsing": ("TOO_DEEP", "markdown_parser", "plain_inline"),
        "reading": ("Rendered",),
        "rendering": ("RENDER_LIMIT", "render"),
        "repairing": ("is_repaired", "repair", "unescape"),
    },
)
