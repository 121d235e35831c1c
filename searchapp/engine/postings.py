"""Works to postings: the one analysis that feeds both Whoosh and the arrays.

work 0 "The cat"      title:  cat -> (0, 1)          one table a field, sorted by
work 1 "Cats, a cat"          cat -> (0, 1), (1, 2)  term and row; a posting is
(term, row, frequency)
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, repeat

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words, stem
from searchapp.fields import FACETS, TEXT_FIELDS, TextField
from searchapp.slugs import fold

WORD = "word"  # the field that holds each work's words as they stand, not stemmed
STEMMED = "stemmed"  # the field that holds the languages by which its words were stemmed

UInts = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class FieldPostings:
    """The postings of one field, sorted by term and then row.

    `terms` are sorted by code point; `term`, `row` and `frequency` have one entry a
    posting: an index into `terms`, a work's row, and how often the term stands there.
    """

    terms: list[str]
    term: UInts
    row: UInts
    frequency: UInts


@dataclass(frozen=True)
class Heading:
    """What orders works and names them, and how many places each has."""

    id: str
    title: str
    date: date | None
    places: int


@dataclass(frozen=True)
class Postings:
    """Everything that is indexed: the works in row order, and a table per field."""

    headings: tuple[Heading, ...]
    fields: dict[str, FieldPostings]

    @property
    def languages(self) -> list[str]:
        """The languages of all documents, copies and translations too, sorted."""
        return self.fields[STEMMED].terms


class _Table:
    """Collects postings in the order of works, for one field."""

    def __init__(self) -> None:
        self.numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.term, self.row, self.frequency = array("I"), array("I"), array("I")

    def add(self, row: int, counts: Mapping[str, int]) -> None:
        """Add the postings of a row: its terms, each with its frequency."""
        self.term.extend(map(self.numbers.__getitem__, counts))
        self.row.extend(repeat(row, len(counts)))
        self.frequency.extend(counts.values())

    def finish(self) -> FieldPostings:
        return sort_postings(
            list(self.numbers),
            np.frombuffer(self.term, np.uint32),
            np.frombuffer(self.row, np.uint32),
            np.frombuffer(self.frequency, np.uint32),
        )


def sort_postings(names: list[str], term: UInts, row: UInts, frequency: UInts) -> FieldPostings:
    """Return postings whose `term` numbers `names` in any order, sorted as promised."""
    terms = sorted(names)
    place = {text: i for i, text in enumerate(terms)}
    rank = np.fromiter((place[text] for text in names), np.uint32, len(names))
    term = rank[term] if len(names) else term
    order = np.lexsort((row, term))
    return FieldPostings(terms, term[order], row[order], frequency[order])


def in_row_order(works: Iterable[Work]) -> list[Work]:
    """Return works as rows: the newest first, then undated ones, each by title and id.

    So a row number breaks ties in favour of the newer piece, and "newest" is the order
    in which works stand.
    """
    return sorted(works, key=lambda w: row_key(w.date, w.title, w.id))


def row_key(day: date | None, title: str, work_id: str) -> tuple[int, str, str]:
    """Return what orders rows."""
    return (-day.toordinal() if day else 1, fold(title), work_id)


def collect_postings(works: Sequence[Work]) -> Postings:
    """Analyse works, given in row order, into postings."""
    tables = {name: _Table() for name in (*(f.name for f in TEXT_FIELDS), WORD, STEMMED)}
    tables |= {facet.name: _Table() for facet in FACETS}
    for row, work in enumerate(works):
        words: set[str] = set()
        for field in TEXT_FIELDS:
            tables[field.name].add(row, _count_terms(work, field, words))
        tables[WORD].add(row, dict.fromkeys(sorted(words), 1))
        languages = {document.language or "und" for document in work.documents}
        tables[STEMMED].add(row, dict.fromkeys(sorted(languages), 1))
        for facet in FACETS:
            values = filter(None, map(facet.read, facet.values(work)))
            tables[facet.name].add(row, dict.fromkeys(values, 1))
    headings = tuple(Heading(work.id, work.title, work.date, len(work.places)) for work in works)
    return Postings(headings, {name: table.finish() for name, table in tables.items()})


def _count_terms(work: Work, field: TextField, words: set[str]) -> dict[str, int]:
    """Count a field's terms over the copies of a work, and note the words they came from.

    A term counts as often as in the copy that has it most: a piece published three times
    is not three times as much about its subject.
    """
    counts: dict[str, int] = {}
    for document in work.documents:
        found: Counter[str] = Counter()
        for text in field.texts(work, document):
            found.update(cut_into_words(text))
        words.update(found)
        stemmed: dict[str, int] = {}
        for word, n in found.items():
            term = stem(word, document.language)
            stemmed[term] = stemmed.get(term, 0) + n
        for term, n in stemmed.items():
            if n > counts.get(term, 0):
                counts[term] = n
    return counts
