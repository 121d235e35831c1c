"""The runs of texts that were read before, kept for the next build.

    index/cache/runs.npz    for each text its hash, and its runs, one text after the other

Cutting texts into runs is most of what joining takes, and from one build to the next hardly any
text changes. The file carries its own hash, into which goes the code that cuts; it holds
numbers, never code, and may be deleted at any time.
"""

import hashlib
import io
import os
import platform
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from searchapp.dedup import bodies
from searchapp.dedup.bodies import Runs

NAME = "runs.npz"

_HASH = 16  # bytes of what names a text
_SEAL = 32


class KnownRuns:
    """Gives the runs of texts that it knows, and keeps those that were asked for."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        """Read what is kept in `folder`; with `fresh` nothing is, and all will be kept anew."""
        self._path = folder / NAME
        self._known = {} if fresh else _read(self._path)
        self._asked: dict[bytes, Runs] = {}

    def find(self, text: str, read: Callable[[str], Runs]) -> Runs:
        """Return the runs of a text: those that are known, else what `read` returns."""
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest()
        runs = self._known.get(name)
        self._asked[name] = found = read(text) if runs is None else runs
        return found

    def keep(self) -> None:
        """Write what was asked for, and no more; where that cannot be, nothing is lost."""
        if self._asked.keys() == self._known.keys():
            return
        bounds = np.cumsum([0, *map(len, self._asked.values())])
        buffer = io.BytesIO()
        np.savez(
            buffer,
            names=np.frombuffer(b"".join(self._asked), np.uint8),
            bounds=bounds.astype(np.uint64),
            runs=np.concatenate([np.empty(0, np.uint32), *self._asked.values()]),
        )
        content = buffer.getbuffer()
        beside = self._path.with_name(f"{NAME}.tmp")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(content))
                file.write(content)
            beside.replace(self._path)


def _read(path: Path) -> dict[bytes, Runs]:
    try:
        raw = path.read_bytes()
    except OSError:
        return {}
    content = memoryview(raw)[_SEAL:]
    if raw[:_SEAL] != _seal(content):
        return {}
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            names, bounds, runs = kept["names"].tobytes(), kept["bounds"].tolist(), kept["runs"]
    except (KeyError, ValueError, zipfile.BadZipFile):
        return {}
    return {
        names[at * _HASH : (at + 1) * _HASH]: runs[start:end]
        for at, (start, end) in enumerate(pairwise(bounds))
    }


def _seal(content: memoryview) -> bytes:
    digest = hashlib.sha256(_stamp_of_code())
    digest.update(content)
    return digest.digest()


@lru_cache(maxsize=1)
def _stamp_of_code() -> bytes:
    """Return what names the way from a text to its runs; what a letter is, Python tells."""
    code = Path(bodies.__file__).read_bytes()
    return hashlib.sha256(platform.python_version().encode() + code).digest()
