"""Takes what entries state as tags apart into words: lists, strings, and what stands in them."""

import datetime as dt

from searchapp.text import unescape


def split_tags(value: str, *, spaced: bool, semicolons: bool = False) -> list[str]:
    """Return the tags in one string, parted by commas, else by semicolons.

    With `semicolons` it is the other way round. With `spaced` they are parted by spaces, and so
    are those that each begin with a `#`. An entity, such as `&amp;`, is read first: its
    semicolon parts nothing.
    """
    value = unescape(value)
    for separator in (";", ",") if semicolons else (",", ";"):
        if separator in value:
            return value.split(separator)
    if semicolons:
        return [value]
    return value.split() if spaced or is_hashed(value) else [value]


def is_hashed(value: str) -> bool:
    """Whether a string is several tags as they are written on social networks: `#rust #go`."""
    words = value.split()
    return len(words) > 1 and all(word.startswith("#") and word.strip("#") for word in words)


def is_scalar(value: object) -> bool:
    """Whether a value that is no word can stand as one: a number, a date, a switch.

    YAML leaves `1.5`, `yes` and `2024-05-31` as the words that they are, and a tag `2024` is
    no less one: so all of them are kept.
    """
    return isinstance(value, int | float | dt.date)


def word_in(tag: object) -> str | None:
    """Return a tag that is a word or stands as one, or a mapping's name; None for what is none."""
    if isinstance(tag, dict):
        tag = next((tag[key] for key in ("name", "title", "label") if key in tag), None)
    if isinstance(tag, bool):
        return str(tag).lower()
    if is_scalar(tag):
        return str(tag)
    return unescape(tag) if isinstance(tag, str) else None
