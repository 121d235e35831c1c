"""Decides where links and images in a post lead on our pages."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from searchapp.slugs import key_of, slug_of_title
from searchapp.sources.facts import web_address
from searchapp.sources.files import list_files, relative_to, root_of
from searchapp.sources.model import Configuration
from searchapp.sources.readers import READERS
from searchapp.text import ANCHOR

WORK_TO_ROOT = "../../"  # from /works/<id>/

# Only these are ever served from the content folder.
IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the addresses in one file.

    `keys` maps the path of each post, relative to the content folder, to its document's
    key. `roots` are the folders that an address beginning with / may mean. `up` leads
    from the page on which the text is shown to the root of the site.
    """

    content: Path
    folder: Path
    keys: Mapping[str, str]
    url: str | None = None
    roots: tuple[Path, ...] = ()
    up: str = WORK_TO_ROOT

    def resolve(self, kind: Literal["link", "image"], target: str) -> str | None:
        """Return the address for `target`, None where it leads nowhere."""
        try:
            parts = urlsplit(target)
        except ValueError:
            return None
        if parts.scheme == "mailto" and kind == "link":
            return target
        if parts.scheme or parts.netloc:
            return web_address(f"https:{target}" if not parts.scheme else target)
        return self._ours(unquote(parts.path), unquote(parts.fragment)) or self._theirs(target)

    def _ours(self, path: str, fragment: str) -> str | None:
        """Return the address of an image or a post of ours that `path` names."""
        for candidate in self._candidates(path):
            inside = relative_to(candidate, self.content)
            if key := self.keys.get(inside):
                anchor = f"#{ANCHOR}{slug_of_title(fragment)}" if fragment else ""
                return self._page_of(key) + anchor
            if path.lower().endswith(IMAGE_ENDINGS) and _is_file_inside(candidate, self.content):
                return f"{self.up}media/{quote(inside)}"
        return None

    def _page_of(self, key: str) -> str:
        """Return the address of a document's page, seen from the page of this one."""
        return f"../{key}/" if self.up == WORK_TO_ROOT else f"{self.up}works/{key}/"

    def _candidates(self, path: str) -> list[Path]:
        if not path or "\0" in path:
            return []
        bases = [*self.roots, self.content] if path.startswith("/") else [self.folder]
        return [Path(os.path.normpath(base / path.lstrip("/"))) for base in bases]

    def _theirs(self, target: str) -> str | None:
        return web_address(target, self.url) if self.url else None

    def path_of_image(self, address: str) -> str:
        """Return the path, below the content folder, of an image that was resolved."""
        return unquote(address.removeprefix(f"{self.up}media/"))


def _is_file_inside(path: Path, content: Path) -> bool:
    try:
        real, root = path.resolve(), content.resolve()
        hidden = any(part.startswith(".") for part in path.relative_to(content).parts)
        return real.is_relative_to(root) and real.is_file() and not hidden
    except (OSError, ValueError):
        return False


def keys_of_posts(configuration: Configuration, content: Path) -> dict[str, str]:
    """Return the key of each post that is a file, by its path below the content folder."""
    keys: dict[str, str] = {}
    for source in configuration.sources:
        reader, root = READERS[source.kind], root_of(source, content)
        if reader.identity == "path":
            inside = root if root.is_dir() else root.parent
            for path in list_files(root, reader.endings):
                name = relative_to(path, inside)
                keys.setdefault(relative_to(path, content), key_of(f"{source.name}:{name}"))
    return keys
