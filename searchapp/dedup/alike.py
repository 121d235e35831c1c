"""The rules for what is likely: titles and texts beside each other, and what speaks against them.

    titles, texts --> candidate pairs --> a judgement of each --> evidence, in order of certainty
                                                              |-> near misses

A pair that is judged to be one piece may still be refused: where any two documents of the two
groups that it would join are vetoed, by their titles, texts or authors.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from searchapp.dedup.bodies import NOTHING, Measure, Outline, Sketches
from searchapp.dedup.case import Case, Pair
from searchapp.dedup.grouping import Groups
from searchapp.dedup.model import Likeness
from searchapp.dedup.neighbours import (
    COMPLETIONS,
    Traits,
    find_completions,
    find_related,
    find_sharing,
    read_traits,
)
from searchapp.dedup.people import authors_differ
from searchapp.dedup.surroundings import (
    MOST_COMPARED,
    Places,
    find_contested,
    names_of_sites,
)
from searchapp.dedup.wordings import CERTAIN, Relation, Wording, are_vetoed, relate
from searchapp.documents import Document

ONE_TEXT = 0.8  # jaccard that may stand alone: no two posts of 7,000 unlike titles reach it
WHOLE = 0.98  # containment: all of one text, which is at least half of the other
EDITED, EDITED_RUNS = 0.65, 60  # jaccard of a text that was edited, and its length
THEIRS = 0.8  # share of what two texts have in common that hardly any other has
REPEATED = 0.95  # jaccard from which one site has a text twice
SOON, MONTH, SEASON = 7, 31, 60  # days between a piece and its copy
TELLING = 3  # informative words of a title that may stand alone
NEARLY = 0.3  # containment from which a shared title is worth the owner's look
ALIKE_ENOUGH = 0.5  # jaccard from which unlike titles are worth it
SHOWN = 3  # documents under one title of one site that are near misses; more are a habit
MOST_ASKED = 5  # questions about one document; a template would give thousands
CROSS = 400  # pairs of titles that are checked before two groups are joined


@dataclass(frozen=True, slots=True)
class Judgement:
    """What titles and texts say of two documents; `rule` is "" where they join nothing."""

    rule: str
    score: float
    reason: str


class Likely:
    """The documents with their wordings and texts, and what these say of each pair."""

    def __init__(self, case: Case, places: Places) -> None:
        self.case = case
        self.documents = documents = case.documents
        self.groups: Groups = case.groups
        self.places = places
        self.names = names_of_sites(documents, self.places.hosts)
        self._measured: dict[tuple[int, int], Measure] = {}
        self.wordings = Wordings(case, self.names)
        self.outlines = [case.readings.outlines[digest] for digest in case.digests]

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        """The documents that may be joined, by the key of their wording."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, document in enumerate(self.documents):
            if document.joins and (key := self.wordings.key(i)):
                found[key].append(i)
        return found

    @cached_property
    def contested(self) -> frozenset[str]:
        """The titles that name more than one piece."""
        return find_contested(self.by_key, self.measure, self.places, self.groups)

    @cached_property
    def ambiguous(self) -> frozenset[str]:
        """The keys of cut titles that may be several titles' beginning."""
        return frozenset(
            self._distinct[i].key for i, whole in self._completions.items() if len(whole) > 1
        )

    @cached_property
    def _distinct(self) -> list[Wording]:
        return [self.wordings[members[0]] for members in self.by_key.values()]

    @cached_property
    def _completions(self) -> dict[int, list[int]]:
        ending = [i for m in self.by_key.values() for i in m if self.wordings.ends_in_dots(i)]
        if not ending:
            return {}
        cut = {self.wordings[i].key: self.wordings[i] for i in ending}
        plain = [cut.get(wording.key, wording) for wording in self._distinct]
        return find_completions(plain)

    def _related(self) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Yield the documents of two titles that may be wordings of one."""
        members = list(self.by_key.values())
        sharing = find_sharing([self.wordings.traits(m[0]) for m in members])
        for a, b in find_related([self.wordings[members[n][0]] for n in sharing]):
            yield members[sharing[a]], members[sharing[b]]

    def alike_texts(self) -> list[tuple[int, int]]:
        """Return the pairs whose texts are worth measuring."""
        return self._sketches.find_alike()

    @cached_property
    def _sketches(self) -> Sketches:
        return Sketches(self.compared)

    @property
    def compared(self) -> list[Outline]:
        """The outlines of the texts, nothing of those that may not be joined."""
        both = zip(self.documents, self.outlines, strict=True)
        return [text if document.joins else NOTHING for document, text in both]

    def candidates(self, alike: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield each pair that is worth a judgement once, in order."""
        found = set(alike)
        for members in self.by_key.values():
            if len(members) > 1:
                found.update(_neighbours(members, self.documents))
        for one, other in self._related():
            found.update((min(i, j), max(i, j)) for i in one[:SHOWN] for j in other[:SHOWN])
        keys = list(self.by_key.values()) if self._completions else []
        for a, whole in self._completions.items():
            for b in whole[:COMPLETIONS]:
                pairs = ((i, j) for i in keys[a][:MOST_COMPARED] for j in keys[b][:MOST_COMPARED])
                found.update((min(p), max(p)) for p in pairs if p[0] != p[1])
        yield from sorted(found)

    def measure(self, i: int, j: int) -> Measure:
        """Return how alike the texts of two documents are."""
        pair = (i, j) if i < j else (j, i)
        if pair not in self._measured:
            self._measured[pair] = self.case.measure(i, j)
        return self._measured[pair]

    def days_between(self, i: int, j: int) -> int | None:
        """Return how many days lie between two documents, None where one has no date."""
        one, other = self.documents[i].date, self.documents[j].date
        return abs((one - other).days) if one and other else None

    def relation(self, i: int, j: int) -> Relation:
        """Return how two titles stand to each other."""
        return relate(self.wordings[i], self.wordings[j])

    def veto(self, i: int, j: int) -> str | None:
        """Return why two documents cannot be one piece, as far as titles and authors tell."""
        if authors_differ(self.documents[i], self.documents[j]):
            return "their authors differ"
        return are_vetoed(self.wordings[i], self.wordings[j])

    def judge(self, i: int, j: int) -> Judgement:
        """Return what titles and texts say of two documents."""
        texts = self.measure(i, j)
        if reason := self.veto(i, j):
            score = texts.jaccard if texts.counts and texts.jaccard >= ONE_TEXT else 0.0
            return Judgement("", score, f"their texts are alike, but {reason}" if score else reason)
        relation = self.relation(i, j)
        if self.places.are_one(i, j):
            return self._on_one_site(i, j, relation, texts)
        if _differ(texts):
            return Judgement("", 0.0, "their texts differ")
        if relation in CERTAIN:
            return self._by_title(i, j, relation, texts)
        if relation == "near":
            return _by_near_title(texts)
        return self._by_text(i, j, texts)

    def _on_one_site(self, i: int, j: int, relation: Relation, texts: Measure) -> Judgement:
        """Judge two documents that one site keeps apart: a title says nothing there.

        A site has one text twice where it was moved, and near texts in every series.
        """
        days = self.days_between(i, j)
        titled = relation in CERTAIN
        talks = "talk" in (self.documents[i].kind, self.documents[j].kind)
        if titled and texts.counts and texts.jaccard >= REPEATED and not talks:
            if days is None or days <= MONTH:
                return Judgement("title and text", texts.jaccard, "one title and text, twice")
            return Judgement("", 0.7, f"one title and text, {days} days apart")
        if texts.counts and texts.jaccard >= ALIKE_ENOUGH and (titled or texts.containment > WHOLE):
            return Judgement("", texts.jaccard * 0.7, "their texts are alike, on one site")
        few = len(self.by_key.get(self.wordings[i].key, ())) <= SHOWN
        elsewhere = self.places.stand_apart(i, j)
        if relation in ("equal", "slip", "swapped") and few and elsewhere and not texts.counts:
            return Judgement("", 0.3, "one title at two hosts, in one list")
        return Judgement("", 0.0, "one site keeps them apart")

    def _by_title(self, i: int, j: int, relation: Relation, texts: Measure) -> Judgement:
        days = self.days_between(i, j)
        keys = self.wordings[i].key, self.wordings[j].key
        again = not self.contested.isdisjoint(keys) or not self.ambiguous.isdisjoint(keys)
        if texts.is_near:
            proven = texts.jaccard >= ONE_TEXT or self._is_edited(i, j, texts)
            if not again or proven or (days is not None and days <= MONTH):
                score = max(texts.jaccard, texts.containment)
                return Judgement("title and text", score, "their titles and texts are alike")
            return Judgement("", 0.8, "alike in title and text, but the title comes again")
        if again:
            close = days is not None and days <= MONTH
            return Judgement(
                "",
                0.4 if close else 0.2 if days is None else 0.0,
                "a title that several pieces have",
            )
        return self._by_title_alone(i, j, relation, days)

    def _by_title_alone(self, i: int, j: int, relation: Relation, days: int | None) -> Judgement:
        a, b = self.documents[i], self.documents[j]
        words = min(len(self.wordings[x].informative) for x in (i, j))
        if "talk" in (a.kind, b.kind):
            return Judgement("", 0.6, "one title, but a talk may be given again")
        if a.language[:2] != b.language[:2]:
            return Judgement("", 0.5, "one title, but their languages differ")
        latest = SOON if self.places.of_one_source(i, j) else SEASON
        if days is not None and days > latest:
            return Judgement("", 0.5, f"one title, but {days} days apart")
        if words >= TELLING or (days is not None and days <= SOON and words > 1):
            score = 0.85 if relation == "equal" else 0.8
            return Judgement("same title", score, "one title on two sites")
        return Judgement("", 0.5, "one title, but of few words")

    def _is_edited(self, i: int, j: int, texts: Measure) -> bool:
        """Whether most of a text is in the other, and hardly anywhere else.

        Issues of a newsletter share three quarters, which other issues share, too.
        """
        long = texts.jaccard >= EDITED and texts.runs >= EDITED_RUNS
        return long and self._sketches.own_share(i, j) >= THEIRS

    def _by_text(self, i: int, j: int, texts: Measure) -> Judgement:
        """Judge two documents whose titles differ: only all of a text speaks for one piece.

        Or most of it, within a month of the other, where what they share is theirs alone.
        """
        if not texts.counts:
            return Judgement("", 0.0, "neither titles nor texts are alike")
        whole = texts.jaccard >= ALIKE_ENOUGH and texts.containment >= WHOLE
        if texts.jaccard >= ONE_TEXT or whole:
            return Judgement("same text", texts.jaccard, "one text under two titles")
        days = self.days_between(i, j)
        if self._is_edited(i, j, texts) and (days is None or days <= MONTH):
            return Judgement("same text", texts.jaccard, "one text, edited, under two titles")
        if texts.is_near:
            score = max(texts.jaccard, texts.containment * 0.8)
            return Judgement("", score, "their texts are alike, their titles are not")
        return Judgement("", 0.0, "their titles differ, and their texts do, too")


