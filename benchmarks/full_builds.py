"""The engine's part of a full build, beside Whoosh with its TEXT defaults: same posts and fields.

Ours and Whoosh's in turn, each in a process of its own. Whether every posting is still in
Whoosh is read from the index that ours wrote.
"""

import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index

from benchmarks.building import Built, Plan, build_one
from benchmarks.corpus import Corpus
from benchmarks.figures import Figure, Verdict
from benchmarks.peers import ours
from searchapp.fields import FACETS, TEXT_FIELDS

NAME = "Whoosh, TEXT defaults"
INDEX = "whoosh-alone"
IS_APART = False

_FULL = "full build, the engine's part"
BUILT = {
    "speed": Figure(f"{_FULL}, posts/s", 10_000, ">= 2x Whoosh", 2.0, least=True),
    "memory": Figure(f"{_FULL}, memory at its greatest", 10_000, "<= 1x Whoosh", 1.0),
    "postings": Figure(f"{_FULL}, postings in Whoosh", 10_000, "every one", 1.0, least=True),
}


@dataclass(frozen=True)
class Full:
    """What builds took, the medians, and the postings in ours of those there are."""

    took: Mapping[str, Built]
    written: int
    wanted: int


def measure_full_builds(corpus: Corpus, folder: Path, rounds: int) -> Full:
    """Build in full by turns."""
    taken: dict[str, list[Built]] = {ours.NAME: [], NAME: []}
    for number in range(rounds):
        for peer in (ours, sys.modules[__name__]):
            plan = Plan(peer, corpus, folder / f"{peer.NAME}-{number}")  # type: ignore[arg-type]
            taken[peer.NAME].append(build_one(plan))
    postings = _count_postings(ours.files(folder / f"{ours.NAME}-0") / "whoosh")
    wanted = sum(len(set(t.split())) for terms in corpus.analysis.fields for t in terms.values())
    return Full({name: _median(built) for name, built in taken.items()}, postings, wanted)


def _median(built: Sequence[Built]) -> Built:
    return Built(
        statistics.median(b.processor for b in built),
        statistics.median(b.wall for b in built),
        int(statistics.median(b.memory for b in built)),
    )


def build(corpus: Corpus, folder: Path) -> None:
    """Index the posts as Whoosh's documentation has it: TEXT for words, ID and KEYWORD."""
    schema = whoosh_fields.Schema(id=whoosh_fields.ID(stored=True, unique=True))
    for field in TEXT_FIELDS:
        schema.add(field.name, whoosh_fields.TEXT())
    for facet in FACETS:
        kind = whoosh_fields.ID() if facet.single else whoosh_fields.KEYWORD(commas=True)
        schema.add(facet.name, kind)
    writer = whoosh_index.create_in(str(folder), schema).writer()
    for work in corpus.works:
        values = {
            field.name: " ".join(text for d in work.documents for text in field.texts(work, d))
            for field in TEXT_FIELDS
        }
        values |= {facet.name: ",".join(facet.values(work)) for facet in FACETS}
        writer.add_document(id=work.id, **{name: text for name, text in values.items() if text})
    writer.commit()


def _count_postings(folder: Path) -> int:
    """Return how many postings the text fields of a Whoosh index have."""
    texts = {field.name for field in TEXT_FIELDS}
    with whoosh_index.open_dir(str(folder)).reader() as reader:
        terms = ((name, term) for name, term in reader.all_terms() if name in texts)
        return sum(reader.term_info(name, term).doc_frequency() for name, term in terms)


def judge_full_builds(full: Full, posts: int) -> Iterator[Verdict]:
    """Yield the figures of a full build."""
    us, whoosh = full.took[ours.NAME], full.took[NAME]
    faster, memory = whoosh.processor / us.processor, us.memory / whoosh.memory
    if posts == BUILT["speed"].posts:
        yield BUILT["speed"].judge(faster, f"{faster:.2f}x Whoosh")
        yield BUILT["memory"].judge(memory, f"{memory:.2f}x Whoosh")
        told = f"{full.written:,} of {full.wanted:,}"
        yield BUILT["postings"].judge(full.written / full.wanted, told)
