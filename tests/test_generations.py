"""Publishing and opening: nothing half-written or damaged is served, and nobody waits."""

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders import a_document, a_tag, a_work, work_of

from searchapp.documents import Tag, Work
from searchapp.engine import Index, open_index
from searchapp.engine.generations import (
    Generation,
    current_stamps,
    list_generations,
    lock_for_building,
    newest_good,
    publish,
    start_generation,
    verify,
)
from searchapp.engine.results import Results, Site
from searchapp.engine.writing import write_generation
from searchapp.errors import IndexBusyError, IndexUnusableError, SearchappError

ROOT = Path(__file__).parent.parent
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/io").exists(), reason="only Linux tells what a process reads and syncs"
)
SITE = Site("Test", "", "", "", "en", None)
NOBODY = 65534

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


def in_child(run: Callable[[], object], uid: int | None = None) -> tuple[int, str]:
    """Run something in a process of its own, as another user if need be.

    Returns its exit code and what it returned, or the error that it raised.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code, said = 1, ""
        try:
            if uid is not None and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
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


# Publishing


def test_a_generation_is_named_counted_and_listed_with_the_hash_of_every_file(
    tmp_path: Path,
) -> None:
    generation, changed = build(tmp_path, WORKS)

    manifest = json.loads((tmp_path / "gen-1" / "manifest.json").read_text())
    assert (generation.number, changed) == (1, True)
    assert (tmp_path / "CURRENT").read_text() == "gen-1\n"
    assert manifest["counts"] == {"documents": 3, "works": 2, "places": 3}
    assert manifest["stamps"] == current_stamps()
    assert {
        path.relative_to(tmp_path / "gen-1").as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files_of(tmp_path / "gen-1")
        if path.name != "manifest.json"
    } == manifest["files"]
    assert {"works.sqlite", "report.json", "arrays/works.ids.npy"} <= manifest["files"].keys()
    assert {path.split("/")[0] for path in manifest["files"]} == {
        "arrays", "phrases", "records", "report.json", "whoosh", "works.sqlite",
    }  # fmt: skip


def test_three_generations_are_kept(tmp_path: Path) -> None:
    for many in range(1, 6):
        build(tmp_path, numbered(many))

    assert [path.name for path in list_generations(tmp_path)] == ["gen-5", "gen-4", "gen-3"]
    assert open_index(tmp_path).search().total == 5


def test_only_this_user_may_look_into_an_index(tmp_path: Path) -> None:
    build(tmp_path / "index", WORKS)

    folders = [tmp_path / "index", *(p for p in (tmp_path / "index").rglob("*") if p.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_the_same_content_is_not_published_again_unless_asked(tmp_path: Path) -> None:
    build(tmp_path, WORKS)

    again = build(tmp_path, list(reversed(WORKS)))
    assert (again[0].number, again[1]) == (1, False)
    assert build(tmp_path, WORKS, always=True)[0].number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"works": WORKS[:1]},
        {"tags": [a_tag("pets", "animals")]},
        {"site": Site("Other", "", "", "", "en", None)},
    ],
    ids=["works", "tags", "site"],
)
def test_whatever_changes_is_published(tmp_path: Path, change: dict[str, object]) -> None:
    build(tmp_path, WORKS)

    generation, changed = build(tmp_path, **{"works": WORKS, **change})  # type: ignore[arg-type]
    assert (generation.number, changed) == (2, True)


@needs_proc
def test_everything_is_on_disk_before_current_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    sync, rename, replace = os.fsync, os.rename, os.replace

    def name(path: object) -> str:
        return Path(str(path)).relative_to(tmp_path).as_posix()

    def synced(handle: int) -> None:
        steps.append(("sync", name(Path(f"/proc/self/fd/{handle}").readlink())))
        sync(handle)

    def renamed(source: object, target: object) -> None:
        steps.append(("rename", name(target)))
        rename(source, target)  # type: ignore[arg-type]

    def replaced(source: object, target: object) -> None:
        steps.append(("replace", name(target)))
        replace(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "replace", replaced)
    build(tmp_path, WORKS)

    published = steps.index(("rename", "gen-1"))
    assert steps.count(("replace", "CURRENT")) == 1
    before = {path for step, path in steps[:published] if step == "sync"}
    inside = [tmp_path / "gen-1", *(tmp_path / "gen-1").rglob("*")]
    assert {name(path).replace("gen-1", "gen-1.tmp") for path in inside} <= before
    assert steps[published + 1 : published + 5] == [
        ("sync", "."), ("sync", "CURRENT.tmp"), ("replace", "CURRENT"), ("sync", "."),
    ]  # fmt: skip


# Builds that die


def count_or_die(step: int | None, steps: list[str]) -> Callable[[str, tuple[object, ...]], None]:
    """Return an audit hook that notes each change of a file, and dies before the one given."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        writes = (
            event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        )
        if event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect") or writes:
            if len(steps) == step:
                os._exit(137)
            steps.append(event)

    return hook


