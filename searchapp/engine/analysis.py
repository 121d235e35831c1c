"""Text to terms, the same way when an index is built and when it is asked.

    "Fine-tuning GRPO’s C++ code"  ->  fine tuning grpo c++ code     (words)
                                   ->  fine tune grpo c++ code       (terms, English)

Words are folded (case, accents); hyphens and underscores separate, so that `fine tuning`
and `fine-tuning` find each other. Terms are stems by the language of the document. Scripts
without spaces are cut into pairs of characters. Where a rule here changes, `ANALYZER` of
generations.py is raised, which is stamped into every index.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import Stemmer

from searchapp.slugs import INDIC_SIGNS, fold

# Han with its repeat marks, kana, bopomofo; Thai, Lao, Myanmar, Khmer: written without spaces.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_APOSTROPHE = "['’ʼ]"  # the last, U+02BC, is a letter to Python, but not to us
_LETTER = rf"(?:[^\W_ʼ{_UNSPACED}]|[{INDIC_SIGNS}])"
# Letters as many at a time as there are: taken one by one, each costs a hundred bytes until the
# word ends, and a word may have ten million.
_LETTER_RUN = rf"(?:[^\W_ʼ{_UNSPACED}]+|[{INDIC_SIGNS}]+){{1,9999}}"
_WORD = re.compile(
    rf"[{_UNSPACED}]+"
    r"|(?<![^\W_])(?:[a-z]\+\+(?![^\W\d_])|(?:[a-z]\#|\.net)(?![^\W_]))"  # c++, c++20, f#, .net
    rf"|{_LETTER_RUN}(?:{_APOSTROPHE}{_LETTER_RUN})*"
)
_TO_BE_CUT = re.compile(rf"[{_UNSPACED}]|{_APOSTROPHE}")  # what makes a find several words
_ONE_LETTER = re.compile(_LETTER)
_LETTERS = re.compile(_LETTER_RUN)
_NEVER_STEMMED = re.compile(r"[\d+#.]")  # gpt4, c++, .net

# PyStemmer (Snowball) by the language's ISO 639-1 code; any other language keeps its words.
# Whoosh's own English stemmer is not used: it leaves `runn` of `running`.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def cut_into_words(text: str) -> list[str]:
    """Return the folded words of `text` in order."""
    if text.isascii() and text.isalnum():
        return [text.lower()]
    runs = find_runs(text)
    if not any(map(_TO_BE_CUT.search, runs)):
        return runs
    return [word for run in runs for word in words_of_run(run)]


def find_runs(text: str) -> list[str]:
    """Return what stands between the gaps of folded `text`: each run is one word or several."""
    return _WORD.findall(fold(text))


def words_of_run(run: str) -> list[str]:
    """Return the words that one of the runs is; the same run always is the same words."""
    return [word for word, _, _ in _parts(run, 0)]


def spans_of_words(folded: str, start: int = 0) -> Iterator[tuple[str, int, int]]:
    """Yield the words of folded text from `start` on, each with its start and end there."""
    for match in _WORD.finditer(folded, start):
        yield from _parts(match[0], match.start())


def find_spans(folded: str) -> list[tuple[int, int, bool]]:
    """Return where the words of folded text stand, and whether each is one with apostrophes.

    Those of scripts without spaces are left out.
    """
    if not _TO_BE_CUT.search(folded):
        return [(*match.span(), False) for match in _WORD.finditer(folded)]
    spans = []
    for match in _WORD.finditer(folded):
        special = _TO_BE_CUT.search(match[0])
        if not special or re.match(_APOSTROPHE, special[0]):
            spans.append((*match.span(), special is not None))
    return spans


def _parts(word: str, start: int) -> Iterable[tuple[str, int, int]]:
    """Return the words that one find is, each with its start and end."""
    if not (special := _TO_BE_CUT.search(word)):
        return ((word, start, start + len(word)),)
    if re.match(_APOSTROPHE, special[0]):
        return [(part, start, start + len(word)) for part in _without_apostrophes(word)]
    return _pairs(word, start)


def _pairs(run: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Cut a run of unspaced script into pairs; the last character stands alone.

    So every character begins some word, and one character typed finds all of them as a
    prefix.
    """
    for i in range(len(run) - 1):
        yield run[i : i + 2], start + i, start + i + 2
    yield run[-1], start + len(run) - 1, start + len(run)


def _without_apostrophes(word: str) -> list[str]:
    """Return `grpo` for `grpo's`, `dont` for `don't`, `lhomme` and `homme` for `l'homme`."""
    parts = re.split(_APOSTROPHE, word)
    if parts[-1] == "s" and len(parts) > 1:
        parts.pop()
    joined = "".join(parts)
    if len(parts) == 2 and len(parts[0]) <= 2 < len(parts[1]):
        return [joined, parts[1]]
    return [joined]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = STEMMERS.get(language.lower().split("-")[0].split("_")[0])
    return Stemmer.Stemmer(name, 0) if name else None


@lru_cache(maxsize=2**12)  # a visitor may send other words without end
def stem(word: str, language: str) -> str:
    """Return the term of a folded word in a language; unknown languages keep the word."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer and not _NEVER_STEMMED.search(word) else word


def stem_all(words: Sequence[str], language: str) -> list[str]:
    """Return `stem` of each word: for many that differ, at a tenth of the cost."""
    stemmer = _stemmer(language)
    if not stemmer:
        return list(words)
    stemmed: list[str] = stemmer.stemWords(words)
    for at, word in enumerate(words):
        if not word.isalpha() and _NEVER_STEMMED.search(word):
            stemmed[at] = word
    return stemmed


def stems(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Return the terms that a word may have been indexed as in any of `languages`."""
    if _NEVER_STEMMED.search(word):
        return (word,)
    stemmers = map(_stemmer, languages)
    return tuple(dict.fromkeys([s.stemWord(word) if s else word for s in stemmers])) or (word,)


def key_of_title(words: Sequence[str]) -> int:
    """Return a number for a title's words, by which whole titles are compared; 0 for none."""
    text = " ".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest()) if words else 0


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script without spaces, where one character may begin many."""
    return re.match(f"[{_UNSPACED}]", word) is not None


def end_of_word(folded: str, start: int) -> int:
    """Return where the letters end that begin at `start`; `start` itself where none is there."""
    match = _LETTERS.match(folded, start)
    return match.end() if match else start


def is_letter(character: str) -> bool:
    """Whether a folded character is part of a word in a script with spaces."""
    return _ONE_LETTER.match(character) is not None
