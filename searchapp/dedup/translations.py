"""Which works are one piece in other languages: linked on its page, counted apart.

    blog:posts/kites.md      en      https://a.example/kites/
    blog:posts/kites.de.md   de      https://a.example/de/kites/     one piece, twice written

Evidence, the strongest first: what entries say themselves, a path that differs only by the
language's own code, and one name under which a site keeps both. A title is no evidence, as
"GRPO" is "GRPO" in every language.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from searchapp.documents import Document, Relation, Work
from searchapp.slugs import slug_of_title
from searchapp.urls import address_key

KeysOf = Callable[[Document], Iterable[tuple[str, ...]]]

SHORTEST_NAME = 2  # words: "about" and "index" stand in every language's folder

_DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}[-_]?")
_ENDING = re.compile(r"\.(?:md|markdown|mkd|mdx|html?)$", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # is its own slug, as most names are
# Nearly all addresses: what the parser of the standard library gives of them, at a tenth of the
# cost of asking it.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(/[A-Za-z0-9/._~-]*)?")


def find_translations(works: Sequence[Work]) -> list[Relation]:
    """Return groups of works that translate one another, each language once in a group.

    Where one name means two works of one language it is ambiguous, and links nothing.
    """
    if len({tongue_of(work.canonical.language) for work in works}) < 2:
        return []
    groups = _Groups(works)
    most = _most_spoken(works)
    by_path, by_name = _by_keys(works, _variant_keys, most), _by_keys(works, _names)
    for keys in (_declared(works), by_path, by_name):
        for members in keys:
            groups.link(members)
    return [Relation("translations", members) for members in groups.all()]


@lru_cache(maxsize=1000)
def tongue_of(language: str) -> str:
    """Return a language without its region: `pt-BR` is Portuguese."""
    return language.lower().replace("_", "-").partition("-")[0]


def _tongue(work: Work) -> str:
    return tongue_of(work.canonical.language)


class _Groups:
    """Works by id, linked where their languages are all different."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._tongue = {work.id: tongue_of(work.canonical.language) for work in works}
        self._group: dict[str, dict[str, str]] = {}  # work -> its group: language -> work

    def link(self, members: Iterable[str]) -> None:
        """Link works, unless two of them share a language."""
        groups: list[dict[str, str]] = []
        for work in members:
            group = self._group.get(work) or {self._tongue[work]: work}
            if not any(group is other for other in groups):
                groups.append(group)
        together = {tongue: work for group in groups for tongue, work in group.items()}
        if len(groups) > 1 and len(together) == sum(map(len, groups)):
            for work in together.values():
                self._group[work] = together

    def all(self) -> Iterator[tuple[str, ...]]:
        """Yield each group once, by language."""
        for work, group in self._group.items():
            if work == min(group.values()):
                yield tuple(group[tongue] for tongue in sorted(group))


def _declared(works: Sequence[Work]) -> list[list[str]]:
    """Return works that name one another, or one name that they share."""
    named: defaultdict[str, dict[str, None]] = defaultdict(dict)
    addressed: list[tuple[str, str]] = []
    for work in works:
        for document in work.documents:
            if document.translation:
                named[document.translation.strip().casefold()][work.id] = None
            stated = (document.translation, document.canonical_url, *document.syndication)
            keys = (address_key(url) for url in stated if url and "/" in url)
            addressed += [(work.id, key) for key in keys if key]
    pairs = _resolve(works, named, addressed) if named or addressed else []
    return [list(members) for members in named.values()] + pairs


