"""The kinds of source: one module each, and here its line."""

from searchapp.sources import jsonl, links, lists, markdown
from searchapp.sources.model import Reader

READERS: dict[str, Reader] = {
    "markdown": markdown.READER,
    "links": links.READER,
    "list": lists.READER,
    "jsonl": jsonl.READER,
}
