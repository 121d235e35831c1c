"""What a build refuses to publish, whom its files belong to, and where it can be made to die."""

import gc
import json
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from builders import a_document, a_work, work_of, write_files

from searchapp import SearchappError, failing, open_index
from searchapp.build import build
from searchapp.documents import Work
from searchapp.engine import checking, writing
from searchapp.engine.arrays import lay_out
from searchapp.engine.generations import lock_for_building, newest_good
from searchapp.engine.postings import Postings
from searchapp.engine.results import Site
from searchapp.engine.search import Reader
from searchapp.engine.writing import write_generation
from searchapp.query import Query

ROOT = Path(__file__).parent.parent
SITE = Site("Test", "", "", "", "en", None)


def posts(folder: Path, many: int, name: str = "post") -> Path:
    """Write so many posts, and no others, into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = "---\ntitle: Piece {0}\n---\nWords about quagga{0}.\n"
    return write_files(folder, {f"{name}-{n}.md": text.format(n) for n in range(many)})


def run_build(content: Path, index: Path, *more: str, point: str = "") -> tuple[int, str]:
    """Run `searchapp build`; returns the exit code and what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "searchapp", "build", "--content", str(content),
         "--index", str(index), *more],
        capture_output=True, text=True, cwd=ROOT, check=False,
        env=os.environ | ({failing.VARIABLE: point} if point else {}),
    )  # fmt: skip
    return done.returncode, done.stderr


# Losses


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        pytest.param(100, 79, True, id="more than a fifth"),
        pytest.param(100, 80, False, id="a fifth"),
        pytest.param(25, 5, True, id="20 of a few"),
        pytest.param(25, 6, False, id="19 of a few"),
        pytest.param(30, 0, True, id="all"),
        pytest.param(5, 30, False, id="more than before"),
    ],
)
def test_a_build_that_would_lose_a_fifth_and_at_least_20_is_refused(
    tmp_path: Path, before: int, after: int, is_refused: bool
) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    build(posts(content, before), index)

    posts(content, after)
    if is_refused:
        with pytest.raises(SearchappError, match="--force"):
            build(content, index)
    else:
        build(content, index)

    assert open_index(index).search().total == (before if is_refused else after)


def test_the_refusal_is_one_line_that_names_the_source_and_force_publishes(tmp_path: Path) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    posts(content / "a", 10), posts(content / "b", 40, "other")
    sources = "".join(f'[[source]]\nname = "{n}"\nkind = "markdown"\npath = "{n}"\n' for n in "ab")
    (content / "sources.toml").write_text(sources)
    build(content, index)
    posts(content / "b", 3)

    refused, said = run_build(content, index)

    assert refused == 1
    assert said.strip().splitlines()[-1] == (
        f"Error: {index}: 13 documents would be published where 50 are served "
        "(b gave 40, and now 3); nothing is published; see where the others are, "
        "or publish with --force"
    )
    assert (index / "CURRENT").read_text() == "gen-1\n"
    assert run_build(content, index, "--force")[0] == 0
    assert open_index(index).search().total == 13


def test_a_loss_is_refused_though_what_is_served_was_built_by_another_version(
    tmp_path: Path,
) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    build(posts(content, 40), index)
    path = index / "gen-1" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["stamps"]["format"] = "0"
    path.write_text(json.dumps(manifest))

    with pytest.raises(SearchappError, match="40 are served"):
        build(posts(content, 3), index)


# The check before publishing


def write(index: Path, works: Sequence[Work]) -> None:
    with lock_for_building(index):
        write_generation(index, works, [], SITE, {})


