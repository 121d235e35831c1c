"""Reads JSON Feed, versions 1 and 1.1; the kind `feed` hands its files over."""

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.guarded import load_json
from searchapp.sources.members import members_of, pairs_of, skip_space
from searchapp.sources.mending import shown
from searchapp.sources.model import Entry, Outcome, Remark, SourceFile

_SAME = ("summary", "tags", "language")


def read_json_feed(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entries of the feed in its order; a bad item is skipped alone."""
    text, warnings = decode(file.raw)
    yield from (Remark(reason, line) for line, reason in warnings)
    feed = load_json(text)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ContentError("is no JSON Feed, as it has no list of items; write one", 1)
    pairs = pairs_of(text, skip_space(text, 0), 1)
    # Of a repeated key the last one counts, as it did above.
    *_, (start, line) = ((at, line) for name, _, line, at in pairs if name == "items")
    for item, at, _ in members_of(text, start, line):
        if isinstance(item, Mapping):
            yield _entry(item, feed, file, at)
        else:
            yield ContentError(f'item is {shown(item)}; write it as {{"id": ...}}', at)
    if not feed["items"]:
        yield Remark("is a feed without entries; take it out if that is meant", None)


def _entry(
    item: Mapping[str, object], feed: Mapping[str, object], file: SourceFile, line: int
) -> Entry:
    facts = {name: item[name] for name in _SAME if item.get(name)}
    facts |= {
        "id": item.get("id") if ":" in str(item.get("id", "")) else None,
        "title": item.get("title"),
        "url": _address(item, feed, file.source.url),
        "date": item.get("date_published") or item.get("date_modified"),
        "authors": _authors(item) or _authors(feed),
    }
    if "language" not in facts and not file.source.language:
        facts["language"] = feed.get("language")
    stated = {name: value for name, value in facts.items() if value}
    return Entry(stated, _body(item), line, markup="html", plain=True)


def _address(item: Mapping[str, object], feed: Mapping[str, object], base: str | None) -> object:
    url = item.get("url")
    site = feed.get("home_page_url") or feed.get("feed_url") or base
    if not isinstance(url, str) or not isinstance(site, str):
        return url
    try:
        return urljoin(site, url.strip())
    except ValueError:
        return url


def _authors(stated: Mapping[str, object]) -> list[object]:
    """Return the authors, of version 1.1 or 1."""
    people = stated.get("authors") or [stated.get("author")]
    listed = people if isinstance(people, list) else []
    return [person for person in listed if isinstance(person, Mapping) and person.get("name")]


def _body(item: Mapping[str, object]) -> str:
    """Return the full text in HTML; paragraphs of plain text stay apart."""
    if isinstance(item.get("content_html"), str):
        return str(item["content_html"])
    text = item.get("content_text")
    escaped = html.escape(text.strip(), quote=False) if isinstance(text, str) else ""
    paragraphs = re.split(r"\n\s*\n", escaped)
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
