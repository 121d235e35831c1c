"""Snippets of all hits at once: matches are found among the places of words, not in the texts.

    numbers of words --which begin so?--> some --read--> matches --the best lines--> read, marked

What comes out is what `Highlighter.cut` cuts of each text. What is looked for in scripts without
spaces, and the few texts whose words have no places, it cuts itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import words_of_run
from searchapp.engine.snippets import (
    LEAD,
    SIGNS_OF_MARKS,
    WIDTH,
    Highlighter,
    Seen,
    end_of_snippet,
    show_all,
    show_part,
    start_of_snippet,
)
from searchapp.engine.texts import Page
from searchapp.engine.word_places import (
    SCANNED,
    Numbers,
    is_told,
    key_of,
    lengths_of,
    signs_of,
    starts_of,
)
from searchapp.kernels import cut_lines
from searchapp.slugs import fold

Ints = npt.NDArray[np.int64]
Cut = tuple[str, Seen]  # a snippet, and which of the typed words it shows

_AT_ONCE = 128  # texts, whose words are looked at together
_BITS = 64  # of a number, one for each word
_APART = 1 << 17  # more than any place in a text, and what is added to it


class _Matches(NamedTuple):
    """Where typed words stand in some texts: by the text's number, in order; which word it is."""

    text: Ints
    start: Ints
    end: Ints
    which: Ints


def cut_all(highlighter: Highlighter, page: Page, summaries: Sequence[str]) -> list[Cut]:
    """Return the snippet of each text, else of its summary, else its beginning."""
    numbers = range(len(page))
    if not highlighter.words:
        return [
            _cut_beginning(page, i, summary) for i, summary in zip(numbers, summaries, strict=True)
        ]
    if highlighter.has_unspaced:
        return [highlighter.cut(page.whole(i), s) for i, s in zip(numbers, summaries, strict=True)]
    lines = _cut_lines(highlighter, page)
    cuts = []
    for i, summary in zip(numbers, summaries, strict=True):
        if i in lines:
            cuts.append(lines[i])
        elif not page.has_places(i):
            cuts.append(highlighter.cut(page.whole(i), summary))
        else:
            cuts.append(highlighter.cut("", summary) if summary else _cut_beginning(page, i, ""))
    return cuts


def _cut_lines(highlighter: Highlighter, page: Page) -> dict[int, Cut]:
    """Return the best lines of each text that has matches, by the number of the text."""
    if cut_lines is None or len(highlighter.words) > _BITS:
        return _by_numpy(highlighter, page, range(0, len(page), _AT_ONCE), _AT_ONCE)
    at_once = page.cut_at_once
    known = highlighter.known_signs

    def recognise(number: int, start: int, end: int, sign: int) -> int:
        word = fold(page.part(number, start, end))
        which = _which(highlighter, word)
        if is_told(word):
            known[sign] = which
        return which

    roots = [(int(shift), int(value)) for shift, value in map(key_of, highlighter.roots)]
    cut = cut_lines(*page.packed, at_once, roots, known, recognise)
    found = {i: line for i, line in enumerate(cut) if line}
    html = show_all([line for line, _ in found.values()]) if found else []
    lines: dict[int, Cut] = {
        i: (shown, _words_of(seen))
        for (i, (_, seen)), shown in zip(found.items(), html, strict=True)
    }
    others = [i for i, is_cut in enumerate(at_once) if not is_cut]
    return lines | _by_numpy(highlighter, page, others, 1) if others else lines


def _by_numpy(
    highlighter: Highlighter, page: Page, firsts: Iterable[int], count: int
) -> dict[int, Cut]:
    """Return the best lines of so many texts from each of `firsts` on."""
    lines: dict[int, Cut] = {}
    for first in firsts:
        last = min(first + count, len(page))
        lines |= _find_lines(page, _find_matches(highlighter, page, first, last))
    return lines


@lru_cache(256)
def _words_of(bits: int) -> frozenset[int]:
    return frozenset([which for which in range(bits.bit_length()) if bits >> which & 1])


def _cut_beginning(page: Page, number: int, summary: str) -> Cut:
    text = summary or page.part(number, 0, SCANNED)
    return show_part(text, (), 0, end_of_snippet(text, WIDTH), len(text)), set()


def _find_matches(highlighter: Highlighter, page: Page, first: int, last: int) -> _Matches:
    """Return all matches in some texts of a page."""
    numbers, begins = page.words(first, last)
    at = _begin_as(numbers, highlighter.roots)
    found = numbers.take(at)
    text = begins.searchsorted(at, "right") - 1 + first
    start = starts_of(found)
    end = start + lengths_of(found)
    which = np.array(_recognise(highlighter, page, found, text, start, end), np.int64)
    kept = which >= 0
    # The parts of a word with an apostrophe are one match.
    kept[1:] &= (start[1:] != start[:-1]) | (text[1:] != text[:-1]) | ~kept[:-1]
    return _Matches(text[kept], start[kept], end[kept], which[kept])


