"""Finds the copy in which the words stand, where what is shown of a piece lacks them.

A piece is found through the title and text of every copy, but a card shows one of them. Where
a word stands in another alone, the card names that copy and shows its lines: else a visitor
would wonder why it was found. Only the copies of the hits on a page are looked at.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from searchapp.documents import Document, Work
from searchapp.engine.results import CopyHit
from searchapp.engine.snippets import Highlighter

SCHEMA = (
    "CREATE TABLE copies (work INTEGER, place INTEGER, about TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (work, place)) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy has of its own: a title, a summary or a text that the card does not show."""

    document: str
    source: str | None
    title: str
    summary: str
    text: str


def write_copies(
    connection: sqlite3.Connection, works: Iterable[Work], text_of: Callable[[Work], str]
) -> None:
    """Write what the documents of each work have of their own; most have nothing."""
    connection.executemany("INSERT INTO copies VALUES (?, ?, ?, ?)", _rows(works, text_of))


def _rows(works: Iterable[Work], text_of: Callable[[Work], str]) -> Iterable[tuple[object, ...]]:
    for work in works:
        if len(work.documents) < 2:
            continue
        text, seen = text_of(work), {(work.title, work.summary, "")}
        for place, document in enumerate(work.documents):
            own = "" if document.text == text else document.text
            parts = document.title, document.summary or work.summary, own
            if parts not in seen:
                seen.add(parts)
                about = json.dumps([document.id, _source(document), *parts[:2]])
                yield int(work.id, 16), place, about, own


def _source(document: Document) -> str | None:
    """Return where visitors can read the copy, None of a line that only names the piece."""
    stands = document.url or not document.listed
    return document.published_in if stands else document.publication


def read_copies(rows: Iterable[Sequence[Any]]) -> dict[int, list[Copy]]:
    """Return the copies of works, from the rows (work, about, text) in their order."""
    copies: dict[int, list[Copy]] = {}
    for work, about, text in rows:
        document, source, title, summary = json.loads(about)
        copies.setdefault(work, []).append(Copy(document, source, title, summary, text))
    return copies


def find_copy(
    highlighter: Highlighter, shown: Sequence[str], copies: Sequence[Copy], languages: Sequence[str]
) -> tuple[CopyHit, str] | None:
    """Return the copy with most of the words that are in nothing `shown`, and its snippet.

    The snippet is "" where they stand in the copy's title alone. None where nothing is lacking.
    """
    seen = set().union(*map(highlighter.words_in, shown))
    lacking = [word for i, word in enumerate(highlighter.words) if i not in seen]
    if not lacking:
        return None
    finder = Highlighter(lacking, languages)
    has = {i: _words_in(finder, copy) for i, copy in enumerate(copies)}
    best = max(has, key=lambda i: (len(has[i]), -i))
    if not has[best]:
        return None
    copy = copies[best]
    return CopyHit(copy.document, copy.source, copy.title), _cut(finder, copy)


def _words_in(finder: Highlighter, copy: Copy) -> set[int]:
    return set().union(*map(finder.words_in, (copy.title, copy.summary, copy.text)))


def _cut(finder: Highlighter, copy: Copy) -> str:
    return finder.snippet(copy.text, copy.summary) if finder.words_in(copy.text) else ""
