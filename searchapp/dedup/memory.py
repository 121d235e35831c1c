"""Remembers what joining read, by its content: what did not change is not read again.

    index/cache/joins.sqlite    blocks   what each join read that was new, as JSON and numbers
                                runs     a text's digest -> its runs, fetched where two are measured

A block is bound to this code by its stamp and carries its own hash, and so does each text; a
damaged one, or a damaged file, only costs reading again. A join adds a block with what was new;
where most of what is kept has gone, or blocks are many, all that is still in use is written anew.
"""

import gc
import hashlib
import json
import platform
import sqlite3
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.dedup.bodies import Outline, Runs
from searchapp.dedup.neighbours import Traits
from searchapp.dedup.readings import Readings, TitleFacts
from searchapp.documents import Document

Numbers = NDArray[np.uint32]

MOST_BLOCKS = 24
DIGEST = 16  # bytes of a text's digest, and of that of its runs
BEGIN = 8  # runs that an outline begins with
_ROOT = Path(__file__).parent.parent
_MODULES = ("documents.py", "slugs.py", "urls.py")  # on which this room builds


@lru_cache(maxsize=1)
def stamp_of_code() -> str:
    """Return a hash of all code that reads titles, texts and addresses, ours and others'."""
    digest = hashlib.sha256()
    for path in (*sorted((_ROOT / "dedup").glob("*.py")), *(_ROOT / name for name in _MODULES)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    built_on = (platform.python_version(), unicodedata.unidata_version, np.__version__)
    digest.update(repr((*built_on, sys.byteorder)).encode())
    return digest.hexdigest()


@dataclass
class Memory(Readings):
    """What joining read of the documents of one content folder, kept below the index folder.

    Use it as a context; what is new is kept where the block ends well. `fresh` reads nothing
    of what was there, and writes it anew; without `writes`, nothing is written.
    """

    folder: Path = Path()
    fresh: bool = False
    writes: bool = True
    _rows: sqlite3.Connection | None = None
    _collects: bool = True
    _blocks: int = 0
    _loaded: tuple[int, ...] = (0, 0, 0, 0)

    def __enter__(self) -> "Memory":
        # What is loaded stays for the whole join and holds no circles: to look for some in it,
        # again and again as it grows, is a fifth of all the work.
        self._collects = gc.isenabled()
        gc.disable()
        with suppress(OSError, sqlite3.Error):
            self._rows = _open(self.folder / "joins.sqlite", writes=self.writes)
        if self._rows is not None and not self.fresh:
            self._load(self._rows)
        self._loaded = tuple(map(len, self._parts()))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._collects:
            gc.enable()
        if self._rows is None:
            return
        with suppress(sqlite3.Error):
            if kind is None and self.writes:
                self._store(self._rows)
                self._rows.commit()
        self._rows.close()
        self._rows = None

    def runs_of(self, digest: bytes, document: Document) -> Runs:
        """Return the runs of a document's text, whose digest is known, kept or read anew."""
        if digest not in self.runs and self._rows is not None and not self.fresh:
            with suppress(sqlite3.Error, TypeError, ValueError):
                query = "SELECT stamp, seal, runs FROM runs WHERE digest = ?"
                stamp, seal, kept = self._rows.execute(query, (digest,)).fetchone()
                if stamp == stamp_of_code() and seal == _seal(digest, kept):
                    self.runs[digest] = np.frombuffer(kept, np.uint32)
        return super().runs_of(digest, document)

    def _parts(self) -> tuple[Mapping[Any, Any], ...]:
        return (self.addresses, self.titles, self.outlines, self.shared)

    def _load(self, rows: sqlite3.Connection) -> None:
        with suppress(sqlite3.Error):
            query = "SELECT stamp, seal, told, numbers FROM blocks ORDER BY number"
            for stamp, seal, told, numbers in rows.execute(query):
                self._blocks += 1
                with suppress(TypeError, ValueError, KeyError):
                    if stamp == stamp_of_code() and seal == _seal(told, numbers):
                        unpack_block(self, told, numbers)

    def _store(self, rows: sqlite3.Connection) -> None:
        """Add what was read since `_load`, or write all anew that is still in use."""
        whole = self.fresh or not any(self._loaded) or self._blocks >= MOST_BLOCKS
        if whole or len(self.outlines) > 2 * len(self.seen) + MOST_BLOCKS:
            rows.execute("DELETE FROM blocks")
            kept = self._in_use()
            gone = [d for (d,) in rows.execute("SELECT digest FROM runs") if d not in self.seen]
            rows.executemany("DELETE FROM runs WHERE digest = ?", ((d,) for d in gone))
        elif self._loaded == tuple(map(len, self._parts())):
            return
        else:
            news = zip(self._parts(), self._loaded, strict=True)
            addresses, titles, outlines, shared = (
                dict(islice(part.items(), n, None)) for part, n in news
            )
            kept = Readings(addresses, titles, outlines, shared)
        told, numbers = pack_block(kept)
        values = (stamp_of_code(), _seal(told, numbers), told, numbers)
        rows.execute("INSERT INTO blocks (stamp, seal, told, numbers) VALUES (?, ?, ?, ?)", values)
        new = islice(self.outlines, self._loaded[2], None)
        texts = ((d, self.runs[d].tobytes()) for d in new if d in self.runs)
        rows.executemany(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)",
            ((d, stamp_of_code(), _seal(d, runs), runs) for d, runs in texts),
        )

    def _in_use(self) -> Readings:
        titles = {document.title for document in self.documents}
        stated = {
            url
            for d in self.documents
            for url in (d.url, d.canonical_url, *d.aliases, *d.syndication)
        }
        return Readings(
            {url: key for url, key in self.addresses.items() if url in stated},
            {title: facts for title, facts in self.titles.items() if title in titles},
            {digest: text for digest, text in self.outlines.items() if digest in self.seen},
            {p: n for p, n in self.shared.items() if {p[:DIGEST], p[DIGEST:]} <= self.seen},
        )


