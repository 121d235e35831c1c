"""What is found, in which order, and how it is counted: the engine beside plain Python."""

import pytest
from corpora import corpora_and_queries, index_with
from hypothesis import HealthCheck, given, settings
from reference import Answer, Reference

from searchapp.documents import Work
from searchapp.engine.results import Results
from searchapp.fields import FACET
from searchapp.query import Query

thorough = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def counts(results: Results, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets.get(facet, ())}


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


# Beside a plain reference


def comparable(results: Results) -> Answer:
    return Answer(
        total=results.total,
        places=results.places,
        partial=results.partial,
        page=results.page,
        pages=results.pages,
        hits=[hit.id for hit in results.hits],
        complete=[hit.complete for hit in results.hits],
        scores=[pytest.approx(hit.score, rel=1e-5) for hit in results.hits],
        facets={name: counts(results, name) for name in results.facets},
        dropped=[part.text for part in results.understood if part.role == "dropped"],
    )


@thorough
@given(corpora_and_queries())
def test_answers_are_those_of_the_definitions(
    case: tuple[list[Work], list[tuple[Query, int]]],
) -> None:
    works, queries = case
    reference = Reference(works)
    with index_with(works) as index:
        for query, limit in queries:
            assert comparable(index.answer(query, limit=limit)) == reference.answer(query, limit)


@thorough
@given(corpora_and_queries())
def test_choosing_a_value_shows_exactly_its_count(
    case: tuple[list[Work], list[tuple[Query, int]]],
) -> None:
    works, queries = case
    with index_with(works) as index:
        for query, _ in queries:
            results = index.answer(query)
            for name, values in results.facets.items():
                if FACET[name].every or not query.chosen(name):
                    promised = {v.value: v.count for v in values if v.count and not v.selected}
                    chosen = {v: index.answer(query.with_filter(name, v)).total for v in promised}
                    assert chosen == promised
