"""Finds what in content/ wants mending, without building an index.

content --gather--> Gathered --CHECKS--> problems, each with what to do

A finding is worth its line only where something is wrong: what a whole blog does otherwise is
its habit, and is told once or not at all.
"""

from collections.abc import Callable
from pathlib import Path

from searchapp.build import Gathered, gather
from searchapp.checks import addresses, links, reported, tags, writing
from searchapp.checks.model import Check, Problem
from searchapp.sources import Cache, Tell

__all__ = ["CHECKS", "Problem", "check"]

# What is asked of content, the gravest first.
CHECKS: dict[str, Check] = {
    "skipped": reported.skipped,
    "conflict": reported.conflicts,
    "wrong-slug": addresses.wrong_slugs,
    "warning": reported.warnings,
    "broken-link": links.broken_links,
    "missing-image": links.missing_images,
    "no-address": addresses.without_address,
    "future-date": reported.future_dates,
    "near-duplicate": writing.near_duplicates,
    "repaired": reported.repaired,
    "no-summary": writing.without_summary,
    "tag-used-once": tags.used_once,
    "held-back": reported.held_back,
}


def check(
    content: Path,
    index: Path,
    progress: Tell = lambda done, files: None,
    tell: Callable[[str], None] = lambda step: None,
) -> tuple[Gathered, list[Problem]]:
    """Read all of `content` and return it with what wants mending, in the order of CHECKS.

    Nothing is written. What the last build read, and kept in `index`, is not read again;
    `progress` is told how many files are read, of how many, `tell` what is done then.
    Raises ConfigurationError for a `.toml` file that cannot be used.
    """
    gathered = gather(content, Cache(index / "cache", writes=False), progress)
    tell("checking")
    return gathered, [problem for find in CHECKS.values() for problem in find(gathered, content)]
