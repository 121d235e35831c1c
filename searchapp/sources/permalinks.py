"""Makes the address of a post by the pattern that its generator was given.

A pattern is a path with parts, `/:year/:month/:slug/`, in Jekyll's and Hugo's names. How a
part is written differs from generator to generator: `wordings.py` knows, `generators.py` says.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from searchapp.slugs import slug_of_title


@dataclass(frozen=True, slots=True)
class Named:
    """What a permalink may be made of.

    `title` is the slug that the post states, else its file's name without a date; `slug`
    is that in small letters. `heading` is the title of the piece, `stated` the stated slug
    alone, `dated` the file's name with its date. `folders` lead from the content folder of
    the site to it; the first may be its `collection`.
    """

    title: str
    slug: str
    day: date | None = None
    categories: tuple[str, ...] = ()
    heading: str = ""
    stated: str = ""
    dated: str = ""
    folders: tuple[str, ...] = ()
    collection: str = ""
    author: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """The name of the file, with its date."""
        return self.dated or self.title


Part = Callable[[Named], str | None]


def _of_date(form: str) -> Part:
    return lambda named: form.format(named.day) if named.day else None


_YEAR_DAY = _of_date("{0:%j}")

# A part that an entry lacks leaves it without an address; those of folders and categories
# may be empty.
PARTS: dict[str, Part] = {
    "year": _of_date("{0:%Y}"),
    "short_year": _of_date("{0:%y}"),
    "month": _of_date("{0:%m}"),
    "i_month": _of_date("{0.month}"),
    "short_month": _of_date("{0:%b}"),
    "long_month": _of_date("{0:%B}"),
    "monthname": _of_date("{0:%B}"),
    "day": _of_date("{0:%d}"),
    "i_day": _of_date("{0.day}"),
    "y_day": _YEAR_DAY,
    "yearday": lambda named: str(int(_YEAR_DAY(named) or 0)) if named.day else None,
    "w_year": _of_date("{0:%G}"),
    "week": _of_date("{0:%V}"),
    "w_day": _of_date("{0:%u}"),
    "weekday": lambda named: str(named.day.isoweekday() % 7) if named.day else None,
    "short_day": _of_date("{0:%a}"),
    "long_day": _of_date("{0:%A}"),
    "weekdayname": _of_date("{0:%A}"),
    "title": lambda named: named.title,
    "slug": lambda named: named.slug,
    "name": lambda named: named.name,
    "filename": lambda named: named.name,
    "contentbasename": lambda named: named.name,
    "slugorfilename": lambda named: named.stated or named.name,
    "slugorcontentbasename": lambda named: named.stated or named.name,
    "path": lambda named: "/".join((*named.folders, named.stated or named.name)),
    "section": lambda named: "".join(named.folders[:1]),
    "sections": lambda named: "/".join(named.folders),
    "collection": lambda named: named.collection,
    "categories": lambda named: "/".join(slug_of_title(c) for c in named.categories),
    "slugified_categories": lambda named: "/".join(slug_of_title(c) for c in named.categories),
    "category": lambda named: slug_of_title(named.categories[0]) if named.categories else None,
    "author": lambda named: slug_of_title(named.author) if named.author else None,
    "lang": lambda named: named.language or None,
    "output_ext": lambda named: ".html",
}

_PART = re.compile(
    r":(?:(sections)\[([\d:last]*)\]|(" + "|".join(sorted(PARTS, key=len, reverse=True)) + "))"
)
_UNKNOWN = re.compile(r":([a-z_]+)")


def unknown_part(pattern: str) -> str | None:
    """Return the first part of `pattern` that no permalink has, None if all is well."""
    found = _UNKNOWN.search(_PART.sub("", pattern))
    return found[1] if found else None


def expand(pattern: str, named: Named, parts: Mapping[str, Part] = PARTS) -> str | None:
    """Return the path that `pattern` gives, percent-encoded, or None if a part is missing.

    `parts` are those of a generator; the common ones stand in for what it has not.
    """
    said = [_say(part, named, parts) for part in _PART.finditer(pattern)]
    if any(words is None for words in said):
        return None
    words = iter(said)
    path = _PART.sub(lambda part: next(words) or "", pattern)
    path = re.sub("//+", "/", path).lstrip("/")
    return "/" + quote(_bytes_of(path), safe="/-_.~!$&'()*+,;=:@%")


def _bytes_of(path: str) -> bytes:
    """Return the bytes of a path, those of a file's name that are no UTF-8 included."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def _say(part: re.Match[str], named: Named, parts: Mapping[str, Part]) -> str | None:
    said = (parts.get(part[3] or part[1]) or PARTS[part[3] or part[1]])(named)
    return said if said is None or part[2] is None else "/".join(_cut(said.split("/"), part[2]))


def _cut(folders: list[str], range_: str) -> list[str]:
    """Return what Hugo's `[1:]`, `[:last]` or `[0]` leaves of the folders."""
    low, colon, high = (n.replace("last", str(len(folders) - 1)) for n in range_.partition(":"))
    start = int(low) if low.isdigit() else 0
    end = (int(high) if high.isdigit() else len(folders)) if colon else start + 1
    return folders[start:end]


def join(base: str, path: str) -> str:
    """Return the address of `path` below `base`, which may have a path of its own."""
    return base.rstrip("/") + "/" + path.lstrip("/")


# --- Templates ------------------------------------------------------------------------

_TAG = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}")
_TAGS = {"page.fileSlug": ":title", "page.filePathStem": "/:path", "slug": ":slug"}
_TITLE = re.compile(r"(?:page\.)?title\s*\|\s*(?:slugify|slug)(?:\(\))?")
_DATE = re.compile(
    r"(?:page\.)?date\s*\|\s*\w*[dD]ate\w*\s*[:(]\s*[\"']((?:%[YmdyBbj]|[/_.-])+)[\"']\s*\)?"
)
_FIELDS = {
    "%Y": ":year", "%m": ":month", "%d": ":day", "%y": ":short_year", "%j": ":y_day",
    "%B": ":long_month", "%b": ":short_month",
}  # fmt: skip


def translate_template(pattern: str) -> str | None:
    """Return a pattern whose Liquid or Nunjucks tags are parts, None where one is not known.

    `/blog/{{ page.fileSlug }}/` is `/blog/:title/`.
    """
    said = [_part_of(tag[1]) for tag in _TAG.finditer(pattern)]
    if None in said:
        return None
    parts = iter(said)
    translated = _TAG.sub(lambda tag: next(parts) or "", pattern)
    return None if "{" in translated else translated


def _part_of(tag: str) -> str | None:
    if _TITLE.fullmatch(tag):
        return ":slug"
    if dated := _DATE.fullmatch(tag):
        return re.sub("%.", lambda part: _FIELDS[part[0]], dated[1])
    return _TAGS.get(tag)
