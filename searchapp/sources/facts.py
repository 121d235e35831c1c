"""Reads single facts out of what an entry states: one table of names, one function a type.

What cannot be used is told in `Facts.warnings` and left out; the entry stays.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from searchapp.documents import KINDS
from searchapp.sources.dates import parse_date
from searchapp.text import plain_text, repair

# The many names of one fact; the first that is stated counts.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "summary": ("summary", "excerpt", "description"),
    "url": ("url", "permalink"),
    "canonical_url": ("canonical_url", "canonicalUrl", "original_url"),
    "date": ("date", "published_on"),
    "publication": ("publication", "published_on"),
    "author": ("author", "authors"),
    "language": ("language", "lang"),
    "minutes": ("minutes",),
    "kind": ("kind",),
    "series": ("series",),
    "part": ("part",),
    "slug": ("slug",),
}
TAG_NAMES = ("tags",)
CATEGORY_NAMES = ("category", "categories")

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"\s*(\d{1,6})(?:[.,]\d+)?(?:\s*(?:min|m\b).*)?\s*", re.IGNORECASE)
_NO = frozenset(("no", "off", "false", "n", "0"))


@dataclass
class Facts:
    """What an entry states, read fact by fact; `mend` repairs broken characters."""

    stated: Mapping[str, object]
    mend: bool = True
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def value(self, fact: str) -> tuple[str, object]:
        """Return a fact with the name that it is stated by; (name, None) if it is not."""
        for name in NAMES[fact]:
            value = self.stated.get(name)
            if value is not None and value != "":
                return name, value
        return NAMES[fact][0], None

    def words(self, fact: str) -> str:
        """Return a fact that is a line of text, "" where it is not stated."""
        name, value = self.value(fact)
        if value is None:
            return ""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return self.line(str(value))
        self.warn(name, value, "write it as text")
        return ""

    def line(self, text: str) -> str:
        """Return `text` repaired, on one line."""
        text = without_surrogates(text)
        return " ".join((repair(text) if self.mend else text).split())

    def summary(self) -> str:
        """Return the summary, without markup."""
        return plain_text(self.words("summary"))

    def date(self) -> date | None:
        """Return the date, None if there is none or it is none."""
        name, value = self.value("date")
        if name == "published_on" and parse_date(value) is None:
            return None  # the name of a publication
        day = parse_date(value)
        if value is not None and day is None:
            self.warn(name, value, "write it as 2024-05-31")
        return day

    def publication(self) -> str | None:
        """Return where the entry itself says that it appeared."""
        name, value = self.value("publication")
        if name == "published_on" and parse_date(value) is not None:
            return None
        return self.words("publication") or None

    def tags(self, topics: Iterable[str] = ()) -> tuple[str, ...]:
        """Return its tags and categories, then the topics that it stands under."""
        stated = [tag for name in TAG_NAMES + CATEGORY_NAMES for tag in self._list(name)]
        every = (self.line(tag) for tag in [*stated, *topics])
        return tuple(dict.fromkeys(tag for tag in every if tag))

    def categories(self) -> tuple[str, ...]:
        """Return its categories alone, which some permalinks are made of."""
        listed = (self.stated.get(name) for name in CATEGORY_NAMES)
        names = (c for value in listed for c in (value if isinstance(value, list) else [value]))
        return tuple(name.strip() for name in names if isinstance(name, str))

    def _list(self, name: str) -> list[str]:
        value = self.stated.get(name)
        if value is None:
            return []
        if isinstance(value, str):
            return value.split(",")
        if not isinstance(value, list):
            self.warn(name, value, "write it as a list: [one, two]")
            return []
        for odd in (odd for odd in value if not isinstance(odd, str)):
            reason = f"one of {name} is {shown(odd)}; put it in quotes, or leave it out"
            self.warnings.append((name, reason))
        return [tag for tag in value if isinstance(tag, str)]

    def authors(self) -> tuple[str, ...]:
        """Return the names of its authors."""
        name, value = self.value("author")
        people = value if isinstance(value, list) else [value]
        names = [p.get("name") if isinstance(p, dict) else p for p in people]
        for odd in (n for n in names if n is not None and not isinstance(n, str)):
            self.warn(name, odd, "write a name")
        lines = (self.line(n) for n in names if isinstance(n, str))
        return tuple(dict.fromkeys(line for line in lines if line))

    def number(self, fact: str) -> int | None:
        """Return a whole number: `15`, `"15"` or `"15 min read"`."""
        name, value = self.value(fact)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        plain = not isinstance(value, bool) and isinstance(value, (int, str))
        number = _NUMBER.fullmatch(str(value)) if plain else None
        if number is None or int(number[1]) == 0:
            self.warn(name, value, "write a whole number")
            return None
        return int(number[1])

    def series(self) -> tuple[str | None, int | None]:
        """Return the title of its series and its part; `series: {title, part}` has both."""
        _, value = self.value("series")
        if isinstance(value, dict):
            inner = Facts({"series": value.get("title") or value.get("name"), **value}, self.mend)
            found = inner.words("series") or None, inner.number("part")
            self.warnings += inner.warnings
            return found
        return self.words("series") or None, self.number("part")

    def language(self, otherwise: str) -> str:
        """Return its language: the first subtag in lower case, the rest as given."""
        name, value = self.value("language")
        if value is None:
            return otherwise
        if not isinstance(value, str) or not _LANGUAGE.fullmatch(value.strip()):
            self.warn(name, value, "write it as en or pt-BR")
            return otherwise
        first, *rest = value.strip().replace("_", "-").split("-")
        return "-".join([first.lower(), *rest])

    def kind(self, otherwise: str) -> str:
        """Return what it is: one of KINDS."""
        name, value = self.value("kind")
        if value is None or value in KINDS:
            return str(value or otherwise)
        near = difflib.get_close_matches(str(value).lower(), KINDS, 1)
        self.warn(name, value, f"write {near[0]}" if near else f"write one of {', '.join(KINDS)}")
        return otherwise

    def address(self, fact: str, base: str | None = None) -> str | None:
        """Return an address of the web; a relative one only where `base` completes it."""
        name, value = self.value(fact)
        if value is None:
            return None
        joined = web_address(value, base)
        if joined is None:
            self.warn(name, value, "write a whole address: https://...")
        return joined

    def warn(self, name: str, value: object, remedy: str) -> None:
        """Note a value that cannot be used, and what to do."""
        self.warnings.append((name, f"{name} is {shown(value)}; {remedy}"))


def says_no(value: object) -> bool:
    """Tell whether a switch is off: `false`, and what YAML 1.1 took for it."""
    return value is False or (isinstance(value, str) and value.strip().lower() in _NO)


def says_yes(value: object) -> bool:
    """Tell whether a switch is on."""
    return value is True or (
        isinstance(value, str) and value.strip().lower() in ("yes", "on", "true")
    )


def shown(value: object) -> str:
    """Return a value as a report shows it: short, in one line, in quotes if it is text."""
    text = value.isoformat() if isinstance(value, (date, datetime)) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def web_address(value: object, base: str | None = None) -> str | None:
    """Return `value` as an http or https address, None if it is none or hides another.

    A name before `@` makes an address look like that of another host; controls and
    backslashes are read differently by different browsers.
    """
    if not isinstance(value, str):
        return None
    address = "".join(value.split()) if "\n" in value else value.strip()
    try:
        address = urljoin(base, address) if base else address
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    plain = "\\" not in address and address.isprintable() and " " not in address
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username or not plain:
        return None
    return address


def without_surrogates(text: str) -> str:
    """Return `text` as UTF-8 can hold it: JSON can state halves of characters."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
