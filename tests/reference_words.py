"""What typed words mean, in plain Python: which works have them, and what they are worth."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words, is_unspaced, stem
from searchapp.fields import TEXT_FIELDS, TextField

K1 = 2.0
LONG_WORDS = {5: 1, 9: 2}  # letters from which one may be wrong, and two
PART = re.compile(r'-?(?:title:)?(?:"[^"]*"|\S+)')


@dataclass
class Asked:
    """One thing asked for: a word, a phrase, or one of several; typed `times` times."""

    text: str
    kind: str = "word"
    prefix: bool = False
    in_title: bool = False
    times: int = 1
    choices: list["Asked"] = field(default_factory=list)

    def is_like(self, other: "Asked") -> bool:
        return (self.text, self.kind, self.in_title) == (other.text, other.kind, other.in_title)


@dataclass
class Found:
    """The works that have it with its share of their scores; those that only begin so."""

    shares: dict[int, float]
    begun: set[int] = field(default_factory=set)


def read(typed: str) -> tuple[list[Asked], list[Asked], list[str]]:
    """Return what works must have, what they must not have, and the plain words in order."""
    wanted: list[Asked] = []
    unwanted: list[Asked] = []
    plain: list[str] = []
    parts = PART.findall(typed)
    either = False
    for i, part in enumerate(parts):
        if part == "OR":
            either = True
            continue
        is_last = i == len(parts) - 1 and not typed.endswith((" ", '"'))
        minus, rest = part.startswith("-"), part.removeprefix("-")
        in_title, rest = rest.startswith("title:"), rest.removeprefix("title:")
        kind = "phrase" if rest.startswith('"') else "word"
        asked = Asked(rest.strip('"'), kind, is_last and not minus, in_title)
        if minus:
            unwanted.append(asked)
        elif either:
            before = wanted.pop()
            choices = before.choices or [before]
            choices += [asked] if asked not in choices else []
            text = " OR ".join(c.text for c in choices)
            wanted.append(Asked(text, "or", choices=choices) if len(choices) > 1 else asked)
        else:
            wanted.append(asked)
        if kind == "word" and not minus and not in_title:
            plain.append(rest)
        either = False
    return each_once(wanted), unwanted, plain


def each_once(wanted: Sequence[Asked]) -> list[Asked]:
    """Return each once, a prefix last, with how often it was typed."""
    kept: list[Asked] = []
    for asked in wanted:
        same = [k for k in kept if k.is_like(asked)]
        if asked.kind == "word" and same:
            asked.times = same[0].times + 1
            if asked.prefix:
                kept.remove(same[0])
                kept.append(asked)
            else:
                same[0].times += 1
        elif asked not in kept:
            kept.append(asked)
    return kept


class Words:
    """The words of all works."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works
        self.languages = {d.language for w in works for d in w.documents}
        self.counts = [{f.name: count_terms(work, f) for f in TEXT_FIELDS} for work in works]
        self.averages = {f.name: self.average_length(f.name) for f in TEXT_FIELDS}
        self.lines = [lines_of(work, [f.name for f in TEXT_FIELDS]) for work in works]
        self.titles = [lines_of(work, ["title"]) for work in works]
        self.written = [{w for line in lines for w in line} for lines in self.lines]
        self.total = len(works)

    def average_length(self, name: str) -> float:
        lengths = [counts[name].total() for counts in self.counts if counts[name]]
        return sum(lengths) / len(lengths) if lengths else 0.0

    def rarity(self, works: int) -> float:
        return math.log(1 + (self.total - works + 0.5) / (works + 0.5))

    def find(self, asked: Asked) -> Found:
        """Return which works have what is asked, slips mended where none has it."""
        if asked.kind == "or":
            return self.add([self.find_exactly(choice) for choice in asked.choices], 1.0)
        found = self.find_exactly(asked)
        if found.shares or asked.kind == "phrase" or asked.in_title:
            return found
        apart = self.take_apart(asked.text, asked.prefix)
        if apart:
            return self.add([apart], 0.5)
        near = self.near(asked.text, asked.prefix)
        return self.add([self.find_exactly(Asked(word)) for word in near], 0.5)

    def find_exactly(self, asked: Asked) -> Found:
        if asked.kind == "phrase":
            return self.find_phrase(asked)
        found = self.find_word(asked.text, asked.prefix)
        if asked.in_title:
            found = self.only_titled(asked.text, asked.prefix)
        more = 1 + math.log(asked.times)
        return Found({n: share * more for n, share in found.shares.items()}, found.begun)

    def find_word(self, word: str, prefix: bool) -> Found:
        """Return the works that have `word` with its share of their scores.

        Beside them, those that have it only as a prefix: they are scored by all the words
        that it begins, taken as one term.
        """
        shares = self.share(self.terms(word, prefix))
        if not prefix:
            return Found(shares)
        as_prefix = self.share(self.begun_terms(word))
        return Found(as_prefix | shares, set(as_prefix) - set(shares))

    def terms(self, word: str, prefix: bool = False) -> set[str]:
        """Return a word's terms; of one that is only begun, and is none, those of three letters."""
        terms = {stem(word, language) for language in self.languages}
        if prefix and not any(word in words for words in self.written):
            return {term for term in terms if len(term) >= 3}
        return terms

    def begun_terms(self, word: str) -> set[str]:
        """Return the terms of the words that begin so, in the languages of works that have them."""
        return {
            stem(w, document.language)
            for work, words in zip(self.works, self.written, strict=True)
            for w in words
            if w.startswith(word)
            for document in work.documents
        }

    def share(self, terms: set[str], among: set[int] | None = None) -> dict[int, float]:
        """Return the score of each work that has any of `terms`, which count as one.

        Together they count no more than one can; this too is kept in 32 bits.
        """
        sums = {n: sum(self.saturate(n, term) for term in sorted(terms)) for n in range(self.total)}
        having = {n: s for n, s in sums.items() if s and (among is None or n in among)}
        rarity = self.rarity(len(having))
        return {n: float(np.float32(min(s, K1 + 1))) * rarity for n, s in having.items()}

    def saturate(self, number: int, term: str) -> float:
        """Return BM25F's saturated frequency of `term` in a work, as it is kept: in 32 bits."""
        amount = 0.0
        for text_field in TEXT_FIELDS:
            counts = self.counts[number][text_field.name]
            if counts[term]:
                b = text_field.b
                norm = 1 - b + b * counts.total() / self.averages[text_field.name]
                amount += text_field.weight * counts[term] / norm
        return float(np.float32(amount * (K1 + 1) / (K1 + amount)))

    def titled(self, word: str, prefix: bool) -> set[int]:
        """Return the works with the word in a title."""
        terms = self.terms(word, prefix) | (self.begun_terms(word) if prefix else set())
        return {n for n in range(self.total) if terms & set(self.counts[n]["title"])}

    def only_titled(self, word: str, prefix: bool) -> Found:
        """Return the works with the word in a title, which makes it rarer."""
        titled = self.titled(word, prefix)
        exact = self.share(self.terms(word, prefix), titled)
        if not prefix:
            return Found(exact)
        begun = self.share(self.begun_terms(word), titled)
        return Found(begun | exact, set(begun) - set(exact))

    def find_phrase(self, asked: Asked) -> Found:
        """Return the works in whose plain text the words follow each other."""
        texts = asked.text.split()
        wanted = f" {asked.text}" + ("" if asked.prefix else " ")
        lines = self.titles if asked.in_title else self.lines
        having = {n for n in range(self.total) if any(wanted in plain(line) for line in lines[n])}
        parts = {(text, asked.prefix and i == len(texts) - 1) for i, text in enumerate(texts)}
        found = [self.find_word(text, prefix) for text, prefix in sorted(parts)]
        return Found({n: sum(f.shares.get(n, 0.0) for f in found) for n in having})

    def add(self, found: Sequence[Found], worth: float) -> Found:
        shares: Counter[int] = Counter()
        for one in found:
            for n, share in one.shares.items():
                shares[n] += share * worth
        return Found(dict(shares))

    # Slips

    def take_apart(self, word: str, prefix: bool) -> Found | None:
        """Return the works that have it as two words of three letters and more, one way alone."""
        if not word.isalpha() or is_unspaced(word):
            return None
        ways = [f"{word[:at]} {word[at:]}" for at in range(3, len(word) - 2)]
        found = [self.find_phrase(Asked(way, "phrase", prefix)) for way in ways]
        best = max(found, key=lambda one: len(one.shares), default=None)
        return best if best and best.shares else None

    def near(self, word: str, prefix: bool) -> list[str]:
        """Return the nearest words of the index, at most eight, those of most works first."""
        slips = max((s for n, s in LONG_WORDS.items() if len(word) >= n), default=0)
        if not slips or not word.isalpha():
            return []
        works = Counter(w for words in self.written for w in words)
        far = {w: distance(word, w, prefix) for w in works if w[0] == word[0]}
        near = sorted((d, -works[w], w) for w, d in far.items() if d <= slips)[:8]
        return [w for d, _, w in near if d == near[0][0]]

    # Lifts

    def lift(
        self, number: int, wanted: Sequence[Asked], sequence: Sequence[str], base: float
    ) -> float:
        """Return what neighbours that stand together and words in the title add to a score."""
        single = [a for a in wanted if a.kind == "word"]
        works = {a.text: len(self.find_exactly(a).shares) for a in single if not a.in_title}
        together = 0.0
        for a, b in dict.fromkeys(pairwise(sequence)):
            if a != b and works.get(a) and works.get(b):
                text = "".join(plain(line) for line in self.lines[number])
                times = text.count(f" {a} {b}")
                worth = self.rarity(max(works[a], works[b]))
                together += worth * times * (K1 + 1) / (times + K1)
        together *= 0.5
        whole = titled = 0.0
        for a in single:
            if having := len(self.find_exactly(a).shares):
                whole += self.rarity(having)
                if number in self.titled(a.text, a.prefix):
                    titled += self.rarity(having)
        return together + (base + together) * (0.3 * titled / whole if whole else 0.0)


