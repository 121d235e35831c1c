"""works.sqlite: what a result shows, one row a work, read-only once it is written.

Rows are keyed by the work's id, not by its place in the arrays, so that an unchanged work
keeps its row when others come and go.
"""

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from searchapp.documents import Guide, MapLabel, Region, Relation, Tag, TagMap, Work
from searchapp.engine import copies, kin
from searchapp.engine.records import (
    FOLDER,
    Records,
    pack_records,
    read_record,
    read_several,
    repack_records,
    write_record,
)
from searchapp.engine.results import Hit, PlaceHit, SeriesHit, Site, WorkPage
from searchapp.engine.tag_names import TagNames, read_tag_names, write_tag_names
from searchapp.engine.texts import FOLDER as TEXTS
from searchapp.engine.texts import Page, Texts, pack_texts, repack_texts, text_of

Change = tuple[Sequence[int], Sequence[Work]]  # the ids of works that went, the works that came

_SCHEMA = (
    "CREATE TABLE works (id INTEGER PRIMARY KEY, hit TEXT NOT NULL, html TEXT)",
    "CREATE TABLE keys (key INTEGER PRIMARY KEY, work INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE images (path TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    *kin.SCHEMA,
    *copies.SCHEMA,
)


NOTHING_KNOWN: Mapping[str, str] = {}


def write_store(
    path: Path,
    works: Sequence[Work],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide,
    images: Sequence[str],
    relations: Sequence[Relation] = (),
) -> None:
    """Write a new SQLite file at `path`: works, what is said of tags and site, their images."""
    with _writing(path) as connection:
        for statement in _SCHEMA:
            connection.execute(statement)
        _insert_works(connection, works, count_parts(works))
        _insert_others(connection, works, tags, site, guide, images, relations)


def change_store(
    path: Path,
    change: Change,
    works: Sequence[Work],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide,
    images: Sequence[str],
    relations: Sequence[Relation] = (),
) -> None:
    """Turn the copy at `path` of an older file into the one that `write_store` would write.

    `change` has the ids of the works whose rows are taken out, then those works, some of all
    the `works`, whose rows are put in.
    """
    gone, came = change
    with _writing(path) as connection:
        ids = [(work,) for work in gone]
        connection.executemany("DELETE FROM works WHERE id = ?", ids)
        connection.execute("CREATE TEMP TABLE gone (work INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO gone VALUES (?)", ids)
        connection.execute("DELETE FROM keys WHERE work IN (SELECT work FROM gone)")
        connection.execute("DELETE FROM copies WHERE work IN (SELECT work FROM gone)")
        known = dict(connection.execute("SELECT name, value FROM meta"))
        for table in ("images", "meta", "relations"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # nosec B608  # our own
        _insert_works(connection, came, count_parts(works))
        _insert_others(connection, works, tags, site, guide, images, relations, known)


def edit_store(path: Path, change: Change) -> None:
    """Do as `change_store` where works that are in no series changed, and nothing around them."""
    gone, came = change
    with _writing(path) as connection:
        ids = [(work,) for work in gone]
        connection.executemany("DELETE FROM works WHERE id = ?", ids)
        connection.executemany("DELETE FROM keys WHERE work = ?", ids)
        connection.executemany("DELETE FROM copies WHERE work = ?", ids)
        _insert_works(connection, came, {})


def pack_store(path: Path, works: Sequence[Work]) -> None:
    """Write beside the finished file at `path` what hits are read from, and their texts."""
    with closing(sqlite3.connect(path)) as connection:
        records = connection.execute("SELECT id, hit FROM works ORDER BY id")
        pack_records(path.with_name(FOLDER), records)
    pack_texts(path.with_name(TEXTS), works)


def repack_store(path: Path, older: Path, change: Change) -> None:
    """Write what `pack_store` would; `change` has led to it from that of an older generation."""
    gone, came = change
    ids = json.dumps([int(work.id, 16) for work in came])
    with closing(sqlite3.connect(path)) as connection:
        statement = "SELECT id, hit FROM works WHERE id IN (SELECT value FROM json_each(?))"
        fresh = connection.execute(f"{statement} ORDER BY id", (ids,)).fetchall()
    repack_records(path.with_name(FOLDER), older / FOLDER, gone, fresh)
    known = Records(older / FOLDER).ids
    repack_texts(path.with_name(TEXTS), older / TEXTS, known, gone, came)


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that nobody reads yet, for one transaction; a crash leaves it to be removed."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA temp_store=MEMORY",
            "BEGIN",
        ):
            connection.execute(statement)
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def _insert_works(
    connection: sqlite3.Connection, works: Sequence[Work], parts: dict[str, int]
) -> None:
    connection.executemany("INSERT INTO works VALUES (?, ?, ?)", _rows(works, parts))
    keys = ((int(d.key, 16), int(w.id, 16)) for w in works for d in w.documents)
    connection.executemany("INSERT INTO keys VALUES (?, ?)", keys)
    copies.write_copies(connection, works, text_of)


