"""Works into a new generation: analysed once, written as Whoosh, arrays and works.sqlite."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from searchapp.documents import Guide, Relation, Tag, Work
from searchapp.engine.arrays import lay_out, save
from searchapp.engine.generations import (
    Generation,
    current_stamps,
    newest_good,
    publish,
    start_generation,
)
from searchapp.engine.phrases import FOLDER as PHRASES
from searchapp.engine.phrases import write_phrases
from searchapp.engine.postings import collect_postings, in_row_order
from searchapp.engine.results import Site
from searchapp.engine.store import Store, write_store
from searchapp.engine.whoosh_index import write_whoosh
from searchapp.errors import IndexUnusableError

NO_GUIDE = Guide()


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
) -> tuple[Generation, bool]:
    """Publish `works` as a new generation of `index`, whose lock the caller holds.

    Returns the generation and whether it is new: the same works, tags, guide and site as in
    the current good generation change nothing, unless `always`. `report` is kept beside them.
    `relations` say which works belong together; `images` are those that the site's own pages
    show, beside those of works; `guide` leads through the tags.
    """
    rows = in_row_order(works)
    fingerprint = fingerprint_of(rows, tags, site, guide, relations)
    current = None if always else _current_good(index)
    if current and current.manifest["fingerprint"] == fingerprint:
        return current, False
    folder = start_generation(index)
    _write_files(folder, rows, tags, site, guide, images, relations)
    (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    counts = {
        "documents": sum(len(work.documents) for work in rows),
        "works": len(rows),
        "places": sum(len(work.places) for work in rows),
    }
    return publish(folder, counts, fingerprint), True


def current_guide(index: Path) -> Guide:
    """Return the guide of the current good generation; an empty one without any."""
    current = _current_good(index)
    return Store(current.path / "works.sqlite").guide() if current else NO_GUIDE


def _write_files(
    folder: Path,
    rows: Sequence[Work],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide,
    images: Sequence[str],
    relations: Sequence[Relation],
) -> None:
    postings = collect_postings(rows)
    (folder / "whoosh").mkdir(mode=0o700)
    write_whoosh(postings, folder / "whoosh")
    (folder / "arrays").mkdir(mode=0o700)
    save(lay_out(postings), folder / "arrays")
    write_phrases(folder / PHRASES, rows)
    write_store(folder / "works.sqlite", rows, tags, site, guide, images, relations)


def fingerprint_of(
    rows: Sequence[Work],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide = NO_GUIDE,
    relations: Sequence[Relation] = (),
) -> str:
    """Return a hash of everything that a generation is made from, in row order.

    The map is drawn from works and tags, so it says nothing new.
    """
    around = (current_stamps(), tags, asdict(site), guide.bundles, relations)
    digest = hashlib.sha256(repr(around).encode())
    for work in rows:
        digest.update(repr(work).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _current_good(index: Path) -> Generation | None:
    try:
        return newest_good(index)
    except IndexUnusableError:
        return None
