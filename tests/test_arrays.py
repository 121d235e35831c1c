"""The postings: an ordinary Whoosh index, and the arrays as a second view of the same."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from mmap import mmap
from pathlib import Path

import numpy as np
import pytest
from builders import a_document, a_work, work_of
from corpora import corpora
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.query import Every, Term

from searchapp.documents import Section, Work
from searchapp.engine import Index
from searchapp.engine.analysis import cut_into_words, stem
from searchapp.engine.arrays import lay_out, load, save
from searchapp.engine.collecting import collect_postings
from searchapp.engine.lexicon import Lexicon, lay_out_texts
from searchapp.engine.postings import in_row_order
from searchapp.engine.whoosh_index import read_whoosh, write_whoosh
from searchapp.fields import FACETS, TEXT_FIELDS

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it

VARIED = [
    work_of(
        a_document("Running", id="1", text="zebra zebra", tags=["pets", "rl"], date="2024-05-31"),
        a_document("Laufen", id="2", text="zebra", language="de", publication="Medium"),
        a_document("Run", id="3", text="日本語 C++ l'homme", language="xx", publication="Quora"),
    ),
    a_work("Undated", id="4", text="zebra", sections=[Section("Lions", "lions", 0)]),
    a_work("ßtraße", id="5", summary="हिन्दी 🚀", series="S", minutes=12, date="0001-01-01"),
    a_work("", id="6"),
]


def bytes_of(arrays: dict[str, np.ndarray]) -> dict[str, tuple[str, bytes]]:
    """Return each array's type and bytes."""
    return {name: (str(values.dtype), values.tobytes()) for name, values in arrays.items()}


def arrays_of(works: list[Work]) -> dict[str, tuple[str, bytes]]:
    return bytes_of(lay_out(collect_postings(in_row_order(works))))


