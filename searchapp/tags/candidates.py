"""Finds tags that may be one, for the owner to decide: each with the rule that found it.

    tags + texts --RULES--> Candidates, most certain first

Nothing here joins anything: http and https, panda and pandas pass every rule of spelling.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from searchapp.documents import Tag, Work
from searchapp.slugs import fold, slug_of_tag, squash
from searchapp.tags.abbreviations import KNOWN, definitions_in
from searchapp.tags.spellings import alike, in_american, plural_slugs, plurals_of
from searchapp.tags.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W_]+")
_CAPITAL = re.compile(
    r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})"
)  # TechWriting, but neither iOS nor GitHub's


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two tags that may be one: `a` would become another name of `b`; 1 is certain."""

    a: str
    b: str
    rule: str
    score: float
    reason: str


@dataclass(frozen=True)
class Usage:
    """The tags in use, with how many works each has, and the words and short names of texts.

    `parted` is the spelling of a tag that shows its words best: `tech-writing` of
    `techwriting`. `words` counts the works whose text has a word, `defined` those that
    define a short name by a long one.
    """

    counts: Mapping[str, int]
    parted: Mapping[str, str]
    words: Mapping[str, int]
    defined: Mapping[tuple[str, str], int]

    @cached_property
    def by_squash(self) -> Mapping[str, str]:
        """Every tag by what its spellings share."""
        return {squash(slug): slug for slug in sorted(self.counts)}

    @cached_property
    def in_tags(self) -> Counter[str]:
        """In how many works each word stands in a tag."""
        found: Counter[str] = Counter()
        for slug, count in self.counts.items():
            found.update(dict.fromkeys(self.words_of(slug), count))
        return found

    def words_of(self, slug: str) -> list[str]:
        """Return the words of a tag, as far as some spelling shows them."""
        return self.parted.get(slug, slug).split("-")

    def ordered(self, one: str, other: str) -> tuple[str, str]:
        """Return two tags, the one to keep last: more used, else the longer."""
        ranked = sorted((one, other), key=lambda s: (self.counts.get(s, 0), len(s), s))
        return ranked[0], ranked[1]


def measure_usage(works: Sequence[Work], tags: Iterable[Tag], known: Iterable[str] = ()) -> Usage:
    """Count the tags of works, the words in which tags are spelt, and definitions in texts.

    `known` are tags that may be in no work at all, such as those that a list leaves empty.
    """
    counts = Counter(slug for work in works for slug in work.tags)
    counts.update(dict.fromkeys(known, 0))
    parted = {tag.slug: _most_parted(tag) for tag in tags}
    spelt = {word for slug in counts for word in parted.get(slug, slug).split("-")}
    words: Counter[str] = Counter()
    defined: Counter[tuple[str, str]] = Counter()
    for work in works:
        text = "\n".join(f"{d.title}\n{d.summary}\n{d.text}" for d in work.documents)
        words.update(spelt.intersection(_WORD.findall(fold(text))))
        defined.update(set(definitions_in(text)))
    return Usage(counts, parted, words, defined)


def _most_parted(tag: Tag) -> str:
    """Return the slug of the spelling with most separators; a capital within parts words, too."""
    written = (tag.slug, tag.label, *tag.aliases)
    slugs = (slug_of_tag(_CAPITAL.sub(" ", name)) for name in written)
    own = [slug for slug in slugs if squash(slug) == squash(tag.slug)]
    return max(own, key=lambda slug: slug.count("-"), default=tag.slug)


def find_candidates(usage: Usage, vocabulary: Vocabulary | None = None) -> list[Candidate]:
    """Return the pairs that some rule takes for one tag, most certain first.

    A pair stands once, under the rule that is surest of it. What the owner called
    different is left out.
    """
    apart = (vocabulary or Vocabulary()).apart
    best: dict[frozenset[str], Candidate] = {}
    for rule in RULES:
        for found in rule(usage):
            pair = frozenset((squash(found.a), squash(found.b)))
            if pair not in apart and (pair not in best or best[pair].score < found.score):
                best[pair] = found
    return sorted(best.values(), key=lambda c: (-c.score, c.a, c.b))


def _propose(usage: Usage, one: str, other: str, rule: str, score: float, reason: str) -> Candidate:
    a, b = usage.ordered(one, other)
    return Candidate(a, b, rule, round(score, 2), reason)


# --- The rules ------------------------------------------------------------------------


def find_plurals(usage: Usage) -> Iterator[Candidate]:
    """Yield tags that are alike but for the plural of one word.

    Least sure are two that are both used much: for some writers `llm` is a tool of theirs
    and `llms` what they write about.
    """
    by_form = {in_american(slug): slug for slug in usage.counts} | dict(usage.by_squash)
    for slug in usage.counts:
        parted = "-".join(usage.words_of(slug))
        for number, plural in enumerate(plural_slugs(parted)):
            other = by_form.get(plural) or by_form.get(in_american(plural))
            if other is not None and other != slug:
                rarer = min(usage.counts[slug], usage.counts[other])
                score = (0.95 if rarer <= 2 else 0.9 if rarer <= 20 else 0.8) - 0.02 * bool(number)
                reason = f"'{other}' is the plural of '{slug}'"
                yield _propose(usage, slug, other, "plural", score, reason)


def find_spellings(usage: Usage) -> Iterator[Candidate]:
    """Yield tags that are spelt in the British and in the American way."""
    for one, other in _sharing(usage, in_american):
        yield _propose(usage, one, other, "spelling", 0.9, "British and American spelling")


