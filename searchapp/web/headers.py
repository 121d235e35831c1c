"""What every answer says to browsers, about what a page may do, and to crawlers.

What is no page is public, and the same for all: so anybody's page may read the API and feeds, and
load the search box that is made for it.
"""

from flask import Response, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

# An image opened by itself is a document, and an SVG may hold scripts.
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

EVERYWHERE = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
}


def secure(response: Response) -> Response:
    """Add the headers of every answer, errors and static files included.

    What a view has set itself stays.
    """
    there = {name.lower() for name, _ in response.headers}
    for name, value in EVERYWHERE.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


_OPEN = ("/api/", "/feed.", "/embed.js")
_SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Location, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def share(response: Response) -> Response:
    """Let scripts of any site read the API and the feeds, their errors too; send no cookie there.

    So with the script that blogs load from here.

    They are for programs: search engines are to list the pages.
    """
    if request.path.startswith(_OPEN) and request.path != "/api/":  # that is a page
        response.headers.update(_SHARED)
        if request.method == "OPTIONS":
            response.headers.update(_PREFLIGHT)
    return response
