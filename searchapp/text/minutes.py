"""Counts how long a text takes to read."""

import re

WORDS_A_MINUTE = 200
CHARACTERS_A_MINUTE = 400  # in scripts that put no spaces between words

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"\w\S*")


def count_minutes(text: str) -> int | None:
    """Return how many minutes `text` takes to read, at least 1; None where there is none."""
    if not text.strip():
        return None
    characters = 0 if text.isascii() else len(_SPACELESS.findall(text))
    spaced = _SPACELESS.sub(" ", text) if characters else text
    words = len(_WORD.findall(spaced))
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))