def find_orders(usage: Usage) -> Iterator[Candidate]:
    """Yield tags of the same words in another order."""

    def sorted_words(slug: str) -> str:
        words = usage.words_of(slug)
        return " ".join(sorted(words)) if len(words) > 1 else ""

    for one, other in _sharing(usage, sorted_words):
        yield _propose(usage, one, other, "order", 0.6, "the same words in another order")


def find_short_words(usage: Usage) -> Iterator[Candidate]:
    """Yield tags whose words are the beginnings of another's: `web-dev`, `web-development`."""
    by_first: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for slug in usage.counts:
        words = usage.words_of(slug)
        if len(words) > 1:
            by_first[tuple(word[:3] for word in words)].append(slug)
    for group in by_first.values():
        for short in group:
            for long in group:
                if _is_short_for(usage.words_of(short), usage.words_of(long)):
                    reason = f"the words of '{short}' begin those of '{long}'"
                    yield Candidate(short, long, "abbreviation", 0.75, reason)


def _is_short_for(short: list[str], long: list[str]) -> bool:
    """Whether one word at least is the other's and the rest are cut off, after three letters.

    Two letters less are another form of a word: `code-scan`, `code-scans`.
    """
    pairs = list(zip(short, long, strict=True))
    cut = [(a, b) for a, b in pairs if a != b]
    begins = all(len(a) >= 3 and b.startswith(a) and len(b) - len(a) >= 3 for a, b in cut)
    return bool(cut) and begins and len(cut) < len(pairs)


def find_known_abbreviations(usage: Usage) -> Iterator[Candidate]:
    """Yield tags that are a well-known short name and what it stands for."""
    for short, longs in KNOWN.items():
        for one in _forms(usage, short):
            for long in longs:
                for other in _forms(usage, long):
                    reason = f"'{short}' is short for '{long}'"
                    if one != other:
                        yield Candidate(one, other, "abbreviation", 0.9, reason)


def find_definitions(usage: Usage) -> Iterator[Candidate]:
    """Yield tags of which one is defined as the other's short name in a text."""
    for (short, long), times in usage.defined.items():
        for one in _forms(usage, slug_of_tag(short)):
            for other in _forms(usage, slug_of_tag(long)):
                where = "a text defines" if times == 1 else f"{times} texts define"
                reason = f"{where} '{long}' as '{short}'"
                if one != other:
                    score = min(0.95, 0.8 + 0.05 * times)
                    yield Candidate(one, other, "definition", round(score, 2), reason)


def _forms(usage: Usage, slug: str) -> list[str]:
    """Return the tags in use that are a slug, or its plural."""
    keys = dict.fromkeys((squash(slug), *plural_slugs(slug)))
    return [usage.by_squash[key] for key in keys if key in usage.by_squash]


def find_slips(usage: Usage) -> Iterator[Candidate]:
    """Yield tags that a slip of the keyboard parts, one of which is hardly a word.

    Neighbours alone are mostly words of their own (table and tablet, audio and audit). A
    slip is made once or twice, and nowhere in the texts, where the right word is at home.
    """
    for one, other, slips in alike(usage.by_squash):
        wrong, right = usage.ordered(usage.by_squash[one], usage.by_squash[other])
        score = max(_slip_score(usage, wrong, right), _slip_score(usage, right, wrong) - 0.05)
        if score > 0:
            score -= 0.1 * (slips - 1)
            yield _propose(usage, wrong, right, "slip", score, f"{slips} letters differ"
                           if slips > 1 else "one letter differs")  # fmt: skip


_SLIPS = 2  # works in which a slip may stand


def _slip_score(usage: Usage, wrong: str, right: str) -> float:
    """Return how sure it is that the first is a slip for the second, 0 where it is none."""
    if usage.counts.get(wrong, 0) > _SLIPS or _is_form(squash(wrong), squash(right)):
        return 0.0
    ours = [word for word in usage.words_of(wrong) if word not in usage.words_of(right)]
    theirs = [word for word in usage.words_of(right) if word not in usage.words_of(wrong)]
    at_home = min((_known(usage, word, wrong) for word in ours), default=0)
    there = min((_known(usage, word, right) for word in theirs), default=0)
    if there >= 3 and at_home * 10 <= there:
        return 0.8 if at_home == 0 else 0.7
    if there > at_home == 0:
        return 0.6
    return 0.4 if there == at_home == 0 and wrong[0] == right[0] else 0.0


def _known(usage: Usage, word: str, slug: str) -> int:
    """Return in how many works a word stands, in texts or in tags other than this one."""
    return max(usage.words.get(word, 0), usage.in_tags[word] - usage.counts[slug])


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ in their ending alone: develop, developer, developed."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    return other in plurals_of(one) or one in plurals_of(other)


def _sharing(usage: Usage, key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield each two tags for which `key` gives the same, unless it gives nothing."""
    groups: dict[str, list[str]] = defaultdict(list)
    for slug in usage.counts:
        groups[key(slug)].append(slug)
    groups.pop("", None)
    for group in groups.values():
        yield from ((a, b) for i, a in enumerate(group) for b in group[i + 1 :])


RULES: tuple[Callable[[Usage], Iterator[Candidate]], ...] = (
    find_plurals, find_spellings, find_known_abbreviations, find_definitions, find_short_words,
    find_orders, find_slips,
)  # fmt: skip
