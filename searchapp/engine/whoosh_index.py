"""Postings into a Whoosh index, and back: Whoosh owns every posting of every field.

Whoosh's own `add_document` costs about 24 microseconds a posting, most of it in a sorted
pool of Python tuples. Our postings are sorted already, so they go to Whoosh's own codec a
block at a time; what stands on disk is an ordinary Whoosh index.

Opening a Whoosh index executes pickles from it. So only the builder and tests import this
module, never the server.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh.writing import SegmentWriter

from searchapp.engine.analysis import WordAnalyzer
from searchapp.engine.postings import (
    STEMMED,
    WORD,
    FieldPostings,
    Heading,
    Postings,
    UInts,
    row_key,
    sort_postings,
)
from searchapp.fields import FACETS, TEXT_FIELDS

BLOCK = 128  # postings in a block, Whoosh's own default
COMPRESSION = 3  # of zlib, Whoosh's own default
FEW = 16  # postings: a term with fewer is not compressed


def make_schema() -> whoosh_fields.Schema:
    """Return the schema that the registry of fields declares."""
    schema = whoosh_fields.Schema(
        id=whoosh_fields.ID(stored=True, unique=True),
        heading=whoosh_fields.STORED(),
    )
    for field in TEXT_FIELDS:
        schema.add(field.name, whoosh_fields.TEXT(analyzer=WordAnalyzer(), phrase=False))
    schema.add(WORD, whoosh_fields.ID(analyzer=WordAnalyzer(stemmed=False)))
    for name in (STEMMED, *(facet.name for facet in FACETS)):
        schema.add(name, whoosh_fields.ID())
    return schema


def write_whoosh(postings: Postings, folder: Path) -> None:
    """Write `postings` as a new Whoosh index into the empty `folder`."""
    schema = make_schema()
    writer = _BulkWriter(whoosh_index.create_in(str(folder), schema), limitmb=1)
    writer.add_postings(postings)
    writer.commit(merge=False)


class _BulkWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's segment writer, fed with sorted postings instead of documents."""

    def add_postings(self, postings: Postings) -> None:
        self._postings = postings
        lengths = {
            name: _lengths(table, len(postings.headings))
            for name, table in postings.fields.items()
            if self.schema[name].scorable
        }
        self._lengths = lengths
        for row, heading in enumerate(postings.headings):
            self.perdocwriter.start_doc(row)
            self.perdocwriter.add_field("id", self.schema["id"], heading.id, 0)
            day = heading.date.isoformat() if heading.date else None
            stored = (heading.title, day, heading.places)
            self.perdocwriter.add_field("heading", self.schema["heading"], stored, 0)
            for name, length in lengths.items():
                self.perdocwriter.add_field(name, self.schema[name], None, int(length[row]))
            self.perdocwriter.finish_doc()
        self.docnum = len(postings.headings)
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        tables = {"id": _ids_as_postings(self._postings), **self._postings.fields}
        for name in sorted(tables):
            self._write_field(name, tables[name])
        self.fieldwriter.close()

    def _write_field(self, name: str, table: FieldPostings) -> None:
        if not table.terms:
            return
        fieldobj = self.schema[name]
        writer = self.fieldwriter
        writer.start_field(name, fieldobj)
        postings = _Flat.of(table, fieldobj, self._lengths.get(name))
        bounds = np.searchsorted(table.term, np.arange(len(table.terms) + 1)).tolist()
        for text, start, end in zip(table.terms, bounds, bounds[1:], strict=False):
            writer.start_term(fieldobj.to_bytes(text))
            postings.hand_over(writer._postwriter, start, end)
            writer.finish_term()
        writer.finish_field()


@dataclass(frozen=True)
class _Flat:
    """A field's postings one after the other, in the types that Whoosh's writer holds.

    Most terms have a handful of postings, so slicing must cost next to nothing: arrays of
    the standard library and bytes, not numpy.
    """

    rows: "array[int]"
    weights: "array[float]"
    values: bytes | None
    lengths: "array[int] | None"

    @classmethod
    def of(cls, table: FieldPostings, fieldobj: Any, lengths: UInts | None) -> "_Flat":
        weighted = fieldobj.format.fixed_value_size() != 0
        return cls(
            array("I", table.row.tobytes()),
            array("f", table.frequency.astype(np.float32).tobytes()),
            table.frequency.astype(">u4").tobytes() if weighted else None,
            array("I", lengths[table.row].tobytes()) if lengths is not None else None,
        )

    def hand_over(self, out: Any, start: int, end: int) -> None:
        """Give Whoosh's postings writer one term's postings, a block at a time."""
        # zlib makes a few postings larger, and takes most of their time.
        out._compression = COMPRESSION if end - start >= FEW else 0
        for at in range(start, end, BLOCK):
            if out._ids:
                out._write_block()
            stop = min(at + BLOCK, end)
            out._ids = self.rows[at:stop]
            out._weights = self.weights[at:stop]
            out._maxweight = max(out._weights)
            if self.values is not None:
                out._values = [self.values[4 * at : 4 * stop]]
            if self.lengths is not None:
                here = self.lengths[at:stop]
                out._minlength, out._maxlength = min(here), max(here)


def _lengths(table: FieldPostings, rows: int) -> UInts:
    return np.bincount(table.row, table.frequency, rows).astype(np.uint32)


def _ids_as_postings(postings: Postings) -> FieldPostings:
    rows = np.arange(len(postings.headings), dtype=np.uint32)
    return sort_postings([h.id for h in postings.headings], rows, rows, np.ones_like(rows))


def read_whoosh(folder: Path) -> Postings:
    """Read all postings back from the Whoosh index in `folder`, in row order.

    Used to prove that the arrays hold nothing that Whoosh does not.
    """
    with whoosh_index.open_dir(str(folder)).reader() as reader:
        stored = [fields for _, fields in reader.iter_docs()]
        headings = [_heading(fields) for fields in stored]
        order = sorted(range(len(headings)), key=lambda n: _row_key(headings[n]))
        row_of = np.empty(len(order), np.uint32)
        row_of[order] = np.arange(len(order), dtype=np.uint32)
        names = [f.name for f in TEXT_FIELDS] + [WORD, STEMMED] + [f.name for f in FACETS]
        tables = {name: _read_field(reader, name, row_of) for name in names}
    return Postings(tuple(headings[n] for n in order), tables)


def _heading(stored: dict[str, Any]) -> Heading:
    title, day, places = stored["heading"]
    return Heading(stored["id"], title, date.fromisoformat(day) if day else None, places)


def _row_key(heading: Heading) -> tuple[int, str, str]:
    return row_key(heading.date, heading.title, heading.id)


def _read_field(reader: Any, name: str, row_of: UInts) -> FieldPostings:
    terms: list[str] = []
    term, row, frequency = array("I"), array("I"), array("I")
    for number, (text, document, count) in _postings_of(reader, name):
        if number == len(terms):
            terms.append(text)
        term.append(number)
        row.append(int(row_of[document]))
        frequency.append(count)
    return sort_postings(
        terms,
        np.frombuffer(term, np.uint32),
        np.frombuffer(row, np.uint32),
        np.frombuffer(frequency, np.uint32),
    )


def _postings_of(reader: Any, name: str) -> Iterator[tuple[int, tuple[str, int, int]]]:
    for number, text in enumerate(reader.field_terms(name)):
        matcher = reader.postings(name, text)
        while matcher.is_active():
            yield number, (text, matcher.id(), int(matcher.weight()))
            matcher.next()
