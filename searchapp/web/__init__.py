"""The web: turns requests into pages, feeds and JSON.

    request --Query--> index.answer --Results--> presenters --views--> templates, payloads

`create_app` is all that others need; it makes a WSGI application.
"""

from hashlib import sha256
from pathlib import Path

from flask import Flask
from htmx_flask import Htmx
from jinja2 import StrictUndefined

from searchapp.settings import DEFAULT
from searchapp.web import headers, problems
from searchapp.web.api import api
from searchapp.web.current import CurrentIndex
from searchapp.web.feeds import feeds
from searchapp.web.links import asset_url
from searchapp.web.markup import Templates, snippet, trusted
from searchapp.web.pages import pages
from searchapp.web.tag_pages import other_map, tag_pages

_HERE = Path(__file__).parent
_A_YEAR = 365 * 24 * 60 * 60


def create_app(index: Path, content: Path | None = None) -> Flask:
    """Make the application that serves the index in the folder `index`.

    `content` is the folder whose images are shown; without it pieces have none. An index
    that is missing is no error here: pages say so until there is one.
    """
    app = Flask("searchapp.web", static_folder=_HERE / "static", template_folder=_templates())
    app.jinja_environment = Templates
    app.config["PAGE_SIZE"] = int(DEFAULT["page_size"])
    app.config["CONTENT"] = content.resolve() if content else None
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _A_YEAR  # an asset's address holds its hash
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["index"] = CurrentIndex(index)
    app.extensions["assets"] = _hash_assets()
    Htmx(app)
    app.register_blueprint(pages)
    app.register_blueprint(tag_pages)
    app.register_blueprint(other_map)
    app.register_blueprint(api)
    app.register_blueprint(feeds)
    problems.register(app)
    app.after_request(headers.secure)
    _prepare_templates(app)
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.filters.update(trusted=trusted, snippet=snippet)


def _templates() -> Path:
    """Return the folder of templates: beside the package's modules, else in the checkout."""
    installed = _HERE.parent / "templates"
    return installed if installed.is_dir() else _HERE.parents[1] / "templates"


def _hash_assets() -> dict[str, str]:
    """Return the start of each static file's hash, which makes its address change with it."""
    folder = _HERE / "static"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:8]
        for path in files
    }
