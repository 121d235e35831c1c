"""The names that stand in addresses and ids: slugs of tags and titles, keys of ids.

Old links must keep working, so a rule here never changes without a redirect.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps

_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
# Vowel signs of Indic scripts, which Python's \w leaves out: they are part of their word.
INDIC_SIGNS = r"\u0900-\u0963\u0971-\u0dff\u0f71-\u0f84"
_THAI_TO_KHMER_SIGNS = (
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    r"\u102b-\u103e\u1056-\u1059\u1062-\u108d\u17b4-\u17d3"
)
_NOT_WORD = re.compile(rf"(?:[^\w{INDIC_SIGNS}{_THAI_TO_KHMER_SIGNS}]|_)+")
# Combining accents, Hebrew points, Arabic vowel signs and the tatweel: left out by habit.
# The soft hyphen and the zero-width joiner, which stand within words and are not seen.
_ACCENTS = r"\u0300-\u036f"
_OTHERS_LEFT_OUT = (
    r"\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200d"
)
LEFT_OUT = _ACCENTS + _OTHERS_LEFT_OUT
# In Cyrillic a mark mostly makes another letter (й, ї, ў, ѓ, ќ); only the stress of vowels and
# the dots of ё are left out by habit.
_LEFT_OUT = re.compile(
    rf"[{_OTHERS_LEFT_OUT}]|(?<![\u0400-\u04ff])[{_ACCENTS}]"
    r"|(?<=[аеиоуыэюяіѣѵ])[\u0300\u0301]|(?<=е)\u0308"
)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)-(?=\d)")


def fold(text: str) -> str:
    """Return `text` without case, accents and compatibility forms, for comparing.

    Marks fall only where writers leave them out by habit (accents of Latin and Greek, the
    stress of Cyrillic, Hebrew points, Arabic vowels): those of й, of Indic scripts and of
    Japanese are part of the letter. Folding what is folded changes nothing.
    """
    if text.isascii():
        return text.lower()
    # Compatibility forms hide capitals: 𝗕 is B. Of them, ™ is no part of the name before it.
    unmarked = text.casefold().replace("™", " ")
    decomposed = unicodedata.normalize("NFKD", unmarked).casefold()
    # In Turkish the capital of ı is I, which is also that of i: at the start of a sentence
    # `Işık` must stay the word that `ışık` is.
    plain = _LEFT_OUT.sub("", decomposed).replace("ı", "i")
    return unicodedata.normalize("NFC", plain)


SHORT = 100  # characters


def keep_short(most: int) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Keep the last answers of a function, `most` of them, but to short texts alone.

    Visitors may send other values without end, of thousands of letters each, and what is kept of
    them stays: so that must be little.
    """

    def keep(function: Callable[[str], str]) -> Callable[[str], str]:
        kept = lru_cache(most)(function)

        @wraps(function)
        def ask(text: str) -> str:
            return kept(text) if len(text) <= SHORT else function(text)

        return ask

    return keep


@keep_short(2**12)  # of four times as many each worker of a busy server grew by the hour
def slug_of_tag(name: str) -> str:
    """Return the slug of a tag in any spelling: `C++` is `cplusplus`, `.NET` is `dot-net`."""
    text = fold(name.strip())
    if text.startswith("."):
        text = "dot-" + text[1:]
    text = text.replace("+", "plus").replace("#", "sharp")
    return _NOT_WORD.sub("-", _APOSTROPHES.sub("", text)).strip("-")


def squash(slug: str) -> str:
    """Return what all spellings of one tag share: its slug without separators.

    One between two digits stays: `python-3-11` is not `python-31-1`.
    """
    return _BETWEEN_DIGITS.sub(".", slug).replace("-", "") if "-" in slug else slug


def slug_of_title(title: str) -> str:
    """Return the slug of a (repaired) title: `GRPO’s Cost: 2x` is `grpos-cost-2x`."""
    return _NOT_WORD.sub("-", _APOSTROPHES.sub("", fold(title))).strip("-") or "untitled"


@lru_cache(maxsize=2**16)  # joining, indexing and reports each ask for the same
def key_of(document_id: str) -> str:
    """Return the key of a document's id: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
