"""What a request is told that is refused before the app sees it: too long, too large, no HTTP.

The app makes no page then, so these are short ones of their own, with the headers of every other.
"""

import json
from html import escape

from waitress.task import ErrorTask
from waitress.utilities import BadRequest

from searchapp.web.headers import EVERYWHERE

# For each status its name, and what to do.
WORDS = {
    400: ("Bad Request", "This is no request as HTTP has it. Try again from the start page."),
    413: ("Content Too Large", "Nothing here reads so much. Searches are written in the address."),
    414: ("URI Too Long", "The address is too long. Search with fewer words or fewer filters."),
    431: ("Request Header Fields Too Large",
          "The headers are too long. Delete the cookies of this site and try again."),
    500: ("Internal Server Error", "Something broke on our side. Please try again."),
    501: ("Not Implemented", "This way to send a request is not known here."),
}  # fmt: skip


class UriTooLong(BadRequest):  # type: ignore[misc]  # it ships no types
    """An address that is longer than any of ours."""

    code = 414
    reason = "URI Too Long"


class Refusal(ErrorTask):  # type: ignore[misc]  # nor does this
    """Answers a request that was refused."""

    def execute(self) -> None:
        """Write why, and what to do."""
        status = self.request.error.code
        kind, body = describe_refusal(status, str(self.request.path or ""))
        self.status = f"{status} {WORDS.get(status, WORDS[500])[0]}"
        self.response_headers.extend(EVERYWHERE.items())
        self.response_headers += [("Content-Type", kind), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.channel.lingers = True
        self.channel.count_refusal(status)
        self.content_length = len(body)
        self.write(body)


def describe_refusal(status: int, path: str, remedy: str = "") -> tuple[str, bytes]:
    """Return the kind and the body of an answer: a problem for programs, a page for others."""
    name, usual = WORDS.get(status, WORDS[500])
    if path.startswith("/api/"):
        return "application/problem+json", _problem(status, name, remedy or usual)
    return "text/html; charset=utf-8", _page(name, remedy or usual)


def _problem(status: int, name: str, remedy: str) -> bytes:
    problem = {"type": "about:blank", "title": name, "status": status, "detail": remedy}
    return json.dumps(problem).encode()


def _page(name: str, remedy: str) -> bytes:
    title = escape(name)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<h1>{title}</h1>\n<p>{escape(remedy)}</p>\n"
    ).encode()
