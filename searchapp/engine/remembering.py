"""What the last build analysed, kept for the next: postings, and which works they are of.

    index/cache/postings.bin    the tables, texts as one blob each, digests of works

It belongs to the generation whose fingerprint it names, carries its own hash, and holds
numbers and text, never code. It may be deleted at any time: then the next build analyses
everything again, with the same outcome.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from searchapp.documents import DIGEST
from searchapp.engine.postings import NAMES, FieldPostings, Heading, frequencies

NAME = "postings.bin"

Array = npt.NDArray[Any]

_SEAL = 32  # bytes
_ROUND = 8  # bytes; arrays begin at a multiple of so many

_BETWEEN = "\0"  # stands in no word, and hardly in the value of a facet


@dataclass(frozen=True)
class Remembered:
    """The postings of a generation.

    `digests` name the state of the work in each row, and `headings` the work; `written` names that
    of each document of the great segment of its Whoosh index, which is called `segment`. `around`
    names what is told beside the works.
    """

    tables: Mapping[str, FieldPostings]
    digests: Sequence[bytes]
    headings: "KeptHeadings"
    written: Sequence[bytes]
    segment: str
    around: str


def recall(folder: Path, fingerprint: str) -> Remembered | None:
    """Return what is kept in `folder` of the generation with that fingerprint, if it is whole."""
    try:
        raw = (folder / NAME).read_bytes()
    except OSError:
        return None
    content = memoryview(raw)[_SEAL:]
    if raw[:_SEAL] != _seal(fingerprint, [content]):
        return None
    try:
        end = raw.index(b"\n", _SEAL) + 1 - _SEAL
        told = json.loads(bytes(content[:end]))
        kept = _cut_arrays(content, end, told["arrays"])
        return Remembered(
            {name: _read_table(kept, name) for name in NAMES},
            _cut(kept["digests"]), KeptHeadings.of(kept), _cut(kept["written"]),
            told["segment"], told["around"],
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        return None


def remember(folder: Path, fingerprint: str, state: Remembered) -> None:
    """Keep `state` in `folder`; where that cannot be, the next build only takes longer."""
    arrays: dict[str, Array] = {
        "digests": np.frombuffer(b"".join(state.digests), np.uint8),
        **state.headings.arrays,
        "written": np.frombuffer(b"".join(state.written), np.uint8),
    }
    for name, table in state.tables.items():
        texts = _BETWEEN.join(table.terms)
        if texts.count(_BETWEEN) != max(0, len(table.terms) - 1):  # one of them has it within
            forget(folder)
            return
        arrays |= _lay_out_table(name, table, texts)
    content = _join_arrays(arrays, {"segment": state.segment, "around": state.around})
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = folder / f"{NAME}.tmp"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_seal(fingerprint, content))
            file.writelines(content)
        beside.replace(folder / NAME)


def forget(folder: Path) -> None:
    """Keep nothing."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


def _seal(fingerprint: str, content: Iterable[bytes | memoryview]) -> bytes:
    digest = hashlib.sha256(fingerprint.encode())
    for part in content:
        digest.update(part)
    return digest.digest()


def _join_arrays(arrays: Mapping[str, Array], told: Mapping[str, str]) -> list[bytes | memoryview]:
    """Return a line of JSON that says which arrays there are, and these, each at a round place."""
    stated = [(name, array.dtype.str, len(array)) for name, array in arrays.items()]
    line = json.dumps({**told, "arrays": stated}).encode("ascii") + b"\n"
    parts: list[bytes | memoryview] = [line, _pad(len(line))]
    for array in arrays.values():
        parts += (np.ascontiguousarray(array).view(np.uint8).data, _pad(array.nbytes))
    return parts


