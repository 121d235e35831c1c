"""`serve --watch`: sees that content has changed, and has it built; one process of the server.

    content/ --watchfiles--> a file that counts --> Builder --> Board --> open pages
                             more of them meanwhile +--> one build more

What changes while a build goes on is collected, and asks for one more when it has ended.
"""

import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from searchapp.board import Board, News
from searchapp.builder import Builder, Outcome
from searchapp.errors import SearchappError
from searchapp.sources import configuration
from searchapp.sources.files import root_of

_QUIET = 30  # milliseconds without a change, after which a group of them is whole
_AT_MOST = 400  # milliseconds that a group may take
_TURN = 200  # milliseconds between looks whether we are still wanted
_LOOK = 1.0  # seconds between looks where nobody tells of changes
_BUSY = 0.5  # seconds before a build is tried again, where another holds the index
_SHOWN = 12  # findings that are told of one build

# What editors and systems leave beside the file that is written; 4913 is how vim tries a folder.
_PASSING = re.compile(
    r"~$|\.sw[a-z]$|^#.*#$|^4913$|\.(tmp|part|crdownload|orig|bak)$|___jb_\w+___$"
)


class Watcher:
    """Has `index` built from `content` whenever that changes, or somebody rings.

    `then` is what a build does afterwards, see `Builder`. Without `watches` only the bell is
    heard.
    """

    def __init__(
        self, content: Path, index: Path, board: Board, *, watches: bool, then: str | None = None
    ) -> None:
        self._content, self._index = content.resolve(), index.resolve()
        self._board = board
        self._watches = watches
        self._builder = Builder(content, index, then)
        self._stopping = False
        self._known: frozenset[str] | None = None  # what the last build found wanting
        self._found = 0  # how much that was, with what it did not send

    def run(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Build once, for what changed while nobody watched; then at each reason for it."""
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)
        try:
            self._builder.warm_up()
            reasons = self._changes() if self._watches else self._rings()
            for has_reason in reasons:
                if self._stopping or not is_wanted():
                    break
                if has_reason:
                    self._build()
        finally:
            self._builder.end()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping = True
        self._board.ring()
        self._builder.end()

    def is_set(self) -> bool:
        """Whether watching is to end; watchfiles asks."""
        return self._stopping

    def _rings(self) -> Iterator[bool]:
        yield True
        while True:
            yield self._board.wait_for_ring(_LOOK)

    def _changes(self) -> Iterator[bool]:
        """Yield whether something changed or somebody rang; at first it is taken for granted.

        Where sources.toml comes to name other folders, or another folder comes to stand in the
        place of one, these are watched from then on.
        """
        by_looking = False
        while True:
            watched = find_watched(self._content)
            states = watched.states()
            try:
                for told in self._watch(watched.folders, by_looking=by_looking):
                    before, states = states, watched.states()
                    has_changed = told or states != before
                    yield has_changed
                    if has_changed and find_watched(self._content) != watched:
                        break
            except (OSError, RuntimeError) as error:
                if not by_looking:
                    _say(f"the system does not tell of changes ({error}); looking for them instead")
                by_looking = True
                yield self._board.wait_for_ring(_LOOK)

    def _watch(self, folders: tuple[Path, ...], *, by_looking: bool) -> Iterator[bool]:
        from watchfiles import watch  # noqa: PLC0415  # only this process needs it

        if not folders:  # until there is a folder again
            yield self._board.wait_for_ring(_LOOK)
            return
        found = watch(
            *folders, watch_filter=lambda change, path: counts(path, folders, self._index),
            step=_QUIET, debounce=_AT_MOST, rust_timeout=_TURN, yield_on_timeout=True,
            stop_event=self, force_polling=by_looking or None,
            ignore_permission_denied=True,
        )  # fmt: skip
        next(found, None)  # it watches from here on, and what changed before is built at once
        yield True
        for changes in found:
            is_rung = self._board.wait_for_ring(0)  # one build answers both
            yield bool(changes) or is_rung

    def _build(self) -> None:
        """Build, and put up the news; while another build holds the index, wait for it."""
        news = self._board.read()
        self._board.tell(News(news.begun + 1, news.ended, news.failed, news.told))
        while (outcome := self._builder.build()).is_busy and not self._stopping:
            time.sleep(_BUSY)
        if not self._stopping:
            self._tell(outcome, news.begun + 1)

    def _tell(self, outcome: Outcome, number: int) -> None:
        told_before = self._known is None and not outcome.changed  # by the build that made it
        known = outcome.findings if told_before else self._known or ()
        new = [line for line in outcome.findings if line not in known]
        found = len(outcome.findings) + outcome.more
        grown = 0 if told_before or outcome.failed else found - self._found
        left = max(len(new), grown) - len(new[:_SHOWN])
        if outcome.failed is None:
            self._known, self._found = frozenset(outcome.findings), found
        shown = (*new[:_SHOWN], *([f"and {left} more"] if left > 0 else []))
        last = self._board.read()
        is_news = outcome.changed or shown or outcome.failed != last.failed
        if not is_news and (last.told or last.failed):  # what was told last is still so
            self._board.tell(replace(last, ended=number))
            return
        self._board.tell(News(number, number, outcome.failed, outcome.told, shown))
        for line in (*shown, outcome.failed and f"not built: {outcome.failed}", outcome.told):
            if line:
                _say(line)


@dataclass(frozen=True)
class Watched:
    """Where content may change: folders, with all below, and files that stand elsewhere alone."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    places: tuple[int | None, ...] = ()  # which folder each is, as the system numbers them

    def states(self) -> list[tuple[int, ...] | None]:
        """Return what tells whether a file is another one: editors put new ones in its place.

        Of a folder nothing counts but that it is another one: what is in it is told.
        """
        places = [(place,) if (place := _place(path)) else None for path in self.folders]
        return [*places, *map(_state, self.files)]


def find_watched(content: Path) -> Watched:
    """Return the content folder, and what sources name outside of it.

    Where sources.toml cannot be read, its own folder is watched until it can.
    """
    try:
        sources = configuration.read_configuration(content).sources
    except (SearchappError, OSError):
        sources = ()
    roots = {root_of(source, content) for source in sources}
    outside = {root for root in roots if not root.is_relative_to(content)}
    folders = {folder for folder in (content, *outside) if folder.is_dir()}
    watched = tuple(sorted(folders))
    return Watched(watched, tuple(sorted(outside - folders)), tuple(map(_place, watched)))


def _place(folder: Path) -> int | None:
    try:
        return folder.stat().st_ino
    except OSError:
        return None


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def counts(path: str, folders: Sequence[Path], index: Path) -> bool:
    """Whether a change of `path` may change what is built.

    What is hidden is not read, but for a setting of Eleventy's; nor is the index, which each
    build writes, nor what editors leave beside a file while it is saved.
    """
    changed = Path(path)
    if changed.is_relative_to(index):
        return False
    home = next((folder for folder in folders if changed.is_relative_to(folder)), Path())
    parts = changed.relative_to(home).parts
    hidden = [p for p in parts if p.startswith(".") and not p.startswith(".eleventy")]
    return not hidden and not _PASSING.search(changed.name)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
