"""How facet values are named: found in any spelling, and shown by their labels."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from searchapp.documents import Tag
from searchapp.engine.counting import FacetArrays
from searchapp.engine.facet_values import Shown
from searchapp.engine.near_values import near_values, next_values
from searchapp.engine.store import Store
from searchapp.engine.tag_names import Synonyms, TagNames
from searchapp.fields import FACET
from searchapp.slugs import fold, slug_of_tag, squash


class Names:
    """The names of one generation's facet values; read from its store as far as they are needed."""

    def __init__(self, facets: Mapping[str, FacetArrays], store: Store) -> None:
        self._facets = facets
        self._store = store
        self._worded: dict[str, dict[str, str]] = {}
        self._spelt: dict[str, list[tuple[str, str, str]]] = {}

    @cached_property
    def _told(self) -> TagNames:
        """What any answer needs of the names of tags."""
        return self._store.tag_names()

    @cached_property
    def tags(self) -> dict[str, Tag]:
        """What is said of each tag, by its slug."""
        return {tag.slug: tag for tag in self._store.tags()}

    def names_of(self, slug: str) -> str:
        """Return all names of a tag, by any of which its works are found."""
        return self._told.names_of(slug)

    def resolve_tag(self, name: str) -> str:
        """Return the slug of the tag that is meant by `name`, its own slug where none is."""
        slug = slug_of_tag(name)
        return self._told.spelt.get(squash(slug), slug)

    def resolve(self, facet: str, value: str) -> str | None:
        """Return a facet's value as it is indexed; None where no work has it.

        It may be written as it is shown, and by its words alone, whatever stands around them.
        """
        if facet == "tag":
            return self._facets[facet].find(self.resolve_tag(value))
        return self._facets[facet].find(value) or self._by_words(facet).get(slug_of_tag(value))

    def _by_words(self, facet: str) -> dict[str, str]:
        """Return the values of a facet by their own words and by those of their labels."""
        if facet not in self._worded:
            values = self._facets[facet].values[::-1]  # of two with the same words the first
            words = {slug_of_tag(self.label(facet, value)): value for value in values}
            words |= {slug_of_tag(value): value for value in values}
            words.pop("", None)
            self._worded[facet] = words
        return self._worded[facet]

    def label(self, facet: str, value: str) -> str:
        """Return how a value is shown."""
        if facet == "tag":
            labels = self._told.labels
            slug = value if value in labels else self.resolve_tag(value)
            return labels.get(slug, value)
        return FACET[facet].show(value)

    @cached_property
    def shown(self) -> dict[str, Shown]:
        """How each facet's values are shown, in which order."""
        return {
            name: Shown(facet, *self._labels_of(name, facet))
            for name, facet in self._facets.items()
        }

    def _labels_of(
        self, name: str, facet: FacetArrays
    ) -> tuple[Callable[[str], str], Sequence[int] | None]:
        """Return how a facet's values are labelled, and their order where it is known."""
        if name != "tag":
            return FACET[name].show, None
        labels = self._told.labels
        codes = dict(zip(facet.values, range(len(facet)), strict=True))
        ordered = [codes[slug] for slug in labels if slug in codes]
        is_whole = len(ordered) == len(facet)
        return lambda slug: labels.get(slug, slug), ordered if is_whole else None

    def between(self, facet: str, wanted: str) -> tuple[str, ...]:
        """Return the values from a to b of `a..b`, both included; either may be left out."""
        first, _, last = wanted.partition("..")
        first, last = first.strip(), last.strip()
        return tuple(
            value
            for value in self._facets[facet].values
            if value >= first and (not last or value <= last or value.startswith(last))
        )

    def spread(self, facet: str, values: Iterable[str]) -> tuple[str, ...]:
        """Return values with each range in the place of which its values stand."""
        if not FACET[facet].ranges:
            return tuple(values)
        several = (self.between(facet, v) or (v,) if ".." in v else (v,) for v in values)
        return tuple(dict.fromkeys(value for some in several for value in some))

    def begin_with(self, facet: str, text: str) -> tuple[str, ...]:
        """Return the values that begin with `text`, also by their labels."""
        start = fold(text)
        return tuple(
            value
            for name, label, value in self._folded(facet)
            if name.startswith(start) or label.startswith(start)
        )

    def nearest(self, facet: str, text: str, most: int = 2) -> tuple[str, ...]:
        """Return the values that may be meant by `text`, which no work has.

        Those that begin with it, else those within a slip or two; of years the neighbours.
        """
        if not text.strip():
            return ()
        if FACET[facet].ranges:
            return tuple(next_values(self._facets[facet].values, text))[:most]
        begun = self.begin_with(facet, text)[:most]
        return begun or tuple(near_values(self._folded(facet), text, most))

    def _folded(self, facet: str) -> list[tuple[str, str, str]]:
        """Return the values of a facet as they begin when typed: folded, and so are their labels.

        Folded once: a question may have dozens of filters that nothing has, and a facet thousands
        of values.
        """
        if facet not in self._spelt:
            values = self._facets[facet].values
            self._spelt[facet] = [(fold(v), fold(self.label(facet, v)), v) for v in values]
        return self._spelt[facet]

    @property
    def synonyms(self) -> Synonyms:
        """The other names of a tag by each of its names, as words."""
        return self._told.synonyms

    @cached_property
    def synonym_starts(self) -> frozenset[str]:
        """The words that such a name begins with: where none is typed, there is none."""
        return frozenset(words[0] for words in self.synonyms)

    @cached_property
    def longest_synonym(self) -> int:
        """How many words the longest of these names has."""
        return max(map(len, self.synonyms), default=0)
