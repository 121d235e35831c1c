"""Renders Markdown: tokens --renderer--> HTML --cleaning--> clean HTML --reading--> Rendered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from searchapp.errors import ContentError
from searchapp.text.cleaning import Resolve, clean
from searchapp.text.formulas import show_formula, show_tex
from searchapp.text.headings import prepare_headings, take_title
from searchapp.text.marks import ANCHOR
from searchapp.text.parsing import markdown_parser
from searchapp.text.reading import Rendered, mark_more, read_clean
from searchapp.text.templates import without_tags_outside_code

# Markdown renderers take quadratic time on hostile input: 100,000 times "![" is 17 s.
RENDER_LIMIT = 1_000_000

_RAW_H1 = re.compile(r"<(/?)h1(?=[\s>])", re.IGNORECASE)


MOST_MATHML = 2_000_000  # characters on a page: a character of TeX becomes some 25


def _show_formula(token: Token, display: bool, env: EnvType) -> str:
    """Return a formula's HTML; beyond the most that a page may hold, all others are TeX.

    A full stop that follows belongs to its line.
    """
    left, tex = env.setdefault("mathml", MOST_MATHML), token.content + token.info
    shown = show_formula(tex, display=display) if left > 0 else show_tex(tex)
    env["mathml"] = left - len(shown)
    return shown


def _render_tex(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return _show_formula(tokens[at], tokens[at].block, env)


def _render_tex_block(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return f"<div>{_show_formula(tokens[at], True, env)}</div>\n"


def _render_softbreak(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return " "


def _render_html(
    self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Take template tags out of HTML too, unless it holds code; it is cleaned afterwards."""
    return without_tags_outside_code(mark_more(tokens[at].content))


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


def check_length(text: str) -> None:
    """Refuse a text that takes too long to render."""
    if len(text) > RENDER_LIMIT:
        raise ContentError(
            f"text has {len(text):,} characters, and {RENDER_LIMIT:,} can be shown; split it"
        )


def render(
    markdown: str, resolve: Resolve, *, mend: bool = True, title: str | None = None
) -> Rendered:
    """Render Markdown into clean HTML and plain text.

    `resolve` answers what address a link or an image has on our pages, None for none. With
    `mend`, broken characters are repaired, but never in code. An opening heading of level
    1 is taken out where it repeats `title`, or where no title is known.
    """
    check_length(markdown)
    env: EnvType = {"repair": mend}
    tokens = _MARKDOWN.parse(markdown, env)
    taken = take_title(tokens, title)
    prepare_headings(tokens)
    raw = _RAW_H1.sub(r"<\1h2", _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))
    rendered = read_clean(clean(raw, resolve), taken, env.get("repaired", 0))
    return replace(rendered, too_deep=env.get("too_deep"))
