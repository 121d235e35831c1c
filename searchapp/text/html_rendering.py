"""Renders HTML that a writer kept, or that a feed carries: the same result as from Markdown.

It is cleaned twice: first so that its tags can be read, then, with the anchors and the text
settled, as all that is shown.
"""

import html as html_entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from searchapp.slugs import slug_of_title
from searchapp.text.cleaning import Resolve, clean, normalise
from searchapp.text.headings import unused
from searchapp.text.html_formulas import keep_formulas, show_formulas_in
from searchapp.text.marks import ANCHOR
from searchapp.text.reading import TAG, Rendered, mark_more, read_clean
from searchapp.text.rendering import check_length
from searchapp.text.repairing import is_repaired, repair
from searchapp.text.templates import without_tags_outside_code

_HEADING = re.compile(r"<h([1-6])(?=[ >])")
_ID = re.compile(r' id="([^"]*)"')
_TO_ANCHOR = re.compile(r' href="#([^"]+)"')
_SPACE = re.compile(r"[ \t]*\n\s*")
_CODE = re.compile(r"<(/?)(?:pre|code|samp|kbd|math)(?=[ >])")


def render_html(
    html: str, resolve: Resolve, *, mend: bool = True, title: str | None = None
) -> Rendered:
    """Render HTML into clean HTML and plain text, as `render` does Markdown.

    A heading that repeats `title` is taken out; where no title is known, the first of
    level 1 is, or any that opens the text.
    """
    check_length(html)
    whole = without_tags_outside_code(mark_more(keep_formulas(html)))
    page = _Page(_pieces_of(normalise(whole)))
    page.tidy(mend)
    taken = page.take_title(title)
    page.name_anchors()
    page.show_formulas()
    return read_clean(clean("".join(page.pieces), resolve), taken, page.repaired)


def _pieces_of(html: str) -> list[str]:
    """Part clean HTML: words stand at even places, tags at odd ones."""
    pieces, at = [], 0
    for tag in TAG.finditer(html):
        pieces += [html[at : tag.start()], tag[0]]
        at = tag.end()
    return [*pieces, html[at:]]


@dataclass
class _Page:
    """HTML in its pieces, changed in place; `repaired` counts those that were mended."""

    pieces: list[str]
    repaired: int = 0

    def tidy(self, mend: bool) -> None:
        """Put lines of words on one line and, with `mend`, repair them; code stays as it is."""
        for n in self._outside_code():
            self.pieces[n] = self._tidy(self.pieces[n], mend)

    def show_formulas(self) -> None:
        """Show TeX among the words as formulas; now words may hold tags, so this comes last."""
        for n in self._outside_code():
            if "\\" in self.pieces[n] or "$$" in self.pieces[n]:
                self.pieces[n] = show_formulas_in(self.pieces[n])

    def _outside_code(self) -> Iterator[int]:
        """Yield the places of words that are not in code."""
        depth = 0
        for n, piece in enumerate(self.pieces):
            if n % 2:
                if code := _CODE.match(piece):
                    depth += -1 if code[1] else 1
            elif depth <= 0:
                yield n

    def _tidy(self, words: str, mend: bool) -> str:
        words = _SPACE.sub(" ", words) if words.strip() else words
        if not mend or words.isascii():
            return words
        plain = html_entities.unescape(words)
        whole = repair(plain)
        self.repaired += is_repaired(plain, whole)
        return html_entities.escape(whole, quote=False)

    def take_title(self, title: str | None) -> str | None:
        """Take out the heading that is the title, and return its words."""
        found = next(self._titles(title), None)
        if found is None:
            return None
        start, end = found
        words = self._words(start, end)
        if not words or (title is not None and slug_of_title(title) != slug_of_title(words)):
            return None
        self.pieces[start : end + 1] = [""]
        # An empty piece of words joins those around it, so that the places stay even and odd.
        self.pieces[start - 1 : start + 2] = ["".join(self.pieces[start - 1 : start + 2])]
        return words

    def _titles(self, title: str | None) -> Iterator[tuple[int, int]]:
        """Yield the headings that may be the title, the likeliest first."""
        headings = list(self._headings())
        if headings and title is None and not self._words(0, headings[0][0]):
            yield headings[0]
        yield from ((start, end) for start, end in headings if self.pieces[start][2] == "1")

    def _headings(self) -> Iterator[tuple[int, int]]:
        """Yield where each heading's opening and closing tags stand."""
        start = None
        for n in range(1, len(self.pieces), 2):
            if _HEADING.match(self.pieces[n]):
                start = n
            elif start is not None and self.pieces[n].startswith(f"</{self.pieces[start][1:3]}"):
                yield start, n
                start = None

    def _words(self, start: int, end: int) -> str:
        words = "".join(self.pieces[n] for n in range(start, end) if n % 2 == 0)
        return " ".join(html_entities.unescape(words).split())

    def name_anchors(self) -> None:
        """Give each heading its id, and each element that a link of the page leads to."""
        used: dict[str, int] = {}
        tops = any(piece.startswith(("<h1>", "<h1 ")) for piece in self.pieces[1::2])
        for start, end in self._headings():
            tag = self.pieces[start]
            own = _ID.search(tag)
            words = html_entities.unescape(own[1]) if own else self._words(start, end)
            anchor = html_entities.escape(unused(ANCHOR + slug_of_title(words), used))
            level = min(6, int(tag[2]) + tops)
            self.pieces[start] = f'<h{level} id="{anchor}">'
            self.pieces[end] = f"</h{level}>"
        wanted = {unquote(t) for piece in self.pieces[1::2] for t in _TO_ANCHOR.findall(piece)}
        for n in range(1, len(self.pieces), 2):
            own = _ID.search(self.pieces[n])
            if own and own[1] in wanted and not _HEADING.match(self.pieces[n]):
                anchor = html_entities.escape(unused(ANCHOR + slug_of_title(own[1]), used))
                self.pieces[n] = _ID.sub(f' id="{anchor}"', self.pieces[n])
