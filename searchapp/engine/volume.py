"""How much an index holds and takes: words, bytes, generations. Only its owner asks."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from searchapp.engine.generations import list_generations

_WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True, slots=True)
class Volume:
    """Words of all pieces, each piece's text once; bytes of what answers, and of the folder.

    The folder holds older generations, too, and what builds remember.
    """

    words: int
    bytes: int
    folder: int
    generations: int


def measure_volume(index: Path, generation: int) -> Volume:
    """Count the words of a generation, and what it and its folder take on disk."""
    path = index / f"gen-{generation}"
    return Volume(
        _count_words(path / "works.sqlite"),
        sum(_sizes(path)),
        sum(_sizes(index)),
        len(list_generations(index)),
    )


def _count_words(works: Path) -> int:
    uri = f"{works.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        texts = connection.execute("SELECT text FROM works")
        return sum(len(_WORD.findall(text or "")) for (text,) in texts)


def _sizes(folder: Path) -> Iterator[int]:
    for above, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # a build may be tidying up
                yield Path(above, name).lstat().st_size
