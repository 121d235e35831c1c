"""The lines of a piece that show why it was found: about 30 words, matches in `<mark>`.

The only HTML that the engine makes. All text is escaped here, and `mark` is the only
element.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from html import escape
from itertools import chain

from searchapp.engine.analysis import (
    cut_into_words,
    end_of_word,
    is_letter,
    is_unspaced,
    spans_of_words,
    stems,
)
from searchapp.engine.folding import Folded, find_all
from searchapp.engine.word_places import SCANNED
from searchapp.engine.words import Word

WIDTH = 200  # characters, about 30 words
LEAD = 60  # how far before the first match a snippet may begin

Span = tuple[int, int, int]  # start, end, which word
Seen = set[int] | frozenset[int]  # which of the words


class Highlighter:
    """Finds the typed words in texts; made once for a query, used for all its hits."""

    def __init__(self, words: Sequence[Word], languages: Sequence[str]) -> None:
        self.words = tuple(words)
        self.languages = tuple(languages)
        self._stems = [set(stems(w.text, self.languages)) for w in words]
        self._roots_of_each = [_roots_of(w, s) for w, s in zip(words, self._stems, strict=True)]
        self._roots = _shortest(self._roots_of_each)
        self._starts = tuple({start for starts in self._roots_of_each for start in starts})
        self._unspaced = [(w.text, i) for i, w in enumerate(words) if is_unspaced(w.text)]
        self._known: dict[str, int | None] = {}
        self._read: dict[str, tuple[Span, ...]] = {}  # what stands between spaces, by its text
        self._joined: dict[str, tuple[Span, ...]] = {}
        # Which a word stands for, by its number in texts; by its text where that does not tell.
        self.known_signs: dict[int | bytes, int] = {}

    @property
    def has_unspaced(self) -> bool:
        """Whether a typed word is of a script without spaces, and may stand within others."""
        return bool(self._unspaced)

    @property
    def roots(self) -> list[str]:
        """The beginnings by which the words are looked for in folded text."""
        return self._roots

    def count_words(self, text: str) -> int:
        """Return how many of the typed words stand in a short text."""
        return len({which for _, _, which in self._find(text)}) if self.words else 0

    def snippet(self, text: str, summary: str) -> str:
        """Return HTML for the best lines of `text`, else of `summary`, else the text's start."""
        return self.cut(text, summary)[0]

    def cut(self, text: str, summary: str) -> tuple[str, set[int]]:
        """Return the snippet, and which of the typed words it shows."""
        for source in (text[:SCANNED], summary):
            spans = self._find(source) if self.words else []
            if spans:
                start, end = _best_window(source, spans)
                inside = [span for span in spans if start <= span[0] and span[1] <= end]
                return _mark(source, inside, start, end), {which for _, _, which in inside}
        head = summary or text[:SCANNED]
        return _mark(head, [], 0, end_of_snippet(head, WIDTH)), set()

    def words_in(self, text: str) -> set[int]:
        """Return which of the typed words stand in `text`, by their places in `words`."""
        if not self.words or self._has_none(text):
            return set()
        if len(text) > _SHORT or self._unspaced or any(sign in text for sign in _JOINS):
            return {which for _, _, which in self._find(text)}
        words = [word for word in cut_into_words(text) if word.startswith(self._starts)]
        found = map(self.which, words)  # of a title, faster than to look for roots in it
        return {which for which in found if which is not None}

    def _has_none(self, text: str) -> bool:
        """Whether it is seen at once that a text has none of the words, as most titles have."""
        if self._unspaced or "'" in text or not text.isascii():
            return False
        folded = text.lower()
        return not any(root in folded for root in self._roots)

    def mark(self, text: str) -> str:
        """Return all of a short `text` as HTML, with its matches marked."""
        return _mark(text, self._find(text) if self.words else [], 0, len(text))

    def _find(self, text: str) -> list[Span]:
        folded = Folded(text)
        spans = self._find_words(folded.text)
        spans += self._find_joined(folded.text)
        if self._unspaced:
            spans += self._find_unspaced(folded.text)
        spans = sorted(set(spans))
        if folded.is_in_step:
            return spans
        return [(folded.start(first), folded.end(last), which) for first, last, which in spans]

    def _find_words(self, folded: str) -> list[Span]:
        """Return the words that stand for a typed one: found by their roots, then read whole.

        What stands between two spaces is read once, wherever it comes again; within a word none
        begins, which is seen at once behind a plain letter.
        """
        spans: list[Span] = []
        known = self._read
        for root in self._roots:
            may_follow = not root[0].isalnum()  # as .net may
            place = folded.find(root)
            while place >= 0:
                before = folded[place - 1] if place else " "
                if before == " ":
                    end = folded.find(" ", place)
                    stretch = folded[place:end] if end > 0 else folded[place:]
                    if stretch not in known:
                        known[stretch] = tuple(self._read_at(stretch, 0))
                    for first, last, which in known[stretch]:
                        spans.append((place + first, place + last, which))
                elif may_follow or not "a" <= before <= "z":
                    spans += self._read_at(folded, place)
                place = folded.find(root, place + 1)
        return spans

    def _read_at(self, folded: str, place: int) -> Iterator[Span]:
        """Yield the word that begins at `place` if it stands for a typed one."""
        before = folded[place - 1 : place]
        within = before != " " and (is_letter(before) or before in _JOINS)
        if within and folded[place] != ".":  # what .net may follow, its own rule says
            return  # within a word, or one that is found by its apostrophe
        end = end_of_word(folded, place)
        after = folded[end : end + 1]
        if before == "." or after in _SIGNS or end == place:
            yield from self._find_signed(folded, place)
        elif after not in _JOINS or not is_letter(folded[end + 1 : end + 2]):
            which = self.which(folded[place:end])
            if which is not None:
                yield place, end, which

    def _find_signed(self, folded: str, place: int) -> Iterator[Span]:
        """Yield the word at `place` if it stands for a typed one; its signs may belong to it."""
        start = place - 1 if folded[place - 1 : place] == "." else place
        for word, first, last in spans_of_words(folded, start):
            if first > place:
                return
            if last > place and (which := self.which(word)) is not None:
                yield first, last, which

    def _find_joined(self, folded: str) -> Iterator[Span]:
        """Yield the words with an apostrophe that stand for a typed one: `l'homme`, `don't`."""
        at = 0
        for place in _apostrophes(folded):
            if place < at:
                continue
            start = max(folded.rfind(" ", at, place) + 1, at)
            at = folded.find(" ", place)
            at = len(folded) if at < 0 else at
            stretch = folded[start:at]
            if stretch not in self._joined:
                self._joined[stretch] = tuple(self._read_joined(stretch))
            for first, last, which in self._joined[stretch]:
                yield start + first, start + last, which

    def _read_joined(self, stretch: str) -> Iterator[Span]:
        before = -1
        for _, first, last in spans_of_words(stretch):
            joined = stretch[first:last]
            # Of run''run the second stands behind one, and is no part of a word with the first.
            is_behind = stretch[first - 1 : first] in _JOINS and is_letter(joined[0])
            if first != before and (is_behind or any(sign in joined for sign in _JOINS)):
                yield from self._recognise_parts(joined, first)
            before = first

    def _recognise_parts(self, joined: str, start: int) -> Iterator[Span]:
        if joined not in self._known:
            found = (self.which(word) for word, _, _ in spans_of_words(joined))
            self._known[joined] = next((which for which in found if which is not None), None)
        which = self._known[joined]
        if which is not None:
            yield start, start + len(joined), which

    def _find_unspaced(self, folded: str) -> Iterator[Span]:
        """Yield where typed pairs of characters stand, and characters typed alone."""
        for text, which in self._unspaced:
            for place in find_all(folded, text):
                yield place, place + len(text), which

    def which(self, word: str) -> int | None:
        """Return which of the typed words a folded one stands for, by its place in `words`."""
        if not word.startswith(self._starts):
            return None
        known = self._known
        if word not in known:
            known[word] = self._recognise(word)
        return known[word]

    def _recognise(self, word: str) -> int | None:
        """Return which of the typed words `word` stands for; stems are made only where they tell.

        A word that begins with none of a typed word's roots is none of its forms.
        """
        forms: set[str] = set()
        for i, typed in enumerate(self.words):
            if typed.prefix and word.startswith(typed.text):
                return i
            if word.startswith(self._roots_of_each[i]):
                forms = forms or set(stems(word, self.languages))
                if forms & self._stems[i]:
                    return i
        return None


