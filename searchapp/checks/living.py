"""Whether the places of pieces still live, as each of them answers: `check --links`.

works --places--> those not asked of late --Asker--> Memory --> findings, links.toml
"""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from searchapp import __version__
from searchapp.asking.answers import Answer, leads_home
from searchapp.asking.hosts import Asker, Manners
from searchapp.asking.memory import Known, Memory
from searchapp.asking.web import Way
from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.dead import FILE, parse_dead, read_dead
from searchapp.documents import Document
from searchapp.errors import ConfigurationError, SearchappError
from searchapp.tags.replacing import read_as_it_is, replace_file
from searchapp.urls import address_key

Progress = Callable[[int, int], None]

_MARK = "\ufeff"  # that a file is UTF-8, as some editors write it

_HEAD = (
    "Places that are gone, as `searchapp check --links` found them. It keeps this table; a build",
    "shows them as gone, and leads to a living place instead. One that lives all the same is",
    'written above the table: alive = ["https://..."]',
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking: a finding each, and how many places are in which state.

    `asked` were asked now, `unasked` could not be in the time; the rest was known.
    """

    problems: tuple[Problem, ...]
    states: Mapping[str, int]
    asked: int
    unasked: int


def name_of_agent(site: str | None) -> str:
    """Return the name under which we come, with where its owner can be found."""
    about = f"; {site}" if site and site.isascii() else ""
    return f"searchapp/{__version__} (checks links of its own site{about})"


def ask_places(
    gathered: Gathered,
    content: Path,
    index: Path,
    *,
    progress: Progress = lambda done, places: None,
    manners: Manners | None = None,
    way: Way | None = None,
    today: dt.date | None = None,
) -> Asked:
    """Ask each place of each piece whether it lives, unless that is known; note what is dead.

    It writes `links.toml` in the content folder, and what places answered below `index`. Raises
    SearchappError where not one place could be reached: then nothing is noted.
    """
    today = today or dt.date.today()
    stated = _places(gathered, read_dead(content).alive)
    memory = Memory(index)
    due = memory.due(stated, today)
    answers: dict[str, Answer] = {}

    def note(url: str, answer: Answer) -> None:
        answers[url] = answer
        progress(len(answers), len(due))

    asker = Asker(way or Way(name_of_agent(gathered.site.url)), manners or Manners())
    try:
        progress(0, len(due))
        unasked = asker.ask_all(due, note)
    finally:  # what is known already need not be asked again after Ctrl-C
        if any(answer.reached for answer in answers.values()):
            for url, answer in answers.items():
                memory.note(url, answer, today)
            memory.keep(stated)
            memory.save()
    if answers and not any(answer.reached for answer in answers.values()):
        said = next(iter(answers.values())).said
        raise SearchappError(
            f"none of {len(answers)} places could be reached ({said}), so nothing is noted; "
            "see whether this machine is on the net"
        )
    known = {url: memory.known[url] for url in stated if url in memory.known}
    write_dead(content, stated, known)
    problems = tuple(_problems(stated, known))
    states = Counter[str](place.state for place in known.values())
    return Asked(problems, states, len(answers), unasked)


def _places(gathered: Gathered, alive: frozenset[str]) -> dict[str, Document]:
    """Return the address of each place that can be asked, with an entry that states it."""
    found: dict[str, tuple[str, Document]] = {}
    for work in gathered.works:
        by_url = {document.url: document for document in work.documents}
        for place in work.places:
            key = address_key(place.url) if place.url else None
            if place.url and key and key not in alive:
                stating = by_url.get(place.url, work.canonical)
                found.setdefault(key, (place.url.partition("#")[0], stating))
    return dict(found.values())


def _problems(stated: Mapping[str, Document], known: Mapping[str, Known]) -> Iterator[Problem]:
    """Yield what is to be told of places, the dead ones first."""
    order = {"dead": 0, "failing": 1, "moved": 2}
    told = [(url, known[url]) for url in stated if url in known and known[url].state in order]
    for url, place in sorted(told, key=lambda pair: order[pair[1].state]):
        document = stated[url]
        kind, reason, remedy = _describe(url, place)
        yield Problem(document.path, document.line, kind, reason, remedy)


def _describe(url: str, place: Known) -> tuple[str, str, str]:
    if place.state == "dead":
        reason = f"{url} is gone since {place.since}: {place.said}"
        return "dead-place", reason, f"write where it is now, or in {FILE} that it is alive"
    if place.state == "moved" and place.to:
        if leads_home(url, place.to):
            return (
                "moved-place", f"{url} leads to the front page {place.to}",
                "look whether the piece is still there, and write its own address",
            )  # fmt: skip
        return "moved-place", f"{url} has moved to {place.to} for good", "write its new address"
    since = f", since {place.since}" if place.since != place.asked else ""
    remedy = "look at it; after two weeks of this it counts as gone"
    return "failing-place", f"{url} gives no page{since}: {place.said}", remedy


def write_dead(content: Path, stated: Collection[str], known: Mapping[str, Known]) -> None:
    """Bring the table of dead places in `links.toml` up to date; the rest of the file stays.

    Taken out are those that live again, and those that no entry states any more. A folder
    without any, and without the file, is left alone. Raises SearchappError where the file cannot
    be read any more, as its owner may have changed it meanwhile, or cannot be written.
    """
    before = read_as_it_is(content / FILE)
    noted = _noted(before.removeprefix(_MARK))
    dead = {url: place for url, place in known.items() if place.state == "dead"}
    kept = {address_key(url) for url in (*dead, *(url for url in stated if url not in known))}
    over = [url for url in noted if address_key(url) not in kept]
    there = {address_key(url) for url in noted}
    new = {url: place for url, place in dead.items() if address_key(url) not in there}
    if over or new:
        _write(content / FILE, _rewrite(before, over, new))


def _noted(text: str) -> frozenset[str]:
    """Return the places that the text of a `links.toml` says are gone, as it writes them."""
    parse_dead(text)  # tells what is wrong with it, on which line
    return frozenset(tomllib.loads(text).get("dead", {}))


def _rewrite(before: str, over: Collection[str], new: Mapping[str, Known]) -> str:
    """Return the text of a `links.toml` without some places and with others.

    It is read before it counts: nothing but these places may have changed.
    """
    text = before.removeprefix(_MARK)
    mark = before[: len(before) - len(text)]
    try:
        after = _with_line_ends_of(text, _edit(text or _head(), over, new))
        after = _with_rows_of(text, after)
        noted, alive = _noted(after), parse_dead(after).alive
    except (ConfigurationError, TOMLKitError) as error:
        raise _uneditable() from error
    if noted != (_noted(text) - set(over)) | set(new) or alive != parse_dead(text).alive:
        raise _uneditable()
    return mark + after


def _edit(text: str, over: Collection[str], new: Mapping[str, Known]) -> str:
    document = tomlkit.parse(text)
    if "dead" not in document:
        document["dead"] = tomlkit.table()
    table = document["dead"]  # whether it stands below a header, in braces or with dots
    for url in over:
        del table[url]
    for url, place in new.items():
        told = tomlkit.inline_table()
        told.update({"since": place.since, "answer": place.said})
        table[url] = told
    return tomlkit.dumps(document)


def _head() -> str:
    return "".join(f"# {line}\n" for line in _HEAD) + "\n"


def _with_line_ends_of(before: str, after: str) -> str:
    """Return a text with the line ends of Windows where the one before has no others."""
    if before.count("\n") == before.count("\r\n") > 0:
        return re.sub(r"\r?\n", "\r\n", after)
    return after


def _with_rows_of(before: str, after: str) -> str:
    """Return a text with each row that says the same as one before as that was written.

    tomlkit drops spaces where it writes, as those behind a date.
    """
    rows = {said: line for line in before.splitlines() if (said := _said_by(line))}
    lines = after.splitlines(keepends=True)
    return "".join(_as_it_was(line, rows.get(_said_by(line) or "")) for line in lines)


def _as_it_was(line: str, before: str | None) -> str:
    bare = line.rstrip("\r\n")
    return line if before is None else before + line[len(bare) :]


def _said_by(line: str) -> str | None:
    """Return what a row says by itself; None for a header, a note and a part of something."""
    if "=" not in line or line.lstrip().startswith(("[", "#")):
        return None
    with suppress(ValueError, RecursionError):
        return repr(tomllib.loads(line))
    return None


def _uneditable() -> SearchappError:
    return SearchappError(f"{FILE} has a form that cannot be edited safely; mend it by hand")


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text.encode())
    except OSError as error:
        reason = f"{FILE} cannot be written ({error.strerror}); let it be written, and try again"
        raise SearchappError(reason) from error
