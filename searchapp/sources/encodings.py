"""Decodes files: by a byte order mark, as UTF-8, as declared, else by a guess that is told."""

import codecs
import re

from searchapp.errors import ContentError
from searchapp.sources.guessing import PLAIN, guess

Warnings = list[tuple[int | None, str]]

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = (
    re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']"),
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE),
    re.compile(rb"\A(?:.*\n)?.{0,80}coding[:=]\s*([\w.-]{1,40})"),
)
_DECLARED_WITHIN = 4096  # bytes from the start of a file

# Python knows codecs that are no encodings of text (zip, rot13), or that run code of old times.
_NEVER = frozenset(("utf-7", "idna", "punycode", "raw-unicode-escape", "unicode-escape", "mbcs"))

# Controls that no text needs: they break YAML and terminals. Tab and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode(content: bytes) -> tuple[str, Warnings]:
    """Return the text of a file, its lines ended by a line feed alone, and what was wrong.

    Bytes that are no text at all are refused: a picture named `.md` must not be a post.
    """
    text, warnings = _decode(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROLS.search(text)
    if control is None:
        return text, warnings
    line = text.count("\n", 0, control.start()) + 1
    told = f"control character U+{ord(control[0]):04X} is left out; delete it"
    return _CONTROLS.sub("", text), [*warnings, (line, told)]


def _decode(content: bytes) -> tuple[str, Warnings]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_strictly(content[len(mark) :], encoding), []
    declared = _declared(content)
    if content.isascii():
        # Only encodings of 7 bits mean something else by it, as ISO-2022-JP does.
        seven_bits = declared and declared.startswith(("iso2022", "hz"))
        return (_try(content, declared) if seven_bits and declared else None) or str(
            content, "ascii"
        ), []
    if (text := _try(content, "utf-8")) is not None:
        return text, []
    if declared and (text := _try(content, declared)) is not None:
        return text, []
    return _guess(content, declared)


def _declared(content: bytes) -> str | None:
    """Return the encoding that a file says it is in, by the name that Python has for it."""
    head = content[:_DECLARED_WITHIN]
    found = next((m[1] for pattern in _DECLARED if (m := pattern.search(head))), None)
    if found is None:
        return None
    try:
        known = codecs.lookup(found.decode("ascii"))
    except (LookupError, ValueError):
        return None
    is_text = getattr(known, "_is_text_encoding", True)
    return known.name if is_text and known.name not in _NEVER else None


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _decode_strictly(content: bytes, encoding: str) -> str:
    """Decode what a mark says; a mark that lies leaves nothing to go by."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        name = encoding.upper()
        raise ContentError(
            f"byte 0x{content[error.start]:02x} is not {name}, which the file begins as; "
            "save it as UTF-8",
            line,
        ) from None


def _guess(content: bytes, declared: str | None) -> tuple[str, Warnings]:
    """Decode bytes that are neither UTF-8 nor what they say: by their pattern, or refuse."""
    for encoding, places in (("utf-16-le", slice(1, 200, 2)), ("utf-16-be", slice(0, 200, 2))):
        sample = content[places]
        if sample.count(0) <= len(sample) * 0.7 or (text := _try(content, encoding)) is None:
            continue
        if "\0" not in text:  # as a file of zeros, packed, has it
            return text, [(1, _told(encoding.upper()))]
    start, line = _first_not_utf8(content)
    if b"\0" in content:
        reason = "holds bytes that are no text; save it as text in UTF-8, or move it"
        raise ContentError(reason, line)
    if len(_SEQUENCE.findall(content)) > len(_strays(content)):
        stray = f"byte 0x{content[start]:02x} is not UTF-8, and is read as {PLAIN}"
        return content.decode("utf-8", _HANDLER), [(line, f"{stray}; save the file as UTF-8")]
    encoding = guess(content)
    return content.decode(encoding, "replace"), [(line, _told(encoding, declared))]


def _told(encoding: str, declared: str | None = None) -> str:
    says = declared not in (None, "utf-8", "ascii")
    what = f"neither UTF-8 nor {declared}, as it says" if says else "not UTF-8"
    return f"is {what}, and is read as {encoding}; save the file as UTF-8"


# A file in UTF-8 with a few strays, pasted from elsewhere, is one in UTF-8 all the same.
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HANDLER = "searchapp.strays"


def _strays(content: bytes) -> bytes:
    """Return the bytes above ASCII that belong to no sequence of UTF-8."""
    return _SEQUENCE.sub(b"", content).translate(None, bytes(range(0x80)))


def _decode_stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(PLAIN, "replace"), error.end


codecs.register_error(_HANDLER, _decode_stray)


def _first_not_utf8(content: bytes) -> tuple[int, int]:
    """Return where the first byte stands that is not UTF-8, and its line."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start, content.count(b"\n", 0, error.start) + 1
    return 0, 1
