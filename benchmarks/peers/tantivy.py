"""tantivy, a search library in Rust, with an index of its own of the same posts.

It is given our terms, ready made, so that its totals can be compared with ours. A prefix is its
fuzzy query at distance 0, the fastest of its queries that finds every term that begins so: a
phrase's prefix stops after 50 terms, and a regular expression takes longer. Its snippets are made
of the text as it stores it, and of words as it stems them.
"""

from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import tantivy
from tantivy import (
    Document,
    Filter,
    Index,
    Occur,
    Query,
    Schema,
    SnippetGenerator,
    TextAnalyzerBuilder,
    Tokenizer,
)

from benchmarks.corpus import Corpus, Terms
from benchmarks.peers import HITS, VALUES, Answer, Ask, Change, Question, Stopwatch
from benchmarks.peers.stored import stored
from searchapp.documents import Work
from searchapp.engine.snippets import WIDTH
from searchapp.fields import FACET, TEXT_FIELDS

NAME = "tantivy"
INDEX = "tantivy"
SHARE = 1.0
MOST = 100_000
IS_APART = False
SETUP = f"{version('tantivy')}, our terms and weights, no positions, terms aggregations"

MEMORY = 1_000_000_000  # bytes, so that it writes one segment, which it searches fastest
MEMORY_FOR_ONE = 50_000_000


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
        if question.alone:
            return texts.cut_snippets(question)
        query = _query(schema, question)
        found = searcher.search(query, HITS, count=True)
        documents = [searcher.doc(address) for _, address in found.hits]
        rows = [document.to_dict() for document in documents]
        if question.snippets:
            texts.mark(question, documents)
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

    FIELD = "text"

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @cached_property
    def _index(self) -> Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(self.FIELD, stored=True, tokenizer_name="en_stem")
        index = Index(builder.build())
        writer = index.writer(MEMORY, num_threads=1)
        for work in self._corpus.works:
            document = Document()
            document.add_text(self.FIELD, work.canonical.text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def cut_snippets(self, question: Question) -> Answer:
        """Time the reading of the texts of the best pieces, and the snippets of these."""
        searcher = self._index.searcher()
        hits = searcher.search(self._parse(question), HITS).hits
        with Stopwatch() as watch:
            self.mark(question, [searcher.doc(address) for _, address in hits])
        return Answer(len(hits), len(hits), {}, watch.took)

    def mark(self, question: Question, documents: Iterable[Document]) -> list[str]:
        """Return the snippets of `documents`, which hold their text."""
        index = self._index
        query = self._parse(question)
        generator = SnippetGenerator.create(index.searcher(), query, index.schema, self.FIELD)
        generator.set_max_num_chars(WIDTH)
        return [generator.snippet_from_doc(document).to_html() for document in documents]

    def _parse(self, question: Question) -> Query:
        return self._index.parse_query(question.typed, [self.FIELD], conjunction_by_default=True)


def open_to_change(corpus: Corpus, folder: Path) -> Change:
    index = _index(corpus, folder)
    writer = index.writer(MEMORY_FOR_ONE, num_threads=1)

    def change(row: int, work: Work, terms: Terms, term: str) -> tuple[int, None]:
        writer.delete_documents_by_term("key", work.id)
        writer.add_document(_document(corpus, work, terms))
        writer.commit()
        index.reload()
        return index.searcher().search(_any_term(index.schema, (term,)), 1, count=True).count, None

    return change


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
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=True, tokenizer_name="nothing")
    for name in stored(corpus.works[0]):
        builder.add_text_field(f"stored.{name}", stored=True, tokenizer_name="nothing")
    index = Index(builder.build(), path=str(folder))
    index.register_tokenizer("terms", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    nothing = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.remove_long(1)).build()
    index.register_tokenizer("nothing", nothing)
    return index


def _document(corpus: Corpus, work: Work, terms: Terms) -> Document:
    document = Document()
    document.add_text("key", work.id)
    document.add_text("text", work.canonical.text)
    for name, text in terms.items():
        document.add_text(name, text)
    for name in corpus.facets:
        for value in FACET[name].values(work):
            document.add_text(f"facet.{name}", value)
    for name, text in stored(work).items():
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
