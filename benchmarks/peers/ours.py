"""searchapp itself, asked as its pages ask: `Index.search`, here without snippets."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.peers import HITS, VALUES, Answer, Ask, Question, Stopwatch
from searchapp import Index
from searchapp import open_index as open_searchapp
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
IS_APART = False
SETUP = "Index.search, all fields, facets and BM25F on, no snippets"


def build(corpus: Corpus, folder: Path) -> None:
    site = Site(title="Posts", description="", author="", url="", language="en", about=None)
    with lock_for_building(folder):
        write_generation(folder, corpus.works, corpus.tags, site, report={})


def open_index(corpus: Corpus, folder: Path) -> Ask:
    index = open_searchapp(folder)
    store = Store(files(folder) / "works.sqlite")

    def ask(question: Question) -> Answer:
        if question.snippets:
            return _cut_snippets(index, store, question, corpus.languages)
        results = index.search(
            question.typed,
            limit=HITS,
            snippets=False,
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


def files(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()
