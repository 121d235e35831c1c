"""The rules of evidence, in order of certainty; each yields pairs of documents.

A pair that a rule yields may still be refused by a verdict. What is likely but not certain
is no rule's business: it is told as a near miss, and what contradicts itself as a conflict.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from searchapp.dedup.grouping import Groups
from searchapp.dedup.model import Conflict, NearMiss
from searchapp.dedup.people import authors_differ, fold_names
from searchapp.dedup.titles import (
    SHORTEST_PREFIX,
    Title,
    read_title,
    share_in_address,
    titles_agree,
)
from searchapp.documents import Document
from searchapp.urls import address_key, anchor_of, host_of

FAR_APART = 60  # days: one title in two dates further apart may be an annual piece
SHINGLE = 5  # words
ENOUGH_SHINGLES = 40  # of a text that may speak against a declared address
UNLIKE = 0.3  # containment below which two such texts are clearly not one
MOST_TITLES = 30  # at one address: beyond, it is an events page, and tells nothing
FEW_TITLES = 3  # may declare one address unchecked: a theme that declares its home page has more
ANY_TITLE, WORDLESS = "*", ""  # a title without a word agrees with every title
A_BLOG, A_LINE = 20, 300  # posts of a host that was read; characters of a mere entry
SHOWN_TITLES = 3  # in a reason
SHOWN_LENGTH = 80  # characters of a title in a reason

_ENDING = re.compile(r"\.(?:html?|php|aspx?|md)$")

Pair = tuple[int, int, str, float]
Rule = Callable[["Case"], Iterator[Pair]]


@dataclass(frozen=True)
class Case:
    """The documents with what the rules look at, computed once, and what they find.

    `addresses` are the keys of the documents' addresses, `declared` those of the addresses
    that documents declare as canonical, `old` of their old addresses, `copies` of those at
    which they say that copies stand. `groups` holds what earlier evidence has united.
    """

    documents: Sequence[Document]
    groups: Groups
    addresses: tuple[str | None, ...]
    declared: tuple[str | None, ...]
    titles: tuple[Title, ...]
    old: tuple[tuple[str, ...], ...]
    copies: tuple[tuple[str, ...], ...]
    conflicts: list[Conflict] = field(default_factory=list)
    near: list[NearMiss] = field(default_factory=list)

    @classmethod
    def of(cls, documents: Sequence[Document], groups: Groups) -> "Case":
        """Compute the keys of all documents."""
        key = cache(address_key)
        title = cache(read_title)
        return cls(
            documents,
            groups,
            tuple(key(d.url) if d.url else None for d in documents),
            tuple(key(d.canonical_url) if d.canonical_url else None for d in documents),
            tuple(title(d.title) for d in documents),
            tuple(tuple(filter(None, map(key, d.aliases))) for d in documents),
            tuple(tuple(filter(None, map(key, d.syndication))) for d in documents),
        )

    def doubt(self, i: int, j: int, reason: str, score: float = 0.5) -> None:
        """Tell the owner of two documents that may be one piece."""
        a, b = sorted((self.documents[i].id, self.documents[j].id))
        self.near.append(NearMiss(a, b, score, reason))

    def conflict(self, conflict: Conflict, sides: Mapping[int, int]) -> None:
        """Tell the owner of a contradiction, and keep its sides apart from now on."""
        self.conflicts.append(conflict)
        self.groups.part(sides)

    def by_address(self) -> dict[str, list[int]]:
        """Return the documents that may be joined, by the key of their address.

        Where one stands at an old address of another, the other is found there too.
        """
        found: dict[str, list[int]] = defaultdict(list)
        for i, key in enumerate(self.addresses):
            if key and self.documents[i].joins:
                found[key].append(i)
        for key, moved in self.by_old_address().items():
            if key in found:
                found[key] += (i for i in moved if i not in found[key])
        return found

    def by_old_address(self) -> dict[str, list[int]]:
        """Return the documents that may be joined, by the keys of their old addresses."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, keys in enumerate(self.old):
            for key in keys if self.documents[i].joins else ():
                found[key].append(i)
        return found


