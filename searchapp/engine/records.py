"""What is stored of a hit: JSON without names, as a page's twenty are read in an instant.

The same as in works.sqlite, packed into one file that is mapped into memory: the records of
all works by their ids, with where each begins. A page's twenty are sliced out of it and read
in one go, where SQLite would take longer to find them than they take to be read.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.engine.results import Hit, PlaceHit, SeriesHit
from searchapp.engine.taking_over import Taking
from searchapp.kernels import EACH, LIST, ONE, PLAIN, read_records
from searchapp.kernels.types import Packed, Spans

FOLDER = "records"
NAME = "records.json"
STORED = 15  # fields of a hit; those after them belong to one answer

UInts64 = npt.NDArray[np.uint64]


def write_record(hit: Hit) -> str:
    """Return what is stored of `hit`, in ASCII: a path may hold surrogates."""
    return json.dumps(hit[:STORED], separators=(",", ":"))


def read_record(text: str) -> Hit:
    """Return the hit that was stored, without what belongs to an answer."""
    (record,) = read_several([text])
    return record


def read_several(texts: Sequence[str]) -> list[Hit]:
    """Return the hits that were stored, one after the other."""
    bounds = [0, *accumulate(map(len, texts))]
    return _read("".join(texts).encode("ascii"), list(pairwise(bounds)))


def _read(packed: Packed, spans: Spans) -> list[Hit]:
    """Return the hits whose records stand there; a page of them in one go is read faster."""
    return read_records(packed, spans, Hit, _KINDS, SeriesHit, PlaceHit, _NO_ANSWER)


_KIND = {"authors": LIST, "tags": LIST, "series": ONE, "documents": LIST, "places": EACH}
_KINDS = b"".join(_KIND.get(name, PLAIN) for name in Hit._fields[:STORED])
_NO_ANSWER = ((), "", None, (), True, 0.0)  # what belongs to one answer


def pack_records(folder: Path, records: Iterable[tuple[int, str]]) -> None:
    """Write the records of works, sorted by their ids, into the new folder `folder`."""
    folder.mkdir(mode=0o700)
    ids, lengths = [], []
    with (folder / NAME).open("wb") as file:
        for work, text in records:
            ids.append(work)
            lengths.append(file.write(text.encode("ascii")))
    _save_places(folder, np.array(ids, np.uint64), np.array(lengths, np.uint64))


def repack_records(
    folder: Path, older: Path, gone: Sequence[int], came: Sequence[tuple[int, str]]
) -> None:
    """Write what `pack_records` would, most of it as it stands in the folder `older`.

    `gone` are the works whose records are left out, `came` those put in, sorted by their ids.
    """
    folder.mkdir(mode=0o700)
    known = Records(older)
    taking = Taking(known.ids, gone, [work for work, _ in came])
    sizes = []
    with (folder / NAME).open("wb") as file:
        for taken in taking:
            if isinstance(taken, int):
                sizes.append(file.write(came[taken][1].encode("ascii")))
            else:
                file.write(known.between(*taken))
    ids = taking.merge(known.ids, [work for work, _ in came])
    _save_places(folder, ids, taking.merge(known.lengths, sizes))


def _save_places(folder: Path, ids: UInts64, lengths: UInts64) -> None:
    bounds = np.concatenate((np.zeros(1, np.uint64), np.cumsum(lengths, dtype=np.uint64)))
    np.save(folder / "ids.npy", ids, allow_pickle=False)
    np.save(folder / "bounds.npy", bounds, allow_pickle=False)


class Records:
    """Reads the records of one generation's works by their ids."""

    def __init__(self, folder: Path) -> None:
        self._ids: UInts64 = np.load(folder / "ids.npy", allow_pickle=False)
        self._bounds: UInts64 = np.load(folder / "bounds.npy", allow_pickle=False)
        self._packed: Packed = b""
        if self._bounds[-1]:  # an empty file cannot be mapped
            with (folder / NAME).open("rb") as file:
                self._packed = mmap(file.fileno(), 0, access=ACCESS_READ)

    @property
    def ids(self) -> UInts64:
        """The ids of all works, sorted."""
        return self._ids

    @property
    def lengths(self) -> UInts64:
        """How many bytes each record has."""
        return np.diff(self._bounds)

    def between(self, first: int, last: int) -> bytes:
        """Return the records from one to before another, by their places."""
        return self._packed[int(self._bounds[first]) : int(self._bounds[last])]

    def places(self, ids: Sequence[int]) -> npt.NDArray[np.intp]:
        """Return where the works `ids` stand among all, in the order of ids."""
        return self._ids.searchsorted(np.array(ids, np.uint64))

    def read(self, ids: Sequence[int]) -> list[Hit]:
        """Return what is stored of the works `ids`, in that order."""
        at = self.places(ids)
        starts, ends = self._bounds.take(at).tolist(), self._bounds.take(at + 1).tolist()
        return _read(self._packed, list(zip(starts, ends, strict=True)))
