"""Why two documents are one work, or are not: what every rule finds, in the order of evidence."""

import difflib
from collections.abc import Sequence
from dataclasses import replace

from searchapp.dedup.alike import Likely
from searchapp.dedup.case import Case, Pair
from searchapp.dedup.joining import join_documents
from searchapp.dedup.model import Explanation, Joined, RuleFinding
from searchapp.dedup.people import authors_differ
from searchapp.dedup.relations import relate_works
from searchapp.dedup.rules import RULES
from searchapp.dedup.surroundings import Places
from searchapp.dedup.titles import share_in_address
from searchapp.dedup.verdicts import Verdicts, resolve_verdicts
from searchapp.documents import Document, Evidence
from searchapp.errors import SearchappError
from searchapp.urls import address_key

NAMES = {
    "declared_address": "declared address",
    "syndicated_copy": "declared address of a copy",
    "same_address": "same address",
    "older_address": "address of a post, but for its ending",
    "misspelt_address": "address of a post, but for its hyphens",
    "repeated_in_list": "repeated in one list",
    "post_of_site": "title of one post of the site",
}
SILENT = "says nothing of them"
LINKED = {
    "series": "parts of one series",
    "translations": "translations of one piece",
    "versions": "versions of one piece",
}
SHOWN_IDS = 5  # of the documents at one address


def explain(documents: Sequence[Document], verdicts: Verdicts, a: str, b: str) -> Explanation:
    """Return what every rule finds of two documents, named by id or by any of their addresses.

    What a rule finds depends on all others, too: a title that comes again tells nothing.
    Raises SearchappError where a name fits no document, or several.
    """
    documents = sorted(documents, key=lambda document: document.id)
    one, other = _find_two(documents, a, b)
    if one == other:
        id_ = documents[one].id
        told = RuleFinding("document", "both names are of this one document", 0.0)
        return Explanation(id_, id_, True, (told,))
    joined = join_documents(documents, verdicts)
    work = next(w for w in joined.works if documents[one] in w.documents)
    same = documents[other] in work.documents
    findings = (
        _by_verdict(documents, verdicts, one, other),
        _by_authors(documents[one], documents[other]),
        *_by_rules(documents, verdicts, joined, one, other),
        *_by_likeness(documents, verdicts, one, other),
        _by_group(work.evidence, documents[one].id, documents[other].id, same=same),
        *_by_relation(joined, documents[one], documents[other]),
    )
    return Explanation(documents[one].id, documents[other].id, same, findings)


def _find_two(documents: Sequence[Document], a: str, b: str) -> tuple[int, int]:
    """Return two documents by their names; an address of two is, beside one's id, the other's."""
    found = [_find(documents, name) for name in (a, b)]
    for n, name in enumerate((a, b)):
        beside = found[1 - n]
        if len(found[n]) == 2 and len(beside) == 1 and beside[0] in found[n]:
            found[n] = [i for i in found[n] if i != beside[0]]
        if len(found[n]) > 1:
            ids = ", ".join(documents[i].id for i in found[n][:SHOWN_IDS])
            more = f" and {len(found[n]) - SHOWN_IDS} more" if len(found[n]) > SHOWN_IDS else ""
            raise SearchappError(
                f"{name!r} is the address of {len(found[n])} documents: {ids}{more}; "
                "write the id of the one you mean"
            )
    return found[0][0], found[1][0]


def _find(documents: Sequence[Document], name: str) -> list[int]:
    """Return the document of an id, or those at an address."""
    ids = {document.id: i for i, document in enumerate(documents)}
    if name in ids:
        return [ids[name]]
    key = address_key(name)
    found = [i for i, d in enumerate(documents) if key and d.url and address_key(d.url) == key]
    if found:
        return found
    near = difflib.get_close_matches(name, ids, 1, 0)
    hint = f"; the nearest id is {near[0]!r}" if near else ""
    raise SearchappError(f"{name!r} names no document{hint}; write an id or an address")


def _by_verdict(
    documents: Sequence[Document], verdicts: Verdicts, one: int, other: int
) -> RuleFinding:
    groups = resolve_verdicts(verdicts, documents).groups
    if groups.together(one, other):
        return RuleFinding("verdict", "verdicts.toml says that they are the same", 1.0)
    if groups.parted_by(one, other) is not None:
        return RuleFinding("verdict", "verdicts.toml says that they are different", -1.0)
    return RuleFinding("verdict", "verdicts.toml names no such pair", 0.0)


def _by_authors(a: Document, b: Document) -> RuleFinding:
    if authors_differ(a, b):
        named = " and ".join(", ".join(d.authors) for d in (a, b))
        return RuleFinding("authors", f"they are by different authors: {named}", -0.9)
    known = "they have an author in common" if a.authors and b.authors else "not both name one"
    return RuleFinding("authors", known, 0.0)


