"""The kind `markdown`: each file is a post, with or without front matter."""

from collections.abc import Iterator

from searchapp.sources.facts import says_no, says_yes
from searchapp.sources.frontmatter import part
from searchapp.sources.model import Entry, HeldBack, Outcome, Reader, SourceFile


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the post that the file is, or say why it is held back."""
    parted = part(file.text)
    for key, held in (("draft", says_yes), ("published", says_no)):
        value = parted.facts.get(key)
        if held(value):
            switch = str(value).lower()
            yield HeldBack(
                f"{key} is {switch}; take the line out to show it", parted.lines.get(key)
            )
            return
    yield Entry(parted.facts, parted.body, warnings=parted.warnings, lines=parted.lines)


READER = Reader(read, endings=(".md", ".markdown"), identity="path")
