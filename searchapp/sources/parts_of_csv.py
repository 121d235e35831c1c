"""Reads a list in CSV: a header that names the facts, then an entry a row."""

import csv
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from searchapp.errors import ContentError
from searchapp.sources.guarded import stands_twice
from searchapp.sources.model import Remark
from searchapp.sources.parts import Part

# Sheets are saved with semicolons where a comma is a decimal point, or with tabs.
_DELIMITERS = ",;\t|"
_TITLES = ("title", "name", "headline")
_CELL_LIMIT = 4 * 2**20
_STRAYS = 20  # quotes that never close; each costs reading on from the line after it


def parts_of_csv(text: str) -> Iterator[Part]:
    """Yield the rows as mappings from column to cell; empty cells state nothing.

    A row whose quote never closes is refused alone, so that it does not swallow the others.
    """
    csv.field_size_limit(_CELL_LIMIT)
    columns: list[str] = []
    for row in _rows(text):
        if isinstance(row, ContentError):
            yield Part(None, row.line, error=row)
        elif not any(cell.strip() for cell in row.cells):
            continue
        elif not columns:
            columns = _columns(row.cells, row.line)
            yield from _repeated(columns, row.line)
        else:
            yield _part(row.cells, columns, row.line)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    line: int


def _rows(text: str) -> Iterator[_Row | ContentError]:
    """Yield the rows; after one whose quote never closes, which is told, the next line is one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    delimiter, start = _delimiter_of(text), 0
    for _ in range(_STRAYS):
        stray = yield from _rows_from(lines, start, delimiter)
        if stray is None:
            return
        yield ContentError("quote opens in this row and never closes; close it", stray)
        start = stray
    raise ContentError(f"{_STRAYS} quotes never close, so the rest was not tried; mend them", start)


def _rows_from(
    lines: Sequence[str], start: int, delimiter: str
) -> Generator[_Row, None, int | None]:
    """Yield the rows that begin at `start`; return the line of one whose quote never closes."""
    rows = csv.reader(lines[start:], delimiter=delimiter)
    begin = start
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            if start + rows.line_num > begin + 1:  # it grew too long over many lines
                return begin + 1
            reason = f"CSV cannot be read ({error}); mend it, or put quotes around the cell"
            raise ContentError(reason, begin + 1) from None
        if cells is None:
            return None
        end = start + rows.line_num
        if not _is_whole(lines[begin:end], delimiter):
            return begin + 1
        yield _Row(cells, begin + 1)
        begin = end


def _is_whole(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether the quotes of a row on several lines stand where quotes may stand.

    A stray one swallows line after line, up to the first quote of another row, or to the end.
    """
    if len(lines) == 1:
        return True
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _delimiter_of(text: str) -> str:
    """Return what separates the columns, as the header has it most often."""
    header = next((line for line in text.split("\n", 20) if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _columns(row: list[str], line: int) -> list[str]:
    """Return the names of the columns, as front matter writes them."""
    columns = ["_".join(cell.split()).lower() for cell in row]
    if not any(name in columns for name in _TITLES):
        raise ContentError(
            f"no column of the first line is title (it has {', '.join(columns)[:80]}); "
            "name the columns there: title,url,date",
            line,
        )
    return columns


def _repeated(columns: list[str], line: int) -> Iterator[Part]:
    """Yield what is told of columns that have the name of another."""
    for name, times in Counter(filter(None, columns)).items():
        if times > 1:
            yield Part(None, line, remark=Remark(stands_twice(f"column {name}"), line))


def _part(row: list[str], columns: list[str], line: int) -> Part:
    cells = zip(columns, row, strict=False)
    stated = {name: cell.strip() for name, cell in cells if name and cell.strip()}
    for name in ("tags", "categories"):  # within a cell, what the columns do not use
        if name in stated:
            stated[name] = stated[name].replace(";", ",").replace("|", ",")
    extra = len(row) - len(columns)
    told = f"row has {extra} cells more than there are columns; put quotes around cells with commas"
    return Part(stated, line, warnings=((line, told),) if extra > 0 else ())
