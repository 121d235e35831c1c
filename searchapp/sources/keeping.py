"""Documents that were kept: what joins and lists them is at hand, what is long comes when asked.

    readings.events   a line an event; of a document what is short, its digests, how it begins
    texts.texts       a line a document: its text, HTML, headings and blocks of code

Most of what a folder holds are texts that did not change, and of those a build asks nothing: to
read them took as long as all else that it did with their documents.
"""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from searchapp.documents import Document, Section
from searchapp.errors import KeptTextError
from searchapp.sources.events import FIELDS, Event, document_to_json

_LONG = ("text", "html", "sections", "code")
_SHORT = tuple(name for name in FIELDS if name not in _LONG)
_LONG_AT, _SHORT_AT = (tuple(map(FIELDS.index, names)) for names in (_LONG, _SHORT))
_DATE = _SHORT.index("date")
_TUPLES = tuple(map(_SHORT.index, ("syndication", "aliases", "tags", "images", "authors")))
_values = attrgetter(*FIELDS)

# A document has slots; to set each by itself takes half as long as to make one.
_slots: dict[str, Any] = dict(vars(Document))
_PUT_LONG, _PUT_SHORT = ([_slots[n].__set__ for n in names] for names in (_LONG, _SHORT))
_put_digests: Callable[[Document, tuple[bytes, bytes]], None] = _slots["_digests"].__set__

Texts = Callable[[int], Sequence[Any]]  # what is long of the document with that number in its file


def split_events(events: Iterable[Event]) -> tuple[str, str]:
    """Return events as lines of what is short, and of their documents what is long."""
    lines, texts = [], []
    for event in events:
        stated: list[object] = [event.kind, event.line, event.reason]
        if document := event.document:
            values = document_to_json(document)
            digests = [digest.hex() for digest in document.digests]
            stated += ([values[n] for n in _SHORT_AT], *digests, document.length, document.opening)
            texts.append(json.dumps([values[n] for n in _LONG_AT]))
        lines.append(json.dumps(stated))
    return "\n".join(lines), "\n".join(texts)


def read_events(lines: str, texts: Texts, *, at_once: bool) -> list[Event]:
    """Return kept events; their documents ask `texts` when they must, or all of them `at_once`."""
    events, number = [], 0
    # All lines in one go take half as long; the end of a line stands nowhere within one.
    for kind, at, reason, *kept in json.loads(f"[{lines.replace(_END, ',')}]"):
        document = None
        if kept:
            document = _document(kept, texts, number)
            number += 1
            if at_once:
                document.fetch()
        events.append(Event(kind, at, reason, document))
    return events


_END = "\n"


def _document(kept: Sequence[Any], texts: Texts, number: int) -> "KeptDocument":
    short, whole, text, length, opening = kept
    for at in _TUPLES:
        short[at] = tuple(short[at])
    if short[_DATE]:
        short[_DATE] = dt.date.fromisoformat(short[_DATE])
    document: KeptDocument = object.__new__(KeptDocument)
    for put, value in zip(_PUT_SHORT, short, strict=True):
        put(document, value)
    _put_digests(document, (bytes.fromhex(whole), bytes.fromhex(text)))
    _put_source(document, (texts, number, length, opening))
    return document


def _late(name: str) -> Any:
    """Return a value of a kept document that is read when it is asked for first."""
    get = _slots[name].__get__

    def value(document: "KeptDocument") -> Any:
        try:
            return get(document)
        except AttributeError:
            document.fetch()
            return get(document)

    return property(value)


class KeptDocument(Document):
    """A document that was read once; of what is long nothing is read before it is asked for.

    In all else it is that document; with other values it is a plain one, which knows them all.
    """

    __slots__ = ("_source",)
    _source: tuple[Texts, int, int, str]  # who gives what is long, its number, length, opening

    text = _late("text")
    html = _late("html")
    sections = _late("sections")
    code = _late("code")

    def __new__(cls, *values: Any, **named: Any) -> Document:  # type: ignore[misc]
        """Return a plain document: `replace` asks for one."""
        return Document(*values, **named)

    @property
    def length(self) -> int:
        """How many characters its text has."""
        return int(self._source[2])

    @property
    def opening(self) -> str:
        """The first characters of its text."""
        return str(self._source[3])

    def fetch(self) -> None:
        """Read what is long; raises KeptTextError where it is not there any more as it was."""
        texts, number, *_ = self._source
        text, html, sections, code = texts(number)
        long = text, html, tuple(Section(*s) for s in sections), tuple(map(tuple, code))
        for put, value in zip(_PUT_LONG, long, strict=True):
            put(self, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and _values(self) == _values(other)

    __hash__ = Document.__hash__


_put_source = vars(KeptDocument)["_source"].__set__


class InOrder:
    """Rows of a table, each asked for by its name.

    Files are asked for in their order, which is nearly that of the rows: one pass over these
    costs a third of as many questions.
    """

    def __init__(self, rows: sqlite3.Connection | None = None, query: str = "") -> None:
        self._rows = rows
        self._query = query  # of names, and what stands beside them
        self._pass: Iterator[tuple[str, ...]] | None = None
        self._row: tuple[str, ...] | None = None

    def row(self, name: str) -> tuple[str, ...]:
        """Return what stands beside a name; raises LookupError where it is not there."""
        if self._rows is None:
            raise LookupError(name)
        if self._pass is None:
            self._pass = self._rows.execute(f"{self._query} ORDER BY name")
        while self._row is None or self._row[0] < name:
            self._row = next(self._pass, None)
            if self._row is None:
                break
        found = self._row
        if found is None or found[0] != name:
            found = self._rows.execute(f"{self._query} WHERE name = ?", (name,)).fetchone()
        if found is None:
            raise LookupError(name)
        return found[1:]


class KeptTexts:
    """Reads what is long of the documents in a cache, file by file.

    Each row has a seal of its own, made with that of the events: neither may be another's.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: sqlite3.Connection | None = None
        self._last: tuple[str, list[list[Any]]] = ("", [])

    def of(self, name: str, events: str) -> Texts:
        """Return what is long of the documents in the file of that name; `events` is their seal."""
        return lambda number: self._read(name, events)[number]

    def close(self) -> None:
        """Let the file go."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def _read(self, name: str, events: str) -> list[list[Any]]:
        if self._last[0] != name:
            try:
                if self._rows is None:
                    uri = f"{self._path.resolve().as_uri()}?mode=ro"
                    self._rows = sqlite3.connect(uri, uri=True)
                query = "SELECT seal, texts FROM texts WHERE name = ?"
                ((seal, texts),) = self._rows.execute(query, (name,))
                self._last = name, read_texts(events, seal, texts)
            except (sqlite3.Error, ValueError, TypeError, OSError) as error:
                raise KeptTextError(name) from error
        return self._last[1]


def read_texts(events: str, seal: str, texts: str) -> list[list[Any]]:
    """Return the long values of a file's documents; raises ValueError where they are others."""
    if seal != seal_texts(events, texts):
        raise ValueError("the texts are not those that were kept")
    long: list[list[Any]] = json.loads(f"[{texts.replace(_END, ',')}]")
    return long


def seal_texts(events: str, texts: str) -> str:
    """Return what holds texts and the events that they belong to together."""
    return hashlib.sha256(f"{events}\0{texts}".encode()).hexdigest()[:16]
