"""Asks a new generation before it is published: what does not answer is never served.

gen-N.tmp/ --opened as a server opens it--> counts, each facet's first value, canaries

A canary is a rare word of a work that was just written: it has to find that work, and none is
excused. It is taken from the very texts that the fields index, cut as they are cut, since a span
of code that ends within a word parts it into two. All of it takes the time of some thirty answers,
however many works there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words
from searchapp.engine.generations import Generation
from searchapp.engine.phrases import WordOrder
from searchapp.engine.postings import Heading
from searchapp.engine.search import Reader
from searchapp.errors import KeptTextError, SearchappError
from searchapp.fields import TEXT_FIELDS
from searchapp.query import Query

Named = Work | Heading  # both have an id and a title
Canary = TypeVar("Canary", Work, Named)

CANARIES = 24
READ = 2_000  # characters of each field of a document that a canary is looked for in
LONGEST = 60  # characters of a canary, well below those of a query


def check_generation(
    folder: Path, canaries: Iterable[tuple[Named, str]], counts: Mapping[str, int]
) -> None:
    """Ask the finished, unpublished `folder` what is known of the answers.

    Each of the `canaries` is a word that has to find its work.

    Raises SearchappError, naming what is wrong, where one of them differs, and OSError where
    the system does not let it be asked.
    """
    try:
        faults = _find_faults(Reader(Generation(folder, {})), canaries, counts)
        fault = next(faults, None)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):  # what the system refuses is no fault of it
            raise
        fault = f"a file is gone: {error.filename}"
    except KeptTextError:  # no fault of it either
        raise
    except Exception as error:  # whatever it is, visitors would meet it too
        fault = f"it cannot be asked: {type(error).__name__}: {error}"
    if fault:
        raise SearchappError(
            f"{folder.parent}: the new generation does not answer as it should ({fault}); "
            "it is not published; run `searchapp build --full`"
        )


def _find_faults(
    reader: Reader, canaries: Iterable[tuple[Named, str]], counts: Mapping[str, int]
) -> Iterator[str]:
    everything = reader.answer(Query.of(), 1, snippets=False, facets=True)
    answered = {
        "works": everything.total,
        "places": everything.places,
        "documents": reader.count_documents(),
    }
    for name, number in answered.items():
        if number != counts[name]:
            yield f"it has {number} {name}, not {counts[name]}"
    for facet, values in everything.facets.items():
        for value in values[:1]:
            total = reader.count(Query.of(filters={facet: value.value}))
            if total != value.count:
                yield f"{facet} {value.value!r} has {total} works, not {value.count}"
    for work, word in canaries:
        if not reader.finds(Query.of(f'"{word}"'), work.id):
            yield f"{word!r} does not find {work.title!r}"


def choose_canaries(works: Sequence[Work]) -> Iterator[tuple[Work, str]]:
    """Yield works from all over, each with a word of its own that few of the others have.

    Words are counted among the works chosen and as many beside them: enough to tell a rare
    one, whatever the number of works.
    """
    step = max(1, len(works) // (CANARIES * 4))
    yield from _choose([(work, _words_of(work)) for work in works[::step]])


def choose_beside(
    edited: Work, headings: Sequence[Heading], order: WordOrder
) -> Iterator[tuple[Named, str]]:
    """Yield a canary of the one work that was edited, and such of others from all over.

    `order` has the words of the others, which stand in the rows that `headings` have.
    """
    step = max(1, len(headings) // (CANARIES * 4))
    rows = [row for row in range(0, len(headings), step) if headings[row].id != edited.id]
    sample: list[tuple[Named, set[str]]] = [(headings[n], _words_in(order, n)) for n in rows]
    own = (edited, _words_of(edited))
    yield from _choose([own, *sample], first=1)
    yield from _choose(sample)


def _choose(
    sample: Sequence[tuple[Canary, set[str]]], first: int | None = None
) -> Iterator[tuple[Canary, str]]:
    """Yield some of a sample, or the `first` ones, each with its rarest word."""
    having = Counter(word for _, words in sample for word in words)
    chosen = sample[:: max(1, len(sample) // CANARIES)] if first is None else sample[:first]
    for work, words in chosen:
        if words:
            yield work, min(words, key=lambda word: (having[word], -len(word), word))


def _words_in(order: WordOrder, row: int) -> set[str]:
    """Return the first words of a work, as they stand in the order of words."""
    begin = order.words_between(row, row + 1)[:READ].decode("utf-8", "ignore")
    whole = begin.rpartition(" ")[0]
    return {word for word in whole.split() if 1 < len(word) < LONGEST}


def _words_of(work: Work) -> set[str]:
    """Return the words at the beginning of each field of a work, as they are indexed."""
    return {
        word
        for field in TEXT_FIELDS
        for document in work.documents
        for text in _begin(field.texts(work, document))
        for word in cut_into_words(text)
        if 1 < len(word) < LONGEST
    }


def _begin(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts until `READ` characters have been; the last is cut where a space stands."""
    left = READ
    for text in texts:
        yield text if len(text) <= left else text[:left].rpartition(" ")[0]
        left -= len(text)
        if left <= 0:
            return
