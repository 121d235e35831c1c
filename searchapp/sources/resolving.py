"""Decides where links and images in a post lead on our pages."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from searchapp.slugs import slug_of_title
from searchapp.sources.facts import web_address
from searchapp.sources.files import relative_to
from searchapp.sources.model import Configuration
from searchapp.sources.posts import Posts
from searchapp.sources.readers import READERS
from searchapp.sources.selecting import files_of
from searchapp.text import ANCHOR, POST, REFERENCE

WORK_TO_ROOT = "../../"  # from /works/<id>/

# Only these are ever served from the content folder.
IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")

# A path that begins with / may also count from these: where Zola and Pelican keep posts, and
# where generators keep the files that they publish as they are.
_HOME = "content"
_PUBLISHED = ("static", "public")

# What Hugo's references may leave out of a path, or have: `posts/a`, `posts/a/index.md`.
_PAGE_ENDING = re.compile(r"(?:(?:^|/)_?index)?(?:\.md|\.markdown)?/?$")

_PAGE_ENDINGS = (".md", "/index.md", "/_index.md", ".markdown")

# Links to a file of ours, as Pelican writes them.
_TO_FILE = re.compile(r"[{|](?:filename|attach|static|index)[}|]")


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the addresses in one file.

    `keys` maps the path of each post, relative to the content folder, to its document's
    key. `roots` are the folders that an address beginning with / may mean. `up` leads
    from the page on which the text is shown to the root of the site. `astray` notes what was
    asked for that no file of ours is, and nothing of another site.
    """

    content: Path
    folder: Path
    keys: Posts
    url: str | None = None
    roots: tuple[Path, ...] = ()
    up: str = WORK_TO_ROOT
    astray: dict[tuple[str, str], None] = field(default_factory=dict, compare=False)

    def resolve(self, kind: Literal["link", "image"], target: str) -> str | None:
        """Return the address for `target`, None where it leads nowhere."""
        if target.startswith((POST, REFERENCE)):
            return self._noting(kind, target, self._by_name(target))
        try:
            parts = urlsplit(target)
        except ValueError:
            return None
        if parts.scheme == "mailto" and kind == "link":
            return target
        if parts.scheme or parts.netloc:
            return web_address(f"https:{target}" if not parts.scheme else target)
        path, fragment = unquote(parts.path), unquote(parts.fragment)
        if path.startswith("@/"):  # Zola's way to name a file of ours
            return self._noting(kind, target, self._ours(path[1:], fragment))
        if to_file := _TO_FILE.match(path):
            return self._noting(kind, target, self._ours(path[to_file.end() :], fragment))
        found = self._noting(kind, target, self._ours(path, fragment))
        return found or self._theirs(target)

    def _noting(self, kind: str, target: str, found: str | None) -> str | None:
        """Return what was found for a target, noting one that was asked for in vain."""
        if found is None and target:
            self.astray[kind, target] = None  # whether that is broken is for `check` to tell
        return found

    def _by_name(self, target: str) -> str | None:
        if target.startswith(POST):
            return self._post_of_jekyll(unquote(target.removeprefix(POST)))
        return self._page_of_hugo(unquote(target.removeprefix(REFERENCE)))

    def _ours(self, path: str, fragment: str) -> str | None:
        """Return the address of an image or a post of ours that `path` names."""
        for candidate in self.candidates(path):
            inside = relative_to(candidate, self.content)
            if key := self.keys.get(inside):
                return self._page_of(key) + _anchor(fragment)
            if path.lower().endswith(IMAGE_ENDINGS) and is_file_inside(candidate, self.content):
                return f"{self.up}media/{quote(inside)}"
        return None

    def _post_of_jekyll(self, name: str) -> str | None:
        """Return the page of a file that `post_url` or `link` names; nowhere else leads it."""
        name, _, fragment = name.partition("#")
        stem = name.removeprefix("/").removeprefix("_posts/")
        paths = [f"{stem}{ending}" for ending in ("", ".md", ".markdown", ".html")]
        for base in (self.folder, *self.roots, *(root / "_posts" for root in self.roots)):
            for path in (Path(os.path.normpath(base / path)) for path in paths):
                if key := self.keys.get(relative_to(path, self.content)):
                    return self._page_of(key) + _anchor(fragment)
        return None

    def _page_of_hugo(self, name: str) -> str | None:
        """Return the page that `ref` names: by its path, or by a name that only it has."""
        name, _, fragment = name.partition("#")
        stem = _PAGE_ENDING.sub("", name)
        key = self._key_at(stem) if name else None
        if key is None and stem and "/" not in stem:
            key = self.keys.named(stem)
        return self._page_of(key) + _anchor(fragment) if key else None

    def _key_at(self, stem: str) -> str | None:
        """Return the key of the page at a path, seen from this file, else from the roots."""
        for start in (stem, f"/{stem.lstrip('/')}"):
            for ending in _PAGE_ENDINGS:
                for candidate in self.candidates(f"{start}{ending}"):
                    if key := self.keys.get(relative_to(candidate, self.content)):
                        return key
        return None

    def _page_of(self, key: str) -> str:
        """Return the address of a document's page, seen from the page of this one."""
        return f"../{key}/" if self.up == WORK_TO_ROOT else f"{self.up}works/{key}/"

    def candidates(self, path: str) -> list[Path]:
        """Return where the file that a path of the site names may lie, the likeliest first."""
        if not path or "\0" in path:
            return []
        bases = self._bases() if path.startswith("/") else [self.folder]
        return [Path(os.path.normpath(base / path.lstrip("/"))) for base in bases]

    def _bases(self) -> list[Path]:
        """Return the folders that a path beginning with / may count from."""
        above = (self.folder, *self.folder.parents)
        homes = (folder for folder in above if folder.name == _HOME)
        published = (self.content / name for name in _PUBLISHED)
        return list(dict.fromkeys((*self.roots, self.content, *homes, *published)))

    def _theirs(self, target: str) -> str | None:
        return web_address(target, self.url) if self.url else None

    def path_of_image(self, address: str) -> str:
        """Return the path, below the content folder, of an image that was resolved."""
        return unquote(address.removeprefix(f"{self.up}media/"))


def _anchor(fragment: str) -> str:
    return f"#{ANCHOR}{slug_of_title(fragment)}" if fragment else ""


def is_file_inside(path: Path, content: Path) -> bool:
    """Tell whether `path` is a file of the content folder, and not hidden."""
    try:
        real, root = path.resolve(), content.resolve()
        hidden = any(part.startswith(".") for part in path.relative_to(content).parts)
        return real.is_relative_to(root) and real.is_file() and not hidden
    except (OSError, ValueError):
        return False


def keys_of_posts(configuration: Configuration, content: Path) -> Posts:
    """Return the key of each post that is a file, by its path below the content folder."""
    ids: dict[str, str] = {}
    for source in configuration.sources:
        if READERS[source.kind].identity != "path":
            continue
        for file, inside in files_of(source, READERS[source.kind], content):
            id_ = f"{source.name}:{relative_to(file, inside)}"
            ids.setdefault(relative_to(file, content), id_)
    return Posts(ids)
