"""The posts that are files, as links between them are told where they lead."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath


class Posts(Mapping[str, str]):
    """The key of each post that is a file, by its path below the content folder."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = dict(keys)

    def __getitem__(self, path: str) -> str:
        return self._keys[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def named(self, name: str) -> str | None:
        """Return the key of the post `name.md` or `name/index.md`, None where several are so."""
        return self._names.get(name)

    @cached_property
    def _names(self) -> Mapping[str, str | None]:
        """The key of each post by its name, made once a process and when it is first asked."""
        names: dict[str, str | None] = {}
        for path, key in self._keys.items():
            if name := _name_of(PurePosixPath(path)):
                names[name] = None if name in names else key
        return names


def _name_of(path: PurePosixPath) -> str:
    if path.suffix != ".md":
        return ""
    return path.parent.name if path.stem == "index" else path.stem
