"""What belongs to a piece, as its page shows it: its series, other languages, other versions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from searchapp.engine.results import Kin, KinHit, WorkPage
from searchapp.languages import name_language
from searchapp.query import Query
from searchapp.web.links import url_of_query, url_of_work
from searchapp.web.sentences import show_date


@dataclass(frozen=True, slots=True)
class KinLink:
    """A piece that belongs to the one shown; `url` is None for that one itself."""

    title: str
    url: str | None
    lang: str
    language: str
    part: int | None
    iso: str | None
    date: str | None
    source: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series: the parts around the one shown, the ones before and after it, a way to all.

    `left_out` says that it has more parts than are listed.
    """

    title: str
    url: str
    parts: tuple[KinLink, ...]
    left_out: bool
    previous: KinLink | None
    next: KinLink | None


@dataclass(frozen=True, slots=True)
class KinView:
    """All that belongs to a piece and is counted apart."""

    series: SeriesView | None
    translations: tuple[KinLink, ...]
    versions: tuple[KinLink, ...]


def present_kin(work: WorkPage) -> KinView:
    """Return what belongs to a work, with ways to each."""
    kin = work.kin
    return KinView(_present_series(work), _links(kin.translations), _links(kin.versions))


def _present_series(work: WorkPage) -> SeriesView | None:
    series, members = work.hit.series, work.kin.series
    if series is None or not members:
        return None
    here = _place_of(work)
    return SeriesView(
        title=series.title,
        url=url_of_query(Query.of(filters={"series": series.title})),
        parts=tuple(_link(m, here=m.id == work.hit.id) for m in members),
        left_out=members[0].place > 0 or len(members) < series.parts,
        previous=_link(members[here - 1]) if here else None,
        next=_link(members[here + 1]) if here + 1 < len(members) else None,
    )


def _place_of(work: WorkPage) -> int:
    return next(i for i, member in enumerate(work.kin.series) if member.id == work.hit.id)


def _links(members: Sequence[KinHit]) -> tuple[KinLink, ...]:
    return tuple(map(_link, members))


def _link(member: KinHit, *, here: bool = False) -> KinLink:
    return KinLink(
        title=member.title,
        url=None if here else url_of_work(member.id),
        lang=member.language,
        language=name_language(member.language),
        part=member.part,
        iso=member.date,
        date=show_date(member.date),
        source=member.source,
    )


def kin_as_json(work: WorkPage) -> dict[str, Any]:
    """Return what belongs to a work, as `/api/works/` has it beside the hit."""
    kin: Kin = work.kin
    ids = [member.id for member in kin.series]
    here = ids.index(work.hit.id) if work.hit.id in ids else len(ids)
    return {
        "versions": [
            *({"relation": "translation", **_describe(member)} for member in kin.translations),
            *({"relation": "version", **_describe(member)} for member in kin.versions),
        ],
        "parts": [_describe(member) for member in kin.series],
        "previous": ids[here - 1] if 0 < here < len(ids) else None,
        "next": ids[here + 1] if here + 1 < len(ids) else None,
    }


def _describe(member: KinHit) -> dict[str, Any]:
    described = asdict(member)
    del described["place"]
    return described
