"""What visitors did not find, as today's index sees it: for `searchapp searches` and the owner.

Missed --asked again--> found by now, or: a correction, a tag of nearly that name, ways out
"""

from difflib import get_close_matches
from typing import Any

from searchapp.engine import Index
from searchapp.searches import Missed


def describe_missed(missed: Missed, index: Index) -> dict[str, Any]:
    """Return a search as `--json` has it, with what the index of today says to it."""
    results = index.search(missed.words + " ", limit=1, snippets=False, facets=False)
    is_found = bool(results.total) and not any(p.role == "dropped" for p in results.understood)
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


def _nearest_tag(words: str, index: Index) -> str | None:
    """Return the slug of the tag whose name is most like these words, if one is."""
    by_name = {name.casefold(): tag.slug for tag in index.tags() for name in (tag.label, tag.slug)}
    near = get_close_matches(words, by_name, n=1, cutoff=0.75)
    return by_name[near[0]] if near else None