def plain(line: Sequence[str]) -> str:
    return f" {' '.join(line)} \n"


def lines_of(work: Work, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of each text of a work, a text that is repeated only once."""
    fields = [f for f in TEXT_FIELDS if f.name in names]
    texts = (text for f in fields for d in work.documents for text in f.texts(work, d))
    lines = (tuple(cut_into_words(text)) for text in texts)
    return list(dict.fromkeys(line for line in lines if line))


def count_terms(work: Work, text_field: TextField) -> Counter[str]:
    """Count a field's terms, each as often as in the document that has it most."""
    counts: Counter[str] = Counter()
    for document in work.documents:
        text = " ".join(text_field.texts(work, document))
        counts |= Counter(stem(word, document.language) for word in cut_into_words(text))
    return counts


def distance(typed: str, word: str, prefix: bool) -> int:
    """Return the slips between two words: a letter more, less, another, or two swapped."""

    def between(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        if (i, j) not in known:
            a, b = typed[:i], word[:j]
            best = min(between(i - 1, j) + 1, between(i, j - 1) + 1)
            best = min(best, between(i - 1, j - 1) + (a[-1] != b[-1]))
            if i > 1 and j > 1 and a[-2:] == b[-1] + b[-2]:
                best = min(best, between(i - 2, j - 2) + 1)
            known[i, j] = best
        return known[i, j]

    known: dict[tuple[int, int], int] = {}
    ends = range(len(word) + 1) if prefix else [len(word)]
    return min(between(len(typed), end) for end in ends)