# --- 1. An address that an entry declares as its own ----------------------------------


def declared_address(case: Case) -> Iterator[Pair]:
    """Yield documents of which one declares the other's address, or both declare the same.

    The titles may differ, as a copy is often renamed; then the texts decide, and where there
    is none to compare, the declaration, unless many unlike titles share it.
    """
    homes = {**case.by_old_address(), **case.by_address()}
    declaring: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(case.declared):
        if key and key != case.addresses[i] and case.documents[i].joins:
            declaring[key].append(i)
    for key, copies in declaring.items():
        yield from _weigh_declarations(case, key, homes.get(key, []), copies)


def syndicated_copy(case: Case) -> Iterator[Pair]:
    """Yield a piece and the document at an address at which it says that a copy stands.

    Of unlike pieces that name one address, as those in one newsletter do, only that joins
    whose title the copy has.
    """
    homes = case.by_address()
    naming: dict[str, list[int]] = defaultdict(list)
    for i, keys in enumerate(case.copies):
        for key in keys if case.documents[i].joins else ():
            if key in homes and i not in homes[key]:
                naming[key].append(i)
    for key, pieces in naming.items():
        if len({case.titles[i].key for i in pieces}) == 1:
            yield from _weigh_declarations(case, key, homes[key], pieces)
            continue
        for i in pieces:
            copy = _nearest(case, homes[key], i)
            if titles_agree(case.titles[copy], case.titles[i]):
                yield copy, i, "declared address", 1.0
            else:
                case.doubt(copy, i, "unlike pieces name one address as that of their copy")


def _weigh_declarations(
    case: Case, key: str, homes: Sequence[int], copies: Sequence[int]
) -> Iterator[Pair]:
    anchors = sorted(homes, key=lambda i: case.documents[i].listed)[:MOST_TITLES] or copies[:1]
    shingles = cache(lambda i: _shingles(case.documents[i].text))
    judged: dict[str, list[int]] = defaultdict(list)
    for copy in copies:
        if copy in anchors:
            continue
        anchor = _nearest(case, anchors, copy)
        judgement = _judge(case, anchor, copy, shingles)
        if judgement == "one":
            yield anchor, copy, "declared address", 1.0
        elif judgement == "translated":
            case.doubt(anchor, copy, "a declared address, but their languages differ")
        else:
            judged[judgement].append(copy)
    if len({case.titles[i].key for i in judged["unknown"]}) > FEW_TITLES:
        judged = {"wrong": sorted([*judged["wrong"], *judged["unknown"]]), "unknown": []}
    one_title = len({case.titles[i].key for i in homes}) == 1
    for copy in judged["unknown"]:
        if one_title and not _is_home_page(key):
            yield anchors[0], copy, "declared address", 1.0
        else:
            case.doubt(anchors[0], copy, "a declared address, but no title or text to confirm it")
    if judged["wrong"]:
        sides = {anchors[0]: 0, **dict.fromkeys(judged["wrong"], 1)}
        case.conflict(_declared_conflict(case, anchors[0], judged["wrong"]), sides)


def _judge(
    case: Case, anchor: int, copy: int, shingles: Callable[[int], set[tuple[str, ...]]]
) -> str:
    """Return what a declaration is worth: one piece, a translation, wrong, or unknown."""
    a, b = case.documents[anchor], case.documents[copy]
    if titles_agree(case.titles[anchor], case.titles[copy]):
        return "one"
    alike = _texts_alike(shingles(anchor), _shingles(b.text))
    if alike:
        return "one"
    if not a.listed and not b.listed and a.language[:2] != b.language[:2]:
        return "translated"
    return "wrong" if alike is False or authors_differ(a, b) else "unknown"


def _nearest(case: Case, anchors: Sequence[int], copy: int) -> int:
    """Return the first anchor whose title agrees, else the first."""
    agreeing = (i for i in anchors if titles_agree(case.titles[i], case.titles[copy]))
    return next(agreeing, anchors[0])


