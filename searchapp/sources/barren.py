"""Says why a source gives no entry at all, which is seldom meant: a wrong path, kind or pattern.

what lies in its folder --endings--> the kinds that would read it
                        --exclude--> what the owner's patterns leave out
"""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from searchapp.errors import Finding
from searchapp.sources.about import ABOUT
from searchapp.sources.files import is_folder, relative_to, root_of, walk
from searchapp.sources.model import LISTS, Source
from searchapp.sources.readers import READERS
from searchapp.sources.selecting import is_excluded

_SHOWN = 4  # endings that are named
_NO_PIECES = {*LISTS, ABOUT}


def without_entries(source: Source, content: Path) -> Finding:
    """Return that a source gave nothing, what was looked at, and what to do."""
    root = root_of(source, content)
    found = Counter(_files_in(root))
    if source.line is None and source.path == ".":  # nobody stated a source: the whole folder
        reason = "holds nothing that could be read: no file ends in .md, .html or the like"
        remedy = (
            "name the folder with your writing: --content DIR, or see what `searchapp init DIR` "
            "makes of it"
        )
        return Finding(".", None, f"{reason}{_describe(found)}; {remedy}")
    reason, remedy = _reason_and_remedy(source, root, found)
    return Finding(
        relative_to(root, content), None,
        f"gives the source '{source.name}' no entry{reason}; {remedy}",
    )  # fmt: skip


def has_files(source: Source, content: Path) -> bool:
    """Whether a folder that a source is read from has files, besides those with settings."""
    return any(_files_in(root_of(source, content), beside=_NO_PIECES))


def _reason_and_remedy(source: Source, root: Path, found: Counter[str]) -> tuple[str, str]:
    remedy = "check the path and kind of the source"
    if not is_folder(root):
        return f", read as the kind '{source.kind}'", remedy
    endings = READERS[source.kind].endings
    could_be = sum(found[ending] for ending in endings)
    if could_be and could_be == sum(_are_left_out(source, root, endings)):
        are = "file that could be one is" if could_be == 1 else "files that could be are"
        return f", as the {could_be:,} {are} left out by its exclude", "mend the pattern"
    if could_be:
        reason = f", as no file in it has an entry of the kind '{source.kind}'"
    else:
        reason = f", as no file in it is a piece in {', '.join(endings)}"
    others = [
        repr(kind) for kind, reader in READERS.items()
        if kind != source.kind and found[reader.endings[0]]
    ]  # fmt: skip
    if others:
        remedy = f"did you mean the kind {' or '.join(others)}?"
    return f"{reason}{_describe(found)}", remedy


def _files_in(root: Path, beside: Collection[str] = ()) -> Iterator[str]:
    """Yield the ending of each file below a folder, hidden ones left out, and those of a name."""
    if is_folder(root):
        for _, _, names in walk(root):
            shown = (name for name in names if not name.startswith(".") and name not in beside)
            yield from (Path(name).suffix.lower() for name in shown)


def _are_left_out(source: Source, root: Path, endings: tuple[str, ...]) -> Iterator[bool]:
    """Yield, of each file that the kind would read, whether the owner's patterns leave it out."""
    for folder, _, names in walk(root):
        for name in names:
            if name.lower().endswith(endings) and not name.startswith("."):
                yield is_excluded(source, relative_to(Path(folder, name), root))


def _describe(found: Counter[str]) -> str:
    """Return what was there instead: ` (its files: 3 .md, 1 other)`."""
    if not found.total():
        return " (it has no files)"
    named = [(ending, many) for ending, many in found.most_common() if ending][:_SHOWN]
    parts = [f"{many:,} {ending}" for ending, many in named]
    if others := found.total() - sum(many for _, many in named):
        parts.append(f"{others:,} other")
    return f" (its files: {', '.join(parts)})"
