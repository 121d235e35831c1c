"""Publishes works as a build does, and looks into what was published."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from builders import a_document, a_work, work_of
from rights import give_up_rights

from searchapp.documents import Tag, Work
from searchapp.engine.generations import (
    Generation,
    lock_for_building,
)
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation

ROOT = Path(__file__).parent.parent
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/io").exists(), reason="only Linux tells what a process reads and syncs"
)
SITE = Site("Test", "", "", "", "en", None)

WORKS = [
    work_of(
        a_document(
            "Running zebras", id="1", text="A zebra runs.", tags=["pets"], date="2024-05-31"
        ),
        a_document("Zebras", id="2", publication="Medium", html="<p>Zebras</p>"),
    ),
    a_work("Lions", id="3", text="Lions run too.", series="Cats", minutes=3),
]


def build(
    folder: Path,
    works: Sequence[Work],
    tags: Sequence[Tag] = (),
    *,
    site: Site = SITE,
    **more: object,
) -> tuple[Generation, bool]:
    """Publish `works` as a build does."""
    report = more.pop("report", {})
    with lock_for_building(folder):
        return write_generation(folder, works, tags, site, report, **more)  # type: ignore[arg-type]


def numbered(many: int) -> list[Work]:
    """Return so many works; generation N of these tests has N of them."""
    return [a_work(f"Piece {i}", id=f"p{i}", text="zebra") for i in range(many)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two generations: one work in the first, two in the second."""
    index = tmp_path / "index"
    build(index, numbered(1))
    build(index, numbered(2))
    return index


def files_of(generation: Path) -> list[Path]:
    return sorted(path for path in generation.rglob("*") if path.is_file())


def in_child(run: Callable[[], object], *, bound: bool = False) -> tuple[int, str]:
    """Run something in a process of its own, which is bound by modes if need be.

    Returns its exit code and what it returned, or the error that it raised.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code, said = 1, ""
        try:
            if bound:
                give_up_rights()
            code, said = 0, str(run())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writer, said.encode()[:60_000])
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        said = answer.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said
