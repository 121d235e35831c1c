"""The owner's words about tags, from `tags.toml`: aliases, labels, parents, bundles."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.errors import ConfigurationError
from searchapp.slugs import slug_of_tag

FILE = "tags.toml"
KEYS = ("aliases", "tags", "bundles")
TAG_KEYS = ("label", "description", "parents")


@dataclass(frozen=True, slots=True)
class Described:
    """What the owner says of one tag; what is left out is empty."""

    label: str = ""
    description: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Aliases as written with the slug they stand for, tags by slug, and bundles of tags."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Described] = field(default_factory=dict)
    bundles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def slug(self, raw: str) -> str:
        """Return the slug of a tag in any spelling, aliases followed to their end."""
        slug = slug_of_tag(raw)
        known = {slug_of_tag(alias): target for alias, target in self.aliases.items()}
        seen = set()
        while slug in known and slug not in seen:
            seen.add(slug)
            slug = known[slug]
        return slug


def read_vocabulary(content: Path) -> Vocabulary:
    """Read `tags.toml` of a content folder; without one, tags are what entries say.

    Raises ConfigurationError where it cannot be read, or aliases go in a circle.
    """
    try:
        text = (content / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Vocabulary()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{FILE}: cannot be read ({error}); save it as UTF-8") from error
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{FILE}: {error}; mend the line") from error
    reader = _Reader(text)
    reader.expect(stated, KEYS)
    vocabulary = Vocabulary(
        reader.aliases(reader.table(stated, "aliases")),
        reader.tags(reader.table(stated, "tags")),
        reader.bundles(reader.table(stated, "bundles")),
    )
    reader.refuse_circles(vocabulary)
    return vocabulary


@dataclass(frozen=True)
class _Reader:
    """Reads the tables of the file, and names the line of what cannot be used."""

    text: str

    def error(self, name: str, reason: str) -> ConfigurationError:
        pattern = re.compile(rf"^\s*\[?[^=#]*{re.escape(name)}", re.MULTILINE)
        found = pattern.search(self.text)
        line = self.text.count("\n", 0, found.end()) + 1 if found else 1
        return ConfigurationError(f"{FILE}:{line}: {reason}")

    def expect(self, stated: Mapping[str, object], keys: tuple[str, ...]) -> None:
        for name in stated:
            if name not in keys:
                nearest = difflib.get_close_matches(name, keys, 1, 0)[0]
                raise self.error(name, f"there is no {name!r}; write {nearest!r}")

    def table(self, stated: Mapping[str, object], name: str) -> Mapping[str, object]:
        value = stated.get(name, {})
        if not isinstance(value, dict):
            raise self.error(name, f"{name} is {value!r}; write it as a table: [{name}]")
        return value

    def words(self, value: object, name: str) -> str:
        if not isinstance(value, str):
            raise self.error(name, f'{name} is {value!r}; write it in quotes: {name} = "..."')
        return value

    def several(self, value: object, name: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(name, f'{name} is {value!r}; write a list: {name} = ["a", "b"]')
        return tuple(slug_of_tag(one) for one in value)

    def aliases(self, table: Mapping[str, object]) -> dict[str, str]:
        return {alias: slug_of_tag(self.words(name, alias)) for alias, name in table.items()}

    def tags(self, table: Mapping[str, object]) -> dict[str, Described]:
        described = {}
        for name in table:
            stated = self.table(table, name)
            self.expect(stated, TAG_KEYS)
            described[slug_of_tag(name)] = Described(
                self.words(stated.get("label", ""), "label"),
                self.words(stated.get("description", ""), "description"),
                self.several(stated.get("parents", []), "parents"),
            )
        return described

    def bundles(self, table: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
        return {name: self.several(value, name) for name, value in table.items()}

    def refuse_circles(self, vocabulary: Vocabulary) -> None:
        known = {slug_of_tag(alias): target for alias, target in vocabulary.aliases.items()}
        for alias in vocabulary.aliases:
            trail = [slug_of_tag(alias)]
            while (target := known.get(trail[-1])) is not None:
                if target in trail[:-1] or (target == trail[-1] and len(trail) > 1):
                    circle = " -> ".join([*trail, target])
                    raise self.error(alias, f"aliases go in a circle: {circle}; remove one of them")
                if target == trail[-1]:
                    break
                trail.append(target)
