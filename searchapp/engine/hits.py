"""Rows to hits: what is stored of each, with its snippet and score."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import repeat

from searchapp.engine.copies import find_copy
from searchapp.engine.records import STORED
from searchapp.engine.results import CopyHit, Hit
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store


def make_hits(
    store: Store,
    ids: Sequence[int],
    scores: Sequence[float] | None,
    complete: int,
    highlighter: Highlighter | None,
    names_of: Callable[[str], str] = str,
) -> tuple[Hit, ...]:
    """Return the works `ids` as hits, of which the first `complete` have all the words.

    `names_of` gives all names of a tag, by any of which a work is found.
    """
    if not ids:
        return ()
    records = store.records(ids)
    cut = _cut(store, ids, records, highlighter, names_of) if highlighter else repeat(("", None))
    answers = zip(records, cut, scores or repeat(0.0), strict=False)
    return tuple([
        _new_hit((*record[:STORED], (), snippet, matched, i < complete, score))
        for i, (record, (snippet, matched), score) in enumerate(answers)
    ])  # fmt: skip


_new_hit = partial(tuple.__new__, Hit)  # half the time of its own constructor


def _cut(
    store: Store,
    ids: Sequence[int],
    records: Sequence[Hit],
    highlighter: Highlighter,
    names_of: Callable[[str], str],
) -> Iterator[tuple[str, CopyHit | None]]:
    """Yield each work's snippet, and the copy it is of where the work itself lacks words."""
    copies = store.copies(ids) if highlighter.words else {}
    for work, text, record in zip(ids, store.texts(ids), records, strict=True):
        found = None
        if work in copies:
            shown = (record.title, record.summary, *map(names_of, record.tags), text)
            found = find_copy(highlighter, shown, copies[work], highlighter.languages)
        matched, snippet = found or (None, "")
        yield snippet or highlighter.snippet(text, record.summary), matched
