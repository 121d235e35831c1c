"""Which works are one piece given again: a talk at another event, a text revised.

They are linked and counted apart: each was published, and each may be what a reader looks for.
A title alone is no evidence, as "Weeknotes" and "Merry Christmas" come every year. Nearly the
same text is, and for talks a title that says enough, since talks are given under one title.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from searchapp.dedup.model import Likeness
from searchapp.dedup.titles import read_title
from searchapp.dedup.translations import tongue_of
from searchapp.documents import Relation, Work
from searchapp.slugs import slug_of_title

MOST = 12  # works under one title; of more, it is a column's name
TELLING = 2  # informative words of a title that is a talk's own
FEWEST = 12  # runs of words in a text that can be compared
NEAR = 0.5  # of all runs that two texts share under unlike titles


def find_versions(works: Sequence[Work], alike: Iterable[Likeness] = ()) -> list[Relation]:
    """Return groups of works that are versions of one piece, in the order of their dates.

    `alike` are pairs of documents of different works with nearly the same text. Two years'
    reports may share most of their words, so works whose titles have other numbers are none.
    """
    by_id = {work.id: work for work in works}
    home = {document.id: work for work in works for document in work.documents}
    links = [(a, b) for a, b in _under_one_title(works) if _is_talk(a) and _is_talk(b)]
    for pair in alike:
        a, b = home.get(pair.a), home.get(pair.b)
        if a and b and a is not b and _is_near(pair, a, b):
            links.append((a, b))
    groups = _connect((a.id, b.id) for a, b in links if _tongue(a) == _tongue(b))
    ordered = (sorted(group, key=lambda id_: _order(by_id[id_])) for group in groups)
    return [Relation("versions", tuple(group)) for group in ordered]


def _under_one_title(works: Sequence[Work]) -> Iterator[tuple[Work, Work]]:
    by_title: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_title[slug_of_title(work.title)].append(work)
    for group in by_title.values():
        if 1 < len(group) <= MOST:
            yield from combinations(group, 2)


def _is_talk(work: Work) -> bool:
    return work.canonical.kind == "talk" and len(read_title(work.title).informative) >= TELLING


def _is_near(pair: Likeness, a: Work, b: Work) -> bool:
    """Whether two texts are one, revised: a shorter one may be cut if the title is the same."""
    one, other = read_title(a.title), read_title(b.title)
    if pair.runs < FEWEST or one.numbers != other.numbers:
        return False
    return pair.jaccard >= NEAR or one.key == other.key


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
