"""Keeps the owner's page to the owner: of this machine, by the token, from the page itself.

    request --a name of this machine?--cookie made of the token?--> the page
       POST --from this very page? (Sec-Fetch-Site, Origin)--its form's token?--> the decision
    else  --> 403, which says where the address with the token stands

Another site can neither read the page, as its requests carry no cookie (SameSite=Strict) and it
knows no token, nor send its forms. A name that comes to lead to this machine (DNS rebinding) is
none of this machine's own. Another server here, on another port, is the same site but another
origin: its requests are refused, too. Browsers send it the cookie all the same, which therefore
tells neither the token nor what forms send along.
"""

import hashlib
import hmac
import ipaddress

from flask import Request, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

_OWN = ("localhost", "127.0.0.1", "[::1]")
_ASK = "This page is the owner's. Open the address that searchapp serve printed when it started."
_FOREIGN = "This was not sent by the owner's page itself, so nothing was done."
_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
NO_STORE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def check_owner() -> AnyResponse | None:
    """Refuse whoever is not the owner; let in who comes with the token, by a cookie."""
    token: str = current_app.extensions["owner_token"]
    if not _is_of_this_machine(request):
        abort(403, _ASK)
    stated = request.args.get("token")
    if stated is not None and request.method == "GET":
        if not _equal(stated, token):
            abort(403, _ASK)
        return _let_in()
    if not _equal(request.cookies.get(_cookie(), ""), _derive("cookie")):
        abort(403, _ASK)
    if request.method not in ("GET", "HEAD"):
        _check_form()
    return None


def form_token() -> str:
    """Return what each form of the page sends along; the cookie does not tell it."""
    return _derive("form")


def _derive(purpose: str) -> str:
    """Return what the token gives for one purpose, which tells neither it nor another's."""
    token: str = current_app.extensions["owner_token"]
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def keep_private(response: Response) -> Response:
    """Let nobody keep the page, and no other site learn its address."""
    response.headers.update(NO_STORE)
    return response


def _let_in() -> AnyResponse:
    response = redirect(url_for("owner.overview"), 303)  # the token leaves the address
    response.set_cookie(
        _cookie(), _derive("cookie"), httponly=True, samesite="Strict",
        path=url_for("owner.overview"),
    )  # fmt: skip
    return response


def _cookie() -> str:
    """Return the cookie's name: browsers share cookies among all ports of a machine."""
    return f"searchapp-owner-{request.environ.get('SERVER_PORT', '')}"


def _is_of_this_machine(request: Request) -> bool:
    """Whether the page is asked for here, by a name of this machine, and by no proxy."""
    if any(name in request.headers for name in _PROXIES):
        return False
    name = request.host.lower().rpartition(":")[0] or request.host.lower()
    if request.host.startswith("["):
        name = request.host.partition("]")[0] + "]"
    try:
        return name in _OWN and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _check_form() -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_own = site == "same-origin" if site else origin is not None
    if not is_own or (origin is not None and origin != request.host_url.rstrip("/")):
        abort(403, _FOREIGN)
    if not _equal(request.form.get("form", ""), form_token()):
        abort(403, _FOREIGN)


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
