"""The question: a `Query` is read from a URL and turns back into it.

The URL is the whole state of a search, so every link on a page is a `Query` with one
thing changed. A URL is read kindly: what is unknown is ignored, what is malformed is
corrected and said in `notes`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote_plus

from searchapp.fields import FACET, FACETS, SORT
from searchapp.settings import DEFAULT
from searchapp.slugs import keep_short

MAX_CHARACTERS = int(DEFAULT["longest_query"])
MAX_WORDS = int(DEFAULT["most_words"])
MAX_FILTERS = int(DEFAULT["most_filters"])
MAX_PAGE = int(DEFAULT["deepest_page"])
MAX_PHRASE = int(DEFAULT["longest_phrase"])
EXCLUDE = "not."
MANY = 8  # values of a facet, from which on an address says `a..b` for those in a row

_NOT_SEEN = dict.fromkeys(map(ord, "\u00ad\u200d"))  # soft hyphen and joiner end no word

Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked: words, filters by facet, an order and a page.

    `filters` and `excluded` pair a facet's name with its values, facets in the order of
    the registry and values sorted, so that equal questions are equal queries. `sort` is
    None for the default order. `notes` say what was corrected; they are no part of the
    question, nor are `orders`: all values that the index has, in order, of a facet of which many
    in a row are chosen, so that its address says `a..b`.
    """

    words: str = ""
    filters: Filters = ()
    excluded: Filters = ()
    sort: str | None = None
    page: int = 1
    notes: tuple[str, ...] = ()
    orders: Filters = field(default=(), compare=False, repr=False)

    @classmethod
    def from_args(cls, args: Iterable[tuple[str, str]]) -> "Query":
        """Read a query from the pairs of a URL's query string; nothing in it is an error."""
        pairs = list(args)
        notes: list[str] = []
        words = _read_words(_last(pairs, "q") or "", notes)
        filters = _read_filters(pairs, "", notes)
        excluded = _read_filters(pairs, EXCLUDE, notes)
        sort = _read_sort(_last(pairs, "sort"), notes)
        page = _read_page(_last(pairs, "page"), notes)
        return cls(words, filters, excluded, sort, page, tuple(notes))

    @classmethod
    def of(
        cls,
        words: str = "",
        filters: Mapping[str, Iterable[str] | str] | None = None,
        excluded: Mapping[str, Iterable[str] | str] | None = None,
        sort: str | None = None,
        page: int = 1,
    ) -> "Query":
        """Make a query from Python values; an unknown facet or sort raises ValueError."""
        notes: list[str] = []
        read = _read_words(words, notes)
        if sort is not None and sort not in SORT:
            raise ValueError(f"sort is {sort!r}; it is one of {', '.join(SORT)}")
        chosen = _from_mapping(filters or {})
        without = _from_mapping(excluded or {})
        return cls(read, chosen, without, sort, max(1, page), tuple(notes))

    def as_args(self) -> list[tuple[str, str]]:
        """Return the pairs of the query's URL: fixed order, defaults left out."""
        pairs = [("q", self.words)] if self.words.strip() else []
        for prefix, filters in (("", self.filters), (EXCLUDE, self.excluded)):
            pairs += [(prefix + name, v) for name, vs in filters for v in self.written(name, vs)]
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def written(self, facet: str, values: tuple[str, ...]) -> Iterable[str]:
        """Return values of a facet as an address has them: of many in a row the first and last."""
        order = dict(self.orders).get(facet)
        if order is None or len(values) <= MANY:
            return values
        written = []
        for run in runs_of(values, order):
            written += [f"{run[0]}..{run[-1]}"] if len(run) > 2 else run
        return written

    def as_query_string(self) -> str:
        """Return the URL's query string, without the question mark; empty for no question."""
        return "&".join(f"{name}={quote_value(value)}" for name, value in self.as_args())

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values of `facet` that pieces must have."""
        return dict(self.filters).get(facet, ())

    def without(self, facet: str) -> tuple[str, ...]:
        """Return the values of `facet` that pieces must not have."""
        return dict(self.excluded).get(facet, ())

    @property
    def has_filters(self) -> bool:
        """Whether any value is chosen or excluded."""
        return bool(self.filters or self.excluded)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return not self.words.strip() and not self.has_filters

    def with_words(self, words: str) -> "Query":
        """Return the query with other words, from its first page."""
        return replace(self, words=words, page=1, notes=())

    def with_filter(self, facet: str, value: str) -> "Query":
        """Return the query narrowed by one more value, no longer excluded if it was."""
        rest = _drop(self.excluded, facet, value)
        return replace(self, filters=_add(self.filters, facet, value), excluded=rest,
                       page=1, notes=())  # fmt: skip

    def without_filter(self, facet: str, value: str) -> "Query":
        """Return the query with that value neither chosen nor excluded.

        A facet shown only beside this one loses its filters when the last value goes.
        """
        return self._unchosen(facet, value, _drop(self.excluded, facet, value))

    def with_excluded(self, facet: str, value: str) -> "Query":
        """Return the query without the pieces that have that value.

        A facet shown only beside this one goes as in `without_filter`.
        """
        return self._unchosen(facet, value, _add(self.excluded, facet, value))

    def _unchosen(self, facet: str, value: str, excluded: Filters) -> "Query":
        filters = _drop(self.filters, facet, value)
        if facet in dict(self.filters) and facet not in dict(filters):
            gone = {f.name for f in FACETS if f.needs == facet}
            filters = tuple(pair for pair in filters if pair[0] not in gone)
            excluded = tuple(pair for pair in excluded if pair[0] not in gone)
        return replace(self, filters=filters, excluded=excluded, page=1, notes=())

    def with_sort(self, sort: str | None) -> "Query":
        """Return the query in another order, None for the default, from its first page."""
        return replace(self, sort=sort, page=1, notes=())

    def with_page(self, page: int) -> "Query":
        """Return the query at another page."""
        if page == self.page and not self.notes:
            return self
        return replace(self, page=page, notes=())

    def cleared(self) -> "Query":
        """Return the query's words alone."""
        return Query(words=self.words)


