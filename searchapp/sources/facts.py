"""Reads single facts out of what an entry states: one table of names, one function a type.

What cannot be used is told in `Facts.warnings` and left out; the entry stays. Broken
characters that were made whole are told in `Facts.repairs`.
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from searchapp.documents import KINDS
from searchapp.languages import code_meant, is_code
from searchapp.sources.dates import parse_date
from searchapp.sources.mending import mend_line, shown
from searchapp.sources.model import NOTHING, Inherited
from searchapp.sources.names import (
    CATEGORY_NAMES,
    KEYWORD_NAMES,
    NAMES,
    SPELT,
    TABLES,
    TAG_NAMES,
    TOPIC_NAMES,
    is_stated,
    plain_name,
)
from searchapp.sources.tag_words import is_scalar, split_tags, word_in

# These mean something else, too: a switch, a book. They count where they are an address.
_DOUBTFUL = frozenset(("canonical", "original", "redirect", "redirects", "syndicated"))
# And these where they are a date: a switch, the name of a publication.
_DATED = frozenset(("published", "publishedon"))  # plain names

_NUMBER = re.compile(r"\s*(\d{1,6})(?:[.,]\d+)?(?:\s*(?:min|m\b).*)?\s*", re.IGNORECASE)
_PART = re.compile(r"\s*(?:part|no\.?|#)?\s*(\d{1,6})(?:\s*(?:of|/)\s*\d{1,6})?\s*", re.IGNORECASE)
_ZERO = dt.date.min  # what programs in Go write for no date
_NO = frozenset(("no", "off", "false", "n", "0"))
_MAIL = re.compile(r"\s*<?[^\s<>@()]+@[^\s<>@()]+>?\s*")


@dataclass
class Facts:
    """What an entry states, read fact by fact; `mend` repairs broken characters.

    With `spaced`, tags in a string are parted by spaces, as Jekyll has it; with `semicolons`,
    by these where there are any, as Pelican has it. Tags that are in `names_of_lists` only say
    in which lists of its site a post stands. What is `inherited` counts where the entry itself
    says nothing.
    """

    stated: Mapping[str, object]
    mend: bool = True
    spaced: bool = False
    semicolons: bool = False
    names_of_lists: frozenset[str] = frozenset()
    inherited: Inherited = NOTHING
    warnings: list[tuple[str, str]] = field(default_factory=list)
    repairs: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = _by_plain_name(self.stated)
        self._own = tuple(own)
        self._named = own | self._of_others(own) if self.inherited.facts else own

    def _of_others(self, own: Mapping[str, tuple[str, object]]) -> dict[str, tuple[str, object]]:
        """Return what holds for the entry without standing in it, and the lists that join it.

        A fact that the entry states by another of its names is stated; a switch has but one.
        """
        others = _by_plain_name(self.inherited.facts)
        shadowed = {plain for plain in others if is_stated(plain, own, others[plain][1])}
        kept = {plain: said for plain, said in others.items() if plain not in shadowed}
        for plain in self.inherited.joined & own.keys() & others.keys():
            lists = (self._members(plain, told[plain][1]) for told in (others, own))
            kept[plain] = (own[plain][0], [member for members in lists for member in members])
        return kept

    def _members(self, plain: str, value: object) -> list[object]:
        if isinstance(value, str):
            return [*self._split(plain, value)]
        return value if isinstance(value, list) else [value]

    def origin_of(self, name: str) -> str | None:
        """Return the file that states a fact for the entry, None where it is the entry's own."""
        plain = plain_name(name)
        return None if plain in self._own else self.inherited.origins.get(plain)

    def value(self, fact: str) -> tuple[str, object]:
        """Return a fact with the name that it is stated by; (name, None) if it is not."""
        return next(self._values(fact), (NAMES[fact][0], None))

    def stated_as(self, plain: str) -> tuple[str, object]:
        """Return what is stated by a plain name that no table has, such as a switch."""
        return self._named.get(plain, (plain, None))

    def stated_names(self) -> tuple[str, ...]:
        """Return the plain names of all that the entry itself states."""
        return self._own

    def _values(self, fact: str) -> Iterator[tuple[str, object]]:
        for known in NAMES[fact]:
            name, value = self._named.get(SPELT[known], (known, None))
            doubtful = known in _DOUBTFUL and not _is_like_an_address(value)
            if value is not None and not doubtful:
                yield name, value

    def words(self, fact: str) -> str:
        """Return a fact that is a line of text, "" where it is not stated."""
        name, value = self.value(fact)
        if value is None:
            return ""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return self.line(str(value), name)
        if isinstance(value, dt.date):
            return value.isoformat()
        self.warn(name, value, "write it as text")
        return ""

    def line(self, text: str, name: str | None = None) -> str:
        """Return `text` repaired, on one line; the repair of what has a `name` is noted."""
        whole, reasons = mend_line(without_surrogates(text), name or "a name", repairs=self.mend)
        self.repairs += [(name, reason) for reason in reasons if name]
        return whole

    def summary(self) -> str:
        """Return the summary, without markup."""
        from searchapp.text import plain_text, read_formulas_in  # noqa: PLC0415  # lists need none

        return read_formulas_in(plain_text(self.words("summary")))

    def date(self) -> dt.date | None:
        """Return the date, None if there is none or it is none: the first that can be read."""
        for name, value in self._values("date"):
            day = parse_date(value)
            if day is not None and day != _ZERO:
                return day
            if day is None and not _is_dated(name):
                self.warn(name, value, "write it as 2024-05-31")
        return None

    def day(self, fact: str) -> dt.date | None:
        """Return another day than that of the piece, None where none is stated."""
        name, value = self.value(fact)
        day = parse_date(value)
        if value is not None and day is None and name not in [w for w, _ in self.warnings]:
            self.warn(name, value, "write it as 2024-05-31")
        return None if day == _ZERO else day

    def publication(self) -> str | None:
        """Return where the entry itself says that it appeared."""
        for name, value in self._values("publication"):
            if not _is_dated(name) or parse_date(value) is None:
                return self.words("publication") or None
        return None

    def tags(self, topics: Iterable[str] = ()) -> tuple[str, ...]:
        """Return its tags, categories and topics, then the topics that it stands under."""
        names = (*TAG_NAMES, *CATEGORY_NAMES, *TOPIC_NAMES)
        stated = [tag for name in names for tag in self._list(name)]
        stated = stated or [tag for name in KEYWORD_NAMES for tag in self._list(name)]
        kept = (tag for tag in stated if tag not in self.names_of_lists)
        every = (self.line(tag, "a tag").removeprefix("#") for tag in [*kept, *topics])
        return tuple(dict.fromkeys(tag for tag in every if tag))

    def categories(self) -> tuple[str, ...]:
        """Return its categories alone, which some permalinks are made of."""
        said = len(self.warnings)
        names = [c.strip() for name in CATEGORY_NAMES for c in self._list(name)]
        del self.warnings[said:]  # what is wrong with them is told of the tags
        return tuple(dict.fromkeys(name for name in names if name))

    def _list(self, plain: str) -> list[str]:
        """Return the words that a fact lists: as a list, or in a string with separators."""
        name, value = self._named.get(plain, (plain, None))
        if value is None:
            return []
        if isinstance(value, str):
            return self._split(plain, value)
        if is_scalar(value):
            value = [value]
        if not isinstance(value, list):
            self.warn(name, value, "write it as a list: [one, two]")
            return []
        words = [word_in(tag) for tag in value]
        for odd, word in zip(value, words, strict=True):
            if word is None and odd is not None:
                reason = f"one of {name} is {shown(odd)}; put it in quotes, or leave it out"
                self.warnings.append((name, reason))
            elif is_scalar(odd):
                reason = (
                    f"one of {name} is {shown(odd)}, read as the tag {word!r}; put it in quotes"
                )
                self.warnings.append((name, reason))
        return [word for word in words if word is not None]

    def _split(self, plain: str, value: str) -> list[str]:
        if self.semicolons and plain == "category":
            return [value]
        plural = plain in ("tags", "categories", "topics")
        return split_tags(value, spaced=self.spaced and plural, semicolons=self.semicolons)

    def authors(self) -> tuple[str, ...]:
        """Return the names of its authors, without addresses of mail."""
        name, value = self.value("author")
        if isinstance(value, str) and plain_name(name) == "authors":
            value = value.split(";" if ";" in value else ",")
        people = value if isinstance(value, list) else [value]
        names = [p.get("name") if isinstance(p, dict) else p for p in people]
        for odd in (n for n in names if n is not None and not isinstance(n, str)):
            self.warn(name, odd, "write a name")
        lines = (self._person(n) for n in names if isinstance(n, str))
        return tuple(dict.fromkeys(line for line in lines if line))

    def _person(self, name: str) -> str:
        if "@" not in name:
            return self.line(name, "author")
        rest = self.line(_MAIL.sub(" ", name))
        return rest.removeprefix("(").removesuffix(")").strip()

    def number(self, fact: str) -> int | None:
        """Return a whole number: `15`, `"15"`, `"15 min read"`, or of a part `"2 of 5"`."""
        name, value = self.value(fact)
        if isinstance(value, dict):
            value = value.get("minutes")
        if value is None:
            return None
        plain = not isinstance(value, bool) and isinstance(value, (int, str, float))
        form = _PART if fact == "part" else _NUMBER
        number = form.fullmatch(str(value)[:40]) if plain else None
        if number is None or (int(number[1]) == 0 and fact != "part"):  # a series may begin with 0
            self.warn(name, value, "write a whole number")
            return None
        return int(number[1])

    def series(self) -> tuple[str | None, int | None]:
        """Return the title of its series and its part; `series: {title, part}` has both."""
        _, value = self.value("series")
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict):
            return self._series_in(value)
        title = self.line(value, "series") if isinstance(value, str) else self.words("series")
        return title or None, self.number("part")

    def _series_in(self, table: Mapping[str, object]) -> tuple[str | None, int | None]:
        names = {"name": "series", "number": "part", "order": "part", "index": "part"}
        renamed = {names.get(name, name): value for name, value in table.items()}
        inner = Facts({"series": table.get("title"), **renamed}, self.mend)
        found = inner.words("series") or None, inner.number("part") or self.number("part")
        self.warnings += inner.warnings
        self.repairs += inner.repairs
        return found

    def language(self, otherwise: str) -> str:
        """Return its language: the first subtag in lower case, the rest as given."""
        name, value = self.value("language")
        if value is None:
            return otherwise
        if not isinstance(value, str) or not is_code(value.strip()):
            meant = code_meant(value) if isinstance(value, str) else None
            self.warn(name, value, f"write it as {meant}" if meant else "write it as en or pt-BR")
            return meant or otherwise
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

    def addresses(self, fact: str, base: str | None = None) -> tuple[str, ...]:
        """Return a list of addresses, or the one that stands in place of a list."""
        name, value = self.value(fact)
        members = value if isinstance(value, list) else [value] if value is not None else []
        for odd in (m for m in members if not isinstance(m, (str, dict))):
            self.warn(name, odd, "write a whole address: https://...")
        joined = {text: web_address(text, base) for text in self.texts(fact)}
        for text in (text for text, address in joined.items() if address is None):
            self.warn(name, text, "write a whole address: https://...")
        return tuple(dict.fromkeys(address for address in joined.values() if address))

    def texts(self, fact: str) -> tuple[str, ...]:
        """Return the strings of a list, or the one in place of it; `url` of what has one."""
        _, value = self.value(fact)
        members = value if isinstance(value, list) else [value]
        texts = [m.get("url") or m.get("path") if isinstance(m, dict) else m for m in members]
        return tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())

    def warn(self, name: str, value: object, remedy: str) -> None:
        """Note a value that cannot be used, and what to do."""
        origin = self.origin_of(name)
        where = f" by {origin}" if origin else ""
        self.warnings.append((name, f"{name} is {shown(value)}{where}; {remedy}"))


def _by_plain_name(stated: Mapping[str, object]) -> dict[str, tuple[str, object]]:
    """Return each stated fact, by its plain name, with the name and value as stated.

    What stands in a table such as Zola's `[extra]` counts where it is not stated above.
    """
    named: dict[str, tuple[str, object]] = {}
    tables = [stated.get(table) for table in TABLES]
    for table in (stated, *(table for table in tables if isinstance(table, dict))):
        for name, value in table.items():
            if value is not None and value != "":
                named.setdefault(plain_name(str(name)), (str(name), value))
    return named


def _is_dated(name: str) -> bool:
    """Tell a name that is that of a date only where a date is stated."""
    return plain_name(name) in _DATED


def _is_like_an_address(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, str) and first.strip().startswith(("http://", "https://", "/"))


def says_no(value: object) -> bool:
    """Tell whether a switch is off: `false`, and what YAML 1.1 took for it."""
    return value is False or (isinstance(value, str) and value.strip().lower() in _NO)


def says_yes(value: object) -> bool:
    """Tell whether a switch is on."""
    return value is True or (
        isinstance(value, str) and value.strip().lower() in ("yes", "on", "true")
    )


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
