"""Works that belong together in works.sqlite: parts of a series, translations, versions.

Each relation is kept once, in order, as rows that name works by id: so a series of thousands
costs a row a part, and an unchanged work keeps its own row when a neighbour comes or goes.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from searchapp.documents import Relation
from searchapp.engine.results import Hit, Kin, KinHit

SCHEMA = (
    "CREATE TABLE relations (kind TEXT, team INTEGER, place INTEGER, work INTEGER,"
    " PRIMARY KEY (kind, team, place)) WITHOUT ROWID",
    "CREATE INDEX relations_of_work ON relations (work)",
)

NEAR = 30  # parts before and after one that its page lists; a column may have thousands

_SELECT = """
SELECT other.kind, other.place, works.hit FROM relations own
JOIN relations other ON other.kind = own.kind AND other.team = own.team
 AND other.place BETWEEN own.place - ? AND own.place + ?
JOIN works ON works.id = other.work
WHERE own.work = ? ORDER BY other.kind, other.team, other.place
"""


def write_relations(connection: sqlite3.Connection, relations: Iterable[Relation]) -> None:
    """Write relations, each as a team whose members have their places in it."""
    rows = (
        (relation.kind, team, place, int(work, 16))
        for team, relation in enumerate(relations)
        for place, work in enumerate(relation.works)
    )
    connection.executemany("INSERT INTO relations VALUES (?, ?, ?, ?)", rows)


def read_kin(select: Callable[..., list[Any]], read: Callable[[str], Hit], work: int) -> Kin:
    """Return what belongs to a work: its series with itself in it, and the others without."""
    found: dict[str, list[KinHit]] = {"series": [], "translations": [], "versions": []}
    for kind, place, hit in select(_SELECT, NEAR, NEAR, work):
        record = read(hit)
        if kind == "series" or int(record.id, 16) != work:
            found[kind].append(_describe(record, place))
    return Kin(**{kind: tuple(members) for kind, members in found.items()})


def _describe(record: Hit, place: int) -> KinHit:
    series = record.series
    return KinHit(
        id=record.id,
        title=record.title,
        url=record.url,
        date=record.date,
        language=record.language,
        source=record.source,
        part=series.part if series else None,
        place=place,
    )
