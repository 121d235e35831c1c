"""Decides what a site and its folders state for a post, by the rule of its generator.

    _config.yml: defaults          Jekyll      by path and type, the longest path first
    _index.md: cascade             Hugo        the nearest folder first
    _index.md: draft               Zola        all below it are drafts
    posts/posts.json               Eleventy    the nearest first, lists joined
    DEFAULT_METADATA and its kin   Pelican

What a post states itself always counts more. Not to read this would show what its owner keeps
private: `draft: true` often stands in the folder alone.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from searchapp.sources.above import Above, Chain, Table, absolute, generator_name
from searchapp.sources.files import relative_to
from searchapp.sources.model import NOTHING, Inherited, Source
from searchapp.sources.names import plain_name
from searchapp.sources.naming import FileName

Stated = Iterator[tuple[Mapping[str, object], Path]]


_LISTS = frozenset(("tags", "categories", "topics", "keywords", "authors", "aliases"))
_JOINED = {"jekyll": frozenset(("categories",)), "eleventy": _LISTS}
_JOINED["academicpages"] = _JOINED["jekyll"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a post lies, and the tables of the files above it."""

    path: Path
    name: FileName
    chain: Chain
    folders: tuple[Table, ...]
    settings: Mapping[str, object]
    origin: Path | None

    def below(self, folder: Path) -> str:
        """Return the path of the post as it is seen from a folder."""
        return relative_to(self.path, folder)


def inherit(source: Source, path: Path, name: str, above: Above) -> Inherited:
    """Return what holds for the post at `path`; `name` is its path below the source's folder."""
    generator = generator_name(source, path)
    chain = above.chain(source, path)
    if chain is None:
        return NOTHING
    tables = tuple(map(above.table, chain.folders))
    configured = tuple(map(above.table, chain.settings))
    settings = _merged_settings(configured)
    file = FileName.of(name, languages=generator in ("hugo", "zola"))
    origin = chain.settings[0] if chain.settings else None
    place = _Place(absolute(path), file, chain, tables, settings, origin)
    facts: dict[str, object] = {}
    origins: dict[str, str] = {}
    joined = _JOINED.get(generator, frozenset())
    for stated, file_of in _RULES[generator](place):
        _take(facts, origins, stated, relative_to(file_of, above.content), joined)
    said = ((t.path, t.note) for t in (*configured, *tables) if t.note)
    notes = [(relative_to(file_of, above.content), note) for file_of, note in said if note]
    return Inherited(facts, origins, joined, settings, tuple(notes))


def _merged_settings(tables: Iterable[Table]) -> dict[str, object]:
    """Return the settings of all files, by names in small letters; the first file's count."""
    merged: dict[str, object] = {}
    for table in tables:
        cascade = table.path.stem == "cascade"
        stated = {"cascade": table.facts} if cascade and table.facts else table.facts
        for key, value in stated.items():
            merged.setdefault(str(key).lower(), value)
    return merged