def _begin_as(numbers: Numbers, roots: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return where words stand that begin with one of the roots, as far as their numbers tell."""
    found = np.zeros(len(numbers), np.bool_)
    for root in roots:
        shift, value = key_of(root)
        found |= numbers >> shift == value
    return found.nonzero()[0]


def _recognise(
    highlighter: Highlighter, page: Page, found: Numbers, text: Ints, start: Ints, end: Ints
) -> list[int]:
    """Return which typed word each stands for, -1 for none; each is read once, if that tells."""
    known = highlighter.known_signs
    signs = signs_of(found)
    which: list[Any] = list(map(known.get, signs))
    if None in which:
        places = list(zip(text.tolist(), start.tolist(), end.tolist(), strict=True))
        for i, sign in enumerate(signs):
            if which[i] is None:
                which[i] = known.get(sign)
            if which[i] is None:
                word = fold(page.part(*places[i]))
                which[i] = _which(highlighter, word)
                if is_told(word):
                    known[sign] = which[i]
    return which


def _which(highlighter: Highlighter, word: str) -> int:
    if "'" in word or "’" in word or "ʼ" in word:
        read = (highlighter.which(part) for part in words_of_run(word))
        return next((which for which in read if which is not None), -1)
    which = highlighter.which(word)
    return -1 if which is None else which


def _find_lines(page: Page, matches: _Matches) -> dict[int, Cut]:
    """Return the best lines of each text that has matches, by the number of the text."""
    text, start, end, which = matches
    if not len(text):
        return {}
    many = np.bincount(text)
    numbers = many.nonzero()[0]
    many = many[numbers]
    stops = many.cumsum()
    first, last = _best_windows(matches, stops - many)
    # From here on all places are counted from where each text is begun to be read.
    floor = np.maximum(start[first] - LEAD, 0)
    length = np.minimum(page.lengths[numbers], SCANNED) - floor
    apart = floor.repeat(many)
    start, end = start - apart, end - apart
    lines = _Lines(page, start.tolist(), end.tolist(), which.tolist())
    ends = floor + np.minimum(start[first] + (WIDTH + 2), length)
    nears = page.parts(numbers.tolist(), floor.tolist(), ends.tolist())
    windows = map(np.ndarray.tolist, (numbers, floor, length, stops - many, stops, first, last))
    seen = [lines.add(*window) for window in zip(nears, *windows, strict=True)]
    return dict(zip(numbers.tolist(), zip(lines.as_html(), seen, strict=True), strict=True))


def _best_windows(matches: _Matches, begins: npt.NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Return the first match of the best window of each text, and the one behind its last.

    That with most of the different words, then most matches, then the first of these.
    """
    text, start, end, which = matches
    number = np.arange(len(text))
    apart = text * _APART
    last = (apart + end).searchsorted(apart + start + (WIDTH - LEAD), "right")
    last = np.maximum(last, number + 1)
    worth = last - number
    for word in range(which.max() + 1):
        before = np.concatenate(([0], (which == word).cumsum()))
        worth += (before.take(last) > before[:-1]) * len(text)
    # The greatest worth and of the same the first, told by one number.
    best = np.maximum.reduceat(worth * len(text) + (len(text) - 1 - number), begins)
    first = len(text) - 1 - best % len(text)
    return first, last[first]


class _Lines:
    """The lines of a page as they are gathered, which become HTML all at once."""

    def __init__(
        self, page: Page, starts: Sequence[int], ends: Sequence[int], words: Sequence[int]
    ) -> None:
        """Take all matches of the page: where they are in their texts, and which words."""
        self._page = page
        self._starts, self._ends, self._words = starts, ends, words
        self._plain: list[str] = []  # with signs for marks
        self._others: dict[int, str] = {}  # finished, by where they come between

    def add(  # all that is known of a window
        self,
        near: str,
        number: int,
        floor: int,
        length: int,
        begins: int,
        stops: int,
        first: int,
        last: int,
    ) -> set[int]:
        """Add the lines around a window of matches; return which of the words are seen there.

        `near` is the text from `floor` on, as far as lines can go; `length` is what it has from
        there to its end. Its matches are those from `begins` to before `stops`, those of the
        window from `first` to before `last`.
        """
        starts, ends, words = self._starts, self._ends, self._words
        begin = start_of_snippet(near, starts[first]) if floor else 0
        end = begin + WIDTH
        end = end_of_snippet(near, end, ends[last - 1]) if end < length else length
        low = bisect_left(starts, begin, begins, first + 1)
        high = bisect_right(ends, end, low, stops)
        if self._page.is_printable(number):
            marked = _with_signs(near, begin, end, starts[low:high], ends[low:high])
            if floor + begin:
                marked = f"… {marked}"
            self._plain.append((f"{marked} …" if end < length else marked).strip())
        else:
            spans = list(zip(starts[low:high], ends[low:high], words[low:high], strict=True))
            shown = show_part(near, spans, begin, end, length, is_within=floor + begin > 0)
            self._others[len(self._plain) + len(self._others)] = shown
        return set(words[low:high])

    def as_html(self) -> list[str]:
        """Return all that was added, in that order."""
        html = show_all(self._plain) if self._plain else []
        for place, shown in self._others.items():
            html.insert(place, shown)
        return html


def _with_signs(text: str, begin: int, end: int, starts: Sequence[int], ends: Sequence[int]) -> str:
    """Return a text from `begin` to `end`, with signs around its matches."""
    begun, ended = SIGNS_OF_MARKS
    parts: list[str] = []
    at = begin
    for start, stop in zip(starts, ends, strict=True):
        if parts and start == at:
            parts[-1] = text[start:stop]  # both together: c++20
        else:
            parts += text[at:start], begun, text[start:stop]
        parts.append(ended)
        at = stop
    parts.append(text[at:end])
    marked = "".join(parts)
    if "\n" in marked:
        marked = marked.replace("\n", " ")
    while "  " in marked:
        marked = marked.replace("  ", " ")
    return marked
