"""Gives works their tags: spellings folded into one, each with its label and other names.

"Map Making", "map-making", "MapMaking"  ->  map-making, shown as it is mostly written
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from searchapp.documents import Document, Tag, Work
from searchapp.errors import Finding
from searchapp.slugs import slug_of_tag, squash
from searchapp.tags.vocabulary import FILE, Described, Vocabulary, is_tag, show_name, wrong_with

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")


def assign_tags(
    works: Sequence[Work], vocabulary: Vocabulary
) -> tuple[list[Work], list[Tag], list[Finding]]:
    """Return works with their tags, what is known of each tag, and what was no tag.

    Spellings that differ only in case, accents and separators are one tag; plurals and
    abbreviations are only if the owner says so.
    """
    spellings, latest, findings = _collect(works)
    slugs = _choose_slugs(spellings, vocabulary)
    written: dict[str, dict[str, int]] = defaultdict(dict)
    for raw, count in spellings.items():
        written[slugs[raw]][raw] = count
    tags = {s: _describe(s, counts, latest, vocabulary) for s, counts in written.items()}
    names = {slug: (tag.label, *tag.aliases) for slug, tag in tags.items()}
    tagged = [_tag_work(work, slugs, names) for work in works]
    findings += _report_aliases(vocabulary, tags)
    return tagged, [tags[slug] for slug in sorted(tags)], findings


def _collect(
    works: Iterable[Work],
) -> tuple[Counter[str], dict[str, dt.date], list[Finding]]:
    """Return in how many works each spelling stands, when it was last used, and what is no tag."""
    spellings: dict[str, int] = {}
    latest: dict[str, dt.date] = {}
    wrong: dict[str, str] = {}  # each spelling is looked at once
    findings = []
    for work in works:
        for raw in {raw for document in work.documents for raw in document.tags}:
            spellings[raw] = spellings.get(raw, 0) + 1
        for document in work.documents:
            day = document.date or dt.date.min
            for raw in document.tags:
                if raw not in latest:
                    latest[raw], wrong[raw] = day, _wrong(raw)
                elif latest[raw] < day:
                    latest[raw] = day
                if wrong[raw]:
                    findings.append(_report(document, raw, wrong[raw]))
    for raw in wrong:
        if not is_tag(raw):
            del spellings[raw]
    return Counter(spellings), latest, findings


def _wrong(raw: str) -> str:
    """Return what is wrong with a spelling and what to do, "" where nothing is."""
    if wrong := wrong_with(raw):
        return f"{wrong}, or leave it out"
    if "," in raw or ";" in raw:
        return "has a comma or semicolon within; write two tags, if it is two"
    if _MARKUP.search(raw):
        return "has markup in it; write its words alone"
    return ""


def _report(document: Document, raw: str, wrong: str) -> Finding:
    return Finding(document.path, document.line, f"tag {show_name(raw)} {wrong}")


def _report_aliases(vocabulary: Vocabulary, tags: Mapping[str, Tag]) -> list[Finding]:
    """Return the aliases of tags that no piece has and nobody describes."""
    known = {*tags, *vocabulary.tags}
    return [
        Finding(
            FILE, vocabulary.lines.get(alias),
            f"alias {alias!r} stands for {slug!r}, which no piece has; mend or remove it",
        )
        for alias, slug in vocabulary.aliases.items()
        if vocabulary.slug(alias) not in known
    ]  # fmt: skip


def _choose_slugs(spellings: Counter[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the slug of each spelling: the owner's form, else that of the most used one."""
    groups: dict[str, list[str]] = defaultdict(list)
    for raw in spellings:
        groups[squash(vocabulary.slug(raw))].append(raw)
    chosen: dict[str, str] = {}
    for members in groups.values():
        if len(members) == 1:
            chosen[members[0]] = vocabulary.slug(members[0])
            continue
        counts: Counter[str] = Counter()
        for raw in members:
            counts[vocabulary.slug(raw)] += spellings[raw]
        slug = min(counts, key=lambda s: (-counts[s], -s.count("-"), s))
        chosen |= dict.fromkeys(members, slug)
    return chosen


def _describe(
    slug: str, written: Mapping[str, int], latest: Mapping[str, dt.date], vocabulary: Vocabulary
) -> Tag:
    described = vocabulary.tags.get(slug, Described())
    own = {raw: n for raw, n in written.items() if squash(slug_of_tag(raw)) == squash(slug)}
    label = described.label or _most_used(own, latest) or slug.replace("-", " ")
    names = dict.fromkeys([*vocabulary.aliases_of.get(slug, ()), *sorted(written)])
    aliases = tuple(name for name in names if name != label)
    return Tag(slug, label, aliases, described.description, described.parents)


def _most_used(written: Mapping[str, int], latest: Mapping[str, dt.date]) -> str:
    """Return the spelling used most; among equals one in mixed case, then the latest used."""
    if len(written) == 1:
        return next(iter(written))

    def rank(raw: str) -> tuple[object, ...]:
        is_mixed = raw not in (raw.lower(), raw.upper())
        return -written[raw], not is_mixed, -latest[raw].toordinal(), raw == raw.lower(), raw

    return min(written, key=rank, default="")


def _tag_work(work: Work, slugs: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> Work:
    stated = chain.from_iterable(document.tags for document in work.documents)
    found = tuple(sorted({slugs[raw] for raw in stated if raw in slugs}))
    named = tuple(dict.fromkeys(chain.from_iterable(map(names.__getitem__, found))))
    return work.with_tags(found, named)
