"""Whoosh's own searcher, over the Whoosh index that a generation of ours holds.

So it has the same terms, fields and facets. What it stores for a hit is its id, title and date
alone, less than the others fetch.
"""

from pathlib import Path
from typing import Any

import whoosh
from whoosh import highlight, sorting
from whoosh import index as whoosh_index
from whoosh.analysis import StemmingAnalyzer
from whoosh.query import And, Or, Prefix, Query, Term

from benchmarks.corpus import Corpus, Terms
from benchmarks.peers import HITS, VALUES, Answer, Ask, Change, Question, ours
from searchapp.documents import Work
from searchapp.engine.snippets import WIDTH
from searchapp.fields import FACET, TEXT_FIELDS

NAME = "Whoosh"
INDEX = ours.INDEX
SHARE = 0.02  # it takes seconds for a question at 10,000 posts
MOST = 10_000
IS_APART = False
_STEMMING = StemmingAnalyzer()
SETUP = f"{whoosh.versionstring()}, its searcher with groupedby over our generation's index"


def build(corpus: Corpus, folder: Path) -> None:
    ours.build(corpus, folder)


def open_index(corpus: Corpus, folder: Path) -> Ask:
    searcher = whoosh_index.open_dir(str(files(folder))).searcher()
    texts = {work.id: work.canonical.text for work in corpus.works}
    grouped = sorting.Facets()
    for name in corpus.facets:
        facet = sorting.FieldFacet(name, allow_overlap=True, maptype=sorting.Count)
        grouped.add_facet(name, facet)

    def ask(question: Question) -> Answer:
        groups = {"groupedby": grouped} if question.facets else {}
        results = searcher.search(_query(question), limit=HITS, **groups)
        rows = [hit.fields() for hit in results[:HITS]]  # with groups, it ignores the limit
        if question.snippets:
            _mark(question, [texts[row["id"]] for row in rows])
        names = corpus.facets if question.facets else ()
        facets = {name: _commonest(results.groups(name)) for name in names}
        return Answer(len(results), len(rows), facets)

    return ask


def _mark(question: Question, texts: list[str]) -> list[str]:
    """Return the snippets of `texts`, which it analyses anew."""
    words = frozenset(token.text for token in _STEMMING(question.typed))
    fragmenter = highlight.ContextFragmenter(maxchars=WIDTH, surround=WIDTH // 4)
    formatter = highlight.HtmlFormatter("mark")
    return [highlight.highlight(t, words, _STEMMING, fragmenter, formatter, top=1) for t in texts]


def open_to_change(corpus: Corpus, folder: Path) -> Change:
    index = whoosh_index.open_dir(str(files(folder)))

    def change(row: int, work: Work, terms: Terms, term: str) -> tuple[int, None]:
        texts = {field.name: terms[field.name] for field in TEXT_FIELDS}
        values = {name: list(FACET[name].values(work)) for name in corpus.facets}
        writer = index.writer()
        writer.update_document(id=work.id, **texts, **{n: v for n, v in values.items() if v})
        writer.commit()
        with index.searcher() as searcher:
            return len(searcher.search(Or([Term(f.name, term) for f in TEXT_FIELDS]))), None

    return change


def files(folder: Path) -> Path:
    return ours.files(folder) / "whoosh"


def _commonest(groups: dict[Any, int]) -> list[tuple[str, int]]:
    """Return the values with the greatest counts; Whoosh counts works without value as None."""
    values = [(str(value), count) for value, count in groups.items() if value is not None]
    return sorted(values, key=lambda pair: -pair[1])[:VALUES]


def _query(question: Question) -> Query:
    wanted = [
        Or([Term(field.name, term, field.weight) for field in TEXT_FIELDS for term in terms])
        for terms in question.words
    ]
    if question.prefix:
        prefix = question.prefix
        wanted.append(Or([Prefix(field.name, prefix, field.weight) for field in TEXT_FIELDS]))
    return And(wanted)
