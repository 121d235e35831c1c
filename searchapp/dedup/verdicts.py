"""The owner's word: what `verdicts.toml` says is one piece, or is not, beats every rule."""

import difflib
import re
import tomllib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.dedup.grouping import Groups
from searchapp.documents import Document
from searchapp.errors import ConfigurationError
from searchapp.toml import explain
from searchapp.urls import address_key

FILE = "verdicts.toml"
KEYS = ("same", "different")
Lines = defaultdict[str, deque[int]]

SHAPE = '[["A", "B"], ...]'

_TOKEN = re.compile(
    r'#[^\n]*|"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_IS_KEY = re.compile(r"[ \t]*=")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Documents, named by id or address, and the line on which the owner names them."""

    names: tuple[str, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the owner says: of `same` the first named is canonical."""

    same: tuple[Verdict, ...] = ()
    different: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """Documents grouped as verdicts want it, and the names that fit no document.

    `pairs` are those that verdicts unite; `chosen` are the documents first named.
    """

    groups: Groups
    pairs: tuple[tuple[int, int], ...]
    chosen: frozenset[int]
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
        line, problem, remedy = explain(text, error)
        raise ConfigurationError(f"{FILE}:{line}: is not TOML: {problem}; {remedy}") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting without end
        raise ConfigurationError(f"{FILE}: cannot be read: {error}; mend it") from error
    for name in stated:
        if name not in KEYS:
            nearest = difflib.get_close_matches(name, KEYS, 1, 0)[0]
            line = _line_of_key(text, name)
            raise ConfigurationError(f"{FILE}:{line}: there is no {name!r}; write {nearest!r}")
    lines = _lines_of_strings(text)
    read = {name: tuple(_read(text, name, value, lines)) for name, value in stated.items()}
    verdicts = Verdicts(**read)
    _refuse_contradictions(verdicts)
    return verdicts


def resolve_verdicts(verdicts: Verdicts, documents: Sequence[Document]) -> Resolved:
    """Find the documents that verdicts name, by id or by any spelling of an address.

    Raises ConfigurationError where two verdicts, each right by its names, contradict each
    other by the documents that these names mean.
    """
    by_id = {document.id: i for i, document in enumerate(documents)}
    by_address: dict[str, list[int]] = {}
    named = {name for v in (*verdicts.same, *verdicts.different) for name in v.names}
    wanted = {key for name in named - by_id.keys() if (key := address_key(name))}
    for i, document in enumerate(documents) if wanted else ():
        if document.url and (key := address_key(document.url)) in wanted:
            by_address.setdefault(key or "", []).append(i)

    def find(name: str) -> Sequence[int]:
        if name in by_id:
            return (by_id[name],)
        return by_address.get(address_key(name) or "", ())

    return _group(verdicts, len(documents), find)


def _refuse_contradictions(verdicts: Verdicts) -> None:
    """Raise where verdicts contradict each other by their names alone, stale or not."""
    named = (name for v in (*verdicts.same, *verdicts.different) for name in v.names)
    number = {name: i for i, name in enumerate(dict.fromkeys(named))}
    _group(verdicts, len(number), lambda name: (number[name],))


def _group(verdicts: Verdicts, count: int, find: Callable[[str], Sequence[int]]) -> Resolved:
    sides = _sides(verdicts.different, find)
    groups = Groups(count, sides)
    pairs: list[tuple[int, int]] = []
    chosen: set[int] = set()
    for verdict in verdicts.same:
        found = [members for name in verdict.names if (members := find(name))]
        chosen.update(found[0] if found else ())
        for i, j in _neighbours(found):
            pairs.append((i, j))
            if (refusing := groups.parted_by(i, j)) is not None:
                raise _contradiction(verdict, verdicts.different[refusing])
            groups.unite(i, j)
    named = (name for v in (*verdicts.same, *verdicts.different) for name in v.names)
    stale = tuple(name for name in dict.fromkeys(named) if not find(name))
    return Resolved(groups, tuple(pairs), frozenset(chosen), stale)


def _neighbours(found: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs that unite all documents found, the first of them with each other one."""
    members = list(dict.fromkeys(i for group in found for i in group))
    yield from ((members[0], other) for other in members[1:])


def _sides(
    different: Sequence[Verdict], find: Callable[[str], Sequence[int]]
) -> dict[int, dict[int, int]]:
    """Return for each document on which side of each verdict of difference it stands.

    A name that means one document alone is heard before one that means several, so that
    an entry can be told from the others at its own address.
    """
    sides: dict[int, dict[int, int]] = {}
    for number, verdict in enumerate(different):
        found = sorted(enumerate(map(find, verdict.names)), key=lambda pair: len(pair[1]))
        for side, members in found:
            free = [i for i in members if number not in sides.get(i, {})]
            if members and not free:
                raise ConfigurationError(
                    f"{FILE}:{verdict.line}: {verdict.names[side]!r} is said to be different "
                    "from itself; remove it, or name another entry"
                )
            for i in free:
                sides.setdefault(i, {})[number] = side
    return sides


def _contradiction(same: Verdict, different: Verdict) -> ConfigurationError:
    one, other = f"{FILE}:{same.line}", f"{FILE}:{different.line}"
    pair = len(different.names) == 2
    shown = " and ".join(map(repr, different.names)) if pair else f"two of {different.names!r}"
    return ConfigurationError(
        f"{one} and {other}: {shown} are said to be the same and different; "
        "remove one of the two verdicts"
    )


def _read(text: str, key: str, value: object, lines: Lines) -> Iterator[Verdict]:
    """Yield the verdicts under one key; raise ConfigurationError where it is no list of lists."""
    if not isinstance(value, list):
        line = _line_of_key(text, key)
        raise ConfigurationError(f"{FILE}:{line}: {key} is {value!r}; write {key} = {SHAPE}")
    line = _line_of_key(text, key)
    for group in value:
        names = group if isinstance(group, list) else [group]
        strings = all(isinstance(name, str) for name in names)
        if strings and names:
            line = min([lines[name].popleft() for name in names])
        if not strings or not isinstance(group, list) or len(group) < 2:
            raise ConfigurationError(
                f"{FILE}:{line}: {key} has {group!r}; write at least two names: {key} = {SHAPE}"
            )
        yield Verdict(tuple(group), line)


def _lines_of_strings(text: str) -> Lines:
    """Return the lines on which each string stands, in order; `tomllib` does not tell them."""
    lines: Lines = defaultdict(deque)
    line, read = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", read, token.start())
        read = token.start()
        if token[0].startswith("#") or _IS_KEY.match(text, token.end()):
            continue
        lines[tomllib.loads(f"x = {token[0]}")["x"]].append(line)
    return lines


def _line_of_key(text: str, key: str) -> int:
    pattern = rf"""^[ \t]*\[*[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.\]]"""
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
