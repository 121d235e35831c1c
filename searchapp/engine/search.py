"""An opened generation answers queries: words, filters, counts, order, hits.

Query -> understood -> words matched -> selected -> counted by facet -> ordered -> cut to a page
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np

from searchapp.documents import Guide, Tag
from searchapp.engine.analysis import key_of_title
from searchapp.engine.arrays import load
from searchapp.engine.caches import cached
from searchapp.engine.clauses import Finder
from searchapp.engine.counting import FacetArrays, Filters, open_facets
from searchapp.engine.elsewhere import Elsewhere
from searchapp.engine.explaining import Explanation, explain
from searchapp.engine.facet_arrays import Counts, Ints, Together
from searchapp.engine.facet_values import FacetValues
from searchapp.engine.generations import Generation
from searchapp.engine.hits import make_hits
from searchapp.engine.keywords import Keywords
from searchapp.engine.matching import Match, Matcher
from searchapp.engine.names import Names
from searchapp.engine.phrases import FOLDER as PHRASES
from searchapp.engine.phrases import WordOrder
from searchapp.engine.reading import correct, find_slips, may_slip, mend
from searchapp.engine.results import (
    FacetValue,
    Hit,
    Results,
    Site,
    TagInfo,
    Understood,
    WorkPage,
)
from searchapp.engine.scoring import Ranking
from searchapp.engine.selection import FEW_WORDS, Selection, select
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store
from searchapp.engine.typos import Typos
from searchapp.engine.understanding import Asked, tell_dropped, tell_slips, understand
from searchapp.engine.words import Wanted, read_wanted, words_of
from searchapp.fields import SORTS
from searchapp.kernels import having
from searchapp.query import Query
from searchapp.typed import read_typed

CACHED_ANSWERS = 256

_KEY = re.compile(r"[0-9a-fA-F]{12}")


def is_key(text: str) -> bool:
    """Whether `text` may be the key of a document."""
    return _KEY.fullmatch(text) is not None


class Reader:
    """One generation, opened; immutable, so that any number of threads may ask it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._arrays = load(generation.path / "arrays")
        self._store = Store(generation.path / "works.sqlite")
        self.rows = len(self._arrays["works.ids"])
        self._ids = np.asarray(self._arrays["works.ids"])
        self._places = np.asarray(self._arrays["works.places"])
        self._titles = np.asarray(self._arrays["works.titles"])
        self._dated = int(np.count_nonzero(self._arrays["works.days"]))
        self.facets: dict[str, FacetArrays] = open_facets(self._arrays, self.rows)
        self._filled = [(name, facet) for name, facet in self.facets.items() if len(facet)]
        sizes = {name: len(facet) for name, facet in self.facets.items()}
        self._together = Together(self._arrays, sizes)
        self._names = Names(self.facets, self._store)
        self._matcher = Matcher(self._arrays)
        order = WordOrder(generation.path / PHRASES)
        self._finder = Finder(self._matcher, order)
        self._typos = Typos(self._arrays, self._matcher.words)
        self._keywords = Keywords(self._arrays)
        titles = np.asarray(self._arrays["works.title_keys"], np.uint64)
        self._ranking = Ranking(self._matcher, order, self._keywords, titles)
        self.answer = cached(CACHED_ANSWERS, self._answer)

    @cached_property
    def site(self) -> Site:
        """What the owner says of the whole."""
        return self._store.site()

    @cached_property
    def built(self) -> str:
        """When the generation was built, as ISO 8601 in UTC."""
        written = (self.generation.path / "manifest.json").stat().st_mtime
        return datetime.fromtimestamp(written, UTC).isoformat(timespec="seconds")

    def label(self, facet: str, value: str) -> str:
        """Return how a value is shown."""
        return self._names.label(facet, value)

    def nearest(self, facet: str, value: str) -> tuple[str, ...]:
        """Return the values that one which no work has may be meant to be; of a known one none."""
        is_known = self._names.resolve(facet, value) is not None
        return () if is_known else self._names.nearest(facet, value)

    def work(self, key: str) -> WorkPage | None:
        """Return the work with a document whose key is `key` (12 hex digits), or None."""
        page = self._store.work(int(key, 16)) if is_key(key) else None
        if page is None:
            return None
        row = int(np.flatnonzero(self._ids == int(page.hit.id, 16))[0])
        kin = page.kin
        near = [int(k.id, 16) for k in (*kin.series, *kin.translations, *kin.versions)]
        beside = np.flatnonzero(np.isin(self._ids, np.array(near, self._ids.dtype)))
        ids: list[int] = self._ids[self._keywords.related(row, beside)].tolist()
        return replace(page, related=tuple(self._store.records(ids)))

    def rendered(self) -> Iterator[Hit]:
        """Yield the works whose rendered piece is here."""
        return self._store.rendered()

    def has_image(self, path: str) -> bool:
        """Whether a rendered piece shows the image at `path` below the content folder."""
        return self._store.has_image(path)

    @cached_property
    def guide(self) -> Guide:
        """What leads through the tags."""
        return self._store.guide()

    @cached_property
    def tags(self) -> tuple[TagInfo, ...]:
        """All tags that some work has, most used first."""
        return tuple(sorted(self._in_use.values(), key=lambda t: (-t.count, t.label.casefold())))

    def tag(self, name: str) -> TagInfo | None:
        """Return the tag of that name, in any spelling or by an alias."""
        return self._in_use.get(self._names.resolve_tag(name))

    @cached_property
    def _in_use(self) -> dict[str, TagInfo]:
        """Each tag that some work has, by its slug."""
        facet = self.facets["tag"]
        counts = facet.count_all().tolist()
        spans = facet.spans(self._arrays["works.days"])
        return {
            slug: self._tag_info(slug, count, span)
            for slug, count, span in zip(facet.values, counts, spans, strict=True)
        }

    def _tag_info(self, slug: str, count: int, span: tuple[int, int]) -> TagInfo:
        tag = self._names.tags.get(slug) or Tag(slug, slug)
        first, last = (date.fromordinal(day).isoformat() if day else None for day in span)
        said = (tag.aliases, tag.description, tag.parents)
        return TagInfo(slug, tag.label, count, *said, first, last)

    # A query, step by step

    def _answer(self, query: Query, limit: int, snippets: bool, facets: bool) -> Results:
        asked = understand(query, self._names)
        query = asked.query
        kept = self._finder.without(asked.wanted.without)
        filters = Filters(self.facets, query, kept)
        match = self._match(asked.wanted)
        selection = select(match, filters.allowed(), self.rows, self._ranking.rank)
        match = selection.match
        total = len(selection.rows)
        pages = max(1, -(-total // limit))
        page = min(query.page, pages)
        notes = asked.notes
        if page < query.page:
            notes += (f"There is no page {query.page}; page {pages} is the last.",)
        sort, sorts = self._choose_sort(query, selection)
        shown, tail = self._shown(selection, sort, limit, page)
        return Results(
            query=_as_answered(query, None if sort == sorts[0] else sort, page),
            total=total,
            places=int(np.add.reduce(self._places.take(selection.rows))),
            generation=self.generation.number,
            page=page,
            pages=pages,
            limit=limit,
            sort=sort,
            sorts=sorts,
            understood=(*asked.understood, *self._tell(selection)),
            correction=self._correct(query, match, filters),
            partial=selection.partial,
            hits=self._hits(shown, tail, asked, match, snippets),
            facets=self._count(query, filters, selection) if facets else {},
            notes=notes,
        )

    def _match(self, wanted: Wanted) -> Match | None:
        if not wanted.clauses:
            return None
        found = [self._finder.find(clause) for clause in wanted.clauses]
        clauses = list(wanted.clauses)
        for i, clause in enumerate(clauses):
            if not found[i].works and len(clauses) <= FEW_WORDS:
                clauses[i] = mend(clause, found[i], self._finder, self._typos)
                found[i] = self._finder.find(clauses[i])
        beside = tuple(map(self._finder.find, wanted.beside))
        key = 0 if wanted.beside else key_of_title(wanted.sequence)
        match = Match(tuple(clauses), tuple(found), beside, None, wanted.sequence, key)
        return self._ranking.learn(match)

    def explain(self, query: Query, ids: Sequence[str]) -> dict[str, Explanation]:
        """Return why hits of `query` stand where they do; nothing for a query without words."""
        wanted = understand(query, self._names).wanted
        match = self._match(wanted)
        if match is None:
            return {}
        clauses = (*match.clauses, *wanted.beside)
        rows = {key: int(np.flatnonzero(self._ids == int(key, 16))[0]) for key in ids}
        return {key: explain(row, clauses, match, self._ranking) for key, row in rows.items()}

    def count(self, query: Query) -> int:
        """Return how many works have all the words of `query` and pass its filters."""
        selection = self._select(query)
        return 0 if selection.dropped else len(selection.rows)

    def finds(self, query: Query, key: str) -> bool:
        """Whether the work with the id `key` is among those that `count` counts of `query`."""
        selection = self._select(query)
        if selection.dropped:
            return False
        return bool((self._ids[selection.rows] == int(key, 16)).any())

    def count_documents(self) -> int:
        """Return how many documents the works are made of."""
        return self._store.count_documents()

    def _select(self, query: Query) -> Selection:
        asked = understand(query, self._names)
        kept = self._finder.without(asked.wanted.without)
        filters = Filters(self.facets, asked.query, kept)
        match = self._match(asked.wanted)
        return select(match, filters.allowed(), self.rows, self._ranking.rank)

    def _tell(self, selection: Selection) -> Iterator[Understood]:
        if selection.match:
            yield from tell_slips(
                [clause for clause in selection.match.clauses if clause not in selection.dropped]
            )
        described = len(selection.match.clauses) > FEW_WORDS if selection.match else False
        yield from tell_dropped(selection.dropped, len(selection.rows), described)

    def _correct(
        self, query: Query, match: Match | None, filters: Filters
    ) -> dict[str, object] | None:
        """Return the words that were meant, where some are mistyped, with the total they have."""
        if match is None or len(match.clauses) > FEW_WORDS or not may_slip(match):
            return None
        slips = find_slips(match, self._finder, self._typos)
        words = correct(slips, query.words) if slips else None
        if words is None:
            return None
        wanted = read_wanted(read_typed(words + " "))
        selection = select(self._match(wanted), filters.allowed(), self.rows, self._ranking.rank)
        total = len(selection.rows)
        return {"q": words, "total": total} if total and not selection.dropped else None

    def _choose_sort(self, query: Query, selection: Selection) -> tuple[str, tuple[str, ...]]:
        """Return the order to use, and those that make sense here; the first is the default."""
        sorts = self._sorts[selection.match is not None]
        return (query.sort if query.sort in sorts else sorts[0]), sorts

    @cached_property
    def _sorts(self) -> dict[bool, tuple[str, ...]]:
        """The orders that make sense without words, and with some."""
        has = {"dates": self._dated > 0, "nothing": True}
        return {
            words: tuple(sort.name for sort in SORTS if {**has, "words": words}[sort.needs])
            for words in (False, True)
        }

    def _shown(self, selection: Selection, sort: str, limit: int, page: int) -> tuple[Ints, Ints]:
        """Return the rows of a page; on the last page those of the tail that it has room for."""
        left = page * limit - len(selection.rows)
        groups = [(selection.rows, page * limit)]
        if left > 0:
            groups.append((selection.tail, left))
        match = selection.match
        if sort == "relevance" and match is not None:
            ordered = self._ranking.rank_each(groups, match)
        else:
            ordered = [self._order(rows, sort)[:count] for rows, count in groups]
        return ordered[0][(page - 1) * limit :], ordered[1] if left > 0 else ordered[0][:0]

    def _order(self, rows: Ints, sort: str) -> Ints:
        """Return `rows`, given in row order, in the order `sort`."""
        if sort == "oldest":
            dated = np.searchsorted(rows, self._dated)
            rows = np.concatenate((rows[:dated][::-1], rows[dated:]))
        elif sort == "title":
            rows = rows[np.argsort(self._titles[rows], kind="stable")]
        return rows

    def _hits(
        self, rows: Ints, tail: Ints, asked: Asked, match: Match | None, snippets: bool
    ) -> tuple[Hit, ...]:
        shown = np.concatenate((rows, tail)) if len(tail) else rows
        at: list[int] = shown.tolist()
        scores = self._ranking.scores(at, match) if match else None
        ids: list[int] = self._ids.take(shown).tolist()
        if not snippets:
            return make_hits(self._store, ids, scores, len(rows), None)
        clauses = (*(match.clauses if match else ()), *asked.wanted.beside)
        names_of = self._names.names_of
        highlighter = Highlighter(tuple(words_of(clauses)), self._matcher.languages)
        elsewhere = Elsewhere(clauses, highlighter, self._matcher, names_of, at), at
        return make_hits(self._store, ids, scores, len(rows), highlighter, names_of, elsewhere)

    def _count(
        self, query: Query, filters: Filters, selection: Selection
    ) -> dict[str, Sequence[FacetValue]]:
        """Count each facet's values under all filters of the others."""
        together = self._together.count(selection.rows, selection.mask)
        counted: dict[str, Sequence[FacetValue]] = {}
        chosen, without = dict(query.filters), dict(query.excluded)
        for name, facet in self._filled:
            if facet.facet.needs and facet.facet.needs not in chosen:
                continue
            if filters.touches(facet.facet):
                counts = self._count_apart(facet, filters, selection)
            else:
                counts = together[name] if name in together else facet.count(selection.rows)
            counted[name] = FacetValues(
                facet,
                self._names.shown[name],
                counts,
                chosen.get(name, ()),
                without.get(name, ()),
            )
        return counted

    def _count_apart(self, facet: FacetArrays, filters: Filters, selection: Selection) -> Counts:
        """Count a facet that is filtered itself: under the filters of the others.

        The words are those that the hits were found by, so that counts and total agree.
        """
        masks = filters.masks_for(facet.facet)
        if match := selection.match:
            masks += match.masks(selection.needed or match.full)
        if not masks:
            return facet.count_all()
        counts = self._together.count_facet(facet.facet.name, masks)
        return facet.count(having(masks, None)[1]) if counts is None else counts


def _as_answered(query: Query, sort: str | None, page: int) -> Query:
    """Return the question with the order and page that were given."""
    if (query.sort, query.page) == (sort, page):
        return query
    return replace(query, sort=sort, page=page)
