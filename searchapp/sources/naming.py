"""Reads what the path of a post says: its name, date, folders and language.

    2024/05/2024-05-31-cats.de.md   ->  cats, the 31st, ("2024", "05"), de
    cats/index.md                   ->  cats, a bundle

Of a bundle the folder is the name.
"""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from searchapp.sources.dates import date_of_folders, part_name

# post.de.md, index.pt-br.md: two letters, so that v1.md and notes.old.md keep their names.
_LANGUAGE = re.compile(r"(.+)\.([a-z]{2}(?:-[A-Za-z]{2,4})?)")


@dataclass(frozen=True, slots=True)
class FileName:
    """What the path of a file says; `dated` is its name with the date that it begins with.

    `folders` lead to it from the source's own folder; that of a bundle is its name, and
    not one of them.
    """

    name: str
    dated: str
    day: dt.date | None = None
    folders: tuple[str, ...] = ()
    language: str | None = None
    bundle: bool = False

    @classmethod
    def of(cls, path: str, *, languages: bool = False) -> "FileName":
        """Read a path below its source's folder; `languages` are told by a second ending."""
        folders = PurePosixPath(path).parts[:-1]
        stem = PurePosixPath(path).stem
        told = _LANGUAGE.fullmatch(stem) if languages else None
        stem, language = (told[1], told[2].lower()) if told else (stem, None)
        bundle = stem == "index" and bool(folders)
        if bundle:
            folders, stem = folders[:-1], folders[-1]
        day, name = part_name(stem)
        return cls(name, stem, day or date_of_folders(folders, stem), folders, language, bundle)

    @property
    def topics(self) -> tuple[str, ...]:
        """The folders that name a subject: those of dates do not."""
        return tuple(folder for folder in self.folders if not folder.isdigit())
