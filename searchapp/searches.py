"""Remembers what visitors searched for and nothing had: the words, the day, how often.

    a search that was sent, and found nothing --note--> index/searches.json --read--> the owner

Only searches that somebody sent, never what was passed over while typing. No address, no time of
day, nothing that ties two searches together. The file is the owner's alone, lies beside the
generations and is no part of any: no index depends on it, and it may be deleted at any time.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

MOST = 1_000  # different words; of more the rarest go, of equals those not asked for longest
KEPT_DAYS = 90
_LONGEST = 200

log = logging.getLogger(__name__)

Known = dict[str, dict[str, int]]  # words: day: how often


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that found nothing: on which days, how often, the newest day first."""

    words: str
    days: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How often in all."""
        return sum(count for _, count in self.days)


class SearchLog:
    """The searches that found nothing, in the index folder `index`; for several processes."""

    def __init__(self, index: Path) -> None:
        self._path = index / "searches.json"
        self._has_failed = False

    def note(self, words: str, today: date | None = None) -> None:
        """Count a search for `words`; one that cannot be written is told once, and forgotten."""
        plain = normalise(words)
        if not plain:
            return
        day = today or datetime.now(UTC).date()
        try:
            with self._alone():
                known = self._load()
                days = known.pop(plain, {})
                days[day.isoformat()] = days.get(day.isoformat(), 0) + 1
                known[plain] = days
                self._save(_bound(known, day))
        except OSError as error:
            if not self._has_failed:
                log.warning("%s: searches are not noted (%s)", self._path, error.strerror)
            self._has_failed = True

    def read(self) -> tuple[Missed, ...]:
        """Return the searches that found nothing, the most frequent first, then the newest."""
        missed = [
            Missed(words, tuple(sorted(days.items(), reverse=True)))
            for words, days in self._load().items()
        ]
        return tuple(sorted(missed, key=lambda m: (m.count, m.days[0]), reverse=True))

    def forget(self) -> None:
        """Delete them all."""
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process write at a time; a lock that is held ends with its holder."""
        lock = self._path.with_name("searches.lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _load(self) -> Known:
        """Return what is known; a file that is none of ours is as good as none."""
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                str(words): {
                    str(date.fromisoformat(day)): int(count) for day, count in days.items()
                }
                for words, days in stored.items()
                if days
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}

    def _save(self, known: Known) -> None:
        beside = self._path.with_name("searches.new")
        with suppress(FileNotFoundError):
            beside.unlink()
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(known, file, ensure_ascii=False)
        beside.replace(self._path)


def normalise(words: str) -> str:
    """Return words as they are counted: in small letters, with one space between."""
    printable = "".join(c if c.isprintable() else " " for c in words[:_LONGEST])
    return " ".join(printable.casefold().split())


def _bound(known: Known, today: date) -> Known:
    """Return what is kept of `known`, in which the last stands what was asked for last."""
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    recent = {
        words: kept
        for words, days in known.items()
        if (kept := {day: count for day, count in days.items() if day > oldest})
    }
    for _ in range(len(recent) - MOST):
        recent.pop(min(recent, key=lambda words: (sum(recent[words].values()), max(recent[words]))))
    return recent
