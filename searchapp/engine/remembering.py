"""What the last build analysed, kept for the next: postings, and which works they are of.

    index/cache/postings.npz    the tables, texts as one blob each, digests of works

It belongs to the generation whose fingerprint it names, carries its own hash, and holds
numbers and text, never code. It may be deleted at any time: then the next build analyses
everything again, with the same outcome.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.documents import DIGEST
from searchapp.engine.postings import NAMES, FieldPostings, Heading, frequencies

NAME = "postings.npz"

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
    headings: Sequence[Heading]
    written: Sequence[bytes]
    segment: str
    around: str


def recall(folder: Path, fingerprint: str) -> Remembered | None:
    """Return what is kept in `folder` of the generation with that fingerprint, if it is whole."""
    try:
        raw = (folder / NAME).read_bytes()
    except OSError:
        return None
    seal, content = raw[:32], memoryview(raw)[32:]
    if seal != _seal(fingerprint, content):
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        try:
            return Remembered(
                {name: _read_table(kept, name) for name in NAMES},
                _cut(kept["digests"]), _read_headings(kept), _cut(kept["written"]),
                str(kept["segment"]), str(kept["around"]),
            )  # fmt: skip
        except (KeyError, ValueError, zipfile.BadZipFile):
            return None


def remember(folder: Path, fingerprint: str, state: Remembered) -> None:
    """Keep `state` in `folder`; where that cannot be, the next build only takes longer."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "digests": np.frombuffer(b"".join(state.digests), np.uint8),
        **_lay_out_headings(state.headings),
        "written": np.frombuffer(b"".join(state.written), np.uint8),
        "segment": np.array(state.segment),
        "around": np.array(state.around),
    }
    for name, table in state.tables.items():
        texts = _BETWEEN.join(table.terms)
        if texts.count(_BETWEEN) != max(0, len(table.terms) - 1):  # one of them has it within
            forget(folder)
            return
        encoded = texts.encode("utf-8", "surrogatepass")
        arrays[f"{name}.terms"] = np.frombuffer(encoded, np.uint8)
        arrays[f"{name}.bounds"] = np.searchsorted(
            table.term, np.arange(len(table.terms) + 1, dtype=np.uint32)
        ).astype(np.uint32)
        arrays[f"{name}.row"] = table.row
        ones = table.frequency.strides == (0,)
        arrays[f"{name}.frequency"] = table.frequency[:0] if ones else table.frequency
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # numpy takes them for its own option
    content = buffer.getbuffer()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = folder / f"{NAME}.tmp"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_seal(fingerprint, content))
            file.write(content)
        beside.replace(folder / NAME)


def forget(folder: Path) -> None:
    """Keep nothing."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


def _seal(fingerprint: str, content: memoryview) -> bytes:
    digest = hashlib.sha256(fingerprint.encode())
    digest.update(content)
    return digest.digest()


def _cut(digests: npt.NDArray[np.uint8]) -> list[bytes]:
    raw = digests.tobytes()
    return [raw[at : at + DIGEST] for at in range(0, len(raw), DIGEST)]


def _lay_out_headings(headings: Sequence[Heading]) -> dict[str, npt.NDArray[np.generic]]:
    titles = json.dumps([heading.title for heading in headings]).encode("ascii")
    return {
        "titles": np.frombuffer(titles, np.uint8),
        "ids": np.array([int(heading.id, 16) for heading in headings], np.uint64),
        "days": np.array([h.date.toordinal() if h.date else 0 for h in headings], np.int32),
        "places": np.array([heading.places for heading in headings], np.uint32),
    }


def _read_headings(kept: Mapping[str, npt.NDArray[np.generic]]) -> list[Heading]:
    titles = json.loads(kept["titles"].tobytes())
    columns = (kept[name].tolist() for name in ("ids", "days", "places"))
    return [
        Heading(f"{number:012x}", title, date.fromordinal(day) if day else None, places)
        for title, number, day, places in zip(titles, *columns, strict=True)
    ]


def _read_table(kept: Mapping[str, npt.NDArray[np.generic]], name: str) -> FieldPostings:
    bounds, row = kept[f"{name}.bounds"], kept[f"{name}.row"]
    blob = kept[f"{name}.terms"].tobytes()
    many = len(bounds) - 1
    texts = blob.decode("utf-8", "surrogatepass").split(_BETWEEN)[:many]
    term = np.repeat(np.arange(many, dtype=np.uint32), np.diff(bounds))
    frequency = kept[f"{name}.frequency"]
    if not len(frequency):
        frequency = frequencies(np.broadcast_to(np.ones(1, np.uint8), len(row)))
    return FieldPostings(texts, term, row, frequency)  # type: ignore[arg-type]
