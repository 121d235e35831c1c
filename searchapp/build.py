"""The way from content to a generation, and the report of what happened on it.

content/ -> sources -> documents -> dedup -> works -> tags -> engine -> index/gen-N
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from searchapp.dedup import Conflict, Joined, join_documents, read_verdicts
from searchapp.documents import Document, Tag, Work
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.errors import Finding, SearchappError
from searchapp.sources import Reading, read_about_page, read_all
from searchapp.sources.configuration import Configuration, read_configuration
from searchapp.tags import assign_tags, read_vocabulary


@dataclass(frozen=True)
class Report:
    """What a build did, by the names that `build --json` has."""

    generation: int
    changed: bool
    documents: int
    works: int
    places: int
    seconds: float
    skipped: tuple[Finding, ...]
    held_back: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[dict[str, int | str], ...]

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
    tags: tuple[Tag, ...]
    site: Site
    images: tuple[str, ...]
    warnings: tuple[Finding, ...]


def gather(content: Path) -> Gathered:
    """Read all of `content` and make works of it; nothing is written.

    Raises ConfigurationError for a `.toml` file that cannot be used.
    """
    configuration = read_configuration(content)
    vocabulary = read_vocabulary(content)
    verdicts = read_verdicts(content)
    readings = tuple(read_all(configuration, content))
    documents = [document for reading in readings for document in reading.documents]
    joined = join_documents(documents, verdicts)
    works, tags, tag_warnings = assign_tags(joined.works, vocabulary)
    about = read_about_page(content, configuration)
    site = Site(**asdict(configuration.site), about=about.html)
    warnings = [finding for reading in readings for finding in reading.warnings]
    warnings += about.warnings
    return Gathered(
        configuration, readings, joined, tuple(works), tuple(tags), site, about.images,
        (*warnings, *tag_warnings, *_stale(joined)),
    )  # fmt: skip


def _stale(joined: Joined) -> list[Finding]:
    reason = "{!r} names no document any more; remove it or write its new id"
    return [Finding("verdicts.toml", None, reason.format(name)) for name in joined.stale_verdicts]


def build(
    content: Path,
    index: Path,
    *,
    full: bool = False,
    strict: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Read `content` and publish it as the next generation of `index`, if it changed.

    With `full` a generation is written even if nothing changed; with `strict` anything
    skipped is an error and nothing is published. `tell` is given a line for each step.
    Raises SearchappError where nothing could be built; the old index is then untouched.
    """
    begun = time.perf_counter()
    with lock_for_building(index):
        tell("reading")
        gathered = gather(content)
        skipped = tuple(f for reading in gathered.readings for f in reading.skipped)
        if strict and skipped:
            raise SearchappError(_refusal(skipped))
        tell("indexing")
        draft = _report(gathered, skipped)
        try:
            generation, changed = write_generation(
                index, gathered.works, gathered.tags, gathered.site, draft,
                images=gathered.images, always=full,
            )  # fmt: skip
        except OSError as error:
            raise SearchappError(
                f"{index}: the index cannot be written ({error.strerror}); "
                "free the disk or choose another folder with --index"
            ) from error
    return Report(
        generation=generation.number,
        changed=changed,
        seconds=round(time.perf_counter() - begun, 3),
        **_parts(gathered, skipped),
    )


def _refusal(skipped: Sequence[Finding]) -> str:
    first = skipped[0]
    where = first.path if first.line is None else f"{first.path}:{first.line}"
    return f"{where}: {first.reason} (--strict: {len(skipped)} skipped, nothing is published)"


def _parts(gathered: Gathered, skipped: tuple[Finding, ...]) -> dict[str, object]:
    """Return the parts of a report that do not depend on how the index was written."""
    return {
        "documents": sum(len(reading.documents) for reading in gathered.readings),
        "works": len(gathered.works),
        "places": sum(len(work.places) for work in gathered.works),
        "skipped": skipped,
        "held_back": tuple(f for r in gathered.readings for f in r.held_back),
        "warnings": gathered.warnings,
        "conflicts": tuple(gathered.joined.conflicts),
        "sources": tuple(_count(reading) for reading in gathered.readings),
    }


def _count(reading: Reading) -> dict[str, int | str]:
    return {
        "name": reading.source.name,
        "seen": reading.seen,
        "documents": len(reading.documents),
        "skipped": len(reading.skipped),
        "held_back": len(reading.held_back),
    }


def _report(gathered: Gathered, skipped: tuple[Finding, ...]) -> dict[str, object]:
    """Return what `report.json` keeps: the report, and why documents are one work."""
    parts = {
        name: [asdict(p) if not isinstance(p, dict) else p for p in part]
        if isinstance(part, tuple) else part
        for name, part in _parts(gathered, skipped).items()
    }  # fmt: skip
    evidence = [asdict(e) for work in gathered.works for e in work.evidence]
    near = [asdict(miss) for miss in gathered.joined.near_misses]
    return parts | {"evidence": evidence, "near_misses": near}


def documents_of(gathered: Gathered) -> list[Document]:
    """Return all documents, source by source."""
    return [document for reading in gathered.readings for document in reading.documents]
