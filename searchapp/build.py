"""The way from content to a generation, and the report of what happened on it.

content/ -> sources -> documents -> dedup -> works -> tags -> engine -> index/gen-N
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchapp.changes import Changes, JoinedWork, SplitWork, compare_works
from searchapp.dead import mark_dead, read_dead
from searchapp.dedup.model import Conflict, Joined
from searchapp.documents import Guide, Relation, Tag, Work
from searchapp.editing import Edit, find_edit
from searchapp.engine.generations import (
    Generation,
    current_name,
    lock_for_building,
    remove_leftovers,
)
from searchapp.engine.results import Site
from searchapp.errors import Finding, KeptTextError, SearchappError
from searchapp.failing import reach
from searchapp.losses import refuse_losses
from searchapp.origin import remember_origin
from searchapp.refusals import tell_refusals
from searchapp.sources import Cache, Everything, Plan, Reading, Tell, read_everything
from searchapp.sources.barren import has_files
from searchapp.sources.configuration import Configuration, check_content, read_configuration
from searchapp.unchanged import find_unchanged, look_around, mark_of_inputs, note_inputs

if TYPE_CHECKING:
    from searchapp.dedup.memory import Memory
    from searchapp.dedup.ties import Kept


@dataclass(frozen=True)
class Report:
    """What a build did, by the names that `build --json` has.

    `read` counts the documents of files that had to be read, `written` the works that had to be
    written: the rest is as the build before had it. `homeless` counts the works without an
    address.
    """

    generation: int
    changed: bool
    documents: int
    works: int
    places: int
    seconds: float
    skipped: tuple[Finding, ...]
    held_back: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    repaired: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[dict[str, int | str], ...]
    homeless: int = 0
    read: int = 0
    written: int = 0
    joined: tuple[JoinedWork, ...] = ()
    split: tuple[SplitWork, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where something was skipped, else 0."""
        return 3 if self.skipped else 0

    def as_json(self) -> dict[str, object]:
        """Return the report as the JSON document of `build --json`."""
        return asdict(self)


@dataclass(frozen=True)
class Gathered:
    """Everything that a generation is made from, and what was found on the way."""

    configuration: Configuration
    readings: tuple[Reading, ...]
    joined: Joined
    works: tuple[Work, ...]
    relations: tuple[Relation, ...]
    tags: tuple[Tag, ...]
    bundles: tuple[tuple[str, tuple[str, ...]], ...]
    site: Site
    images: tuple[str, ...]
    warnings: tuple[Finding, ...]


def gather(
    content: Path, cache: Cache | None = None, progress: Tell = lambda done, files: None
) -> Gathered:
    """Read all of `content` and make works of it; nothing but `cache` is written.

    `progress` is told how many files are read, of how many. Raises ConfigurationError for a
    `.toml` file that cannot be used.
    """
    configuration = read_configuration(content)
    everything = read_everything(configuration, content, cache=cache, tell=progress)
    return _make_works(configuration, content, everything, cache)


def _make_works(
    configuration: Configuration,
    content: Path,
    everything: Everything,
    cache: Cache | None = None,
) -> Gathered:
    # What is not needed to find that nothing has changed is imported where it is.
    from searchapp.dedup import join_documents, read_verdicts  # noqa: PLC0415
    from searchapp.dedup.relations import relate_works  # noqa: PLC0415
    from searchapp.tags import assign_tags, read_vocabulary  # noqa: PLC0415

    vocabulary = read_vocabulary(content)
    verdicts = read_verdicts(content)
    dead = read_dead(content)
    readings, about = everything.readings, everything.about
    documents = [document for reading in readings for document in reading.documents]
    with _remember_joins(cache) as memory:
        joined = join_documents(documents, verdicts, memory)
    related, relations = relate_works(joined.works, joined.likenesses)
    works, tags, tag_warnings = assign_tags(mark_dead(related, dead), vocabulary)
    site = Site(**asdict(configuration.site), about=about.html)
    warnings = [finding for reading in readings for finding in reading.warnings]
    warnings += about.warnings
    return Gathered(
        configuration, readings, joined, tuple(works), relations, tuple(tags),
        tuple(vocabulary.bundles.items()), site, about.images,
        (*warnings, *tag_warnings, *_stale(joined)),
    )  # fmt: skip


def _remember_joins(cache: Cache | None) -> "AbstractContextManager[Memory | None]":
    """Return what joining remembers beside what reading does."""
    from searchapp.dedup.memory import Memory  # noqa: PLC0415  # see _make_works

    if cache is None:
        return nullcontext()
    return Memory(folder=cache.folder, fresh=cache.fresh, writes=cache.writes)


