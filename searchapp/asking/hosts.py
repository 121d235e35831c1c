"""Asks many places politely: several hosts at once, each of them one question at a time.

robots.txt first; HEAD, and GET where HEAD is not believed; redirects to the end
a pause between two questions to a host; Retry-After is obeyed, or the host left alone

Whatever a host does, the others are asked, and all of it ends in time.
"""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from searchapp.asking.answers import Answer, answer_of, failing
from searchapp.asking.robots import CLOSED, MOST, NONE, Robots, read_robots
from searchapp.asking.web import NoAnswerError, Response, Way, request

REDIRECTS = 6  # that are followed
_MOVED = frozenset((301, 302, 303, 307, 308))
_FOR_GOOD = frozenset((301, 308))
_BUSY = frozenset((429, 503))
_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Manners:
    """How much we ask of others, in seconds and numbers.

    `pause` lies between two questions to one host; of a host that is busy for longer than
    `patience` nothing more is asked. `whole` bounds everything.
    """

    hosts: int = 8
    pause: float = 1.0
    patience: float = 30.0
    whole: float = 600.0


class _BusyError(Exception):
    """A host wants to be left alone."""


@dataclass
class _Host:
    """A host during a run: whether it is being asked, when it may be again, its rules."""

    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    robots: Robots | None = None
    broken: NoAnswerError | None = None
    is_left_alone: bool = False


@dataclass
class Asker:
    """Asks places, and remembers for the time of one run how each host is to be treated."""

    way: Way
    manners: Manners = field(default_factory=Manners)
    _hosts: defaultdict[str, _Host] = field(default_factory=lambda: defaultdict(_Host))

    def ask_all(self, urls: Iterable[str], tell: Callable[[str, Answer], None]) -> int:
        """Ask each place, and `tell` each answer as it comes; return how many were not asked.

        What the time of `manners.whole` does not suffice for is not asked.
        """
        return asyncio.run(self._ask_all(list(dict.fromkeys(urls)), tell))

    async def _ask_all(self, urls: list[str], tell: Callable[[str, Answer], None]) -> int:
        by_host: defaultdict[str, list[str]] = defaultdict(list)
        for url in urls:
            by_host[urlsplit(url).netloc.lower()].append(url)
        at_once = asyncio.Semaphore(self.manners.hosts)
        told = 0

        def note(url: str, answer: Answer) -> None:
            nonlocal told
            told += 1
            tell(url, answer)

        async def ask_host(some: list[str]) -> None:
            async with at_once:
                for url in some:
                    note(url, await self._ask(url))

        try:
            async with asyncio.timeout(self.manners.whole), asyncio.TaskGroup() as group:
                # Hosts with most places first: they take longest.
                for some in sorted(by_host.values(), key=len, reverse=True):
                    group.create_task(ask_host(some))
        except TimeoutError:
            pass
        return len(urls) - told

    async def _ask(self, url: str) -> Answer:
        """Follow a place to its end."""
        at, permanent, seen, private = url, True, {url}, True
        try:
            for _ in range(REDIRECTS + 1):
                response = await self._head_or_get(at, private=private)
                to = response.headers.get("location", "")
                if response.status not in _MOVED or not to:
                    return answer_of(response.status, url, at, permanent=permanent)
                permanent = permanent and response.status in _FOR_GOOD
                private = private and not response.is_public
                at = urljoin(at, to).partition("#")[0]
                if urlsplit(at).scheme not in _SCHEMES:
                    return failing(f"it leads to {at[:80]}, which is no page of the web")
                if at in seen:
                    return failing("its redirects go in a circle")
                seen.add(at)
        except _BusyError:
            return Answer("refused", "its host is busy, and asks to be left alone")
        except PermissionError:
            return Answer("refused", "robots.txt asks not to come here")
        except NoAnswerError as error:
            return failing(error.said, reached=error.reached)
        except ValueError:  # a port that is none
            return failing("it leads to what is no address")
        return failing(f"more than {REDIRECTS} redirects follow one another")

    async def _head_or_get(self, url: str, *, private: bool) -> Response:
        """Ask with HEAD; what it says is only believed where it is good, as many do not know it."""
        try:
            response = await self._question("HEAD", url, private=private)
            if response.status // 100 in (2, 3):
                return response
        except NoAnswerError as error:
            if not error.reached:
                raise
        return await self._question("GET", url, private=private)

    async def _question(self, method: str, url: str, *, private: bool) -> Response:
        """Ask a host when it is its turn, and once more where it says when to come again."""
        host = self._hosts[urlsplit(url).netloc.lower()]
        async with host.alone:
            await self._obey(host, url, private=private)
            response = await self._send(host, method, url, private=private)
            if response.status in _BUSY and (wait := _retry_after(response)) is not None:
                if wait > self.manners.patience:
                    host.is_left_alone = True
                    raise _BusyError
                host.free_at = max(host.free_at, time.monotonic() + wait)
                response = await self._send(host, method, url, private=private)
            if response.status == 429:
                host.is_left_alone = True
                raise _BusyError
            return response

    async def _obey(self, host: _Host, url: str, *, private: bool) -> None:
        """Raise what keeps us from asking: the host's wish, its robots.txt, or that it is gone."""
        if host.is_left_alone:
            raise _BusyError
        if host.broken:
            raise host.broken
        if host.robots is None:
            try:
                host.robots = await self._robots(host, url, private=private)
            except NoAnswerError as error:
                if error.reached:
                    host.robots = NONE
                else:
                    host.broken = error
                    raise
        if not host.robots.allow(url):
            raise PermissionError

    async def _robots(self, host: _Host, url: str, *, private: bool) -> Robots:
        """Read the rules of a host; as RFC 9309 has it, none if it has none, closed if it fails."""
        at = urljoin(url, "/robots.txt")
        for _ in range(REDIRECTS):
            response = await self._send(host, "GET", at, body=MOST, private=private)
            to = response.headers.get("location", "")
            if response.status not in _MOVED or not to:
                break
            at = urljoin(at, to)
            if urlsplit(at).netloc != urlsplit(url).netloc or urlsplit(at).scheme not in _SCHEMES:
                return NONE  # rules of another host are none of this one
        if response.status // 100 == 5:
            return CLOSED
        return (
            read_robots(response.body.decode("utf-8", "replace"))
            if response.status == 200
            else NONE
        )

    async def _send(
        self, host: _Host, method: str, url: str, *, body: int = 0, private: bool = True
    ) -> Response:
        await asyncio.sleep(max(0.0, host.free_at - time.monotonic()))
        try:
            return await request(method, url, self.way, body=body, private=private)
        finally:
            pause = max(self.manners.pause, host.robots.delay if host.robots else 0.0)
            host.free_at = time.monotonic() + pause


def _retry_after(response: Response) -> float | None:
    """Return how many seconds a host asks us to wait, None where it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", said):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