def spoiled(postings: Postings, name: str) -> dict[str, np.ndarray]:
    """Lay postings out, and spoil an array, as a fault of ours might."""
    arrays = dict(lay_out(postings))
    arrays[name] = arrays[name] * 2 if name == "works.places" else np.roll(arrays[name], 1)
    return arrays


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("works.ids", "does not find", id="works under each other's ids"),
        pytest.param("postings.rows", "does not find", id="postings of other works"),
        pytest.param("works.places", "places", id="places"),
        pytest.param("terms.bounds", "", id="bounds"),
    ],
)
def test_a_generation_that_does_not_answer_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    works = [
        work_of(*(a_document(f"Piece {n}", text=f"quagga{n} zebra") for _ in range(n % 3 + 1)))
        for n in range(30)
    ]  # fmt: skip
    write(tmp_path, works[:-1])
    monkeypatch.setattr(writing, "lay_out", lambda postings, keys: spoiled(postings, name))

    with pytest.raises(SearchappError, match=f"does not answer as it should .*{said}"):
        write(tmp_path, works)

    assert (tmp_path / "CURRENT").read_text() == "gen-1\n"
    assert open_index(tmp_path).search("zebra").total == 29


def test_canaries_are_words_that_few_others_have() -> None:
    works = [a_work(f"Piece {n}", text=f"zebra of the plains quagga{n} again") for n in range(300)]

    chosen = list(checking.choose_canaries(works))

    assert checking.CANARIES <= len(chosen) <= checking.CANARIES * 2
    for work, word in chosen:
        assert word.startswith("quagga")
        assert word in work.canonical.text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("🦓", ""), ("…", "- - -"), ("Über", "Größe"), ("斑馬在奔跑", "斑馬。"), ("a", "b c d"),
        ("L'été", "aujourd’hui c'est"), ("C++", "c++ f# .net gpt-4"), ("x" * 500, "y" * 5_000),
        ("OR", "AND OR -not"), ('"quoted"', 'tag:pets "cats"'), ("हिन्दी", "ภาษาไทย"),
    ],
)  # fmt: skip
def test_whatever_is_written_passes_its_own_check(tmp_path: Path, title: str, text: str) -> None:
    write(tmp_path, [a_work(title, text=text), *(a_work("Same", text="same") for _ in range(60))])

    assert open_index(tmp_path).search().total == 61


# Whose files they are


def test_every_file_and_folder_of_an_index_is_of_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for many in (4, 5):
            build(posts(tmp_path / "content", many), tmp_path / "index")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)

    modes = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777
        for path in (tmp_path / "index", *(tmp_path / "index").rglob("*"))
    }
    assert {"index/cache/inputs.json", "index/origin", "index/gen-1/works.sqlite"} <= modes.keys()
    assert {mode for name, mode in modes.items() if (tmp_path / name).is_dir()} == {0o700}
    assert {mode for name, mode in modes.items() if (tmp_path / name).is_file()} == {0o600}


# Points to die at


def test_each_named_point_is_passed_once_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []
    for module in ("searchapp.build", "searchapp.engine.writing", "searchapp.failing"):
        monkeypatch.setattr(f"{module}.reach", passed.append)

    build(posts(tmp_path / "content", 3), tmp_path / "index")

    assert passed == list(failing.POINTS)


def test_a_build_told_to_die_at_a_point_dies_there(tmp_path: Path) -> None:
    content, index = posts(tmp_path / "content", 3), tmp_path / "index"

    assert run_build(content, index, point="renamed") == (failing.DIED, "")
    assert not (index / "CURRENT").exists()
    assert run_build(content, index)[0] == 0
    assert open_index(index).search().total == 3


def test_a_generation_that_was_asked_keeps_no_file_open_until_garbage_is_looked_for(
    tmp_path: Path,
) -> None:
    write_files(tmp_path, {"content/a.md": "# Tides\n\nWater comes and goes.\n"})
    build(tmp_path / "content", tmp_path / "index")
    generation = newest_good(tmp_path / "index")
    gc.collect()
    gc.disable()
    try:
        reader = Reader(generation)
        assert reader.answer(Query.of("water"), 1, snippets=True, facets=True).total == 1
        gone = weakref.ref(reader)
        del reader
        assert gone() is None
    finally:
        gc.enable()
