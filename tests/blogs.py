"""Reads the posts of a blog that a test writes."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_files

from searchapp.documents import Document
from searchapp.sources import Reading, read_all, read_configuration

TODAY = dt.date(2024, 6, 15)

ReadOne = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> ReadOne:
    """Read one source of these files; its keys of sources.toml are given by name."""
    numbers = itertools.count()

    def read_files(files: dict[str, str], path: str = "posts", **keys: object) -> Reading:
        root = tmp_path / f"content{next(numbers)}"
        stated = {"name": "blog", "kind": "markdown", "path": path, **keys}
        lines = (f"{key} = {value!r}" for key, value in stated.items())
        write_files(root, {**files, "sources.toml": "[[source]]\n" + "\n".join(lines)})
        (reading,) = read_all(read_configuration(root, TODAY), root)
        kept = len(reading.documents) + len(reading.skipped) + len(reading.held_back)
        assert reading.seen == kept
        return reading

    return read_files


@pytest.fixture
def read_post(read: ReadOne) -> Callable[..., Document]:
    """Read one post with this front matter in YAML."""

    def read_one(matter: str = "", name: str = "cats.md", **keys: object) -> Document:
        fenced = f"---\n{matter}\n---\ntext" if matter else "text"
        reading = read({f"posts/{name}": fenced}, **keys)
        assert reading.skipped == reading.held_back == ()
        return reading.documents[0]

    return read_one
