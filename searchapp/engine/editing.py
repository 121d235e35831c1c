"""One work edited, and nothing around it: a generation from the last one and that work alone.

last generation --all but one row--> next generation
      edited work --------one row-->

Who calls this has proven that joining, tags and relations are what they were. That the work is
made as it was made then is proven here: as it was before, it must have the digest in its row.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from searchapp.documents import Work
from searchapp.engine.checking import check_generation, choose_beside
from searchapp.engine.fingerprints import digest_of, fingerprint_of
from searchapp.engine.generations import Generation, publish, start_generation
from searchapp.engine.phrases import FOLDER as PHRASES
from searchapp.engine.phrases import WordOrder
from searchapp.engine.postings import Heading, headings_of
from searchapp.engine.remembering import Remembered, recall, remember
from searchapp.engine.results import Site
from searchapp.engine.store import Change, edit_store
from searchapp.engine.writing import CACHE, NO_GUIDE, Draft, write_files
from searchapp.failing import reach

_NO_SITE = Site(title="", description="", author="", url="", language="", about=None)


def recall_last(index: Path, current: Generation) -> Remembered | None:
    """Return what the build left that published the current generation, if it is whole."""
    return recall(index / CACHE, current.manifest["fingerprint"])


def draft_edit(old: Remembered, before: Work, after: Work) -> "EditedDraft | None":
    """Return a draft of the generation that left `old`: `before`, in no series, became `after`.

    None where more must be looked at than these two.
    """
    row = _find(before, old)
    if row is None or headings_of([after]) != (old.headings[row],):
        return None
    return EditedDraft.of(old, row, after)


def write_edit(
    index: Path, current: Generation, draft: "EditedDraft", report: Mapping[str, object]
) -> tuple[Generation, bool]:
    """Publish a draft made of `current`; return the generation, and whether it is new.

    The caller holds the lock of `index`.
    """
    fingerprint = fingerprint_of(draft.digests, draft.named)
    if fingerprint == current.manifest["fingerprint"]:
        return current, False
    counts: dict[str, int] = dict(current.manifest["counts"])
    folder = start_generation(index)
    reach("started")
    state, _ = write_files(folder, draft, current, draft.old)
    (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    canaries = choose_beside(draft.work, draft.old.headings, WordOrder(current.path / PHRASES))
    check_generation(folder, canaries, counts)
    reach("checked")
    generation = publish(folder, counts, fingerprint)
    remember(index / CACHE, fingerprint, state)
    reach("remembered")
    return generation, True


def _find(work: Work, old: Remembered) -> int | None:
    """Return the row of a work, where it stands word for word."""
    digest = digest_of(work, {})
    row = old.headings.find(work.id)
    return row if row is not None and old.digests[row] == digest else None


class _EditedRows(Sequence[Work]):
    """Works in row order, of which one is known."""

    def __init__(self, rows: int, known: Mapping[int, Work]) -> None:
        self._rows, self._known = rows, known

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, row: int) -> Work: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Work]: ...
    def __getitem__(self, row: int | slice) -> Work | Sequence[Work]:
        if isinstance(row, slice):
            raise TypeError("only the edited work is known")
        return self._known[row]


@dataclass(frozen=True)
class EditedDraft(Draft):
    """A draft of which all but one work stand as they were."""

    old: Remembered
    work: Work

    @classmethod
    def of(cls, old: Remembered, row: int, work: Work) -> "EditedDraft":
        """Return the draft in which the work of that row is another."""
        digests = [*old.digests]
        digests[row] = digest_of(work, {})
        rows = _EditedRows(len(digests), {row: work})
        return cls(rows, digests, (), _NO_SITE, NO_GUIDE, (), (), old, work)

    @property
    def named(self) -> str:
        """The digest of what is told beside the works, which is as it was."""
        return self.old.around

    @property
    def headings(self) -> Sequence[Heading]:
        """What names the works: no edit that comes here changes that."""
        return self.old.headings

    def change_store(self, path: Path, change: Change) -> None:
        """Put one work in place of another."""
        edit_store(path, change)
