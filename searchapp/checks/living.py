"""Whether the places of pieces still live, as each of them answers: `check --links`.

works --places--> those not asked of late --Asker--> Memory --> findings, links.toml
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.items import Table

from searchapp import __version__
from searchapp.asking.answers import Answer, leads_home
from searchapp.asking.hosts import Asker, Manners
from searchapp.asking.memory import Known, Memory
from searchapp.asking.web import Way
from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.dead import FILE, read_dead
from searchapp.documents import Document
from searchapp.errors import SearchappError
from searchapp.urls import address_key

Progress = Callable[[int, int], None]

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
    without any, and without the file, is left alone.
    """
    path = content / FILE
    dead = {url: place for url, place in known.items() if place.state == "dead"}
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    if not dead and not before:
        return
    document = tomlkit.parse(before)
    if not before:
        for line in _HEAD:
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    table = document.get("dead")
    if not isinstance(table, Table):
        table = tomlkit.table()
        document["dead"] = table
    unknown = {url for url in stated if url not in known}
    for url in [url for url in table if url not in dead and url not in unknown]:
        del table[url]
    for url, place in dead.items():
        if url not in table:
            told = tomlkit.inline_table()
            told.update({"since": place.since, "answer": place.said})
            table[url] = told
    after = tomlkit.dumps(document)
    if after != before:
        _write(path, after)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.tmp")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SearchappError(
            f"{path}: cannot be written ({error.strerror}); make the folder writable"
        ) from error
