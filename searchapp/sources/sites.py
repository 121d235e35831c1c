"""Reads what a site's own configuration says: its name, its address, where its posts stand.

Only `searchapp init` asks. Nothing of it is ever run: Python is read as a syntax tree, and of
JavaScript only what looks like `site: "https://..."`.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.facts import web_address
from searchapp.sources.files import read_bytes
from searchapp.sources.guarded import FRONT_MATTER_LIMIT, PlainLoader, check_yaml
from searchapp.sources.permalinks import unknown_part

LIMIT = 2**20  # bytes of a configuration


@dataclass(frozen=True, slots=True)
class Site:
    """What the configuration of a site says.

    `permalinks` are patterns by the collection or section that they are for, "" for the
    posts of any; `folders` are where its posts lie, `left_out` folders of what is none;
    `notes` say what could not be read.
    """

    title: str | None = None
    url: str | None = None
    author: str | None = None
    language: str | None = None
    description: str | None = None
    permalinks: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_site(generator: str, root: Path) -> Site:
    """Return what the configuration in a site's folder says, as far as it can be read."""
    reader = _READERS.get(generator)
    return reader(root) if reader else Site()


# --- Files ----------------------------------------------------------------------------


def read_table(path: Path) -> dict[str, Any]:
    """Return the table that a file in YAML, TOML or JSON holds.

    Raises ContentError for one that cannot be read, or that could harm.
    """
    text = read_text(path)
    try:
        table = _load(path.suffix.lower(), text)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise ContentError(f"cannot be read ({str(error).splitlines()[0]})") from None
    return table if isinstance(table, dict) else {}


def _load(ending: str, text: str) -> object:
    if ending == ".toml":
        return tomllib.loads(text)
    if ending == ".json":
        return json.loads(text)
    check_yaml(text, FRONT_MATTER_LIMIT)
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506  # a safe loader, checked before


def read_text(path: Path) -> str:
    """Return the text of a file of the site, within a bound."""
    return decode(read_bytes(path, path.parent, LIMIT))[0]


def first_file(root: Path, *names: str) -> Path | None:
    """Return the first of these files that is there."""
    return next((root / name for name in names if (root / name).is_file()), None)


def _tables(root: Path, *names: str) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the tables of these files, or a note of what is wrong with one."""
    for path in (root / name for name in names if (root / name).is_file()):
        try:
            yield read_table(path), None
        except ContentError as error:
            yield {}, f"{path.name}: {error.reason}; what it says is not used"


def _merged(root: Path, *names: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the keys of all these files in small letters, the first file's before others'."""
    merged: dict[str, Any] = {}
    notes = []
    for table, note in _tables(root, *names):
        for key, value in table.items():
            merged.setdefault(str(key).lower(), value)
        notes += [note] if note else []
    return merged, tuple(notes)


