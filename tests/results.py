"""What tests read off an answer."""

from collections.abc import Callable

from searchapp.engine import Index
from searchapp.engine.results import Results

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it


def counts(results: Results, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets.get(facet, ())}


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


def found(results: Results) -> list[str]:
    """Return the titles of those that have all the words, without the tail."""
    return [hit.title for hit in results.hits if hit.complete]
