"""A disk in memory, which can lose its power: what may be found on it then.

    operations --apply--> what programs see --crash--> durable + some of what was not synced

A file's content is durable once the file was synced, a name once its folder was. Of all else any
part may be there after a crash: each write whole, in part or not, each change of a name or not.
That is less than any file system promises.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

Chance = random.Random
Tree = dict[str, bytes | None]  # None for a folder
Names = dict[str, "File | Folder"]


@dataclass(frozen=True)
class Operation:
    """A change of the disk: its kind, the path below the index, and what is written where."""

    kind: str  # create, write, truncate, sync, rename, unlink, mkdir
    path: str
    target: str = ""
    written: bytes = b""
    offset: int = 0


@dataclass
class File:
    """A file: what it holds, what of it is durable, and what came since."""

    content: bytes = b""
    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, written: bytes | None) -> None:
        """Write at an offset; None cuts the file there."""
        self.pending.append((offset, written))
        self.content = _written(self.content, offset, written)

    def sync(self) -> None:
        """Make all of it durable."""
        self.durable, self.pending = self.content, []

    def crash(self, chance: Chance | None) -> bytes:
        """Return what may be left: without a chance only what is durable."""
        left = self.durable
        for offset, written in self.pending if chance else ():
            part = written if written is None else written[: _part(len(written), chance)]
            if part != b"" and chance and chance.random() < KEPT:
                left = _written(left, offset, part)
        return left


@dataclass
class Folder:
    """A folder: its names, those that are durable, and each change since."""

    names: Names = field(default_factory=dict)
    durable: Names = field(default_factory=dict)
    pending: "list[dict[str, File | Folder | None]]" = field(default_factory=list)

    def change(self, **names: "File | Folder | None") -> None:
        """Give names to files, or take them from them (None), all at once."""
        self.pending.append(names)
        _rename(self.names, names)

    def sync(self) -> None:
        """Make the names durable."""
        self.durable, self.pending = self.names.copy(), []

    def crash(self, chance: Chance | None) -> Names:
        """Return which names may be left."""
        left = self.durable.copy()
        for names in self.pending if chance else ():
            if chance and chance.random() < KEPT:
                _rename(left, names)
        return left


KEPT = 0.7  # of what was not synced


class Disk:
    """A folder of the disk; all that was in it at first is durable."""

    def __init__(self, root: Path) -> None:
        self.root = _load(root)

    def apply(self, operation: Operation) -> None:
        """Do what a program did; what fails there, as removing what is not there, fails here."""
        folder, name = self._find(operation.path)
        entry = folder.names.get(name) if name else folder
        match operation.kind:
            case "create" | "mkdir" if entry is None:
                folder.change(**{name: File() if operation.kind == "create" else Folder()})
            case "write" | "truncate" if isinstance(entry, File):
                whole = operation.kind == "write"
                entry.write(operation.offset, operation.written if whole else None)
            case "sync" if entry is not None:
                entry.sync()
            case "unlink" if entry is not None:
                folder.change(**{name: None})
            case "rename" if entry is not None:
                there, target = self._find(operation.target)
                if there is folder:
                    folder.change(**{name: None, target: entry})
                else:
                    there.change(**{target: entry})
                    folder.change(**{name: None})

    def _find(self, path: str) -> tuple[Folder, str]:
        """Return the folder that a path is in, and its name there; no name for the root."""
        folder, parts = self.root, PurePosixPath(path).parts
        for part in parts[:-1]:
            below = folder.names.get(part)
            if not isinstance(below, Folder):
                raise KeyError(f"{path}: {part} is no folder")
            folder = below
        return folder, parts[-1] if parts else ""

    def see(self) -> Tree:
        """Return what programs see."""
        return dict(_walk(self.root, "", lambda f: f.names, lambda f: f.content))

    def crash(self, chance: Chance | None) -> Tree:
        """Return what may be found after a loss of power; without a chance, the least."""
        return dict(_walk(self.root, "", lambda f: f.crash(chance), lambda f: f.crash(chance)))


def read_tree(root: Path) -> Tree:
    """Return what lies below a folder of the true disk."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in root.rglob("*")
    }


def write_tree(root: Path, tree: Tree) -> None:
    """Let an empty folder of the true disk hold `tree`."""
    for name in sorted(tree):
        content = tree[name]
        if content is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(content)


def _load(path: Path) -> Folder:
    names = {
        below.name: _load(below) if below.is_dir() else _load_file(below)
        for below in path.iterdir()
    }  # fmt: skip
    return Folder(names, names.copy())


def _load_file(path: Path) -> File:
    content = path.read_bytes()
    return File(content, content)


def _walk(
    folder: Folder,
    above: str,
    names_of: Callable[[Folder], Names],
    content_of: Callable[[File], bytes],
) -> Iterator[tuple[str, bytes | None]]:
    for name, entry in names_of(folder).items():
        path = f"{above}{name}"
        if isinstance(entry, Folder):
            yield path, None
            yield from _walk(entry, f"{path}/", names_of, content_of)
        else:
            yield path, content_of(entry)


def _rename(names: Names, changes: "Mapping[str, File | Folder | None]") -> None:
    for name, entry in changes.items():
        if entry is None:
            names.pop(name, None)
        else:
            names[name] = entry


def _written(content: bytes, offset: int, written: bytes | None) -> bytes:
    content = content[:offset] if written is None else content
    gap = bytes(max(0, offset - len(content)))
    if written is None:
        return content + gap
    return content[:offset] + gap + written + content[offset + len(written) :]


def _part(length: int, chance: Chance | None) -> int:
    """Return how much of a write is kept: mostly all of it, else a part."""
    if chance is None or chance.random() < 0.5:
        return length
    return chance.randrange(length + 1)
