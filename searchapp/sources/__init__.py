"""Turns files into documents: content/ --configuration, readers--> Reading.

    tasks --cache--> events, where nothing changed
          --children--> events --cache--> kept for the next time

Every entry that is seen is a document, skipped or held back, and nothing but the owner's
configuration stops the reading.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.documents import Document
from searchapp.errors import Finding
from searchapp.sources.about import About, read_about, read_about_page
from searchapp.sources.above import Above
from searchapp.sources.caching import Cache, Former, told_of
from searchapp.sources.child import Limits
from searchapp.sources.children import read_in_children, reading_in_children
from searchapp.sources.collecting import Collected, posts_of, tasks_of, without_repeats
from searchapp.sources.configuration import read_configuration
from searchapp.sources.events import (
    Event,
    Surroundings,
    Task,
    about_of,
    task_of_about,
)
from searchapp.sources.model import (
    Configuration,
    Reading,
    SiteConfiguration,
    Source,
)
from searchapp.sources.overlaps import find_overlaps
from searchapp.sources.readers import READERS
from searchapp.sources.resolving import keys_of_posts
from searchapp.sources.tracing import read_traced
from searchapp.sources.unread import find_unread

__all__ = [
    "READERS", "About", "Cache", "Configuration", "Everything", "Finding", "Former", "Limits",
    "Plan", "Reading", "SiteConfiguration", "Source", "read_about", "read_about_page", "read_all",
    "read_configuration", "read_everything", "read_source",
]  # fmt: skip

Tell = Callable[[int, int], None]

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Everything:
    """All that a content folder holds: what each source gave, and the page about the site."""

    readings: tuple[Reading, ...]
    about: About


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a content folder, listed once, and what they are read with."""

    entries: tuple[Task, ...]
    about: tuple[Task, ...]
    around: Surroundings

    @classmethod
    def of(cls, configuration: Configuration, content: Path) -> "Plan":
        """List the files of all sources, and about.md."""
        entries = [task for source in configuration.sources for task in tasks_of(source, content)]
        posts = posts_of(entries, content)
        around = Surroundings(configuration, content, posts, Above(content))
        return cls(tuple(entries), tuple(task_of_about(content)), around)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All files, about.md first."""
        return self.about + self.entries

    def mark(self, cache: Cache) -> str | None:
        """Return what stays the same while all files would give what the open `cache` knows.

        None where a file must be read first.
        """
        return cache.mark_of(self.tasks, self.around)

    def find_former(self, cache: Cache) -> Former | None:
        """Return what the one file gave that must be read again; None if it is not one alone.

        `mark` was asked before.
        """
        return cache.find_former(self.tasks)

    def former_mark(self, cache: Cache, former: Former) -> str | None:
        """Return what `mark` returned while that file gave what it did, all others as now."""
        return cache.mark_of(self.tasks, self.around, former)

    @contextmanager
    def reading_again(
        self, cache: Cache, former: Former, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Callable[[], list[Event]]]:
        """Have a child process begin to read the one file; give what waits for what it gives.

        That is kept in the open `cache`.
        """
        with reading_in_children([former.task], self.around, limits) as given:

            def wait() -> list[Event]:
                events = next(given)
                cache.put(former.task, self.around, events)
                return told_of(events)

            yield wait

    def unread(self) -> list[str]:
        """Return what is told of all that the sources' folders hold, and nobody reads."""
        content = self.around.content
        found = [find_unread(source, content) for source in self.around.configuration.sources]
        return [repr((u.closed, u.linked, u.in_other_forms)) for u in found]


def read_everything(
    configuration: Configuration,
    content: Path,
    *,
    plan: Plan | None = None,
    cache: Cache | None = None,
    tell: Tell = lambda done, files: None,
    limits: Limits = DEFAULT_LIMITS,
) -> Everything:
    """Read every source, and about.md, in child processes; nothing in a file can stop it.

    What `cache` knows is not read again. `tell` is told how many files are done, of how many.
    `plan` is that of the folder, where it was made before.
    """
    plan = plan or Plan.of(configuration, content)
    with cache or nullcontext():
        events = _read(plan.tasks, plan.around, cache, tell, limits)
    about = about_of(events.pop(0)) if plan.about else About(None)
    return Everything(tuple(_gather(configuration, content, plan.entries, events)), about)


def _read(
    tasks: Sequence[Task], around: Surroundings, cache: Cache | None, tell: Tell, limits: Limits
) -> list[list[Event]]:
    """Return what each file gives: what the cache knows, and the rest read in children."""
    found = [cache.find(task, around) if cache else None for task in tasks]
    missing = [task for task, events in zip(tasks, found, strict=True) if events is None]
    tell(len(tasks) - len(missing), len(tasks))
    done = len(tasks) - len(missing)
    with closing(read_in_children(missing, around, limits)) as fresh:
        for at, task in enumerate(tasks):
            if found[at] is None:
                found[at] = events = next(fresh)
                if cache:
                    cache.put(task, around, events)
                done += 1
                tell(done, len(tasks))
    return [events or [] for events in found]


def read_all(configuration: Configuration, content: Path) -> list[Reading]:
    """Read every source in this very process, in its order; for content that is trusted.

    Of entries with one id the first is kept.
    """
    tasks = [task for source in configuration.sources for task in tasks_of(source, content)]
    around = Surroundings(configuration, content, posts_of(tasks, content), Above(content))
    return _gather(configuration, content, tasks, [list(read_traced(t, around)) for t in tasks])


def read_source(source: Source, configuration: Configuration, content: Path) -> Reading:
    """Read one source in this very process; what repeats an id within it is skipped."""
    around = Surroundings(
        configuration, content, keys_of_posts(configuration, content), Above(content)
    )
    tasks = list(tasks_of(source, content))
    alone = replace(configuration, sources=(source,))
    (reading,) = _gather(alone, content, tasks, [list(read_traced(t, around)) for t in tasks])
    return reading


def _gather(
    configuration: Configuration,
    content: Path,
    tasks: Sequence[Task],
    events: Sequence[Sequence[Event]],
) -> list[Reading]:
    """Return the reading of each source, in its order; of entries with one id the first."""
    collected = {source.name: Collected(source) for source in configuration.sources}
    for task, told in zip(tasks, events, strict=True):
        collected[task.source.name].take(task.file, content, told)
    for name, overlaps in find_overlaps(configuration.sources, tasks, content).items():
        collected[name].warnings += overlaps
    kept: dict[str, Document] = {}
    return [without_repeats(each.reading(content), kept) for each in collected.values()]
