"""Rows to hits: what is stored of each, with its snippet and score."""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat

from searchapp.engine.copies import find_copy
from searchapp.engine.cutting import cut_all
from searchapp.engine.elsewhere import Elsewhere
from searchapp.engine.records import STORED
from searchapp.engine.results import CopyHit, Hit, MatchHit, SectionHit
from searchapp.engine.sections import find_sections
from searchapp.engine.snippets import Highlighter
from searchapp.engine.store import Store
from searchapp.kernels import end_tuples

# Headings, lines, the copy that these are of, and where else words stand.
Shown = tuple[tuple[SectionHit, ...], str, CopyHit | None, tuple[MatchHit, ...]]


def make_hits(
    store: Store,
    ids: Sequence[int],
    scores: Sequence[float] | None,
    complete: int,
    highlighter: Highlighter | None,
    names_of: Callable[[str], str] = str,
    elsewhere: tuple[Elsewhere, Sequence[int]] | None = None,
) -> tuple[Hit, ...]:
    """Return the works `ids` as hits, of which the first `complete` have all the words.

    `names_of` gives all names of a tag, by any of which a work is found; `elsewhere` tells where
    words are that a card does not show, by the row of each work.
    """
    if not ids:
        return ()
    records = store.records(ids)
    scored = scores or repeat(0.0)
    if not highlighter:  # then a record lacks but its place in this answer
        ends = [(i < complete, score) for i, score in zip(range(len(ids)), scored, strict=False)]
        return end_tuples(Hit, records, _COMPLETE, ends)
    shown = _show(store, ids, records, highlighter, names_of, elsewhere)
    answers = enumerate(zip(shown, scored, strict=False))
    told = [(*why, i < complete, score) for i, (why, score) in answers]
    return end_tuples(Hit, records, STORED, told)


_COMPLETE = Hit._fields.index("complete")


def _show(
    store: Store,
    ids: Sequence[int],
    records: Sequence[Hit],
    highlighter: Highlighter,
    names_of: Callable[[str], str],
    elsewhere: tuple[Elsewhere, Sequence[int]] | None,
) -> Iterator[Shown]:
    """Yield the headings and lines of each hit that show why it was found.

    With them the copy that the lines are of, where the work itself lacks words, and where else
    words stand.
    """
    several = [work for work, record in zip(ids, records, strict=True) if len(record.documents) > 1]
    copies = store.copies(several) if several and highlighter.words else {}
    teller, rows = elsewhere or (None, repeat(0))
    texts = store.texts(ids)
    cuts = cut_all(highlighter, texts, [record.summary for record in records])
    answers = zip(ids, records, cuts, rows, strict=False)
    for i, (work, record, (cut, seen), row) in enumerate(answers):
        found = None
        if work in copies:
            shown = (record.title, record.summary, *map(names_of, record.tags), texts.whole(i))
            found = find_copy(highlighter, shown, copies[work], highlighter.languages)
        matched, snippet = found or (None, "")
        stored = texts.sections(i)
        sections = find_sections(record.id, stored, texts.whole, i, highlighter) if stored else ()
        if matched is None:
            unseen = teller.find(row, record, seen, sections, stored) if teller else ()
            yield sections, cut, None, unseen
        else:
            yield sections, snippet or cut, matched, ()
