"""Guesses the encoding of a text that is not UTF-8 and does not say what it is in.

    bytes --each candidate that can read all of them--> characters --> a score; the best one counts

A wrong encoding betrays itself by what it makes of words: letters of two scripts in one word,
capitals in the middle of it, signs where letters should be, letters that are rare. What is
guessed is told, so that the owner can save the file as UTF-8.
"""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

PLAIN = "cp1252"  # what such files are in most often; where others do no better, it counts
_MARGIN = 0.08  # by which another one must do better, as short texts prove little
_FEWEST = 2  # bytes beyond ASCII; one alone says nothing
_ASCII = bytes(range(0x80))
_TRIED = 2**20  # bytes of a file that a candidate must be able to read, all of them
_SAMPLE = 20_000  # bytes of lines with other characters than ASCII that are looked at

_CANDIDATES = (
    PLAIN, "mac_roman", "cp1250", "iso8859_2", "cp1254", "cp1251", "koi8_r", "koi8_u",
    "mac_cyrillic", "cp866", "iso8859_5", "cp1253", "iso8859_7", "cp1255", "cp1256", "iso8859_6",
    "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip

# Latin letters beside a-z, a line a language or some that share them.
_ALPHABETS = (
    "éèêëàâçîïôùûœæ", "äöüß", "áéíóúñü", "ãõáâéêíóôúçà", "àèéìòù", "åäöæøé", "áðéíóúýþæö",
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž",
    "çğıöşüâîİ",
)  # fmt: skip

# The letters that stand in a text of a script most often: about two thirds of it.
_FREQUENT: Mapping[str, str] = MappingProxyType({
    "cyrillic": "оеаинтсрвлкмді",
    "greek": "αοιετσνηυρκπίάόέήώύς",
    "hebrew": "יוהלאתרבמשנ",
    "arabic": "اليمونترةبع",
    "thai": "านรอกเงมยล่วดท",
    "han": "的一是了我不人在他有这個上们来到时大地为子中你说生国年着就那和要她出也得里后自以会"
           "家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美每新"
           "這們來時為說國著後會過對學麼發當沒還樣種開今日本月見行者前書思気間",
})  # fmt: skip
_SCRIPTS = (
    ("cyrillic", "\u0400", "\u04ff"), ("greek", "\u0370", "\u03ff"), ("hebrew", "\u05d0", "\u05ea"),
    ("arabic", "\u0620", "\u06ff"), ("thai", "\u0e01", "\u0e5b"), ("kana", "\u3041", "\u30ff"),
    ("hangul", "\uac00", "\ud7a3"), ("han", "\u4e00", "\u9fff"), ("latin", "\u00c0", "\u024f"),
)  # fmt: skip

_SIGNS = frozenset("“”‘’„‚–—…«»‹›•·°©®§£€№¿¡\u00a0、。「」『』・，．：；！？（）《》ー～")
_OUTSIDE = re.compile("[^\x00-\x7f]")


def guess(content: bytes) -> str:
    """Return the encoding in which `content` makes the most sense."""
    sample = b"\n".join(line for line in content.split(b"\n") if not line.isascii())[:_SAMPLE]
    if len(sample.translate(None, _ASCII)) < _FEWEST:
        return PLAIN
    best, reached = PLAIN, _score(sample.decode(PLAIN, "replace")) + _MARGIN
    for encoding in _CANDIDATES[1:]:
        score = _score_in(encoding, content, sample)
        if score > reached:
            best, reached = encoding, score
    return best


def _score_in(encoding: str, content: bytes, sample: bytes) -> float:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        decoder.decode(content[:_TRIED], final=len(content) <= _TRIED)
        return _score(sample.decode(encoding, "ignore"))  # it may end within a character
    except UnicodeError:
        return -1.0


def _score(text: str) -> float:
    """Return how well the characters outside ASCII stand where they do; about 1 is a text."""
    alphabet = _alphabet_of(text)
    scores, scripts = [0.0], Counter[str]()
    for found in _OUTSIDE.finditer(text):
        at, character = found.start(), found[0]
        script = _script_of(character)
        scripts[script] += 1
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        scores.append(_score_of(character, script, before, after, alphabet))
    mixed = 10 * min(scripts["hangul"], scripts["han"]) > scripts.total()  # as no text of today
    return sum(scores) / max(1, scripts.total()) - mixed


def _score_of(character: str, script: str, before: str, after: str, alphabet: str) -> float:
    if not script:
        if character == "’" and before.isalpha() and after.isalpha():
            return 1.0
        letters = before.isalpha() and after.isalpha()
        return 0.4 if character in _SIGNS and (not letters or character in "–—・ー") else -1.0
    if _is_of_another(before, script) or _is_of_another(after, script):
        return -1.0
    if character.isupper() and before.islower():
        return -1.0
    if not before.isalpha() and not after.isalpha() and script not in ("kana", "hangul", "han"):
        return 0.3  # a word of one letter proves little
    lower = character.lower()
    if script == "latin":
        return 1.0 if lower in alphabet else -0.5
    if script in ("kana", "hangul"):
        return 0.1 if script == "hangul" and _is_rare(character) else 0.9
    if script == "cyrillic" and not _CYRILLIC.fullmatch(lower):
        return 0.0
    return 1.0 if lower in _FREQUENT[script] else 0.3


_CYRILLIC = re.compile("[а-яёєіїґў]")


def _is_rare(syllable: str) -> bool:
    """Tell a syllable that hardly any word has: it is not among the 2,350 of the old standard.

    Python spells those out in eight bytes.
    """
    return len(syllable.encode("euc_kr", "ignore")) != 2


def _is_of_another(neighbour: str, script: str) -> bool:
    """Tell whether a letter beside one of `script` cannot stand in a word with it."""
    if not neighbour.isalpha():
        return False
    other = "latin" if neighbour.isascii() else _script_of(neighbour)
    return other != script and {other, script} not in ({"kana", "han"}, {"hangul", "han"})


def _alphabet_of(text: str) -> str:
    """Return the alphabet that has most of the Latin letters of a text."""
    letters = Counter(c for c in text.lower() if "\u00df" <= c <= "\u024f")
    return max(_ALPHABETS, key=lambda alphabet: sum(letters[letter] for letter in alphabet))


def _script_of(character: str) -> str:
    """Return the script of a letter, "" of a sign."""
    if not (character.isalpha() or "\u0e31" <= character <= "\u0e4e"):
        return ""
    return next((name for name, first, last in _SCRIPTS if first <= character <= last), "")
