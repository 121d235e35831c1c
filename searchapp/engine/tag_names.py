"""What any answer needs of the names of tags, worked out when the index is built.

tags --find_synonyms, in the order of labels--> one line of JSON in works.sqlite --> Names

To read five thousand tags with all that is said of them, cut their names into words and sort
their labels took half of the time from a closed index to its first answer. What is said of a tag
is read where a page shows it.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.documents import Tag
from searchapp.engine.analysis import cut_into_words
from searchapp.slugs import fold, slug_of_tag, squash

Words = tuple[str, ...]
Synonyms = Mapping[Words, tuple[Words, ...]]


@dataclass(frozen=True)
class TagNames:
    """The label of each tag by its slug, in the order in which they are shown.

    `named` has all names of a tag that has others beside its label; `synonyms` are, by each name
    as words, the others. `spelt` has the slug of each tag by whatever the spellings of each of its
    names share.
    """

    labels: Mapping[str, str]
    named: Mapping[str, str]
    synonyms: Synonyms
    spelt: Mapping[str, str]

    def names_of(self, slug: str) -> str:
        """Return all names of a tag, nothing of one that is not known."""
        return self.named.get(slug) or self.labels.get(slug, "")


def write_tag_names(tags: Sequence[Tag]) -> str:
    """Return the names of tags as a line that `read_tag_names` reads."""
    ordered = sorted(
        {tag.slug: tag for tag in tags}.values(), key=lambda t: order_of(t.label, t.slug)
    )
    told = {
        "slugs": [tag.slug for tag in ordered],
        "labels": [tag.label for tag in ordered],
        "named": {tag.slug: " ".join((tag.label, *tag.aliases)) for tag in ordered if tag.aliases},
        "synonyms": [*find_synonyms({tag.slug: tag for tag in tags}.values()).items()],
    }
    return json.dumps({**told, "spelt": _find_spellings({tag.slug: tag for tag in tags}.values())})


def _find_spellings(tags: Collection[Tag]) -> dict[str, str]:
    names = {squash(slug_of_tag(name)): tag.slug for tag in tags for name in tag.aliases}
    names |= {squash(slug_of_tag(tag.label)): tag.slug for tag in tags}
    return names | {squash(tag.slug): tag.slug for tag in tags}


def order_of(label: str, value: str) -> tuple[str, str]:
    """Return what orders values that are shown by their labels."""
    return fold(label), value


def read_tag_names(line: str) -> TagNames:
    """Return the names that were written."""
    told = json.loads(line)
    return TagNames(
        dict(zip(told["slugs"], told["labels"], strict=True)),
        told["named"],
        {tuple(words): tuple(map(tuple, others)) for words, others in told["synonyms"]},
        told["spelt"],
    )


def find_synonyms(tags: Iterable[Tag]) -> dict[Words, tuple[Words, ...]]:
    """Return the other names of a tag by each of its names, as words."""
    found: dict[Words, tuple[Words, ...]] = {}
    for tag in tags:
        if not tag.aliases and tag.label.replace(" ", "-").lower() == tag.slug:
            continue  # most have but one name
        names = (tag.label, tag.slug, *tag.aliases)
        as_words = dict.fromkeys(tuple(cut_into_words(name)) for name in names)
        different = _told_apart(words for words in as_words if words)
        for words in different:
            others = tuple(other for other in different if other != words)
            found[words] = (*found.get(words, ()), *others)
    return {words: others for words, others in found.items() if others}


def _told_apart(names: Iterable[Words]) -> list[Words]:
    """Return names each once, whatever their separators: `chain-of-thought` is no other name."""
    return list({"".join(words): words for words in reversed(list(names))}.values())