def _stale(joined: Joined) -> list[Finding]:
    reason = "{!r} names no document any more; remove it or write its new id"
    return [Finding("verdicts.toml", None, reason.format(name)) for name in joined.stale_verdicts]


def build(
    content: Path,
    index: Path,
    *,
    full: bool = False,
    strict: bool = False,
    force: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    progress: Tell = lambda done, files: None,
) -> Report:
    """Read `content` and publish it as the next generation of `index`, if it changed.

    With `full` everything is read and written anew; with `strict` anything skipped is an
    error and nothing is published; without `force`, neither is the loss of many documents.
    `tell` is given a line for each step, `progress` how many files are read, of how many.
    Raises SearchappError where nothing could be built; the old index is then untouched.
    """
    begun = time.perf_counter()
    check_content(content)  # before an index within it would make it
    with (
        tell_refusals(index, "the build cannot go on"),
        lock_for_building(index),
        _undisturbed(),
    ):
        go = partial(
            _build, content, index, full=full, strict=strict, force=force, tell=tell,
            progress=progress,
        )  # fmt: skip
        try:
            report = go(fresh=full)
        except KeptTextError:  # as with all that is kept, it only costs reading again
            remove_leftovers(index)
            report = go(fresh=True)
    return replace(report, seconds=round(time.perf_counter() - begun, 3))


def _build(
    content: Path,
    index: Path,
    *,
    fresh: bool,
    **how: Any,
) -> Report:
    """Read, join and index, and report; `fresh` takes no reading over from the last build."""
    with closing(Cache(index / "cache", fresh=fresh, late=True)) as cache:
        return _build_with(cache, content, index, **how)


def _build_with(
    cache: Cache,
    content: Path,
    index: Path,
    *,
    full: bool,
    strict: bool,
    force: bool,
    tell: Callable[[str], None],
    progress: Tell,
) -> Report:
    """Read, join and index, and report; what this took is not known yet."""
    tell("reading")
    changes, written = Changes(), list[Work]()
    configuration = read_configuration(content)
    plan = Plan.of(configuration, content)
    with cache:
        around = look_around(content, plan)
        mark = None if full else mark_of_inputs(around, plan.mark(cache))
        found = find_unchanged(index, mark)
        edit = None if found or full else find_edit(index, content, plan, cache, around)
        if not found and not edit:
            everything = read_everything(
                configuration, content, plan=plan, cache=cache, tell=progress
            )
            around = look_around(content, plan)
        if not found:
            mark = mark_of_inputs(around, plan.mark(cache))
    reach("read")
    change: Edit | _Whole | None = edit
    if found:
        generation, changed, draft = found.generation, False, _report_of(found.report)
    elif edit:
        draft = _report_of(edit.noted.report)
    else:
        tell("joining")
        gathered = _make_works(configuration, content, everything, cache)
        change, draft = _Whole(gathered, _keep(gathered), full), _draft(gathered)
    if found or edit:
        progress(len(plan.tasks), len(plan.tasks))
    if change:
        reach("joined")
    if strict and draft.skipped:
        raise SearchappError(_refusal(draft.skipped))
    if isinstance(change, _Whole) and not force:
        refuse_losses(
            index, draft.documents, draft.sources, _why_nothing(gathered.readings, content)
        )
    if change:
        tell("indexing")
        before = current_name(index)
        with tell_refusals(index, "the index cannot be written"):
            generation, changed, written = change.write(index, _to_keep(draft))
        note_inputs(index, mark, generation, draft.as_json())
        change.kept.keep(cache.folder, mark)
        changes = _compare(index, before, written) if changed else changes
    remember_origin(index, content)
    reach("noted")
    return replace(
        draft, generation=generation.number, changed=changed, read=cache.documents_read,
        written=len(written), joined=changes.joined, split=changes.split,
    )  # fmt: skip


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Look for no circles of garbage: ten thousand posts hold none, and each look takes longer.

    What was built with must be gone by the end, or the first look after it goes through it all.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _compare(index: Path, before: str | None, works: Sequence[Work]) -> Changes:
    """Return what was joined and split since the generation named `before`, which is kept.

    `works` are those that were written: all others are made of the same documents as there.
    """
    from searchapp.engine.past import documents_of_works  # noqa: PLC0415  # see _make_works

    keys = (document.key for work in works for document in work.documents)
    known = documents_of_works(index / before / "works.sqlite", keys) if before else {}
    return compare_works(known, works)


