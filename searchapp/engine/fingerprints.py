"""Digests: one names the state of a work, and all of them that of a generation's content."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from operator import attrgetter

from searchapp.documents import DIGEST, Guide, Place, Relation, Tag, Work
from searchapp.engine.generations import current_stamps
from searchapp.engine.results import Site

_place = attrgetter(*(field.name for field in fields(Place)))
_work = attrgetter(*(f.name for f in fields(Work) if f.name not in ("documents", "places")))


def digest_of(work: Work, parts: Mapping[str, int]) -> bytes:
    """Return what names the state of a work: all it says, and how many parts its series has.

    What its documents say is in their digests, which are known for those read before.
    """
    stated = (_work(work), [*map(_place, work.places)], parts.get(work.series or ""))
    whole = b"".join(document.digest for document in work.documents)
    whole += repr(stated).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).digest()[:DIGEST]


def digest_of_around(
    tags: Sequence[Tag], site: Site, guide: Guide, relations: Sequence[Relation]
) -> str:
    """Return what names all that a generation is made from beside its works.

    The map is drawn from works and tags, so it says nothing new.
    """
    around = (current_stamps(), tags, asdict(site), guide.bundles, relations)
    return hashlib.sha256(repr(around).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint_of(digests: Sequence[bytes], around: str) -> str:
    """Return a hash of everything that a generation is made from, works in row order."""
    return hashlib.sha256(b"".join((around.encode("ascii"), *digests))).hexdigest()
