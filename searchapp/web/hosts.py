"""By which names we may be asked; it stands around the app, which makes links of the name.

    request --Host--> no name at all, or none of those that are trusted? --> 400
                      else --> the app

Where no names are trusted in particular, any is: whole links are made of the address that the
owner states, and only without one of the name by which a visitor came. This machine's own names
always are trusted, so that watchers can ask.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from searchapp.web.headers import EVERYWHERE
from searchapp.web.refusals import describe_refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"([a-z0-9._-]+|\[[a-f0-9:.]+\])(?::(\d{1,5}))?", re.IGNORECASE)
_OWN = ("localhost", "127.0.0.1", "[::1]")
_REMEDY = (
    "This site is not served by that name. If it is yours, start the server with "
    "--trusted-host and the name."
)


_LONGEST = 253  # characters of a name, as DNS has it


class TrustedHosts:
    """Passes on to `app` what asks for a trusted host; a name with a dot before has all below."""

    def __init__(self, app: "WSGIApplication", names: Sequence[str]) -> None:
        self._app = app
        self._names = tuple(name.lower().rstrip(".") for name in names)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self._trusts(environ.get("HTTP_HOST")):
            return self._app(environ, start_response)
        kind, body = describe_refusal(400, environ.get("PATH_INFO", ""), _REMEDY)
        more = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        start_response("400 Bad Request", [*EVERYWHERE.items(), *more.items()])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _trusts(self, host: str | None) -> bool:
        if host is None:  # HTTP/1.0 has no such header
            return True
        found = _HOST.fullmatch(host)
        if found is None or not 0 < int(found[2] or 80) < 65_536:
            return False
        name = found[1].lower().rstrip(".")
        if not _is_name(name):
            return False
        if not self._names or name in _OWN or name in self._names:
            return True
        return any(each.startswith(".") and name.endswith(each) for each in self._names)


def _is_name(name: str) -> bool:
    """Whether a name can be that of a host: Flask answers no other, and then finds no routes."""
    return len(name) <= _LONGEST and _can_be_read(name)


@lru_cache(maxsize=64)  # a server is known by few names, and to read one takes long
def _can_be_read(name: str) -> bool:
    try:
        return bool(name.encode("idna").decode("idna"))
    except UnicodeError:  # an empty part, one of more than 63 characters, no Punycode
        return False
