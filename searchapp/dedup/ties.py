"""What ties the texts of documents together: whether another text would be judged otherwise.

join --asked of which texts?--> tied     an edit of one of these may join or part something
     --sketches--------------> values    which sampled runs stand in which text

All that joining finds follows from titles, addresses and the like, from which texts share sampled
runs, and from the measures of some pairs. Where an edit leaves alone all of these, each step of
joining is the same again, and so is its outcome: then it need not be gone through.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.dedup.bodies import (
    FEWEST_RUNS,
    FEWEST_SHARED,
    LIKELY,
    OWN,
    WIDESPREAD,
    Outline,
    Runs,
)

NAME = "ties.bin"
DIGEST = 16  # bytes of the digest of a text's runs
_SEAL = 32

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ties:
    """The documents of a join by their ids, in order.

    `tied` are those of whose texts anything was asked, or that share a title or an address.
    `same` is a digest of each one's runs; `sketches` has their sampled runs one after the other,
    each text's up to its place in `ends`, of equal texts once, and none of short ones.
    """

    ids: Sequence[str]
    tied: Bools
    same: bytes
    sketches: Runs
    ends: Ints

    @classmethod
    def of(cls, ids: Sequence[str], tied: Iterable[int], outlines: Sequence[Outline]) -> "Ties":
        """Note the outlines of all documents, and which of them are tied."""
        marked = np.zeros(len(ids), np.bool_)
        marked[[*tied]] = True
        seen: set[bytes] = set()
        sketches: list[Runs] = [np.zeros(0, np.uint32)]
        for text in outlines:
            sketches.append(_sampled(text) if text.same not in seen else sketches[0])
            seen.add(text.same)
        ends = np.array([*accumulate(map(len, sketches))][1:], np.int64)
        same = b"".join(text.same for text in outlines)
        return cls(ids, marked, same, np.concatenate(sketches), ends)

    def keeps_apart(self, document: str, before: Outline, after: Outline) -> bool:
        """Whether a document's text may be another without anything being judged otherwise.

        The texts that it shares sampled runs with must be as unlike as ever; and of no run may
        there be so many texts that one more, or one less, makes it count among the others.
        """
        at = self._find(document)
        if at is None or self.tied[at] or self._text(at) != before.same:
            return False
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

    def with_text(self, document: str, text: Outline) -> "Ties":
        """Return the ties after a document's text became another, which changed no judgement."""
        at = self.ids.index(document)
        start, end = int(self.ends[at - 1]) if at else 0, int(self.ends[at])
        own = _sampled(text)
        sketches = np.concatenate((self.sketches[:start], own, self.sketches[end:]))
        ends = self.ends.copy()
        ends[at:] += len(own) - (end - start)
        same = self.same[: at * DIGEST] + text.same + self.same[(at + 1) * DIGEST :]
        return replace(self, same=same, sketches=sketches, ends=ends)

    def _find(self, document: str) -> int | None:
        try:
            return self.ids.index(document)
        except ValueError:
            return None

    def _text(self, at: int) -> bytes:
        return self.same[at * DIGEST : (at + 1) * DIGEST]


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
        arrays = (ties.tied.view(np.uint8), ties.sketches, ties.ends)
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
        tied, sketches, ends, same = _cut(content[end + 1 :], told["sizes"])
        ties = Ties(
            told["ids"], np.frombuffer(tied, np.bool_), bytes(same),
            np.frombuffer(sketches, np.uint32), np.frombuffer(ends, np.int64),
        )  # fmt: skip
        return Kept(ties, told["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cut(content: memoryview, sizes: Sequence[int]) -> list[memoryview]:
    bounds = [0, *accumulate(sizes), len(content)]
    return [content[a:b] for a, b in pairwise(bounds)]


def _seal(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).digest()
