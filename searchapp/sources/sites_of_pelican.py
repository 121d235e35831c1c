"""Reads what the settings of a Pelican site say: Python, as a syntax tree, and never run."""

import ast
from collections.abc import Mapping
from pathlib import Path

from searchapp.errors import ContentError
from searchapp.sources.patterns import pelican_pattern
from searchapp.sources.site_files import (
    Site,
    address_of,
    language_of,
    read_text,
    word,
)
from searchapp.sources.site_names import PELICAN_FILES


def read_pelican(root: Path) -> Site:
    settings: dict[str, object] = {}
    notes = []
    for path in (root / name for name in PELICAN_FILES):
        if path.is_file():
            try:
                stated = read_assignments(read_text(path))
            except ContentError as error:
                notes.append(f"{path.name}: {error.reason}; what it says is not used")
                continue
            settings = {**stated, **{k: v for k, v in settings.items() if v not in ("", None)}}
    pattern = _pelican_pattern(settings)
    home = word(settings.get("PATH")) or "content"
    return Site(
        title=word(settings.get("SITENAME")),
        url=address_of(settings.get("SITEURL")),
        author=word(settings.get("AUTHOR")),
        language=language_of(settings.get("DEFAULT_LANG")),
        description=word(settings.get("SITESUBTITLE")),
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
    return pelican_pattern(stated, by_name=by_name)


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
