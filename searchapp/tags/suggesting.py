"""Suggests tags for works that have few: by the works that are like them, and by names.

    works --weights--> likeness --+--> kNN: the tags of the ten most alike
                                  +--> centroid: how alike is the sum of a tag's works
    tags  --naming---> names -----+--> does the title or the text name it?

Each signal is scaled from 0 to 1 within a work, and their weighted sum ranks the tags. Never
more than a suggestion: each says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from searchapp.documents import Tag, Work
from searchapp.tags.naming import Named, Names, without_plural
from searchapp.tags.weights import Floats, Ints, Vectors, terms_of

FEW = 2  # a work with fewer tags is given suggestions
MOST = 3

NEIGHBOURS = 10
TEXT = 6_000  # characters of a text that are weighed
TITLE = 3  # times that a title counts

# kNN and centroid each find other things, so both count whole; names are found by both, too.
WEIGHTS = {"neighbours": 1.0, "centroid": 1.0, "names": 0.3}

# With fewer tagged works likeness knows little of what each tag means, and names tell more.
FLOOR = 100
NAMES_ALONE = 2.0  # what a name weighs where nothing is tagged

LEAST_SCORE = 1.2  # of the second suggestion and the third: half of those above are right
LIKE = 0.1  # of two pieces on one subject, in the median of the collections measured
LEAST_LIKENESS = 0.05  # of a work that a reason may name


@dataclass(frozen=True, slots=True)
class SuggestedTag:
    """A tag that a work may be given, and why in words."""

    tag: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The tags that one work may be given, best first; there may be none."""

    work: Work
    tags: tuple[SuggestedTag, ...]


def suggest_tags(works: Sequence[Work], tags: Sequence[Tag]) -> list[Suggestion]:
    """Return suggestions for each work that has few tags, in the order of the works.

    `tags` are all that may be suggested, those that the owner named and nobody uses included.
    """
    suggester = Suggester(works, tags)
    return [
        Suggestion(work, suggester.suggest(number))
        for number, work in enumerate(works)
        if len(work.tags) < FEW
    ]


