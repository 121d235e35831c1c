"""What visitors did not find, as today's index sees it: for `searchapp searches` and the owner.

Missed --asked again--> found by now, or: a correction, a tag of nearly that name, ways out
"""

from difflib import get_close_matches
from typing import Any

from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.searches import Missed


def describe_missed(missed: Missed, index: Index) -> dict[str, Any]:
    """Return a search as `--json` has it, with what the index of today says to it."""
    results = _ask(missed.words, index)
    is_found = _answers(results)
    ways = [] if is_found else index.ways_out(results)
    return {
        "words": missed.words,
        "count": missed.count,
        "last": missed.days[0][0],
        "days": [{"day": day, "count": number} for day, number in missed.days],
        "found": results.total if is_found else 0,
        "correction": dict(results.correction) if results.correction else None,
        "alias": None if is_found else _nearest_tag(missed.words, index),
        "ways_out": [
            {"without": way.relaxation.in_words(index.label), "total": way.total} for way in ways
        ],
    }


def count_found(words: str, index: Index) -> int:
    """Return how many pieces the index of today has for words that found nothing once."""
    results = _ask(words, index)
    return results.total if _answers(results) else 0


def _ask(words: str, index: Index) -> Results:
    return index.search(words + " ", limit=1, snippets=False, facets=False)


def _answers(results: Results) -> bool:
    """Whether there are pieces with all of the words, not with some."""
    return bool(results.total) and not any(p.role == "dropped" for p in results.understood)


def _nearest_tag(words: str, index: Index) -> str | None:
    """Return the slug of the tag whose name is most like these words, if one is."""
    by_name = {name.casefold(): tag.slug for tag in index.tags() for name in (tag.label, tag.slug)}
    near = get_close_matches(words, by_name, n=1, cutoff=0.75)
    return by_name[near[0]] if near else None