def _take(
    facts: dict[str, object],
    origins: dict[str, str],
    stated: Mapping[str, object],
    origin: str,
    joined: frozenset[str],
) -> None:
    """Take what is not stated already; tables are filled up, and some lists joined."""
    for name, value in stated.items():
        known = facts.get(name)
        if known is None:
            facts[name] = value
            origins[plain_name(name)] = origin
        elif isinstance(known, dict) and isinstance(value, dict):
            facts[name] = {**value, **known}
        elif plain_name(name) in joined:
            facts[name] = [*_listed(value), *_listed(known)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


# --- Jekyll ---------------------------------------------------------------------------


def _of_jekyll(place: _Place) -> Stated:
    """Yield what the scopes state that a post stands in, that which counts most first."""
    if place.origin is None:
        return
    collections = str(place.settings.get("collections_dir") or "").strip("/")
    path = _without(place.below(place.chain.root), collections)
    kind = _kind_of(path)
    held: list[Mapping[str, object]] = []  # from least to most
    last: Mapping[str, object] | None = None
    for scope, values in _defaults(place.settings.get("defaults")):
        if not _is_in_scope(scope, path, kind, collections):
            continue
        if last is None or _counts_more(scope, last):
            held.append(values)
            last = scope
        else:
            held.insert(0, values)
    for values in reversed(held):
        yield values, place.origin


def _defaults(stated: object) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    for default in stated if isinstance(stated, list) else ():
        values = default.get("values") if isinstance(default, dict) else None
        if isinstance(values, dict):
            scope = default.get("scope")
            yield (scope if isinstance(scope, dict) else {}), values


def _kind_of(path: str) -> str:
    """Return what Jekyll calls the type of a file: posts, drafts, a collection, or pages."""
    marks = [folder for folder in PurePosixPath(path).parts[:-1] if folder.startswith("_")]
    return marks[-1][1:] if marks else "pages"


_OLD_KINDS = {"post": "posts", "page": "pages", "draft": "drafts"}


def _is_in_scope(scope: Mapping[str, object], path: str, kind: str, collections: str) -> bool:
    if "type" in scope:
        asked = str(scope["type"])
        if _OLD_KINDS.get(asked, asked) != kind:
            return False
    start = scope.get("path")
    if not isinstance(start, str) or not start:
        return True
    start = _without(start.lstrip("/"), collections)
    if "*" in start:
        return _begins(start, "(?:/|$)", path)
    return path.startswith(start)


def _without(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder}/") if folder else path


def _counts_more(scope: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Tell whether a scope is narrower than another: by its path, then by its type."""
    length, of_other = (len(str(s.get("path") or "").strip("/")) for s in (scope, other))
    if length != of_other:
        return length > of_other
    return "type" in scope or "type" not in other


# --- Hugo, Zola -----------------------------------------------------------------------


def _of_hugo(place: _Place) -> Stated:
    for table in place.folders:
        if _language_of(table.path) in _languages(place):
            for values in _cascades(table.facts, place):
                yield values, table.path
    if place.origin:
        for values in _cascades(place.settings, place):
            yield values, place.origin


def _language_of(section: Path) -> str:
    """Return the language of `_index.de.md`, "" of `_index.md`."""
    return section.stem.removeprefix("_index").lstrip(".").lower()


def _languages(place: _Place) -> tuple[str, ...]:
    """Return the languages of the sections that state something for a post."""
    default = str(place.settings.get("defaultcontentlanguage") or "en").lower()
    own = place.name.language or default
    return (own, "") if own == default else (own,)


def _cascades(facts: Mapping[str, object], place: _Place) -> Iterator[Mapping[str, object]]:
    """Yield the values that a `cascade` has for a post: it is a table, or a list of them."""
    stated = next((value for name, value in facts.items() if name.lower() == "cascade"), None)
    for values in stated if isinstance(stated, list) else [stated]:
        if isinstance(values, dict) and _is_target(values, place):
            yield {k: v for k, v in values.items() if k not in ("_target", "target")}


def _is_target(values: Mapping[str, object], place: _Place) -> bool:
    target = values.get("_target") or values.get("target")
    if not isinstance(target, dict):
        return True
    name = place.name
    parts = (*PurePosixPath(place.below(place.chain.home)).parts[:-1], name.dated)
    if name.bundle:
        parts = parts[:-1]
    default = str(place.settings.get("defaultcontentlanguage") or "en")
    is_ = {
        "path": "/" + "/".join(parts), "kind": "page", "lang": name.language or default,
        "environment": "production",
    }  # fmt: skip
    asked = {key.lower(): value for key, value in target.items()}
    return all(_is_like(is_[key], asked[key]) for key in is_ if asked.get(key))


def _is_like(value: str, pattern: object) -> bool:
    return _begins(str(pattern), "$", value, re.IGNORECASE)


_STARS = 5  # of one pattern: each makes a path that does not match dearer by its length


def _begins(glob: str, end: str, value: str, flags: int = 0) -> bool:
    """Tell whether a path begins as a pattern says; one that is none matches nothing."""
    if len(re.findall(r"\*+", glob)) > _STARS:
        return False
    try:
        return re.match(f"(?:{_pattern(glob)}){end}", value, flags) is not None
    except re.error:
        return False


_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|[{},]|.", re.DOTALL)
_GLOBS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def _pattern(glob: str) -> str:
    """Return a pattern of paths as a regular expression; `**` alone crosses folders."""
    braces = glob.count("{") == glob.count("}") > 0
    said = []
    for sign in _GLOB.findall(glob[:300]):
        if sign[0] == "[" and len(sign) > 1:
            inner = sign[1:-1].replace("\\", "\\\\")
            said.append(f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]")
        elif sign in ("{", "}", ",") and not braces:
            said.append(re.escape(sign))
        else:
            said.append("|" if sign == "," else _GLOBS.get(sign) or re.escape(sign))
    return re.sub(r"(?:\.\*){2,}", ".*", "".join(said))


def _of_zola(place: _Place) -> Stated:
    for table in place.folders:
        if table.facts.get("draft") is True:
            yield {"draft": True}, table.path


# --- Eleventy, Pelican ----------------------------------------------------------------


def _of_eleventy(place: _Place) -> Stated:
    for table in place.folders:
        yield table.facts, table.path


def _of_pelican(place: _Place) -> Stated:
    """Yield what the path says by the settings, what they state for single paths, then for all."""
    home = place.chain.home
    if place.origin and isinstance(stated := place.settings.get("path"), str):
        home = place.chain.root / stated
    origin = place.origin or place.path
    path = PurePosixPath(place.below(Path(os.path.normpath(home))))
    yield _in_name(place.settings.get("filename_metadata"), path.stem), origin
    yield _in_name(place.settings.get("path_metadata"), path.as_posix()), origin
    by_folder = place.settings.get("use_folder_as_category", True) is not False
    if by_folder and path.parent.name and ".." not in path.parts:
        yield {"category": path.parent.name}, origin
    by_path = place.settings.get("extra_path_metadata")
    tables = by_path.items() if isinstance(by_path, dict) else ()
    for start, values in sorted(tables, key=lambda each: -len(str(each[0]))):
        if isinstance(values, dict) and path.is_relative_to(str(start).strip("/")):
            yield values, origin
    for_all = place.settings.get("default_metadata")
    if isinstance(for_all, dict):
        yield for_all, origin


def _in_name(pattern: object, name: str) -> dict[str, object]:
    """Return what the groups of the owner's own pattern find in a name."""
    if not isinstance(pattern, str):
        return {}
    try:
        found = re.match(pattern, name)
    except (re.error, RecursionError, OverflowError):
        return {}
    return {k.lower(): v for k, v in found.groupdict().items() if v} if found else {}


_RULES: dict[str, Callable[[_Place], Stated]] = {
    "jekyll": _of_jekyll,
    "academicpages": _of_jekyll,
    "hugo": _of_hugo,
    "zola": _of_zola,
    "eleventy": _of_eleventy,
    "pelican": _of_pelican,
}
