"""How facet values are named: found in any spelling, and shown by their labels."""

from collections.abc import Callable, Mapping
from functools import cached_property

from searchapp.documents import Tag
from searchapp.engine.counting import FacetArrays
from searchapp.engine.facet_values import Shown
from searchapp.engine.store import Store
from searchapp.fields import FACET
from searchapp.slugs import slug_of_tag, squash


class Names:
    """The names of one generation's facet values; read from its store when first needed."""

    def __init__(self, facets: Mapping[str, FacetArrays], store: Store) -> None:
        self._facets = facets
        self._store = store

    @cached_property
    def tags(self) -> dict[str, Tag]:
        """What is said of each tag, by its slug."""
        return {tag.slug: tag for tag in self._store.tags()}

    @cached_property
    def _tag_names(self) -> dict[str, str]:
        """The slug of each tag by whatever the spellings of each of its names share."""
        tags = self.tags.values()
        names = {squash(slug_of_tag(name)): tag.slug for tag in tags for name in tag.aliases}
        names |= {squash(slug_of_tag(tag.label)): tag.slug for tag in tags}
        return names | {squash(tag.slug): tag.slug for tag in tags}

    def resolve_tag(self, name: str) -> str:
        """Return the slug of the tag that is meant by `name`, its own slug where none is."""
        slug = slug_of_tag(name)
        return self._tag_names.get(squash(slug), slug)

    def resolve(self, facet: str, value: str) -> str | None:
        """Return a facet's value as it is indexed; None where no work has it."""
        return self._facets[facet].find(self.resolve_tag(value) if facet == "tag" else value)

    def label(self, facet: str, value: str) -> str:
        """Return how a value is shown."""
        if facet == "tag":
            slug = self.resolve_tag(value)
            return self.tags[slug].label if slug in self.tags else value
        return FACET[facet].show(value)

    @cached_property
    def shown(self) -> dict[str, Shown]:
        """How each facet's values are shown, in which order."""
        tags = self.tags
        labels: dict[str, Callable[[str], str]] = {
            "tag": lambda slug: tags[slug].label if slug in tags else slug
        }
        return {
            name: Shown(facet, labels.get(name, FACET[name].show))
            for name, facet in self._facets.items()
        }
