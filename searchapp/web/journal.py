"""What the server writes of itself, a JSON object a line: for machines, and kept as text.

A request is told by route and path, never by who sent it or what was searched for. A failure has
its traceback here, and nowhere else. All is ASCII: what a visitor sends cannot end a line or move
a terminal's cursor.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

REQUESTS = logging.getLogger("searchapp.requests")
LONGEST_PATH = 200
_POLLED = frozenset(("/changes",))  # asked three times a second by each page that is watched


class JsonLines(logging.Formatter):
    """Writes a record on one line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told |= getattr(record, "members", None) or {"message": record.getMessage()}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told)


def keep_journal(stream: TextIO = sys.stderr) -> None:
    """Write all that is logged, and each request, to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    REQUESTS.setLevel(logging.INFO)


def note_request(method: str, route: str, path: str, status: int, seconds: float) -> None:
    """Write a line on a request, if a journal is kept; a poll that brings no news is none."""
    if status == 304 and route in _POLLED:
        return
    if REQUESTS.isEnabledFor(logging.INFO):
        members = {
            "method": method[:20],
            "route": route,
            "path": path[:LONGEST_PATH],
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        REQUESTS.info("request", extra={"members": members})
