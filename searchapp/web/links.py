"""Addresses: every link on a page is a `Query` with one thing changed, or a page of ours.

All are made by Flask, so they hold below a prefix (`SCRIPT_NAME`).
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import current_app, url_for

from searchapp.query import Query


def url_of_query(query: Query) -> str:
    """Return the address of the page that answers `query`."""
    return _with_query(url_for("pages.search_page"), query)


def url_of_json(query: Query) -> str:
    """Return the address of the same answer as JSON."""
    return _with_query(url_for("api.search"), query)


def url_of_tags(slugs: Iterable[str]) -> str:
    """Return the address of the page of one tag, or of several together."""
    return url_for("pages.tag_page", names="+".join(sorted(set(slugs))))


def url_of_work(key: str) -> str:
    """Return the address of a piece's own page."""
    return url_for("pages.work_page", key=key)


def asset_url(name: str) -> str | None:
    """Return a static file's address, which changes with its content; None without the file."""
    version = current_app.extensions["assets"].get(name)
    return url_for("static", filename=name, v=version) if version else None


def outside(url: str | None) -> str | None:
    """Return `url` if a visitor may be sent there: http or https with a host, else None.

    Escaping does not stop `javascript:` in a link.
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _with_query(path: str, query: Query) -> str:
    arguments = query.as_query_string()
    return f"{path}?{arguments}" if arguments else path
