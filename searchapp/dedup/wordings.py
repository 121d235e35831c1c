"""A title in the one wording that its copies share, and what two wordings say of their pieces.

    "[Guest post] Colour, Part Two | by A. Ferry | Medium"  ->  color part 2
    "Colour — part II"                                      ->  color part 2

Site names, editorial prefixes, number words and spelling are an editor's; numbers, negations
and every other word are the writer's. No measure of likeness between titles is safe: parts of
a series, versions and opposites are more alike than many copies. So wordings are equal, cut,
swapped or slipped, or they are only near, which joins nothing without a text.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from searchapp.dedup.slips import is_misspelt, is_slip
from searchapp.dedup.titles import SHORTEST_PREFIX, Title, read_title
from searchapp.once import once
from searchapp.slugs import fold

Relation = Literal["equal", "cut", "swapped", "slip", "near", "unlike"]

CERTAIN = ("equal", "cut", "swapped", "slip")
ENOUGH_FOR_SLIP = 4  # informative words: "Understanding GRPO" and "GSPO" are two pieces
SHORTEST_SPELLED = 4  # letters of a word that two Englishes spell in two ways
FEW_WORDS = 12  # beyond, two titles are not compared word by word

_SEPARATOR = re.compile(r"\s+[|·•»–—-]\s+|\s+::\s+|\s*\|\s*")
_SEGMENT = re.compile(r":\s|\s[–—-]\s")
_BRACKETED = re.compile(r"^\s*\[([^\]\d]{2,30})\]\s*(?=\S)")
_YEAR_TAG = re.compile(r"\s*\[((?:19|20)\d\d)\]\s*$")
_EDITORIAL = re.compile(
    r"^\s*(?:re-?post(?:ed)?|cross-?post(?:ed)?|guest post|reprint|republished|new post|new article"
    r"|from the archives?|blog post|re|fwd?)\s*:\s+(?=\S)",
    re.IGNORECASE,
)
_BY = re.compile(r"by\s+\S.{0,60}", re.IGNORECASE)
# Where everybody publishes; the names of the owner's own sites are learned from the documents.
PLATFORMS = frozenset((
    "medium", "substack", "dev", "devto", "devcommunity", "hashnode", "hackernoon", "linkedin",
    "towardsdatascience", "quora", "wordpress", "blogger", "tumblr", "ghost", "youtube", "dzone",
    "freecodecamp", "thenewstack", "levelup", "betterprogramming",
))  # fmt: skip

_NUMBER_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_NUMBERS = {name: str(number) for number, name in enumerate(_NUMBER_WORDS, start=2)}
_PART_WORDS = {"pt": "part", "parts": "part", "vol": "volume", "ep": "episode", "no": "number"}
_COUNTED = frozenset((
    "part", "chapter", "episode", "volume", "issue", "lesson", "week", "day", "number", "version",
    "round", "session", "edition", "season", "act", "book", "phase", "step", "level",
))  # fmt: skip
_FIRST = {"one": "1", "i": "1"}
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FROM_ROMAN = {roman: str(n) for n, roman in enumerate(_ROMAN) if n > 1}
_VERSION = re.compile(r"v(\d.*)")
_ZEROS = re.compile(r"(?<=\d)(?:p0)+$")  # 1.0.0 is 1
_YEAR = re.compile(r"(?:19|20)\d\d")

# British spelling to American. "our" only in these: "four" is not "for".
_OUR = re.compile(
    r"\b(col|harb|behavi|fav|hon|lab|neighb|rum|hum|flav|arm|vap|endeav|parl|sav|vig|od)our"
)
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(ation|ations|ing|ed|er|ers|e|es)\b"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})ll(ing|ed|er|ers)\b"), r"l\1"),
    (re.compile(r"\b(cent|theat|met|fib|lit|spect)re(s?)\b"), r"\1er\2"),
    (re.compile(r"\bgrey"), "gray"),
    (re.compile(r"\b(defen|licen|offen|preten)ce"), r"\1se"),
    (re.compile(r"\b(catal|dial|anal)ogue"), r"\1og"),
    (re.compile(r"\bprogramme(s?)\b"), r"program\1"),
    (re.compile(r"(?<=[a-z])lys(e|ed|ing|er|ers|es)\b"), r"lyz\1"),
)
_NEGATIONS = frozenset((
    "not", "no", "never", "without", "dont", "doesnt", "isnt", "arent", "cant", "cannot", "wont",
    "shouldnt", "stop", "against", "non",
))  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """A title in its shared wording; `title` is what the certain rules compare.

    `segments` are its parts around a colon or dash, `tag` a year that an editor put behind it.
    """

    title: Title
    words: tuple[str, ...]
    segments: tuple[str, ...]
    tag: str = ""

    @once
    def joined(self) -> str:
        """Its words without spaces: `fine-tuning` is `finetuning`."""
        return "".join(self.words)

    @once
    def key(self) -> str:
        """What is equal where the wording is; two numbers stay two."""
        marked = (f" {w} " if w[0].isdigit() or w[-1].isdigit() else w for w in self.words)
        return "".join(marked).strip()

    @once
    def informative(self) -> frozenset[str]:
        """The words that tell what the piece is about."""
        return Title(self.words).informative

    @once
    def counted(self) -> frozenset[str]:
        """Numbers that tell pieces apart whatever else differs: parts, years, versions."""
        words = self.words
        return frozenset(
            word
            for i, word in enumerate(words)
            if word[0].isdigit() and (_is_counted(words, i) or _YEAR.fullmatch(word) or "p" in word)
        )

    @once
    def numbers(self) -> frozenset[str]:
        """All numbers, months, and words with a digit in them."""
        return Title(self.words).numbers

    @once
    def negated(self) -> bool:
        """Whether it says that something is not so."""
        return not _NEGATIONS.isdisjoint(self.words)


def _is_counted(words: tuple[str, ...], i: int) -> bool:
    return i > 0 and words[i - 1] in _COUNTED


def read_wording(
    text: str,
    site_names: Collection[str] = PLATFORMS,
    read: Callable[[str], Title] = read_title,
) -> Wording:
    """Return the wording of a title; `site_names` are those of known sites, squashed."""
    text, tag = _without_tag(_without_site(text, site_names))
    text = _EDITORIAL.sub("", _without_prefix(text))
    title = read(text)
    words = title.words if not title.year else (*title.words, title.year)
    normal = tuple(_normal_word(words, i) for i in range(len(words)))
    parts = [part for part in _SEGMENT.split(text) if part.strip()]
    segments = tuple("".join(read_title(part).words) for part in parts) if parts[1:] else ()
    return Wording(title, normal, segments, tag)


def may_name_site(text: str) -> bool:
    """Whether something stands behind a title that could be the name of a site."""
    return _SEPARATOR.search(text) is not None


def _without_site(text: str, site_names: Collection[str]) -> str:
    """Leave out what a site puts behind its titles: `| by A. Ferry | Medium`, `- My Blog`."""
    cuts = list(_SEPARATOR.finditer(text))
    for cut in reversed(cuts):
        suffix = text[cut.end() :].strip()
        known = squash_name(suffix) in site_names or _BY.fullmatch(suffix)
        if not known or len(text[: cut.start()].split()) < 2:
            break
        text = text[: cut.start()]
    return text


def squash_name(name: str) -> str:
    """Return the letters and digits of a site's name: `The Salt-Blog` is `thesaltblog`."""
    return "".join(filter(str.isalnum, fold(name)))


