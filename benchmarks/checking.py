"""Our answers beside the plain reference of the tests, which is written from the definitions.

The reference looks at every work for every word; here its words are looked up in dicts, and
lifts are worked out for the contenders alone, as the definition has it.
"""

import heapq
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from math import ceil
from pathlib import Path

import numpy as np

from benchmarks.corpus import Corpus
from benchmarks.measuring import Record
from benchmarks.peers import HITS, Question
from searchapp import open_index
from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words, stem
from searchapp.engine.results import Results
from searchapp.engine.scoring import LIFTED
from searchapp.fields import FACETS, TEXT_FIELDS, Facet
from searchapp.query import Filters, Query

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from reference import Reference
from reference_words import K1, Asked, Found, Words, read

CLOSE = 1e-5  # between two scores, of the greater
MOST = 50_000  # posts; of more the reference would take ten gigabytes


class Checker:
    """Asks the index and the reference what was timed before."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._index = open_index(folder)
        self._reference = _Reference(corpus.works)

    def compare(self, record: Record, share: float) -> tuple[int, list[str]]:
        """Ask a share of each round again.

        Returns how many, and where total, hits, scores or any count are not the reference's.
        """
        asked = [a for of_round in record.rounds for a in of_round[: ceil(len(of_round) * share)]]
        return len(asked), [wrong for a in asked for wrong in self._compare(a.question)]

    def _compare(self, question: Question) -> Iterator[str]:
        query = Query.of(question.typed, dict(question.filters))
        ours = self._index.answer(query, limit=HITS, snippets=False, facets=question.facets)
        reason = self._reference.difference(query, ours, question.facets)
        if reason:
            yield f"“{question.typed}”: {reason}"


class _Reference(Reference):  # type: ignore[misc]  # the tests have no types
    """The reference over many works."""

    def __init__(self, works: Sequence[Work]) -> None:
        super().__init__(works)
        self.words = _Words.of(self.words)
        self.left_out: set[int] = set()

    def difference(self, query: Query, ours: Results, facets: bool) -> str | None:
        """Return what of an answer is not as it is defined; None where nothing is."""
        wanted, _, sequence = read(query.words)
        found = [self.words.find(asked) for asked in wanted]
        allowed = self.pass_filters(query, FACETS)
        kept = self.keep_words(found, allowed)
        total = self.with_words(found, kept, allowed)
        some = {n for f in found for n in f.shares} & allowed
        if (ours.total, ours.partial) != (len(total), len(some - total)):
            return (
                f"{ours.total} pieces, {ours.partial} more; not {len(total)}, {len(some - total)}"
            )
        best = self._best(total, found, wanted, sequence)
        if len(best) < HITS:
            best += self._best(some - total, found, wanted, sequence)
        for place, (hit, (number, score)) in enumerate(zip(ours.hits, best, strict=False), 1):
            if hit.id != self.works[number].id or not math.isclose(hit.score, score, rel_tol=CLOSE):
                return f"hit {place} is {hit.title} ({hit.score}), not {self.works[number].title}"
        counts = {name: {v.value: v.count for v in values} for name, values in ours.facets.items()}
        if facets and counts != self.count_facets(query, found, kept):
            return "other counts"
        return None

    def _best(
        self,
        numbers: set[int],
        found: Sequence[Found],
        wanted: Sequence[Asked],
        sequence: Sequence[str],
    ) -> list[tuple[int, float]]:
        """Return the best works with their scores: contenders by their shares, then lifted."""
        begun = {n for f in found for n in f.begun}
        base = {n: sum((f.shares.get(n, 0.0) for f in found), 0.0) for n in numbers}
        contenders = heapq.nsmallest(LIFTED, numbers, key=lambda n: (n in begun, -base[n], n))
        titled = [n for n in numbers if self.is_titled(n, sequence)]
        scores = {
            n: base[n] + self.words.lift(n, wanted, sequence, base[n])
            for n in {*contenders, *titled}
        }
        order = sorted(scores, key=lambda n: (n not in titled, n in begun, -scores[n], n))
        return [(n, scores[n]) for n in order[:HITS]]

    def pass_filters(self, query: Query, facets: Iterable[Facet]) -> set[int]:
        return self._passing(query.filters) if query.filters else self.every

    def keep_words(self, found: Sequence[Found], allowed: set[int]) -> set[int]:
        every = set(range(len(found)))
        return (
            every if self.with_words(found, every, allowed) else super().keep_words(found, allowed)
        )

    def with_words(self, found: Sequence[Found], kept: set[int], allowed: set[int]) -> set[int]:
        if found and not kept:
            return set()
        return allowed.intersection(*(found[i].shares for i in kept))

    @cache  # noqa: B019  # as long as the run
    def _passing(self, filters: Filters) -> set[int]:
        return super().pass_filters(Query(filters=filters), FACETS)

    @cache  # noqa: B019  # as long as the run
    def _title(self, number: int) -> list[str]:
        return cut_into_words(self.works[number].title)

    def is_titled(self, number: int, sequence: Sequence[str]) -> bool:
        return self._title(number) == list(sequence)


class _Words(Words):  # type: ignore[misc]
    """The reference's words, each thing looked up that it looks for."""

    @classmethod
    def of(cls, words: Words) -> "_Words":
        """Return `words` with what they are looked up by."""
        self = cls.__new__(cls)
        self.__dict__.update(words.__dict__)
        self.lengths = [{f: c.total() for f, c in counts.items()} for counts in self.counts]
        self.vocabulary = {w for written in self.written for w in written}
        self.having: dict[str, set[int]] = {}
        for n, counts in enumerate(self.counts):
            for term in set().union(*counts.values()):
                self.having.setdefault(term, set()).add(n)
        return self

    def begun_terms(self, word: str) -> set[str]:
        begun = {w for w in self.vocabulary if w.startswith(word)}
        return {stem(w, language) for w in begun for language in self.languages}

    def share(self, terms: set[str], among: set[int] | None = None) -> dict[int, float]:
        sums: dict[int, float] = {}
        for term in sorted(terms):
            for n in self.having.get(term, ()):
                sums[n] = sums.get(n, 0) + self.saturate(n, term)
        having = {n: s for n, s in sums.items() if among is None or n in among}
        rarity = self.rarity(len(having))
        return {n: float(np.float32(min(s, K1 + 1))) * rarity for n, s in having.items()}

    @cache  # noqa: B019  # as long as the run
    def saturate(self, number: int, term: str) -> float:
        amount = 0.0
        for field in TEXT_FIELDS:
            times = self.counts[number][field.name][term]
            if times:
                length = self.lengths[number][field.name] / self.averages[field.name]
                amount += field.weight * times / (1 - field.b + field.b * length)
        return float(np.float32(amount * (K1 + 1) / (K1 + amount)))

    def find_exactly(self, asked: Asked) -> Found:
        return self._find(asked.text, asked.prefix, asked.times)

    @cache  # noqa: B019  # as long as the run
    def _find(self, text: str, prefix: bool, times: int) -> Found:
        return super().find_exactly(Asked(text, prefix=prefix, times=times))

    @cache  # noqa: B019  # as long as the run
    def titled(self, word: str, prefix: bool) -> set[int]:
        return super().titled(word, prefix)
