"""The kind `feed`: a file of RSS 0.9x to 2.0, RDF, Atom 0.3 or 1.0, or JSON Feed.

    bytes --defusedxml--> harmless --feedparser--> entries --> facts, body in HTML

Exports of WordPress and Blogger are feeds too: their pages and posts are entries, comments,
menus and settings are none, and drafts are held back. The parser is given bytes in memory
only, since it takes text that looks like an address for one and fetches it.
"""

import email.utils
import html
import io
import re
import xml.sax
import xml.sax.handler
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import feedparser
from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from searchapp.errors import ContentError
from searchapp.sources.dates import parse_date
from searchapp.sources.encodings import Warnings, decode
from searchapp.sources.jsonfeed import read_json_feed
from searchapp.sources.model import Entry, HeldBack, Outcome, Remark, SourceFile
from searchapp.text import plain_text

# What is shorter, without paragraphs of its own, and not called content, is a summary.
TEASER_LENGTH = 700

_ENTITY = re.compile(r"<!DOCTYPE[^>\[]*\[[^\]]*<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0", b"\x4c\x6f\xa7\x94")  # UTF-16, 32, EBCDIC
_GLOBAL_ID = re.compile(r"[A-Za-z][\w+.-]*:\S{3,}")
_NUMBER = re.compile(r"[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*")
_PARAGRAPHS = re.compile(r"<(?:p|br|h[1-6]|pre|li|blockquote|img|figure)\b", re.IGNORECASE)
_BLOGGER_KIND = "http://schemas.google.com/g/2005#kind"
_PIECES_OF_WORDPRESS = ("post", "page")


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entries of the feed in its order."""
    begin = file.raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not begin:
        raise ContentError("is empty; export the feed again, or take the file out")
    if begin == b"{":
        yield from read_json_feed(file)
        return
    raw, strays = in_one_encoding(file.raw)
    yield from (Remark(reason, line) for line, reason in strays)
    broken = check_xml(raw)
    parsed = parse(raw, file.source.url)
    if not parsed.version and not parsed.entries:
        raise ContentError("is no feed; write RSS, Atom or JSON Feed, or take it out", 1)
    if broken and parsed.bozo:
        what = broken[1].removeprefix("not well-formed (").removesuffix(")")
        yield Remark(f"XML has a mistake ({what}), so entries may be missing; mend it", broken[0])
    yield from _outcomes(file, parsed)


def _outcomes(file: SourceFile, parsed: Any) -> Iterator[Outcome]:
    lines = _lines_of_items(file.raw, len(parsed.entries))
    others = 0
    for stated, line in zip(parsed.entries, lines, strict=True):
        if not _is_piece(stated):
            others += 1
        elif reason := _held_back(stated):
            yield HeldBack(reason, line)
        else:
            yield _entry(stated, parsed.feed, file, line)
    if others:
        yield Remark(f"also holds comments, menus or settings ({others}), which are no pieces")
    elif not parsed.entries:
        yield Remark("is a feed without entries; take it out if that is meant")


def in_one_encoding(raw: bytes) -> tuple[bytes, Warnings]:
    """Return a feed that says it is in UTF-8, and is not quite, as UTF-8 throughout.

    The parser would read all of it in some other encoding for the sake of one byte.
    """
    says = _ENCODING.search(raw[:200])
    if raw.startswith(_NOT_UTF8) or (says and says[1].lower() not in (b"utf-8", b"utf8")):
        return raw, []
    try:
        text, warnings = decode(raw)
    except ContentError:
        return raw, []
    return (text.encode("utf-8", "replace"), warnings) if warnings else (raw, [])


def check_xml(raw: bytes) -> tuple[int | None, str] | None:
    """Refuse XML that declares entities or reaches outside; tell where it is not well-formed.

    Nothing else is refused: feeds are seldom well-formed, and the parser reads them all the
    same. A plain DOCTYPE, which RSS 0.91 asks for, is harmless.
    """
    parser = make_parser()
    parser.forbid_dtd, parser.forbid_entities, parser.forbid_external = False, True, False
    parser.setFeature(xml.sax.handler.feature_external_ges, False)  # nothing is fetched
    parser.setFeature(xml.sax.handler.feature_external_pes, False)
    parser.setContentHandler(xml.sax.ContentHandler())
    broken = None
    try:
        parser.parse(io.BytesIO(raw))
    except DefusedXmlException as error:
        raise _refusal(type(error).__name__.removesuffix("Forbidden"), None) from None
    except xml.sax.SAXParseException as error:
        broken = error.getLineNumber(), error.getMessage()
    except (xml.sax.SAXException, LookupError, ValueError) as error:
        broken = None, str(error).split("\n", 1)[0]
    # In an encoding that the first parser cannot read, the second one may find entities.
    if broken and (found := _ENTITY.search(_text_of(raw)[:100_000])):
        raise _refusal("Entities", found[0].count("\n") + 1)
    return broken


def _refusal(what: str, line: int | None) -> ContentError:
    return ContentError(
        f"declares XML {what.lower()}, which can harm, and is not read; take the DOCTYPE out", line
    )


def _text_of(raw: bytes) -> str:
    try:
        return decode(raw)[0]
    except ContentError:
        return ""


def parse(raw: bytes, base: str | None = None) -> Any:
    """Return the feed as feedparser reads it; relative addresses are those of `base`."""
    headers = {"content-type": "application/xml", "content-location": base} if base else {}
    return feedparser.parse(io.BytesIO(raw), response_headers=headers, sanitize_html=False)


def _lines_of_items(raw: bytes, count: int) -> list[int | None]:
    """Return where each entry begins, as far as that is certain."""
    text = _text_of(raw)
    lines, at, line = [], 0, 1
    for item in _ITEM.finditer(text):
        line, at = line + text.count("\n", at, item.start()), item.start()
        lines.append(line)
    return list(lines) if len(lines) == count else [None] * count


def _is_piece(stated: Any) -> bool:
    """Tell posts and pages from what an export of a blog holds besides."""
    kind = stated.get("wp_post_type")
    if kind is not None:
        return kind in _PIECES_OF_WORDPRESS
    kinds = [tag.term for tag in stated.get("tags", ()) if tag.get("scheme") == _BLOGGER_KIND]
    return not kinds or any(str(kind).endswith(("#post", "#page")) for kind in kinds)


def _held_back(stated: Any) -> str | None:
    """Return why an entry is not public, None if it is."""
    status = stated.get("wp_status", "publish")
    if status != "publish":
        return f"status is {status}; publish it to show it"
    if stated.get("wp_post_password"):
        return "has a password; take it off to show it"
    draft = stated.get("app_draft") or stated.get("draft")
    return "draft is yes; publish it to show it" if draft == "yes" else None


def _entry(stated: Any, feed: Any, file: SourceFile, line: int | None) -> Entry:
    summary, body = summary_and_body(stated)
    facts = {
        "id": id_of(stated),
        "title": title_of(stated),
        "url": address_of(stated, feed, file.source.url),
        "date": date_of(stated),
        "authors": authors_of(stated) or authors_of(feed),
        "tags": tags_of(stated),
        "summary": summary,
        "language": None if file.source.language else language_of(stated, feed),
        "publication": _line(stated.get("source", {}).get("title", "")),
    }
    facts = {name: value for name, value in facts.items() if value}
    return Entry(facts, body, line, markup="html", plain=True)


def id_of(stated: Any) -> str | None:
    """Return the entry's own id, if it is one that no other feed has: an address or a URN."""
    own = str(stated.get("id", "")).strip()
    return own if _GLOBAL_ID.fullmatch(own) and not _is_number(stated, own) else None