class Wordings:
    """The wordings of documents' titles, each put together when it is first looked at.

    Most titles are their own wording; of the others, names of sites are left out first.
    """

    def __init__(self, case: Case, names: frozenset[str]) -> None:
        self._case = case
        self._names = names
        self._read: dict[str, Wording] = {}

    def __getitem__(self, i: int) -> Wording:
        title = self._case.documents[i].title
        if title not in self._read:
            self._read[title] = self._case.readings.wording(title, self._names)
        return self._read[title]

    def key(self, i: int) -> str:
        """Return the key of a document's wording."""
        known = self._case.facts[i].wording
        return self[i].key if known is None else known

    def traits(self, i: int) -> Traits:
        """Return what a document's title may share with another."""
        facts = self._case.facts[i]
        return read_traits(self[i]) if facts.wording is None else facts.traits

    def ends_in_dots(self, i: int) -> bool:
        """Whether a document's title was cut."""
        facts = self._case.facts[i]
        return self[i].title.ends_in_dots if facts.wording is None else facts.cut


def _by_near_title(texts: Measure) -> Judgement:
    if texts.is_near:
        score = max(texts.jaccard, texts.containment) * 0.98
        return Judgement("title and text", score, "their titles are near, their texts alike")
    return Judgement("", 0.45, "their titles are near, but no text confirms it")


