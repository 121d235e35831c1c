"""searchapp itself, asked as its pages ask: `Index.search`, with snippets or without."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Corpus, Terms
from benchmarks.peers import HITS, VALUES, Answer, Ask, Change, Question, Stopwatch
from searchapp import Index
from searchapp import open_index as open_searchapp
from searchapp.documents import Work
from searchapp.engine.generations import lock_for_building
from searchapp.engine.hits import make_hits
from searchapp.engine.results import Site
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store
from searchapp.engine.words import read_words
from searchapp.engine.writing import write_generation

NAME = "searchapp"
INDEX = "generation"
SHARE = 1.0
MOST = 1_000_000
IS_APART = False
SETUP = "Index.search, all fields, facets and BM25F on"

_SITE = Site(title="Posts", description="", author="", url="", language="en", about=None)


def build(corpus: Corpus, folder: Path) -> None:
    with lock_for_building(folder):
        write_generation(folder, corpus.works, corpus.tags, _SITE, report={})


def open_index(corpus: Corpus, folder: Path) -> Ask:
    index = open_searchapp(folder)
    store = Store(files(folder) / "works.sqlite")

    def ask(question: Question) -> Answer:
        if question.alone:
            return _cut_snippets(index, store, question, corpus.languages)
        results = index.search(
            question.typed,
            limit=HITS,
            snippets=question.snippets,
            facets=question.facets,
            **{name: list(values) for name, values in question.filters},
        )
        facets = {
            name: [(value.value, value.count) for value in values[:VALUES]]
            for name, values in results.facets.items()
        }
        return Answer(results.total, len(results.hits), facets)

    return ask


def _cut_snippets(
    index: Index, store: Store, question: Question, languages: Sequence[str]
) -> Answer:
    """Time the reading of the texts of the best pieces, and the snippets of these."""
    results = index.search(question.typed, limit=HITS, snippets=False, facets=False)
    ids = [int(hit.id, 16) for hit in results.hits]
    with Stopwatch() as watch:
        highlighter = Highlighter(read_words(question.typed), languages)
        hits = make_hits(store, ids, None, len(ids), highlighter)
    return Answer(results.total, len(hits), {}, watch.took)


def open_to_change(corpus: Corpus, folder: Path) -> Change:
    index = open_searchapp(folder)
    works = list(corpus.works)

    def change(row: int, work: Work, terms: Terms, term: str) -> tuple[int, None]:
        works[row] = work
        with lock_for_building(folder):
            write_generation(folder, works, corpus.tags, _SITE, report={})
        index.refresh()
        return index.search(f"{term} ", limit=1, snippets=False, facets=False).total, None

    return change


def files(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()
