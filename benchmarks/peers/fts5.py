"""SQLite's full text search FTS5, and a table of the facets' values.

It is given our terms, ready made, in columns with our weights. Counts come from joining what
matched with the table of values, all facets at once. Its snippets are made of the texts in a
second index, of words as it stems them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from benchmarks.corpus import Corpus, Terms
from benchmarks.peers import HITS, VALUES, Answer, Ask, Change, Question
from benchmarks.peers.stored import stored
from searchapp.documents import Work
from searchapp.fields import FACET, TEXT_FIELDS

NAME = "SQLite FTS5"
INDEX = "fts5"
SHARE = 0.5
MOST = 50_000
IS_APART = False
SETUP = f"{sqlite3.sqlite_version}, our terms and weights, prefix indexes, a table of values"

_COLUMNS = ", ".join(field.name for field in TEXT_FIELDS)
_WEIGHTS = ", ".join(str(field.weight) for field in TEXT_FIELDS)
_SCHEMA = f"""
CREATE VIRTUAL TABLE terms USING fts5({_COLUMNS}, content='', prefix='2 3',
                                      tokenize="unicode61 remove_diacritics 0 tokenchars '+#.'");
CREATE TABLE works (work INTEGER PRIMARY KEY, hit TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE facet_values (value INTEGER PRIMARY KEY, facet TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE values_of_works (work INTEGER, value INTEGER, PRIMARY KEY (work, value)) WITHOUT ROWID;
CREATE INDEX works_by_value ON values_of_works (value, work);
"""
_COUNT = """
WITH found AS MATERIALIZED (SELECT rowid FROM terms WHERE terms MATCH ?)
SELECT value, count(*) FROM found JOIN values_of_works ON work = found.rowid GROUP BY value
"""
_SNIPPET = """
SELECT snippet(texts, 0, '<mark>', '</mark>', '…', 30) FROM texts WHERE texts MATCH ? AND rowid = ?
"""
_BEST = "SELECT terms.rowid, hit FROM terms JOIN works ON work = terms.rowid WHERE terms MATCH ?"


def build(corpus: Corpus, folder: Path) -> None:
    connection = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
    connection.execute("BEGIN")
    numbers: dict[tuple[str, str], int] = {}
    for row, (work, terms) in enumerate(zip(corpus.works, corpus.analysis.fields, strict=True)):
        _add(connection, numbers, corpus.facets, row, work, terms)
    for (name, value), number in numbers.items():
        _insert(connection, "facet_values", (number, name, value))
    connection.execute(f"INSERT INTO terms(terms, rank) VALUES ('rank', 'bm25({_WEIGHTS})')")
    connection.execute("INSERT INTO terms(terms) VALUES ('optimize')")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _add(  # all that is known of a post
    connection: sqlite3.Connection,
    numbers: dict[tuple[str, str], int],
    facets: Iterable[str],
    row: int,
    work: Work,
    terms: Terms,
) -> None:
    _insert(connection, "terms(rowid, " + _COLUMNS + ")", (row, *terms.values()))
    _insert(connection, "works", (row, repr(stored(work)), work.canonical.text))
    for name in facets:
        for value in FACET[name].values(work):
            number = numbers.setdefault((name, value), len(numbers))
            _insert(connection, "values_of_works", (row, number))


def _insert(connection: sqlite3.Connection, table: str, values: tuple[object, ...]) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


def open_index(corpus: Corpus, folder: Path) -> Ask:
    connection = sqlite3.connect(folder / "index.sqlite")
    connection.execute("PRAGMA mmap_size=1000000000")
    texts = _Texts(corpus)
    names = {
        number: (facet, name)
        for number, facet, name in connection.execute("SELECT * FROM facet_values")
    }

    def ask(question: Question) -> Answer:
        match = _match(question)
        (total,) = connection.execute(
            "SELECT count(*) FROM terms WHERE terms MATCH ?", (match,)
        ).fetchone()
        rows = connection.execute(f"{_BEST} ORDER BY rank LIMIT {HITS}", (match,)).fetchall()
        if question.snippets:
            texts.mark(question, [row for row, _ in rows])
        if not question.facets:
            return Answer(total, len(rows), {})
        facets: dict[str, list[tuple[str, int]]] = {name: [] for name in corpus.facets}
        for number, count in connection.execute(_COUNT, (match,)):
            facet, name = names[number]
            facets[facet].append((name, count))
        return Answer(total, len(rows), {f: _commonest(counts) for f, counts in facets.items()})

    return ask


class _Texts:
    """An index of the texts as they are read, in memory: snippets need it so."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:")
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='porter unicode61')"
        )
        rows = ((row, work.canonical.text) for row, work in enumerate(self._corpus.works))
        connection.executemany("INSERT INTO texts(rowid, text) VALUES (?, ?)", rows)
        return connection

    def mark(self, question: Question, rows: Iterable[int]) -> list[str]:
        """Return the snippets of the posts in `rows`."""
        match = " OR ".join(f'"{word}"' for word in question.typed.split())
        found = (self._connection.execute(_SNIPPET, (match, row)).fetchone() for row in rows)
        return [snippet for (snippet,) in filter(None, found)]


def open_to_change(corpus: Corpus, folder: Path) -> Change:
    connection = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
    known = connection.execute("SELECT facet, name, value FROM facet_values")
    numbers = {(facet, name): number for facet, name, number in known}
    fields = list(corpus.analysis.fields)

    def change(row: int, work: Work, terms: Terms, term: str) -> tuple[int, None]:
        connection.execute("BEGIN")
        before = ("delete", row, *fields[row].values())  # it must be told what it forgets
        _insert(connection, "terms(terms, rowid, " + _COLUMNS + ")", before)
        connection.execute("DELETE FROM works WHERE work = ?", (row,))
        connection.execute("DELETE FROM values_of_works WHERE work = ?", (row,))
        _add(connection, numbers, corpus.facets, row, work, terms)
        connection.execute("COMMIT")
        fields[row] = terms
        count = "SELECT count(*) FROM terms WHERE terms MATCH ?"
        (total,) = connection.execute(count, (f'"{term}"',)).fetchone()
        return total, None

    return change


def files(folder: Path) -> Path:
    return folder


def _commonest(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: -pair[1])[:VALUES]


def _match(question: Question) -> str:
    """Return the question in FTS5's own language."""
    return " AND ".join(_clauses(question))


def _clauses(question: Question) -> Iterator[str]:
    for terms in question.words:
        yield "(" + " OR ".join(f'"{term}"' for term in terms) + ")"
    if question.prefix:
        yield f'"{question.prefix}"*'