def _insert_others(
    connection: sqlite3.Connection,
    works: Sequence[Work],
    tags: Sequence[Tag],
    site: Site,
    guide: Guide,
    images: Sequence[str],
    relations: Sequence[Relation] = (),
    known: Mapping[str, str] = NOTHING_KNOWN,
) -> None:
    """Write what is about all works together; it is small, and written again each time.

    The names of tags are taken over where what is `known` is said of the same ones.
    """
    shown = {image for w in works for d in w.documents for image in d.images}
    paths = ((image,) for image in sorted(shown.union(images)))
    connection.executemany("INSERT INTO images VALUES (?)", paths)
    kin.write_relations(connection, relations)
    said = {"tags": [_as_record(tag) for tag in tags], "site": asdict(site), "guide": asdict(guide)}
    values = {name: json.dumps(value) for name, value in said.items()}
    if known.get("tags") == values["tags"]:
        values["names"] = known["names"]
    else:
        values["names"] = write_tag_names(tags)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values.items())


_TAG = tuple(field.name for field in fields(Tag))


def _as_record(tag: Tag) -> dict[str, object]:
    """Return what `asdict` would: a tag holds nothing that is to be taken apart."""
    return {name: getattr(tag, name) for name in _TAG}


def _rows(works: Iterable[Work], parts: dict[str, int]) -> Iterable[tuple[object, ...]]:
    for work in works:
        hit = write_record(describe(work, parts))
        yield int(work.id, 16), hit, html_of(work)


def count_parts(works: Iterable[Work]) -> dict[str, int]:
    """Return how many parts each series has, or promises: the most that anything tells.

    A part that stands there twice, in another language or revised, is one part.
    """
    numbers: dict[str, list[int]] = {}
    promised: dict[str, int] = {}
    for work in works:
        if work.series:
            # What has no number is a part by itself.
            unlike = work.part if work.part is not None else -1 - len(numbers.get(work.series, ()))
            numbers.setdefault(work.series, []).append(unlike)
            of = work.in_series.of if work.in_series else None
            promised[work.series] = max(promised.get(work.series, 0), of or 0)
    return {title: max(len({*found}), *found, promised[title]) for title, found in numbers.items()}


def html_of(work: Work) -> str | None:
    """Return the rendered piece: the canonical document's, else the first there is."""
    return next((d.html for d in work.documents if d.html), None)


