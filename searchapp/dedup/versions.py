"""Which works are one piece given again: a talk at another event, a text revised.

They are linked and counted apart: each was published, and each may be what a reader looks for.
A title alone is no evidence, as "Weeknotes" and "Merry Christmas" come every year. Nearly the
same text is, and for talks a title that says enough, since talks are given under one title.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from searchapp.dedup import blurbs
from searchapp.dedup.bodies import compare_texts
from searchapp.dedup.model import Likeness
from searchapp.dedup.titles import read_title
from searchapp.dedup.translations import tongue_of
from searchapp.documents import Relation, Work

TELLING = 2  # informative words of a title that is a talk's own
# Letters to the same readers share their frame, up to .75 of all runs; annual reviews share .5.
ONE_TEXT, ENOUGH = 0.8, 40
HALF = 0.5


def find_versions(works: Sequence[Work], alike: Iterable[Likeness] = ()) -> list[Relation]:
    """Return groups of works that are versions of one piece, in the order of their dates.

    `alike` are pairs of documents of different works with nearly the same text.
    """
    by_id = {work.id: work for work in works}
    home = {document.id: work for work in works for document in work.documents}
    under_one_title = list(_under_one(works, _title))
    links = []
    for pair in (*alike, *_measure((*under_one_title, *_under_one(works, _opening)))):
        a, b = home.get(pair.a), home.get(pair.b)
        if a and b and a is not b and _is_near(pair, a, b):
            links.append((a, b))
    links += [pair for group in under_one_title for pair in _talks(group)]
    groups = _connect((a.id, b.id) for a, b in links if _tongue(a) == _tongue(b))
    ordered = (sorted(group, key=lambda id_: _order(by_id[id_])) for group in groups)
    return [Relation("versions", tuple(group)) for group in ordered]


def _under_one(works: Iterable[Work], key_of: Callable[[Work], str]) -> Iterator[list[Work]]:
    """Yield the works that share a key with others, but for those that very many share."""
    groups: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        groups[key_of(work)].append(work)
    return (group for key, group in groups.items() if key and 1 < len(group) <= blurbs.MOST)


def _title(work: Work) -> str:
    return " ".join(work.title[:200].lower().split())


def _opening(work: Work) -> str:
    return blurbs.opening_of(work.canonical)


def _talks(group: Sequence[Work]) -> Iterator[tuple[Work, Work]]:
    talks = [work for work in group if work.canonical.kind == "talk"]
    if talks and len(read_title(talks[0].title).informative) >= TELLING:
        yield from pairwise(talks)


def _measure(groups: Iterable[Sequence[Work]]) -> Iterator[Likeness]:
    """Yield how near the short texts of a group are; longer ones are in `alike` if they are."""
    for group in groups:
        documents = [work.canonical for work in group]
        for a, b in combinations(documents, 2):
            if 0 < min(a.length, b.length) <= blurbs.SHORT:
                found = compare_texts(a, b)
                if found.jaccard >= HALF:
                    yield found


def _is_near(pair: Likeness, a: Work, b: Work) -> bool:
    """Whether two texts are one, revised; the less their titles agree, the nearer they must be.

    Titles that are alike but for their numbers are a column's: "1.68.2 pre-release testing" and
    "1.77.1 pre-release testing" may have one text, and are about two releases.
    """
    one, other = read_title(a.title), read_title(b.title)
    if pair.runs < blurbs.FEWEST:
        return False
    if one.key == other.key:
        return True
    shared = len(one.informative & other.informative)
    if shared and 2 * shared >= min(len(one.informative), len(other.informative)):
        return one.numbers == other.numbers and pair.jaccard >= HALF
    return pair.jaccard >= ONE_TEXT and pair.runs >= ENOUGH


def _connect(links: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Return the groups that links tie together."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in links:
        beside[a].add(b)
        beside[b].add(a)
    return [group for group in _walk(beside) if len(group) > 1]


def _walk(beside: Mapping[str, set[str]]) -> Iterator[set[str]]:
    seen: set[str] = set()
    for start in beside:
        group, waiting = set(), [start]
        while waiting:
            work = waiting.pop()
            if work not in seen:
                seen.add(work)
                group.add(work)
                waiting += beside[work]
        yield group


def _tongue(work: Work) -> str:
    return tongue_of(work.canonical.language)


def _order(work: Work) -> tuple[object, ...]:
    return (work.date is None, work.date.toordinal() if work.date else 0, work.title, work.id)
