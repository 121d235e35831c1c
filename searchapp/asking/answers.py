"""What asking a place gives: an answer, and what it says of the place.

lives    2xx
moved    2xx, at another address to which permanent redirects lead
dead     404, 410; and what has failed each time for long
failing  no answer, a broken one, 5xx, a certificate that does not hold, a circle of redirects
refused  401, 403, 429 and the like, robots.txt: somebody is at home, and does not open

Whoever refuses a program may well let people in, so only what says that it is gone is dead.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from searchapp.urls import address_key

State = Literal["lives", "moved", "dead", "failing", "refused"]
STATES: tuple[State, ...] = ("lives", "moved", "dead", "failing", "refused")

_GONE = frozenset((404, 410))
_FIRST_FAILURE = 500
_LAST_FAILURE = 599  # beyond are numbers of sites' own, such as LinkedIn's 999 for robots


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question: `said` in words; `to` is where permanent redirects lead.

    `reached` is False where not even a connection came about.
    """

    state: State
    said: str
    to: str | None = None
    reached: bool = True


def failing(said: str, *, reached: bool = True) -> Answer:
    """Return the answer of a place that gave none, or a broken one."""
    return Answer("failing", said, reached=reached)


def answer_of(status: int, url: str, at: str, *, permanent: bool) -> Answer:
    """Return what a status says of `url`, where `at` is the address that gave it.

    A redirect counts as a move only if all of the way was `permanent`, and leads to what is
    another address for us, too.
    """
    if status in _GONE:
        return Answer("dead", told(status))
    if _FIRST_FAILURE <= status <= _LAST_FAILURE:
        return failing(told(status))
    if status // 100 != 2:
        return Answer("refused", told(status))
    if at != url and permanent and address_key(at) != address_key(url):
        return Answer("moved", told(status), at)
    return Answer("lives", told(status))


def leads_home(url: str, to: str) -> bool:
    """Whether an address of a piece has become that of a front page, as of a site made anew."""
    return bool(urlsplit(url).path.strip("/")) and not urlsplit(to).path.strip("/")


def told(status: int) -> str:
    """Return a status with its name, where it has one: `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
