"""What a site's configuration says of it, and how its files are read.

Nothing of it is ever run. `sites.py` has the reader of each generator.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from searchapp.errors import ContentError
from searchapp.languages import code_meant, is_code
from searchapp.sources.encodings import decode
from searchapp.sources.facts import web_address
from searchapp.sources.files import read_bytes
from searchapp.sources.guarded import FRONT_MATTER_LIMIT, PlainLoader, check_yaml, load_toml
from searchapp.sources.permalinks import unknown_part
from searchapp.sources.site_names import LIMIT


@dataclass(frozen=True, slots=True)
class Site:
    """What the configuration of a site says.

    `permalinks` are patterns by the collection or section that they are for, "" for the
    posts of any; `folders` are where its posts lie, `left_out` folders of what is none;
    `collections` of Jekyll's lie in the folder `home`;
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
    home: str = ""
    notes: tuple[str, ...] = ()


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
        return load_toml(text)
    if ending == ".json":
        return json.loads(text)
    check_yaml(text, FRONT_MATTER_LIMIT)
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506  # nosec B506  # a safe loader, checked before


def read_text(path: Path) -> str:
    """Return the text of a file of the site, within a bound."""
    return decode(read_bytes(path, path.parent, LIMIT))[0]


def first_file(root: Path, *names: str) -> Path | None:
    """Return the first of these files that is there."""
    return next((root / name for name in names if (root / name).is_file()), None)


def tables_of(root: Path, *names: str) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the tables of these files, or a note of what is wrong with one."""
    for path in (root / name for name in names if (root / name).is_file()):
        try:
            yield read_table(path), None
        except ContentError as error:
            yield {}, f"{path.name}: {error.reason}; what it says is not used"


def merged(root: Path, *names: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the keys of all these files in small letters, the first file's before others'."""
    merged: dict[str, Any] = {}
    notes = []
    for table, note in tables_of(root, *names):
        for key, value in table.items():
            merged.setdefault(str(key).lower(), value)
        notes += [note] if note else []
    return merged, tuple(notes)


def word(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def name_in(value: object) -> str | None:
    return word(value.get("name")) if isinstance(value, dict) else word(value)


def address_of(*parts: object) -> str | None:
    """Return the address of the site, None for none or one of this machine."""
    joined = "".join(part.strip() for part in parts if isinstance(part, str))
    address = web_address(joined)
    local = address and re.match(r"https?://(?:localhost|127\.|0\.0\.0\.0)", address)
    return None if local else address


def language_of(value: object) -> str | None:
    """Return the language that a site states, by its code; None where it states none."""
    said = word(value) or ""
    return said.replace("_", "-") if is_code(said) else code_meant(said)


def patterns_of(stated: Mapping[str, object]) -> tuple[dict[str, str], tuple[str, ...]]:
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