def _is_number(stated: Any, address: str) -> bool:
    """Tell a number that RSS takes for an address, as it does where nothing says otherwise."""
    return bool(stated.get("guidislink")) and bool(_NUMBER.fullmatch(address.rsplit("/", 1)[-1]))


def title_of(stated: Any) -> str:
    """Return the title as plain text, its entities read once."""
    detail = stated.get("title_detail") or {}
    value = str(detail.get("value") or stated.get("title", ""))
    return _line(value) if detail.get("type") == "text/plain" else plain_text(value)


def _line(text: object) -> str:
    return " ".join(str(text or "").split())


def address_of(stated: Any, feed: Any, base: str | None) -> str | None:
    """Return the entry's address; a relative one is one of the feed's site."""
    address = stated.get("feedburner_origlink") or stated.get("link")
    if not address or (address == stated.get("id") and _is_number(stated, address)):
        return None
    site = base or feed.get("link") or ""
    try:
        return urljoin(site, str(address).strip())
    except ValueError:
        return str(address)


def date_of(stated: Any) -> str | None:
    """Return the day on which the entry was published, as it was written there."""
    for name in ("published", "created", "updated"):
        if name not in stated:
            continue
        written = str(stated[name])
        if day := parse_date(written):
            return day.isoformat()
        parts = email.utils.parsedate(written) or stated.get(f"{name}_parsed")
        if parts and 1 <= parts[0] <= 9999:
            return f"{parts[0]:04d}-{parts[1]:02d}-{parts[2]:02d}"
        return written  # nonsense, which is reported as such
    return None


