"""Reads a list in CSV: a header that names the facts, then an entry a row."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from searchapp.errors import ContentError
from searchapp.sources.parts import Part

if TYPE_CHECKING:
    from _csv import Reader

# Sheets are saved with semicolons where a comma is a decimal point, or with tabs.
_DELIMITERS = ",;\t|"
_TITLES = ("title", "name", "headline")
_CELL_LIMIT = 4 * 2**20


def parts_of_csv(text: str) -> Iterator[Part]:
    """Yield the rows as mappings from column to cell; empty cells state nothing."""
    csv.field_size_limit(_CELL_LIMIT)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text))
    columns: list[str] = []
    before = 0
    while (row := _next(rows)) is not None:
        line, before = before + 1, rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            columns = _columns(row, line)
        else:
            yield _part(row, columns, line)


def _next(rows: "Reader") -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise ContentError(
            f"CSV cannot be read ({error}); mend it, or put quotes around the cell", rows.line_num
        ) from None


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


def _part(row: list[str], columns: list[str], line: int) -> Part:
    cells = zip(columns, row, strict=False)
    stated = {name: cell.strip() for name, cell in cells if name and cell.strip()}
    for name in ("tags", "categories"):  # within a cell, what the columns do not use
        if name in stated:
            stated[name] = stated[name].replace(";", ",").replace("|", ",")
    extra = len(row) - len(columns)
    told = f"row has {extra} cells more than there are columns; put quotes around cells with commas"
    return Part(stated, line, warnings=((line, told),) if extra > 0 else ())
