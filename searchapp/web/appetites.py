"""How much each address asks for, so that who asks for little need not wait for who asks for all.

    answered --processor time--> its debt grows       in memory that all workers share
    pauses   --time------------> its debt shrinks     but not while it waits for us

An appetite is the share of a processor that an address would keep busy were it never made to wait:
so waiting makes nobody look modest, and being served late makes nobody look greedy. Nothing is done
to anyone for that while nobody else asks.
"""

import mmap
import secrets
import socket
import time
from collections.abc import Callable
from hashlib import blake2b
from math import exp

ROWS = 65_536  # addresses of one row are taken as one; with a hundred greedy ones, one in 650 is
MEMORY = 0.125  # seconds of its own time in which a debt shrinks to a third
GREEDY = 0.125  # seconds; the debt of one who asks for as long as it pauses
HOLDS = 1.0  # seconds that one who asked for more stays greedy at least
AHEAD = 0.05  # seconds that a request counts beside, if sent before the last one was answered
WASTED = 0.1  # and so one that is refused, or that its client broke off before it was answered
LATELY = 2.0  # seconds for which one who asks for little is reckoned to be there

_MAPPED = bytes(10) + b"\xff\xff"  # before an address of IPv4 that is written as one of IPv6


class Appetites:
    """The debts; make it before so many processes part, and tell each which column is its own.

    Two that charge the same address at once may lose what one of them took.
    """

    def __init__(self, processes: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock  # the same in all processes
        self._open = memoryview(mmap.mmap(-1, processes * ROWS * 4)).cast("i")  # requests
        self._processes = range(processes)
        self._mine = 0
        self._debts = memoryview(mmap.mmap(-1, ROWS * 16)).cast("d")  # and when each was changed
        self._until = memoryview(mmap.mmap(-1, ROWS * 8)).cast("d")  # when greed is forgotten
        self._modest = memoryview(mmap.mmap(-1, 4 * 8)).cast("d")  # the last two: row, when
        self._modest[0] = self._modest[2] = -1
        self._secret = secrets.token_bytes(16)  # so that nobody can aim at another's row

    def row_of(self, host: str) -> int:
        """Return the row of an address; a home has 2^64 of IPv6, which are one here."""
        try:
            packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
            name = packed[12:] if packed.startswith(_MAPPED) else packed[:8]
        except OSError:  # of IPv4, or no address at all
            name = _packed(host)
        digest = blake2b(name, digest_size=4, key=self._secret).digest()
        return int.from_bytes(digest, "big") % ROWS

    def take_column(self, process: int) -> None:
        """Count there what is asked of this process; of one that died before, nothing is open."""
        self._mine = process * ROWS
        self._open[self._mine : self._mine + ROWS] = memoryview(bytes(ROWS * 4)).cast("i")

    def rest(self, row: int) -> None:
        """Let the debt shrink by the pause that its address has made, if it waits for nothing."""
        if any(self._open[process * ROWS + row] for process in self._processes):
            return
        now = self.clock()
        debt, changed = self._debts[2 * row], self._debts[2 * row + 1]
        self._debts[2 * row] = debt * exp(-max(0.0, now - changed) / MEMORY)
        self._debts[2 * row + 1] = now

    def begin(self, row: int) -> None:
        """Note that a request has arrived: its address pauses no more."""
        self.rest(row)
        self._open[self._mine + row] += 1

    def end(self, row: int, seconds: float) -> None:
        """Add what its answer took."""
        now = self.clock()
        self._open[self._mine + row] -= 1
        self._debts[2 * row] += seconds
        self._debts[2 * row + 1] = now
        if self._debts[2 * row] > GREEDY:
            self._until[row] = now + HOLDS

    def is_greedy(self, row: int, more: float = 0.0) -> bool:
        """Whether this address asks for most of a processor; `more` is yet to be added."""
        return self._debts[2 * row] + more > GREEDY or self.clock() < self._until[row]

    def note_modest(self, row: int) -> None:
        """Note that one who asks for little has asked."""
        modest = self._modest
        if modest[0] != row:
            modest[2], modest[3] = modest[0], modest[1]
            modest[0] = row
        modest[1] = self.clock()

    def is_alone(self, row: int) -> bool:
        """Whether lately nobody has asked who asks for little, but for this address."""
        since = self.clock() - LATELY
        modest = self._modest
        return not any(modest[at] not in (row, -1) and modest[at + 1] > since for at in (0, 2))


def _packed(host: str) -> bytes:
    try:
        return socket.inet_aton(host)
    except OSError:
        return host.encode()
