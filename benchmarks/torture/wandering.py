"""Requests of every route that there is, with every parameter, and of many that there are not.

routes of the app --filled in--> path ? args --headers--> bytes, as a Client sends them
"""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from benchmarks.torture.grammar import Asker
from searchapp.web import create_app

PARAMETERS = {
    "limit": ("1", "20", "100", "101", "0", "-1", "x", "9" * 12),
    "explain": ("1", "0", "", "yes"),
    "q": ("",),
    "find": ("", "a", "ing", "%", "é", "a" * 300),
    "order": ("count", "name", "", "newest"),
    "part": ("1", "2", "999", "x", "-1", ""),
    "letter": ("a", "z", "", "0", "é", "#"),
    "v": ("1", ""),
}
WORN = ("%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", "a" * 300, "%2e%2e", "-1", "0", "%0d%0aX: y",
        "é", "style.css", "vendor/", "favicon.svg", "bib", "2", "999999999999999999999",
        "%F0%9F%99%82", "a+b+c", "+", "a%2Bb", "A B", "-", "%25", ";", "a;b=c", "{{7*7}}",
        "%3Cscript%3E")  # fmt: skip
HEADERS = (
    "HX-Request: true", "HX-Request: true\r\nHX-Boosted: true", "HX-Request: false",
    "HX-Request: true\r\nHX-Target: results",
    "HX-Request: true\r\nHX-Current-URL: http://a.example/?q=%",
    "HX-Request: true\r\nHX-History-Restore-Request: true", "HX-Trigger: \xe9", "Cookie: a=b; c",
    "Accept-Encoding: gzip", "Accept-Encoding: br, gzip;q=0.5", "Accept-Encoding: gzip;q=x",
    'If-None-Match: "x", W/"y"', "If-None-Match: *", "If-Modified-Since: yesterday",
    "Range: bytes=0-1", "Range: bytes=9-1,x", "Accept: application/json", "Accept: ;;q",
    "Accept-Language: x-\xff;q=9", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Prefix: /a",
    "Script-Name: /b", "Content-Length: 0",
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", "User-Agent: " + "a" * 3000,
    "Expect: 100-continue\r\nContent-Length: 0", "Origin: null",
)  # fmt: skip
METHODS = ("GET",) * 30 + ("HEAD",) * 3 + ("OPTIONS", "POST", "PUT", "DELETE", "PATCH", "BREW")
HOSTS = ("localhost",) * 30 + (
    "a.example",
    "",
    "[::1]:80",
    "a:b:c",
    "\xe9.example",
    "x" * 300,
    "a..b",
    "xn--",
    "xn--a",
    ".",
    "-",
    "a" * 64,
    "under_score",
)

# What visitors ask for most; each other route comes once for a dozen of these.
MOST = ("/", "/", "/", "/", "/api/search", "/api/search", "/api/suggest", "/tags/<names>/",
        "/works/<key>/", "/feed.atom", "/facets/<name>/", "/tags/")  # fmt: skip
NOWHERE = "nowhere"


def list_routes() -> tuple[str, ...]:
    """Return the routes of the app; with them one that is none of them."""
    app = create_app(Path("no-index"))
    return (*sorted({rule.rule for rule in app.url_map.iter_rules()}), NOWHERE)


class Wanderer:
    """Draws requests, one after the other; `asked` counts them by route."""

    def __init__(self, asker: Asker, routes: Sequence[str]) -> None:
        self._asker = asker
        self._routes = routes
        self._chance: random.Random = asker.chance
        self.asked = dict.fromkeys(routes, 0)

    def request(self) -> bytes:
        """Return a request that a server of HTTP should answer, if only with a refusal."""
        chance = self._chance
        head = f"{chance.choice(METHODS)} {self.target()} HTTP/1.1\r\n".encode("utf-8", "replace")
        host = chance.choice(HOSTS)
        lines = [f"Host: {host}", *chance.choices(HEADERS, k=chance.choice((0, 0, 1, 2)))]
        body = [line for line in lines if "\r\n\r\n" in line][:1]
        lines = [line for line in lines if "\r\n\r\n" not in line] + body
        end = "" if body else "\r\n\r\n"
        return head + ("\r\n".join(lines) + end).encode("latin-1")

    def plain(self) -> bytes:
        """Return a request as a browser sends it."""
        return f"GET {self.target(often=False)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def target(self, often: bool = True) -> str:
        """Return a path and its parameters; what visitors ask for most comes most `often`."""
        chance = self._chance
        route = chance.choice(MOST if often and chance.random() < 0.7 else self._routes)
        self.asked[route] += 1
        path = f"/{chance.choice(WORN)}" if route == NOWHERE else self._fill(route)
        return f"{path}?{self._parameters()}" if chance.random() < 0.85 else path

    def _fill(self, route: str) -> str:
        return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>", self._value, str(route))

    def _value(self, place: re.Match[str]) -> str:
        """Return what may stand at a place of a route: mostly what is there."""
        chance, known = self._chance, self._asker.vocabulary
        if chance.random() < 0.15:
            return chance.choice(WORN)
        if place[2]:
            return chance.choice(re.findall(r"\w+", place[2]))
        if place[1] == "int":
            return str(chance.randrange(4))
        if place[3] == "key":
            return chance.choice(known.keys)
        if place[3] == "names":
            tags = known.facets.get("tag") or ("none",)
            return "+".join(
                chance.choice(tags) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 9)))
            )
        if place[3] == "name":
            return chance.choice(list(known.facets))
        return chance.choice(WORN)

    def _parameters(self) -> str:
        chance = self._chance
        pairs = self._asker.args()
        if chance.random() < 0.4:
            name = chance.choice(list(PARAMETERS))
            pairs.append((name, chance.choice(PARAMETERS[name])))
        plain = chance.random() < 0.05  # as who writes addresses by hand
        safe = "\"'<>|\\{}" if plain else ""
        told = [f"{_quote(name, safe)}={_quote(value, safe)}" for name, value in pairs]
        return chance.choice("&&&&&&&&;").join(told)[:7_000]


def _quote(text: str, safe: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe)
