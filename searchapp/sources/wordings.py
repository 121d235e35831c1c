"""Writes words as addresses have them, by the rules of each generator.

They differ in what falls away and what becomes a hyphen, and an address must be the real one:
where a rule would spell out another script, which only its own tables can, there is none.
"""

import re
import unicodedata
from html import unescape

# Letters that are no base letter with a mark, as unidecode and its kin spell them.
_SPELT = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D",
    "ı": "i", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...",
})  # fmt: skip
_GERMAN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
})  # fmt: skip


def _in_ascii(text: str) -> str | None:
    """Return the text in Latin letters without marks, None where it has others."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELT))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain if plain.isascii() else _without_symbols(plain)


def _without_symbols(text: str) -> str | None:
    """Return the text without emoji and the like; None where letters would be lost."""
    foreign = [c for c in text if not c.isascii()]
    lost = any(c.isalnum() or unicodedata.category(c)[0] == "M" for c in foreign)
    return None if lost else "".join(c if c.isascii() else " " for c in text)


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _hyphenated(text: str, kept: str = "") -> str:
    """Return the text with each run of what is no letter, digit or `kept` as one hyphen."""
    spaced = "".join(c if _is_letter(c) or c in kept else " " for c in text)
    return "-".join(spaced.split())


def jekyll_title(text: str) -> str:
    """Write a name as Jekyll's `:title` does: in its own case, some signs kept."""
    return _hyphenated(text, "._~!$&'()+,;=@")


def jekyll_slug(text: str) -> str:
    """Write a name as Jekyll's `:slug` does: letters and digits alone, in small letters."""
    return _hyphenated(text).lower()


def hugo_path(text: str) -> str:
    """Write a name or a title as Hugo does: signs fall away, a space becomes a hyphen."""
    kept = "".join(c for c in text if _is_letter(c) or c.isspace() or c in "./\\_#+~-@")
    return re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", kept.strip())).replace(" ", "-").lower()


def zola_slug(text: str) -> str | None:
    """Write a name as Zola does by default: plain letters and hyphens."""
    plain = _in_ascii(text)
    return None if plain is None else re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def pelican_slug(text: str) -> str | None:
    """Write a title as Pelican does: signs fall away, spaces become hyphens."""
    plain = _in_ascii(re.sub(r"<[^<>]*>", "", unescape(text)))
    if plain is None:
        return None
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip()).lower()


def eleventy_slug(text: str) -> str | None:
    """Write a title as Eleventy's filter `slugify` does: German letters are spelt out."""
    whole = unicodedata.normalize("NFC", text).translate(_GERMAN).replace("&", " and ")
    plain = _in_ascii(re.sub(r"(\w)['’]([ts])(?=\s|$)", r"\1\2", whole))
    return None if plain is None else re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def astro_slug(text: str) -> str:
    """Write a name as Astro does: signs fall away, each space becomes a hyphen."""
    kept = (c for c in text.lower() if _is_letter(c) or c in "_- ")
    return "".join(kept).replace(" ", "-")
