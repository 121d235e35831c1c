"""What is offered while somebody types: pieces by their titles, beside tags by their names.

typed --title:word each--> pieces with all words in the title --none?--> those that a search finds
"""

from collections.abc import Sequence

from searchapp.engine import Index
from searchapp.engine.results import Hit, Results
from searchapp.query import Query
from searchapp.typed import TITLE, read_typed

FEW = 8  # words; a longer line is no title that is being typed


def suggest_pieces(index: Index, typed: str, most: int) -> Sequence[Hit]:
    """Return the pieces that have what was typed in their titles, the last word maybe half of one.

    Where there are none, or it is more than plain words, those that a search finds: who
    remembers a piece by its contents is led there, too.
    """
    query = Query.from_args([("q", typed)])
    if all(part.kind == "ignored" for part in read_typed(query.words).parts):
        return ()
    in_titles = _with_titles(query.words)  # which are cut, whatever was sent
    if in_titles is not None:
        found = _find(index, in_titles, most)
        if found.total and not any(part.role == "dropped" for part in found.understood):
            return _complete(found)
    return _complete(_find(index, query, most))


def _with_titles(typed: str) -> Query | None:
    """Return a query for these words in titles; None where they are more than words."""
    parts = read_typed(typed).parts
    if len(parts) > FEW or any(part.kind != "words" or part.minus for part in parts):
        return None
    words = " ".join(f"{TITLE}:{part.value}" for part in parts)
    return Query.of(f"{words} " if typed[-1:].isspace() else words)


def _find(index: Index, query: Query, most: int) -> Results:
    return index.answer(query, limit=most, snippets=False, facets=False)


def _complete(found: Results) -> Sequence[Hit]:
    return tuple(hit for hit in found.hits if hit.complete)