def _word(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    return _word(value.get("name")) if isinstance(value, dict) else _word(value)


def _address(*parts: object) -> str | None:
    """Return the address of the site, None for none or one of this machine."""
    joined = "".join(part.strip() for part in parts if isinstance(part, str))
    address = web_address(joined)
    local = address and re.match(r"https?://(?:localhost|127\.|0\.0\.0\.0)", address)
    return None if local else address


def _language(value: object) -> str | None:
    word = _word(value) or ""
    return word.replace("_", "-") if re.fullmatch(r"[A-Za-z]{2,3}([-_]\w+)?", word) else None


def _patterns(stated: Mapping[str, object]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the patterns that we can fill in, and notes of the others."""
    patterns, notes = {}, []
    for name, pattern in stated.items():
        if not isinstance(pattern, str):
            continue
        if part := unknown_part(pattern):
            notes.append(f"permalink {pattern} has :{part}, which is not known; write one yourself")
        else:
            patterns[name] = pattern
    return patterns, tuple(notes)


# --- Jekyll, academicpages ------------------------------------------------------------


def _read_jekyll(root: Path) -> Site:
    table, notes = _merged(root, "_config.yml", "_config.yaml", "_config.toml")
    patterns, more = _patterns(_jekyll_permalinks(table))
    return Site(
        title=_word(table.get("title")) or _word(table.get("name")),
        url=_address(table.get("url"), table.get("baseurl")),
        author=_name(table.get("author")),
        language=_language(table.get("lang")) or _language(table.get("locale")),
        description=_word(table.get("description")),
        permalinks=patterns,
        collections=tuple(_jekyll_collections(table)),
        notes=notes + more,
    )


def _jekyll_permalinks(table: Mapping[str, Any]) -> dict[str, object]:
    """Return the patterns of posts (""), and of collections that state their own."""
    patterns: dict[str, object] = {"": table.get("permalink")}
    collections = table.get("collections")
    if isinstance(collections, dict):
        for name, stated in collections.items():
            if isinstance(stated, dict) and "permalink" in stated:
                patterns[str(name)] = stated["permalink"]
    defaults = table.get("defaults")
    for default in defaults if isinstance(defaults, list) else ():
        scope, values = (default.get(key) for key in ("scope", "values"))
        if isinstance(scope, dict) and isinstance(values, dict) and "permalink" in values:
            name = str(scope.get("type") or "posts")
            patterns["" if name == "posts" else name] = values["permalink"]
    return {name: pattern for name, pattern in patterns.items() if pattern}


def _jekyll_collections(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the collections that have pages of their own."""
    stated = table.get("collections")
    for name, settings in stated.items() if isinstance(stated, dict) else ():
        if name != "posts" and isinstance(settings, dict) and settings.get("output") is True:
            yield str(name)


# --- Hugo, Zola -----------------------------------------------------------------------

_HUGO_FILES = tuple(
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for ending in ("toml", "yaml", "yml", "json")
)


def _read_hugo(root: Path) -> Site:
    table, notes = _merged(root, *_HUGO_FILES)
    apart, _ = _merged(root / "config" / "_default", "permalinks.toml", "permalinks.yaml")
    stated = table.get("permalinks") or apart
    if isinstance(stated, dict) and isinstance(stated.get("page"), dict):
        stated = stated["page"]
    patterns, more = _patterns(stated if isinstance(stated, dict) else {})
    params = table.get("params") if isinstance(table.get("params"), dict) else {}
    described = params.get("description") if isinstance(params, dict) else None
    author = params.get("author") if isinstance(params, dict) else None
    return Site(
        title=_word(table.get("title")),
        url=_address(table.get("baseurl")),
        author=_name(author) or _name(table.get("author")),
        language=_language(table.get("defaultcontentlanguage"))
        or _language(table.get("languagecode")),
        description=_word(described),
        permalinks=_for_hugo(table, {name.strip("/ "): text for name, text in patterns.items()}),
        folders=(_word(table.get("contentdir")) or "content",),
        notes=notes + more,
    )


def _for_hugo(table: Mapping[str, Any], patterns: dict[str, str]) -> dict[str, str]:
    """Return the patterns, with one for all where pages have endings of their own."""
    if table.get("uglyurls") is True and "" not in patterns:
        return {**patterns, "": "/:sections/:slugorfilename.html"}
    return patterns


def _read_zola(root: Path) -> Site:
    table, notes = _merged(root, "zola.toml", "config.toml")
    slugify = table.get("slugify")
    paths = slugify.get("paths") if isinstance(slugify, dict) else slugify
    kept = {} if paths in (None, "on", True) else {"": "/:sections/:title/"}
    return Site(
        title=_word(table.get("title")),
        url=_address(table.get("base_url")),
        author=_name(table.get("author")),
        language=_language(table.get("default_language")),
        description=_word(table.get("description")),
        permalinks=kept,
        folders=("content",),
        notes=notes,
    )


# --- Pelican --------------------------------------------------------------------------

_DATES = {"%Y": ":year", "%m": ":month", "%d": ":day", "%y": ":short_year", "%j": ":y_day",
          "%b": ":short_month", "%B": ":long_month"}  # fmt: skip
_FIELDS = {"slug": ":slug", "category": ":category", "author": ":author", "lang": ":lang"}


def _read_pelican(root: Path) -> Site:
    settings: dict[str, object] = {}
    notes = []
    for path in (root / name for name in ("publishconf.py", "pelicanconf.py")):
        if path.is_file():
            try:
                stated = read_assignments(read_text(path))
            except ContentError as error:
                notes.append(f"{path.name}: {error.reason}; what it says is not used")
                continue
            settings = {**stated, **{k: v for k, v in settings.items() if v not in ("", None)}}
    pattern = _pelican_pattern(settings)
    home = _word(settings.get("PATH")) or "content"
    return Site(
        title=_word(settings.get("SITENAME")),
        url=_address(settings.get("SITEURL")),
        author=_word(settings.get("AUTHOR")),
        language=_language(settings.get("DEFAULT_LANG")),
        description=_word(settings.get("SITESUBTITLE")),
        permalinks={"": pattern} if pattern else {},
        folders=_pelican_folders(home, settings.get("ARTICLE_PATHS")),
        left_out=_texts(settings.get("PAGE_PATHS", ["pages"])),
        notes=tuple(notes),
    )


def _texts(value: object) -> tuple[str, ...]:
    members = value if isinstance(value, (list, tuple)) else [value]
    return tuple(text for text in members if isinstance(text, str) and text)


def _pelican_folders(home: str, stated: object) -> tuple[str, ...]:
    """Return the folders of articles, below that of the content."""
    below = [path.strip("/") for path in _texts(stated)]
    return tuple(f"{home.rstrip('/')}/{path}".removesuffix("/.") for path in below) or (home,)


def _pelican_pattern(settings: Mapping[str, object]) -> str | None:
    """Return Pelican's ARTICLE_URL as a pattern, None where it has fields we do not know."""
    stated = settings.get("ARTICLE_URL") or settings.get("ARTICLE_SAVE_AS")
    by_name = settings.get("SLUGIFY_SOURCE") == "basename"
    stated = stated or ("{slug}.html" if by_name else None)
    if not isinstance(stated, str):
        return None
    dated = re.sub(r"\{date:([^{}]*)\}", lambda f: re.sub("%.", _date_part, f[1]), stated)
    fields = {**_FIELDS, "slug": ":slugorfilename"} if by_name else _FIELDS
    pattern = re.sub(r"\{(\w+)\}", lambda f: fields.get(f[1], f[0]), dated)
    return None if "{" in pattern or "%" in pattern else "/" + pattern.lstrip("/")


def _date_part(code: re.Match[str]) -> str:
    return _DATES.get(code[0], "%")


def read_assignments(source: str) -> dict[str, object]:
    """Return the constants that Python code assigns, without running any of it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ContentError(f"is not Python that can be read ({type(error).__name__})") from None
    found: dict[str, object] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and (value := _literal(statement.value)) is not None:
                found[target.id] = value
    return found


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


# --- Eleventy, Astro ------------------------------------------------------------------

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


_ELEVENTY_FILES = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
    "eleventy.config.ts",
)  # fmt: skip
_METADATA = tuple(
    f"{folder}_data/{name}.{ending}"
    for folder in ("", "src/", "content/")
    for name in ("metadata", "site")
    for ending in ("json", "js", "mjs", "cjs")
)


def _read_eleventy(root: Path) -> Site:
    """Read Eleventy's input folder, and the data file that most of its sites have."""
    input_ = _in_javascript(_javascript(root, *_ELEVENTY_FILES), "input")
    said = _javascript(root, *_METADATA)
    _, author, of_author = said.partition("author")
    return Site(
        title=_in_javascript(said, "title", "name"),
        url=_address(_in_javascript(said, "url")),
        author=_in_javascript(author + of_author, "author", "name"),
        language=_language(_in_javascript(said, "language", "lang")),
        description=_in_javascript(said, "description"),
        folders=(input_.strip("./") or ".",) if input_ else (),
    )


_ASTRO_FILES = tuple(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))


def _read_astro(root: Path) -> Site:
    config = _javascript(root, *_ASTRO_FILES)
    said = _javascript(root, "src/consts.ts", "src/consts.js", "src/config.ts", "src/config.mjs")
    address = _address(_in_javascript(config, "site") or _in_javascript(said, "site", "website"))
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


_READERS = {
    "jekyll": _read_jekyll,
    "academicpages": _read_jekyll,
    "hugo": _read_hugo,
    "zola": _read_zola,
    "pelican": _read_pelican,
    "eleventy": _read_eleventy,
    "astro": _read_astro,
}
