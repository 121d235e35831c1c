"""What is stored of a hit: JSON without names, as a page's twenty are read in an instant.

The same as in works.sqlite, packed into one file that is mapped into memory: the records of
all works by their ids, with where each begins. A page's twenty are sliced out of it and read
in one go, where SQLite would take longer to find them than they take to be read.
"""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from mmap import ACCESS_READ, mmap
from operator import itemgetter
from pathlib import Path

import numpy as np

from searchapp.engine.results import Hit, PlaceHit, SeriesHit

FOLDER = "records"
STORED = 15  # fields of a hit; those after them belong to one answer

_read = json.JSONDecoder().raw_decode


def write_record(hit: Hit) -> str:
    """Return what is stored of `hit`, in ASCII: a path may hold surrogates."""
    return json.dumps(hit[:STORED], separators=(",", ":"))


def read_record(text: str) -> Hit:
    """Return the hit that was stored, without what belongs to an answer."""
    (record,) = read_records([text])
    return record


def read_records(texts: Sequence[str]) -> list[Hit]:
    """Return the hits that were stored; a page of them in one go is read faster."""
    read, _ = _read(f"[{','.join(texts)}]")
    for fields in read:
        authors, tags, series, documents, places = _take_lists(fields)
        fields[_AUTHORS] = tuple(authors) if authors else ()
        fields[_TAGS] = tuple(tags) if tags else ()
        fields[_SERIES] = series and SeriesHit(*series)
        fields[_DOCUMENTS] = tuple(documents)
        fields[_PLACES] = tuple(map(_new_place, places))
        fields.extend(_NO_ANSWER)
    return list(map(_new_hit, read))


_LISTS = tuple(map(Hit._fields.index, ("authors", "tags", "series", "documents", "places")))
_AUTHORS, _TAGS, _SERIES, _DOCUMENTS, _PLACES = _LISTS
_take_lists = itemgetter(*_LISTS)
_NO_ANSWER = ((), "", None, (), True, 0.0)  # what belongs to one answer
_new_hit = partial(tuple.__new__, Hit)  # half the time of their own constructors
_new_place = partial(tuple.__new__, PlaceHit)


def pack_records(folder: Path, records: Iterable[tuple[int, str]]) -> None:
    """Write the records of works, sorted by their ids, into the new folder `folder`."""
    folder.mkdir(mode=0o700)
    ids, bounds = [], [0]
    with (folder / "records.json").open("wb") as file:
        for work, text in records:
            ids.append(work)
            bounds.append(bounds[-1] + file.write(text.encode("ascii")))
    np.save(folder / "ids.npy", np.array(ids, np.uint64), allow_pickle=False)
    np.save(folder / "bounds.npy", np.array(bounds, np.uint64), allow_pickle=False)


class Records:
    """Reads the records of one generation's works by their ids."""

    def __init__(self, folder: Path) -> None:
        self._ids = np.load(folder / "ids.npy", allow_pickle=False)
        self._bounds = np.load(folder / "bounds.npy", allow_pickle=False)
        self._packed: mmap | bytes = b""
        if self._bounds[-1]:  # an empty file cannot be mapped
            with (folder / "records.json").open("rb") as file:
                self._packed = mmap(file.fileno(), 0, access=ACCESS_READ)

    def read(self, ids: Sequence[int]) -> list[Hit]:
        """Return what is stored of the works `ids`, in that order."""
        at = self._ids.searchsorted(np.array(ids, np.uint64))
        starts, ends = self._bounds.take(at).tolist(), self._bounds.take(at + 1).tolist()
        packed = self._packed
        texts = [packed[start:end] for start, end in zip(starts, ends, strict=True)]
        return read_records([b",".join(texts).decode("ascii")])