def _without_prefix(text: str) -> str:
    """Leave out `[Guest post]` before a title, unless it is all there is."""
    return _BRACKETED.sub("", text, count=1)


def _without_tag(text: str) -> tuple[str, str]:
    """Leave out `[2024]` behind a title, and return it beside: two of them may differ."""
    found = _YEAR_TAG.search(text[-12:])
    return (text[: -len(found[0])], found[1]) if found else (text, "")


def _normal_word(words: tuple[str, ...], i: int) -> str:
    word = _PART_WORDS.get(words[i], words[i])
    counted = i > 0 and _PART_WORDS.get(words[i - 1], words[i - 1]) in _COUNTED
    last = i == len(words) - 1 and i > 0 and len(word) > 1
    if counted and word in _FIRST:
        return _FIRST[word]
    if (counted or last) and word in _FROM_ROMAN:
        return _FROM_ROMAN[word]
    if word in _NUMBERS:
        return _NUMBERS[word]
    if not word.isalpha():
        version = _VERSION.fullmatch(word)
        return _ZEROS.sub("", version[1] if version else word)
    return words[i] if word == "number" else _in_american(word)


@lru_cache(maxsize=2**16)
def _in_american(word: str) -> str:
    if not word.isascii() or len(word) < SHORTEST_SPELLED:
        return word
    word = _OUR.sub(r"\1or", word)
    for british, american in _SPELLINGS:
        word = british.sub(american, word)
    return word


