"""The lines of a piece that show why it was found: about 30 words, matches in `<mark>`.

The only HTML that the engine makes. All text is escaped here, and `mark` is the only
element.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape

from searchapp.engine.analysis import spans_of_words, stem
from searchapp.engine.matching import Word
from searchapp.slugs import fold

WIDTH = 200  # characters, about 30 words
LEAD = 60  # how far before the first match a snippet may begin
SCANNED = 60_000  # characters of a piece that are looked at

Span = tuple[int, int, int]  # start, end, which word


class Highlighter:
    """Finds the typed words in texts; made once for a query, used for all its hits."""

    def __init__(self, words: Sequence[Word], languages: Sequence[str]) -> None:
        self.words = tuple(words)
        self.languages = tuple(languages)
        self._stems = [{stem(w.text, language) for language in languages} for w in words]
        self._candidate = _candidate_pattern(words, self._stems)

    def snippet(self, text: str, summary: str) -> str:
        """Return HTML for the best lines of `text`, else of `summary`, else the text's start."""
        for source in (text[:SCANNED], summary):
            spans = self._find(source) if self.words else []
            if spans:
                return _mark(source, spans, *_best_window(source, spans))
        head = summary or text[:SCANNED]
        return _mark(head, [], 0, _word_end(head, WIDTH))

    def mark(self, text: str) -> str:
        """Return all of a short `text` as HTML, with its matches marked."""
        return _mark(text, self._find(text) if self.words else [], 0, len(text), whole=True)

    def _find(self, text: str) -> list[Span]:
        folded, place = _fold_with_places(text)
        spans = []
        for match in self._candidate.finditer(folded):
            for word, start, end in spans_of_words(match[0]):
                which = self._which(word)
                if which is not None:
                    first, last = match.start() + start, match.start() + end
                    spans.append((place(first), place(last), which))
        return spans

    def _which(self, word: str) -> int | None:
        for i, typed in enumerate(self.words):
            if typed.prefix and word.startswith(typed.text):
                return i
            if any(stem(word, language) in self._stems[i] for language in self.languages):
                return i
        return None


def _candidate_pattern(words: Sequence[Word], stems: Sequence[set[str]]) -> re.Pattern[str]:
    """Return a pattern for whatever may be one of the words; each find is then checked.

    Stems lose or change their last letters (`happi` of happy), so a candidate shares all
    but the last two.
    """
    starts = {w.text for w in words} | {s for several in stems for s in several}
    roots = {start if len(start) < 4 else start[: max(3, len(start) - 2)] for start in starts}
    if not roots:
        return re.compile(r"(?!)")
    either = "|".join(re.escape(root) for root in sorted(roots, key=len, reverse=True))
    unspaced = any(not root.isascii() for root in roots)
    boundary = "" if unspaced else r"(?<![^\W_])(?:[a-z]{1,2}['’ʼ])?"
    return re.compile(rf"{boundary}(?:{either})[^\W_]*(?:['’ʼ][^\W_]+)*")


def _fold_with_places(text: str) -> tuple[str, Callable[[int], int]]:
    """Return `text` folded, and a function from a place in that to one in `text`."""
    if text.isascii():
        return text.lower(), int
    parts, starts = [], []
    for i, character in enumerate(text):
        folded = _fold_character(character)
        parts.append(folded)
        starts += [i] * len(folded)
    starts.append(len(text))
    return "".join(parts), starts.__getitem__


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    return fold(character)


def _best_window(text: str, spans: Sequence[Span]) -> tuple[int, int]:
    """Return the part of `text` with most of the different words, then most matches."""
    best, found = (0, 0), 0
    last = 0
    for first, (start, _, _) in enumerate(spans):
        while last < len(spans) and spans[last][1] <= start + WIDTH - LEAD:
            last += 1
        inside = spans[first : max(last, first + 1)]
        worth = (len({which for _, _, which in inside}), len(inside))
        if worth > best:
            best, found = worth, start
    begin = _sentence_start(text, found)
    return begin, _word_end(text, begin + WIDTH)


def _sentence_start(text: str, match: int) -> int:
    """Return where a snippet begins: at its sentence if that is near, else at a word."""
    floor = max(0, match - LEAD)
    if not floor:
        return 0
    ends = list(re.finditer(r"[.!?…:]\s+|\n+|[。！？]", text[floor:match]))
    if ends:
        return floor + ends[-1].end()
    gap = re.search(r"\s", text[floor:match])
    return floor + gap.end() if gap else match


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    gap = text.rfind(" ", max(0, place - 40), place + 1)
    return gap if gap > 0 else place


def _mark(text: str, spans: Sequence[Span], start: int, end: int, whole: bool = False) -> str:
    parts = ["… "] if start > 0 else []
    at = start
    for first, last, _ in spans:
        if first < at or last > end:
            continue
        parts += [_clean(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    parts.append(_clean(text[at:end]))
    if end < len(text) and not whole:
        parts.append(" …")
    return "".join(parts).strip()


def _clean(text: str) -> str:
    return escape(re.sub(r"\s+", " ", text))