def _neighbours(members: Sequence[int], documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
    """Yield pairs of documents under one title: all of few, those near in time of many."""
    near = len(members)
    if near > MOST_COMPARED:
        members = sorted(members, key=lambda i: (str(documents[i].date or ""), i))
        near = 4
    for n, i in enumerate(members):
        for j in members[n + 1 : n + 1 + near]:
            yield min(i, j), max(i, j)


ORDER = ("title and text", "same text", "same title")


def weigh_likely(likely: Likely, case: Case) -> tuple[list[Pair], list[Likeness]]:
    """Unite what titles and texts say is one piece; return the evidence, and near texts.

    Two posts of one site are united only by a judgement of these two, never through a third.
    """
    told, alike = _judge_all(likely)
    groups, pairs = likely.groups, list[Pair]()
    doubted = {(doubt.a, doubt.b) for doubt in case.near}
    for i, j, judged in told:
        chained = not likely.places.are_one(i, j)
        if judged.rule and may_unite(likely, i, j) and groups.unite(i, j, by_title=chained):
            pairs.append((i, j, judged.rule, round(judged.score, 3)))
    asked: Counter[int] = Counter()
    for i, j, judged in told:
        a, b = sorted((likely.documents[i].id, likely.documents[j].id))
        known = groups.together(i, j) or (a, b) in doubted
        if not known and asked[i] < MOST_ASKED and asked[j] < MOST_ASKED:
            asked.update((i, j))
            case.doubt(i, j, judged.reason, round(min(judged.score, 0.99), 3))
    return pairs, alike


def _judge_all(likely: Likely) -> tuple[list[tuple[int, int, Judgement]], list[Likeness]]:
    """Return the judgements worth telling, in order of certainty, and what texts are near."""
    alike = likely.alike_texts()
    told = [
        (i, j, judgement)
        for i, j in likely.candidates(alike)
        if not likely.groups.together(i, j)
        and not _differ(likely.measure(i, j))  # of these no judgement is worth telling
        and (judgement := likely.judge(i, j)).score > 0
    ]
    place = {rule: n for n, rule in enumerate((*ORDER, ""))}
    told.sort(key=lambda t: (place[t[2].rule], -t[2].score, t[0], t[1]))
    near = [
        Likeness(likely.documents[i].id, likely.documents[j].id,
                 found.jaccard, found.containment, found.runs)
        for i, j in sorted(alike) if (found := likely.measure(i, j)).is_alike
    ]  # fmt: skip
    return told, near


def may_unite(likely: Likely, i: int, j: int) -> bool:
    """Whether no two documents of two groups are vetoed, so that no chain joins them."""
    groups = likely.groups
    one = _differently_worded(groups.members(i), likely)
    other = _differently_worded(groups.members(j), likely)
    if len(one) * len(other) > CROSS:
        return False
    return not any(
        likely.veto(a, b) or _texts_part(likely, a, b)
        for a in one
        for b in other
        if (a, b) != (i, j)
    )


def _texts_part(likely: Likely, a: int, b: int) -> bool:
    return _differ(likely.measure(a, b))


def _differ(texts: Measure) -> bool:
    """Whether two texts are long enough to tell, and share little."""
    return texts.counts and texts.containment < NEARLY


def _differently_worded(members: Sequence[int], likely: Likely) -> list[int]:
    """Return one document for each title and text: the others say the same."""
    if len(members) == 1:
        return [*members]
    seen: Mapping[tuple[str, bytes], int] = {
        (likely.wordings.key(i), likely.outlines[i].begin): i for i in reversed(members)
    }
    return sorted(seen.values())
