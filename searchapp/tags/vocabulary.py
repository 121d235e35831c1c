"""The owner's words about tags, from `tags.toml`: aliases, labels, parents, bundles."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from searchapp.errors import ConfigurationError
from searchapp.slugs import slug_of_tag, squash
from searchapp.toml import explain

FILE = "tags.toml"
KEYS = ("aliases", "tags", "bundles", "different")
LONGEST = 100  # characters; a longer "tag" is a sentence in the wrong place
SHOWN_LENGTH = 40  # of such a one, in a report
TAG_KEYS = ("label", "description", "parents")

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_HEADER_OR_KEY = re.compile(
    rf"^[ \t]*(?:(?P<header>\[\[?[ \t]*{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*[ \t]*\]\]?)"
    rf"|(?P<key>{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*=)",
    re.MULTILINE,
)
_LONG_TEXT = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}', re.DOTALL)

KeyPath = tuple[str, ...]


def is_tag(raw: str) -> bool:
    """Whether a spelling names a tag: it has a letter or digit, and is no sentence.

    The slug of `...` would be `dot`.
    """
    return not wrong_with(raw)


def wrong_with(raw: str) -> str:
    """Return why a spelling names no tag and what to do, "" where it does."""
    if len(raw) > LONGEST:
        return f"has {len(raw):,} characters; shorten it"
    if not any(character.isalnum() for character in raw):
        return "names nothing that can be searched; write one with a letter or digit"
    return ""


def show_name(raw: str) -> str:
    """Return a name as a report shows it: in quotes, and cut where it is long."""
    return repr(raw if len(raw) <= SHOWN_LENGTH else raw[: SHOWN_LENGTH - 1] + "…")


@dataclass(frozen=True, slots=True)
class Described:
    """What the owner says of one tag; what is left out is empty."""

    label: str = ""
    description: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Aliases as written with the slug they stand for, tags by slug, and bundles of tags.

    `different` are groups of tags that look like one and are not, as the owner says. `lines`
    tell where each alias stands.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Described] = field(default_factory=dict)
    bundles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    different: tuple[tuple[str, ...], ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def slug(self, raw: str) -> str:
        """Return the slug of a tag in any spelling, aliases followed to their end.

        Of a tag that the owner names nowhere it is the spelling's own slug.
        """
        slug = slug_of_tag(raw)
        return self._known.get(squash(slug), slug)

    @cached_property
    def aliases_of(self) -> Mapping[str, tuple[str, ...]]:
        """The aliases, as written, of each slug that has some."""
        found: dict[str, tuple[str, ...]] = {}
        for alias in self.aliases:
            slug = self.slug(alias)
            found[slug] = (*found.get(slug, ()), alias)
        return found

    @cached_property
    def apart(self) -> frozenset[frozenset[str]]:
        """Each two tags that the owner calls different, squashed."""
        groups = ([squash(self.slug(name)) for name in group] for group in self.different)
        return frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """The slug of each tag that the owner names, by what its spellings share."""
        forms = {squash(slug): slug for slug in (*self.aliases.values(), *self.tags)}
        targets = {squash(slug_of_tag(a)): squash(slug) for a, slug in self.aliases.items()}
        return {name: forms[_follow(name, targets)[-1]] for name in {**forms, **targets}}


def _follow(name: str, targets: Mapping[str, str]) -> list[str]:
    """Return the way from a name through aliases to its end, or once around a circle."""
    trail = [name]
    while (target := targets.get(trail[-1], trail[-1])) != trail[-1]:
        if target in trail:
            break
        trail.append(target)
    return trail


def read_vocabulary(content: Path) -> Vocabulary:
    """Read `tags.toml` of a content folder; without one, tags are what entries say.

    Raises ConfigurationError where it cannot be read, says two things of one tag, or goes
    in a circle.
    """
    try:
        text = (content / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Vocabulary()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{FILE}: cannot be read ({error}); save it as UTF-8") from error
    return parse_vocabulary(text)


def parse_vocabulary(text: str) -> Vocabulary:
    """Return what the text of a `tags.toml` says; raises ConfigurationError as above."""
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, problem, remedy = explain(text, error)
        raise ConfigurationError(f"{FILE}:{line}: is not TOML: {problem}; {remedy}") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting without end
        raise ConfigurationError(f"{FILE}: cannot be read: {error}; mend it") from error
    return _Reader(text, stated).vocabulary()


@dataclass(frozen=True)
class _Reader:
    """Reads the tables of the file, and names the line of what cannot be used."""

    text: str
    stated: Mapping[str, Any]

    def vocabulary(self) -> Vocabulary:
        self.expect(self.stated, KEYS)
        vocabulary = Vocabulary(self.aliases(), self.tags(), self.bundles(), self.different())
        self.refuse_circles_of_aliases(vocabulary)
        resolved = {
            slug: Described(d.label, d.description, tuple(map(vocabulary.slug, d.parents)))
            for slug, d in vocabulary.tags.items()
        }
        bundles = {
            name: tuple(dict.fromkeys(map(vocabulary.slug, slugs)))
            for name, slugs in vocabulary.bundles.items()
        }
        self.refuse_descriptions_of_aliases(vocabulary)
        self.refuse_circles_of_parents(resolved)
        self.refuse_one_tag_called_different(vocabulary)
        lines = {alias: self.line("aliases", alias) for alias in vocabulary.aliases}
        return Vocabulary(vocabulary.aliases, resolved, bundles, vocabulary.different, lines)

    def aliases(self) -> dict[str, str]:
        read: dict[str, str] = {}
        first: dict[str, str] = {}
        for alias, name in self.table("aliases").items():
            path = ("aliases", alias)
            self.name_of_tag(path, alias)
            read[alias] = self.name_of_tag(path, self.words(path, name))
            other = first.setdefault(squash(slug_of_tag(alias)), alias)
            if squash(read[other]) != squash(read[alias]):
                reason = f"{alias!r} is the alias {other!r} of line {self.line('aliases', other)}"
                raise self.error(path, f"{reason}, which stands for another tag; remove one")
        return read

    def tags(self) -> dict[str, Described]:
        described: dict[str, Described] = {}
        first: dict[str, str] = {}
        for name in self.table("tags"):
            path = ("tags", name)
            slug = self.name_of_tag(path, name)
            stated = self.table(*path)
            self.expect(stated, TAG_KEYS, *path)
            other = first.setdefault(squash(slug), name)
            if other != name:
                where = self.line("tags", other)
                raise self.error(path, f"{name!r} is the tag {other!r} of line {where}; join them")
            described[slug] = Described(
                self.words((*path, "label"), stated.get("label", "")),
                self.words((*path, "description"), stated.get("description", "")),
                self.several((*path, "parents"), stated.get("parents", [])),
            )
        return described

    def bundles(self) -> dict[str, tuple[str, ...]]:
        table = self.table("bundles")
        return {name: self.several(("bundles", name), value) for name, value in table.items()}

    def different(self) -> tuple[tuple[str, ...], ...]:
        stated = self.stated.get("different", [])
        if not isinstance(stated, list) or not all(isinstance(one, list) for one in stated):
            reason = f'different is {_shown(stated)}; write lists of tags: [["a", "b"]]'
            raise self.error(("different",), reason)
        return tuple(self.several(("different",), group) for group in stated)

    def table(self, *path: str) -> Mapping[str, Any]:
        value: Any = self.stated
        for name in path:
            value = value.get(name, {})
        if not isinstance(value, dict):
            header = ".".join(path)
            raise self.error(path, f"{path[-1]} is {_shown(value)}; write a table: [{header}]")
        return value

    def words(self, path: KeyPath, value: object) -> str:
        if not isinstance(value, str):
            name = path[-1]
            raise self.error(path, f'{name} is {_shown(value)}; write it in quotes: {name} = "..."')
        return " ".join(value.split())

    def several(self, path: KeyPath, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            name = path[-1]
            raise self.error(path, f'{name} is {_shown(value)}; write a list: {name} = ["a", "b"]')
        return tuple(self.name_of_tag(path, one) for one in value)

    def name_of_tag(self, path: KeyPath, name: str) -> str:
        if wrong := wrong_with(name):
            raise self.error(path, f"{show_name(name)} {wrong}")
        return slug_of_tag(name)

    def expect(self, stated: Mapping[str, object], keys: tuple[str, ...], *path: str) -> None:
        for name in stated:
            if name not in keys:
                nearest = difflib.get_close_matches(name, keys, 1, 0)[0]
                reason = f"there is no {name!r}; write {nearest!r}"
                raise self.error((*path, name), reason)

    def refuse_circles_of_aliases(self, vocabulary: Vocabulary) -> None:
        targets = {squash(slug_of_tag(a)): squash(slug) for a, slug in vocabulary.aliases.items()}
        written = {squash(slug_of_tag(alias)): alias for alias in [*vocabulary.aliases][::-1]}
        for alias in vocabulary.aliases:
            trail = _follow(squash(slug_of_tag(alias)), targets)
            if targets.get(trail[-1], trail[-1]) != trail[-1]:
                circle = [written[name] for name in (*trail, targets[trail[-1]])]
                reason = f"aliases go in a circle: {' -> '.join(circle)}; remove one of them"
                raise self.error(("aliases", alias), reason)

    def refuse_descriptions_of_aliases(self, vocabulary: Vocabulary) -> None:
        for name in self.table("tags"):
            slug = vocabulary.slug(name)
            if squash(slug) != squash(slug_of_tag(name)):
                reason = f"{name!r} is an alias of {slug!r}; describe that tag: [tags.{slug}]"
                raise self.error(("tags", name), reason)

    def refuse_circles_of_parents(self, tags: Mapping[str, Described]) -> None:
        written = {slug_of_tag(name): name for name in self.table("tags")}
        for slug in tags:
            if circle := _circle_through(slug, tags):
                reason = f"parents go in a circle: {' -> '.join(circle)}; remove one of them"
                raise self.error(("tags", written[slug], "parents"), reason)

    def refuse_one_tag_called_different(self, vocabulary: Vocabulary) -> None:
        for group in vocabulary.different:
            slugs = [squash(vocabulary.slug(name)) for name in group]
            if len(set(slugs)) < len(slugs):
                reason = f"{', '.join(group)} are not all different: two are one tag by its aliases"
                raise self.error(("different",), f"{reason} or spelling; take one out")

    def error(self, path: KeyPath, reason: str) -> ConfigurationError:
        return ConfigurationError(f"{FILE}:{self.line(*path)}: {reason}")

    def line(self, *path: str) -> int:
        """Return the line of a key, else of the table around it."""
        known = [n for n in range(len(path), 0, -1) if path[:n] in self._lines]
        return self._lines[path[: known[0]]] if known else 1

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        return lines_of_keys(self.text)


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """Return the line of each key and table of a file of TOML, which `tomllib` does not tell."""
    text = _LONG_TEXT.sub(lambda long: "\n" * long[0].count("\n"), text)
    lines: dict[KeyPath, int] = {}
    header: KeyPath = ()
    line, read = 1, 0
    for found in _HEADER_OR_KEY.finditer(text):
        line += text.count("\n", read, found.start())
        read = found.start()
        path = _path_of(found["header"] or f"{found['key']} = 0")
        if found["header"]:
            header = path
        for n in range(1, len(path) + 1):
            whole = path[:n] if found["header"] else (*header, *path[:n])
            lines.setdefault(whole, line)
    return lines


def _path_of(toml: str) -> KeyPath:
    """Return the names of a header or a dotted key."""
    names = []
    table: Any = tomllib.loads(toml)
    while isinstance(table, dict) and table:
        [(name, table)] = table.items()
        names.append(name)
    return tuple(names)


def _circle_through(slug: str, tags: Mapping[str, Described]) -> list[str] | None:
    """Return the way from a tag through its parents back to itself, None where there is none."""
    came_from: dict[str, str] = {}
    for child, parent in _walk_up(slug, tags):
        if parent == slug:
            trail = [slug, child]
            while trail[-1] != slug:
                trail.append(came_from[trail[-1]])
            return trail[::-1]
        came_from.setdefault(parent, child)
    return None


def _walk_up(slug: str, tags: Mapping[str, Described]) -> Iterator[tuple[str, str]]:
    """Yield each step from a tag to a parent, every tag above it once."""
    seen, waiting = {slug}, [slug]
    while waiting:
        child = waiting.pop()
        parents: Iterable[str] = tags[child].parents if child in tags else ()
        for parent in parents:
            yield child, parent
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
