"""Which works are parts of one series, in which order; also where titles alone tell.

    Turtle Breakthrough: Decoding Optimizers        part 1, as nobody else can be
    Turtle Breakthrough, Part 2: The Blueprint      part 2

    Modern post-training part 1, part 2             a series that was renamed: the second begins
    Modern LLM post-training part 3, part 4         where the first ends, and has no part 1

What entries state comes first, and is never overruled by a title.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from searchapp.dedup.parts import PartTitle, heads_of, read_part
from searchapp.dedup.titles import Title, read_title
from searchapp.dedup.translations import tongue_of
from searchapp.documents import InSeries, Relation, Work
from searchapp.slugs import slug_of_title

TELLING = 2  # informative words that a name needs, to tell what it means by itself
ADDED = 2  # words by which a renamed series may differ
MOST = 50  # series whose names share a word; one that more share tells nothing


@dataclass
class _Member:
    work: Work
    number: int | None
    of: int | None = None


@dataclass
class _Series:
    """A series as it is being put together: its name taken apart, and its members."""

    name: Title
    shown: list[tuple[_Member, str]] = field(default_factory=list)
    declared: bool = False
    members: list[_Member] = field(default_factory=list)

    @property
    def numbers(self) -> set[int]:
        return {member.number for member in self.members if member.number is not None}

    @property
    def sites(self) -> set[str]:
        return {d.site for member in self.members for d in member.work.documents}

    @property
    def title(self) -> str:
        """Its name as it is written most often; of several, as the first part has it."""
        used = Counter(name for _, name in self.shown)
        return min(self.shown, key=lambda pair: (-used[pair[1]], _order(pair[0])))[1]


def find_series(works: Sequence[Work]) -> tuple[dict[str, InSeries], list[Relation]]:
    """Return where each work stands in which series, by its id, and the series in order."""
    found, loose = _gather(works)
    _continue_renamed(found)
    _find_first_parts(found, loose)
    series = [s for s in found if s.declared or len(s.members) > 1]
    places = {
        member.work.id: InSeries(title, member.number, member.of)
        for title, members in ((s.title, s.members) for s in series)
        for member in members
    }
    return places, [relation for s in series for relation in _in_order(s)]


def _gather(works: Sequence[Work]) -> tuple[list[_Series], list[Work]]:
    """Return the series that are declared or named in titles, and the works of none."""
    declared: dict[str, _Series] = {}
    named: list[tuple[Work, PartTitle]] = []
    loose: list[Work] = []
    for work in works:
        part = _part_of(work)
        if title := (work.series or "").strip():
            key = read_title(title).key or title
            series = declared.setdefault(key, _Series(read_title(title), declared=True))
            number, of = (part.number, part.of) if part else (None, None)
            member = _Member(work, number if work.part is None else work.part, of)
            series.members.append(member)
            series.shown.append((member, title))
        elif part:
            named.append((work, part))
        else:
            loose.append(work)
    return [*declared.values(), *_group_named(named, declared)], loose


def _part_of(work: Work) -> PartTitle | None:
    titles = dict.fromkeys(document.title for document in work.documents)
    return next((part for title in titles if (part := read_part(title))), None)


def _group_named(
    named: Iterable[tuple[Work, PartTitle]], declared: dict[str, _Series]
) -> Iterator[_Series]:
    """Yield series by the names in titles; those of a declared one go to that.

    A name that has one part twice means two series: then each site has its own, and what is
    still unclear is none.
    """
    groups: defaultdict[tuple[str, str], list[tuple[Work, PartTitle]]] = defaultdict(list)
    for work, part in named:
        if part.read.key in declared:
            series = declared[part.read.key]
            series.members.append(_Member(work, part.number, part.of))
        else:
            groups[part.read.key, tongue_of(work.canonical.language)].append((work, part))
    for group in groups.values():
        if _is_clear(group) and len(group[0][1].read.informative) >= TELLING:
            yield _series_of(group)
            continue
        by_site: defaultdict[str, list[tuple[Work, PartTitle]]] = defaultdict(list)
        for work, part in group:
            by_site[work.canonical.site].append((work, part))
        yield from (_series_of(members) for members in by_site.values() if _is_clear(members))


def _is_clear(group: Sequence[tuple[Work, PartTitle]]) -> bool:
    return len({part.number for _, part in group}) == len(group)


def _series_of(group: Sequence[tuple[Work, PartTitle]]) -> _Series:
    ordered = sorted(group, key=lambda pair: pair[1].number)
    members = [_Member(work, part.number, part.of) for work, part in ordered]
    name = ordered[0][1]
    return _Series(name.read, [(members[0], name.name)], members=members)


# --- A series that was renamed ----------------------------------------------------------------


def _continue_renamed(found: list[_Series]) -> None:
    """Join a series without its first parts to the one that ends where it begins."""
    begun: defaultdict[tuple[int, str], list[_Series]] = defaultdict(list)
    for series in found:
        last = len(series.numbers)
        if series.numbers == set(range(1, last + 1)):
            for word in series.name.informative:
                begun[last, word].append(series)
    joined = set()
    for later in [s for s in found if s.numbers and min(s.numbers) > 1 and not s.declared]:
        before = min(later.numbers) - 1
        beside = (begun.get((before, word), []) for word in later.name.informative)
        candidates = {id(s): s for group in beside if len(group) <= MOST for s in group}
        fitting = [series for series in candidates.values() if _is_renamed(series, later)]
        if len(fitting) == 1:
            fitting[0].members += later.members
            joined.add(id(later))
    found[:] = [series for series in found if id(series) not in joined]


def _is_renamed(series: _Series, later: _Series) -> bool:
    """Whether one name has all words of the other, on one site, in one language."""
    few, many = sorted((series.name.informative, later.name.informative), key=len)
    tongues = {tongue_of(m.work.canonical.language) for m in (*series.members, *later.members)}
    return (
        TELLING <= len(few) <= len(many) <= len(few) + ADDED
        and few <= many
        and series.name.numbers == later.name.numbers
        and len(tongues) == 1
        and not series.sites.isdisjoint(later.sites)
        and len(series.numbers) + 1 == min(later.numbers)
    )


# --- A first part without a number ------------------------------------------------------------


def _find_first_parts(found: Sequence[_Series], loose: Sequence[Work]) -> None:
    """Give a series that begins with part 2 the one work that can be its part 1."""
    headless = [s for s in found if s.numbers and min(s.numbers) == 2 and not s.declared]
    wanted = {s.name.key for s in headless if len(s.name.informative) >= TELLING}
    if not wanted:
        return
    begins = {_begin(s.title) for s in headless}
    by_head: defaultdict[str, list[Work]] = defaultdict(list)
    for work in loose:
        if _begin(work.title) in begins:
            heads = {read_title(head).key for head in heads_of(work.title)}
            for key in heads & wanted:
                by_head[key].append(work)
    for series in headless:
        fitting = [work for work in by_head[series.name.key] if _may_begin(work, series)]
        if len(fitting) == 1:
            series.members.insert(0, _Member(fitting[0], 1))


def _begin(title: str) -> str:
    """Return a few letters by which nearly all other titles can be left aside."""
    return slug_of_title(title[:24])[:8]


def _may_begin(work: Work, series: _Series) -> bool:
    """Whether a work is of the series' site and language, and not later than its part 2."""
    second = next(m.work for m in series.members if m.number == 2)
    return (
        not series.sites.isdisjoint(d.site for d in work.documents)
        and tongue_of(work.canonical.language) == tongue_of(second.canonical.language)
        and (work.date or dt.date.min) <= (second.date or dt.date.max)
    )


# --- In order ---------------------------------------------------------------------------------


def _in_order(series: _Series) -> Iterator[Relation]:
    """Yield a series in order; where a part stands in several languages, each by itself."""
    by_tongue: defaultdict[str, list[_Member]] = defaultdict(list)
    for member in series.members:
        by_tongue[tongue_of(member.work.canonical.language)].append(member)
    told = [{m.number for m in members} - {None} for members in by_tongue.values()]
    repeats = sum(map(len, told)) > len(set().union(*told))
    for members in by_tongue.values() if repeats else [series.members]:
        ordered = sorted(members, key=_order)
        if len(ordered) > 1:
            yield Relation("series", tuple(member.work.id for member in ordered))


def _order(member: _Member) -> tuple[object, ...]:
    number, work = member.number, member.work
    return (number is None, number or 0, work.date or dt.date.max, work.title, work.id)


def place_in_series(works: Iterable[Work], places: dict[str, InSeries]) -> list[Work]:
    """Return works, each with its place in a series."""
    return [replace(w, in_series=places[w.id]) if w.id in places else w for w in works]