def runs_of(values: Iterable[str], order: Iterable[str]) -> list[list[str]]:
    """Return sorted values in groups of those that follow each other in `order`."""
    place = {value: number for number, value in enumerate(order)}
    runs: list[list[str]] = []
    for value in values:
        last = runs[-1][-1] if runs else None
        if last in place and place.get(value) == place[last] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


@keep_short(2**13)
def quote_value(value: str) -> str:
    """Quote a value of a URL; a page of results has hundreds of links with the same few."""
    return quote_plus(value)


def _last(pairs: list[tuple[str, str]], name: str) -> str | None:
    given = next((value for key, value in reversed(pairs) if key == name), None)
    return None if given is None else _encodable(given)


def _encodable(text: str) -> str:
    """Return `text` without lone surrogates, which no page and no address can carry."""
    return text.encode("utf-8", "replace").decode()


def _read_words(text: str, notes: list[str]) -> str:
    clean = text
    if not (text.isascii() and text.isprintable()):
        clean = "".join(c if c.isprintable() else " " for c in text.translate(_NOT_SEEN))
    words = " ".join(clean.split())
    if len(words) > MAX_CHARACTERS:
        notes.append(f"Only the first {MAX_CHARACTERS} characters of the words were read.")
        return _cut(words)
    return words + " " if words and clean.endswith(" ") else words


def _cut(words: str) -> str:
    """Cut an over-long query between two words: half a word would stand for all it begins."""
    space = words.rfind(" ", 0, MAX_CHARACTERS)
    return words[: space + 1] if space > 0 else words[:MAX_CHARACTERS]


def _read_filters(pairs: list[tuple[str, str]], prefix: str, notes: list[str]) -> Filters:
    stated = [
        (key.removeprefix(prefix), FACET[key.removeprefix(prefix)].read(_encodable(value)))
        for key, value in pairs
        if key.startswith(prefix) and key.removeprefix(prefix) in FACET
    ]
    different = list(dict.fromkeys(pair for pair in stated if pair[1]))
    if len(different) > MAX_FILTERS:
        # Robots that follow every link would otherwise combine them without end.
        notes.append(f"Only the first {MAX_FILTERS} of {len(different)} filters were read.")
    values: dict[str, set[str]] = {}
    for name, value in different[:MAX_FILTERS]:
        values.setdefault(name, set()).add(value)
    return _ordered(values)


def _from_mapping(chosen: Mapping[str, Iterable[str] | str]) -> Filters:
    values: dict[str, set[str]] = {}
    for name, given in chosen.items():
        if name not in FACET:
            raise ValueError(f"{name!r} is no facet; facets are {', '.join(FACET)}")
        several = [given] if isinstance(given, str | int) else given
        read = {FACET[name].read(_encodable(str(value))) for value in several}
        if read - {""}:
            values[name] = read - {""}
    return _ordered(values)


def _ordered(values: Mapping[str, Iterable[str]]) -> Filters:
    if not values:
        return ()
    return tuple((f.name, tuple(sorted(values[f.name]))) for f in FACETS if f.name in values)


def _add(filters: Filters, facet: str, value: str) -> Filters:
    values = {name: set(chosen) for name, chosen in filters}
    values.setdefault(facet, set()).add(value)
    return _ordered(values)


def _drop(filters: Filters, facet: str, value: str) -> Filters:
    values = {name: set(chosen) - ({value} if name == facet else set()) for name, chosen in filters}
    return _ordered({name: left for name, left in values.items() if left})


def _read_sort(text: str | None, notes: list[str]) -> str | None:
    if not text:
        return None
    if text not in SORT:
        notes.append(f"There is no order “{text[:40]}”; the usual one is shown.")
        return None
    return text


def _read_page(text: str | None, notes: list[str]) -> int:
    if not text:
        return 1
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits[:9]) < 1:
        notes.append(f"There is no page “{text[:40]}”; the first one is shown.")
        return 1
    return min(int(digits[:9]), MAX_PAGE)
