"""Rows to hits: what is stored of each, with its snippet and score."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import repeat

from searchapp.engine.copies import find_copy
from searchapp.engine.records import STORED
from searchapp.engine.results import CopyHit, Hit, SectionHit
from searchapp.engine.sections import find_sections
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
    nothing = repeat(((), "", None))
    shown = _show(store, ids, records, highlighter, names_of) if highlighter else nothing
    answers = zip(records, shown, scores or repeat(0.0), strict=False)
    return tuple([
        _new_hit((*record[:STORED], sections, snippet, matched, i < complete, score))
        for i, (record, (sections, snippet, matched), score) in enumerate(answers)
    ])  # fmt: skip


_new_hit = partial(tuple.__new__, Hit)  # half the time of its own constructor


def _show(
    store: Store,
    ids: Sequence[int],
    records: Sequence[Hit],
    highlighter: Highlighter,
    names_of: Callable[[str], str],
) -> Iterator[tuple[tuple[SectionHit, ...], str, CopyHit | None]]:
    """Yield the headings and lines of each hit that show why it was found.

    With them the copy that the lines are of, where the work itself lacks words.
    """
    copies = store.copies(ids) if highlighter.words else {}
    for work, (text, stored), record in zip(ids, store.texts(ids), records, strict=True):
        found = None
        if work in copies:
            shown = (record.title, record.summary, *map(names_of, record.tags), text)
            found = find_copy(highlighter, shown, copies[work], highlighter.languages)
        matched, snippet = found or (None, "")
        sections = find_sections(record.id, text, stored, highlighter)
        yield sections, snippet or highlighter.snippet(text, record.summary), matched
