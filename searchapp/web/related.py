"""Which tags go together: the facet counts of a tag's pieces, weighed against all others.

query with the tags --index.answer--> facet counts --Beside--> related, wider, narrower tags
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from searchapp.engine import Index
from searchapp.engine.facet_values import counts_of
from searchapp.engine.results import Results
from searchapp.tags.neighbours import Beside, count_together

MANY = 500  # tags beside one; those there only once never come among the best ten

Scores = tuple[tuple[str, float], ...]


def beside(slugs: Sequence[str], results: Results, index: Index) -> Beside:
    """Return what stands beside all of the tags `slugs`, whose pieces `results` are."""
    name = "+".join(slugs)
    counted = counts_of(results.facets.get("tag", ()))
    least = 2 if len(counted) > MANY else 1
    together = {t: number for t, number in counted.items() if number >= least and t not in slugs}
    return Beside(
        name, together, _counts(index, index.generation) | {name: results.total}, index.pieces
    )


@lru_cache(maxsize=2)
def relate_tags(index: Index, generation: int) -> dict[str, Scores]:
    """Return for each tag its neighbours, best first, with scores, once for each `generation`.

    To ask a query for each of thousands of tags would take seconds; the pairs are counted in
    one pass instead, and are those that the queries count.
    """
    counted = count_together(index.taggings())
    together = replace(counted, works=index.pieces)
    return {tag.slug: together.beside(tag.slug).rank() for tag in index.tags()}


@lru_cache(maxsize=2)
def _counts(index: Index, generation: int) -> dict[str, int]:
    return {tag.slug: tag.count for tag in index.tags()}
