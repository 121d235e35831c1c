"""What ties the texts of documents together: whether another text would be judged otherwise.

join --asked of which texts?--> tied     an edit of one of these may join or part something
     --sketches--------------> values    which sampled runs stand in which text
     --short texts-----------> openings  how each begins: versions are found by that

All that joining finds follows from titles, addresses and the like, from which texts share sampled
runs, which short ones begin alike, and from the measures of some pairs. Where an edit leaves alone
all of these, each step of joining is the same again, and so is its outcome: then it need not be
gone through.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.dedup import blurbs
from searchapp.dedup.bodies import (
    FEWEST_RUNS,
    FEWEST_SHARED,
    LIKELY,
    OWN,
    WIDESPREAD,
    Outline,
    Reader,
    Runs,
    outline,
)
from searchapp.documents import Document

NAME = "ties.bin"
DIGEST = 16  # bytes of the digest of a text's runs
_SEAL = 32

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Names = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Ties:
    """The documents of a join by their ids, in order.

    `tied` are those of whose texts anything was asked, or that share a title or an address.
    `same` is a digest of each one's runs; `sketches` has their sampled runs one after the other,
    each text's up to its place in `ends`, of equal texts once, and none of those of few words.
    `openings` name how the short texts begin that stand for a piece; it is 0 of all others.
    """

    ids: Sequence[str]
    tied: Bools
    same: bytes
    sketches: Runs
    ends: Ints
    openings: Names

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        tied: Iterable[int],
        outlines: Sequence[Outline],
        openings: Sequence[str],
    ) -> "Ties":
        """Note the outlines of all documents, how they begin, and which of them are tied."""
        marked = np.zeros(len(ids), np.bool_)
        marked[[*tied]] = True
        seen: set[bytes] = set()
        sketches: list[Runs] = [np.zeros(0, np.uint32)]
        for text in outlines:
            sketches.append(_sampled(text) if text.same not in seen else sketches[0])
            seen.add(text.same)
        ends = np.array([*accumulate(map(len, sketches))][1:], np.int64)
        same = b"".join(text.same for text in outlines)
        named = np.array([*map(_name, openings)], np.uint64)
        return cls(ids, marked, same, np.concatenate(sketches), ends, named)

    def keeps_apart(self, document: str, before: "Text", after: "Text") -> bool:
        """Whether a document's text may be another without anything being judged otherwise."""
        at = self._find(document)
        if at is None or self.tied[at] or self._text(at) != before.outline.same:
            return False
        return self._begins_alone(at, before, after) and self._is_alone(
            at, before.outline, after.outline
        )

    def _begins_alone(self, at: int, before: "Text", after: "Text") -> bool:
        """Whether no text is a version of another by how this one begins, as before.

        Those that begin alike are compared, but for very many; and for no text may there be one
        more of these, or one less, when that makes the others compared, or no more compared.
        """
        old, new, most = _name(before.opening), _name(after.opening), blurbs.MOST
        if int(self.openings[at]) != old:
            return False
        if old == new and max(before.outline.size, after.outline.size) < blurbs.FEWEST:
            return True  # as many are compared as before, and it is too short to be near any
        with_it, others = self._count_openings(old), self._count_openings(new)
        if old == new:
            return not 1 < with_it <= most
        return (with_it < 2 or with_it > most + 1) and (others < 1 or others > most)

    def _count_openings(self, name: int) -> int:
        return int(np.count_nonzero(self.openings == np.uint64(name))) if name else 0

    def _is_alone(self, at: int, before: Outline, after: Outline) -> bool:
        """Whether a text is measured with no other, before and after, and no others because of it.

        The texts that it shares sampled runs with must be as unlike as ever; and of no run may
        there be so many texts that one more, or one less, makes it count among the others.
        """
        if any(self._text(n) == after.same for n in range(len(self.ids)) if n != at):
            return before.same == after.same
        old, new = _sampled(before), _sampled(after)
        known = np.isin(self.sketches, np.union1d(old, new)).nonzero()[0]
        owners = np.searchsorted(self.ends, known, side="right")
        others = owners != at
        runs, owners = self.sketches[known[others]], owners[others]
        changed, times = np.unique(runs[np.isin(runs, np.setxor1d(old, new))], return_counts=True)
        if len(changed) and np.isin(times, (OWN, WIDESPREAD)).any():
            return False
        return not self._is_likely(old, runs, owners) and not self._is_likely(new, runs, owners)

    def _is_likely(self, own: Runs, runs: Runs, owners: Ints) -> bool:
        """Whether a text with these sampled runs would be measured with any other."""
        here = np.isin(runs, own)
        runs, owners = runs[here], owners[here]
        _, which, times = np.unique(runs, return_inverse=True, return_counts=True)
        few = times[which] < WIDESPREAD  # with it, there is one text more
        beside, shared = np.unique(owners[few], return_counts=True)
        sizes = np.diff(self.ends, prepend=0)[beside]
        smaller = np.minimum(sizes, len(own))
        return bool(((shared >= FEWEST_SHARED) & (shared >= LIKELY * smaller)).any())

    def with_text(self, document: str, text: "Text") -> "Ties":
        """Return the ties after a document's text became another, which changed no judgement."""
        at = self.ids.index(document)
        start, end = int(self.ends[at - 1]) if at else 0, int(self.ends[at])
        own = _sampled(text.outline)
        sketches = np.concatenate((self.sketches[:start], own, self.sketches[end:]))
        ends = self.ends.copy()
        ends[at:] += len(own) - (end - start)
        same = self.same[: at * DIGEST] + text.outline.same + self.same[(at + 1) * DIGEST :]
        openings = self.openings.copy()
        openings[at] = _name(text.opening)
        return replace(self, same=same, sketches=sketches, ends=ends, openings=openings)

    def _find(self, document: str) -> int | None:
        try:
            return self.ids.index(document)
        except ValueError:
            return None

    def _text(self, at: int) -> bytes:
        return self.same[at * DIGEST : (at + 1) * DIGEST]


