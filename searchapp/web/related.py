"""Which tags go together: the facet counts of a tag's pieces, weighed against all others.

query with the tags --index.answer--> facet counts --Beside--> related, wider, narrower tags
"""

from collections.abc import Sequence
from functools import lru_cache

from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.query import Query
from searchapp.tags.neighbours import Beside

Scores = tuple[tuple[str, float], ...]


def beside(slugs: Sequence[str], results: Results, index: Index) -> Beside:
    """Return what stands beside all of the tags `slugs`, whose pieces `results` are."""
    name = "+".join(slugs)
    together = {v.value: v.count for v in results.facets.get("tag", ()) if v.value not in slugs}
    return Beside(
        name, together, _counts(index, index.generation) | {name: results.total}, index.pieces
    )


@lru_cache(maxsize=2)
def relate_tags(index: Index, generation: int) -> dict[str, Scores]:
    """Return for each tag its neighbours, best first, with scores.

    One answer is kept for each `generation`, as there is a query to ask for each tag.
    """
    related = {}
    for tag in index.tags():
        query = Query.of(filters={"tag": tag.slug})
        results = index.answer(query, limit=1, snippets=False)
        related[tag.slug] = beside([tag.slug], results, index).rank()
    return related


@lru_cache(maxsize=2)
def _counts(index: Index, generation: int) -> dict[str, int]:
    return {tag.slug: tag.count for tag in index.tags()}
