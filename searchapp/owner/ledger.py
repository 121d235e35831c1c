"""The ledger: what the owner decided on the page, so that it can be undone, and what waits.

    a decision --what a file was before--> ledger.json --undo--> the same bytes again

A file that was changed since is not touched: the page says so, and the file is plain.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from searchapp.errors import SearchappError
from searchapp.owner.files import write_private
from searchapp.tags.replacing import replace_file

FILE = "ledger.json"
KEPT = 50  # decisions that can be undone


@dataclass(frozen=True)
class Entry:
    """A decision: `key` is what it is about, `what` tells it, `path` is relative to content/.

    `before` are the bytes that the file had, in base 64, None where there was none; `after` is
    the SHA-256 of those it was given.
    """

    id: str
    when: str
    key: str
    what: str
    path: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Book:
    """All that is in the ledger: decisions, the newest first, and the keys that were put off."""

    entries: tuple[Entry, ...] = ()
    later: tuple[str, ...] = ()


class Ledger:
    """The ledger of an index folder, for several processes."""

    def __init__(self, content: Path, index: Path) -> None:
        self._content = content
        self._path = index / FILE

    def read(self) -> Book:
        """Return what is in it; a file that is none of ours is as good as none."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            entries = tuple(Entry(**entry) for entry in stored["entries"])
            return Book(entries, tuple(stored["later"]))
        return Book()

    def decide(self, key: str, what: str, path: str, change: Callable[[], object]) -> Entry:
        """Make a change of one file, and note how it can be undone.

        What `change` raises, passes; nothing is noted then. A change that cannot be noted is
        taken back.
        """
        with self._alone():
            before = self._bytes(path)
            change()
            after = self._bytes(path)
            if after is None or after == before:
                raise SearchappError(f"{path} says so already; nothing was changed")
            kept = None if before is None else base64.b64encode(before).decode()
            now = datetime.now().astimezone().isoformat()
            entry = Entry(secrets.token_hex(6), now, key, what, path, kept, _hash(after))
            book = self.read()
            with self._or_put_back(path, before):
                self._save(replace(
                    book, entries=(entry, *book.entries)[:KEPT],
                    later=tuple(other for other in book.later if other != key),
                ))  # fmt: skip
            return entry

    def put_off(self, key: str) -> None:
        """Put a decision off: it comes after all others."""
        with self._alone():
            book = self.read()
            later = (*(other for other in book.later if other != key), key)
            self._save(replace(book, later=later[-1000:]))

    def take_up(self, key: str) -> None:
        """Put what was put off among the others again."""
        with self._alone():
            book = self.read()
            self._save(replace(book, later=tuple(other for other in book.later if other != key)))

    def undo(self, id_: str) -> Entry:
        """Give a file the bytes that it had before a decision.

        Raises SearchappError where it was changed since, or the decision is not known any more.
        """
        with self._alone():
            book = self.read()
            entry = next((entry for entry in book.entries if entry.id == id_), None)
            if entry is None:
                raise SearchappError("that was undone already, or is too long ago to be undone")
            if reason := self.why_not(entry, book):
                raise SearchappError(reason)
            now = self._bytes(entry.path)
            before = None if entry.before is None else base64.b64decode(entry.before)
            self._write(entry.path, before)
            left = tuple(other for other in book.entries if other.id != id_)
            with self._or_put_back(entry.path, now):
                self._save(replace(book, entries=left))
            return entry

    def standing(self, book: Book) -> list[Entry]:
        """Return the decisions whose file was not given the bytes again that it had before."""
        standing: list[Entry] = []
        back: set[str] = set()
        for entry in reversed(book.entries):
            if self._is_as_before(entry):  # and with it all that was decided there later
                back.add(entry.path)
            if entry.path not in back:
                standing.append(entry)
        return standing

    def _is_as_before(self, entry: Entry) -> bool:
        with suppress(SearchappError):
            found = self._bytes(entry.path)
            return entry.before == (None if found is None else base64.b64encode(found).decode())
        return False

    def why_not(self, entry: Entry, book: Book) -> str | None:
        """Return why a decision cannot be undone now, None where it can."""
        try:
            found = self._bytes(entry.path)
        except SearchappError as error:
            return str(error)
        if found is not None and _hash(found) == entry.after:
            return None
        newer = book.entries[: book.entries.index(entry)]
        if any(other.path == entry.path for other in newer):
            return f"{entry.path} was changed by a later decision; undo that one first"
        return f"{entry.path} was changed since; undo it there by hand"

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self._content / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = f"{path} cannot be read ({error.strerror}); let it be read, and try again"
            raise SearchappError(reason) from error

    def _write(self, path: str, content: bytes | None) -> None:
        """Give a file those bytes; without any there is to be none."""
        try:
            if content is None:
                (self._content / path).unlink(missing_ok=True)
            else:
                replace_file(self._content / path, content)
        except OSError as error:
            raise SearchappError(
                f"{path} cannot be written ({error.strerror}); let it be written, and try again"
            ) from error

    @contextmanager
    def _or_put_back(self, path: str, before: bytes | None) -> Iterator[None]:
        """Give a file the bytes it had, where it cannot be noted that it has others now."""
        try:
            yield
        except SearchappError as error:
            try:
                self._write(path, before)
            except SearchappError as second:
                raise SearchappError(f"{error}; {path} stays changed: {second}") from second
            raise

    def _save(self, book: Book) -> None:
        stored: Mapping[str, Any] = {
            "entries": [asdict(entry) for entry in book.entries], "later": list(book.later),
        }  # fmt: skip
        try:
            write_private(self._path, json.dumps(stored, ensure_ascii=False))
        except OSError as error:
            raise SearchappError(
                f"{self._path} cannot be written ({error.strerror}); free the disk"
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process decide at a time; a lock that is held ends with its holder."""
        lock = self._path.with_suffix(".lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SearchappError(
                f"{lock} cannot be written ({error.strerror}); let it be written, or delete it"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
