"""Each folder through `init` and the reading, as an owner would begin."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpora.rows import Row
from searchapp.build import Gathered, gather
from searchapp.sources.init import initialise

ENDINGS = (".md", ".markdown", ".mkd", ".mdx")


@dataclass(frozen=True)
class Folder:
    """A collection: where it lies, and how many documents its sources give.

    `stated` is what its owner would add to the lines that `init` wrote of a source.
    """

    path: str
    documents: Mapping[str, int]
    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its short name."""
        return self.path.rsplit("/", 1)[-1]


# Counted by hand: `find` for the folders, `grep -c` for the list. What is written about the
# collections says otherwise of two: 608 issues of twir and 95 articles of kucharski, where the
# files are 609 (610 .md files, one of them a page of the site) and articles.yml has 51 entries
# (kucharski is 51 articles and 9 posts, 60 in all).
FOLDERS = (
    Folder("blogs/rust-blog", {"posts": 750}, {"url": "https://blog.rust-lang.org"}),
    Folder(
        "blogs/twir", {"posts": 609},
        {"url": "https://this-week-in-rust.org", "permalink": "/blog/:year/:month/:day/:slug/"},
    ),
    Folder("blogs/chinchilla", {
        "posts": 937, "podcasts": 356, "events": 218, "stories": 39, "clients": 38, "gear": 29,
        "games": 28, "newsletters": 28, "books": 17, "music": 12, "software": 8, "av": 3,
    }),
    Folder("blogs/simonw-til", {"posts": 577}, {"url": "https://til.simonwillison.net"}),
    Folder(
        "blogs/jekyll-news", {"posts": 102},
        {"url": "https://jekyllrb.com", "permalink": "/news/:year/:month/:day/:title/"},
    ),
    Folder("lists/kucharski", {"posts": 9, "articles": 51}),
)  # fmt: skip


def read_folders(root: Path, scratch: Path) -> dict[str, Gathered]:
    """Read every collection below `root`, with the sources.toml that `init` writes."""
    return {folder.name: _read(folder, root, scratch / folder.name) for folder in FOLDERS}


def _read(folder: Folder, root: Path, content: Path) -> Gathered:
    content.mkdir(parents=True)
    done = initialise(root / folder.path, content)
    lines = done.path.read_text(encoding="utf-8").splitlines(keepends=True)
    stated = "".join(f'{key} = "{value}"\n' for key, value in folder.stated.items())
    first = next(n for n, line in enumerate(lines) if line.startswith("path = "))
    done.path.write_text("".join([*lines[:first], stated, *lines[first:]]), encoding="utf-8")
    return gather(content)


def report(root: Path, gathered: Mapping[str, Gathered]) -> Iterator[Row]:
    """Yield whether all entries of each source are there, and nothing is lost in silence."""
    for folder in FOLDERS:
        for reading in gathered[folder.name].readings:
            documents, skipped = len(reading.documents), len(reading.skipped)
            held = len(reading.held_back)
            adds_up = reading.seen == documents + skipped + held
            wanted = folder.documents.get(reading.source.name)
            figure = (
                f"{reading.seen} seen = {documents} documents + {skipped} skipped + {held} held "
                f"back; {len(reading.warnings)} warnings, {len(reading.repaired)} repaired"
            )
            name = f"{folder.name}/{reading.source.name}"
            yield Row(name, figure, adds_up and documents == wanted)
        yield _files_row(folder, root, gathered[folder.name])


def _files_row(folder: Folder, root: Path, gathered: Gathered) -> Row:
    """Return whether every Markdown file below the collection's sources was seen."""
    seen = sum(r.seen for r in gathered.readings if r.source.kind == "markdown")
    there = sum(
        _is_entry(os.path.relpath(path, root / folder.path))
        for path in (root / folder.path).rglob("*")
        if path.suffix.lower() in ENDINGS
    )
    left = there - seen
    figure = f"{there} Markdown files, {seen} seen, {left} of them no entries (said by init)"
    return Row(f"{folder.name}, files", figure, 0 <= left <= 3)


def _is_entry(path: str) -> bool:
    return not any(part.startswith(".") for part in Path(path).parts)
