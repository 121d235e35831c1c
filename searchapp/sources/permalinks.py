"""Makes the address of a post by the pattern that its generator was given."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from searchapp.slugs import slug_of_title


@dataclass(frozen=True, slots=True)
class Named:
    """What a permalink may be made of."""

    title: str
    slug: str
    day: date | None = None
    categories: tuple[str, ...] = ()


def _of_date(form: str) -> Callable[[Named], str | None]:
    return lambda named: form.format(named.day) if named.day else None


# In Jekyll's names. A part that an entry lacks leaves it without an address; categories
# alone may be empty.
PARTS: dict[str, Callable[[Named], str | None]] = {
    "year": _of_date("{0:%Y}"),
    "short_year": _of_date("{0:%y}"),
    "month": _of_date("{0:%m}"),
    "i_month": _of_date("{0.month}"),
    "day": _of_date("{0:%d}"),
    "i_day": _of_date("{0.day}"),
    "y_day": _of_date("{0:%j}"),
    "title": lambda named: named.title,
    "slug": lambda named: named.slug,
    "categories": lambda named: "/".join(slug_of_title(c) for c in named.categories),
}

_PART = re.compile(":(" + "|".join(sorted(PARTS, key=len, reverse=True)) + ")")
_UNKNOWN = re.compile(r":([a-z_]+)")


def unknown_part(pattern: str) -> str | None:
    """Return the first part of `pattern` that no permalink has, None if all is well."""
    found = _UNKNOWN.search(_PART.sub("", pattern))
    return found[1] if found else None


def expand(pattern: str, named: Named) -> str | None:
    """Return the path that `pattern` gives, percent-encoded, or None if a part is missing."""
    if any(PARTS[part](named) is None for part in _PART.findall(pattern)):
        return None
    path = _PART.sub(lambda part: PARTS[part[1]](named) or "", pattern)
    return "/" + quote(re.sub("//+", "/", path).lstrip("/"), safe="/-_.~!$&'()*+,;=:@%")


def join(base: str, path: str) -> str:
    """Return the address of `path` below `base`, which may have a path of its own."""
    return base.rstrip("/") + "/" + path.lstrip("/")