# Arrays from Whoosh


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(works=corpora())
def test_the_arrays_can_be_made_again_from_whoosh_byte_for_byte(
    works: list[Work], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("whoosh")
    write_whoosh(collect_postings(in_row_order(works)), folder)

    assert bytes_of(lay_out(read_whoosh(folder))) == arrays_of(works)


def test_so_can_those_of_a_published_index_of_copies_and_undated_works(index_of: IndexOf) -> None:
    index = index_of(*VARIED)
    folder = index.path / "gen-1"

    published = bytes_of(load(folder / "arrays"))
    assert bytes_of(lay_out(read_whoosh(folder / "whoosh"))) == published
    assert arrays_of(VARIED) == published


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(corpora().flatmap(lambda works: st.tuples(st.just(works), st.permutations(works))))
def test_works_in_any_order_give_the_same_arrays(orders: tuple[list[Work], list[Work]]) -> None:
    first, second = orders

    assert arrays_of(first) == arrays_of(second)


# Files


def mapped_by(values: object) -> object:
    """Return what holds the memory of an array."""
    while not isinstance(values, mmap) and values is not None:
        values = values.obj if isinstance(values, memoryview) else getattr(values, "base", None)
    return values


def test_arrays_are_mapped_into_memory_and_cannot_be_written(index_of: IndexOf) -> None:
    arrays = load(index_of(*VARIED).path / "gen-1" / "arrays")

    assert all(isinstance(mapped_by(values), mmap) for values in arrays.values() if values.size)
    assert not any(values.flags.writeable for values in arrays.values())


class Exploding:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_among_the_arrays_is_refused(tmp_path: Path) -> None:
    arrays, exploded = tmp_path / "arrays", tmp_path / "exploded"
    arrays.mkdir()
    save({"good": np.arange(3)}, arrays)
    np.save(arrays / "bad.npy", np.array([Exploding(exploded)], object), allow_pickle=True)

    with pytest.raises(ValueError, match="Python objects"):
        load(arrays)
    (arrays / "bad.npy").write_bytes(pickle.dumps(Exploding(exploded)))
    with pytest.raises(ValueError, match="pickled"):
        load(arrays)
    assert not exploded.exists()


@settings(deadline=None)
@given(st.lists(st.text(), unique=True).map(sorted), st.text(max_size=3))
def test_a_lexicon_finds_texts_and_their_beginnings(texts: list[str], wanted: str) -> None:
    lexicon = Lexicon.of(lay_out_texts("texts", texts), "texts")

    assert list(lexicon) == texts
    assert [lexicon.find(text) for text in texts] == list(range(len(texts)))
    assert lexicon.find(wanted) == (texts.index(wanted) if wanted in texts else None)
    begun = [i for i, text in enumerate(texts) if text.startswith(wanted)]
    assert list(lexicon.prefix(wanted)) == begun


# Whoosh


@pytest.fixture
def whoosh_of(tmp_path: Path) -> Iterator[Callable[..., whoosh_index.Index]]:
    """Write works as our builder does, and open them as Whoosh does."""
    opened = []

    def build(*works: Work) -> whoosh_index.Index:
        folder = tmp_path / "whoosh"
        folder.mkdir()
        write_whoosh(collect_postings(in_row_order(works)), folder)
        opened.append(whoosh_index.open_dir(str(folder)))
        return opened[-1]

    yield build
    for index in opened:
        index.close()


def numbered(many: int) -> list[Work]:
    """Return works `0` to many - 1, of which every third is on zebras, as often as its number."""
    return [
        a_work(f"Piece {i}", id=f"p{i}", text="common " + "zebras " * (i if i % 3 == 0 else 0))
        for i in range(1, many + 1)
    ]


def ids(works: list[Work]) -> set[str]:
    return {work.id for work in works}


def test_whoosh_finds_by_terms_and_by_its_own_parser(
    whoosh_of: Callable[..., whoosh_index.Index],
) -> None:
    works = [
        a_work("Running zebras", text="They ran", tags=["pets"], date="2024-05-31"),
        a_work("Lions", text="Zebras are running from lions", publication="Medium"),
    ]
    index = whoosh_of(*works)

    def found(query: object) -> set[str]:
        with index.searcher() as searcher:
            return {hit["id"] for hit in searcher.search(query, limit=None)}

    first, second = works
    assert found(Term("title", "run")) == {first.id}
    assert found(Term("body", "run")) == {second.id}
    assert found(Term("tag", "pets")) == {first.id}
    assert found(Term("year", "2024")) == {first.id}
    assert found(Term("source", "Medium")) == {second.id}
    assert found(Term("word", "running")) == {first.id, second.id}
    assert found(Term("word", "run")) == set()
    assert found(Every()) == {first.id, second.id}
    assert found(QueryParser("title", index.schema).parse("RUNNING zebra")) == {first.id}
    assert found(QueryParser("body", index.schema).parse("lion NOT ran")) == {second.id}
    both = MultifieldParser(["title", "body"], index.schema)
    assert found(both.parse("zebra runs")) == {first.id, second.id}


def test_whoosh_counts_documents_and_frequencies_right(
    whoosh_of: Callable[..., whoosh_index.Index],
) -> None:
    index = whoosh_of(*VARIED)
    rows = in_row_order(VARIED)
    expected: Counter[tuple[str, str]] = Counter()
    documents: Counter[tuple[str, str]] = Counter()
    for work in rows:
        for field in TEXT_FIELDS:
            counts: Counter[str] = Counter()
            for d in work.documents:
                words = cut_into_words(" ".join(field.texts(work, d)))
                counts |= Counter(stem(word, d.language) for word in words)
            for term, n in counts.items():
                expected[field.name, term] += n
                documents[field.name, term] += 1
        for facet in FACETS:
            documents.update((facet.name, value) for value in set(facet.values(work)))

    with index.reader() as reader:
        assert reader.doc_count() == reader.doc_count_all() == len(VARIED)
        for (field, term), n in documents.items():
            assert reader.doc_frequency(field, term) == n
        for (field, term), n in expected.items():
            assert reader.frequency(field, term) == n
        for field in (*TEXT_FIELDS, *FACETS):
            terms = {term for name, term in documents if name == field.name}
            assert set(reader.field_terms(field.name)) == terms


def test_lists_of_several_blocks_are_whole(whoosh_of: Callable[..., whoosh_index.Index]) -> None:
    works = numbered(1000)
    index = whoosh_of(*works)

    with index.searcher() as searcher:
        assert searcher.doc_frequency("body", "common") == 1000
        assert len(searcher.search(Term("body", "common"), limit=None)) == 1000
        zebras = searcher.search(Term("body", "zebra"), limit=None)
        assert {hit["id"] for hit in zebras} == ids(
            [w for w in works if "zebras" in w.canonical.text]
        )
        postings = searcher.postings("body", "zebra")
        frequencies = {
            searcher.stored_fields(n)["id"]: f for n, f in postings.items_as("frequency")
        }
    assert frequencies == {
        work.id: work.canonical.text.count("zebras")
        for work in works
        if "zebras" in work.canonical.text
    }


@pytest.mark.parametrize("many", [127, 128, 129, 256, 257])
def test_a_list_may_end_at_the_edge_of_a_block(
    whoosh_of: Callable[..., whoosh_index.Index], many: int
) -> None:
    index = whoosh_of(*numbered(many))

    with index.searcher() as searcher:
        assert len(searcher.search(Term("body", "common"), limit=None)) == many
        matcher = searcher.postings("body", "common")
        matcher.skip_to(many - 1)
        assert matcher.id() == many - 1


def test_whoosh_ranks_by_the_lengths_that_were_written(
    whoosh_of: Callable[..., whoosh_index.Index],
) -> None:
    short, long = a_work("A", text="zebra"), a_work("B", text="zebra " + "word " * 300)
    index = whoosh_of(short, long)

    with index.searcher() as searcher:
        hits = searcher.search(Term("body", "zebra"))
        assert [hit["id"] for hit in hits] == [short.id, long.id]
        assert searcher.field_length("body") == 302
        assert searcher.avg_field_length("body") == 151


def test_whooshs_own_writer_can_add_to_it(whoosh_of: Callable[..., whoosh_index.Index]) -> None:
    index = whoosh_of(*numbered(200))

    with index.writer() as writer:
        writer.add_document(id="new", title="Added", body="common zebras", tag="pets")
    with index.writer() as writer:
        writer.update_document(id="new", title="Added again", body="common", tag="pets")
    with index.searcher() as searcher:
        assert searcher.doc_count() == 201
        assert [hit["id"] for hit in searcher.search(Term("tag", "pets"))] == ["new"]
        assert [hit["id"] for hit in searcher.search(Term("title", "again"))] == ["new"]
        assert len(searcher.search(Term("body", "common"), limit=None)) == 201
    index.optimize()
    with index.searcher() as searcher:
        assert len(searcher.search(Term("body", "common"), limit=None)) == 201
        assert searcher.doc_frequency("body", "zebra") == 66


def test_an_index_of_no_works_is_an_index(whoosh_of: Callable[..., whoosh_index.Index]) -> None:
    index = whoosh_of()

    with index.searcher() as searcher:
        assert searcher.doc_count() == 0
        assert list(searcher.search(Term("body", "zebra"))) == []
    assert bytes_of(lay_out(read_whoosh(Path(index.storage.folder)))) == arrays_of([])
