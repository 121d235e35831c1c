"""`make tags-report`: what the rules on tags reach, on content/ and on real collections.

With `--corpora DIR` the figures are measured on DIR/blogs/chinchilla, a blog of 25 years:
what folds, what is proposed and whether a reader agrees, what is suggested, what goes
together. Ends with 1 where a figure is missed.

`tags_read.tsv` holds pairs of its tags as one of us read them: the same thing, or different
ones. `fold` are spellings that must be one tag unasked; `near` are pairs that look alike and
that no rule is to propose.
"""

import argparse
import csv
import json
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from searchapp.build import Gathered, gather
from searchapp.documents import Document, Tag, Work
from searchapp.tags import Vocabulary, assign_tags, read_vocabulary
from searchapp.tags.candidates import find_candidates, measure_usage
from searchapp.tags.doctor import unused_tags
from searchapp.tags.neighbours import Together, count_together
from searchapp.tags.suggesting import Suggester, suggest_tags

HERE = Path(__file__).parent
CONTENT = HERE.parent / "content"
READ = HERE / "tags_read.tsv"

Scores = Mapping[str, float]

_OURS = "P(x given t), rarity damped"


def main() -> int:
    """Print the report, and tell whether the figures are reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tags", description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder that holds blogs/chinchilla")
    options = parser.parse_args()
    met = list(_report_content())
    if options.corpora is None:
        print("\nno corpora: make tags-report CORPORA=... measures the other figures")
        return int(not all(met))
    blogs = options.corpora / "blogs"
    print("\nreading chinchilla: every page of it", flush=True)
    gathered = gather(blogs / "chinchilla")
    met += _report_spellings(gathered)
    posts = _read_posts(blogs / "chinchilla-jsonl" / "docs.jsonl")
    print("\nrelated tags: one of three or more is hidden, and ranked by those left")
    met += _report_related("every page", [work.tags for work in gathered.works], judged=True)
    _ = list(_report_related("its posts alone", [w.tags for w in posts[0]], judged=False))
    met += _report_suggestions("its posts", *posts, judged=True)
    _ = list(_report_suggestions("every page", gathered.works, gathered.tags, judged=False))
    print(f"\n{sum(met)} of {len(met)} figures met")
    return int(not all(met))


def _judge(name: str, value: float, least: float, *, at_most: bool = False) -> bool:
    met = value <= least if at_most else value >= least
    bound = "at most" if at_most else "at least"
    print(f"  {name:<58}{value:8.3f}   {bound} {least:g}: {'met' if met else 'MISSED'}")
    return met


# --- content/ -------------------------------------------------------------------------


def _report_content() -> Iterator[bool]:
    gathered, vocabulary = gather(CONTENT), read_vocabulary(CONTENT)
    declared = [name for reading in gathered.readings for name in reading.empty_tags]
    unused = unused_tags(gathered.tags, vocabulary, declared)
    print(f"content/: {len(gathered.works)} pieces, {len(gathered.tags)} tags, {len(unused)} empty")
    slugs = {vocabulary.slug(name) for name in ("RL", "reinforcement-learning")}
    yield _judge("slugs of RL and reinforcement-learning", len(slugs), 1, at_most=True)
    offered = {tag.slug for tag in gathered.tags} & {tag.slug for tag in unused}
    yield _judge("empty tags that visitors are offered", len(offered), 0, at_most=True)
    suggestions = suggest_tags(gathered.works, [*gathered.tags, *unused])
    untagged = [s for s in suggestions if not s.work.tags]
    given = [s for s in untagged if s.tags]
    yield _judge("share of untagged pieces with a suggestion", len(given) / len(untagged), 1)
    for suggestion in given:
        print(f"    {suggestion.work.title}")
        for found in suggestion.tags:
            print(f"      {found.tag} {found.score:.2f}: {found.reason}")


# --- One tag, many spellings ----------------------------------------------------------


def _report_spellings(gathered: Gathered) -> Iterator[bool]:
    documents = [d for work in gathered.works for d in work.documents]
    written = sorted({raw for document in documents for raw in document.tags})
    print(f"chinchilla: {len(gathered.works)} pages, {len(written)} spellings, ", end="")
    usage = measure_usage(gathered.works, gathered.tags)
    proposed = find_candidates(usage)
    print(f"{len(gathered.tags)} tags, {len(proposed)} proposals\n\nspellings")
    slug_of = _slugs_of(gathered)
    groups = _group_plainly(written)
    folded = [len({slug_of[raw] for raw in group}) == 1 for group in groups]
    yield _judge(f"groups by case, accents, separators ({len(groups)}) that fold",
                 sum(folded) / len(folded), 1)  # fmt: skip
    read = list(csv.DictReader(READ.open(encoding="utf-8"), delimiter="\t"))
    verdicts = {frozenset((r["a"], r["b"])): r["verdict"] == "same" for r in read}
    yield from _judge_proposals(proposed, verdicts)
    pairs = {frozenset((c.a, c.b)) for c in proposed}
    variants = [r for r in read if r["kind"] in ("plural", "slip") and r["verdict"] == "same"]
    found = [frozenset((r["a"], r["b"])) in pairs for r in variants]
    yield _judge(f"plurals and slips among the pairs read ({len(found)}) proposed",
                 sum(found) / len(found), 0.95)  # fmt: skip
    print(f"  pairs read: {len(read)}; of {len(proposed)} proposals, "
          f"{sum(p not in verdicts for p in pairs)} unread")  # fmt: skip


def _judge_proposals(proposed: Sequence, verdicts: Mapping[frozenset[str], bool]) -> Iterator[bool]:
    bounds = {"plural": 0.9, "slip": 0.4, "abbreviation": 0.4, "definition": 0.4, "spelling": 0.9}
    right: dict[str, list[bool]] = defaultdict(list)
    for candidate in proposed:
        verdict = verdicts.get(frozenset((candidate.a, candidate.b)))
        if verdict is not None:
            right[candidate.rule].append(verdict)
    for rule, verdict in sorted(right.items()):
        share = sum(verdict) / len(verdict)
        yield _judge(f"right of proposals: {rule} ({len(verdict)})", share, bounds.get(rule, 0.4))


def _slugs_of(gathered: Gathered) -> dict[str, str]:
    """Return the slug that each spelling came to have."""
    slugs: dict[str, str] = {}
    for tag in gathered.tags:
        slugs |= dict.fromkeys((tag.label, *tag.aliases), tag.slug)
    return slugs


def _group_plainly(written: Sequence[str]) -> list[list[str]]:
    """Group spellings by their letters and digits, by other means than ours."""
    groups: dict[str, list[str]] = defaultdict(list)
    for raw in written:
        letters = unicodedata.normalize("NFKD", raw).casefold()
        groups["".join(c for c in letters if c.isalnum() or c in "+#")].append(raw)
    return [group for group in groups.values() if len(group) > 1]


# --- Tags that go together ------------------------------------------------------------


def _report_related(of: str, taggings: Sequence[Sequence[str]], *, judged: bool) -> Iterator[bool]:
    """Hide each tag of works with three or more, and rank it by the others."""
    together = count_together(taggings)
    ways: dict[str, Callable[[Together, Sequence[str], str], Scores]] = {
        "raw co-occurrence": _by_counts, _OURS: _by_share,
    }  # fmt: skip
    hits: Counter[str] = Counter()
    asked = 0
    for tags in taggings:
        for hidden in tags if len(tags) >= 3 else ():
            if together.counts[hidden] < 2:
                continue
            asked += 1
            left = [tag for tag in tags if tag != hidden]
            others = _without(together, tags)
            for name, way in ways.items():
                scores = way(others, left, hidden)
                best = sorted(scores, key=lambda tag: (-scores[tag], tag))[:5]
                hits[name] += hidden in best
    for name in ways:
        print(f"  {f'{of}: {name}':<58}{hits[name] / asked:8.3f}   hit@5 of {asked}")
    ratio = hits[_OURS] / hits["raw co-occurrence"]
    if judged:
        yield _judge("ratio of hit@5", ratio, 1.2)
    else:
        print(f"  {'ratio of hit@5':<58}{ratio:8.3f}")


def _without(together: Together, tags: Sequence[str]) -> Together:
    """Return the counts of all works but one: what that one says is what is asked."""
    counts = dict(together.counts)
    pairs = dict(together.pairs)
    for tag in tags:
        counts[tag] -= 1
        pairs[tag] = Counter(pairs[tag]) - Counter(t for t in tags if t != tag)
    return Together(together.works - 1, counts, pairs)


def _by_counts(together: Together, left: Sequence[str], hidden: str) -> Scores:
    scores: Counter[str] = Counter()
    for tag in left:
        scores.update(together.pairs[tag])
    return {tag: score for tag, score in scores.items() if tag not in left}


def _by_share(together: Together, left: Sequence[str], hidden: str) -> Scores:
    scores: dict[str, float] = defaultdict(float)
    for tag in left:
        for other, score in together.beside(tag).rank(most=None):
            scores[other] += score
    return {tag: score for tag, score in scores.items() if tag not in left}


# --- Suggestions ----------------------------------------------------------------------


def _read_posts(path: Path) -> tuple[list[Work], list[Tag]]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    documents = [
        Document(id=d["id"], title=d["title"], source="posts", site="posts", path=path.name,
                 tags=tuple(d.get("tags") or ()), text=d.get("body") or "")
        for d in lines
    ]  # fmt: skip
    works, tags, _ = assign_tags([Work((document,)) for document in documents], Vocabulary())
    return works, tags


def _report_suggestions(
    name: str, works: Sequence[Work], tags: Sequence[Tag], *, judged: bool
) -> Iterator[bool]:
    """Suggest tags for each work by all the others; judged are tags used at least twice."""
    counts = Counter(slug for work in works for slug in work.tags)
    known = [tag for tag in tags if counts[tag.slug] >= 2]
    slugs = {tag.slug for tag in known}
    works = [replace(w, tags=tuple(t for t in w.tags if t in slugs)) for w in works]
    begun = time.process_time()
    suggester = Suggester(works, known)
    signals = [suggester.signals(number) for number in range(len(works))]
    closest = [float(suggester.likeness(number).max()) for number in range(len(works))]
    took = (time.process_time() - begun) / len(works) * 1000
    both = [suggester.combine(s, c) for s, c in zip(signals, closest, strict=True)]
    gold = [{at for at, tag in enumerate(known) if tag.slug in work.tags} for work in works]
    print(f"\nsuggestions, {name}: {len(works)} works, {len(known)} tags used twice or more")
    print(f"  {'':<20}{'P@1':>8}{'R@5':>8}")
    for signal in signals[0]:
        p1, r5 = _measure([s[signal] for s in signals], gold)
        print(f"  {signal:<20}{p1:8.3f}{r5:8.3f}")
    p1, r5 = _measure(both, gold)
    print(f"  {'together':<20}{p1:8.3f}{r5:8.3f}")
    for least in (1.0, 1.2, 1.5, 1.8):
        given, right = _measure_above(both, gold, least)
        print(f"  best three, score >= {least:g}: {given:.2f} a work, {right:.3f} of them right")
    if judged:
        yield _judge("P@1", p1, 0.51)
        yield _judge("R@5", r5, 0.49)
        yield _judge("seconds of processor for 1,000 works", took, 10, at_most=True)


def _measure(scores: Sequence[np.ndarray], gold: Sequence[set[int]]) -> tuple[float, float]:
    first, recalled, asked = 0, 0.0, 0
    for row, right in zip(scores, gold, strict=True):
        if right:
            best = np.argsort(-row, kind="stable")[:5].tolist()
            asked += 1
            first += best[0] in right
            recalled += len(right.intersection(best)) / len(right)
    return first / asked, recalled / asked


def _measure_above(
    scores: Sequence[np.ndarray], gold: Sequence[set[int]], least: float
) -> tuple[float, float]:
    given = right = asked = 0
    for row, tags in zip(scores, gold, strict=True):
        if tags:
            best = [at for at in np.argsort(-row, kind="stable")[:3] if row[at] >= least]
            asked += 1
            given += len(best)
            right += len(tags.intersection(best))
    return given / asked, right / max(given, 1)


if __name__ == "__main__":
    sys.exit(main())
