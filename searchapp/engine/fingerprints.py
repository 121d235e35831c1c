"""Digests: one names the state of a work, and all of them that of a generation's content."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from operator import attrgetter

from searchapp.documents import Document, Guide, Place, Relation, Section, Tag, Work
from searchapp.engine.generations import current_stamps
from searchapp.engine.remembering import DIGEST
from searchapp.engine.results import Site

# Tuples of plain values are shown twenty times as fast as dataclasses, and long texts need no
# showing: their length among the rest tells where each ends.
_LONG = ("text", "html")
_APART = (*_LONG, "sections")
_document = attrgetter(*(field.name for field in fields(Document) if field.name not in _APART))
_section = attrgetter(*(field.name for field in fields(Section)))
_place = attrgetter(*(field.name for field in fields(Place)))
_work = attrgetter(*(f.name for f in fields(Work) if f.name not in ("documents", "places")))


def digest_of(work: Work, parts: Mapping[str, int]) -> bytes:
    """Return what names the state of a work: all it says, and how many parts its series has."""
    documents = work.documents
    long = [(d.text, d.html or "") for d in documents]
    stated = (
        [(_document(d), d.html is None, *map(_section, d.sections)) for d in documents],
        [(len(text), len(html)) for text, html in long],
        _work(work),
        [*map(_place, work.places)],
        parts.get(work.series or ""),
    )
    pieces = [repr(stated), *(piece for pair in long for piece in pair)]
    whole = "".join(pieces).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).digest()[:DIGEST]


def fingerprint_of(
    digests: Sequence[bytes],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide,
    relations: Sequence[Relation],
) -> str:
    """Return a hash of everything that a generation is made from, works in row order.

    The map is drawn from works and tags, so it says nothing new.
    """
    around = (current_stamps(), tags, asdict(site), guide.bundles, relations)
    digest = hashlib.sha256(repr(around).encode())
    digest.update(b"".join(digests))
    return digest.hexdigest()
