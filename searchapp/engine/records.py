"""What is stored of a hit: JSON without names, as a page's twenty are read in an instant."""

import json

from searchapp.engine.results import Hit, PlaceHit, SeriesHit

STORED = 14  # fields of a hit; those after them belong to one answer

_read = json.JSONDecoder().raw_decode


def write_record(hit: Hit) -> str:
    """Return what is stored of `hit`, in ASCII: a path may hold surrogates."""
    return json.dumps(hit[:STORED], separators=(",", ":"))


def read_record(text: str) -> Hit:
    """Return the hit that was stored, without what belongs to an answer."""
    (id_, title, url, date, kind, source, language, authors, minutes, tags, series, summary,
     documents, places) = _read(text)[0]  # fmt: skip
    return Hit(
        id_,
        title,
        url,
        date,
        kind,
        source,
        language,
        tuple(authors),
        minutes,
        tuple(tags),
        series and SeriesHit(*series),
        summary,
        tuple(documents),
        tuple([PlaceHit(*place) for place in places]),
    )
