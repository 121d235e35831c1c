"""The rules of addresses: one address, or a post's but for its ending or its hyphens."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from searchapp.dedup.case import (
    ENDING,
    FAR_APART,
    Case,
    Pair,
    cut_ending,
    dates_far,
    list_titles,
    show,
)
from searchapp.dedup.model import Conflict
from searchapp.dedup.texts import are_two_texts, split_by_text
from searchapp.dedup.titles import SHORTEST_PREFIX, Title, share_in_address, titles_agree
from searchapp.documents import Document
from searchapp.urls import anchor_of

MOST_TITLES = 30  # at one address: beyond, it is an events page, and tells nothing
ANY_TITLE, WORDLESS = "*", ""  # a title without a word agrees with every title
A_LINE = 300  # characters of what is no post
SHOWN_TITLES = 3  # in a reason


def same_address(case: Case) -> Iterator[Pair]:
    """Yield documents at one address whose titles agree; unlike titles or texts are a conflict.

    A fragment names a part of a page, and a page of news has many parts: two fragments
    under titles that only agree are a near miss.
    """
    for members in case.by_address().values():
        if len(members) > 1:
            yield from _compare_titles(case, members)


def _compare_titles(case: Case, members: Sequence[int]) -> Iterator[Pair]:
    """Compare each title at one address with the first of each cluster of agreeing ones."""
    heads = _Heads(case)
    clusters: dict[str, list[int]] = {}  # by the keys of their titles
    parts: dict[str, list[int]] = defaultdict(list)
    titles: dict[int, list[int]] = {}  # of a head: a document for each title with it
    for i in members:
        key = case.facts[i].key
        if key in clusters:
            clusters[key].append(i)
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
            clusters[key] = clusters[case.titles[head].key]
            clusters[key].append(i)
            continue
        elsewhere = next((h for h in agreeing if _fragment(case.documents[h]) != part), None)
        if elsewhere is not None:
            case.doubt(elsewhere, i, "two parts of one page, under titles that agree")
        heads.add(i)
        titles[i] = [i]
        clusters[key] = [i]
        parts[part].append(i)
    for head in titles:
        yield from _compare_texts(case, clusters[case.titles[head].key])
    for unlike in parts.values():
        if len(unlike) > 1:
            conflict = _address_conflict([case.documents[i] for i in unlike])
            case.conflict(conflict, {i: side for side, i in enumerate(unlike)})


def _compare_texts(case: Case, members: Sequence[int]) -> Iterator[Pair]:
    """Yield the documents of each text at one address; of several texts, tell the owner."""
    sides = split_by_text(case, members)
    if len(sides) > 1:
        conflict = _text_conflict([case.documents[side[0]] for side in sides])
        case.conflict(conflict, {i: n for n, side in enumerate(sides) for i in side})
    for side in sides:
        first = {case.titles[side[0]].key: side[0]}
        for i in side[1:]:
            yield from _at_one_time(case, first.get(case.titles[i].key, side[0]), i)
            first.setdefault(case.titles[i].key, i)


def _all_agree(case: Case, members: Sequence[int], i: int) -> bool:
    """Whether a title agrees with all those of a cluster, so that none is there by a chain."""
    return all(titles_agree(case.titles[m], case.titles[i]) for m in members[:MOST_TITLES])


def _at_one_time(case: Case, i: int, j: int) -> Iterator[Pair]:
    """Yield two documents at one address, unless it is a home page that they name years apart.

    The address of a yearly fair is all that two talks given there have in common.
    """
    a, b = case.documents[i], case.documents[j]
    if is_home_page(case.addresses[i]) and dates_far(a, b) and not _names_page(case, i, j):
        case.doubt(i, j, f"at one home page, but more than {FAR_APART} days apart")
    else:
        yield i, j, "same address", 1.0


def _names_page(case: Case, i: int, j: int) -> bool:
    """Whether a title has the address itself in it, so that the home page is the piece."""
    name = only_letters(case.addresses[i] or "")
    return any(name in only_letters(case.documents[x].title.casefold()) for x in (i, j))


def only_letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def is_home_page(key: str | None) -> bool:
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


def _text_conflict(documents: Sequence[Document]) -> Conflict:
    first = documents[0]
    return Conflict(
        "address", first.url or "", tuple(d.id for d in documents),
        f"one address, {len(documents)} texts that have nothing in common: "
        f"{list_titles(documents)}; correct the address of all but one, or write a verdict",
    )  # fmt: skip


def _address_conflict(documents: Sequence[Document]) -> Conflict:
    """Tell of unlike titles at one address, and whose it is: a post's before a list's line's."""
    url = documents[0].url or ""
    shares = [(share_in_address(d.title, url), d) for d in documents[:MOST_TITLES]]
    told = "; ".join(
        f"{show(d)} has {share:.0%} of its words in it" for share, d in shares[:SHOWN_TITLES]
    )
    if len(documents) > SHOWN_TITLES:
        told += f"; and {len(documents) - SHOWN_TITLES} more"
    posts = [pair for pair in shares if not pair[1].listed]
    best, owner = max(posts or shares, key=lambda pair: pair[0])
    others = [d for d in documents if d is not owner]
    told_apart = best > 0 and all(s < best for s, d in posts or shares if d is not owner)
    is_owner = told_apart or len(posts) == 1
    guess = (
        f"it is probably that of {show(owner)}, so correct the address of {list_titles(others)}"
        if is_owner
        else "correct the address of all but one"
    )
    return Conflict(
        "address", url, tuple(d.id for d in documents),
        f"one address under unlike titles: {told}; {guess}",
        tuple(round(share, 3) for share, _ in shares), owner.id if is_owner else None,
    )  # fmt: skip


