"""tantivy, a search library in Rust, with an index of its own of the same posts.

It is given our terms, ready made, so that its totals can be compared with ours. A prefix is its
fuzzy query at distance 0, the fastest of its queries that finds every term that begins so: a
phrase's prefix stops after 50 terms, and a regular expression takes longer.
"""

from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import tantivy
from tantivy import (
    Filter,
    Index,
    Occur,
    Query,
    Schema,
    SnippetGenerator,
    TextAnalyzerBuilder,
    Tokenizer,
)

from benchmarks.corpus import Corpus
from benchmarks.peers import HITS, VALUES, Answer, Ask, Question, Stopwatch
from benchmarks.peers.stored import stored
from searchapp.documents import Work
from searchapp.engine.snippets import WIDTH
from searchapp.fields import FACET, TEXT_FIELDS

NAME = "tantivy"
INDEX = "tantivy"
SHARE = 1.0
IS_APART = False
SETUP = f"{version('tantivy')}, our terms and weights, no positions, terms aggregations"

MEMORY = 1_000_000_000  # bytes, so that it writes one segment, which it searches fastest


def build(corpus: Corpus, folder: Path) -> None:
    index = _index(corpus, folder)
    writer = index.writer(MEMORY, num_threads=1)
    for work, terms in zip(corpus.works, corpus.analysis.fields, strict=True):
        writer.add_document(_document(corpus, work, terms))
    writer.commit()
    writer.wait_merging_threads()


def open_index(corpus: Corpus, folder: Path) -> Ask:
    index = _index(corpus, folder)
    schema, searcher = index.schema, index.searcher()
    wanted = {f: {"terms": {"field": f"facet.{f}", "size": VALUES}} for f in corpus.facets}
    texts = _Texts(corpus)

    def ask(question: Question) -> Answer:
        if question.snippets:
            return texts.cut_snippets(question)
        query = _query(schema, question)
        found = searcher.search(query, HITS, count=True)
        rows = [searcher.doc(address).to_dict() for _, address in found.hits]
        counted = searcher.aggregate(query, wanted) if question.facets else {}
        facets = {
            name: [(bucket["key"], bucket["doc_count"]) for bucket in counts["buckets"]]
            for name, counts in counted.items()
        }
        if question.filters:  # its counts are those under all filters, which are not ours
            facets = {}
        return Answer(found.count, len(rows), facets)  # type: ignore[attr-defined]  # its stub forgets it

    return ask


class _Texts:
    """An index of the texts as they are read, in memory: snippets need it so."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @cached_property
    def _index(self) -> Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        index = Index(builder.build())
        writer = index.writer(MEMORY, num_threads=1)
        for work in self._corpus.works:
            document = tantivy.Document()
            document.add_text("text", f"{work.title}. {work.canonical.text}")
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def cut_snippets(self, question: Question) -> Answer:
        """Time the reading of the texts of the best pieces, and the snippets of these."""
        index = self._index
        searcher = index.searcher()
        query = index.parse_query(question.typed, ["text"], conjunction_by_default=True)
        hits = searcher.search(query, HITS).hits
        with Stopwatch() as watch:
            generator = SnippetGenerator.create(searcher, query, index.schema, "text")
            generator.set_max_num_chars(WIDTH)
            snippets = [
                generator.snippet_from_doc(searcher.doc(address)).to_html() for _, address in hits
            ]
        return Answer(len(snippets), len(snippets), {}, watch.took)


def files(folder: Path) -> Path:
    return folder


def _index(corpus: Corpus, folder: Path) -> Index:
    """Open the index in `folder`, or make an empty one."""
    builder = tantivy.SchemaBuilder()
    for field in TEXT_FIELDS:
        builder.add_text_field(field.name, tokenizer_name="terms", index_option="freq")
    for name in corpus.facets:
        builder.add_text_field(
            f"facet.{name}", stored=True, fast=True, tokenizer_name="raw", index_option="basic"
        )
    for name in _stored(corpus.works[0]):
        builder.add_text_field(f"stored.{name}", stored=True, tokenizer_name="nothing")
    index = Index(builder.build(), path=str(folder))
    index.register_tokenizer("terms", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    nothing = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.remove_long(1)).build()
    index.register_tokenizer("nothing", nothing)
    return index


def _stored(work: Work) -> dict[str, str]:
    return stored(work) | {"text": work.canonical.text}


def _document(corpus: Corpus, work: Work, terms: dict[str, str]) -> tantivy.Document:
    document = tantivy.Document()
    for name, text in terms.items():
        document.add_text(name, text)
    for name in corpus.facets:
        for value in FACET[name].values(work):
            document.add_text(f"facet.{name}", value)
    for name, text in _stored(work).items():
        document.add_text(f"stored.{name}", text)
    return document


def _query(schema: Schema, question: Question) -> Query:
    wanted = [_any_term(schema, terms) for terms in question.words]
    if question.prefix:
        wanted.append(_prefix(schema, question.prefix))
    for name, values in question.filters:
        terms = (Query.term_query(schema, f"facet.{name}", value, "basic") for value in values)
        wanted.append(_any_of(terms))
    return Query.boolean_query([(Occur.Must, query) for query in wanted])


def _any_term(schema: Schema, terms: tuple[str, ...]) -> Query:
    return _any_of(
        Query.boost_query(Query.term_query(schema, field.name, term, "freq"), field.weight)
        for field in TEXT_FIELDS
        for term in terms
    )


def _prefix(schema: Schema, start: str) -> Query:
    return _any_of(
        Query.boost_query(
            Query.fuzzy_term_query(schema, field.name, start, distance=0, prefix=True),
            field.weight,
        )
        for field in TEXT_FIELDS
    )


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
