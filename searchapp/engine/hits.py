"""Rows to hits: what is stored of each, with its snippet and score."""

from collections.abc import Sequence
from itertools import repeat

from searchapp.engine.results import Hit
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
    snippets = _snippets(store, ids, highlighter) if highlighter else repeat("")
    return tuple(
        Hit(**(record | {"snippet": snippet, "complete": i < complete, "score": score}))
        for i, (record, snippet, score) in enumerate(
            zip(records, snippets, scores or repeat(0.0), strict=False)
        )
    )


def _snippets(store: Store, ids: Sequence[int], highlighter: Highlighter) -> list[str]:
    records, texts = store.records(ids), store.texts(ids)
    return [
        highlighter.snippet(text, record["summary"])
        for text, record in zip(texts, records, strict=True)
    ]
