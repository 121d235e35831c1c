"""Repairs characters that were decoded wrongly, and entities that were escaped once too often."""

import html as html_entities
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial

# UTF-8 read as MacRoman: a lead byte (F0 or E2) and its continuation bytes, 80 to BF.
_CONTINUATION = re.escape(bytes(range(0x80, 0xC0)).decode("mac_roman"))
_MACROMAN = re.compile(f"\uf8ff[{_CONTINUATION}]{{3}}|\u201a[{_CONTINUATION}]{{2}}")

# With its semicolon only: browsers take "&copy" for one without, and so "AT&copyright".
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def repair(text: str) -> str:
    """Return `text` with characters that were decoded wrongly made whole.

    ftfy judges by the whole text, and leaves a lone emoji among good words alone: those
    are mended piece by piece, and only afterwards, since text mended in part no longer
    gives ftfy its evidence ("Turtle Speed" with its quotes and its turtle).
    """
    if text.isascii():
        return text
    return _MACROMAN.sub(_decode_macroman, _fixer()(text))


@lru_cache(maxsize=1)
def _fixer() -> Callable[[str], str]:
    """Return what ftfy does; it is imported when the first text may need it."""
    import ftfy  # noqa: PLC0415  # a tenth of a second

    # The default settings also change text that is whole: curly quotes, full-width forms.
    settings = ftfy.TextFixerConfig(
        unescape_html=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        normalization="NFC",
        explain=False,
    )
    return partial(ftfy.fix_text, config=settings)


def is_repaired(text: str, whole: str) -> bool:
    """Tell whether `whole` says other characters than `text`, not the same ones composed."""
    return whole != text and whole != unicodedata.normalize("NFC", text)


def _decode_macroman(broken: re.Match[str]) -> str:
    try:
        return broken[0].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return broken[0]


def unescape(text: str) -> str:
    """Return a line of plain text with its HTML entities read, once.

    Once, since a title about entities escapes them twice: `&amp;lt;` is the title `&lt;`.
    """
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda entity: html_entities.unescape(entity[0]), text)
