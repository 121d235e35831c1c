"""What an index holds, in numbers: pieces, places, words, and of each facet the values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from searchapp.engine import open_index
from searchapp.engine.volume import Volume, measure_volume

# The facets that are told, by the names that `stats --json` has.
TOLD = {"sources": "source", "years": "year", "kinds": "kind", "languages": "language",
        "tags": "tag"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a facet, and how many pieces have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The numbers of one index; `built` is in UTC, `age` in seconds, `refused` as `/readyz`."""

    index: Path
    title: str
    generation: int
    built: str
    age: int
    pieces: int
    places: int
    documents: int
    skipped: int | None
    refused: str | None
    volume: Volume
    facets: Mapping[str, tuple[Counted, ...]]

    def as_json(self) -> dict[str, object]:
        """Return it as the JSON document of `stats --json`."""
        return {
            "title": self.title,
            "pieces": self.pieces,
            "places": self.places,
            "documents": self.documents,
            "words": self.volume.words,
            "skipped": self.skipped,
            **{
                name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
                for name, values in self.facets.items()
            },
            "index": {
                "path": str(self.index),
                "generation": self.generation,
                "generations": self.volume.generations,
                "built": self.built,
                "age": self.age,
                "bytes": self.volume.bytes,
                "folder_bytes": self.volume.folder,
                "degraded": self.refused,
            },
        }


def read_stats(path: Path, now: dt.datetime | None = None) -> Stats:
    """Ask the index in the folder `path` for its numbers.

    Raises IndexUnusableError where there is none.
    """
    index = open_index(path)
    everything = index.search("", limit=1, snippets=False)
    vitals = index.vitals
    built = dt.datetime.fromisoformat(vitals.built)
    age = (now or dt.datetime.now(dt.UTC)) - built
    facets = {
        name: tuple(Counted(v.value, v.label, v.count) for v in everything.facets.get(facet, ()))
        for name, facet in TOLD.items()
    }
    return Stats(
        path, index.site.title, vitals.generation, vitals.built, max(0, int(age.total_seconds())),
        everything.total, everything.places, vitals.documents, vitals.skipped, vitals.refused,
        measure_volume(path, vitals.generation), facets,
    )  # fmt: skip
