"""What a search means, in plain Python: written from the definitions, slow on purpose.

The engine's answers are compared with these. Nothing of the engine is used but how text
becomes words and terms, which has tests of its own.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words, stem
from searchapp.fields import FACETS, TEXT_FIELDS, Facet, TextField
from searchapp.query import Query
from searchapp.slugs import fold

K1 = 1.2


@dataclass(frozen=True)
class Answer:
    """The parts of an answer that the engine must agree on."""

    total: int
    places: int
    partial: int
    page: int
    pages: int
    hits: list[str]
    complete: list[bool]
    scores: list[float]
    facets: dict[str, dict[str, int]]
    dropped: list[str]


class Reference:
    """Works as a list, newest first, undated last; a set of works is a set of their numbers."""

    def __init__(self, works: Iterable[Work]) -> None:
        self.works = sorted(
            works,
            key=lambda w: (
                w.date is None,
                -w.date.toordinal() if w.date else 0,
                fold(w.title),
                w.id,
            ),
        )
        self.every = set(range(len(self.works)))
        self.languages = {d.language for w in self.works for d in w.documents}
        self.counts = [
            {field.name: count_terms(work, field) for field in TEXT_FIELDS} for work in self.works
        ]
        self.averages = {field.name: self.average_length(field.name) for field in TEXT_FIELDS}
        self.written = [written_words(work) for work in self.works]
        self.values = [
            {facet.name: set(facet.values(work)) for facet in FACETS} for work in self.works
        ]

    def answer(self, query: Query, limit: int) -> Answer:
        """Answer `query`, whose words are plain ones, separated by single spaces."""
        words = list(dict.fromkeys(query.words.split()))
        last = query.words.split()[-1:] if not query.words.endswith(" ") else []
        words = [word for word in words if word not in last] + last
        found = [self.find(word, prefix=word in last) for word in words]
        allowed = self.pass_filters(query, FACETS)
        kept = self.keep_words(found, allowed)
        total = self.with_words(found, kept, allowed)
        tail = {n for n in allowed if any(n in works for works, _ in found)} - total
        order = self.order(query, words, found, total)
        pages = max(1, -(-len(total) // limit))
        page = min(query.page, pages)
        hits = order[(page - 1) * limit : page * limit]
        if page == pages:
            hits += self.order(query, words, found, tail)[: limit - len(hits)]
        return Answer(
            total=len(total),
            places=sum(len(self.works[n].places) for n in total),
            partial=len(tail),
            page=page,
            pages=pages,
            hits=[self.works[n].id for n in hits],
            complete=[n in total for n in hits],
            scores=[self.score(n, found) for n in hits],
            facets=self.count_facets(query, found, kept),
            dropped=[word for i, word in enumerate(words) if kept and i not in kept],
        )

    # Words

    def find(self, word: str, prefix: bool) -> tuple[dict[int, float], set[int]]:
        """Return the works that have `word` with its share of their scores.

        Beside them, those that have it only as a prefix: they are scored by all the words
        that it begins, taken as one term.
        """
        shares = self.share({stem(word, language) for language in self.languages})
        if not prefix:
            return shares, set()
        begun = {w for words in self.written for w in words if w.startswith(word)}
        terms = {stem(w, language) for w in begun for language in self.languages}
        as_prefix = self.share(terms)
        return as_prefix | shares, set(as_prefix) - set(shares)

    def share(self, terms: set[str]) -> dict[int, float]:
        """Return the score of each work that has any of `terms`, which count as one.

        Together they count no more than one can; this too is kept in 32 bits.
        """
        sums = {n: sum(self.saturate(n, term) for term in sorted(terms)) for n in self.every}
        having = {n: total for n, total in sums.items() if total}
        rarity = math.log(1 + (len(self.works) - len(having) + 0.5) / (len(having) + 0.5))
        return {n: float(np.float32(min(total, K1 + 1))) * rarity for n, total in having.items()}

    def saturate(self, number: int, term: str) -> float:
        """Return BM25F's saturated frequency of `term` in a work, as it is kept: in 32 bits."""
        amount = 0.0
        for field in TEXT_FIELDS:
            counts = self.counts[number][field.name]
            if counts[term]:
                norm = 1 - field.b + field.b * counts.total() / self.averages[field.name]
                amount += field.weight * counts[term] / norm
        return float(np.float32(amount * (K1 + 1) / (K1 + amount)))

    def average_length(self, field: str) -> float:
        lengths = [counts[field].total() for counts in self.counts if counts[field]]
        return sum(lengths) / len(lengths) if lengths else 0.0

    def keep_words(
        self, found: Sequence[tuple[dict[int, float], set[int]]], allowed: set[int]
    ) -> set[int]:
        """Return the words that must match: as many as some work has, of these the rarest.

        How rare a word is does not depend on filters. None: no word is found.
        """
        sets = {frozenset(i for i, (works, _) in enumerate(found) if n in works) for n in allowed}
        most = max(map(len, sets), default=0)

        def commonness(kept: frozenset[int]) -> tuple[float, int]:
            return sum(math.log1p(len(found[i][0])) for i in sorted(kept)), sum(
                1 << i for i in kept
            )

        return set(min((s for s in sets if len(s) == most), key=commonness, default=frozenset()))

    def with_words(
        self,
        found: Sequence[tuple[dict[int, float], set[int]]],
        kept: set[int],
        allowed: set[int],
    ) -> set[int]:
        """Return which of `allowed` have all the words that are kept."""
        if found and not kept:
            return set()
        return {n for n in allowed if all(n in found[i][0] for i in kept)}

    # Order

    def order(
        self,
        query: Query,
        words: Sequence[str],
        found: Sequence[tuple[dict[int, float], set[int]]],
        numbers: set[int],
    ) -> list[int]:
        """Return works in the query's order; by default the best first, else the newest."""
        dated = any(work.date for work in self.works)
        sort = query.sort
        if sort is None or (sort == "relevance" and not words) or (sort != "title" and not dated):
            sort = "relevance" if words else "newest" if dated else "title"
        if sort == "relevance":
            begun = {n for _, only in found for n in only}
            return sorted(numbers, key=lambda n: (n in begun, -self.score(n, found), n))
        if sort == "title":
            return sorted(numbers, key=lambda n: (fold(self.works[n].title), n))
        if sort == "oldest":
            with_date = sorted((n for n in numbers if self.works[n].date), reverse=True)
            return with_date + sorted(n for n in numbers if not self.works[n].date)
        return sorted(numbers)

    def score(self, number: int, found: Sequence[tuple[dict[int, float], set[int]]]) -> float:
        return sum((shares.get(number, 0.0) for shares, _ in found), 0.0)

    # Filters and facets

    def pass_filters(self, query: Query, facets: Iterable[Facet]) -> set[int]:
        """Return the works that the filters of `facets` let pass."""
        return {n for n in self.every if all(self.passes(n, query, facet) for facet in facets)}

    def passes(self, number: int, query: Query, facet: Facet) -> bool:
        values, chosen = self.values[number][facet.name], set(query.chosen(facet.name))
        if chosen and not (chosen <= values if facet.every else chosen & values):
            return False
        return not values & set(query.without(facet.name))

    def count_facets(
        self,
        query: Query,
        found: Sequence[tuple[dict[int, float], set[int]]],
        kept: set[int],
    ) -> dict[str, dict[str, int]]:
        """Count works by value under all filters of the other facets, or all for `every`.

        What the facet itself excludes stays out, so that choosing a value shows its count.
        """
        counted = {}
        for facet in FACETS:
            if not any(values[facet.name] for values in self.values):
                continue
            if facet.needs and not query.chosen(facet.needs):
                continue
            own = query.chosen(facet.name)
            loose = query
            if own and not facet.every:
                loose = Query(
                    filters=tuple(pair for pair in query.filters if pair[0] != facet.name),
                    excluded=query.excluded,
                )
            words = kept or set(range(len(found)))  # none found here: all, elsewhere
            works = self.with_words(found, words, self.pass_filters(loose, FACETS))
            counts = Counter(v for n in works for v in self.values[n][facet.name])
            named = {*own, *query.without(facet.name)}
            counted[facet.name] = {v: counts[v] for v in sorted({*counts, *named})}
        return counted


def count_terms(work: Work, field: TextField) -> Counter[str]:
    """Count a field's terms, each as often as in the document that has it most."""
    counts: Counter[str] = Counter()
    for document in work.documents:
        text = " ".join(field.texts(work, document))
        counts |= Counter(stem(word, document.language) for word in cut_into_words(text))
    return counts


def written_words(work: Work) -> set[str]:
    texts = (t for d in work.documents for field in TEXT_FIELDS for t in field.texts(work, d))
    return {word for text in texts for word in cut_into_words(text)}
