"""An opened generation answers queries: words, filters, counts, order, hits.

Query -> words matched -> filtered -> counted by facet -> ordered -> cut to a page
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import repeat
from typing import Any

import numpy as np

from searchapp.documents import Guide, Tag
from searchapp.engine.arrays import load
from searchapp.engine.copies import find_copy
from searchapp.engine.counting import Bools, FacetArrays, FacetValues, Filters, Shown, open_facets
from searchapp.engine.generations import Generation
from searchapp.engine.matching import Ints, Match, Matcher, Word, choose_words, rank, read_words
from searchapp.engine.results import (
    CopyHit,
    FacetValue,
    Hit,
    Results,
    Site,
    TagInfo,
    Understood,
    WorkPage,
)
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store
from searchapp.fields import FACET, SORTS
from searchapp.query import MAX_WORDS, Query, read_typed
from searchapp.query import Filters as QueryFilters
from searchapp.slugs import slug_of_tag, squash

CACHED_ANSWERS = 256

_KEY = re.compile(r"[0-9a-fA-F]{12}")


def is_key(text: str) -> bool:
    """Whether `text` may be the key of a document."""
    return _KEY.fullmatch(text) is not None


@dataclass(frozen=True)
class Selection:
    """Which works a query found: those that count, in row order, and the tail."""

    match: Match | None
    rows: Ints
    tail: Ints
    dropped: tuple[Word, ...]


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
        self._matcher = Matcher(self._arrays)
        self.answer = lru_cache(CACHED_ANSWERS)(self._answer)

    @cached_property
    def site(self) -> Site:
        """What the owner says of the whole."""
        return self._store.site()

    @cached_property
    def built(self) -> str:
        """When the generation was built, as ISO 8601 in UTC."""
        written = (self.generation.path / "manifest.json").stat().st_mtime
        return datetime.fromtimestamp(written, UTC).isoformat(timespec="seconds")

    @cached_property
    def _tags(self) -> dict[str, Tag]:
        return {tag.slug: tag for tag in self._store.tags()}

    @cached_property
    def _tag_names(self) -> dict[str, str]:
        """The slug of each tag by whatever the spellings of each of its names share."""
        tags = self._tags.values()
        names = {squash(slug_of_tag(name)): tag.slug for tag in tags for name in tag.aliases}
        names |= {squash(slug_of_tag(tag.label)): tag.slug for tag in tags}
        return names | {squash(tag.slug): tag.slug for tag in tags}

    def work(self, key: str) -> WorkPage | None:
        """Return the work with a document whose key is `key` (12 hex digits), or None."""
        return self._store.work(int(key, 16)) if is_key(key) else None

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
        return self._in_use.get(self._resolve_tag(name))

    @cached_property
    def _in_use(self) -> dict[str, TagInfo]:
        """Each tag that some work has, by its slug."""
        facet = self.facets["tag"]
        counts = facet.count(None).tolist()
        spans = facet.spans(self._arrays["works.days"])
        return {
            slug: self._tag_info(slug, count, span)
            for slug, count, span in zip(facet.values, counts, spans, strict=True)
        }

    def _tag_info(self, slug: str, count: int, span: tuple[int, int]) -> TagInfo:
        tag = self._tags.get(slug) or Tag(slug, slug)
        first, last = (date.fromordinal(day).isoformat() if day else None for day in span)
        said = (tag.aliases, tag.description, tag.parents)
        return TagInfo(slug, tag.label, count, *said, first, last)

    def _resolve_tag(self, name: str) -> str:
        slug = slug_of_tag(name)
        return self._tag_names.get(squash(slug), slug)

    # A query, step by step

    def _answer(self, query: Query, limit: int, snippets: bool) -> Results:
        asked, words, understood, notes = self._understand(query)
        filters = Filters(self.facets, asked, self.rows)
        selection = self._select(words, filters.allowed())
        total = len(selection.rows)
        pages = max(1, -(-total // limit))
        page = min(asked.page, pages)
        if page < asked.page:
            notes += (f"There is no page {asked.page}; page {pages} is the last.",)
        sort, sorts = self._choose_sort(asked, selection)
        rows = self._order(selection.rows, sort, selection.match, page * limit)
        shown = rows[(page - 1) * limit : page * limit]
        tail = selection.tail[:0]
        if len(shown) < limit and page == pages:
            tail = self._order(selection.tail, sort, selection.match, limit - len(shown))
        return Results(
            query=replace(asked, sort=None if sort == sorts[0] else sort, page=page),
            total=total,
            places=int(self._places[selection.rows].sum()),
            generation=self.generation.number,
            page=page,
            pages=pages,
            limit=limit,
            sort=sort,
            sorts=sorts,
            understood=understood + _note_dropped(selection.dropped),
            correction=None,
            partial=len(selection.tail),
            hits=self._hits(shown, tail, words, selection.match, snippets),
            facets=self._count(asked, filters, selection, words),
            notes=notes,
        )

    def _understand(
        self, query: Query
    ) -> tuple[Query, list[Word], tuple[Understood, ...], tuple[str, ...]]:
        """Read typed filters and resolve names; say what was read how."""
        typed = read_typed(query.words)
        chosen = dict(query.filters)
        without = dict(query.excluded)
        understood, notes = [], list(query.notes)
        for triples, kept, word in (
            (typed.filters, chosen, "with"),
            (typed.excluded, without, "without"),
        ):
            for facet, value, text in triples:
                kept[facet] = (*kept.get(facet, ()), value)
                note = f"pieces {word} {FACET[facet].label.lower()} “{self.label(facet, value)}”"
                understood.append(Understood(text, "filter", note))
        words = read_words(typed.words)
        notes += _note_unread(typed.words.strip(), words)
        words = words[:MAX_WORDS]
        understood += [Understood(w.text, "prefix" if w.prefix else "word") for w in words]
        asked = replace(
            query,
            words=typed.words if typed.filters or typed.excluded else query.words,
            filters=self._resolve(chosen, notes),
            excluded=self._resolve(without, notes),
        )
        return asked, words, tuple(understood), tuple(notes)

    def _resolve(self, filters: dict[str, tuple[str, ...]], notes: list[str]) -> QueryFilters:
        """Return filters by the values that the index has; an unknown one stays, and is told."""
        resolved: dict[str, set[str]] = {}
        for name, values in filters.items():
            found = {value: self._resolve_value(name, value) for value in values}
            notes += _note_unknown(FACET[name].label, [v for v in found if found[v] is None])
            resolved[name] = {known or value for value, known in found.items()}
        return tuple((name, tuple(sorted(resolved[name]))) for name in FACET if name in resolved)

    def _resolve_value(self, name: str, value: str) -> str | None:
        return self.facets[name].find(self._resolve_tag(value) if name == "tag" else value)

    @cached_property
    def _shown(self) -> dict[str, Shown]:
        """How each facet's values are shown, in which order."""
        tags = self._tags
        labels = {"tag": lambda slug: tags[slug].label if slug in tags else slug}
        return {
            name: Shown(facet, labels.get(name, FACET[name].show))
            for name, facet in self.facets.items()
        }

    def label(self, facet: str, value: str) -> str:
        """Return how a value is shown."""
        if facet == "tag":
            slug = self._resolve_tag(value)
            return self._tags[slug].label if slug in self._tags else value
        return FACET[facet].show(value)

    def _select(self, words: list[Word], allowed: Bools | None) -> Selection:
        if not words:
            every = np.arange(self.rows) if allowed is None else np.flatnonzero(allowed)
            return Selection(None, every, every[:0], ())
        match = self._matcher.match(words)
        needed = choose_words(match, allowed)
        bits = match.bits if allowed is None else np.where(allowed, match.bits, np.uint16(0))
        has_all = (bits & needed == needed) & (needed > 0)
        dropped = tuple(w for i, w in enumerate(words) if needed and not needed >> i & 1)
        return Selection(
            match, np.flatnonzero(has_all), np.flatnonzero((bits > 0) & ~has_all), dropped
        )

    def _choose_sort(self, query: Query, selection: Selection) -> tuple[str, tuple[str, ...]]:
        """Return the order to use, and those that make sense here; the first is the default."""
        has = {"words": selection.match is not None, "dates": self._dated > 0, "nothing": True}
        sorts = tuple(sort.name for sort in SORTS if has[sort.needs])
        return (query.sort if query.sort in sorts else sorts[0]), sorts

    def _order(self, rows: Ints, sort: str, match: Match | None, count: int) -> Ints:
        """Return the first `count` of `rows`, given in row order, in the order `sort`."""
        if sort == "relevance" and match is not None:
            return rank(rows, match, count)
        if sort == "oldest":
            dated = np.searchsorted(rows, self._dated)
            rows = np.concatenate((rows[:dated][::-1], rows[dated:]))
        elif sort == "title":
            rows = rows[np.argsort(self._titles[rows], kind="stable")]
        return rows[:count]

    def _hits(
        self, rows: Ints, tail: Ints, words: list[Word], match: Match | None, snippets: bool
    ) -> tuple[Hit, ...]:
        shown = np.concatenate((rows, tail))
        if not len(shown):
            return ()
        ids: list[int] = self._ids[shown].tolist()
        marks = self._snippets(ids, words) if snippets else repeat(("", None))
        scores = match.scores[shown].tolist() if match else repeat(0.0)
        return tuple(
            Hit(
                **(
                    record
                    | {
                        "snippet": snippet,
                        "matched": matched,
                        "complete": i < len(rows),
                        "score": score,
                    }
                )
            )
            for i, (record, (snippet, matched), score) in enumerate(
                zip(self._store.records(ids), marks, scores, strict=False)
            )
        )

    def _snippets(self, ids: Sequence[int], words: list[Word]) -> list[tuple[str, CopyHit | None]]:
        """Return each work's snippet, and the copy it is of where the work itself lacks words."""
        highlighter = Highlighter(words, self._matcher.languages)
        records, texts = self._store.records(ids), self._store.texts(ids)
        copies = self._store.copies(ids) if words else {}
        cut: list[tuple[str, CopyHit | None]] = []
        for work, text, record in zip(ids, texts, records, strict=True):
            found = None
            if work in copies:
                shown = (record["title"], record["summary"], *self._names_of(record), text)
                found = find_copy(highlighter, shown, copies[work], self._matcher.languages)
            matched, snippet = found or (None, "")
            cut.append((snippet or highlighter.snippet(text, record["summary"]), matched))
        return cut

    def _names_of(self, record: Mapping[str, Any]) -> Iterator[str]:
        """Yield all names of a work's tags, by any of which it is found."""
        for tag in (self._tags[slug] for slug in record["tags"] if slug in self._tags):
            yield " ".join((tag.label, *tag.aliases))

    def _count(
        self, query: Query, filters: Filters, selection: Selection, words: list[Word]
    ) -> dict[str, Sequence[FacetValue]]:
        """Count each facet's values under all filters of the others."""
        hits = self._mask(selection.rows) if words or query.has_filters else None
        counted: dict[str, Sequence[FacetValue]] = {}
        for name, facet in self.facets.items():
            if not len(facet) or (facet.facet.needs and not query.chosen(facet.facet.needs)):
                continue
            mask = hits
            if filters.touches(facet.facet):
                mask = self._without_own_filter(facet, filters, selection)
            counted[name] = FacetValues(
                facet,
                self._shown[name],
                facet.count(mask),
                query.chosen(name),
                query.without(name),
            )
        return counted

    def _without_own_filter(
        self, facet: FacetArrays, filters: Filters, selection: Selection
    ) -> Bools | None:
        """Return the works that a facet's counts are of, when the facet itself is filtered.

        The words are those that the hits were found by, so that counts and total agree.
        """
        allowed = filters.allowed_for(facet.facet)
        match = selection.match
        if match is None:
            return allowed
        dropped = sum(1 << i for i, w in enumerate(match.words) if w in selection.dropped)
        needed = match.full & ~dropped
        with_words: Bools = (match.bits & needed == needed) & bool(needed)
        return with_words if allowed is None else with_words & allowed

    def _mask(self, rows: Ints) -> Bools:
        mask = np.zeros(self.rows, np.bool_)
        mask[rows] = True
        return mask


def _note_unread(text: str, words: list[Word]) -> list[str]:
    """Tell what of the typed words is not searched for."""
    if text and not words:
        return [f"There is no word to search for in “{text}”."]
    if len(words) > MAX_WORDS:
        return [f"Only the first {MAX_WORDS} words were searched for."]
    return []


def _note_unknown(label: str, values: list[str]) -> list[str]:
    """Tell which values of a facet no piece has; a long list is cut."""
    if not values:
        return []
    named = ", ".join(f"“{value[:60]}”" for value in values[:3])
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    return [f"No piece has the {label.lower()} {named}{more}."]


def _note_dropped(dropped: tuple[Word, ...]) -> tuple[Understood, ...]:
    return tuple(
        Understood(word.text, "dropped", f"no piece has “{word.text}” beside the other words")
        for word in dropped
    )
