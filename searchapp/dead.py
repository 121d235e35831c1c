"""Places that are gone: content/links.toml, which `check --links` writes and a build reads.

    [dead]
    "https://a.example/cats" = { since = 2024-05-31, answer = "404 Not Found" }

So a build needs no network, and the same content gives the same index. A dead place is shown as
such, and stands behind the living ones, so that it is no piece's address while another lives.
"""

import datetime as dt
import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from searchapp.documents import Place, Work
from searchapp.errors import ConfigurationError
from searchapp.toml import explain
from searchapp.urls import address_key

FILE = "links.toml"
KEYS = ("alive", "dead")
TOLD = ("since", "answer")
_SHAPE = '"https://..." = { since = 2024-05-31, answer = "404" }'


@dataclass(frozen=True, slots=True)
class Dead:
    """Since when each dead place is gone, by its address key; and those that live for certain.

    `alive` are the owner's word, which no answer of a machine beats.
    """

    since: Mapping[str, dt.date] = field(default_factory=dict)
    alive: frozenset[str] = frozenset()


def read_dead(content: Path) -> Dead:
    """Read `links.toml` of a content folder; without one all places live.

    Raises ConfigurationError where it cannot be read.
    """
    path = content / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Dead()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{FILE}: cannot be read ({error}); save it as UTF-8") from error
    return parse_dead(text)


def parse_dead(text: str) -> Dead:
    """Return what the text of a `links.toml` says; raises ConfigurationError as above."""
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, problem, remedy = explain(text, error)
        raise ConfigurationError(f"{FILE}:{line}: is not TOML: {problem}; {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{FILE}: cannot be read: {error}; mend it") from error
    _refuse_others(text, stated, KEYS)
    alive = stated.get("alive", [])
    if not isinstance(alive, list) or not all(isinstance(url, str) for url in alive):
        raise _error(text, "alive", f'alive is {alive!r}; write alive = ["https://..."]')
    dead = stated.get("dead", {})
    if not isinstance(dead, dict):
        raise _error(text, "dead", f"dead is {dead!r}; write a table: [dead]")
    since = {_key(text, url): _day(text, url, said) for url, said in dead.items()}
    return Dead(since, frozenset(_key(text, url) for url in alive))


def _refuse_others(text: str, stated: Mapping[str, Any], keys: Sequence[str]) -> None:
    for name in stated:
        if name not in keys:
            nearest = difflib.get_close_matches(name, keys, 1, 0)[0]
            raise _error(text, name, f"there is no {name!r}; write {nearest!r}")


def _key(text: str, url: str) -> str:
    key = address_key(url)
    if key is None:
        raise _error(text, url, f"{url!r} is no address; write it whole: https://...")
    return key


def _day(text: str, url: str, said: object) -> dt.date:
    if not isinstance(said, dict):
        raise _error(text, url, f"{url!r} is {said!r}; write {_SHAPE}")
    for name in said:
        if name not in TOLD:
            nearest = difflib.get_close_matches(name, TOLD, 1, 0)[0]
            raise _error(text, url, f"there is no {name!r}; write {nearest!r}")
    since = said.get("since")
    if type(since) is not dt.date:
        raise _error(text, url, f"since is {since!r}; write a day: since = 2024-05-31")
    return since


def _error(text: str, word: str, reason: str) -> ConfigurationError:
    """Return an error that names the first line on which a word of the file stands."""
    lines = enumerate(text.splitlines(), start=1)
    line = next((n for n, said in lines if word in said.partition("#")[0] or word in said), 1)
    return ConfigurationError(f"{FILE}:{line}: {reason}")


def mark_dead(works: Sequence[Work], dead: Dead) -> list[Work]:
    """Return works with their dead places marked, each behind the living ones."""
    if not dead.since:
        return list(works)
    return [_marked(work, dead) for work in works]


def _marked(work: Work, dead: Dead) -> Work:
    places = [replace(place, gone=_gone(place, dead)) for place in work.places]
    if not any(place.gone for place in places):
        return work
    return replace(work, places=tuple(sorted(places, key=lambda place: place.gone is not None)))


def _gone(place: Place, dead: Dead) -> dt.date | None:
    key = address_key(place.url) if place.url else None
    return None if key is None or key in dead.alive else dead.since.get(key)