def _by_rules(
    documents: Sequence[Document], verdicts: Verdicts, joined: Joined, one: int, other: int
) -> list[RuleFinding]:
    """Ask each certain rule anew, and note which of its doubts and conflicts are of the two."""
    groups = resolve_verdicts(verdicts, documents).groups
    case = Case.of(documents, groups)
    pair = {documents[one].id, documents[other].id}
    findings = []
    for rule in RULES:
        near, conflicts = len(case.near), len(case.conflicts)
        found: list[Pair] = []
        for i, j, name, score in rule(case):
            groups.unite(i, j)
            found += [(i, j, name, score)] if {i, j} == {one, other} else []
        doubts = [d.reason for d in case.near[near:] if {d.a, d.b} == pair]
        against = [c.reason for c in case.conflicts[conflicts:] if pair <= set(c.documents)]
        name = NAMES[rule.__name__]
        if found:
            findings.append(RuleFinding(name, _in_words(documents, one, other, name), found[0][3]))
        elif against:
            findings.append(RuleFinding(name, against[0], -1.0))
        elif doubts:
            findings.append(RuleFinding(name, f"not for certain: {doubts[0]}", 0.5))
        else:
            findings.append(RuleFinding(name, SILENT, 0.0))
    return findings


def _in_words(documents: Sequence[Document], one: int, other: int, rule: str) -> str:
    a, b = documents[one], documents[other]
    if rule == NAMES["same_address"]:
        share = share_in_address(a.title, a.url or "")
        return f"{a.url} and {b.url} are one address, which has {share:.0%} of the title's words"
    if "declared" in rule:
        return f"one declares the address of the other: {a.canonical_url or b.canonical_url or ''}"
    return f"“{a.title}” ({a.url or 'no address'}) and “{b.title}” ({b.url or 'no address'})"


def _by_likeness(
    documents: Sequence[Document], verdicts: Verdicts, one: int, other: int
) -> list[RuleFinding]:
    """Tell what titles and texts say, each alone and both together."""
    case = Case.of(documents, resolve_verdicts(verdicts, documents).groups)
    for rule in RULES:
        for i, j, _, _ in rule(case):
            case.groups.unite(i, j)
    likely = Likely(case, Places(documents, case.addresses))
    relation, veto = likely.relation(one, other), likely.veto(one, other)
    texts, judged = likely.measure(one, other), likely.judge(one, other)
    told = {"equal": 0.9, "cut": 0.8, "swapped": 0.8, "slip": 0.8, "near": 0.4, "unlike": 0.0}
    title = RuleFinding("title", f"their wordings are {relation}", told[relation])
    if veto:
        title = RuleFinding("title", f"they are told apart: {veto}", -0.9)
    elif likely.wordings[one].key in likely.contested:
        title = replace(title, finding=f"{title.finding}, but several pieces have that title")
    text = (
        f"{texts.jaccard:.0%} of all runs of five words are in both, "
        f"{texts.containment:.0%} of the shorter text's {texts.runs}"
        if texts.counts
        else f"the shorter text has {texts.runs} runs of five words, too few to tell"
    )
    score = judged.score if judged.rule else 0.0
    reason = judged.reason
    if case.groups.together(one, other):
        score, reason = 0.0, "not asked: stronger evidence has united them"
    return [
        title,
        RuleFinding("text", text, round(texts.jaccard, 3) if texts.counts else 0.0),
        RuleFinding("title and text", reason, round(score, 3)),
    ]


def _by_group(evidence: Sequence[Evidence], a: str, b: str, *, same: bool) -> RuleFinding:
    """Tell through which other documents two came into one work."""
    if not same:
        return RuleFinding("group", "they are two works", 0.0)
    steps: dict[str, str] = {a: ""}
    reached = [a]
    for at in reached:
        for e in evidence:
            for here, there in ((e.a, e.b), (e.b, e.a)):
                if here == at and there not in steps:
                    steps[there] = at
                    reached.append(there)
    way = [b]
    while way[-1] != a and way[-1] in steps:
        way.append(steps[way[-1]])
    through = ", ".join(way[1:-1])
    return RuleFinding("group", f"one work, through {through}" if through else "one work", 1.0)


def _by_relation(joined: Joined, a: Document, b: Document) -> list[RuleFinding]:
    """Tell how two pieces belong together that are counted apart."""
    works, relations = relate_works(joined.works, joined.likenesses)
    ids = {work.id for work in works if a in work.documents or b in work.documents}
    return [
        RuleFinding("relation", f"counted apart, and linked as {LINKED[relation.kind]}", 0.0)
        for relation in relations
        if len(ids) > 1 and ids <= set(relation.works)
    ]
