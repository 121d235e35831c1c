"""The rules of what entries declare: an address as their own, or as that of a copy."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from searchapp.dedup.addresses import MOST_TITLES, is_home_page
from searchapp.dedup.bodies import UNLIKE, Measure
from searchapp.dedup.case import Case, Pair, list_titles, show
from searchapp.dedup.model import Conflict
from searchapp.dedup.people import authors_differ
from searchapp.dedup.texts import are_two_texts
from searchapp.dedup.titles import titles_agree

FEW_TITLES = 3  # may declare one address unchecked: a theme that declares its home page has more


def declared_address(case: Case) -> Iterator[Pair]:
    """Yield documents of which one declares the other's address, or both declare the same.

    The titles may differ, as a copy is often renamed; then the texts decide, and where there
    is none to compare, the declaration, unless many unlike titles share it. Where both have a
    full text and these are unlike, the declaration is a slip, whatever the titles say.
    """
    homes = {**case.by_old_address(), **case.by_address()}
    declaring: dict[str, list[int]] = defaultdict(list)
    for i in case.sharing:
        key = case.declared[i]
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
    for i in case.sharing:
        for key in case.copies[i] if case.documents[i].joins else ():
            if key in homes and i not in homes[key]:
                naming[key].append(i)
    for key, pieces in naming.items():
        if len({case.facts[i].key for i in pieces}) == 1:
            yield from _weigh_declarations(case, key, homes[key], pieces)
            continue
        for i in pieces:
            copy = nearest(case, homes[key], i)
            if are_two_texts(case, copy, i):
                case.doubt(copy, i, "named as a copy, but their texts have nothing in common")
            elif titles_agree(case.titles[copy], case.titles[i]):
                yield copy, i, "declared address", 1.0
            else:
                case.doubt(copy, i, "unlike pieces name one address as that of their copy")


def _weigh_declarations(
    case: Case, key: str, homes: Sequence[int], copies: Sequence[int]
) -> Iterator[Pair]:
    anchors = sorted(homes, key=lambda i: case.documents[i].listed)[:MOST_TITLES] or copies[:1]
    judged: dict[str, list[int]] = defaultdict(list)
    for copy in copies:
        if copy in anchors:
            continue
        anchor = nearest(case, anchors, copy)
        judgement = _judge(case, anchor, copy)
        if judgement == "one":
            yield anchor, copy, "declared address", 1.0
        elif judgement == "translated":
            case.doubt(anchor, copy, "a declared address, but their languages differ")
        else:
            judged[judgement].append(copy)
    if len({case.facts[i].key for i in judged["unknown"]}) > FEW_TITLES:
        judged = {"wrong": sorted([*judged["wrong"], *judged["unknown"]]), "unknown": []}
    one_title = len({case.facts[i].key for i in homes}) == 1
    for copy in judged["unknown"]:
        if one_title and not is_home_page(key):
            yield anchors[0], copy, "declared address", 1.0
        else:
            case.doubt(anchors[0], copy, "a declared address, but no title or text to confirm it")
    if judged["wrong"]:
        sides = {anchors[0]: 0, **dict.fromkeys(judged["wrong"], 1)}
        case.conflict(_declared_conflict(case, anchors[0], judged["wrong"]), sides)


def _judge(case: Case, anchor: int, copy: int) -> str:
    """Return what a declaration is worth: one piece, a translation, wrong, or unknown."""
    a, b = case.documents[anchor], case.documents[copy]
    if are_two_texts(case, anchor, copy):
        return "wrong"
    if titles_agree(case.titles[anchor], case.titles[copy]):
        return "one"
    alike = _texts_alike(case.measure(anchor, copy))
    if alike:
        return "one"
    if not a.listed and not b.listed and a.language[:2] != b.language[:2]:
        return "translated"
    return "wrong" if alike is False or authors_differ(a, b) else "unknown"


def nearest(case: Case, anchors: Sequence[int], copy: int) -> int:
    """Return the first anchor whose title agrees, and no text speaks against, else the first."""
    agreeing = [i for i in anchors if titles_agree(case.titles[i], case.titles[copy])]
    fitting = (i for i in agreeing if not are_two_texts(case, i, copy))
    return next(fitting, agreeing[0] if agreeing else anchors[0])


def _texts_alike(found: Measure) -> bool | None:
    """Whether two texts are of one piece, None where one is too short to tell."""
    return found.containment >= UNLIKE if found.counts else None


def _declared_conflict(case: Case, anchor: int, copies: Sequence[int]) -> Conflict:
    home, first = case.documents[anchor], case.documents[copies[0]]
    told = list_titles(case.documents[i] for i in copies)
    agree = any(titles_agree(case.titles[anchor], case.titles[i]) for i in copies)
    unlike = "their texts have nothing in common" if agree else "neither titles nor texts are alike"
    reason = (
        f"{told} {'declares' if len(copies) == 1 else 'declare'} one address with {show(home)}, "
        f"but {unlike}, so it is taken for a slip; correct canonical_url or "
        "syndication, or write a verdict"
    )
    ids = (home.id, *(case.documents[i].id for i in copies))
    return Conflict("declared", first.canonical_url or home.url or "", ids, reason)
