"""How a terminal shows things: colours for who has them, and words for sizes and times.

Colours are only on a terminal, and never where NO_COLOR is set (https://no-color.org) or the
terminal is `dumb`. They say nothing that the words do not.
"""

import os
import sys
from collections.abc import Mapping

import click

# Of kinds of findings; all others are plain.
_TONES: Mapping[str, str] = {
    "skipped": "red", "conflict": "red", "wrong-slug": "red", "dead-place": "red",
    "broken-link": "yellow", "missing-image": "yellow", "warning": "yellow",
    "failing-place": "yellow", "near-duplicate": "yellow",
}  # fmt: skip


def has_colours(*, err: bool = False) -> bool:
    """Whether what is printed may have colours."""
    stream = sys.stderr if err else sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def strong(text: str, *, err: bool = False) -> str:
    """Return what a line is about, to be seen first."""
    return click.style(text, bold=True) if has_colours(err=err) else text


def faint(text: str, *, err: bool = False) -> str:
    """Return what only some want to know."""
    return click.style(text, dim=True) if has_colours(err=err) else text


def toned(text: str, kind: str, *, err: bool = False) -> str:
    """Return text in the colour of a kind of finding."""
    tone = _TONES.get(kind)
    return click.style(text, fg=tone) if tone and has_colours(err=err) else text


def size_in_words(number: int) -> str:
    """Return a size as people read it: `12.3 MB`."""
    size = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def age_in_words(seconds: int) -> str:
    """Return how long ago something was, by its greatest unit: `3 days ago`."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = seconds // length
            return f"{number:,} {unit}{'s' if number > 1 else ''} ago"
    return "just now"
