"""Postings into a Whoosh index, and back: Whoosh owns every posting of every field.

Whoosh's own `add_document` costs about 24 microseconds a posting, most of it in a sorted
pool of Python tuples. Our postings are sorted already, so `whoosh_files` lays them out as
Whoosh's codec does; what stands on disk is an ordinary Whoosh index.

Opening a Whoosh index executes pickles from it. So only the builder and tests import this
module, never the server.
"""

from array import array
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.util import random_name
from whoosh.writing import SegmentWriter

from searchapp.engine.analyzer import WordAnalyzer
from searchapp.engine.postings import (
    NAMES,
    STEMMED,
    WORD,
    FieldPostings,
    Heading,
    Postings,
    UInts,
    row_key,
    sort_postings,
)
from searchapp.engine.whoosh_files import HashFile, write_field
from searchapp.fields import FACETS, TEXT_FIELDS


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


def write_whoosh(postings: Postings, folder: Path) -> str:
    """Write `postings` as a new Whoosh index into the empty `folder`; return its segment's name.

    Documents are numbered as rows are.
    """
    created = whoosh_index.FileIndex.create(_Storage(str(folder)), make_schema())
    writer = _BulkWriter(created, limitmb=1)
    writer.add_postings(postings)
    writer.commit(merge=False)
    return str(writer.get_segment().segment_id())


def change_whoosh(folder: Path, segment: str, gone: Iterable[int], came: Postings) -> None:
    """Change the Whoosh index in `folder`, which holds at least `segment` of those it had.

    Of that one the documents `gone` are deleted; what `came` is a second segment, in place of
    all others. No file of `segment` is written to.
    """
    writer = _BulkWriter(whoosh_index.FileIndex(_Storage(str(folder))), limitmb=1)
    (kept,) = (one for one in writer.segments if one.segment_id() == segment)
    kept._deleted = set(gone) or None
    writer.segments = [kept]
    if came.headings:
        writer.add_postings(came)
    writer.commit(merge=False)


def files_to_keep(folder: Path, segment: str) -> list[Path]:
    """Return the files that an index needs to be one with that segment: its own, and the TOC."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.startswith(f"{segment}.") or path.suffix == ".toc"
    )


class _Storage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder for Whoosh, which takes one that cannot be listed for an empty one."""

    def list(self) -> list[str]:
        return [path.name for path in Path(self.folder).iterdir()]

    def create(self) -> "_Storage":
        """Make the folder where it is missing.

        Whoosh tries, and keeps what was raised where it stands already: with it, in a circle,
        stay all that called it, and so all works, until garbage is looked for.
        """
        Path(self.folder).mkdir(parents=True, exist_ok=True)
        return self

    def temp_storage(self, name: str | None = None) -> "_Storage":
        """Return a folder within it, for what is written on the way."""
        return _Storage(str(Path(self.folder) / (name or f"{random_name()}.tmp"))).create()


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
        writer = self.fieldwriter
        file = writer._tindex.dbfile
        file.seek(0)  # over the same header
        terms = HashFile(file)
        terms.extras["fieldmap"] = writer._fieldmap
        writer._tindex = terms
        nothing = np.zeros(len(self._postings.headings), np.uint32)
        tables = {"id": _ids_as_postings(self._postings), **self._postings.fields}
        for name in sorted(tables):
            if tables[name].terms:
                field = self.schema[name]
                writer.start_field(name, field)
                lengths = self._lengths.get(name, nothing)
                number = writer._fieldmap[name]
                write_field(terms, writer._postfile, number, tables[name], field, lengths)
                writer.finish_field()
        writer.close()


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
        headings = {number: _heading(fields) for number, fields in reader.iter_docs()}
        order = sorted(headings, key=lambda n: _row_key(headings[n]))
        row_of = np.empty(reader.doc_count_all(), np.uint32)
        row_of[order] = np.arange(len(order), dtype=np.uint32)
        tables = {name: _read_field(reader, name, row_of) for name in NAMES}
    return Postings(tuple(headings[n] for n in order), tables)


def _heading(stored: dict[str, Any]) -> Heading:
    title, day, places = stored["heading"]
    return Heading(stored["id"], title, date.fromisoformat(day) if day else None, places)


def _row_key(heading: Heading) -> tuple[int, str, str]:
    return row_key(heading.date, heading.title, heading.id)


def _read_field(reader: Any, name: str, row_of: UInts) -> FieldPostings:
    terms: list[str] = []
    term, row, frequency = array("I"), array("I"), array("I")
    for text in reader.field_terms(name):
        terms.append(text)
        matcher = reader.postings(name, text)
        while matcher.is_active():
            term.append(len(terms) - 1)
            row.append(int(row_of[matcher.id()]))
            frequency.append(int(matcher.weight()))
            matcher.next()
    return sort_postings(
        terms,
        np.frombuffer(term, np.uint32),
        np.frombuffer(row, np.uint32),
        np.frombuffer(frequency, np.uint32),
    )
