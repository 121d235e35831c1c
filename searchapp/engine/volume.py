"""How much an index holds and takes: words, bytes, generations. Only its owner asks."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from searchapp.engine.generations import list_generations
from searchapp.engine.texts import FOLDER as TEXTS
from searchapp.engine.texts import Texts

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
        _count_words(path / TEXTS),
        sum(_sizes(path)),
        sum(_sizes(index)),
        len(list_generations(index)),
    )


def _count_words(texts: Path) -> int:
    return sum(len(_WORD.findall(text)) for text in Texts(texts).all())


def _sizes(folder: Path) -> Iterator[int]:
    for above, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # a build may be tidying up
                yield Path(above, name).lstat().st_size
