"""Tags that one piece alone has: mostly another spelling of one that many have."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.documents import Document
from searchapp.tags import read_vocabulary
from searchapp.tags.candidates import Candidate, find_candidates, measure_usage
from searchapp.tags.vocabulary import FILE, Vocabulary

SHOWN = 5  # tags that a line names
FEWEST = 20  # pieces, from which on a tag can be expected to come again
LIKELY = 0.6  # score of a candidate: below, most are words of their own


def used_once(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield each tag of one piece alone that may be another tag; the others in one line.

    A tag that nobody shares is no mistake, and a blog may have hundreds of them; one that is
    a common tag misspelt hides its piece.
    """
    counts = Counter(slug for work in gathered.works for slug in work.tags)
    once = {slug for slug, number in counts.items() if number == 1}
    if not once:
        return
    likely = _likely(gathered, once, read_vocabulary(content))
    is_there = (content / FILE).exists()
    in_file = FILE if is_there else f"{FILE}, a new file beside your writing"
    labels = {tag.slug: tag.label for tag in gathered.tags}
    holders = _holders(gathered, likely.keys())
    for slug, candidate in likely.items():
        holder = holders[slug]
        yield Problem(
            holder.path, holder.line, "tag-used-once",
            f"the tag “{labels.get(slug, slug)}” is used here alone, and may be "
            f"“{labels.get(candidate.b, candidate.b)}” ({candidate.rule})",
            f"run `searchapp tags merge {candidate.a} {candidate.b}`, or call them different "
            f"in {in_file}",
        )  # fmt: skip
    others = sorted(once - likely.keys())
    if others and len(gathered.works) >= FEWEST:
        path = FILE if is_there else "."
        yield Problem(path, None, "tag-used-once", *_others(others, len(counts), labels))


def _likely(
    gathered: Gathered, once: Collection[str], vocabulary: Vocabulary
) -> dict[str, Candidate]:
    """Return the surest candidate of each tag that is used once and may be another."""
    found: dict[str, Candidate] = {}
    for candidate in find_candidates(measure_usage(gathered.works, gathered.tags), vocabulary):
        if candidate.a in once and candidate.score >= LIKELY:
            found.setdefault(candidate.a, candidate)
    return found


def _holders(gathered: Gathered, slugs: Collection[str]) -> dict[str, Document]:
    """Return the entry that stands for the piece that alone has each of some tags."""
    return {slug: work.canonical for work in gathered.works for slug in work.tags if slug in slugs}


def _others(slugs: list[str], tags: int, labels: Mapping[str, str]) -> tuple[str, str]:
    """Return what is told of the tags that are used once and like no other, and what to do."""
    named = ", ".join(f"“{labels.get(slug, slug)}”" for slug in slugs[:SHOWN])
    more = f" and {len(slugs) - SHOWN} more" if len(slugs) > SHOWN else ""
    are = "tag is" if len(slugs) == 1 else "tags are"
    reason = f"{len(slugs)} of {tags} {are} of one piece alone: {named}{more}"
    remedy = "see `searchapp tags`, and give them to other pieces or take them out"
    return reason, remedy
