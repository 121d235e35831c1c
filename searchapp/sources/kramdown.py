"""Turns what generators' Markdown has besides into the Markdown that we read.

    * TOC            *[HTML]: Hyper Text      {% raw %} in code       <!-- cut -->
    {:toc}

Kramdown fills in the first and takes the second for itself, Liquid takes out the third before
any Markdown is read, and the fourth is where a site's own `excerpt_separator` ends the summary.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_CONTENTS_BEGIN = re.compile(r" {0,3}(?:[*+-]|\d{1,3}\.)[ \t]+\S.{0,100}")
_CONTENTS_END = re.compile(r"[ \t]*\{:[^{}\n]{0,100}\btoc\b[^{}\n]{0,100}\}[ \t]*")
_ABBREVIATION = re.compile(r" {0,3}\*\[[^\[\]\n]{1,100}\]:.*")
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,1000})\1(?!`)")
_MORE = "<!--more-->"


def prepare(body: str, *, liquid: bool, separator: object = None) -> str:
    """Return a body as Markdown alone; its lines keep their numbers, but for the separator's.

    With `liquid`, the generator ran Liquid over it: `raw` in code is a tag, and not code.
    """
    if "*[" in body or "toc" in body or (liquid and "raw" in body):  # most have none of it
        body = "\n".join(_lines(body.split("\n"), liquid=liquid))
    if isinstance(separator, str) and separator.strip() and separator in body:
        body = body.replace(separator, f"\n\n{_MORE}\n\n", 1)
    return body


def _lines(lines: list[str], *, liquid: bool) -> Iterator[str]:
    fence = ""
    for at, line in enumerate(lines):
        mark = _FENCE.fullmatch(line) if "```" in line or "~~~" in line else None
        if fence:
            ends = mark and mark[1].startswith(fence) and not mark[2].strip()
            fence = "" if ends else fence
            yield _RAW.sub("", line) if liquid else line
        elif mark:
            fence = mark[1]
            yield line
        elif _is_left_out(line, lines[at + 1] if at + 1 < len(lines) else ""):
            yield ""
        else:
            yield _SPAN.sub(_without_raw, line) if liquid and "raw" in line else line


def _is_left_out(line: str, following: str) -> bool:
    if "{:" in following and _CONTENTS_END.fullmatch(following):
        return _CONTENTS_BEGIN.fullmatch(line) is not None
    return "*[" in line and _ABBREVIATION.fullmatch(line) is not None


def _without_raw(span: re.Match[str]) -> str:
    return span[1] + _RAW.sub("", span[2]) + span[1]
