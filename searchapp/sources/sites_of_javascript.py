"""Reads what the configuration of an Eleventy or an Astro site says.

Of JavaScript only what looks like `site: "https://..."` is read.
"""

import re
from pathlib import Path

from searchapp.errors import ContentError
from searchapp.sources.site_files import (
    Site,
    address_of,
    first_file,
    language_of,
    read_text,
)
from searchapp.sources.site_names import ELEVENTY_FILES

_JS_TEXT = r"\b{0}[\"']?\s*[:=]\s*[\"'`]([^\"'`\n]{{1,300}})[\"'`]"


def _in_javascript(text: str, *names: str) -> str | None:
    """Return what the first of these names is given as text, as `site: "..."` is."""
    found = (re.search(_JS_TEXT.format(re.escape(name)), text) for name in names)
    return next((match[1] for match in found if match), None)


def _javascript(root: Path, *names: str) -> str:
    path = first_file(root, *names)
    try:
        return read_text(path) if path else ""
    except ContentError:
        return ""


_METADATA = tuple(
    f"{folder}_data/{name}.{ending}"
    for folder in ("", "src/", "content/")
    for name in ("metadata", "site")
    for ending in ("json", "js", "mjs", "cjs")
)


def read_eleventy(root: Path) -> Site:
    """Read Eleventy's input folder, and the data file that most of its sites have."""
    input_ = _in_javascript(_javascript(root, *ELEVENTY_FILES), "input")
    said = _javascript(root, *_METADATA)
    _, author, of_author = said.partition("author")
    return Site(
        title=_in_javascript(said, "title", "name"),
        url=address_of(_in_javascript(said, "url")),
        author=_in_javascript(author + of_author, "author", "name"),
        language=language_of(_in_javascript(said, "language", "lang")),
        description=_in_javascript(said, "description"),
        folders=(input_.strip("./") or ".",) if input_ else (),
    )


_ASTRO_FILES = tuple(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))


def read_astro(root: Path) -> Site:
    config = _javascript(root, *_ASTRO_FILES)
    said = _javascript(root, "src/consts.ts", "src/consts.js", "src/config.ts", "src/config.mjs")
    address = address_of(_in_javascript(config, "site") or _in_javascript(said, "site", "website"))
    base = _in_javascript(config, "base")
    return Site(
        title=_in_javascript(said, "SITE_TITLE", "title"),
        url=f"{address.rstrip('/')}/{base.strip('/')}" if address and base else address,
        author=_in_javascript(said, "author"),
        description=_in_javascript(said, "SITE_DESCRIPTION", "desc", "description"),
        permalinks=_astro_routes(root),
    )


_COLLECTION = re.compile(r"getCollection\(\s*[\"'](\w+)[\"']")


def _astro_routes(root: Path) -> dict[str, str]:
    """Return where each collection is published: by the page that asks for it.

    `src/pages/blog/[...slug].astro` with `getCollection("posts")` shows posts at /blog/.
    """
    pages = root / "src" / "pages"
    routes: dict[str, str] = {}
    for page in sorted(pages.rglob("[[]*.astro"))[:200] if pages.is_dir() else ():
        folder = page.parent.relative_to(pages).as_posix()
        if "[" in folder:
            continue
        for name in _COLLECTION.findall(_javascript(page.parent, page.name)):
            routes.setdefault(name, f"/{folder}/:path/".replace("/./", "/"))
    return {name: route for name, route in routes.items() if route != f"/{name}/:path/"}
