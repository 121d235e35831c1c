"""What a feed parser's own tests expect, asked of the feeds as we have them parsed.

Each file states in a comment what must hold of it, as a comparison: `entries[0]['title'] == 'A'`.
It is read as data, never run. Only what is said of fields that we use counts.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from benchmarks.corpora.rows import Row
from searchapp.errors import ContentError
from searchapp.sources.feed import check_xml, in_one_encoding, parse

GROUPS = ("encoding", "rss", "rdf", "atom", "atom10", "base")
USED = frozenset((
    "title", "link", "links", "id", "guid", "summary", "summary_detail", "description", "content",
    "title_detail", "published", "updated", "created", "modified", "author", "authors", "tags",
    "category", "language", "source", "value", "type", "term", "label", "scheme", "name", "href",
    "base", "rel", "guidislink", "published_parsed", "updated_parsed", "created_parsed", "draft",
))  # fmt: skip
# Of the feed itself we read these only.
USED_OF_FEED = frozenset(("title", "link", "language", "author", "authors"))

SERVED = "http://127.0.0.1:8097"  # where those tests serve their files; nothing is fetched

_EXPECT = re.compile(r"Expect:\s*(?:not bozo and )?(.*?)\s*(?:-->|\n)", re.DOTALL)
_BASE = re.compile(r"Header:\s*Content-Location:\s*(\S+)", re.IGNORECASE)
_CONTENT_TYPE = re.compile(r"Header:\s*Content-type:", re.IGNORECASE)


def report(root: Path) -> Iterator[Row]:
    """Yield, for each group of files, how many expectations hold."""
    for group in GROUPS:
        counts: Counter[str] = Counter()
        wrong = []
        for path in sorted((root / "robust/feedparser/tests").rglob(f"{group}/*.xml")):
            fate, detail = _judge(path)
            counts[fate] += 1
            if detail:
                wrong.append(f"{path.name}: {detail}")
        figure = (
            f"{counts['holds']} hold, {counts['fails']} do not, {counts['refused']} refused for "
            f"entities; {counts['other']} of what we do not use"
        )
        yield Row(group, figure, not wrong and counts["holds"] > 0, tuple(wrong))


def _judge(path: Path) -> tuple[str, str | None]:
    raw = path.read_bytes()
    expected = _expectation(raw)
    if expected is None:
        return "other", None
    stated, tree = expected
    base = _BASE.search(stated)
    served = f"{SERVED}/{path.name}" if "base" in path.parts else None
    try:
        whole, _ = in_one_encoding(raw)
        check_xml(whole)
        parsed = parse(whole, urljoin(served or "", base[1]) if base else served)
    except ContentError as error:
        return "refused", None if "entities" in error.reason else error.reason
    found, wanted = _value(tree.left, parsed), ast.literal_eval(tree.comparators[0])
    if found == wanted:
        return "holds", None
    return "fails", f"{ast.unparse(tree.left)} is {found!r}, expected {wanted!r}"


def _expectation(raw: bytes) -> tuple[str, ast.Compare] | None:
    """Return the comment of a file and its comparison, None where it asks what we do not use."""
    stated = raw.replace(b"\0", b"").decode("latin-1")[:3000]
    found = _EXPECT.search(stated)
    if found is None or _CONTENT_TYPE.search(stated):  # of an answer of a server; ours are files
        return None
    try:
        tree = ast.parse(found[1].strip(), mode="eval").body
        if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], ast.Eq):
            return None
        ast.literal_eval(tree.comparators[0])
    except (SyntaxError, ValueError):
        return None
    return (stated, tree) if _is_used(tree.left) else None


def _is_used(node: ast.expr) -> bool:
    path = _path(node)
    if path is None or not path:
        return False
    names = {step for step in path[1:] if isinstance(step, str)}
    if path[0] == "feed":
        return bool(names) and path[1] in USED_OF_FEED and names <= USED
    return path[0] in ("entries", "version", "encoding") and names <= USED


def _path(node: ast.expr) -> list[Any] | None:
    """Return `entries[0]['title']` as ["entries", 0, "title"], None for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        above = _path(node.value)
        return above and [*above, node.slice.value]
    return None


def _value(node: ast.expr, parsed: Any) -> Any:
    found = parsed
    for step in _path(node) or ():
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return None
    return found
