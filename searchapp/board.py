"""What the one process that builds tells those that answer, and how they ask it to build.

    builder --tell--> Board --read--> workers       begun, ended, what came of it
            <-------- a bell --ring--

It is memory that the processes share, made before they parted: nothing lies on the disk, and a
builder that takes the place of one that died goes on with it.
"""

import json
import mmap
import os
import select
import struct
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

_SLOT = 64 * 1024
_SLOTS = 8  # bytes before them, which count what was told
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class News:
    """How the builds of this server go.

    `begun` and `ended` count them; `failed` says why the last one came to nothing, None where it
    did not, and `told` what it did. `findings` are what it found wanting that the one before had
    not, each on a line.
    """

    begun: int = 0
    ended: int = 0
    failed: str | None = None
    told: str = ""
    findings: tuple[str, ...] = ()

    @property
    def is_building(self) -> bool:
        """Whether a build is under way."""
        return self.begun > self.ended


class Board:
    """The news, in two slots of which one counts: nobody reads what is half written.

    Which one, says the number of what was told last. It never comes back, so who finds the same
    number after reading has read what belongs to it.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SLOTS + 2 * _SLOT)
        self._number = memoryview(self._memory)[:_SLOTS].cast("Q")  # written as one
        self._ear, self._bell = os.pipe()
        for end in (self._ear, self._bell):
            os.set_blocking(end, False)
        self.tell(News())

    def tell(self, news: News) -> None:
        """Put up the news; only one process may."""
        told = json.dumps(asdict(news)).encode()
        if len(told) > _SLOT - _LENGTH.size:
            told = json.dumps(asdict(replace(news, findings=()))).encode()
        number = self._number[0] + 1
        begin = _begin_of(number)
        whole = _LENGTH.pack(len(told)) + told
        self._memory[begin : begin + len(whole)] = whole
        self._number[0] = number

    def read(self) -> News:
        """Return the news."""
        while True:
            number = self._number[0]
            begin = _begin_of(number)
            (length,) = _LENGTH.unpack(self._memory[begin : begin + _LENGTH.size])
            told = self._memory[begin + _LENGTH.size : begin + _LENGTH.size + length]
            if self._number[0] == number:
                news = json.loads(told)
                return News(**(news | {"findings": tuple(news["findings"])}))

    def ring(self) -> None:
        """Ask for a build."""
        with suppress(BlockingIOError):  # it is full: a build is asked for anyhow
            os.write(self._bell, b"!")

    def wait_for_ring(self, seconds: float) -> bool:
        """Wait for somebody to ask, for so long; return whether one did."""
        poll = select.poll()
        poll.register(self._ear, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
        with suppress(BlockingIOError):
            os.read(self._ear, 4096)
        return True

    def wait_for_build(self, begun: int, seconds: float) -> bool:
        """Wait until a build that began after `begun` others has ended; return whether one has."""
        until = time.monotonic() + seconds
        while self.read().ended <= begun:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        """Free what it holds."""
        self._number.release()
        self._memory.close()
        os.close(self._ear)
        os.close(self._bell)


def _begin_of(number: int) -> int:
    return _SLOTS + number % 2 * _SLOT