def pack_block(kept: Readings) -> tuple[bytes, bytes]:
    """Return readings as JSON, and as numbers: digests, sizes, marks, sketches."""
    facts, texts = list(kept.titles.values()), list(kept.outlines.values())
    arrays = [
        _count(f.traits.marks for f in facts),
        _count(f.traits.starts for f in facts),
        np.array([f.traits.whole for f in facts], np.uint32),
        _join(f.traits.marks for f in facts),
        _join(f.traits.starts for f in facts),
        np.array([text.size for text in texts], np.uint32),
        _count(text.sketch for text in texts),
        np.frombuffer(b"".join(kept.outlines), np.uint32),
        np.frombuffer(b"".join(text.same for text in texts), np.uint32),
        np.frombuffer(b"".join(text.begin for text in texts), np.uint32),
        _join(text.sketch for text in texts),
    ]
    told = {
        "lengths": [*map(len, arrays)],
        "addresses": kept.addresses,
        "titles": [*kept.titles],
        "keys": [f.key for f in facts],
        "wordings": [f.wording for f in facts],
        "packed": [f.packed for f in facts],
        "cut": [f.cut for f in facts],
        "shared": {pair.hex(): shared for pair, shared in kept.shared.items()},
    }
    return json.dumps(told).encode(), np.concatenate(arrays).tobytes()


def unpack_block(into: Readings, told: bytes, numbers: bytes) -> None:
    """Add what a block keeps to readings."""
    names = json.loads(told)
    ends = accumulate(names["lengths"], initial=0)
    values = np.frombuffer(numbers, np.uint32)
    marked, begun, whole, marks, starts, sizes, sketched, digests, same, begin, sketches = (
        values[a:b] for a, b in pairwise(ends)
    )
    into.addresses.update(names["addresses"])
    traits = map(Traits, _cut(marks, marked), _cut(starts, begun), whole.tolist())
    facts = map(TitleFacts, names["keys"], names["wordings"], names["packed"], names["cut"], traits)
    into.titles.update(zip(names["titles"], facts, strict=True))
    outlines = map(
        Outline, sizes.tolist(), _cut_digests(same), _cut_begins(begin, sizes),
        _cut(sketches, sketched),
    )  # fmt: skip
    into.outlines.update(zip(_cut_digests(digests), outlines, strict=True))
    into.shared.update((bytes.fromhex(pair), n) for pair, n in names["shared"].items())


def _count(arrays: Iterable[Numbers]) -> Numbers:
    return np.array([len(array) for array in arrays], np.uint32)


def _join(arrays: Iterable[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, np.uint32), *arrays])


def _cut(array: Numbers, sizes: Numbers) -> list[Numbers]:
    return [array[a:b] for a, b in pairwise(accumulate(sizes.tolist(), initial=0))]


def _cut_digests(array: Numbers) -> list[bytes]:
    data = array.tobytes()
    return [data[at : at + DIGEST] for at in range(0, len(data), DIGEST)]


def _cut_begins(array: Numbers, sizes: Numbers) -> list[bytes]:
    data, ends = array.tobytes(), accumulate(np.minimum(sizes, BEGIN).tolist(), initial=0)
    return [data[4 * a : 4 * b] for a, b in pairwise(ends)]


def _open(path: Path, *, writes: bool) -> sqlite3.Connection | None:
    if not writes:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _prepare(path)
    except sqlite3.OperationalError:  # another process has it, or the disk is full
        return None
    except sqlite3.DatabaseError:  # damaged, or no database: it holds nothing of worth
        path.unlink(missing_ok=True)
        return _prepare(path)


def _prepare(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    rows = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    rows.execute("PRAGMA synchronous = OFF")  # what a power cut takes is read again
    rows.execute(
        "CREATE TABLE IF NOT EXISTS blocks"
        " (number INTEGER PRIMARY KEY, stamp TEXT, seal BLOB, told BLOB, numbers BLOB)"
    )
    rows.execute(
        "CREATE TABLE IF NOT EXISTS runs"
        " (digest BLOB PRIMARY KEY, stamp TEXT, seal BLOB, runs BLOB)"
    )
    rows.execute("BEGIN IMMEDIATE")
    return rows


def _seal(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()
