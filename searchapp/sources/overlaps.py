"""Finds files that two sources of one kind read, so that each entry of them stands twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from searchapp.errors import Finding
from searchapp.sources.configuration import FILE_NAME
from searchapp.sources.events import Task
from searchapp.sources.files import relative_to
from searchapp.sources.model import Source


def find_overlaps(
    sources: Iterable[Source], tasks: Iterable[Task], content: Path
) -> Mapping[str, tuple[Finding, ...]]:
    """Return, by the name of the later of two sources, what both read.

    One page may be read as a post and as a list of links: so only sources of one kind count.
    """
    known = {source.name: source for source in sources}
    if len(known) < 2:
        return {}
    first: dict[tuple[str, str], str] = {}
    twice: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for task in tasks:
        owner = first.setdefault((task.source.kind, task.file), task.source.name)
        if owner != task.source.name:
            twice[task.source.name, owner].append(task.path)
    found: dict[str, tuple[Finding, ...]] = {}
    for (name, owner), paths in twice.items():
        finding = Finding(FILE_NAME, known[name].line, _describe(name, owner, paths, content))
        found[name] = (*found.get(name, ()), finding)
    return found


def _describe(name: str, owner: str, paths: list[Path], content: Path) -> str:
    files = "the file" if len(paths) == 1 else f"{len(paths):,} files"
    some = "" if len(paths) == 1 else ", such as"
    return (
        f"the source '{name}' reads {files}{some} {relative_to(paths[0], content)}, which "
        f"'{owner}' reads too, as entries of their own; take one source out, or leave the files "
        "out of it with exclude"
    )