def test_a_build_killed_at_any_step_leaves_an_index_that_answers(tmp_path: Path) -> None:
    def build_dying_at(index: Path, step: int | None) -> int:
        steps: list[str] = []
        sys.addaudithook(count_or_die(step, steps))
        build(index, numbered(4))
        return len(steps)

    def fresh(name: str) -> Path:
        shutil.copytree(tmp_path / "start", tmp_path / name)
        return tmp_path / name

    for many in (1, 2, 3):
        build(tmp_path / "start", numbered(many))
    count = int(in_child(lambda: build_dying_at(fresh("whole"), None))[1])
    totals = []
    for step in [*range(0, count - 9, 40), *range(count - 9, count)]:
        index = fresh(f"dies-{step}")
        assert in_child(lambda index=index, step=step: build_dying_at(index, step))[0] == 137
        totals.append(open_index(index).search("zebra").total)
        assert build(index, numbered(5))[0].path == newest_good(index).path
        assert open_index(index).search("zebra").total == 5
        assert len(list_generations(index)) == 3
        assert list(index.glob("*.tmp")) == []
    assert totals == sorted(totals)
    assert set(totals) == {3, 4}


def test_what_killed_builds_left_is_removed_and_nothing_else(folder: Path) -> None:
    (folder / "gen-9.tmp" / "arrays").mkdir(parents=True)
    for name in ("gen-9.tmp/arrays/x.npy", "CURRENT.tmp", "verified.json.tmp", "mine.tmp", "notes"):
        (folder / name).write_text("left")

    with lock_for_building(folder):
        assert {path.name for path in folder.iterdir()} == {
            "CURRENT", "build.lock", "cache", "gen-1", "gen-2", "mine.tmp", "notes",
            "verified.json",
        }  # fmt: skip


def test_a_generation_never_made_current_is_not_served_and_its_number_not_used_again(
    folder: Path,
) -> None:
    shutil.copytree(folder / "gen-2", folder / "gen-3")

    assert newest_good(folder).number == 2
    assert build(folder, numbered(3))[0].number == 4


def test_a_generation_too_many_that_could_not_be_removed_is_removed_though_nothing_changed(
    tmp_path: Path,
) -> None:
    works = numbered(3)
    for many in (1, 2, 3):
        build(tmp_path, works[:many])
    (tmp_path / "gen-3").rename(tmp_path / "gen-4")
    (tmp_path / "CURRENT").write_text("gen-4\n")
    (tmp_path / "gen-3" / "arrays").mkdir(parents=True)

    _, changed = build(tmp_path, works)

    assert not changed
    assert [path.name for path in list_generations(tmp_path)] == ["gen-4", "gen-3", "gen-2"]


def test_generations_that_never_became_current_push_out_none_that_is_served(folder: Path) -> None:
    for number in (3, 4, 5):
        shutil.copytree(folder / "gen-1", folder / f"gen-{number}")

    with lock_for_building(folder):
        assert newest_good(folder).number == 2