def _texts_alike(first: set[tuple[str, ...]], second: set[tuple[str, ...]]) -> bool | None:
    """Whether two texts are of one piece, None where one is too short to tell."""
    smaller = min(len(first), len(second))
    return len(first & second) >= UNLIKE * smaller if smaller >= ENOUGH_SHINGLES else None


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return set(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _declared_conflict(case: Case, anchor: int, copies: Sequence[int]) -> Conflict:
    home, first = case.documents[anchor], case.documents[copies[0]]
    told = _list_titles(case.documents[i] for i in copies)
    reason = (
        f"{told} {'declares' if len(copies) == 1 else 'declare'} one address with {_show(home)}, "
        "but neither titles nor texts are alike; correct canonical_url or "
        "syndication, or write a verdict"
    )
    ids = (home.id, *(case.documents[i].id for i in copies))
    return Conflict("declared", first.canonical_url or home.url or "", ids, reason)


# --- 2. One address -------------------------------------------------------------------


def same_address(case: Case) -> Iterator[Pair]:
    """Yield documents at one address whose titles agree; unlike titles are a conflict.

    A fragment names a part of a page, and a page of news has many parts: two fragments
    under titles that only agree are a near miss.
    """
    for members in case.by_address().values():
        if len(members) > 1:
            yield from _compare_titles(case, members)


def _compare_titles(case: Case, members: Sequence[int]) -> Iterator[Pair]:
    """Compare each title at one address with the first of each cluster of agreeing ones."""
    heads = _Heads(case)
    seen: dict[str, int] = {}
    parts: dict[str, list[int]] = defaultdict(list)
    titles: dict[int, list[int]] = {}  # of a head: a document for each title with it
    for i in members:
        known = seen.setdefault(case.titles[i].key, i)
        if known != i:
            yield from _at_one_time(case, known, i)
            continue
        part = _fragment(case.documents[i])
        agreeing = heads.agreeing_with(i)
        head = next(
            (
                h
                for h in agreeing
                if _fragment(case.documents[h]) == part and _all_agree(case, titles[h], i)
            ),
            None,
        )
        if head is not None:
            titles[head].append(i)
            yield from _at_one_time(case, head, i)
            continue
        elsewhere = next((h for h in agreeing if _fragment(case.documents[h]) != part), None)
        if elsewhere is not None:
            case.doubt(elsewhere, i, "two parts of one page, under titles that agree")
        heads.add(i)
        titles[i] = [i]
        parts[part].append(i)
    for unlike in parts.values():
        if len(unlike) > 1:
            conflict = _address_conflict([case.documents[i] for i in unlike])
            case.conflict(conflict, {i: side for side, i in enumerate(unlike)})


def _all_agree(case: Case, members: Sequence[int], i: int) -> bool:
    """Whether a title agrees with all those of a cluster, so that none is there by a chain."""
    return all(titles_agree(case.titles[m], case.titles[i]) for m in members[:MOST_TITLES])


def _at_one_time(case: Case, i: int, j: int) -> Iterator[Pair]:
    """Yield two documents at one address, unless it is a home page that they name years apart.

    The address of a yearly fair is all that two talks given there have in common.
    """
    a, b = case.documents[i], case.documents[j]
    if _is_home_page(case.addresses[i]) and _dates_far(a, b) and not _names_page(case, i, j):
        case.doubt(i, j, f"at one home page, but more than {FAR_APART} days apart")
    else:
        yield i, j, "same address", 1.0


def _names_page(case: Case, i: int, j: int) -> bool:
    """Whether a title has the address itself in it, so that the home page is the piece."""
    name = _only_letters(case.addresses[i] or "")
    return any(name in _only_letters(case.documents[x].title.casefold()) for x in (i, j))


def _only_letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _is_home_page(key: str | None) -> bool:
    return key is not None and not re.search(r"[/?#]", key) and "." in key


class _Heads:
    """Unlike titles at one address, found by what agreeing titles share: a word or a beginning.

    So ten thousand of them are not compared in pairs.
    """

    def __init__(self, case: Case) -> None:
        self._titles = case.titles
        self._found_by: dict[str, list[int]] = defaultdict(list)

    def add(self, i: int) -> None:
        """Add a document whose title agrees with none of the others."""
        for name in (*_handles(self._titles[i]), ANY_TITLE):
            if len(self._found_by[name]) < MOST_TITLES:
                self._found_by[name].append(i)

    def agreeing_with(self, i: int) -> list[int]:
        """Return those, of the first that share something, whose titles agree with that of `i`."""
        title = self._titles[i]
        names = (*_handles(title), WORDLESS) if title.words else (ANY_TITLE,)
        sharing = sorted({head for name in names for head in self._found_by.get(name, ())})
        return [h for h in sharing[:MOST_TITLES] if titles_agree(self._titles[h], title)]


def _handles(title: Title) -> tuple[str, ...]:
    """Return what two titles share, some of it at least, if they agree."""
    if not title.words:
        return (WORDLESS,)
    return (*title.informative, f"^{title.joined[:SHORTEST_PREFIX]}")


def _fragment(document: Document) -> str:
    return anchor_of(document.url or "")


def _address_conflict(documents: Sequence[Document]) -> Conflict:
    url = documents[0].url or ""
    shares = [(share_in_address(d.title, url), d) for d in documents[:MOST_TITLES]]
    told = "; ".join(
        f"{_show(d)} has {share:.0%} of its words in it" for share, d in shares[:SHOWN_TITLES]
    )
    if len(documents) > SHOWN_TITLES:
        told += f"; and {len(documents) - SHOWN_TITLES} more"
    best, owner = max(shares, key=lambda pair: pair[0])
    others = [d for d in documents if d is not owner]
    guess = (
        f"it is probably that of {_show(owner)}, so correct the address of {_list_titles(others)}"
        if best > 0 and all(share < best for share, d in shares if d is not owner)
        else "correct the address of all but one"
    )
    return Conflict(
        "address", url, tuple(d.id for d in documents),
        f"one address under unlike titles: {told}; {guess}",
    )  # fmt: skip


# --- 3. The address of a post, but for its ending -------------------------------------


def older_address(case: Case) -> Iterator[Pair]:
    """Yield an entry at `.../salt.html` and the post that is now at `.../salt/`.

    Sites change their permalinks, and links to them stay. Only a post that was read counts:
    elsewhere a file and a folder may be two pages.
    """
    posts = {
        key: i
        for i, key in enumerate(case.addresses)
        if key and not case.documents[i].listed and case.documents[i].joins
    }
    for i, key in enumerate(case.addresses):
        if not key or not _ENDING.search(key) or not case.documents[i].joins:
            continue
        post = posts.get(_ENDING.sub("", key))
        if post is None:
            continue
        if titles_agree(case.titles[post], case.titles[i]):
            yield post, i, "address of a post, but for its ending", 0.95
        else:
            case.doubt(post, i, "one address, but for its ending, under unlike titles")


# --- 4. One title, twice in one list --------------------------------------------------


def repeated_in_list(case: Case) -> Iterator[Pair]:
    """Yield entries of one list that have one title and no address.

    Where they state two summaries, dates, parts, languages or authors, they may be two
    pieces under one name ("Weeknotes"): only those that state the same are one, the others
    near misses.
    """
    listings: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for i, document in enumerate(case.documents):
        if document.listed and not document.url and case.titles[i].key and document.joins:
            listings[document.source, document.path, case.titles[i].key].append(i)
    for members in listings.values():
        if len(members) > 1:
            yield from _compare_entries(case, members)


def _compare_entries(case: Case, members: Sequence[int]) -> Iterator[Pair]:
    stated = [_stated_by(case.documents[i]) for i in members]
    telling = [name for name in stated[0] if len({facts[name] for facts in stated} - {None}) > 1]
    first_with: dict[tuple[object, ...], int] = {}
    for i, facts in zip(members, stated, strict=True):
        values = tuple(facts[name] for name in telling)
        first = i if None in values else first_with.setdefault(values, i)
        if first != i:
            yield first, i, "repeated in one list", 0.95
        elif i != members[0]:
            reason = "one title in one list, but not one " + " and ".join(telling)
            case.doubt(members[0], i, reason)


def _stated_by(document: Document) -> dict[str, object]:
    """Return what an entry says of its piece, None where it does not."""
    return {
        "summary": " ".join(document.summary.casefold().split()) or None,
        "date": document.date,
        "part": document.part,
        "language": document.language,
        "author": frozenset(fold_names(document.authors)) or None,
    }


# --- 5. An entry of a list, and the one post of its site that has its title -----------


def post_of_site(case: Case) -> Iterator[Pair]:
    """Yield an entry without address and the one piece of its site that has its title.

    A title that several pieces of the site have ("Weeknotes") tells nothing.
    """
    posts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, document in enumerate(case.documents):
        if not document.listed and case.titles[i].key and document.joins:
            posts[document.site, case.titles[i].key].append(i)
    pieces = {
        named: len({case.groups.group_of(i) for i in found}) for named, found in posts.items()
    }
    for i, entry in enumerate(case.documents):
        if not entry.listed or entry.url or not entry.joins:
            continue
        named = entry.site, case.titles[i].key
        found = posts.get(named, [])
        if not found:
            continue
        against = _speaks_against(case.documents[found[0]], pieces[named], entry)
        if against:
            case.doubt(found[0], i, against)
        else:
            yield found[0], i, "title of one post of the site", 0.9


def _speaks_against(post: Document, pieces: int, entry: Document) -> str | None:
    """Return why an entry may not be the piece of a post, one of as many with its title."""
    if pieces > 1:
        return f"{pieces} posts of the site have this title"
    if _dates_far(post, entry):
        return f"their dates are more than {FAR_APART} days apart"
    if post.part is not None and entry.part is not None and post.part != entry.part:
        return "they are not one part of a series"
    return "their authors differ" if authors_differ(post, entry) else None


# --- 6. A line with an address that the blog does not have any more ---------------------


def moved_post(case: Case) -> Iterator[Pair]:
    """Yield an entry that leads to a host whose posts were read, but to none of them.

    All posts of that host are known, so it means one that has moved, or is misspelt: the
    one post that has its title. Of a round-up of others' work nothing is known.
    """
    by_title: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    of_host: Counter[str | None] = Counter()
    homes = set()
    for i, post in enumerate(case.documents):
        if post.url and not post.listed and post.joins and len(post.text) > A_LINE:
            host = host_of(post.url)
            of_host[host] += 1
            homes.add(case.addresses[i])
            by_title[host, case.titles[i].key].append(i)
    for i, entry in enumerate(case.documents):
        key = case.addresses[i]
        if not key or not entry.joins or len(entry.text) > A_LINE:
            continue
        host = host_of(entry.url or "")
        found = by_title.get((host, case.titles[i].key), [])
        lost = of_host[host] >= A_BLOG and not {key, _ENDING.sub("", key)} & homes
        if lost and len(found) == 1 and _is_meant(case.documents[found[0]], entry):
            yield found[0], i, "title of the post that its address meant", 0.85


def _is_meant(post: Document, entry: Document) -> bool:
    strange = post.source != entry.source and not authors_differ(post, entry)
    return strange and not _dates_far(post, entry)


def _dates_far(a: Document, b: Document) -> bool:
    return bool(a.date and b.date and abs((a.date - b.date).days) > FAR_APART)


RULES: tuple[Rule, ...] = (
    declared_address,
    syndicated_copy,
    same_address,
    older_address,
    repeated_in_list,
    post_of_site,
    moved_post,
)
BY_TITLE = (
    repeated_in_list,
    post_of_site,
    moved_post,
)  # never bring two posts of one site together


# --- Words of reasons -----------------------------------------------------------------


def _show(document: Document) -> str:
    title = document.title
    shown = title if len(title) <= SHOWN_LENGTH else title[: SHOWN_LENGTH - 1] + "…"
    return f"“{shown}”"


def _list_titles(documents: Iterable[Document]) -> str:
    shown = [*documents]
    told = ", ".join(map(_show, shown[:SHOWN_TITLES]))
    rest = len(shown) - SHOWN_TITLES
    return f"{told} and {rest} more" if rest > 0 else told
