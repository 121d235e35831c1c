"""Finds tags by a part of any of their names, and those whose names are nearest to a wrong one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from searchapp.engine import Index
from searchapp.engine.results import TagInfo
from searchapp.slugs import fold, slug_of_tag, squash

LONGEST = 100  # characters that are looked at; no tag has more
ALIKE = 0.4  # of two names' pairs of letters: `agnets` and `agents` share .43


@dataclass(frozen=True, slots=True)
class Found:
    """A tag that was found; `alias` is its other name where that was it."""

    tag: TagInfo
    alias: str | None


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a tag as it is compared: folded, and as squashed slug."""

    tag: TagInfo
    alias: str | None
    folded: str
    squashed: str


def find_tags(index: Index, text: str) -> list[Found]:
    """Return the tags that have `text` in a name, whatever its case, accents and separators.

    The whole name comes first, then what begins with it, what has a word that does, and the
    rest; among equals the tag with more pieces.
    """
    folded = " ".join(fold(text[:LONGEST]).split())
    squashed = squash(slug_of_tag(text[:LONGEST]))
    if not squashed:
        return []
    best: dict[str, tuple[int, _Name]] = {}
    for name in _names(index, index.generation):
        rank = _rank(name, folded, squashed)
        if rank is not None and (name.tag.slug not in best or rank < best[name.tag.slug][0]):
            best[name.tag.slug] = rank, name
    order = sorted(best.values(), key=lambda pair: (pair[0], -pair[1].tag.count, pair[1].folded))
    return [Found(name.tag, name.alias) for _, name in order]


def is_other_name(alias: str, tag: TagInfo) -> bool:
    """Whether a name says something new: in another case or with a hyphen it does not."""
    return squash(slug_of_tag(alias)) not in (squash(tag.slug), squash(slug_of_tag(tag.label)))


def _rank(name: _Name, folded: str, squashed: str) -> int | None:
    """Return how well a name is met, 0 best; None where it is not."""
    if name.squashed == squashed:
        return 0
    if name.squashed.startswith(squashed):
        return 1
    if f" {folded}" in name.folded.replace("-", " "):
        return 2
    return 3 if squashed in name.squashed or folded in name.folded else None


def nearest_tags(index: Index, text: str, most: int) -> list[TagInfo]:
    """Return the tags whose names are most like `text`, which is none; parts of it first."""
    found = [one.tag for one in find_tags(index, text)]
    wanted = _pairs(squash(slug_of_tag(text[:LONGEST])))
    names, with_pair = _names(index, index.generation), _pairs_of_names(index, index.generation)
    shared = Counter(number for pair in wanted for number in with_pair.get(pair, ()))
    scores: dict[str, tuple[float, TagInfo]] = {}
    for number, common in shared.items():
        tag, length = names[number].tag, len(names[number].squashed) + 1
        likeness = 2 * common / (len(wanted) + length)
        if likeness >= ALIKE and likeness > scores.get(tag.slug, (0.0,))[0]:
            scores[tag.slug] = likeness, tag
    good = 0.6 * max((score for score, _ in scores.values()), default=0.0)
    scores = {slug: pair for slug, pair in scores.items() if pair[0] >= good}
    ranked = sorted(scores.values(), key=lambda pair: (-pair[0], -pair[1].count, pair[1].slug))
    either = {tag.slug: tag for tag in (*found, *(tag for _, tag in ranked))}
    return list(either.values())[:most]


def _pairs(name: str) -> frozenset[str]:
    """Return the pairs of letters in a name, its two ends included."""
    marked = f" {name} "
    return frozenset(marked[i : i + 2] for i in range(len(marked) - 1))


@lru_cache(maxsize=2)
def _names(index: Index, generation: int) -> tuple[_Name, ...]:
    """Return every name of every tag, kept for each `generation`."""
    return tuple(_list_names(index))


@lru_cache(maxsize=2)
def _pairs_of_names(index: Index, generation: int) -> dict[str, list[int]]:
    """Return the numbers of the names that have each pair of letters."""
    numbers: dict[str, list[int]] = {}
    for number, name in enumerate(_names(index, generation)):
        for pair in _pairs(name.squashed):
            numbers.setdefault(pair, []).append(number)
    return numbers


def _list_names(index: Index) -> Iterator[_Name]:
    for tag in index.tags():
        yield _Name(tag, None, fold(tag.label), squash(slug_of_tag(tag.label)))
        yield _Name(tag, None, tag.slug, squash(tag.slug))
        for alias in tag.aliases:
            yield _Name(tag, alias, fold(alias), squash(slug_of_tag(alias)))
