"""The kind `jsonl`: each line is an entry in JSON, with the fields of a document."""

from collections.abc import Iterator

from searchapp.errors import ContentError
from searchapp.sources.facts import shown
from searchapp.sources.guarded import load_json
from searchapp.sources.model import Entry, Outcome, Reader, SourceFile

LINE_LIMIT = 4 * 2**20


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entry of each line that is not blank; a bad line is skipped alone."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        if line.strip():
            try:
                yield _entry(line, number)
            except ContentError as error:
                yield error


def _entry(line: str, number: int) -> Entry:
    if len(line) > LINE_LIMIT:
        raise ContentError(f"line has more than {LINE_LIMIT:,} characters; shorten it", number)
    stated = load_json(line, number)
    if not isinstance(stated, dict):
        raise ContentError(f'line is {shown(stated)}; write it as {{"title": ...}}', number)
    body = stated.get("body")
    if body is not None and not isinstance(body, str):
        raise ContentError(f"body is {shown(body)}; write it as text", number)
    return Entry(stated, body or "", number)


READER = Reader(read, endings=(".jsonl", ".ndjson"), identity="own", limit=256 * 2**20)
