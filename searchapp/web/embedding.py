"""The search box for pages of other sites: one script, and the page that shows how to use it.

    embedded/box.js + box.css --load_box--> /embed.js   what a blog's pages load, from any site
                                            /embed/     the line to copy, tried on the spot

Its styles travel in the script, which makes a style sheet of them: a page with a strict policy of
its own allows our script and our API, and nothing else.
"""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from searchapp.query import Query
from searchapp.web.compressing import compress
from searchapp.web.current import current_index
from searchapp.web.freshness import AN_HOUR
from searchapp.web.links import absolute, url_of_query
from searchapp.web.metadata import describe_embedding
from searchapp.web.scripting import without_comments
from searchapp.web.variants import revalidated

FOLDER = Path(__file__).parent / "embedded"
A_DAY = 24 * AN_HOUR
_SHEET = '"box.css"'  # stands in the script where the text of that file is to be
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

embedding = Blueprint("embedding", __name__)


@cache
def load_box() -> bytes:
    """Return the script of the box, with its styles in it."""
    script = without_comments((FOLDER / "box.js").read_text(encoding="utf-8"))
    styles = _COMMENT.sub("", (FOLDER / "box.css").read_text(encoding="utf-8"))
    lines = "\n".join(line.strip() for line in styles.splitlines() if line.strip())
    before, after = script.split(_SHEET)
    return f"{before}{json.dumps(lines)}{after}".encode()


@cache
def pack_box(script: bytes) -> bytes:
    """Return it as small as gzip makes it: it is packed once, and sent to readers of every page."""
    return gzip.compress(script, mtime=0)


@embedding.get("/embed.js")
def script() -> Response:
    """Send the script; its address stays, so browsers ask for it again after an hour.

    Within a day they go on with the one that they have while they ask: a blog never waits for
    it, nor lacks it while this server is started anew.
    """
    response = make_response(load_box())
    response.mimetype = "text/javascript"
    response.cache_control.public = True
    response.cache_control.max_age = AN_HOUR
    response.cache_control.stale_while_revalidate = A_DAY
    response.add_etag()
    response.make_conditional(request)
    return compress(response, pack_box)


@embedding.get("/embed/")
@revalidated
def embed_page() -> AnyResponse:
    """Show the line that puts the box into a page, and what a page's policy has to allow."""
    index = current_index()
    home = absolute(url_of_query(Query()), index.site.url)
    parts = urlsplit(home)
    page = render_template(
        "embed.html",
        meta=describe_embedding(index),
        home=home,
        script=absolute(url_for("embedding.script"), index.site.url),
        origin=f"{parts.scheme}://{parts.netloc}",
    )
    return make_response(page)
