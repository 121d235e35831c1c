"""The texts of works as snippets are cut from them: any part is read without what is before it.

    texts/texts.bin   text | its other characters | its headings    of one work after the other
    texts/words.bin   the places of its words, one number each (word_places.py)

In ids' order, as records are. A text has one byte for each character: those beyond ASCII, which
are few, are numbered from 128 in the text's own list of them. One of more than 128 such, as of
Chinese, has four bytes for each. So the lines that are shown are all that is decoded of a text.
"""

import re
from codecs import charmap_build, charmap_decode, charmap_encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.engine.sections import write_sections
from searchapp.engine.taking_over import Taking
from searchapp.engine.word_places import Numbers, number_words

FOLDER = "texts"

# Signs of a text: four bytes for each character; its words have no places; a character that is
# not printable, or another space than usual.
WIDE, WHOLE, ODD = 1, 2, 4

_ASCII = "".join(map(chr, range(128)))
_OTHERS = re.compile(r"[^\x00-\x7f]")
_UNDEFINED = "\ufffe"  # what Python takes for a byte without a character
_BUFFER = 1 << 20


@dataclass(frozen=True)
class _Packed:
    """One text as it is written: its parts, the places of its words, its signs."""

    parts: tuple[bytes, bytes, bytes]
    words: Numbers
    signs: int

    @classmethod
    def of(cls, text: str, sections: str | None) -> "_Packed":
        body, others, signs = _write_text(text)
        words = number_words(text)
        if words is None:
            words, signs = np.empty(0, np.uint64), signs | WHOLE
        if not text.replace("\n", " ").isprintable():
            signs |= ODD
        headings = (sections or "").encode("utf-8", "surrogatepass")
        return cls((body, others.encode("utf-8", "surrogatepass"), headings), words, signs)

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        return (*map(len, self.parts), len(self.words), self.signs)  # type: ignore[return-value]


def _write_text(text: str) -> tuple[bytes, str, int]:
    if text.isascii():
        return text.encode("ascii"), "", 0
    others = "".join(sorted(set(_OTHERS.findall(text))))
    if len(others) > 128 or _UNDEFINED in others:
        return text.encode("utf-32-le", "surrogatepass"), "", WIDE
    return charmap_encode(text, "strict", charmap_build(_ASCII + others))[0], others, 0


def text_of(work: Work) -> str:
    """Return the text that snippets are cut from: the canonical text, else the longest copy."""
    if work.canonical.text:
        return work.canonical.text
    return max((d.text for d in work.documents), key=len)


Entry = tuple[int, str, str | None]  # the id of a work, its text, what is stored of its headings


def entries_of(works: Iterable[Work]) -> Iterator[Entry]:
    """Yield what is packed of works, in the order of ids; each text is read when it is due."""
    for work in sorted(works, key=lambda work: int(work.id, 16)):
        yield int(work.id, 16), text_of(work), write_sections(work)


def pack_texts(folder: Path, works: Iterable[Work]) -> None:
    """Write the texts of works into the new folder `folder`, one after the other."""
    folder.mkdir(mode=0o700)
    sizes = []
    with _Pack(folder) as pack:
        for _, text, sections in entries_of(works):
            sizes.append(pack.add(_Packed.of(text, sections)))
    _save_sizes(folder, np.array(sizes, np.uint64).reshape(-1, 5))


def repack_texts(
    folder: Path,
    older: Path,
    ids: npt.NDArray[np.uint64],
    gone: Sequence[int],
    came: Sequence[Work],
) -> None:
    """Write what `pack_texts` would, most of it as it stands in the folder `older`.

    `ids` are those of the works there, `gone` those of works that are left out.
    """
    folder.mkdir(mode=0o700)
    known, fresh, sizes = Texts(older), list(entries_of(came)), []
    taking = Taking(ids, gone, [work for work, _, _ in fresh])
    with _Pack(folder) as pack:
        for taken in taking:
            if isinstance(taken, int):
                sizes.append(pack.add(_Packed.of(*fresh[taken][1:])))
            else:
                pack.copy(known, *taken)
    _save_sizes(folder, taking.merge(known.sizes, sizes))


class _Pack:
    """The two files of a pack while they are written."""

    def __init__(self, folder: Path) -> None:
        self._texts = (folder / "texts.bin").open("wb", _BUFFER)
        self._words = (folder / "words.bin").open("wb", _BUFFER)

    def __enter__(self) -> "_Pack":
        return self

    def __exit__(self, *error: object) -> None:
        self._texts.close()
        self._words.close()

    def add(self, packed: _Packed) -> tuple[int, int, int, int, int]:
        self._texts.writelines(packed.parts)
        self._words.write(packed.words.astype("<u8").tobytes())
        return packed.sizes

    def copy(self, known: "Texts", first: int, last: int) -> None:
        texts, words = known.between(first, last)
        self._texts.write(texts)
        self._words.write(words)


def _save_sizes(folder: Path, sizes: npt.NDArray[np.uint64]) -> None:
    """Write where each part begins, and where the words of each text do."""
    texts = np.concatenate(([0], np.cumsum(sizes[:, :3], dtype=np.uint64)))
    words = np.concatenate(([0], np.cumsum(sizes[:, 3], dtype=np.uint64)))
    np.save(folder / "bounds.npy", texts.astype(np.uint64), allow_pickle=False)
    np.save(folder / "word_bounds.npy", words.astype(np.uint64), allow_pickle=False)
    np.save(folder / "signs.npy", sizes[:, 4].astype(np.uint8), allow_pickle=False)


