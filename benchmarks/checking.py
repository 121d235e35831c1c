"""Our answers beside the plain reference of the tests, which is written from the definitions."""

import math
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.measuring import Record
from benchmarks.peers import HITS, Question
from searchapp import open_index
from searchapp.engine.results import Results
from searchapp.query import Query
from tests.reference import Answer, Reference

CLOSE = 1e-5  # between two scores, of the greater


class Checker:
    """Asks the index and the reference what was timed before."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._index = open_index(folder)
        self._reference = Reference(corpus.works)

    def find_differences(self, record: Record) -> list[str]:
        """Return where total, hits, scores or any count are not the reference's."""
        return [wrong for asked in record for wrong in self._compare(asked.question)]

    def _compare(self, question: Question) -> Iterator[str]:
        query = Query.of(question.typed, dict(question.filters))
        ours = self._index.answer(query, limit=HITS, snippets=False, facets=question.facets)
        theirs = self._reference.answer(query, HITS)
        reason = _difference(ours, theirs, question.facets)
        if reason:
            yield f"“{question.typed}”: {reason}"


def _difference(ours: Results, theirs: Answer, facets: bool) -> str | None:
    if (ours.total, ours.partial) != (theirs.total, theirs.partial):
        return f"{ours.total} and {ours.partial}, not {theirs.total} and {theirs.partial}"
    for place, (hit, id_, score) in enumerate(
        zip(ours.hits, theirs.hits, theirs.scores, strict=True), 1
    ):
        if hit.id != id_ or not math.isclose(hit.score, score, rel_tol=CLOSE):
            return f"hit {place} is {hit.id} with {hit.score}, not {id_} with {score}"
    if facets:
        found = {name: {v.value: v.count for v in values} for name, values in ours.facets.items()}
        if found != theirs.facets:
            return "other counts"
    return None