def _draw_guide(gathered: Gathered, index: Path | None) -> Guide:
    """Return what leads through the tags.

    The map of `index` is kept unless tags have changed; without one it is drawn anew.
    """
    from searchapp.engine.writing import current_guide  # noqa: PLC0415  # see _make_works
    from searchapp.tags import draw_map  # noqa: PLC0415

    earlier = current_guide(index).map if index else None
    return Guide(gathered.bundles, draw_map(gathered.works, gathered.tags, earlier))


@dataclass(frozen=True)
class _Whole:
    """All works, made anew; what did not change of them is taken over where it is written."""

    gathered: Gathered
    kept: "Kept"
    full: bool

    def write(
        self, index: Path, report: Mapping[str, object]
    ) -> tuple[Generation, bool, list[Work]]:
        """Write a generation; return it, whether it is new, and the works that were written."""
        from searchapp.engine.writing import write_generation  # noqa: PLC0415  # see _make_works

        gathered, written = self.gathered, list[Work]()
        generation, changed = write_generation(
            index, gathered.works, gathered.tags, gathered.site, {**report, **self.kept.report},
            relations=gathered.relations, images=gathered.images, always=self.full,
            guide=_draw_guide(gathered, None if self.full else index), tell_written=written.extend,
        )  # fmt: skip
        return generation, changed, written


def _why_nothing(readings: Sequence[Reading], content: Path) -> dict[str, str]:
    """Return what is told of each source whose folder has files, of which none was a piece.

    One in which something was skipped, or whose posts were removed, is none of them.
    """
    barren = (each for each in readings if not each.documents and not each.skipped)
    told = {each.source: each.warnings[0] for each in barren if each.warnings}
    return {source.name: f"{first.path}: {first.reason}" for source, first in told.items()
            if has_files(source, content)}  # fmt: skip


def _refusal(skipped: Sequence[Finding]) -> str:
    first = skipped[0]
    where = first.path if first.line is None else f"{first.path}:{first.line}"
    return f"{where}: {first.reason} (--strict: {len(skipped)} skipped, nothing is published)"


def _draft(gathered: Gathered) -> Report:
    """Return the report of all that does not depend on how the index was written."""
    return Report(
        generation=0,
        changed=False,
        documents=sum(len(reading.documents) for reading in gathered.readings),
        works=len(gathered.works),
        places=sum(len(work.places) for work in gathered.works),
        seconds=0.0,
        skipped=tuple(f for reading in gathered.readings for f in reading.skipped),
        held_back=tuple(f for reading in gathered.readings for f in reading.held_back),
        warnings=gathered.warnings,
        repaired=tuple(f for reading in gathered.readings for f in reading.repaired),
        conflicts=gathered.joined.conflicts,
        sources=describe_sources(gathered),
        homeless=sum(not any(place.url for place in work.places) for work in gathered.works),
    )


def describe_sources(gathered: Gathered) -> tuple[dict[str, int | str], ...]:
    """Return what each source gave, in numbers: entries seen are all the others together."""
    return tuple(_count(reading) for reading in gathered.readings)


def _count(reading: Reading) -> dict[str, int | str]:
    return {
        "name": reading.source.name,
        "seen": reading.seen,
        "documents": len(reading.documents),
        "skipped": len(reading.skipped),
        "held_back": len(reading.held_back),
    }


def _to_keep(draft: Report) -> dict[str, object]:
    """Return what `report.json` keeps of the report."""
    kept = draft.as_json()
    # The manifest's, or of one run alone.
    for name in ("generation", "changed", "seconds", "read", "written", "joined", "split"):
        del kept[name]
    return kept


def _keep(gathered: Gathered) -> "Kept":
    """Return what an edit of one text needs to know, and why documents are one work."""
    from searchapp.dedup.ties import Kept  # noqa: PLC0415  # see _make_works

    report = {
        "evidence": [asdict(e) for work in gathered.works for e in work.evidence],
        "near_misses": [asdict(miss) for miss in gathered.joined.near_misses],
    }
    return Kept(gathered.joined.ties, report)


def _report_of(kept: Mapping[str, Any]) -> Report:
    """Return the report of the last build, as `as_json` told it, without what it changed."""
    stated = {field.name: kept[field.name] for field in fields(Report)}
    for name in (f.name for f in fields(Report) if f.type == tuple[Finding, ...]):
        stated[name] = tuple(Finding(**finding) for finding in kept[name])
    stated["conflicts"] = tuple(Conflict(**_with_tuples(told)) for told in kept["conflicts"])
    stated["sources"] = tuple(kept["sources"])
    return Report(**(stated | {"read": 0, "written": 0, "joined": (), "split": ()}))


def _with_tuples(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what JSON told, with tuples for its lists."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
