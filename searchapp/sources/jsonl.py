"""The kind `jsonl`: each line is an entry in JSON, with the fields of a document.

Files may be exports of everything, so they are read as bytes, a line at a time; a line that is
not UTF-8 is skipped alone.
"""

from collections.abc import Iterator

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.guarded import load_json, repeated_keys, stands_twice
from searchapp.sources.mending import shown
from searchapp.sources.model import Entry, Outcome, Remark, SourceFile

LINE_LIMIT = 4 * 2**20


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entry of each line that is not blank; a bad line is skipped alone."""
    for number, line in enumerate(_lines(file.raw), start=1):
        if line.strip():
            try:
                yield from _outcomes(line, number)
            except ContentError as error:
                yield error


def _lines(raw: bytes) -> Iterator[bytes]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, whose lines end otherwise
        raw = decode(raw)[0].encode()
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while (end := raw.find(b"\n", start)) >= 0:
        yield raw[start:end]
        start = end + 1
    yield raw[start:]


def _outcomes(line: bytes, number: int) -> Iterator[Outcome]:
    if len(line) > LINE_LIMIT:
        raise ContentError(f"line has more than {LINE_LIMIT:,} bytes; shorten it", number)
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        reason = f"byte 0x{line[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ContentError(reason, number) from None
    clean = text.replace("\0", "")
    if clean != text:
        yield Remark("control character U+0000 is left out; delete it", number)
    yield _entry(clean, number)


def _entry(line: str, number: int) -> Entry:
    stated = load_json(line, number)
    if not isinstance(stated, dict):
        raise ContentError(f'line is {shown(stated)}; write it as {{"title": ...}}', number)
    body = stated.get("body")
    if body is not None and not isinstance(body, str):
        raise ContentError(f"body is {shown(body)}; write it as text", number)
    warnings = tuple((number, stands_twice(key)) for key in repeated_keys(line.lstrip()))
    return Entry(stated, body or "", number, warnings=warnings)