def older_address(case: Case) -> Iterator[Pair]:
    """Yield an entry at `.../salt.html` and the post that is now at `.../salt/`.

    Sites change their permalinks, and links to them stay. Only a post that was read counts:
    elsewhere a file and a folder may be two pages.
    """
    posts = {
        key: i
        for i in case.sharing
        if (key := case.addresses[i]) and not case.documents[i].listed and case.documents[i].joins
    }
    for i in case.sharing:
        key = case.addresses[i]
        if not key or not ENDING.search(key) or not case.documents[i].joins:
            continue
        post = posts.get(cut_ending(key))
        if post is None:
            continue
        a, b = case.documents[post], case.documents[i]
        if dates_far(a, b) and not _is_entry_of(a, b):
            case.doubt(
                post, i, f"one address, but for its ending, more than {FAR_APART} days apart"
            )
        elif are_two_texts(case, post, i):
            case.doubt(post, i, "one address, but for its ending, with two unlike texts")
        elif titles_agree(case.titles[post], case.titles[i]):
            yield post, i, "address of a post, but for its ending", 0.95
        else:
            case.doubt(post, i, "one address, but for its ending, under unlike titles")


def misspelt_address(case: Case) -> Iterator[Pair]:
    """Yield an entry and the post whose title it has, at whose address it nearly leads.

    Only signs may differ (`/rust-langrust/`, `/rust-lang-rust/`): two days are two numbers.
    """
    posts = {
        (only_letters(cut_ending(key)), case.facts[i].key): i
        for i in case.sharing
        if (key := case.addresses[i]) and not case.documents[i].listed and case.documents[i].joins
    }
    for i in case.sharing:
        key = case.addresses[i]
        if key and case.facts[i].key and case.documents[i].joins:
            post = posts.get((only_letters(cut_ending(key)), case.facts[i].key), i)
            near = cut_ending(case.addresses[post] or "") != cut_ending(key)
            entry = near and _is_entry_of(case.documents[post], case.documents[i])
            if entry and not are_two_texts(case, post, i):
                yield post, i, "address of a post, but for its hyphens", 0.95


def _is_entry_of(post: Document, entry: Document) -> bool:
    """Whether one is a post that was read, and the other stands in another list, or is a line.

    Two lines of one list may be two pages of a site that nobody read.
    """
    return post.source != entry.source or post.length > A_LINE >= entry.length
