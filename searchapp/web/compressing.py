"""Compression: the last step of an answer, where the browser takes gzip.

    view --Response--> after_request --compress--> fewer bytes, the same words

Nothing secret stands on any page (no account, no cookie, no token), so the length of a page
tells nobody anything (BREACH). Assets are compressed once, in `assets.py`.
"""

import gzip
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial

from flask import Request, Response, request
from werkzeug.http import parse_accept_header

from searchapp.slugs import SHORT

LEAST = 1_000  # bytes; an answer that fits one packet arrives no sooner for being smaller

Pack = Callable[[bytes], bytes]

pack_by_zlib: Pack = partial(gzip.compress, compresslevel=3, mtime=0)
pack = pack_by_zlib
with suppress(ImportError):  # it is made for few kinds of processors
    from isal import igzip

    # A page of 63 kB: .07 ms for 11.4 kB, where zlib takes .4 ms for 10.7 kB, as many packets.
    pack = partial(igzip.compress, compresslevel=2, mtime=0)

_BY_ENDING = ("json", "xml", "javascript")


def compress(response: Response, how: Pack = pack) -> Response:
    """Compress an answer of text, if it is worth it and the browser takes gzip.

    Views whose words are always the same say `how`, and keep what that made. The ETag becomes a
    weak one: it names the words, of which there are two forms now.
    """
    if response.status_code == 304:
        response.vary.add("Accept-Encoding")  # what it stands for may be compressed
    if not _can_be_smaller(response):
        return response
    headers = response.headers
    if takes_gzip(request):
        response.set_data(how(response.get_data()))
        headers["Content-Encoding"] = "gzip"
        tag = headers.get("ETag", "W/")
        if not tag.startswith("W/"):
            headers["ETag"] = f"W/{tag}"
    response.vary.add("Accept-Encoding")
    return response


def takes_gzip(asked: Request) -> bool:
    """Whether the browser accepts gzip."""
    accepted = asked.headers.get("Accept-Encoding", "")
    read = _takes_gzip if len(accepted) <= SHORT else _takes_gzip.__wrapped__
    return read(accepted)


@lru_cache(maxsize=64)  # there are as many as browsers
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted).quality("gzip") > 0


def is_text(mimetype: str) -> bool:
    """Whether gzip makes bytes of that kind fewer."""
    return mimetype.startswith("text/") or mimetype.endswith(_BY_ENDING)


def _can_be_smaller(response: Response) -> bool:
    return (
        not response.direct_passthrough
        and not response.is_streamed
        and not response.content_encoding
        and response.status_code not in (204, 206, 304)
        and not response.cache_control.no_transform
        and is_text(response.mimetype or "")
        and (response.calculate_content_length() or 0) >= LEAST
    )
