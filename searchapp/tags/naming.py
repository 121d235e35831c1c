"""Finds where a title or a text names a tag: by its label, its other names, its short form.

"Training MoE right"  ->  moe (the title names it)
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from Stemmer import Stemmer

from searchapp.documents import Tag
from searchapp.slugs import fold, slug_of_tag
from searchapp.tags.abbreviations import KNOWN

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
LONGEST = 6  # words of a name that is looked for
ENOUGH = 3  # times that a text names what it is about

# What a name in the title tells, one in the text at most, and a relative of it in the title.
_TITLE, _TEXT, _PART = 1.0, 0.5, 0.5
LEAST_PART = 0.5  # of the words of a name, rare ones counting more

_STEM = Stemmer("english")


@dataclass(frozen=True, slots=True)
class Named:
    """How a piece names a tag: in its title, how often in its text, or in `part`.

    `part` is the share of the tag's words that have a relative in the title.
    """

    in_title: bool
    times: int
    part: float = 0.0

    @property
    def score(self) -> float:
        """From 0 to 1: a title that names a tag is about it, a text may be."""
        if self.in_title:
            return _TITLE
        return max(_TEXT * min(1.0, self.times / ENOUGH), _PART * self.part)

    @property
    def reason(self) -> str:
        """In words, for the owner."""
        if self.in_title:
            return "the title names it"
        if not self.times:
            return "the title has a word akin to it"
        return f"the text names it {self.times} times" if self.times > 1 else "the text names it"


@dataclass(frozen=True)
class Names:
    """The tags that each name means, by its words without their plural."""

    of: Mapping[tuple[str, ...], frozenset[str]]
    stems: Mapping[str, Mapping[str, float]]

    @classmethod
    def of_tags(cls, tags: Collection[Tag]) -> "Names":
        """Return the names of tags: labels, aliases, and what short names of the field mean.

        A short name that is a word as well counts only as the tag's own: `rest`, `go`.
        """
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for tag in tags:
            own = {slug_of_tag(name) for name in (tag.slug, tag.label, *tag.aliases)}
            also = {other for name in own for other in _other_forms(name)}
            for name in own | also:
                words = tuple(_singular(word) for word in name.split("-"))
                if len(words) <= LONGEST and any(len(word) > 1 for word in words):
                    found[words].add(tag.slug)
        names = {words: frozenset(slugs) for words, slugs in found.items()}
        return cls(names, _weigh_stems(tag.slug for tag in tags))

    def find(self, title: str, text: str) -> dict[str, Named]:
        """Return the tags that a piece names, with the name that tells most."""
        in_title, in_text = self._count(title), self._count(text)
        found: dict[str, Named] = {}
        for words in {**in_title, **in_text}:
            named = Named(words in in_title, in_text[words] + in_title[words])
            for slug in self.of[words]:
                if slug not in found or found[slug].score < named.score:
                    found[slug] = named
        for slug, part in self._find_parts(title).items():
            if slug not in found or found[slug].score < _PART * part:
                found[slug] = Named(False, 0, part)
        return found

    def _find_parts(self, title: str) -> dict[str, float]:
        """Return the tags of whose words a good part has a relative in the title.

        "How are recommendation engines built?" speaks of `recommender-systems`.
        """
        parts: dict[str, float] = defaultdict(float)
        for stem in set(map(_stem, _WORD.findall(fold(title)))):
            for slug, share in self.stems.get(stem, {}).items():
                parts[slug] += share
        return {slug: part for slug, part in parts.items() if part >= LEAST_PART}

    def _count(self, text: str) -> Counter[tuple[str, ...]]:
        """Count names in a text; within a longer one that is found a shorter one is none."""
        words = [_singular(slug_of_tag(word)) for word in _WORD.findall(fold(text))]
        counts: Counter[tuple[str, ...]] = Counter()
        at = 0
        while at < len(words):
            longest = self._longest.get(words[at], 0)
            for length in range(min(longest, len(words) - at), 0, -1):
                name = tuple(words[at : at + length])
                if name in self.of:
                    counts[name] += 1
                    at += length - 1
                    break
            at += 1
        return counts

    @property
    def _longest(self) -> Mapping[str, int]:
        return _longest_by_first(frozenset(self.of))


def _weigh_stems(slugs: Iterable[str]) -> dict[str, dict[str, float]]:
    """Return for each stem the tags that have it, with its share of their words.

    One that stands in many tags counts little: "systems" says less than "recommender".
    """
    stems = {slug: {_stem(word) for word in slug.split("-")} for slug in slugs}
    often = Counter(stem for found in stems.values() for stem in found)
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for slug, found in stems.items():
        whole = sum(1 / often[stem] for stem in found)
        for stem in found:
            if len(stem) > 3:
                weights[stem][slug] = 1 / often[stem] / whole
    return weights


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_STEM.stemWord(word))


@lru_cache(maxsize=4)
def _longest_by_first(names: frozenset[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


def without_plural(slug: str) -> str:
    """Return what a tag and its plural share, roughly."""
    return "-".join(map(_singular, slug.split("-")))


# Short names that are words of English, too.
_WORDS_TOO = frozenset((
    "ann", "bert", "cot", "go", "node", "ops", "os", "rag", "react", "regex", "rest", "rope",
    "slam", "us", "vue",
))  # fmt: skip
_SHORT_OF: dict[str, set[str]] = defaultdict(set)
for _short, _longs in KNOWN.items():
    for _long in _longs:
        _SHORT_OF[_long].add(_short)


def _other_forms(name: str) -> set[str]:
    """Return what a short name of the field stands for, or the short names of a long one."""
    short = _SHORT_OF.get(name, set()) | _SHORT_OF.get(without_plural(name), set())
    return {*KNOWN.get(name, ()), *(short - _WORDS_TOO)}


@lru_cache(maxsize=100_000)
def _singular(word: str) -> str:
    """Return a word without the ending of its plural, roughly: both sides go through here."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word.removesuffix("s")
