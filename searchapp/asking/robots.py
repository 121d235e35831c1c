"""What a site's robots.txt allows us, as RFC 9309 has it: the longest rule that fits decides.

User-agent: searchapp     our own rules, if there are any; else those for *
Disallow: /private/*      `*` is anything, `$` the end

An empty `Disallow:` forbids nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

NAME = "searchapp"
MOST = 500_000  # bytes of a robots.txt that are read; RFC 9309 asks for as many at least
MOST_RULES = 2_000  # each is held against each address of the host; what comes after is not read
LONGEST_RULE = 2_000  # letters of one that is read: hardly any path is as long
LONGEST_DELAY = 30.0  # seconds between two questions; who asks for more is not asked

_LINE = re.compile(r"^[ \t]*([A-Za-z-]+)[ \t]*:[ \t]*([^#\r\n]*)")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us: patterns with whether they allow, and seconds between questions."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allow(self, url: str) -> bool:
        """Whether we may ask for an address; of two rules of one length the kind one counts."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fitting = [(len(p), allows) for p, allows in self.rules if _fits(p, path)]
        return self.delay <= LONGEST_DELAY and max(fitting, default=(0, True))[1]


NONE = Robots()
CLOSED = Robots((("/", False),))


def read_robots(text: str) -> Robots:
    """Return the rules of a robots.txt that are meant for us."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: set[str] = set()  # of those that a group is for, the two that may mean us
    is_open = False  # names of agents stand one below the other, before the rules of all of them
    for key, value in _lines(text):
        if key == "user-agent":
            agents = {*(agents if is_open else ()), value.lower()} & {NAME, "*"}
            is_open = True
            for agent in agents:
                groups.setdefault(agent, [])
            continue
        is_open = False
        for agent in agents:
            groups[agent].append((key, value))
    ours = next((groups[name] for name in (NAME, "*") if name in groups), [])
    delay = max((_seconds(value) for key, value in ours if key == "crawl-delay"), default=0.0)
    return Robots(tuple(islice(_rules(ours), MOST_RULES)), delay)


def _rules(stated: list[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    for key, value in stated:
        if key in ("allow", "disallow") and 0 < len(value) <= LONGEST_RULE:
            yield value, key == "allow"


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if found := _LINE.match(line):
            yield found[1].lower(), found[2].strip()


def _seconds(value: str) -> float:
    return float(value) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value) else 0.0


def _fits(rule: str, path: str) -> bool:
    """Tell whether a rule is for a path: its pieces between stars stand there one after another.

    To take each piece at its first place is enough, so nothing is tried twice: a host chooses
    both, and as a pattern `/*a*a*a*a*a*z` would be tried in as many ways as there are letters.
    """
    whole = rule.removesuffix("$") if rule.endswith("$") else f"{rule}*"
    first, *pieces = whole.split("*")
    if not pieces:
        return path == first
    if not path.startswith(first):
        return False
    at, last = len(first), pieces.pop()
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last, at)