# --- Two wordings ---------------------------------------------------------------------


def are_vetoed(a: Wording, b: Wording) -> str | None:
    """Return why two titles cannot be of one piece unless their texts prove it, else None.

    Parts, years and versions that differ part any two titles; other numbers, months and a
    negation only titles that are alike otherwise.
    """
    if a is b:
        return None
    if a.tag and b.tag and a.tag != b.tag:
        return f"{a.tag} is not {b.tag}"
    if a.counted and b.counted and a.counted != b.counted:
        return _differing("they are not one part, year or version", a.counted, b.counted)
    if a.key == b.key or not are_alike(a, b) or _is_beginning(a, b) or _is_beginning(b, a):
        return None
    if _has_subtitle(a, b) or _has_subtitle(b, a):
        return None
    if a.numbers != b.numbers:
        return _differing("their numbers differ", a.numbers, b.numbers)
    if a.negated != b.negated:
        return "one says that something is not so"
    return None


def _differing(what: str, a: frozenset[str], b: frozenset[str]) -> str:
    one, other = (", ".join(sorted(numbers)) or "none" for numbers in (a - b, b - a))
    return f"{what} ({one}; {other})"


def are_alike(a: Wording, b: Wording) -> bool:
    """Whether two titles share half of all their words, but for numbers."""
    one, other = a.informative - a.numbers, b.informative - b.numbers
    return 2 * len(one & other) >= len(one | other) > 0


def relate(a: Wording, b: Wording) -> Relation:
    """Return how two titles stand to each other, as wordings alone tell."""
    if not a.words or not b.words:
        return "unlike"
    if a is b or a.key == b.key:
        return "equal"
    if _is_beginning(a, b) or _is_beginning(b, a):
        return "cut"
    if len(a.segments) == 2 and a.segments == b.segments[::-1]:
        return "swapped"
    if are_vetoed(a, b):
        return "unlike"
    return _compare_words(a, b)


def _has_subtitle(short: Wording, long: Wording) -> bool:
    """Whether `long` is `short` and a subtitle, which may say anything but another part."""
    named = len(long.segments) > 1 and long.segments[0] == short.title.joined
    return named and not any(_is_counted(long.words, i) for i in range(len(long.words)))


def _is_beginning(short: Wording, long: Wording) -> bool:
    """Whether dots end `short`, and `long` goes on from there.

    Compared before number words are read: a title may be cut within one ("Th… Knobs").
    """
    start, whole = short.title.joined, long.title.joined
    enough = len(start) >= SHORTEST_PREFIX and len(short.title.words) >= 2
    return short.title.ends_in_dots and enough and whole.startswith(start)


def _compare_words(a: Wording, b: Wording) -> Relation:
    if _begins(a, b) or _begins(b, a):
        return "near"
    if sorted(a.words) == sorted(b.words):
        return "near"
    if max(len(a.words), len(b.words)) > FEW_WORDS * 2:
        return "unlike"
    ones, others = _difference(a.words, b.words), _difference(b.words, a.words)
    if len(ones) == len(others) == 1 and is_slip(ones[0], others[0]):
        many = min(len(a.informative), len(b.informative)) >= ENOUGH_FOR_SLIP
        return "slip" if many else "near"
    if len(ones) == len(others) == 1 and is_misspelt(ones[0], others[0]):
        return "near"
    if a.informative == b.informative:
        return "near"
    if _abbreviates(ones, others) or _abbreviates(others, ones) or _inflects(ones, others):
        return "near"
    return "unlike"


def _begins(short: Wording, long: Wording) -> bool:
    """Whether one title is the other and a subtitle more."""
    enough = len(short.informative) >= 2 and len(short.joined) >= SHORTEST_PREFIX
    return enough and long.words[: len(short.words)] == short.words


def _difference(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    left = Counter(words)
    left.subtract(others)
    return [word for word, count in left.items() if count > 0]


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether a word stands for the first letters of several: `llms`, large language models."""
    if len(short) != 1 or len(long) < 2:
        return False
    letters = "".join(word[0] for word in long)
    return short[0] in (letters, letters + "s")


def _inflects(ones: list[str], others: list[str]) -> bool:
    """Whether one word differs, and in its ending alone."""
    if len(ones) != 1 or len(others) != 1:
        return False
    short, long = sorted((ones[0], others[0]), key=len)
    return len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 2
