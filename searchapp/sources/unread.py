"""Finds what lies in the folder of a source and is not read, so that its report can say so.

a folder that cannot be listed      one skipped entry, whatever it holds
a folder that is a link             not followed, so that no loop is walked
writing in a form without reader    counted by its ending: 3 files .rst
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.errors import Finding
from searchapp.sources.files import is_folder, relative_to, root_of, walk
from searchapp.sources.model import Source
from searchapp.sources.selecting import is_dated, is_excluded, is_of_the_project

# Forms of writing that blogs are kept in, and templates, which are pieces where they are dated.
_WRITING = (".adoc", ".asciidoc", ".org", ".rst", ".textile")
_TEMPLATES = (".liquid", ".njk")
_OTHERS = (*_WRITING, *_TEMPLATES)
_LINKED = "is a link to a folder, which is not followed; put the files themselves here"
_BLOGS = ("markdown", "html")  # kinds of source that hold posts as files


@dataclass
class Unread:
    """What a source leaves unread: folders not listed, folders that are links, endings."""

    path: str
    closed: list[Finding] = field(default_factory=list)
    linked: list[Finding] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)

    @property
    def in_other_forms(self) -> list[Finding]:
        """What is told of writing that no reader knows."""
        if told := describe_endings(self.endings):
            return [Finding(self.path, None, f"{told}; convert to Markdown or HTML")]
        return []


def find_unread(source: Source, content: Path) -> Unread:
    """Look through the folder of a source for what is not read; what is left out is none."""
    root = root_of(source, content)
    unread = Unread(relative_to(root, content))
    if not is_folder(root):
        return unread

    def note_closed(error: OSError) -> None:
        folder = Path(error.filename or root)
        reason = f"folder cannot be listed: {error.strerror}; check that it is ours to read"
        if not _is_left_out(source, folder, root):
            unread.closed.append(Finding(relative_to(folder, content), None, reason))

    for folder, folders, names in walk(root, note_closed):
        for path in (Path(folder, name) for name in sorted(folders)):
            if path.is_symlink() and not _is_left_out(source, path, root):
                unread.linked.append(Finding(relative_to(path, content), None, _LINKED))
        if source.kind in _BLOGS:
            named = (name for name in names if name.lower().endswith(_OTHERS) and name[0] != ".")
            paths = (Path(folder, name) for name in named)
            unread.endings.update(_endings(source, paths, root))
    return unread


def _is_left_out(source: Source, path: Path, root: Path) -> bool:
    return is_excluded(source, relative_to(path, root))


def _endings(source: Source, paths: Iterable[Path], root: Path) -> Iterator[str]:
    """Yield the ending of each piece of writing that no reader knows."""
    for path in paths:
        ending = path.suffix.lower()
        piece = ending in _WRITING or (ending in _TEMPLATES and is_dated(path, root))
        named = piece and not is_of_the_project(relative_to(path, root))
        if named and not _is_left_out(source, path, root):
            yield ending


def unread_below(folder: Path) -> str:
    """Return what is told of writing below a folder that no reader knows, "" of none."""
    everything = Source(name="", kind="markdown", path=".", site="")
    return describe_endings(find_unread(everything, folder).endings)


def describe_endings(endings: Counter[str]) -> str:
    """Return how many files of each form are not read: `3 files .rst are not read`."""
    counted = " and ".join(
        f"{number} {'file' if number == 1 else 'files'} {ending}"
        for ending, number in sorted(endings.items())
    )
    are = "is" if endings.total() == 1 else "are"
    return f"{counted} {are} not read" if counted else ""
