"""What readers miss in single pieces: a summary where the others have one, or a second title."""

from collections.abc import Iterator
from pathlib import Path

from searchapp.build import Gathered
from searchapp.checks.addresses import where
from searchapp.checks.model import Problem
from searchapp.dedup.titles import read_title

CUSTOM = 2 / 3  # of a source's entries: what so many have is missing in the others
FEWEST = 5  # entries of a source, from which on it has a custom


def without_summary(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield entries without a summary in a source where most state one.

    A source whose entries state none does without, and is left in peace.
    """
    summed = {d.id for work in gathered.works if work.summary for d in work.documents}
    for reading in gathered.readings:
        stated = sum(bool(d.summary) for d in reading.documents)
        if len(reading.documents) < FEWEST or stated < CUSTOM * len(reading.documents):
            continue
        for document in reading.documents:
            if document.id not in summed:
                yield Problem(
                    document.path, document.line, "no-summary",
                    f"“{document.title}” has no summary, as {stated} of "
                    f"{len(reading.documents)} entries of '{reading.source.name}' have",
                    "write a sentence or two: summary = ...",
                )  # fmt: skip


def near_duplicates(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield entries that may be one piece with another, as joining found and did not dare.

    Of parts, years and versions, whose titles differ in a number alone, `searchapp duplicates`
    alone tells.
    """
    documents = {d.id: d for work in gathered.works for d in work.documents}
    for miss in gathered.joined.near_misses:
        one, other = documents[miss.a], documents[miss.b]
        if _differ_in_a_number(one.title, other.title):
            continue
        yield Problem(
            one.path, one.line, "near-duplicate",
            f"“{one.title}” may be “{other.title}” ({where(other)}): {miss.reason}",
            f'say in verdicts.toml whether they are: same = [["{miss.a}", "{miss.b}"]] '
            "or different = ...",
        )  # fmt: skip


def _differ_in_a_number(one: str, other: str) -> bool:
    """Whether two titles have words in common and other numbers: `Weeknotes 3`, `Weeknotes 4`."""
    a, b = read_title(one), read_title(other)
    return a.numbers != b.numbers and not a.informative.isdisjoint(b.informative)
