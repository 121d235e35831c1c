"""Serving while the index moves on: whole generations, in any thread, and no pickle."""

import pickle
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builders import a_work
from publishing import (
    ROOT,
    WORKS,
    build,
    files_of,
    folder,  # noqa: F401  # fixtures
    numbered,
)
from test_damage import flip

from searchapp.engine import Index, open_index
from searchapp.engine.generations import (
    lock_for_building,
    publish,
    start_generation,
)
from searchapp.engine.results import Results

# No pickle, no Whoosh index


class Exploding:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


SERVE = """
import sys
unpickled = []
sys.addaudithook(lambda event, _: unpickled.append(event) if event.startswith("pickle.") else None)
from searchapp import open_index
index = open_index(sys.argv[1])
(hit,) = index.search("runs zebra", tag="pets").hits
assert "<mark>" in hit.snippet and index.work(hit.id).html and index.tags() and index.site
index.refresh()
print(sorted(name for name in sys.modules if name.startswith("whoosh.index")), unpickled)
"""


def test_a_serving_process_opens_no_whoosh_index_and_no_pickle(tmp_path: Path) -> None:
    index, exploded = tmp_path / "index", tmp_path / "exploded"
    first, _ = build(index, WORKS)
    with lock_for_building(index):
        planted = start_generation(index)
        shutil.copytree(first.path, planted, dirs_exist_ok=True)
        (planted / "manifest.json").unlink()
        for path in files_of(planted / "whoosh"):
            path.write_bytes(pickle.dumps(Exploding(exploded)))
        publish(planted, first.manifest["counts"], "planted")

    served = subprocess.run(
        [sys.executable, "-c", SERVE, str(index)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (served.stdout, served.stderr) == ("[] []\n", "")
    assert not exploded.exists()


# Threads, and moving to a newer generation


def comparable(results: Results) -> object:
    facets = {name: [(v.value, v.count) for v in values] for name, values in results.facets.items()}
    return results.total, results.hits, results.query, facets


def test_16_threads_get_the_answers_that_one_gets(tmp_path: Path) -> None:
    works = [
        a_work(
            f"Piece {i}", id=f"p{i}", text="zebra lion " * (i % 5) + f"word{i}", tags=[f"t{i % 7}"]
        )
        for i in range(300)
    ]
    build(tmp_path, works)
    asked = [
        (f"{words}{i}", tag, page)
        for i in ("", 1, 2, 3)
        for words in ("", "zebra ", "lion zebra word", "wo")
        for tag in ([], ["t1"], ["t2", "t3"])
        for page in (1, 2)
    ]

    def ask(index: Index, question: tuple[str, list[str], int]) -> object:
        words, tag, page = question
        return comparable(index.search(words, tag=tag, page=page))

    one = open_index(tmp_path)
    alone = [ask(one, question) for question in asked]
    shared = open_index(tmp_path)
    together = threading.Barrier(16)

    def ask_all(thread: int) -> list[object]:
        together.wait(timeout=60)
        order = [(i + thread * 6) % len(asked) for i in range(len(asked))]
        answers = {i: ask(shared, asked[i]) for i in order}
        return [answers[i] for i in range(len(asked))]

    with ThreadPoolExecutor(16) as pool:
        for answers in pool.map(ask_all, range(16)):
            assert answers == alone


def test_threads_that_search_while_the_index_moves_on_see_whole_generations(
    tmp_path: Path,
) -> None:
    build(tmp_path, numbered(1))
    index, ended = open_index(tmp_path), threading.Event()

    def search() -> list[tuple[int, int, int]]:
        seen = []
        while not ended.is_set() or not seen:
            index.refresh()
            results = index.search("zebra")
            seen.append((results.generation, results.total, len(results.hits)))
        return seen

    with ThreadPoolExecutor(16) as pool:
        threads = [pool.submit(search) for _ in range(16)]
        for many in range(2, 8):
            build(tmp_path, numbered(many))
        ended.set()
        seen = {answer for thread in threads for answer in thread.result()}
    assert all(generation == total == hits for generation, total, hits in seen)
    assert index.refresh() or index.generation == 7


def test_refreshing_moves_to_a_newer_generation_once(folder: Path) -> None:
    index = open_index(folder)

    assert not index.refresh()
    build(folder, numbered(3))
    assert (index.generation, index.search().total) == (2, 2)
    assert index.refresh()
    assert (index.generation, index.search().total) == (3, 3)
    assert not index.refresh()


def test_a_damaged_newer_generation_is_left_alone(folder: Path) -> None:
    index = open_index(folder)
    build(folder, numbered(3))
    flip(folder / "gen-3" / "works.sqlite")

    assert not index.refresh()
    assert index.search("zebra").total == 2


def test_the_open_one_goes_on_though_it_and_all_newer_ones_are_damaged(folder: Path) -> None:
    index = open_index(folder)
    build(folder, numbered(3))
    for number in (2, 3):
        (folder / f"gen-{number}" / "report.json").unlink()

    assert not index.refresh()
    assert (index.generation, index.search("zebra").total) == (2, 2)


def test_an_open_index_answers_after_its_files_were_removed_in_any_thread(folder: Path) -> None:
    index = open_index(folder)
    for many in range(3, 6):
        build(folder, numbered(many))
    assert not (folder / "gen-2").exists()

    with ThreadPoolExecutor(1) as pool:
        results = pool.submit(index.search, "zebra").result()
    assert (results.total, [hit.title for hit in results.hits]) == (2, ["Piece 0", "Piece 1"])


def test_an_index_made_anew_is_moved_to_though_its_numbers_begin_again(tmp_path: Path) -> None:
    build(tmp_path / "index", numbered(1))
    index = open_index(tmp_path / "index")
    shutil.rmtree(tmp_path / "index")
    assert not index.refresh()
    build(tmp_path / "index", numbered(2))

    assert index.refresh()
    assert (index.generation, index.search("zebra").total) == (1, 2)


def test_looking_for_a_newer_generation_waits_as_long_as_told(folder: Path) -> None:
    index = open_index(folder)
    build(folder, numbered(3))

    index.refresh_at_times(seconds=3600)
    assert index.generation == 2
    index.refresh_at_times(seconds=0, patience=60)
    assert index.generation == 3
