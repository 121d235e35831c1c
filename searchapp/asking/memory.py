"""Remembers what places answered, and how long ago: index/cache/links.json.

It only spares others our questions, and tells how long a place has been failing; it may be
deleted at any time. What pages show of dead places stands in content/links.toml alone.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from searchapp.asking.answers import STATES, Answer, State

FILE = Path("cache") / "links.json"  # below the index folder

# Days for which an answer is believed.
FRESH: Mapping[State, int] = {"lives": 30, "moved": 30, "dead": 7, "failing": 1, "refused": 30}
FAILURES = 3  # in a row, on different days,
FAILING_DAYS = 14  # and for so long, until a place that gives no answer counts as dead


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a place: its state `since` a day, when it was `asked` last.

    `days` are on how many days in a row it has failed.
    """

    state: State
    said: str
    to: str | None
    since: dt.date
    asked: dt.date
    days: int = 0

    def is_fresh(self, today: dt.date) -> bool:
        """Whether it need not be asked again; a clock that was set back makes it old."""
        return 0 <= (today - self.asked).days < FRESH[self.state]


class Memory:
    """What all places answered, by their addresses."""

    def __init__(self, index: Path) -> None:
        self._path = index / FILE
        self.known = _load(self._path)

    def due(self, urls: Iterable[str], today: dt.date) -> list[str]:
        """Return those that are to be asked, what was never asked first, then the longest ago."""
        old = {u for u in urls if u not in self.known or not self.known[u].is_fresh(today)}
        never = dt.date.min
        return sorted(old, key=lambda u: (self.known[u].asked if u in self.known else never, u))

    def note(self, url: str, answer: Answer, today: dt.date) -> None:
        """Note an answer; what has failed for long is dead from now on."""
        before = self.known.get(url)
        now = Known(answer.state, answer.said, answer.to, today, today)
        if answer.state == "failing":
            now = _failed(now, before)
        elif before and before.state == now.state:
            now = replace(now, since=before.since)
        self.known[url] = now

    def keep(self, urls: Iterable[str]) -> None:
        """Forget all other places."""
        self.known = {url: self.known[url] for url in dict.fromkeys(urls) if url in self.known}

    def save(self) -> None:
        """Write it all; what cannot be written is asked again."""
        told = {url: asdict(known) for url, known in sorted(self.known.items())}
        text = json.dumps(told, default=dt.date.isoformat, ensure_ascii=False, indent=1)
        beside = self._path.with_name(f"{self._path.name}.tmp")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
                file.write(text)
            beside.replace(self._path)


def _failed(now: Known, before: Known | None) -> Known:
    """Return what is known of a place that failed today, and before, too, or not."""
    if before is None or before.days == 0:
        return replace(now, days=1)
    days = before.days + (now.asked != before.asked)
    is_dead = days >= FAILURES and (now.asked - before.since).days >= FAILING_DAYS
    return replace(now, since=before.since, days=days, state="dead" if is_dead else "failing")


def _load(path: Path) -> dict[str, Known]:
    """Return what is known; a file that is none of ours is as good as none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {str(url): _known(told) for url, told in stored.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _known(told: Mapping[str, object]) -> Known:
    state = STATES[STATES.index(told["state"])]  # ValueError for any other
    to = told["to"]
    since, asked = (dt.date.fromisoformat(str(told[name])) for name in ("since", "asked"))
    return Known(
        state, str(told["said"]), None if to is None else str(to), since, asked,
        int(str(told["days"])),
    )  # fmt: skip
