"""searchapp itself, asked as its pages ask: `Index.search`, here without snippets."""

from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.peers import HITS, VALUES, Answer, Ask, Question
from searchapp import open_index as open_searchapp
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation

NAME = "searchapp"
INDEX = "generation"
SHARE = 1.0
SETUP = "Index.search, all fields, facets and BM25F on, no snippets"


def build(corpus: Corpus, folder: Path) -> None:
    site = Site(title="Posts", description="", author="", url="", language="en", about=None)
    with lock_for_building(folder):
        write_generation(folder, corpus.works, corpus.tags, site, report={})


def open_index(corpus: Corpus, folder: Path) -> Ask:
    index = open_searchapp(folder)

    def ask(question: Question) -> Answer:
        results = index.search(question.typed, limit=HITS, snippets=False)
        facets = {
            name: [(value.value, value.count) for value in values[:VALUES]]
            for name, values in results.facets.items()
        }
        return Answer(results.total, len(results.hits), facets)

    return ask


def files(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()
