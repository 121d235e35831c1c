"""Selects the files of a source that are entries: by their endings, less what is left out."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from searchapp.errors import ContentError
from searchapp.sources.dates import part_name
from searchapp.sources.files import is_folder, list_files, read_bytes, relative_to, root_of
from searchapp.sources.model import Reader, Source
from searchapp.sources.readers import HTML

# A page that is a piece of writing says so: in its head, by its element, in front matter.
_PIECE = re.compile(
    rb"<article\b|\barticle:published_time\b|\bog:type[\"']?\s+content=[\"']?article\b"
    rb"|<meta\s[^<>]{0,200}?\bname=[\"']?date\b",
    re.I,
)
_FRONT_MATTER = re.compile(rb"\s*(?:---|\+\+\+)[ \t]*\r?\n")
_DATED = re.compile(rb"^[\"']?(?:date|pubDate|published_at)[\"']?[ \t]*[:=]", re.M)
_LISTING = re.compile(rb"\{%-?\s*for\b")  # a page that lists others, such as an archive
_CONTENT = "content"  # where Hugo, Pelican and others keep pages, and nothing else
_OF_THE_SITE = frozenset(("_layouts", "_includes", "_sass", "_site", "_data", "_plugins", "_pages"))
LIMIT = 2**24  # bytes of a page

# Files at the head of a project that speak of it, and not pieces of writing.
_OF_THE_PROJECT = re.compile(
    r"(?i)(?:readme|licen[cs]e|contributing|changelog|code_of_conduct|security|todo|authors"
    r"|pull_request_template|maintainers|support|claude|agents)(?:[._-].*)?"
)


def files_of(source: Source, reader: Reader, content: Path) -> Iterator[tuple[str, Path]]:
    """Yield the paths of a source's files in their order, each with the source's folder.

    Those that the owner left out are none, nor, among Markdown, pages in HTML that are no
    posts: archives, front pages, searches.
    """
    root = root_of(source, content)
    inside = root if is_folder(root) else root.parent
    has_pages = source.kind == "markdown" and inside == root
    for file in list_files(root, reader.endings):
        page = has_pages and file.lower().endswith(HTML)
        excluded = bool(source.exclude) and is_excluded(source, relative_to(file, inside))
        if not excluded and (not page or is_piece(Path(file), inside)):
            yield file, inside


def is_piece(path: Path, inside: Path) -> bool:
    """Tell a post that is kept as HTML from a page; what cannot be read is reported as one."""
    try:
        page = read_bytes(path, inside, LIMIT)
    except ContentError:
        return True
    if part_name(path.stem)[0]:
        return True
    if _FRONT_MATTER.match(page):
        dated = _DATED.search(page[:10_000]) is not None
        placed = _in_collection(path, inside) or _in_content(path, inside)
        return (dated or placed) and not _LISTING.search(page)
    return path.stem.lower() not in ("index", "404") and bool(_PIECE.search(page))


def _in_collection(path: Path, inside: Path) -> bool:
    """Tell whether a file lies in a collection of Jekyll's: `_portfolio`, but not `_layouts`."""
    folders = {inside.name, *path.relative_to(inside).parts[:-1]}
    return any(folder.startswith("_") for folder in folders - _OF_THE_SITE)


def _in_content(path: Path, inside: Path) -> bool:
    """Tell whether a file lies where a generator keeps pages, none of its templates among them."""
    folders = path.relative_to(inside).parts[:-1]
    return _CONTENT in (*inside.parts, *folders) and not _OF_THE_SITE.intersection(folders)


def is_dated(path: Path, inside: Path) -> bool:
    """Tell whether a file has front matter with a date, as a piece has and no template."""
    try:
        page = read_bytes(path, inside, LIMIT)
    except ContentError:
        return False
    dated = _FRONT_MATTER.match(page) and _DATED.search(page[:10_000])
    return bool(dated) and not _LISTING.search(page)


def is_of_the_project(name: str) -> bool:
    """Tell whether a file at the head of a folder is a README or the like."""
    path = PurePosixPath(name)
    return len(path.parts) == 1 and _OF_THE_PROJECT.fullmatch(path.stem) is not None


def is_excluded(source: Source, name: str) -> bool:
    """Tell whether the owner left out a file, by its path below the source's folder.

    A pattern without a slash is that of a name, of the file or of a folder above it,
    wherever it lies (`README.md`); one with a slash is that of the path (`pages/*.md`), and
    `pages/` means all below it.
    """
    return any(_matches(name, pattern) for pattern in source.exclude)


def _matches(name: str, pattern: str) -> bool:
    if "/" in pattern.rstrip("/"):
        path = pattern.strip("/")
        return fnmatchcase(name, path) or fnmatchcase(name, f"{path}/*")
    parts = PurePosixPath(name).parts
    return any(fnmatchcase(part, pattern.rstrip("/")) for part in parts)
