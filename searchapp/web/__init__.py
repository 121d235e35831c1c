"""The web: turns requests into pages, feeds and JSON.

    request --Query--> index.answer --Results--> presenters --views--> templates, payloads

`create_app` is all that others need; it makes a WSGI application.
"""

from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from htmx_flask import Htmx
from jinja2 import StrictUndefined

from searchapp.searches import SearchLog
from searchapp.settings import DEFAULT
from searchapp.web import headers, problems
from searchapp.web.api import api
from searchapp.web.assets import asset_url, load_assets, send_asset
from searchapp.web.compiling import Templates
from searchapp.web.compressing import compress
from searchapp.web.current import CurrentIndex
from searchapp.web.discovery import discovery
from searchapp.web.embedding import embedding
from searchapp.web.facet_pages import facet_pages
from searchapp.web.feeds import feeds
from searchapp.web.health import health
from searchapp.web.hosts import TrustedHosts
from searchapp.web.links import url_of_page
from searchapp.web.markup import json_block, snippet, trusted
from searchapp.web.metering import Meter, Watch
from searchapp.web.openapi import openapi
from searchapp.web.pages import pages
from searchapp.web.tag_pages import other_map, tag_pages
from searchapp.web.variants import name_release

__all__ = ["create_app"]

_HERE = Path(__file__).parent


def create_app(
    index: Path,
    content: Path | None = None,
    meter: Meter | None = None,
    *,
    searches: bool = False,
    trusted_hosts: Sequence[str] = (),
) -> Flask:
    """Make the application that serves the index in the folder `index`.

    `content` is the folder whose images are shown; without it pieces have none. An index
    that is missing is no error here: pages say so until there is one. `meter` counts requests,
    for several processes together where they share it. With `searches`, those that found nothing
    are noted in the index folder. Where `trusted_hosts` are named, no other is answered.
    """
    app = Flask("searchapp.web", static_folder=None, template_folder=_templates())
    app.jinja_environment = Templates
    app.config["PAGE_SIZE"] = int(DEFAULT["page_size"])
    app.config["CONTENT"] = content.resolve() if content else None
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["index"] = CurrentIndex(index)
    app.extensions["searches"] = SearchLog(index) if searches else None
    app.extensions["assets"] = load_assets()
    app.add_url_rule("/static/<path:filename>", "static", send_asset)
    app.extensions["release"] = name_release(_templates())
    Htmx(app)
    app.register_blueprint(pages)
    app.register_blueprint(tag_pages)
    app.register_blueprint(other_map)
    app.register_blueprint(facet_pages)
    app.register_blueprint(api)
    app.register_blueprint(feeds)
    app.register_blueprint(openapi)
    app.register_blueprint(discovery)
    app.register_blueprint(embedding)
    app.register_blueprint(health)
    problems.register(app)
    app.after_request(compress)  # the first to be named is the last to be called
    app.after_request(headers.secure)
    app.after_request(headers.share)  # runs first: Flask goes through them backwards
    _prepare_templates(app)
    app.extensions["meter"] = meter or Meter()
    app.wsgi_app = TrustedHosts(app.wsgi_app, trusted_hosts)  # type: ignore[method-assign]
    app.wsgi_app = Watch(app, app.extensions["meter"])  # type: ignore[method-assign]
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset_url=asset_url, url_for=url_of_page)
    app.jinja_env.filters.update(trusted=trusted, snippet=snippet, json_block=json_block)
    app.jinja_env.filters["grouped"] = "{:,}".format  # 12000 as 12,000


def _templates() -> Path:
    """Return the folder of templates: beside the package's modules, else in the checkout."""
    installed = _HERE.parent / "templates"
    return installed if installed.is_dir() else _HERE.parents[1] / "templates"
