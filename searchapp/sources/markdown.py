"""The kind `markdown`: each file is a post, with or without front matter."""

import re
from collections.abc import Iterator

from searchapp.sources.frontmatter import part
from searchapp.sources.model import Entry, Outcome, SourceFile
from searchapp.sources.readers import HTML

# What MDX adds to Markdown and no reader sees: imports at its head, comments in braces.
_CODE_OF_MDX = re.compile(r"^(?:import|export)\s.*(?:\n(?!\n).*)*\n*", re.MULTILINE)
_COMMENT_OF_MDX = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the post that the file is; `holding.py` says whether it is shown."""
    if file.name.lower().endswith(HTML):
        from searchapp.sources import html  # noqa: PLC0415  # most folders have no such file

        yield from html.read(file)
        return
    parted = part(file.text)
    body = _without_code(parted.body) if file.name.lower().endswith(".mdx") else parted.body
    yield Entry(parted.facts, body, warnings=parted.warnings, lines=parted.lines)


def _without_code(body: str) -> str:
    """Return MDX as Markdown: blocks of imports and exports and comments fall away."""
    pieces = re.split(r"(^```.*?^```)", body, flags=re.MULTILINE | re.DOTALL)
    return "".join(
        piece if n % 2 else _COMMENT_OF_MDX.sub("", _CODE_OF_MDX.sub("", piece))
        for n, piece in enumerate(pieces)
    )
