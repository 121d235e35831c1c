"""Tells that a build has but one post to write anew, and writes it: nothing else was judged anew.

the one file that changed --read--> its document, as it was and as it is
                                        |
    mark of all other inputs, ties of texts: does anything else depend on what changed?
                                        |--no---> engine: that work alone
                                        +--yes--> the whole way, as ever

Most edits mend a text. Titles, addresses, dates and tags stand as they were, and what joining asks
of texts is known (`dedup/ties.py`). Where all that is certain, ten thousand documents need not be
made, joined, tagged and compared again. Where anything is in doubt, they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from searchapp.documents import Document, Tag, Work
from searchapp.engine.generations import Generation
from searchapp.sources import Cache, Plan
from searchapp.sources.events import FIELDS, Event
from searchapp.unchanged import Noted, mark_of_inputs, read_note

if TYPE_CHECKING:
    from searchapp.dedup.ties import Kept
    from searchapp.engine.editing import EditedDraft

# What an edit may change: nobody but the work itself is judged by these. A summary is part of what
# joins entries of lists, which do not come here.
_OWN = ("summary", "text", "html", "sections", "code", "minutes")
_of_others = attrgetter(*(name for name in FIELDS if name not in _OWN))

LONG_TITLE = 200  # characters; works are compared by so many of a title


@dataclass(frozen=True)
class Edit:
    """One work that was edited since the last build, which `noted` what is all else."""

    noted: Noted
    draft: "EditedDraft"
    kept: "Kept"

    def write(
        self, index: Path, report: Mapping[str, object]
    ) -> tuple[Generation, bool, list[Work]]:
        """Publish it with the `report`, to which is added what only joining can tell.

        Returns the generation, whether it is new, and the works that were written.
        """
        from searchapp.engine.editing import write_edit  # noqa: PLC0415  # see build.py

        current, whole = self.noted.generation, {**report, **self.kept.report}
        generation, changed = write_edit(index, current, self.draft, whole)
        return generation, changed, [self.draft.work] if changed else []


def find_edit(
    index: Path, content: Path, plan: Plan, cache: Cache, around: Sequence[str]
) -> Edit | None:
    """Return the one edit that was made since the last build; None where there is more to it.

    `around` is what `look_around` told. The file is read, and what it gave is kept in the open
    `cache`, whatever comes of it. While a child reads it, what the last build left is read here.
    """
    former = plan.find_former(cache)
    if former is None or former.task in plan.about:
        return None
    mark = mark_of_inputs(around, plan.former_mark(cache, former))
    noted = read_note(index, lambda noted: noted == mark)
    if noted is None:
        return None
    with plan.reading_again(cache, former) as wait:
        from searchapp.dedup.ties import Kept, read_text, recall_ties  # noqa: PLC0415  # as above
        from searchapp.engine.editing import draft_edit, recall_last  # noqa: PLC0415

        kept = recall_ties(cache.folder, noted.mark)
        last = recall_last(index, noted.generation)
        pair = _find_edited(former.events, wait())
    if kept is None or last is None or pair is None or not _is_of_itself(*pair):
        return None
    before, after = pair
    one, other = read_text(before), read_text(after)
    works = _make_works(content, noted.generation, before, after)
    if works is None or not kept.ties.keeps_apart(after.id, one, other):
        return None
    draft = draft_edit(last, *works)
    ties = kept.ties.with_text(after.id, other)
    return Edit(noted, draft, Kept(ties, kept.report)) if draft else None


def _find_edited(was: Sequence[Event], told: Sequence[Event]) -> tuple[Document, Document] | None:
    """Return the one document that differs, as it was and is; None if anything else does."""
    if len(was) != len(told):
        return None
    differing = [
        (old.document, new.document) for old, new in zip(was, told, strict=True) if old != new
    ]
    bare = [[replace(event, document=None) for event in events] for events in (was, told)]
    if len(differing) != 1 or bare[0] != bare[1]:
        return None
    ((before, after),) = differing
    return (before, after) if before and after else None


def _is_of_itself(before: Document, after: Document) -> bool:
    """Whether a document differs only in what no other is judged by."""
    return (
        _of_others(before) == _of_others(after)
        and not after.listed
        and len(after.title) < LONG_TITLE
    )


def _make_works(
    content: Path, generation: Generation, before: Document, after: Document
) -> tuple[Work, Work] | None:
    """Return the work of a document that is one by itself, as it was and is."""
    from searchapp.engine.store import Store  # noqa: PLC0415  # see build.py

    store = Store(generation.path / "works.sqlite")
    page = store.work(int(after.key, 16))
    if page is None or page.hit.documents != (after.id,) or page.hit.series:
        return None
    tags = {tag.slug: tag for tag in store.tags(page.hit.tags)}
    if not tags.keys() >= {*page.hit.tags}:
        return None
    works = [_make_work(content, document, page.hit.tags, tags) for document in (before, after)]
    return works[0], works[1]


def _make_work(
    content: Path, document: Document, slugs: Sequence[str], tags: Mapping[str, Tag]
) -> Work:
    from searchapp.dead import mark_dead, read_dead  # noqa: PLC0415  # see build.py
    from searchapp.dedup.places import list_places  # noqa: PLC0415
    from searchapp.urls import address_key  # noqa: PLC0415

    key = address_key(document.url) if document.url else None
    places = list_places([document], {document.id: key} if key else {})
    names = dict.fromkeys(name for s in slugs for name in (tags[s].label, *tags[s].aliases))
    work = Work((document,), tuple(slugs), tuple(names), places)
    return mark_dead([work], read_dead(content))[0]
