"""Tells where a word of the question stands, if neither the lines nor the title of a card show it.

    rl        in the tag Reinforcement learning         generate   in its code
    rl        read as "reinforcement learning"          smith      the name of its author

Which fields have a word is told by the postings, so no text is read for it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from searchapp.engine.matching import Matcher
from searchapp.engine.results import Hit, MatchHit, SectionHit
from searchapp.engine.snippets import Highlighter, Seen
from searchapp.engine.words import Clause, Either, Word
from searchapp.fields import TEXT_FIELDS

# What a card shows, or its text further down, says enough; then what tells most of a piece.
_ORDER = ("title", "body", "tags", "headings", "summary", "authors", "code")
_BITS = tuple((name, 1 << [f.name for f in TEXT_FIELDS].index(name)) for name in _ORDER)


@dataclass(frozen=True, slots=True)
class _Choice:
    """One way in which a clause may be there; `which` are its words' places among all."""

    text: str
    words: tuple[Word, ...]
    which: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Sought:
    """A clause, its choices in order; a `synonym` was typed as the first of them."""

    text: str
    choices: tuple[_Choice, ...]
    synonym: bool


class Elsewhere:
    """Tells it for the hits of one question, in `rows`; made once, like its highlighter."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        highlighter: Highlighter,
        matcher: Matcher,
        names_of: Callable[[str], str],
        rows: Sequence[int],
    ) -> None:
        self._sought = tuple(_list_sought(clauses))
        self._highlighter = highlighter
        self._matcher = matcher
        self._names_of = names_of
        self._rows = rows
        self._fields: dict[Word, dict[int, int]] = {}  # by word and row

    def find(
        self,
        row: int,
        hit: Hit,
        seen: Seen,
        sections: Sequence[SectionHit],
        stored: str | None,
    ) -> tuple[MatchHit, ...]:
        """Return where the words of `hit` are that are not `seen` in its lines.

        `sections` are the headings that its card shows, `stored` what is kept of all.
        """
        lacking = [s for s in self._sought if not seen.issuperset(s.choices[0].which)]
        if not lacking:
            return ()
        shown = (hit.title, *(section.title for section in sections))
        seen = seen.union(*map(self._highlighter.words_in, shown))
        found: dict[tuple[str, str | None], list[str]] = {}
        for sought in lacking:
            if place := self._place(sought, row, hit, seen, stored):
                found.setdefault(place, []).append(sought.text)
        return tuple(MatchHit(*place, tuple(words)) for place, words in found.items())

    def _place(
        self, sought: _Sought, row: int, hit: Hit, seen: Seen, stored: str | None
    ) -> tuple[str, str | None] | None:
        """Return the field and the value of it in which a clause is; None where it is shown."""
        for choice in sought.choices:
            if seen.issuperset(choice.which):
                read = sought.synonym and choice is not sought.choices[0]
                return ("synonym", choice.text) if read else None
        for choice in sought.choices:
            if name := self._field(choice, row, seen):
                return name, self._value(name, choice, hit, stored)
        return None

    def _field(self, choice: _Choice, row: int, seen: Seen) -> str | None:
        """Return the first field that has what is lacking of a choice; None where none has."""
        bits = 0xFF
        for word, which in zip(choice.words, choice.which, strict=True):
            if which not in seen:
                bits &= self._fields_with(word).get(row, 0)
        return next((name for name, bit in _BITS if bits & bit), None)

    def _fields_with(self, word: Word) -> dict[int, int]:
        if word not in self._fields:
            self._fields[word] = self._matcher.fields_with(word, self._rows)
        return self._fields[word]

    def _value(self, name: str, choice: _Choice, hit: Hit, stored: str | None) -> str | None:
        """Return the tag, heading or author that has the words; None where it has no name."""
        if name == "tags":
            named: Iterator[tuple[str, str]] = ((t, self._names_of(t) or t) for t in hit.tags)
        elif name == "headings":
            named = ((title, title) for title, _, _ in json.loads(stored or "[]"))
        elif name == "authors":
            named = ((author, author) for author in hit.authors)
        else:
            return None
        wanted = set(choice.which)
        return next((v for v, text in named if wanted & self._highlighter.words_in(text)), None)


def _list_sought(clauses: Sequence[Clause]) -> Iterator[_Sought]:
    """Yield clauses with the places of their words, as `words_of` gives them in a row."""
    at = 0
    for clause in clauses:
        ways = clause.choices if isinstance(clause, Either) else (clause,)
        choices = []
        for way in ways:
            choices.append(_Choice(way.text, way.words, tuple(range(at, at + len(way.words)))))
            at += len(way.words)
        synonym = isinstance(clause, Either) and clause.how == "synonym"
        yield _Sought(clause.text, tuple(choices), synonym)
