"""Which tags go together: the facet counts of a tag's pieces, weighed against its size."""

from functools import lru_cache
from math import log

from searchapp.engine import Index
from searchapp.query import Query

MOST = 10


@lru_cache(maxsize=2)
def relate_tags(index: Index, generation: int) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return for each tag its neighbours, best first, with scores.

    A score is P(neighbour given the tag) times the neighbour's inverse frequency: counts
    alone would name the same few large tags beside every tag. One answer is kept for each
    `generation`, as there is a query to ask for each tag.
    """
    counts = {tag.slug: tag.count for tag in index.tags()}
    pieces = index.search(limit=1, snippets=False).total
    rarity = {slug: log(pieces / count) for slug, count in counts.items()}
    related = {}
    for slug, count in counts.items():
        results = index.answer(Query.of(filters={"tag": slug}), limit=1, snippets=False)
        beside = results.facets.get("tag", ())
        scores = [
            (value.value, round(value.count / count * rarity[value.value], 4))
            for value in beside
            if value.value != slug and value.count
        ]
        related[slug] = tuple(sorted(scores, key=lambda pair: (-pair[1], pair[0]))[:MOST])
    return related
