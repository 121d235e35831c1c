"""Answers that caches may keep, and that are not sent twice to those who have them.

body --hash--> ETag          the same bytes are the same answer
generation --> Last-Modified nothing that is answered is younger than its index
"""

from datetime import datetime

from flask import Response, request

A_MINUTE = 60
AN_HOUR = 3600


def keep(response: Response, built: str, *, seconds: int = AN_HOUR) -> Response:
    """Let caches keep a response for so many seconds; answer 304 to those who still have it.

    `built` is when the index that answers was built, in ISO 8601.
    """
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.add_etag()
    response.last_modified = datetime.fromisoformat(built)
    response.make_conditional(request)
    return response
