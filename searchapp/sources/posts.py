"""The posts that are files, as links between them are told where they lead."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from searchapp.slugs import key_of


class Posts(Mapping[str, str]):
    """The key of each post that is a file, by its path below the content folder.

    Most builds look up few of them, or none: so what is held are ids, of which keys are made.
    """

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._make: Callable[[], Mapping[str, str]] = lambda: ids

    @classmethod
    def later(cls, make: Callable[[], Mapping[str, str]]) -> "Posts":
        """Return posts whose ids are made when they are first needed."""
        posts = cls({})
        posts._make = make
        return posts

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return self._make()

    def __reduce__(self) -> tuple[type["Posts"], tuple[Mapping[str, str]]]:
        return Posts, (self._ids,)

    def __getitem__(self, path: str) -> str:
        return key_of(self._ids[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def named(self, name: str) -> str | None:
        """Return the key of the post `name.md` or `name/index.md`, None where several are so."""
        id_ = self._names.get(name)
        return None if id_ is None else key_of(id_)

    @cached_property
    def _names(self) -> Mapping[str, str | None]:
        """The id of each post by its name, made once a process and when it is first asked."""
        names: dict[str, str | None] = {}
        for path, id_ in self._ids.items():
            if name := _name_of(PurePosixPath(path)):
                names[name] = None if name in names else id_
        return names


def _name_of(path: PurePosixPath) -> str:
    if path.suffix != ".md":
        return ""
    return path.parent.name if path.stem == "index" else path.stem
