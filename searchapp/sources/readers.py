"""The kinds of source: one module each, and here its line.

A module is imported when the first file of its kind is read: listing files, and telling that
none has changed, needs what is said here alone.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from searchapp.sources.model import Outcome, Reader, SourceFile

HTML = (".html", ".htm", ".xhtml")
MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".mdx", ".html", ".htm")


def _by(module: str) -> Callable[[SourceFile], Iterator[Outcome]]:
    """Return the `read` of the module of that name."""

    def read(file: SourceFile) -> Iterator[Outcome]:
        found: Iterator[Outcome] = import_module(f"{__package__}.{module}").read(file)
        return found

    return read


READERS: dict[str, Reader] = {
    "markdown": Reader(_by("markdown"), MARKDOWN, "path"),
    "html": Reader(_by("html"), HTML, "path"),
    "links": Reader(_by("links"), (".md", ".markdown"), "title", gives="article", listed=True),
    "list": Reader(
        _by("lists"), (".yaml", ".yml", ".json", ".toml", ".csv", ".tsv"), "title", listed=True
    ),
    "feed": Reader(
        _by("feed"),
        (".xml", ".rss", ".atom", ".rdf", ".json"),
        "own",
        limit=64 * 2**20,
        binary=True,
    ),
    "jsonl": Reader(_by("jsonl"), (".jsonl", ".ndjson"), "own", limit=256 * 2**20, binary=True),
}