def _cut_arrays(
    content: memoryview, end: int, stated: Iterable[tuple[str, str, int]]
) -> dict[str, Array]:
    """Return the arrays of what `_join_arrays` returned, whose first line has that end."""
    at = end + len(_pad(end))
    arrays: dict[str, Array] = {}
    for name, dtype, length in stated:
        arrays[name] = array = np.frombuffer(content, np.dtype(dtype), length, at)
        at += array.nbytes + len(_pad(array.nbytes))
    return arrays


def _pad(size: int) -> bytes:
    return bytes(-size % _ROUND)


def _cut(digests: Array) -> list[bytes]:
    raw = digests.tobytes()
    return [raw[at : at + DIGEST] for at in range(0, len(raw), DIGEST)]


@dataclass(frozen=True)
class KeptHeadings(Sequence[Heading]):
    """Headings as columns: few are asked for, and most are only kept once more."""

    arrays: Mapping[str, Array]

    @classmethod
    def of(cls, kept: Mapping[str, Array]) -> "KeptHeadings":
        """Return those in arrays that were kept."""
        headings = cls({name: kept[name] for name in ("titles", "ids", "days", "places")})
        if len({len(headings), *map(len, headings._numbers)}) > 1:
            raise ValueError("the columns are not of one length")
        return headings

    @classmethod
    def from_(cls, headings: Sequence[Heading]) -> "KeptHeadings":
        """Return headings as columns."""
        if isinstance(headings, KeptHeadings):
            return headings
        titles = json.dumps([heading.title for heading in headings]).encode("ascii")
        return cls(
            {
                "titles": np.frombuffer(titles, np.uint8),
                "ids": np.array([int(heading.id, 16) for heading in headings], np.uint64),
                "days": np.array([h.date.toordinal() if h.date else 0 for h in headings], np.int32),
                "places": np.array([heading.places for heading in headings], np.uint32),
            }
        )

    @cached_property
    def _titles(self) -> list[str]:
        titles: list[str] = json.loads(self.arrays["titles"].tobytes())
        return titles

    @cached_property
    def _numbers(self) -> tuple[list[int], list[int], list[int]]:
        ids, days, places = (self.arrays[name].tolist() for name in ("ids", "days", "places"))
        return ids, days, places

    def find(self, work: str) -> int | None:
        """Return the row of the work with an id."""
        found = (self.arrays["ids"] == np.uint64(int(work, 16))).nonzero()[0]
        return int(found[0]) if len(found) else None

    def __len__(self) -> int:
        return len(self._titles)

    @overload
    def __getitem__(self, row: int) -> Heading: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Heading]: ...
    def __getitem__(self, row: int | slice) -> Heading | Sequence[Heading]:
        if isinstance(row, slice):
            return [self[n] for n in range(*row.indices(len(self)))]
        number, day, places = (column[row] for column in self._numbers)
        day_of = date.fromordinal(day) if day else None
        return Heading(f"{number:012x}", self._titles[row], day_of, places)


def _lay_out_table(name: str, table: FieldPostings, texts: str) -> dict[str, Array]:
    counts = np.bincount(table.term, minlength=len(table.terms))
    ones = table.frequency.strides == (0,)
    return {
        f"{name}.terms": np.frombuffer(texts.encode("utf-8", "surrogatepass"), np.uint8),
        f"{name}.bounds": np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
        f"{name}.row": table.row,
        f"{name}.frequency": table.frequency[:0] if ones else table.frequency,
    }


def _read_table(kept: Mapping[str, Array], name: str) -> FieldPostings:
    bounds, row = kept[f"{name}.bounds"], kept[f"{name}.row"]
    blob = kept[f"{name}.terms"].tobytes()
    many = len(bounds) - 1
    texts = blob.decode("utf-8", "surrogatepass").split(_BETWEEN)[:many]
    term = np.repeat(np.arange(many, dtype=np.uint32), np.diff(bounds))
    frequency = kept[f"{name}.frequency"]
    if not len(frequency):
        frequency = frequencies(np.broadcast_to(np.ones(1, np.uint8), len(row)))
    return FieldPostings(texts, term, row, frequency)
