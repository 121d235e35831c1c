"""Gives works their tags: spellings folded into one, each with its label and other names.

"Map Making", "map-making", "MapMaking"  ->  map-making, shown as it is mostly written
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from searchapp.documents import Document, Tag, Work
from searchapp.errors import Finding
from searchapp.slugs import slug_of_tag
from searchapp.tags.vocabulary import Described, Vocabulary

LONGEST = 100  # characters; a longer "tag" is a sentence in the wrong place


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


def _collect(works: Iterable[Work]) -> tuple[Counter[str], list[Finding]]:
    spellings: Counter[str] = Counter()
    findings = []
    for work in works:
        for raw in {raw for document in work.documents for raw in document.tags}:
            if is_tag(raw):
                spellings[raw] += 1
        findings += [_report(d, raw) for d in work.documents for raw in d.tags if not is_tag(raw)]
    return spellings, findings


def is_tag(raw: str) -> bool:
    """Whether a spelling names a tag: it has a letter or digit, and is no sentence."""
    return len(raw) <= LONGEST and bool(slug_of_tag(raw))


def _report(document: Document, raw: str) -> Finding:
    shown = raw if len(raw) <= 40 else raw[:39] + "…"
    return Finding(document.path, document.line, f"tag {shown!r} is none; shorten or remove it")


def _squash(slug: str) -> str:
    """Return a slug without its separators: what all spellings of one tag share."""
    return slug.replace("-", "")


def _choose_slugs(spellings: Counter[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the slug of each spelling: the owner's form, else that of the most used one."""
    groups: dict[str, list[str]] = defaultdict(list)
    for raw in spellings:
        groups[_squash(vocabulary.slug(raw))].append(raw)
    owners = {_squash(slug): slug for slug in (*vocabulary.aliases.values(), *vocabulary.tags)}
    chosen = {}
    for squashed, members in groups.items():
        slug = owners.get(squashed)
        if slug is None:
            counts: Counter[str] = Counter()
            for raw in members:
                counts[vocabulary.slug(raw)] += spellings[raw]
            slug = min(counts, key=lambda s: (-counts[s], -s.count("-"), s))
        chosen |= dict.fromkeys(members, slug)
    return chosen


def _describe(slug: str, written: Counter[str], vocabulary: Vocabulary) -> Tag:
    described = vocabulary.tags.get(slug, Described())
    own = Counter(
        {raw: n for raw, n in written.items() if _squash(slug_of_tag(raw)) == _squash(slug)}
    )
    label = described.label or _most_used(own) or slug.replace("-", " ")
    declared = [alias for alias in vocabulary.aliases if vocabulary.slug(alias) == slug]
    others = [raw for raw in sorted(written) if raw != label]
    aliases = tuple(name for name in dict.fromkeys([*declared, *others]) if name != label)
    return Tag(slug, label, aliases, described.description, described.parents)


def _most_used(written: Counter[str]) -> str:
    """Return the spelling used most; among equals the one with capitals, then alphabetical."""
    return min(written, key=lambda raw: (-written[raw], raw == raw.lower(), raw), default="")


def _tag_work(work: Work, slugs: dict[str, str], tags: dict[str, Tag]) -> Work:
    found = {slugs[raw] for d in work.documents for raw in d.tags if raw in slugs}
    names = (name for slug in sorted(found) for name in (tags[slug].label, *tags[slug].aliases))
    return replace(work, tags=tuple(sorted(found)), tag_names=tuple(dict.fromkeys(names)))