class Text(NamedTuple):
    """What is asked of a text here: its outline, and how it begins if it is short."""

    outline: Outline
    opening: str


def read_text(document: Document) -> Text:
    """Return what is asked of a document's text."""
    return Text(outline(Reader().read(document.text)), blurbs.opening_of(document))


def _name(opening: str) -> int:
    """Return a number that names how a text begins, 0 of none."""
    if not opening:
        return 0
    digest = hashlib.blake2b(opening.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") | 1


def _sampled(text: Outline) -> Runs:
    """Return the runs by which a text is found: none of a short one."""
    return text.sketch if text.size >= FEWEST_RUNS else text.sketch[:0]


@dataclass(frozen=True)
class Kept:
    """The ties of a build, and what else of its report only joining can tell."""

    ties: Ties
    report: dict[str, Any]

    def keep(self, folder: Path, mark: str | None) -> None:
        """Keep it as found by a build of the inputs named `mark`, if they have a name.

        Where that cannot be, what stands there names other inputs, and the next build takes longer.
        """
        if mark is None:
            return
        ties = self.ties
        arrays = (ties.tied.view(np.uint8), ties.sketches, ties.ends, ties.openings)
        sizes = [array.nbytes for array in arrays]
        told = {"mark": mark, "ids": [*ties.ids], "report": self.report, "sizes": sizes}
        head = json.dumps(told).encode("ascii")
        content = b"".join((head, b"\n", *(array.tobytes() for array in arrays), ties.same))
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = folder / f"{NAME}.tmp"
            beside.write_bytes(_seal(content) + content)
            beside.replace(folder / NAME)


def recall_ties(folder: Path, mark: str) -> Kept | None:
    """Return what was kept of a build of the inputs named `mark`, if it is whole."""
    try:
        raw = (folder / NAME).read_bytes()
        content = memoryview(raw)[_SEAL:]
        if raw[:_SEAL] != _seal(content):
            return None
        end = raw.index(b"\n", _SEAL) - _SEAL
        told = json.loads(bytes(content[:end]))
        if told["mark"] != mark:
            return None
        tied, sketches, ends, openings, same = _cut(content[end + 1 :], told["sizes"])
        ties = Ties(
            told["ids"], np.frombuffer(tied, np.bool_), bytes(same),
            np.frombuffer(sketches, np.uint32), np.frombuffer(ends, np.int64),
            np.frombuffer(openings, np.uint64),
        )  # fmt: skip
        return Kept(ties, told["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cut(content: memoryview, sizes: Sequence[int]) -> list[memoryview]:
    bounds = [0, *accumulate(sizes), len(content)]
    return [content[a:b] for a, b in pairwise(bounds)]


def _seal(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).digest()