def _roots_of(word: Word, stems: Set[str]) -> tuple[str, ...]:
    """Return the beginnings by which a word is looked for; `find` is far faster than words.

    Stems lose or change their last letters (`happi` of happy), so a root is all but the
    last two. A word of a script without spaces is looked for as it is, and may be anywhere.
    """
    if is_unspaced(word.text):
        return ("",)
    starts = {word.text, *stems}
    return tuple({start if len(start) < 4 else start[: max(3, len(start) - 2)] for start in starts})


def _shortest(several: Iterable[Iterable[str]]) -> list[str]:
    """Return all roots but those that begin with another."""
    roots = set().union(*several) - {""}
    return [r for r in sorted(roots) if not any(r.startswith(other) for other in roots - {r})]


_SHORT = 300  # characters
_JOINS = ("'", "’", "ʼ")
_SIGNS = ("+", "#")
_APOSTROPHES = re.compile("['’ʼ]")


def _apostrophes(text: str) -> Iterator[int]:
    """Yield where apostrophes stand; most texts have few or one kind, which is found at once."""
    if "’" in text or "ʼ" in text:
        return (match.start() for match in _APOSTROPHES.finditer(text))
    return find_all(text, "'")


def _best_window(text: str, spans: Sequence[Span]) -> tuple[int, int]:
    """Return the part of `text` with most of the different words, then most matches."""
    best, found, until = (0, 0), 0, 0
    inside: dict[int, int] = {}  # how often each word is between first and last
    last = 0
    for first, (start, _, leaving) in enumerate(spans):
        while last < len(spans) and (last == first or spans[last][1] <= start + WIDTH - LEAD):
            which = spans[last][2]
            inside[which] = inside.get(which, 0) + 1
            last += 1
        worth = (len(inside), last - first)
        if worth > best:
            best, found, until = worth, start, spans[last - 1][1]
        inside[leaving] -= 1
        if not inside[leaving]:
            del inside[leaving]
    floor = max(0, found - LEAD)
    begin = floor + start_of_snippet(text[floor:found], found - floor) if floor else 0
    return begin, end_of_snippet(text, begin + WIDTH, until)


