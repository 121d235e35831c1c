"""Works into a new generation: what changed is analysed, the rest taken from the last one.

works --digests--> the same as before?     --yes--> nothing to do
           |
           +--> changed works --analysed--+
   remembered postings -------------------+--> postings --> arrays/, all of them anew
   Whoosh's great segment, copied --------+--> deletions, and a small segment
   works.sqlite, copied ------------------+--> rows put in place of others
   phrases/ and texts/, in runs ----------+--> those of changed works between them

A first build, a full one, and one after many changes write everything anew. The arrays are the
same to the byte whichever way was taken, and so are all answers.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from searchapp.documents import Guide, Relation, Tag, Work
from searchapp.engine.arrays import lay_out, load, save
from searchapp.engine.changing import GONE, Ints, change_postings, select_rows
from searchapp.engine.checking import check_generation, choose_canaries
from searchapp.engine.collecting import collect_postings
from searchapp.engine.earlier import Earlier
from searchapp.engine.fingerprints import digest_of, digest_of_around, fingerprint_of
from searchapp.engine.generations import (
    Generation,
    newest_good,
    publish,
    start_generation,
)
from searchapp.engine.phrases import FOLDER as PHRASES
from searchapp.engine.phrases import WordOrder, write_phrases
from searchapp.engine.postings import Heading, Postings, in_row_order
from searchapp.engine.remembering import KeptHeadings, Remembered, forget, recall, remember
from searchapp.engine.results import Site
from searchapp.engine.store import (
    Change,
    Store,
    change_store,
    count_parts,
    pack_store,
    repack_store,
    write_store,
)
from searchapp.engine.whoosh_index import change_whoosh, files_to_keep, write_whoosh
from searchapp.errors import IndexUnusableError
from searchapp.failing import reach

CACHE = "cache"

NO_GUIDE = Guide()

# Works in the small segment, or deleted from the great one, before both are written as one:
# a twentieth. The small one is written anew each time, some 30 ms for a hundred works.
FEW = 20
ALWAYS_FEW = 50


def write_generation(  # noqa: PLR0913  # each is a part of a generation
    index: Path,
    works: Iterable[Work],
    tags: Sequence[Tag],
    site: Site,
    report: Mapping[str, object],
    *,
    relations: Sequence[Relation] = (),
    images: Sequence[str] = (),
    guide: Guide = NO_GUIDE,
    always: bool = False,
    tell_written: Callable[[Sequence[Work]], object] = lambda works: None,
) -> tuple[Generation, bool]:
    """Publish `works` as a new generation of `index`, whose lock the caller holds.

    Returns the generation and whether it is new: the same works, tags, guide and site as in
    the current good generation change nothing, unless `always`, which also takes nothing over
    from older ones. `report` is kept beside them. `relations` say which works belong together;
    `images` are those that the site's own pages show, beside those of works; `guide` leads
    through the tags; `tell_written` is told which works were written, not taken over.
    """
    rows = in_row_order(works)
    parts = count_parts(rows)
    digests = [digest_of(work, parts) for work in rows]
    draft = Draft(rows, digests, tags, site, guide, images, relations)
    fingerprint = fingerprint_of(digests, draft.named)
    current = None if always else _current_good(index)
    if current and current.manifest["fingerprint"] == fingerprint:
        return current, False
    folder = start_generation(index)
    reach("started")
    state, written = write_files(folder, draft, current)
    tell_written(written)
    (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    counts = {
        "documents": sum(len(work.documents) for work in rows),
        "works": len(rows),
        "places": sum(len(work.places) for work in rows),
    }
    check_generation(folder, choose_canaries(rows), counts)
    reach("checked")
    generation = publish(folder, counts, fingerprint)
    remember(index / CACHE, fingerprint, state)
    reach("remembered")
    return generation, True


def current_guide(index: Path) -> Guide:
    """Return the guide of the current good generation; an empty one without any."""
    current = _current_good(index)
    return Store(current.path / "works.sqlite").guide() if current else NO_GUIDE


def _current_good(index: Path) -> Generation | None:
    try:
        return newest_good(index)
    except IndexUnusableError:
        return None


@dataclass(frozen=True)
class Draft:
    """What is to be written: works in row order, each with its digest, and what is around."""

    rows: Sequence[Work]
    digests: Sequence[bytes]
    tags: Sequence[Tag]
    site: Site
    guide: Guide
    images: Sequence[str]
    relations: Sequence[Relation]

    @property
    def around(self) -> tuple[Sequence[Tag], Site, Guide, Sequence[str], Sequence[Relation]]:
        """What is stored beside the works."""
        return self.tags, self.site, self.guide, self.images, self.relations

    @cached_property
    def named(self) -> str:
        """The digest of that."""
        return digest_of_around(self.tags, self.site, self.guide, self.relations)

    @property
    def headings(self) -> Sequence[Heading] | None:
        """What names the works, where that is known without looking at them."""
        return None

    def change_store(self, path: Path, change: Change) -> None:
        """Make the copy of an older store at `path` one of these works."""
        change_store(path, change, self.rows, *self.around)

    @cached_property
    def row_of(self) -> dict[bytes, int]:
        """The row of each digest."""
        return {digest: row for row, digest in enumerate(self.digests)}

    def new_rows(self, digests: Sequence[bytes]) -> Ints:
        """Return where the works with these digests stand now, GONE for those that do not."""
        row_of = self.row_of
        return np.array([row_of.get(digest, GONE) for digest in digests], np.int64)


def write_files(
    folder: Path, draft: Draft, current: Generation | None, old: Remembered | None = None
) -> tuple[Remembered, Sequence[Work]]:
    """Write all files of a generation; return what the next build may take over.

    `old` is what the current one left, where that was looked at before.

    And the works that were written: those that the last generation has not, word for word.
    """
    cache = folder.parent / CACHE
    if old is None and current:
        old = recall(cache, current.manifest["fingerprint"])
    for name in ("whoosh", "arrays"):
        (folder / name).mkdir(mode=0o700)
    store = folder / "works.sqlite"
    if old is None or current is None:
        forget(cache)
        came = draft.rows
        postings, earlier = collect_postings(draft.rows), None
        write_phrases(folder / PHRASES, draft.rows)
        write_store(store, draft.rows, *draft.around)
        pack_store(store, draft.rows)
    else:
        new_rows = draft.new_rows(old.digests)
        postings = change_postings(old.tables, new_rows, draft.rows, draft.headings)
        older = load(current.path / "arrays")
        earlier = Earlier.of(
            older, new_rows, len(draft.rows), old.tables, postings.fields,
            headings_stay=draft.headings is not None,
        )  # fmt: skip
        write_phrases(folder / PHRASES, draft.rows, WordOrder(current.path / PHRASES), new_rows)
        shutil.copyfile(current.path / "works.sqlite", store)
        change = _change_of(draft, old.headings, new_rows)
        came = change[1]
        draft.change_store(store, change)
        repack_store(store, current.path, change)
    reach("stored")
    save(lay_out(postings, earlier), folder / "arrays")
    reach("laid-out")
    written, segment = _write_whoosh(folder, draft, postings, old, current)
    reach("indexed")
    return _state(draft, postings, written, segment), came


def _write_whoosh(
    folder: Path,
    draft: Draft,
    postings: Postings,
    old: Remembered | None,
    current: Generation | None,
) -> tuple[Sequence[bytes], str]:
    """Write the Whoosh index; return what its great segment holds, and its name."""
    if old and current and _change_whoosh(folder, draft, postings, old, current):
        return old.written, old.segment
    return draft.digests, write_whoosh(postings, folder / "whoosh")


def _state(draft: Draft, postings: Postings, written: Sequence[bytes], segment: str) -> Remembered:
    headings = KeptHeadings.from_(postings.headings)
    return Remembered(postings.fields, draft.digests, headings, written, segment, draft.named)


def _change_of(draft: Draft, headings: Sequence[Heading], new_rows: Ints) -> Change:
    """Return the ids of works that went, and the works that came."""
    fresh = np.ones(len(draft.rows), bool)
    fresh[new_rows[new_rows != GONE]] = False
    came = [draft.rows[row] for row in np.flatnonzero(fresh).tolist()]
    gone = np.flatnonzero(new_rows == GONE).tolist()
    return [int(headings[row].id, 16) for row in gone], came


def _change_whoosh(
    folder: Path, draft: Draft, postings: Postings, old: Remembered, current: Generation
) -> bool:
    """Copy the great segment and write a small one, unless too much has changed for that.

    A link would cost less, but a damaged block must not be that of three generations.
    """
    new_rows = draft.new_rows(old.written)
    gone = np.flatnonzero(new_rows == GONE)
    small = np.ones(len(draft.rows), bool)
    small[new_rows[new_rows != GONE]] = False
    if len(gone) + int(small.sum()) > max(ALWAYS_FEW, len(draft.rows) // FEW):
        return False
    for path in files_to_keep(current.path / "whoosh", old.segment):
        shutil.copyfile(path, folder / "whoosh" / path.name)
    in_segment = np.where(small, np.cumsum(small) - 1, GONE)
    headings = tuple(postings.headings[row] for row in np.flatnonzero(small).tolist())
    came = Postings(headings, select_rows(postings.fields, in_segment))
    change_whoosh(folder / "whoosh", old.segment, gone.tolist(), came)
    return True
