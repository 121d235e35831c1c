"""Answers that caches may keep, and that are not sent twice to those who have them.

body --hash--> ETag          the same bytes are the same answer
generation --> Last-Modified nothing that is answered is younger than its index
"""

from datetime import datetime

from flask import Response, request

A_MINUTE = 60
AN_HOUR = 3600


def keep(
    response: Response, built: str, *, seconds: int = AN_HOUR, tag: str | None = None
) -> Response:
    """Let caches keep a response for so many seconds; answer 304 to those who still have it.

    `built` is when the index that answers was built, in ISO 8601. `tag` names the answer
    where its body is not to be read for that, as that of a stream.
    """
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    if tag is None:
        response.add_etag()
    else:
        response.set_etag(tag)
    response.last_modified = datetime.fromisoformat(built)
    response.make_conditional(request)
    return response
