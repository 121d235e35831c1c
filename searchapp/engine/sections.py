"""The headings of a piece under which the words stand: at most three, each with a deep link."""

import json
from collections.abc import Callable

from searchapp.documents import Document, Section, Work
from searchapp.engine.results import SectionHit
from searchapp.engine.snippets import Highlighter

MOST = 3
FEWEST = 2  # headings; one alone leads nowhere that the piece itself does not


def write_sections(work: Work) -> str | None:
    """Return what is stored of the headings of the text that is shown; None for too few."""
    shown = next((d for d in work.documents if d.html), None)
    if shown is None or len(shown.sections) < FEWEST:
        return None
    return json.dumps([(s.title, s.anchor, s.start) for s in _in_order(shown)])


def _in_order(document: Document) -> list[Section]:
    return sorted(document.sections, key=lambda section: section.start)


def find_sections(
    key: str, stored: str, read: Callable[[int], str], number: int, highlighter: Highlighter
) -> tuple[SectionHit, ...]:
    """Return the headings that have most of the words, in their titles or below them.

    A heading with a word in its title comes before those with words below; among equals the
    first. They stand in the order of the text.
    """
    if not highlighter.words:
        return ()
    text = read(number)
    sections = json.loads(stored)
    ends = [start for _, _, start in sections[1:]] + [len(text)]
    folded = text.lower()
    ranked = []
    for i, ((title, anchor, start), end) in enumerate(zip(sections, ends, strict=True)):
        in_title = highlighter.count_words(title)
        below = sum(folded.find(root, start, end) >= 0 for root in highlighter.roots)
        if in_title or below == len(highlighter.roots):
            ranked.append((-in_title, -below, i, SectionHit(title, f"/works/{key}/#{anchor}")))
    best = sorted(ranked)[:MOST]
    return tuple(hit for _, _, _, hit in sorted(best, key=lambda found: found[2]))