def start_of_snippet(text: str, match: int) -> int:
    """Return where a snippet begins: at its sentence if that is near, else at a word.

    What comes before `text` is too far away; where nothing does, all of it is shown.
    """
    ends = [*_SENTENCE_END.finditer(text, 0, match)]
    found = ends[-1] if ends else _GAP.search(text, 0, match)
    return found.end() if found else match


# Behind a sign or a line's end; what may begin an end stands first, by which `re` finds it fast.
_SENTENCE_END = re.compile(r"[.!?…:\n。！？](?:(?<=[.!?…:])\s+|(?<=\n)\n*|(?<=[。！？]))")
_GAP = re.compile(r"\s")


def end_of_snippet(text: str, place: int, least: int = 0) -> int:
    """Return the end of a word shortly before `place`, but not before `least`."""
    if place >= len(text):
        return len(text)
    gap = text.rfind(" ", max(least, place - 40), place + 1)
    return gap if gap > 0 else place


def _mark(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    return show_part(text, spans, start, end, len(text), start > 0)


def show_part(
    text: str, spans: Sequence[Span], start: int, end: int, length: int, is_within: bool = False
) -> str:
    """Return a part of `text` as HTML, the words at `spans` within it marked.

    `length` is that of all the text, of which some may stand before it.
    """
    shown = _show(text[start:end], [(a - start, b - start) for a, b in _merge(spans)])
    before, after = "… " if is_within else "", " …" if end < length else ""
    return f"{before}{shown}{after}".strip()


def _merge(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield sorted spans, those that overlap or touch as one: 日本 and 本語 are 日本語."""
    first, last = 0, 0
    for start, end, _ in spans:
        if start > last:
            if last > first:
                yield first, last
            first = start
        last = max(last, end)
    if last > first:
        yield first, last


def _show(text: str, marked: Sequence[tuple[int, int]]) -> str:
    """Return a text as HTML, its white space made single spaces."""
    is_plain = "  " not in text and text.isprintable()  # with no other space than single ones
    begins, ends = SIGNS_OF_MARKS if is_plain else _free_signs(text)
    parts, at = [], 0
    for first, last in marked:
        parts += [text[at:first], begins, text[first:last], ends]
        at = last
    together = "".join([*parts, text[at:]])
    if not is_plain:
        together = _SPACE.sub(" ", together)
    return escape(together).replace(begins, "<mark>").replace(ends, "</mark>")


def show_all(texts: Sequence[str]) -> list[str]:
    """Return printable texts as HTML, all in one go, with marks between `SIGNS_OF_MARKS`."""
    begins, ends = SIGNS_OF_MARKS
    html = escape(_BETWEEN.join(texts)).replace(begins, "<mark>").replace(ends, "</mark>")
    return html.split(_BETWEEN)


SIGNS_OF_MARKS = ("\x00", "\x01")  # not printable; and ASCII, as most texts are
_BETWEEN = "\x02"


def _free_signs(text: str) -> tuple[str, str]:
    """Return two characters that a text does not have, and that are no space."""
    signs = chain(SIGNS_OF_MARKS, map(chr, range(0xE000, 0xF900)))
    free = (sign for sign in signs if sign not in text)
    return next(free), next(free)


_SPACE = re.compile(r"[^\S ]+ *| [^\S ]*\s+")  # but a single space, which may stay as it is