class Texts:
    """Reads the texts of one generation by their places."""

    def __init__(self, folder: Path) -> None:
        self._bounds = np.load(folder / "bounds.npy", allow_pickle=False)
        self._word_bounds = np.load(folder / "word_bounds.npy", allow_pickle=False)
        self._signs = np.load(folder / "signs.npy", allow_pickle=False)
        self._packed = _map(folder / "texts.bin") if self._bounds[-1] else b""
        self._words = _map(folder / "words.bin") if self._word_bounds[-1] else b""

    @property
    def sizes(self) -> npt.NDArray[np.uint64]:
        """How many bytes each part has, how many words there are, and the signs of each text."""
        parts = np.diff(self._bounds).reshape(-1, 3)
        others = np.stack((np.diff(self._word_bounds), self._signs.astype(np.uint64)), axis=1)
        return np.concatenate((parts, others), axis=1)

    def between(self, first: int, last: int) -> tuple[bytes, bytes]:
        """Return all texts from one to before another, and all their words."""
        start, end = self._bounds.take((3 * first, 3 * last)).tolist()
        begin, stop = self._word_bounds.take((first, last)).tolist()
        return self._packed[start:end], self._words[8 * begin : 8 * stop]

    def read(self, places: npt.NDArray[np.intp]) -> "Page":
        """Return the texts at these places."""
        bounds = self._bounds.take(places[:, None] * 3 + _PARTS)
        words = self._word_bounds.take(places[:, None] + _ENDS)
        return Page(self._packed, self._words, bounds, words, self._signs.take(places))

    def all(self) -> Iterator[str]:
        """Yield all texts, in the order of their ids."""
        for place in range(len(self._signs)):
            yield self.read(np.array([place])).whole(0)


_PARTS, _ENDS = np.arange(4), np.arange(2)


def _map(path: Path) -> mmap:
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


class Page:
    """Some texts, each known by its number among them: read in parts, as they are wanted."""

    def __init__(
        self,
        packed: mmap | bytes,
        words: mmap | bytes,
        bounds: npt.NDArray[np.uint64],
        word_bounds: npt.NDArray[np.uint64],
        signs: npt.NDArray[np.uint8],
    ) -> None:
        self._packed, self._words = packed, words
        self._bounds: list[list[int]] = bounds.tolist()
        self._word_bounds: list[list[int]] = word_bounds.tolist()
        self._signs: list[int] = signs.tolist()
        sizes = (bounds[:, 1] - bounds[:, 0]).astype(np.int64)
        self.lengths = sizes >> ((signs & WIDE) << 1)  # in characters

    def __len__(self) -> int:
        return len(self._signs)

    @property
    def packed(self) -> tuple[mmap | bytes, mmap | bytes, list[list[int]], list[list[int]]]:
        """All texts, all words, and where those of each of these texts stand in them."""
        return self._packed, self._words, self._bounds, self._word_bounds

    @property
    def cut_at_once(self) -> bytes:
        """Return 1 for each text whose lines are cut from its bytes, 0 for one that is odd."""
        return bytes([not sign & (WIDE | WHOLE | ODD) for sign in self._signs])

    def has_places(self, number: int) -> bool:
        """Whether it is known where the words of a text stand."""
        return not self._signs[number] & WHOLE

    def is_printable(self, number: int) -> bool:
        """Whether a text has no other characters than such as are printed, and ends of lines."""
        return not self._signs[number] & ODD

    def part(self, number: int, first: int, last: int) -> str:
        """Return a part of a text, the places given in characters, none of them negative."""
        start, end, others, _ = self._bounds[number]
        if self._signs[number] & WIDE:
            cut = self._packed[start + 4 * first : min(start + 4 * last, end)]
            return cut.decode("utf-32-le", "surrogatepass")
        cut = self._packed[start + first : min(start + last, end)]
        if others == end:
            return cut.decode("ascii")
        return charmap_decode(cut, "strict", self._table(end, others))[0]

    def parts(
        self, numbers: Sequence[int], firsts: Sequence[int], lasts: Sequence[int]
    ) -> list[str]:
        """Return a part of each of several texts."""
        return list(map(self.part, numbers, firsts, lasts))

    def _table(self, start: int, end: int) -> str:
        return _ASCII + self._packed[start:end].decode("utf-8", "surrogatepass")

    def whole(self, number: int) -> str:
        """Return a whole text."""
        return self.part(number, 0, int(self.lengths[number]))

    def sections(self, number: int) -> str | None:
        """Return what is stored of the headings of a text."""
        _, _, start, end = self._bounds[number]
        return self._packed[start:end].decode("utf-8", "surrogatepass") if start < end else None

    def words(self, first: int, last: int) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Return the numbers of the words of some texts, and where those of each text begin."""
        bounds = self._word_bounds[first:last]
        pieces = [self._words[8 * start : 8 * end] for start, end in bounds]
        begins = np.array([0, *accumulate(end - start for start, end in bounds)])
        return np.frombuffer(b"".join(pieces), "<u8"), begins
