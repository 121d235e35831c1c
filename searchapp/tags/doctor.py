"""What an owner should know of the tags: all of them, and what wants a decision.

works, tags, vocabulary --examine--> Examination --cli--> `searchapp tags`
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from searchapp.documents import Tag, Work
from searchapp.slugs import slug_of_tag, squash
from searchapp.tags.candidates import Candidate, find_candidates, measure_usage
from searchapp.tags.vocabulary import Described, Vocabulary, is_tag


@dataclass(frozen=True)
class Examination:
    """All tags with their counts, and what may want mending.

    `empty` are tags that a list or `tags.toml` names and no work has, `once` those of one
    work alone, `untagged` the works without any.
    """

    tags: tuple[tuple[Tag, int], ...]
    empty: tuple[Tag, ...]
    once: tuple[Tag, ...]
    candidates: tuple[Candidate, ...]
    untagged: tuple[Work, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as the JSON document of `tags --json`."""
        return {
            "tags": [
                {"tag": tag.slug, "label": tag.label, "count": count, "aliases": list(tag.aliases)}
                for tag, count in self.tags
            ],
            "empty": [tag.slug for tag in self.empty],
            "once": [tag.slug for tag in self.once],
            "candidates": [asdict(candidate) for candidate in self.candidates],
            "untagged": [
                {"work": w.id, "title": w.title, "documents": [d.id for d in w.documents]}
                for w in self.untagged
            ],
        }


def examine(
    works: Sequence[Work], tags: Sequence[Tag], vocabulary: Vocabulary, declared: Iterable[str] = ()
) -> Examination:
    """Look through the tags of works; `declared` are names that lists have without entries."""
    counts = Counter(slug for work in works for slug in work.tags)
    empty = unused_tags(tags, vocabulary, declared)
    usage = measure_usage(works, [*tags, *empty], [tag.slug for tag in empty])
    by_count = sorted(tags, key=lambda tag: (-counts[tag.slug], tag.slug))
    return Examination(
        tuple((tag, counts[tag.slug]) for tag in by_count),
        tuple(empty),
        tuple(tag for tag in tags if counts[tag.slug] == 1),
        tuple(find_candidates(usage, vocabulary)),
        tuple(work for work in works if not work.tags),
    )


def unused_tags(
    tags: Sequence[Tag], vocabulary: Vocabulary, declared: Iterable[str] = ()
) -> list[Tag]:
    """Return the tags that somebody named and no work has, by their slugs."""
    used = {squash(tag.slug) for tag in tags}
    named = {vocabulary.slug(name): name for name in declared if is_tag(name)}
    bundled = (slug for slugs in vocabulary.bundles.values() for slug in slugs)
    parents = (slug for described in vocabulary.tags.values() for slug in described.parents)
    found: dict[str, Tag] = {}
    for slug in (*vocabulary.tags, *named, *bundled, *parents):
        if squash(slug) not in used and squash(slug) not in found:
            said = vocabulary.tags.get(slug, Described())
            label = said.label or named.get(slug, slug.replace("-", " "))
            aliases = tuple(name for name in vocabulary.aliases_of.get(slug, ()) if name != label)
            found[squash(slug)] = Tag(slug, label, aliases, said.description, said.parents)
    return sorted(found.values(), key=lambda tag: tag.slug)


def spelling_of(tag: Tag, vocabulary: Vocabulary) -> str:
    """Return how a tag is to be written in an entry: as it is mostly, if that leads to it.

    "Mixture of experts" may be what visitors read of `moe`, and would be a tag of its own.
    """
    own = [n for n in (tag.label, *tag.aliases) if squash(slug_of_tag(n)) == squash(tag.slug)]
    return next((n for n in own if squash(vocabulary.slug(n)) == squash(tag.slug)), tag.slug)
