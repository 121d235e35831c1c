"""Documents, works and content folders for tests: what does not matter is filled in."""

import datetime as dt
import itertools
from pathlib import Path

from searchapp.documents import Document, Place, Tag, Work

_numbers = itertools.count(1)


def a_document(title: str | None = None, **fields: object) -> Document:
    """Return a document; only what a test is about need be said."""
    number = next(_numbers)
    date = fields.get("date")
    values = {
        "id": f"blog:{number}.md",
        "title": title if title is not None else f"Piece {number}",
        "source": "blog",
        "site": "Blog",
        "path": f"{number}.md",
        **fields,
        "date": dt.date.fromisoformat(date) if isinstance(date, str) else date,
    }
    for name in ("tags", "authors", "sections", "images"):
        values[name] = tuple(values.get(name, ()))
    return Document(**values)  # type: ignore[arg-type]


def a_work(title: str | None = None, **fields: object) -> Work:
    """Return a work of one document at one place, tagged as that document is."""
    return work_of(a_document(title, **fields))


def work_of(*documents: Document) -> Work:
    """Return the work of these documents, canonical first, a place for each."""
    tags = tuple(sorted({tag for d in documents for tag in d.tags}))
    places = tuple(
        Place(d.url, d.published_in, d.title, d.date, "copy" if i else "original")
        for i, d in enumerate(documents)
    )
    return Work(documents, tags=tags, tag_names=tags, places=places)


def a_tag(slug: str, *aliases: str, label: str | None = None) -> Tag:
    """Return what is known of a tag."""
    return Tag(slug, label or slug, aliases)


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write `files` (path to text) below `folder`, which is returned."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