@dataclass(frozen=True)
class Suggester:
    """Knows the works and tags of a collection; each work is judged by all the others."""

    works: Sequence[Work]
    tags: Sequence[Tag]

    def suggest(self, number: int, most: int = MOST) -> tuple[SuggestedTag, ...]:
        """Return the best tags for one work that it does not have yet.

        A work without any is given the best that there is evidence for; all others are
        to be good.
        """
        work = self.works[number]
        likeness = self.likeness(number)
        closest = float(likeness[self._tagged].max(initial=0.0))
        scores = self.combine(self.signals(number, likeness), closest)
        chosen: list[SuggestedTag] = []
        had = set(map(without_plural, work.tags))
        for at in np.argsort(-scores, kind="stable"):
            tag, score = self.tags[at], float(scores[at])
            if len(chosen) == most or score <= 0 or (score < LEAST_SCORE and (chosen or work.tags)):
                break
            if without_plural(tag.slug) in had:
                continue  # it has the tag, or one that is best joined with it
            if reason := self._reason(number, at, likeness):
                chosen.append(SuggestedTag(tag.slug, round(score, 2), reason))
                had.add(without_plural(tag.slug))
        return tuple(chosen)

    def likeness(self, number: int) -> Floats:
        """Return how alike a work is to each other one; it is not its own neighbour."""
        found = self._vectors.likeness(number)
        found[number] = 0.0
        return found

    def signals(self, number: int, likeness: Floats | None = None) -> dict[str, Floats]:
        """Return what each signal says of each tag for one work, as it measures it."""
        likeness = self.likeness(number) if likeness is None else likeness
        return {
            "neighbours": self._by_neighbours(likeness),
            "centroid": self._by_centroid(number, likeness),
            "names": self._by_names(number),
        }

    def combine(self, signals: Mapping[str, Floats], closest: float = 1.0) -> Floats:
        """Return the sum of the signals, each scaled and weighed by how much it may know.

        `closest` is the likeness of the most similar tagged work: where none is near, even
        the nearest ones tell little.
        """
        known = min(1.0, len(self._tagged) / FLOOR)
        sure = known * min(1.0, closest / LIKE)
        alike = sum(WEIGHTS[name] * _scale(signals[name]) for name in ("neighbours", "centroid"))
        named = known * WEIGHTS["names"] * _scale(signals["names"])
        return sure * alike + named + (1 - known) * NAMES_ALONE * signals["names"]

    # --- What is known of the collection ----------------------------------------------

    @cached_property
    def _number(self) -> Mapping[str, int]:
        return {tag.slug: at for at, tag in enumerate(self.tags)}

    @cached_property
    def _tags_of(self) -> list[Ints]:
        """The numbers of each work's tags."""
        return [np.array([self._number[s] for s in w.tags], dtype=np.int64) for w in self.works]

    @cached_property
    def _tagged(self) -> Ints:
        return np.array([at for at, tags in enumerate(self._tags_of) if len(tags)], dtype=np.int64)

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """Each work with each tag of it, as two rows of numbers."""
        lengths = [len(tags) for tags in self._tags_of]
        works = np.repeat(np.arange(len(self.works)), lengths)
        return works, np.concatenate([*self._tags_of, np.array([], dtype=np.int64)])

    @cached_property
    def _vectors(self) -> Vectors:
        return Vectors.of([terms_of((f"{w.title}\n" * TITLE) + _text_of(w)) for w in self.works])

    @cached_property
    def _sums(self) -> Floats:
        """The squared length of the sum of each tag's works."""
        works, tags = self._pairs
        order = np.argsort(tags, kind="stable")
        groups = np.split(works[order], np.cumsum(np.bincount(tags, minlength=len(self.tags)))[:-1])
        return np.array([self._vectors.length_of_sum(g) if len(g) else 0.0 for g in groups])

    @cached_property
    def _names(self) -> Names:
        return Names.of_tags(self.tags)

    # --- The signals ------------------------------------------------------------------

    def _nearest(self, likeness: Floats) -> Ints:
        """Return the tagged works that are most like one, the most alike first."""
        order = np.argsort(-likeness[self._tagged], kind="stable")
        return self._tagged[order][:NEIGHBOURS]

    def _by_neighbours(self, likeness: Floats) -> Floats:
        scores = np.zeros(len(self.tags))
        for work in self._nearest(likeness):
            scores[self._tags_of[work]] += likeness[work]
        return scores

    def _by_centroid(self, number: int, likeness: Floats) -> Floats:
        """Return the cosine with the sum of each tag's works, of which it is none."""
        works, tags = self._pairs
        products = np.bincount(tags, likeness[works], minlength=len(self.tags))
        own = np.bincount(self._tags_of[number], minlength=len(self.tags))
        lengths = self._sums - own * (2 * products + 1)  # |s - v|² = |s|² - 2 s·v + 1, v in s
        return np.where(lengths > 1e-9, products / np.sqrt(np.maximum(lengths, 1e-9)), 0.0)

    def _by_names(self, number: int) -> Floats:
        scores = np.zeros(len(self.tags))
        for slug, named in self._named(number).items():
            scores[self._number[slug]] = named.score
        return scores

    def _named(self, number: int) -> Mapping[str, Named]:
        work = self.works[number]
        return self._names.find(work.title, _text_of(work))

    # --- Why --------------------------------------------------------------------------

    def _reason(self, number: int, tag: int, likeness: Floats) -> str:
        """Return why a tag is suggested, "" where nothing that a person could check says so."""
        reasons = []
        if named := self._named(number).get(self.tags[tag].slug):
            reasons.append(named.reason)
        having = [w for w in self._nearest(likeness) if tag in self._tags_of[w]]
        like = [self.works[w].title for w in having if likeness[w] >= LEAST_LIKENESS][:2]
        if like:
            reasons.append("like " + " and ".join(f"'{title}'" for title in like))
        elif not reasons:
            works, tags = self._pairs
            nearest = max(works[tags == tag], key=lambda w: likeness[w], default=None)
            if nearest is not None and likeness[nearest] > 0:
                reasons.append(f"a little like '{self.works[nearest].title}'")
        return "; ".join(reasons)


def _text_of(work: Work) -> str:
    """Return the beginning of what the work says: its summary, and the longest of its texts."""
    text = max((document.text for document in work.documents), key=len)
    return f"{work.summary}\n{text}"[:TEXT]


def _scale(scores: Floats) -> Floats:
    """Return scores from 0 to 1; none of them counts where all are alike."""
    low, high = (float(scores.min()), float(scores.max())) if len(scores) else (0.0, 0.0)
    return (scores - low) / (high - low) if high > low else np.zeros(len(scores))
