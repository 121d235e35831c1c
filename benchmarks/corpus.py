"""The posts that are measured on, and their terms as the engine makes them."""

from dataclasses import dataclass
from functools import cached_property

from searchapp.documents import Tag, Work
from searchapp.engine.analysis import cut_into_words, stem, stems
from searchapp.fields import FACETS, TEXT_FIELDS

Terms = dict[str, str]  # those of each text field in their order, with spaces between

BEGINNING = 3  # letters; no prefix that is asked is longer


@dataclass(frozen=True)
class Analysis:
    """What the engine's analysis makes of works: for peers, which search the very same terms.

    Text that is stemmed twice, by two stemmers, gives totals that nobody can compare.
    `fields` has, for each work, the terms of each text field in their order, with spaces
    between; `words` are all different words as they are written, but folded, `terms` all
    different terms.
    """

    fields: tuple[Terms, ...]
    words: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, eq=False)  # two of them are never the same
class Corpus:
    """Works, and what is said of their tags."""

    works: tuple[Work, ...]
    tags: tuple[Tag, ...]

    def __len__(self) -> int:
        return len(self.works)

    def first(self, count: int) -> "Corpus":
        """Return the corpus of the first `count` works: the same blog when it was younger."""
        works = self.works[:count]
        used = {slug for work in works for slug in work.tags}
        return Corpus(works, tuple(tag for tag in self.tags if tag.slug in used))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the works, sorted."""
        return tuple(sorted({d.language or "und" for work in self.works for d in work.documents}))

    @cached_property
    def facets(self) -> tuple[str, ...]:
        """The facets that a page without filters shows, as far as any work has a value."""
        shown = (facet for facet in FACETS if not facet.needs)
        return tuple(f.name for f in shown if any(map(f.values, self.works)))

    @cached_property
    def analysis(self) -> Analysis:
        """The terms and words of all works."""
        words: set[str] = set()
        fields = tuple(analyse(work, words) for work in self.works)
        terms = {term for texts in fields for text in texts.values() for term in text.split()}
        return Analysis(fields, frozenset(words), frozenset(terms))

    def stems(self, word: str) -> tuple[str, ...]:
        """Return the terms that a typed word stands for, one for each language."""
        return stems(word, self.languages)

    def known_stems(self, word: str) -> list[str]:
        """Return those of a word's terms that some work has."""
        return [term for term in self.stems(word) if term in self.analysis.terms]

    @cached_property
    def strays(self) -> dict[str, set[str]]:
        """The terms that not all of their words begin like, each with how these begin."""
        beginnings: dict[str, set[str]] = {}
        for word in self.analysis.words:
            for term in self.known_stems(word):
                beginnings.setdefault(term, set()).add(word[:BEGINNING])
        return {term: begun for term, begun in beginnings.items() if begun != {term[:BEGINNING]}}


def analyse(work: Work, words: set[str]) -> Terms:
    """Return the terms of each text field, and add to `words` those that they are made of."""
    fields = {}
    for field in TEXT_FIELDS:
        terms: list[str] = []
        for document in work.documents:
            for text in field.texts(work, document):
                found = cut_into_words(text)
                words.update(found)
                terms += [stem(word, document.language) for word in found]
        fields[field.name] = " ".join(terms)
    return fields
