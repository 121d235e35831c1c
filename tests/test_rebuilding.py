"""Building again: whatever is edited, what is published is what a full build would publish."""

import subprocess
import sys
import threading
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from builders import a_document, a_work, work_of, write_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_incremental import assert_same, many_works, write

from searchapp import open_index
from searchapp.build import build
from searchapp.documents import digests_of
from searchapp.engine.generations import newest_good
from searchapp.sources.events import Event, event_from_json, event_to_json
from searchapp.versions import version_of

ROOT = Path(__file__).parent.parent

# --- Edits of files ---------------------------------------------------------------------------

names = st.sampled_from(["a.md", "b.md", "c.de.md", "deep/a.md", "deep/d.md"])
titles = st.sampled_from(["Kites", "Kites, part 2", "Über Drachen", "A night walk"])
tags = st.lists(st.sampled_from(["rl", "RL", "night walks", "C++", "…"]), max_size=2)
texts = st.sampled_from(["wind", "wind and rain", "the wind " * 40, "", "naïve — cafés 風"])
languages = st.sampled_from(["", "language: de\n", "language: fr\n"])


@st.composite
def posts(draw: st.DrawFn) -> str:
    head = f"title: {draw(titles)}\ndate: 2024-0{draw(st.integers(1, 9))}-01\n"
    return f"---\n{head}tags: {draw(tags)!r}\n{draw(languages)}---\n{draw(texts)}\n"


edits = st.lists(st.tuples(names, st.none() | posts()), min_size=1, max_size=3)  # None removes


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(first=st.dictionaries(names, posts(), min_size=2), steps=st.lists(edits, max_size=3))
def test_any_edits_of_files_give_what_a_full_build_gives(
    first: dict[str, str],
    steps: list[list[tuple[str, str | None]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    content = write_files(folder / "content", first)
    build(content, folder / "steps")
    for step in steps:
        for name, text in step:
            if text is None:
                (content / name).unlink(missing_ok=True)
            else:
                write_files(content, {name: text})
        build(content, folder / "steps")
    build(content, folder / "whole", full=True)

    assert_same(newest_good(folder / "steps"), newest_good(folder / "whole"))


# --- What is known of a document --------------------------------------------------------------


def test_a_document_that_was_kept_is_the_one_that_was_read_with_its_digests() -> None:
    read = a_document("Kites", id="a", text="Wind\ud800", tags=["x"], date="2024-05-31")
    kept = event_from_json(event_to_json(Event("document", 3, document=read))).document

    assert kept == read
    assert kept.digests == digests_of(read)


def test_a_document_that_is_changed_forgets_the_digests_of_what_it_was() -> None:
    document = a_document("Kites", id="a", text="Wind")
    before = document.digests

    assert replace(document, text="Rain").digests != before
    assert replace(document, text="Wind").digests == before


def test_a_work_keeps_what_it_worked_out_when_it_is_given_tags() -> None:
    work = work_of(a_document("Kites", id="a", date="2024-05-31"))
    tagged = work.with_tags(("x",), ("X",))

    assert (tagged.id, tagged.date, tagged.title) == (work.id, work.date, work.title)
    assert (tagged.tags, tagged.tag_names, work.tags) == (("x",), ("X",), ())


def test_a_value_with_a_nul_is_built_again_rightly(tmp_path: Path) -> None:
    works = [*many_works(40), a_work("Odd", id="odd", series="a\0b", part=1)]
    write(tmp_path / "steps", works)
    works.append(a_work("New", id="new"))

    assert_same(write(tmp_path / "steps", works), write(tmp_path / "whole", works))


# --- Processes --------------------------------------------------------------------------------

# The child is killed once it has worked for so long that it can but be in the midst of a.md.
KILLS_A_FORK = """
import os, signal, sys, threading, time
from pathlib import Path
from searchapp.sources import read_configuration, read_everything, Limits

def kill(*_):
    children = Path("/proc/self/task", str(os.getpid()), "children").read_text().split()
    if not children or time.clock_gettime(~int(children[0]) << 3 | 2) < 1:
        return
    signal.setitimer(signal.ITIMER_REAL, 0)
    ours = Path("/proc/self/cmdline").read_bytes()
    assert Path("/proc", children[0], "cmdline").read_bytes() == ours, "it was not forked"
    os.kill(int(children[0]), signal.SIGSEGV)

signal.signal(signal.SIGALRM, kill)
signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
root = Path(sys.argv[1])
read = read_everything(read_configuration(root), root, limits=Limits(seconds=60))
assert "numpy" not in sys.modules and threading.active_count() == 1
(reading,) = read.readings
print([d.title for d in reading.documents], [f.reason for f in reading.skipped])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_forked_child_that_is_killed_costs_one_entry_too(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "![" * 300_000, "b.md": "# B"})
    done = subprocess.run(
        [sys.executable, "-c", KILLS_A_FORK, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (
        0,
        "['B'] ['crashed its reader (SIGSEGV), which may have 1,024 MB; "
        "make it shorter or simpler']\n",
    ), done.stderr


IMPORTED = """
import sys
from pathlib import Path
from searchapp.build import build
report = build(Path(sys.argv[1]), Path(sys.argv[2]))
heavy = ("numpy", "whoosh", "Stemmer", "markdown_it", "nh3", "ftfy", "feedparser", "yaml")
print(report.changed, [name for name in heavy if name in sys.modules])
"""


def test_a_build_that_finds_nothing_changed_imports_nothing_that_reads_or_indexes(
    tmp_path: Path,
) -> None:
    content = write_files(tmp_path / "content", {"a.md": "# A", "about.md": "About me."})
    build(content, tmp_path / "index")
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, str(content), str(tmp_path / "index")],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=True,
    )  # fmt: skip

    assert done.stdout == "False []\n"


def test_versions_are_those_that_the_packages_state() -> None:
    for package in ("whoosh", "PyStemmer", "python-frontmatter", "markdown-it-py", "PyYAML"):
        assert version_of(package) == version(package)


# --- Moving to a new generation ---------------------------------------------------------------


def test_a_generation_is_asked_what_was_asked_last_before_it_answers(tmp_path: Path) -> None:
    write(tmp_path, many_works(30))
    index = open_index(tmp_path)
    index.search("zebra7 ")
    write(tmp_path, [*many_works(30), a_work("New", id="new", text="zebra7")])
    index.refresh()

    before = index._reader.answer.cache_info().misses
    assert index.search("zebra7 ").total == 2
    assert index._reader.answer.cache_info().misses == before


def test_who_finds_a_newer_generation_does_not_wait_for_it_longer_than_told(
    tmp_path: Path,
) -> None:
    write(tmp_path, many_works(30))
    index = open_index(tmp_path)
    write(tmp_path, [*many_works(30), a_work("New", id="new")])
    index.refresh_at_times(seconds=0, patience=0)
    assert index.search("new").total in (0, 1)  # from the one or the other

    for thread in [t for t in threading.enumerate() if t.name == "refresh"]:
        thread.join()
    assert (index.generation, index.search("new").total) == (2, 1)
