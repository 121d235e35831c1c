"""The owner's word: what `verdicts.toml` says is one piece, or is not, beats every rule."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from searchapp.documents import Document
from searchapp.errors import ConfigurationError
from searchapp.urls import address_key

FILE = "verdicts.toml"
KEYS = ("same", "different")

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Groups of document ids or addresses; of `same` the first named is canonical."""

    same: Groups = ()
    different: Groups = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """Verdicts as indexes of documents, and the names that fit no document."""

    same: tuple[tuple[int, ...], ...]
    different: frozenset[tuple[int, int]]
    stale: tuple[str, ...]


def read_verdicts(content: Path) -> Verdicts:
    """Read `verdicts.toml` of a content folder; without one there are no verdicts.

    Raises ConfigurationError where it cannot be read, or contradicts itself.
    """
    path = content / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Verdicts()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{FILE}: cannot be read ({error}); save it as UTF-8") from error
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{FILE}: {error}; mend the line") from error
    for name in stated:
        if name not in KEYS:
            nearest = difflib.get_close_matches(name, KEYS, 1, 0)[0]
            line = _line_of(text, name)
            raise ConfigurationError(f"{FILE}:{line}: there is no {name!r}; write {nearest!r}")
    verdicts = Verdicts(*(_read_groups(text, name, stated.get(name, [])) for name in KEYS))
    _refuse_contradictions(text, verdicts)
    return verdicts


def _read_groups(text: str, name: str, value: object) -> Groups:
    shape = f'{FILE}:{_line_of(text, name)}: {name} is {value!r}; write {name} = [["A", "B"], ...]'
    if not isinstance(value, list):
        raise ConfigurationError(shape)
    for group in value:
        if (
            not isinstance(group, list)
            or len(group) < 2
            or not all(isinstance(n, str) for n in group)
        ):
            raise ConfigurationError(shape)
    return tuple(tuple(group) for group in value)


def _refuse_contradictions(text: str, verdicts: Verdicts) -> None:
    same = {frozenset(pair): group for group in verdicts.same for pair in combinations(group, 2)}
    for group in verdicts.different:
        for pair in combinations(group, 2):
            if frozenset(pair) in same:
                here, there = _line_of(text, *group), _line_of(text, *same[frozenset(pair)])
                raise ConfigurationError(
                    f"{FILE}:{there} and {FILE}:{here}: {pair[0]!r} and {pair[1]!r} are said to be "
                    "the same and different; remove one of the two"
                )


def _line_of(text: str, *names: str) -> int:
    """Return the first line that holds all of `names`, 1 where none does."""
    for number, line in enumerate(text.splitlines(), start=1):
        if all(name in line for name in names):
            return number
    return 1


def resolve_verdicts(verdicts: Verdicts, documents: Sequence[Document]) -> Resolved:
    """Find the documents that verdicts name, by id or by any spelling of an address."""
    by_id = {document.id: i for i, document in enumerate(documents)}
    by_address: dict[str, list[int]] = {}
    for i, document in enumerate(documents):
        if document.url and (key := address_key(document.url)):
            by_address.setdefault(key, []).append(i)
    stale = [
        name
        for group in (*verdicts.same, *verdicts.different)
        for name in group
        if not _find(name, by_id, by_address)
    ]
    same = [[_find(name, by_id, by_address) for name in group] for group in verdicts.same]
    apart = [[_find(name, by_id, by_address) for name in group] for group in verdicts.different]
    different = {
        (min(i, j), max(i, j))
        for group in apart
        for one, other in combinations(group, 2)
        for i in one
        for j in other
    }
    return Resolved(
        tuple(tuple(dict.fromkeys(i for found in group for i in found)) for group in same),
        frozenset(different),
        tuple(dict.fromkeys(stale)),
    )


def _find(name: str, by_id: Mapping[str, int], by_address: Mapping[str, list[int]]) -> list[int]:
    if name in by_id:
        return [by_id[name]]
    return by_address.get(address_key(name) or "", [])
