"""Rows to hits: what is stored of each, with its snippet and score."""

from collections.abc import Sequence
from functools import partial
from itertools import repeat

from searchapp.engine.records import STORED
from searchapp.engine.results import Hit, SectionHit
from searchapp.engine.sections import find_sections
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store


def make_hits(
    store: Store,
    ids: Sequence[int],
    scores: Sequence[float] | None,
    complete: int,
    highlighter: Highlighter | None,
) -> tuple[Hit, ...]:
    """Return the works `ids` as hits, of which the first `complete` have all the words."""
    if not ids:
        return ()
    records = store.records(ids)
    shown = _show(store, ids, records, highlighter) if highlighter else repeat(((), ""))
    answers = zip(records, shown, scores or repeat(0.0), strict=False)
    return tuple([
        _new_hit((*record[:STORED], sections, snippet, i < complete, score))
        for i, (record, (sections, snippet), score) in enumerate(answers)
    ])  # fmt: skip


_new_hit = partial(tuple.__new__, Hit)  # half the time of its own constructor


def _show(
    store: Store, ids: Sequence[int], records: Sequence[Hit], highlighter: Highlighter
) -> list[tuple[tuple[SectionHit, ...], str]]:
    """Return the headings and lines of each hit that show why it was found."""
    return [
        (
            find_sections(record.id, text, sections, highlighter),
            highlighter.snippet(text, record.summary),
        )
        for (text, sections), record in zip(store.texts(ids), records, strict=True)
    ]
