"""How a word may be spelt otherwise: plurals, slips of the keyboard, British and American.

What folds without asking is `slugs.squash`; all of this is only ever proposed.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from searchapp.slugs import squash

# Words that look like the plural of another and are none.
_NO_PLURALS = frozenset((
    "arms", "boots", "canvass", "cds", "customs", "dates", "dns", "glasses", "goods", "https",
    "ios", "maths", "means", "news", "pandas", "physics", "races", "species", "times", "tvos",
    "uss", "works",
))  # fmt: skip
_IRREGULAR = {
    "child": "children", "person": "people", "man": "men", "woman": "women", "mouse": "mice",
    "foot": "feet", "tooth": "teeth", "index": "indices", "matrix": "matrices",
    "vertex": "vertices", "appendix": "appendices", "medium": "media", "datum": "data",
    "criterion": "criteria", "phenomenon": "phenomena", "hypothesis": "hypotheses",
}  # fmt: skip
_SHORTEST = 3  # letters of a word with a plural: `ai` and `ais`, `cs` and `css` are not akin


def plurals_of(word: str) -> Iterator[str]:
    """Yield the plurals that a word of English may have, by its spelling alone."""
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    if len(word) < _SHORTEST or word.isdigit():
        return
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield word + "es"
    if word.endswith("sis"):
        yield word[:-2] + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ies"
    elif word.endswith("fe"):
        yield word[:-2] + "ves"
    elif word.endswith("f"):
        yield word[:-1] + "ves"
    if not word.endswith("s") and word + "s" not in _NO_PLURALS:
        yield word + "s"


def plural_slugs(slug: str) -> Iterator[str]:
    """Yield what a slug is, squashed, with one of its words in the plural, the last one first."""
    words = slug.split("-")
    for at in reversed(range(len(words))):
        for plural in plurals_of(words[at]):
            yield squash("-".join([*words[:at], plural, *words[at + 1 :]]))


# What an American would write; the rest of a word may follow. Left is how a Briton would.
_AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"\bpractis", "practic"),
        (r"(?<=[a-z]{3})is(?=(?:e[drs]?|ing|ation|ations)\b)", "iz"),
        (r"(?<=[a-z]{3})ys(?=(?:e[drs]?|ing)\b)", "yz"),
        (r"(?<=[a-z][bdhlmnpv])our(?=(?:s|ed|ful|ing|ite|al)?\b)", "or"),
        (r"\b(cent|theat|fib|met|lit)re(?=s?\b)", r"\1er"),
        (r"(?<=[a-z]{2})ogue(?=s?\b)", "og"),
        (r"\b(licen|defen|offen|preten)ce(?=s?\b)", r"\1se"),
        (r"(?<=[aeiou])ll(?=(?:ed|er|ers|ing)\b)", "l"),
        (r"\bprogramme(?=s?\b)", "program"),
        (r"\bgrey", "gray"),
        (r"aes?th", "esth"),
        (r"\bart(i?)facts\b", "artifacts"),
    )
)


def in_american(slug: str) -> str:
    """Return the slug in American spelling, squashed; only for comparing."""
    return squash("-".join(map(american_word, slug.split("-"))))


def american_word(word: str) -> str:
    """Return a word in American spelling, or what is none at all: only for comparing."""
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    return word


# --- Slips of the keyboard ------------------------------------------------------------


def farthest(word: str) -> int:
    """Return how many slips a word may have: short words are neighbours by nature."""
    return 2 if len(word) >= 9 else 1 if len(word) >= 5 else 0


def alike(words: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield pairs of words that few slips part, with their number; digits are equal.

    Two words that differ by so many slips share what is left of them without so many
    letters: so each word stands in the table under all that may be left of it.
    """
    left: dict[tuple[str, str], list[str]] = {}
    for word in sorted(set(words)):
        for rest in _without(word, farthest(word)):
            left.setdefault((_digits(word), rest), []).append(word)
    pairs = {pair for group in left.values() for pair in combinations(group, 2)}
    for one, other in sorted(pairs):
        most = min(farthest(one), farthest(other))
        if 0 < (slips := distance(one, other)) <= most:
            yield one, other, slips


def _without(word: str, letters: int) -> set[str]:
    found = {word} if letters else set()
    level = {word}
    for _ in range(letters):
        level = {rest[:i] + rest[i + 1 :] for rest in level for i in range(len(rest))}
        found |= level
    return found


def _digits(word: str) -> str:
    return re.sub(r"\D", "", word)


def distance(one: str, other: str) -> int:
    """Return the distance of Damerau and Levenshtein, no letter being touched twice."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