def authors_of(stated: Any) -> list[str]:
    """Return the names of those who wrote it."""
    people = stated.get("authors") or []
    names = [_line(person.get("name")) for person in people if isinstance(person, Mapping)]
    return list(filter(None, names)) or list(filter(None, [_line(stated.get("author"))]))


def tags_of(stated: Any) -> list[str]:
    """Return the tags, by the label that readers see."""
    tags = [tag for tag in stated.get("tags", ()) if tag.get("scheme") != _BLOGGER_KIND]
    names = [_line(html.unescape(tag.get("label") or tag.get("term") or "")) for tag in tags]
    return list(filter(None, names))


def language_of(stated: Any, feed: Any) -> str | None:
    """Return the language without its region, which feeds state by habit."""
    details = [*stated.get("content", ()), stated.get("title_detail") or {}]
    stated_language = next((d["language"] for d in details if d.get("language")), None)
    language = str(stated_language or feed.get("language") or "")
    first = re.split(r"[-_]", language, maxsplit=1)[0]
    return first if re.fullmatch(r"[A-Za-z]{2,3}", first) else None


def summary_and_body(stated: Any) -> tuple[str, str]:
    """Return the summary and the full text, both in HTML, each "" where it is not given.

    Many feeds have the full text as their description. It is one where it has paragraphs,
    or is too long for a summary.
    """
    contents = [_as_html(content) for content in stated.get("content", ())]
    body = max(contents, key=len, default="")
    summary = _as_html(stated.get("summary_detail") or {"value": stated.get("summary", "")})
    if body:
        is_start = plain_text(summary)[:TEASER_LENGTH] == plain_text(body)[:TEASER_LENGTH]
        return ("" if is_start else summary), body
    if len(summary) > TEASER_LENGTH or len(_PARAGRAPHS.findall(summary)) > 1:
        return "", summary
    return summary, ""


def _as_html(detail: Mapping[str, Any]) -> str:
    """Return a text of a feed as HTML; what is neither text nor HTML is none of ours."""
    value, kind = str(detail.get("value") or ""), str(detail.get("type") or "text/html")
    if kind == "text/plain":
        paragraphs = re.split(r"\n\s*\n", html.escape(value.strip(), quote=False))
        return "".join(f"<p>{p}</p>" for p in paragraphs if p)
    return value if kind.endswith(("html", "xml")) else ""