@pytest.mark.parametrize("name", ["gen-3.tmp", "whoosh"])
def test_a_folder_that_cannot_be_listed_is_not_published_as_an_empty_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(path: str | Path | int, list_folder: Callable[..., object] = os.scandir) -> object:
        if not isinstance(path, int) and Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(
        os, "listdir", lambda path, list_folder=os.listdir: refuse(path, list_folder)
    )
    with pytest.raises(PermissionError):
        build(folder, numbered(3))

    monkeypatch.undo()
    assert (folder / "CURRENT").read_text() == "gen-2\n"
    assert newest_good(folder).number == 2


# The lock


def test_a_second_build_is_refused_at_once_until_the_first_has_ended_or_died(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from searchapp.engine.generations import lock_for_building\n"
        "with lock_for_building(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    with first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with pytest.raises(IndexBusyError, match="another build is running") as refused:
            build(tmp_path, WORKS)
        assert refused.value.exit_code == 75
        assert str(tmp_path) in str(refused.value)
        first.kill()
        first.wait()
    assert build(tmp_path, WORKS)[1]


# Damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def unlink(path: Path) -> None:
    path.unlink()


def dangle(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("damage", [flip, truncate, empty, extend, unlink, dangle])
def test_a_damaged_file_is_found_and_the_generation_before_is_served(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    files = [path for path in files_of(folder / "gen-2") if path.stat().st_size]
    for path in files if damage is flip else files[::16]:
        whole = path.read_bytes()
        damage(path)
        assert newest_good(folder).number == 1, path
        path.unlink(missing_ok=True)
        path.write_bytes(whole)
    assert open_index(folder).generation == 2


def test_every_byte_of_a_manifest_counts(folder: Path) -> None:
    path = folder / "gen-2" / "manifest.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 29):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(IndexUnusableError):
            verify(folder / "gen-2")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '"x"', "[" * 100_000, '{"stamps": 1}', "\0", "é"]
)
def test_a_manifest_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "gen-2" / "manifest.json").write_text(text, encoding="utf-8")

    with pytest.raises(IndexUnusableError, match="gen-2: its manifest cannot be read"):
        verify(folder / "gen-2")
    assert open_index(folder).generation == 1


def test_files_that_were_swapped_are_found(folder: Path) -> None:
    one, other = (folder / "gen-2" / "arrays" / f"works.{name}.npy" for name in ("days", "titles"))
    assert one.stat().st_size == other.stat().st_size
    one.rename(folder / "beside")
    other.rename(one)
    (folder / "beside").rename(other)

    assert newest_good(folder).number == 1


@pytest.mark.parametrize("name", ["extra", "arrays/extra.npy", "whoosh/extra", "works.sqlite-wal"])
def test_a_file_too_many_is_found(folder: Path, name: str) -> None:
    (folder / "gen-2" / name).write_bytes(b"")

    with pytest.raises(IndexUnusableError, match="its files are not those of its manifest"):
        verify(folder / "gen-2")


def test_a_change_of_the_same_size_and_time_is_found(folder: Path) -> None:
    path = folder / "gen-2" / "works.sqlite"
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert newest_good(folder).number == 1


def test_where_all_are_damaged_the_newest_is_named(folder: Path) -> None:
    for generation in list_generations(folder):
        flip(generation / "works.sqlite")

    with pytest.raises(IndexUnusableError, match=r"gen-2/works\.sqlite: it is damaged; run"):
        open_index(folder)


@pytest.mark.parametrize("stamp", list(current_stamps()))
def test_an_index_of_another_version_is_refused_by_name(folder: Path, stamp: str) -> None:
    path = folder / "gen-2" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["stamps"][stamp] = "another"
    path.write_text(json.dumps(manifest))
    shutil.rmtree(folder / "gen-1")

    with pytest.raises(IndexUnusableError, match=f"another version .{stamp} is 'another', not '"):
        open_index(folder)
    del manifest["stamps"][stamp]
    path.write_text(json.dumps(manifest))
    with pytest.raises(IndexUnusableError, match=f"another version .{stamp} is None, not '"):
        open_index(folder)


