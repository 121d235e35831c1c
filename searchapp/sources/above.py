"""Finds and reads what lies above a post and holds for it: data of folders, the site's settings.

    content/private/cats.md  <--  content/private/_index.md, content/_index.md, hugo.toml

What is found is remembered for one build. What it means is for `inheriting.py`.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.errors import ContentError
from searchapp.sources.files import hash_file, relative_to, root_of
from searchapp.sources.generators import GENERATORS, POSTS
from searchapp.sources.model import Source
from searchapp.sources.site_names import (
    ELEVENTY_FILES,
    HUGO_FILES,
    JEKYLL_FILES,
    LIMIT,
    PELICAN_FILES,
)

REACH = 3  # folders above that of a source in which its site is looked for, as `init` does

_CASCADES = tuple(f"config/_default/cascade.{ending}" for ending in ("toml", "yaml", "yml", "json"))

# The files at the head of a site, and whether they are read, or only mark it.
_OF_THE_SITE: dict[str, tuple[str, ...]] = {
    "jekyll": JEKYLL_FILES,
    "academicpages": JEKYLL_FILES,
    "hugo": (*HUGO_FILES, *_CASCADES),
    "pelican": PELICAN_FILES,
    "zola": ("zola.toml", "config.toml"),
    "eleventy": ELEVENTY_FILES,
}
_MARKS_ALONE = frozenset(("eleventy",))
_SECTIONS = (".md", ".markdown", ".html")


@dataclass(frozen=True, slots=True)
class Table:
    """What one file states; `note` says why it could not be read."""

    path: Path
    facts: Mapping[str, object]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What lies above a post: the folder of its site, files of folders (nearest first), settings.

    `home` is the folder that paths within the site's content count from.
    """

    root: Path
    home: Path
    folders: tuple[Path, ...] = ()
    settings: tuple[Path, ...] = ()


@dataclass
class Above:
    """Remembers what was found above the posts of a content folder, and what it says."""

    content: Path
    _chains: dict[tuple[str, Path, Path], Chain] = field(default_factory=dict)
    _tables: dict[Path, Table] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)
    _of_folders: dict[tuple[str, str], str] = field(default_factory=dict)

    def chain(self, source: Source, path: Path) -> Chain | None:
        """Return what lies above a post, None where its generator reads nothing of the kind."""
        generator = generator_name(source, path)
        if generator not in _OF_THE_SITE:
            return None
        path, top = absolute(path), absolute(root_of(source, self.content))
        key = (generator, top, path.parent)
        if key not in self._chains:
            start = top if top.is_dir() else top.parent
            self._chains[key] = _find(generator, start, path.parent)
        chain = self._chains[key]
        own = tuple(_beside(path)) if generator == "eleventy" else ()
        return Chain(chain.root, chain.home, (*own, *chain.folders), chain.settings)

    def digest(self, source: Source, file: str) -> str:
        """Return a hash of all that lies above a post; it changes where that does."""
        folder = source.name, file.rpartition(os.sep)[0]
        if folder not in self._of_folders:
            path = Path(file)
            found = self._digest_of_chain(source, path)
            if generator_name(source, path) == "eleventy":  # it has files for a single post
                return found
            self._of_folders[folder] = found
        return self._of_folders[folder]

    def _digest_of_chain(self, source: Source, path: Path) -> str:
        chain = self.chain(source, path)
        files = (*chain.folders, *chain.settings) if chain else ()
        below = (relative_to(file, self.content) for file in files)
        said = "\0".join(f"{n}\0{self._digest(f)}" for n, f in zip(below, files, strict=True))
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest() if said else ""

    def table(self, path: Path) -> Table:
        """Return what a file states; one that cannot be read states nothing, and has a note."""
        if path not in self._tables:
            try:
                self._tables[path] = Table(path, _read(path))
            except ContentError as error:
                self._tables[path] = Table(path, {}, f"{error.reason}; what it states is not used")
        return self._tables[path]

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = hash_file(path, path.parent, LIMIT)
            except ContentError as error:
                self._digests[path] = error.reason
        return self._digests[path]


def absolute(path: Path) -> Path:
    """Return a path from the root on, links kept: the folders above it have names then."""
    if path.is_absolute():
        return path
    return Path(os.path.abspath(path))  # noqa: PTH100  # Path.absolute keeps `..`


def generator_name(source: Source, path: Path) -> str:
    """Return the name of a post's generator; what lies in `_posts` can only be Jekyll's."""
    return source.generator or ("jekyll" if POSTS.intersection(path.parts) else "")


def _read(path: Path) -> Mapping[str, object]:
    from searchapp.sources.frontmatter import part  # noqa: PLC0415  # hashes need no parser
    from searchapp.sources.site_files import read_table, read_text  # noqa: PLC0415
    from searchapp.sources.sites_of_pelican import read_assignments  # noqa: PLC0415

    ending = path.suffix.lower()
    if ending in _SECTIONS:
        return part(read_text(path)).facts
    if ending == ".py":
        return read_assignments(read_text(path))
    if ending in (".js", ".cjs", ".mjs"):
        return _of_javascript(path, read_text(path))
    return read_table(path)


# What a data file in JavaScript may decide that must not be guessed: whether, and where, a post
# is shown.
_DECIDES = re.compile(r"\b(?:draft|permalink|published|eleventyExclude\w*|eleventyComputed)\b")


def _of_javascript(path: Path, code: str) -> Mapping[str, object]:
    """Refuse a file that we cannot run and that matters; one with tags and a layout is common."""
    if path.name.startswith(("eleventy.config", ".eleventy")) or not _DECIDES.search(code):
        return {}
    raise ContentError("is JavaScript, which is not run; write it as .11tydata.json")


def _find(generator: str, start: Path, folder: Path) -> Chain:
    """Return what lies above the posts of a folder, up to the folder of the site."""
    above = [folder, *folder.parents]
    reach = above[: len(folder.parts) - len(start.parts) + 1 + REACH]
    names = _OF_THE_SITE[generator]
    root = next((f for f in reach if any((f / name).is_file() for name in names)), None)
    homes = GENERATORS[generator].home
    home = next((f for f in reach if f.name in homes), None)
    last = root or home or start
    walked = reach[: reach.index(last) + 1] if last in reach else reach
    found = [file for each in walked for file in _of_folder(generator, each)]
    settings = () if root is None or generator in _MARKS_ALONE else names
    kept = tuple(root / name for name in settings if root and (root / name).is_file())
    return Chain(last, home or last, tuple(found), kept)


def _of_folder(generator: str, folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that may state something for the posts below it."""
    if generator == "hugo":
        yield from sorted(f for f in folder.glob("_index*") if f.suffix.lower() in _SECTIONS)
    elif generator == "zola":
        yield from (f for f in [folder / "_index.md"] if f.is_file())
    elif generator == "eleventy":
        yield from _named(folder, folder.name)


def _beside(path: Path) -> Iterator[Path]:
    """Yield Eleventy's data files of a single post."""
    yield from _named(path.parent, path.stem)


def _named(folder: Path, name: str) -> Iterator[Path]:
    endings = ("11tydata.js", "11tydata.cjs", "11tydata.mjs", "11tydata.json", "json")
    yield from (f for f in (folder / f"{name}.{e}" for e in endings) if f.is_file())
