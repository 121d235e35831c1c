"""The kinds of source: one module each, and here its line."""

from searchapp.sources import feed, html, jsonl, links, lists, markdown
from searchapp.sources.model import Reader

READERS: dict[str, Reader] = {
    "markdown": markdown.READER,
    "html": html.READER,
    "links": links.READER,
    "list": lists.READER,
    "feed": feed.READER,
    "jsonl": jsonl.READER,
}