def describe(work: Work, parts: dict[str, int]) -> Hit:
    """Return a work as a hit without snippet."""
    series = SeriesHit(work.series, work.part, parts[work.series]) if work.series else None
    places = tuple(
        PlaceHit(p.url, p.source, p.title, _iso(p.date), p.role, _iso(p.gone)) for p in work.places
    )
    canonical = work.canonical
    return Hit(
        id=work.id,
        title=work.title,
        url=next((p.url for p in places if p.url), None),
        date=_iso(work.date),
        kind=canonical.kind,
        source=work.sources[0],
        language=canonical.language,
        authors=work.authors,
        minutes=work.minutes,
        tags=work.tags,
        series=series,
        summary=work.summary,
        documents=tuple(d.id for d in work.documents),
        places=places,
        published=_iso(work.first_published),
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


KEPT_RECORDS = 8_000  # about 2 kB each
MAPPED = 1 << 40  # bytes: all that SQLite lets
MOST_VALUES = 500  # in one statement; older SQLites refuse 1,000


class Store:
    """Reads `works.sqlite`, from any thread.

    One connection, opened once: a generation goes on answering when newer builds have
    removed its files. It is closed with the store: a connection holds itself, by its cache of
    statements, and would keep a removed file until garbage is looked for.
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._reading = threading.Lock()
        self._connection.execute(f"PRAGMA mmap_size={MAPPED}")
        self._records = Records(path.with_name(FOLDER))
        self._texts = Texts(path.with_name(TEXTS))
        self._known: dict[int, Hit] = {}

    def __del__(self) -> None:
        if hasattr(self, "_connection"):  # it may never have been opened
            self._connection.close()

    def records(self, ids: Sequence[int]) -> list[Hit]:
        """Return what is stored of the works `ids` as hits, in that order.

        What was read before is kept, as visitors are shown the same few works again and
        again while they type.
        """
        known = self._known
        missing = [work for work in ids if work not in known]
        if missing:
            if len(known) > KEPT_RECORDS:
                known = self._known = {work: known[work] for work in ids if work in known}
            known.update(zip(missing, self._records.read(missing), strict=True))
        return [known[work] for work in ids]

    def texts(self, ids: Sequence[int]) -> Page:
        """Return the texts of the works `ids`, in order, with what is stored of their headings."""
        return self._texts.read(self._records.places(ids))

    def copies(self, ids: Sequence[int]) -> dict[int, list[copies.Copy]]:
        """Return the copies with a text or title of their own, of those works that have some."""
        statement = (
            "SELECT work, about, text FROM copies"
            " WHERE work IN (SELECT value FROM json_each(?)) ORDER BY work, place"
        )
        return copies.read_copies(self._select(statement, json.dumps(list(ids))))

    def work(self, key: int) -> WorkPage | None:
        """Return the work that has a document with that key, or None."""
        rows = self._select(
            "SELECT id, hit, html FROM works JOIN keys ON works.id = keys.work WHERE key = ?", key
        )
        if not rows:
            return None
        work, hit, html = rows[0]
        relatives = kin.read_kin(self._select, read_record, work)
        return WorkPage(read_record(hit), html, relatives)

    def rendered(self) -> Iterator[Hit]:
        """Yield the works whose rendered piece is here, in the order of their ids.

        Some hundred at a time, so that other threads get their turn.
        """
        chosen = "SELECT id, hit FROM works WHERE id > ? AND html IS NOT NULL"
        last = -1
        while rows := self._select(f"{chosen} ORDER BY id LIMIT ?", last, MOST_VALUES):
            yield from read_several([hit for _, hit in rows])
            last = rows[-1][0]

    def count_documents(self) -> int:
        """Return how many documents the works are made of."""
        ((number,),) = self._select("SELECT count(*) FROM keys")
        return int(number)

    def tags(self, slugs: Container[str] | None = None) -> list[Tag]:
        """Return what is known of the tags, or of those that have these `slugs`."""
        known = self._meta("tags")
        return [_read_tag(r) for r in known if slugs is None or r["slug"] in slugs]

    def tag_names(self) -> TagNames:
        """Return what any answer needs of the names of tags."""
        return read_tag_names(self._select("SELECT value FROM meta WHERE name = 'names'")[0][0])

    def site(self) -> Site:
        """Return what the owner says of the whole."""
        return Site(**self._meta("site"))

    def guide(self) -> Guide:
        """Return what leads through the tags."""
        return _read_guide(self._meta("guide"))

    def _meta(self, name: str) -> Any:
        return json.loads(self._select("SELECT value FROM meta WHERE name = ?", name)[0][0])

    def has_image(self, path: str) -> bool:
        """Whether a rendered piece shows the image at `path` below the content folder."""
        return bool(self._select("SELECT 1 FROM images WHERE path = ?", path))

    def _select(self, statement: str, *values: int | str) -> list[Any]:
        with self._reading:
            return self._connection.execute(statement, values).fetchall()


def _read_tag(record: dict[str, Any]) -> Tag:
    record["aliases"], record["parents"] = tuple(record["aliases"]), tuple(record["parents"])
    return Tag(**record)


def _read_guide(record: dict[str, Any]) -> Guide:
    bundles = tuple((name, tuple(tags)) for name, tags in record["bundles"])
    drawn = record["map"]
    if drawn is None:
        return Guide(bundles)
    regions = tuple(
        Region(tuple(MapLabel(**label) for label in region["labels"]), region["coast"])
        for region in drawn["regions"]
    )
    return Guide(bundles, TagMap(**drawn | {"regions": regions}))
