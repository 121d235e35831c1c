"""What a search means, in plain Python: written from the definitions, slow on purpose.

The engine's answers are compared with these. Nothing of the engine is used but how text
becomes words and terms, which has tests of its own.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reference_words import Asked, Found, Words, read

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words
from searchapp.fields import FACETS, Facet
from searchapp.query import Query
from searchapp.slugs import fold


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
        self.words = Words(self.works)
        self.values = [
            {facet.name: set(facet.values(work)) for facet in FACETS} for work in self.works
        ]

    def answer(self, query: Query, limit: int) -> Answer:
        """Answer `query`, which has at most six things to look for, between single spaces."""
        query, typed = self.read_years(query)
        wanted, unwanted, sequence = read(typed)
        self.left_out = {n for a in unwanted for n in self.words.find_exactly(a).shares}
        found = [self.words.find(asked) for asked in wanted]
        allowed = self.pass_filters(query, FACETS)
        kept = self.keep_words(found, allowed)
        total = self.with_words(found, kept, allowed)
        tail = {n for n in allowed if any(n in f.shares for f in found)} - total
        scores = {n: self.score(n, found, wanted, sequence) for n in total | tail}
        titled = [n for n in total | tail if sequence and self.is_titled(n, sequence)]
        order = self.order(query, found, scores, titled, total)
        pages = max(1, -(-len(total) // limit))
        page = min(query.page, pages)
        hits = order[(page - 1) * limit : page * limit]
        if page == pages:
            hits += self.order(query, found, scores, titled, tail)[: limit - len(hits)]
        return Answer(
            total=len(total),
            places=sum(len(self.works[n].places) for n in total),
            partial=len(tail),
            page=page,
            pages=pages,
            hits=[self.works[n].id for n in hits],
            complete=[n in total for n in hits],
            scores=[scores[n] for n in hits],
            facets=self.count_facets(query, found, kept),
            dropped=[a.text for i, a in enumerate(wanted) if kept and i not in kept],
        )

    def read_years(self, query: Query) -> tuple[Query, str]:
        """Return the query with typed years as its filter, and the words that are left."""
        every = sorted({v for values in self.values for v in values["year"]})
        chosen, bounds, rest = set(query.chosen("year")), [], []
        for part in query.words.split():
            name, _, value = part.partition(":")
            if name == "year":
                first, last = value.split("..")
                inside = {y for y in every if first <= y <= last}
                chosen |= inside or {value}
            elif name == "before":
                bounds.append((part, {y for y in every if y < value}))
            elif name == "after":
                bounds.append((part, {y for y in every if y > value}))
            else:
                rest.append(part)
        for part, inside in bounds:
            chosen = (chosen & inside if chosen else inside) or {part}
        years = tuple(sorted(chosen))
        filters = tuple(pair for pair in query.filters if pair[0] != "year")
        filters += (("year", years),) if years else ()
        typed = " ".join(rest)
        follows = query.words.endswith(" ") or query.words.split()[-1:] != rest[-1:]
        return replace(query, filters=filters), typed + " " if typed and follows else typed

    def is_titled(self, number: int, sequence: Sequence[str]) -> bool:
        return cut_into_words(self.works[number].title) == list(sequence)

    def keep_words(self, found: Sequence[Found], allowed: set[int]) -> set[int]:
        """Return the words that must match: as many as some work has, of these the rarest.

        How rare a word is does not depend on filters. None: no word is found.
        """
        sets = {frozenset(i for i, f in enumerate(found) if n in f.shares) for n in allowed}
        most = max(map(len, sets), default=0)

        def commonness(kept: frozenset[int]) -> tuple[float, int]:
            return sum(math.log1p(len(found[i].shares)) for i in sorted(kept)), sum(
                1 << i for i in kept
            )

        return set(min((s for s in sets if len(s) == most), key=commonness, default=frozenset()))

    def with_words(self, found: Sequence[Found], kept: set[int], allowed: set[int]) -> set[int]:
        """Return which of `allowed` have all the words that are kept."""
        if found and not kept:
            return set()
        return {n for n in allowed if all(n in found[i].shares for i in kept)}

    # Order

    def order(
        self,
        query: Query,
        found: Sequence[Found],
        scores: dict[int, float],
        titled: Sequence[int],
        numbers: set[int],
    ) -> list[int]:
        """Return works in the query's order; by default the best first, else the newest."""
        dated = any(work.date for work in self.works)
        sort = query.sort
        if sort is None or (sort == "relevance" and not found) or (sort != "title" and not dated):
            sort = "relevance" if found else "newest" if dated else "title"
        if sort == "relevance":
            begun = {n for f in found for n in f.begun}
            return sorted(numbers, key=lambda n: (n not in titled, n in begun, -scores[n], n))
        if sort == "title":
            return sorted(numbers, key=lambda n: (fold(self.works[n].title), n))
        if sort == "oldest":
            with_date = sorted((n for n in numbers if self.works[n].date), reverse=True)
            return with_date + sorted(n for n in numbers if not self.works[n].date)
        return sorted(numbers)

    def score(
        self, number: int, found: Sequence[Found], wanted: Sequence[Asked], sequence: Sequence[str]
    ) -> float:
        """Return the sum of a work's shares with what lifts it; 0 without words."""
        if not found:
            return 0.0
        base = sum((f.shares.get(number, 0.0) for f in found), 0.0)
        return base + self.words.lift(number, wanted, sequence, base)

    # Filters and facets

    def pass_filters(self, query: Query, facets: Iterable[Facet]) -> set[int]:
        """Return the works that the filters of `facets` let pass."""
        left = self.every - self.left_out
        return {n for n in left if all(self.passes(n, query, facet) for facet in facets)}

    def passes(self, number: int, query: Query, facet: Facet) -> bool:
        values, chosen = self.values[number][facet.name], set(query.chosen(facet.name))
        if chosen and not (chosen <= values if facet.every else chosen & values):
            return False
        return not values & set(query.without(facet.name))

    def count_facets(
        self,
        query: Query,
        found: Sequence[Found],
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
