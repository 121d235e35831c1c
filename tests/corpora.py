"""Random small corpora and the queries to ask of them, for hypothesis."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from builders import a_document, work_of
from hypothesis import strategies as st

from searchapp.documents import Document, Section, Tag, Work
from searchapp.engine import Index, open_index
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.fields import FACETS, SORTS
from searchapp.query import Query

SITE = Site("Test", "", "", "", "en", None)

# Few words, so that they meet: forms of one, beginnings of others, French ones, signs.
WORDS = ["run", "runs", "running", "runner", "tag", "tags", "tagging", "tuning", "tune"]
WORDS += ["chanson", "chansons", "c++", "grpo", "4"]
TYPED = [*WORDS, "r", "ru", "t", "ta", "chans", "zebra", "runnings", "taggng", "chasnons"]
TYPED += ["tagsrunning", "runningtag"]
TAGS = ["rl", "moe", "c-plus", "pets"]
DATES = [None, "2020-02-29", "2023-01-01", "2023-06-01", "2024-05-31"]

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@st.composite
def documents(draw: st.DrawFn, name: str) -> Document:
    """Draw a document: anything may be missing but the title."""
    publication = draw(st.sampled_from([None, None, "Medium", "The Batch", "Quora"]))
    text = draw(texts)
    bounds = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    code = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    return a_document(
        draw(texts.filter(bool)),
        id=name,
        text=text,
        code=code,
        summary=draw(texts),
        sections=[Section(draw(texts), "s", 0)] if draw(st.booleans()) else [],
        date=draw(st.sampled_from(DATES)),
        tags=draw(st.lists(st.sampled_from(TAGS), max_size=3, unique=True)),
        publication=publication,
        kind=draw(st.sampled_from(["post", "answer"])),
        language=draw(st.sampled_from(["en", "en", "fr", "xx"])),
        minutes=draw(st.sampled_from([None, 3, 5, 12, 40])),
        series=draw(st.sampled_from([None, None, "Series A", "Series B"])),
    )


@st.composite
def corpora(draw: st.DrawFn) -> list[Work]:
    """Draw up to nine works of one to three documents."""
    sizes = draw(st.lists(st.integers(1, 3), max_size=9))
    return [
        work_of(*(draw(documents(f"{i}-{j}")) for j in range(size))) for i, size in enumerate(sizes)
    ]


def values_in(works: Sequence[Work]) -> dict[str, list[str]]:
    """Return each facet's values in `works`, and one that is in none."""
    return {
        facet.name: sorted({v for work in works for v in facet.values(work)} | {"unknown"})
        for facet in FACETS
    }


plain_words = st.sampled_from(TYPED)
phrases = st.lists(plain_words, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
typed_parts = st.one_of(
    plain_words,
    plain_words,
    plain_words,
    phrases,
    phrases.map("-{}".format),
    plain_words.map("-{}".format),
    plain_words.map("title:{}".format),
    st.tuples(plain_words, plain_words | phrases).map(" OR ".join),
    st.sampled_from(["year:2020..2023", "year:2021..2022", "before:2024", "after:2020"]),
)


@st.composite
def queries(draw: st.DrawFn, works: Sequence[Work]) -> Query:
    """Draw a query: words that may go on or not, filters and exclusions, any sort and page."""
    typed = " ".join(draw(st.lists(typed_parts, max_size=3)))
    found = values_in(works)
    filters, excluded = (
        {
            name: draw(st.lists(st.sampled_from(found[name]), max_size=2))
            for name in draw(st.lists(st.sampled_from(list(found)), max_size=most, unique=True))
        }
        for most in (3, 1)
    )
    sort = draw(st.sampled_from([None, None, *(sort.name for sort in SORTS)]))
    words = typed + draw(st.sampled_from(["", " "])) if typed else ""
    return Query.of(words, filters, excluded, sort, draw(st.sampled_from([1, 1, 2, 3])))


@st.composite
def corpora_and_queries(draw: st.DrawFn) -> tuple[list[Work], list[tuple[Query, int]]]:
    """Draw works, and queries with their limits: an index costs more than an answer."""
    works = draw(corpora())
    limits = st.sampled_from([1, 2, 3, 20])
    return works, draw(st.lists(st.tuples(queries(works), limits), min_size=5, max_size=20))


@contextlib.contextmanager
def index_with(works: Sequence[Work], tags: Sequence[Tag] = ()) -> Iterator[Index]:
    """Build a real index of `works` and open it; where there is one, in memory."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a folder of ours
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        with lock_for_building(Path(folder)):
            write_generation(Path(folder), works, list(tags), SITE, {})
        yield open_index(folder)
