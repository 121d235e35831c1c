"""Gives works their tags: spellings folded into one, each with its label and other names.

"Map Making", "map-making", "MapMaking"  ->  map-making, shown as it is mostly written
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from searchapp.documents import Document, Tag, Work
from searchapp.errors import Finding
from searchapp.slugs import slug_of_tag, squash
from searchapp.tags.vocabulary import Described, Vocabulary, names_tag

LONGEST = 100  # characters; a longer "tag" is a sentence in the wrong place
SHOWN_LENGTH = 40  # of such a one, in a report


def assign_tags(
    works: Sequence[Work], vocabulary: Vocabulary
) -> tuple[list[Work], list[Tag], list[Finding]]:
    """Return works with their tags, what is known of each tag, and what was no tag.

    Spellings that differ only in case, accents and separators are one tag; plurals and
    abbreviations are only if the owner says so.
    """
    spellings, findings = _collect(works)
    slugs = _choose_slugs(spellings, vocabulary)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for raw, count in spellings.items():
        written[slugs[raw]][raw] += count
    tags = {slug: _describe(slug, counts, vocabulary) for slug, counts in written.items()}
    tagged = [_tag_work(work, slugs, tags) for work in works]
    return tagged, [tags[slug] for slug in sorted(tags)], findings


def is_tag(raw: str) -> bool:
    """Whether a spelling names a tag: it has a letter or digit, and is no sentence."""
    return len(raw) <= LONGEST and names_tag(raw)


def _collect(works: Iterable[Work]) -> tuple[Counter[str], list[Finding]]:
    """Return in how many works each spelling stands, and a finding for each that is no tag."""
    spellings: Counter[str] = Counter()
    findings = []
    for work in works:
        spellings.update({raw for d in work.documents for raw in d.tags if is_tag(raw)})
        findings += [_report(d, raw) for d in work.documents for raw in d.tags if not is_tag(raw)]
    return spellings, findings


def _report(document: Document, raw: str) -> Finding:
    shown = raw if len(raw) <= SHOWN_LENGTH else raw[: SHOWN_LENGTH - 1] + "…"
    return Finding(document.path, document.line, f"tag {shown!r} is none; shorten or remove it")


def _choose_slugs(spellings: Counter[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the slug of each spelling: the owner's form, else that of the most used one."""
    groups: dict[str, list[str]] = defaultdict(list)
    for raw in spellings:
        groups[squash(vocabulary.slug(raw))].append(raw)
    chosen: dict[str, str] = {}
    for members in groups.values():
        counts: Counter[str] = Counter()
        for raw in members:
            counts[vocabulary.slug(raw)] += spellings[raw]
        slug = min(counts, key=lambda s: (-counts[s], -s.count("-"), s))
        chosen |= dict.fromkeys(members, slug)
    return chosen


def _describe(slug: str, written: Counter[str], vocabulary: Vocabulary) -> Tag:
    described = vocabulary.tags.get(slug, Described())
    own = {raw: n for raw, n in written.items() if squash(slug_of_tag(raw)) == squash(slug)}
    label = described.label or _most_used(own) or slug.replace("-", " ")
    names = dict.fromkeys([*vocabulary.aliases_of.get(slug, ()), *sorted(written)])
    aliases = tuple(name for name in names if name != label)
    return Tag(slug, label, aliases, described.description, described.parents)


def _most_used(written: dict[str, int]) -> str:
    """Return the spelling used most; among equals the one with capitals, then alphabetical."""
    return min(written, key=lambda raw: (-written[raw], raw == raw.lower(), raw), default="")


def _tag_work(work: Work, slugs: dict[str, str], tags: dict[str, Tag]) -> Work:
    found = {slugs[raw] for d in work.documents for raw in d.tags if raw in slugs}
    names = (name for slug in sorted(found) for name in (tags[slug].label, *tags[slug].aliases))
    return replace(work, tags=tuple(sorted(found)), tag_names=tuple(dict.fromkeys(names)))
