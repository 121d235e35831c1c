"""What a site's robots.txt allows us, as RFC 9309 has it: the longest rule that fits decides.

User-agent: searchapp     our own rules, if there are any; else those for *
Disallow: /private/*      `*` is anything, `$` the end

An empty `Disallow:` forbids nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

NAME = "searchapp"
MOST = 500_000  # bytes of a robots.txt that are read; RFC 9309 asks for as many at least
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
        fitting = [(len(p), allows) for p, allows in self.rules if _pattern(p).match(path)]
        return self.delay <= LONGEST_DELAY and max(fitting, default=(0, True))[1]


NONE = Robots()
CLOSED = Robots((("/", False),))


def read_robots(text: str) -> Robots:
    """Return the rules of a robots.txt that are meant for us."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    is_open = False  # names of agents stand one below the other, before the rules of all of them
    for key, value in _lines(text):
        if key == "user-agent":
            agents = [*(agents if is_open else ()), value.lower()]
            is_open = True
            groups.setdefault(value.lower(), [])
            continue
        is_open = False
        for agent in agents:
            groups[agent].append((key, value))
    ours = next((groups[name] for name in (NAME, "*") if name in groups), [])
    rules = tuple((v, key == "allow") for key, v in ours if key in ("allow", "disallow") and v)
    return Robots(rules, max((_seconds(v) for key, v in ours if key == "crawl-delay"), default=0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if found := _LINE.match(line):
            yield found[1].lower(), found[2].strip()


def _seconds(value: str) -> float:
    return float(value) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value) else 0.0


def _pattern(rule: str) -> re.Pattern[str]:
    end = "$" if rule.endswith("$") else ""
    parts = rule.removesuffix("$").split("*")
    return re.compile(".*".join(map(re.escape, parts)) + end)
