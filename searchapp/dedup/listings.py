"""The rules of lists: an entry that is repeated, and one that has the title of its site's post."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from searchapp.dedup.case import FAR_APART, Case, Pair, dates_far
from searchapp.dedup.people import authors_differ, fold_names
from searchapp.documents import Document


def repeated_in_list(case: Case) -> Iterator[Pair]:
    """Yield entries of one list that have one title and no address.

    Where they state two summaries, dates, parts, languages or authors, they may be two
    pieces under one name ("Weeknotes"): only those that state the same are one, the others
    near misses.
    """
    listings: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for i in case.sharing:
        document = case.documents[i]
        if document.listed and not document.url and case.facts[i].key and document.joins:
            listings[document.source, document.path, case.facts[i].key].append(i)
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
    for i in case.sharing:
        document = case.documents[i]
        if not document.listed and case.facts[i].key and document.joins:
            posts[document.site, case.facts[i].key].append(i)
    pieces = {
        named: len({case.groups.group_of(i) for i in found}) for named, found in posts.items()
    }
    for i in case.sharing:
        entry = case.documents[i]
        if not entry.listed or entry.url or not entry.joins:
            continue
        named = entry.site, case.facts[i].key
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
    if dates_far(post, entry):
        return f"their dates are more than {FAR_APART} days apart"
    if post.part is not None and entry.part is not None and post.part != entry.part:
        return "they are not one part of a series"
    return "their authors differ" if authors_differ(post, entry) else None
