"""Which tags go together, and which is the wider of two: from counts alone.

taggings --count_together--> Together --beside(tag)--> Beside --rank, wider, narrower--> tags

A page has the counts of one tag already, as facet counts, and makes its `Beside` of those.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log

MOST = 10

# A child is nearly always beside its parent, and clearly smaller: "grpo" below "training".
LEAST_SHARE = 0.8
LEAST_RATIO = 3
# Of a tag used twice, every tag that its two pieces share would be a parent.
LEAST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one tag: `count` works have it, and `together` each other one, too.

    `counts` are the works of every tag, `works` all there are, tagged or not.
    """

    tag: str
    together: Mapping[str, int]
    counts: Mapping[str, int]
    works: int

    @property
    def count(self) -> int:
        """In how many works the tag stands."""
        return self.counts.get(self.tag, 0)

    def rank(self, most: int | None = MOST, least: int = 1) -> tuple[tuple[str, float], ...]:
        """Return the tags that go with it, best first, with scores.

        A score is P(x given the tag) times the inverse frequency of x: counts alone would
        name the same few large tags beside every tag, and lift alone those used once.
        `least` is the number of works that must have both.
        """
        scores = [
            (other, round(number / self.count * self._rarity(other), 4))
            for other, number in self.together.items()
            if other != self.tag and number >= max(least, 1)
        ]
        return tuple(sorted(scores, key=lambda pair: (-pair[1], pair[0]))[:most])

    def wider(self) -> tuple[str, ...]:
        """Return the tags that may be parents of it, the smallest first.

        A hint for readers, never a fact: that of two tags one is nearly always beside the
        other says that it may be narrower.
        """
        found = [t for t in self._often_together() if self._is_below(self.tag, t)]
        return tuple(sorted(found, key=lambda t: (self.counts[t], t)))

    def narrower(self) -> tuple[str, ...]:
        """Return the tags that may be children of it, the largest first."""
        found = [t for t in self._often_together() if self._is_below(t, self.tag)]
        return tuple(sorted(found, key=lambda t: (-self.counts[t], t)))

    def _often_together(self) -> list[str]:
        return [t for t, n in self.together.items() if t != self.tag and n >= LEAST_TOGETHER]

    def _is_below(self, child: str, parent: str) -> bool:
        both = self.together[parent if child == self.tag else child]
        is_smaller = self.counts[parent] >= LEAST_RATIO * self.counts[child]
        return is_smaller and both >= LEAST_SHARE * self.counts[child]

    def _rarity(self, tag: str) -> float:
        return log(max(self.works, 1) / self.counts[tag])


@dataclass(frozen=True, slots=True)
class Together:
    """In how many works each tag stands (`counts`), and each two tags (`pairs`)."""

    works: int
    counts: Mapping[str, int]
    pairs: Mapping[str, Mapping[str, int]]

    def beside(self, tag: str) -> Beside:
        """Return what stands beside one tag."""
        return Beside(tag, self.pairs.get(tag, {}), self.counts, self.works)


def count_together(taggings: Iterable[Collection[str]]) -> Together:
    """Count tags, and pairs of them, over the tags of each work; those of none count as works."""
    works = 0
    counts: Counter[str] = Counter()
    pairs: dict[str, Counter[str]] = {}
    for tags in taggings:
        works += 1
        counts.update(set(tags))
        for tag in set(tags):
            pairs.setdefault(tag, Counter()).update(t for t in set(tags) if t != tag)
    return Together(works, counts, pairs)
