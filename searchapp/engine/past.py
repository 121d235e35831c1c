"""What the kept older generations knew, for links to pieces that are gone."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from searchapp.engine.generations import list_generations
from searchapp.engine.records import read_record
from searchapp.engine.results import Hit


def was_known(index: Path, key: int) -> bool:
    """Whether a kept generation of `index` had a document with that key.

    Asked only for an id that the current one does not know. One that cannot be read, because
    it is damaged, of another version or just being removed, knew nothing.
    """
    return any(_knows(path / "works.sqlite", key) for path in list_generations(index))


def _knows(store: Path, key: int) -> bool:
    try:
        uri = f"{store.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as rows:
            found = rows.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone()
            return found is not None
    except sqlite3.Error:
        return False


def recall(index: Path, key: int) -> Hit | None:
    """Return the work of the document with that key as a kept generation had it, the newest such.

    None where none that can be read knew it.
    """
    stores = (path / "works.sqlite" for path in list_generations(index))
    return next(filter(None, (_recall(store, key) for store in stores)), None)


def _recall(store: Path, key: int) -> Hit | None:
    try:
        uri = f"{store.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as rows:
            found = rows.execute(
                "SELECT hit FROM works JOIN keys ON works.id = keys.work WHERE key = ?", (key,)
            ).fetchone()
            return read_record(found[0]) if found else None
    except (sqlite3.Error, ValueError, TypeError):  # an older version wrote other records
        return None


def documents_of_works(store: Path, keys: Iterable[str]) -> dict[str, str]:
    """Return the work of each of these documents that was known, all by their keys.

    Nothing of what cannot be read.
    """
    statement = "SELECT key, work FROM keys WHERE key IN (SELECT value FROM json_each(?))"
    wanted = json.dumps([int(key, 16) for key in keys])
    try:
        uri = f"{store.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as rows:
            found = rows.execute(statement, (wanted,)).fetchall()
    except sqlite3.Error:
        return {}
    return {f"{key:012x}": f"{work:012x}" for key, work in found}