def _resolve(
    works: Sequence[Work], named: Mapping[str, Iterable[str]], addressed: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """Return pairs of a work that names another by id or address, and that other one."""
    wanted = {key for _, key in addressed}
    by_id = {d.id.casefold(): work.id for work in works for d in work.documents}
    by_address = {
        key: work.id
        for work in works
        for url in (d.url for d in work.documents)
        if url and (key := address_key(url)) in wanted
    }
    pairs = [[work, by_address[key]] for work, key in addressed if key in by_address]
    return pairs + [
        [work, by_id[name]] for name, members in named.items() if name in by_id for work in members
    ]


def _most_spoken(works: Iterable[Work]) -> str:
    """Return the language of most works."""
    spoken = Counter(map(_tongue, works))
    return min(spoken, key=lambda tongue: (-spoken[tongue], tongue))


def _by_keys(
    works: Sequence[Work], keys_of: KeysOf, most: str | None = None
) -> Iterator[list[str]]:
    """Yield the works that share a key: one of each language, in more than one.

    Works of the language `most` are looked at only where the last part of their path may be one
    of a work in another language: two of their own are no translations.
    """
    others = [] if most is None else [w for w in works if _tongue(w) != most]
    known = {part for w in others for d in w.documents for key in keys_of(d) for part in key}
    first: dict[tuple[str, ...], Work] = {}
    shared: dict[tuple[str, ...], dict[str, Work]] = {}  # most keys are those of one work
    for work in works:
        is_of_most = _tongue(work) == most
        for document in work.documents:
            if document.listed or (is_of_most and not _may_share(document, known)):
                continue
            for key in keys_of(document):
                other = first.setdefault(key, work)
                if other is not work:
                    shared.setdefault(key, {other.id: other})[work.id] = work
    for members in (shared[key] for key in first if key in shared):
        tongues = [*map(_tongue, members.values())]
        if len({*tongues}) == len(tongues):
            yield list(members)


def _may_share(document: Document, known: Set[str]) -> bool:
    """Whether the last part of a key of the document may be one of `known`, at a glance."""
    codes = _Codes.of(document.language)
    paths = [_path(document)]
    if document.url:
        plain = _PLAIN.fullmatch(document.url)
        if plain is None:
            return True
        paths.append(plain[2] or "/")
    return any(codes.leave(path, known) for path in paths if path)


def _variant_keys(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield the document's path and address without the code of its language."""
    codes = _Codes.of(document.language)
    if path := _path(document):
        yield (document.site, *codes.taken_out(_ENDING.sub("", path)))
    if document.url:
        parts = _split(document.url)
        if parts is None:
            return
        host, path, query = parts
        labels = host.removeprefix("www.").split(".")
        told = parse_qsl(query) if query else ()
        stated = [(name, value) for name, value in told if value.lower() not in codes.all]
        yield (
            "",
            ".".join(labels[1:] if labels[0] in codes.all else labels),
            *codes.taken_out(_ENDING.sub("", path)),
            urlencode(stated),
        )


class _Codes:
    """The codes by which paths name a language: `pt-br` and `pt`."""

    def __init__(self, language: str) -> None:
        self.all = {language.lower(), tongue_of(language)}
        longest_first = sorted(self.all, key=len, reverse=True)
        self._endings = tuple(f"{mark}{code}" for code in longest_first for mark in "._-")
        any_code = "|".join(map(re.escape, self.all))
        self._may_stand = re.compile(rf"(?:^|[/._-])(?:{any_code})(?:/|$)")

    @classmethod
    @lru_cache(maxsize=1000)
    def of(cls, language: str) -> "_Codes":
        """Return the codes of a language."""
        return cls(language)

    def taken_out(self, path: str) -> list[str]:
        """Return the parts of a path without a code: of `de/kites`, `kites.de` and `kites_de`."""
        low = path.lower()
        segments = [segment for segment in low.split("/") if segment]
        if not self._may_stand.search(low):
            return segments
        return [self._cut(segment) for segment in segments if segment not in self.all]

    def leave(self, path: str, known: Set[str]) -> bool:
        """Whether the last part of a path, or what remains of it without a code, may be known."""
        low = _ENDING.sub("", path.lower()).rstrip("/")
        last = low.rpartition("/")[2]
        return not last or last in known or self._may_stand.search(low) is not None

    def _cut(self, segment: str) -> str:
        longer = (e for e in self._endings if segment.endswith(e) and len(segment) > len(e))
        return segment.removesuffix(next(longer, ""))


def _names(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield the name under which a site keeps the document, if it is long enough to tell."""
    last = _path(document)
    if not last and document.url and (parts := _split(document.url)):
        last = parts[1]
    name = _DATE.sub("", _ENDING.sub("", last.rstrip("/")).rpartition("/")[2])
    slug = name if _SLUG.fullmatch(name) else slug_of_title(name)
    if name and slug.count("-") + 1 >= SHORTEST_NAME:
        yield document.site, slug


def _path(document: Document) -> str:
    """Return a document's path within its source; "" where it shares a file with others."""
    source, _, path = document.id.partition(":")
    return path if source == document.source and "#" not in path else ""


def _split(url: str) -> tuple[str, str, str] | None:
    if plain := _PLAIN.fullmatch(url):
        return plain[1], plain[2] or "", ""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), unquote(parts.path), parts.query
    except ValueError:
        return None