@pytest.mark.parametrize("text", [None, "", "gen-", "gen-2.tmp", "../gen-2", "\0", "é", "gen-99"])
def test_without_a_current_that_can_be_read_the_newest_good_one_is_served(
    folder: Path, text: str | None
) -> None:
    (folder / "CURRENT").unlink()
    if text is not None:
        (folder / "CURRENT").write_text(text, encoding="utf-8")

    assert open_index(folder).generation == 2


def test_where_there_is_no_index_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")

    for name in ("none", "empty", "file"):
        with pytest.raises(IndexUnusableError, match=f"{name}: there is no index"):
            open_index(tmp_path / name)


# Verified before


def bytes_read(run: Callable[[], object]) -> int:
    """Return how many bytes this process reads while something runs."""

    def count() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    nothing = -count() + count()
    begun = count()
    run()
    return count() - begun - nothing


@needs_proc
def test_hashes_are_computed_once_as_long_as_no_file_changes(tmp_path: Path) -> None:
    build(tmp_path, WORKS, report={"long": "x" * 1_000_000})
    (tmp_path / "verified.json").unlink()

    assert bytes_read(lambda: newest_good(tmp_path)) > 1_000_000
    assert bytes_read(lambda: newest_good(tmp_path)) < 200_000
    os.utime(tmp_path / "gen-1" / "report.json")
    assert bytes_read(lambda: newest_good(tmp_path)) > 1_000_000
    assert bytes_read(lambda: newest_good(tmp_path)) < 200_000


@needs_proc
def test_a_build_leaves_its_generation_verified(tmp_path: Path) -> None:
    build(tmp_path, WORKS, report={"long": "x" * 1_000_000})

    assert bytes_read(lambda: open_index(tmp_path)) < 500_000


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[[1, 2]]", "null", "1", "[" * 100_000, '{"gen-1": 1}', "\0", "é"]
)
def test_a_damaged_note_of_what_was_verified_only_costs_the_next_check(
    folder: Path, text: str
) -> None:
    (folder / "verified.json").write_text(text, encoding="utf-8")

    assert open_index(folder).generation == 2
    assert "gen-2" in json.loads((folder / "verified.json").read_text())


# Folders that may not be written, or read


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def give_to_nobody(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        path.chmod(mode if path.is_dir() else mode & 0o666)


@pytest.mark.parametrize("verified", [True, False])
def test_an_index_that_may_only_be_read_opens_and_answers(shared: Path, verified: bool) -> None:
    build(shared / "index", WORKS)
    if not verified:
        (shared / "index" / "verified.json").unlink()
    give_to_nobody(shared / "index", 0o555)

    def ask() -> object:
        index = open_index(shared / "index")
        index.refresh()
        return [hit.title for hit in index.search("runs ", sort="title").hits]

    assert in_child(ask, NOBODY) == (0, "['Lions', 'Running zebras']")


def test_a_folder_that_may_not_be_written_is_one_line(shared: Path) -> None:
    for name, mode in (("index", 0o555), ("parent", 0o555)):
        (shared / name).mkdir()
        give_to_nobody(shared / name, mode)

    for index in (shared / "index", shared / "parent" / "index"):
        code, said = in_child(lambda index=index: build(index, WORKS), NOBODY)
        assert code == 1
        assert said == (
            f"SearchappError: {index}: cannot be written (Permission denied); "
            "choose another folder with --index"
        )


def test_a_folder_that_may_not_be_read_is_one_line(shared: Path) -> None:
    build(shared / "index", WORKS)
    give_to_nobody(shared / "index", 0o000)

    code, said = in_child(lambda: open_index(shared / "index"), NOBODY)
    assert code == 1
    assert said.startswith(f"IndexUnusableError: {shared / 'index'}: it cannot be read (Permission")
    give_to_nobody(shared / "index", 0o700)


def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")

    with pytest.raises(SearchappError, match="index: cannot be written"):
        build(tmp_path / "index", WORKS)


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
