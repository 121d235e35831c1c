"""What is stored of a hit: JSON without names, as a page's twenty are read in an instant."""

import json
from collections.abc import Sequence
from functools import partial

from searchapp.engine.results import Hit, PlaceHit, SeriesHit

STORED = 15  # fields of a hit; those after them belong to one answer

_read = json.JSONDecoder().raw_decode


def write_record(hit: Hit) -> str:
    """Return what is stored of `hit`, in ASCII: a path may hold surrogates."""
    return json.dumps(hit[:STORED], separators=(",", ":"))


def read_record(text: str) -> Hit:
    """Return the hit that was stored, without what belongs to an answer."""
    (record,) = read_records([text])
    return record


def read_records(texts: Sequence[str]) -> list[Hit]:
    """Return the hits that were stored; a page of them in one go is read faster."""
    read, _ = _read(f"[{','.join(texts)}]")
    return [
        _new_hit((
            id_, title, url, date, kind, source, language, tuple(authors), minutes, tuple(tags),
            series and SeriesHit(*series), summary, tuple(documents),
            tuple(map(_new_place, places)), published, (), "", None, (), True, 0.0,
        ))
        for id_, title, url, date, kind, source, language, authors, minutes, tags, series,
            summary, documents, places, published in read
    ]  # fmt: skip


_new_hit = partial(tuple.__new__, Hit)  # half the time of their own constructors
_new_place = partial(tuple.__new__, PlaceHit)
