"""Static files: read, hashed and compressed once, and sent from memory.

    static/ --load_assets--> Asset --asset_url--> its address, which changes with its content
                                   --send_asset--> a year in the browser's cache

All of them together are smaller than one photograph.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Response, abort, current_app, make_response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.web.compressing import LEAST, is_text, takes_gzip
from searchapp.web.scripting import load_scripts

STATIC = Path(__file__).parent / "static"
_A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file; `packed` is what gzip makes of it, None where that is not worth it."""

    mimetype: str
    version: str
    body: bytes
    packed: bytes | None


def load_assets(folder: Path = STATIC) -> dict[str, Asset]:
    """Read every static file, by its path below `folder`, and join our scripts."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    bodies = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    bodies |= load_scripts()
    return {name: _make_asset(name, body) for name, body in bodies.items()}


def asset_url(name: str) -> str | None:
    """Return a static file's address, which changes with its content; None without the file."""
    asset = _assets().get(name)
    return _address(request.script_root, name, asset.version) if asset else None


@lru_cache(maxsize=256)  # eight stand on each page
def _address(root: str, name: str, version: str) -> str:
    return url_for("static", filename=name, v=version)


def send_asset(filename: str) -> AnyResponse:
    """Send a static file; browsers keep it for good under the address that holds its version.

    Under any other address, such as one that a page of the last release holds, they ask again
    each time.
    """
    asset = _assets().get(filename)
    if asset is None:
        abort(404)
    is_packed = asset.packed is not None and takes_gzip(request)
    response = make_response(asset.packed if is_packed else asset.body)
    response.mimetype = asset.mimetype
    if asset.packed is not None:
        response.vary.add("Accept-Encoding")
    if is_packed:
        response.content_encoding = "gzip"
    _let_keep(response, forever=request.args.get("v") == asset.version)
    response.set_etag(f"{asset.version}{'-gzip' if is_packed else ''}")
    return response.make_conditional(request)


def _let_keep(response: Response, *, forever: bool) -> None:
    if forever:
        response.cache_control.public = response.cache_control.immutable = True
        response.cache_control.max_age = _A_YEAR
    else:
        response.cache_control.no_cache = True


def _make_asset(name: str, body: bytes) -> Asset:
    mimetype = guess_type(name)[0] or "application/octet-stream"
    worth_it = is_text(mimetype) and len(body) >= LEAST
    packed = gzip.compress(body, mtime=0) if worth_it else None
    return Asset(mimetype, sha256(body).hexdigest()[:8], body, packed)


def _assets() -> Mapping[str, Asset]:
    """Return the static files; while developing, as they are now."""
    if current_app.debug:
        return load_assets()
    loaded: Mapping[str, Asset] = current_app.extensions["assets"]
    return loaded
