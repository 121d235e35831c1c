"""The commands: what they print where, and how they end."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from builders import write_files
from conftest import SCATTERED, serving
from rights import bound_searchapp

ROOT = Path(__file__).parent.parent
POST = "---\ntitle: A post about cats\ntags: [pets]\n---\nCats purr.\n"


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "searchapp", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder with one post, and beside it room for an index."""
    return write_files(tmp_path / "content", {"cats.md": POST})


def in_folders(blog: Path) -> list[str]:
    return ["--content", str(blog), "--index", str(blog.parent / "index")]


def test_build_prints_one_json_document_with_the_keys_of_the_contract(blog: Path) -> None:
    done = run("build", "--json", *in_folders(blog))

    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(report) == {
        "generation", "changed", "documents", "works", "places", "seconds", "skipped",
        "held_back", "warnings", "repaired", "conflicts", "sources", "homeless", "read", "written",
        "joined", "split",
    }  # fmt: skip
    assert (report["documents"], report["works"], report["places"]) == (1, 1, 1)


def test_build_tells_what_it_skipped_with_path_and_line_and_exits_with_3(blog: Path) -> None:
    write_files(blog, {"broken.md": "---\ntitle: ok\ntags: [a\n---\n"})

    done = run("build", *in_folders(blog))

    assert done.returncode == 3
    assert "broken.md:" in done.stderr
    assert "1 skipped" in done.stdout


def test_search_prints_titles_and_equals_the_api_as_json(scattered_index: Path) -> None:
    folders = ["--content", str(SCATTERED), "--index", str(scattered_index)]

    told = run("search", "river", *folders)
    done = run("search", "river", "--json", *folders)

    assert "A River Is Not a Line" in told.stdout
    results = json.loads(done.stdout)
    assert results["total"] == len([h for h in results["hits"] if h["complete"]]) > 0
    assert results["query"]["q"] == "river"


def test_search_narrows_by_the_facets_it_has_options_for(scattered_index: Path) -> None:
    folders = ["--content", str(SCATTERED), "--index", str(scattered_index)]

    done = run("search", "--source", "Medium", "--year", "2023", "--json", *folders)

    (hit,) = json.loads(done.stdout)["hits"]
    assert hit["title"] == "Mending a Map, Part 1: The Fold"


@pytest.mark.parametrize("command", ["build", "search"])
def test_a_failure_with_json_is_one_json_document_and_no_traceback(
    command: str, tmp_path: Path
) -> None:
    done = run(command, "--json", "--content", tmp_path / "none", "--index", tmp_path / "index")

    assert done.returncode == 1
    assert set(json.loads(done.stdout)) == {"error"}
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a full device")
@pytest.mark.parametrize(
    "command",
    ["build", "build --json", "check", "stats", "search cats", "search --unknown --json", "--help"],
)
def test_a_full_disk_behind_stdout_ended_in_a_traceback(blog: Path, command: str) -> None:
    run("build", *in_folders(blog))
    words = command.split()
    folders = [] if "--help" in words else in_folders(blog)

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "searchapp", *words, *folders],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == (
        "Error: the output cannot be written (No space left on device); make room, "
        "or send it elsewhere\n"
    )


def test_a_missing_content_folder_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("build", "--content", tmp_path / "none", "--index", tmp_path / "index")

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(tmp_path / "none") in done.stderr


def test_search_without_an_index_says_to_build(tmp_path: Path) -> None:
    done = run("search", "cats", "--index", tmp_path / "index")

    assert done.returncode == 1
    assert "searchapp build" in done.stderr


def test_an_index_of_another_version_is_told_with_what_to_do(blog: Path) -> None:
    run("build", *in_folders(blog))
    manifest = blog.parent / "index" / "gen-1" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": "', '"format": "0'))

    searched = run("search", "cats", *in_folders(blog))
    served = run("serve", "--port", "0", *in_folders(blog))

    for done in (searched, served):
        assert done.returncode == 1
        assert "another version" in done.stderr
        assert "searchapp build" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_an_unwritable_index_folder_is_told_in_one_line(blog: Path) -> None:
    folder = blog.parent / "locked"
    folder.mkdir(mode=0o555)

    done = subprocess.run(
        bound_searchapp("build", "--content", str(blog), "--index", str(folder / "index")),
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip

    assert done.returncode == 1
    assert str(folder / "index") in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_in_use_is_told_in_one_line(blog: Path) -> None:
    run("build", *in_folders(blog))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = run("serve", "--port", str(port), *in_folders(blog))

    assert done.returncode == 1
    assert f"127.0.0.1:{port}: the port is in use" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("host", ["bad host", "", "999.1.1.1", "[::1"])
def test_a_host_that_is_none_is_told_in_one_line(blog: Path, host: str) -> None:
    run("build", *in_folders(blog))

    done = run("serve", "--host", host, "--port", "0", *in_folders(blog))

    assert done.returncode == 1
    assert repr(host) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_serve_builds_first_where_there_is_no_index_and_ends_cleanly_on_sigterm(
    blog: Path,
) -> None:
    with serving(blog, blog.parent / "index") as address:
        assert address.startswith("http://127.0.0.1:")
        assert (blog.parent / "index" / "CURRENT").exists()

    server = subprocess.Popen(
        [sys.executable, "-m", "searchapp", "serve", "--port", "0", *in_folders(blog)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert server.stdout
    assert "http://127.0.0.1:" in server.stdout.readline()
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=60)
    assert (server.returncode, said) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--port", "x"],
        ["build", "--nope"],
        ["build", "--index", ""],
        ["search", "--limit", "0"],
        ["nope"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).returncode == 2


def test_a_second_builder_says_that_another_is_running_and_exits_with_75(blog: Path) -> None:
    from searchapp.engine.generations import lock_for_building  # noqa: PLC0415

    with lock_for_building(blog.parent / "index"):
        done = run("build", *in_folders(blog))

    assert done.returncode == 75
    assert "another build is running" in done.stderr


def test_help_imports_neither_flask_nor_numpy_nor_whoosh() -> None:
    code = (
        "import sys; sys.argv = ['searchapp', '--help']\n"
        "from searchapp import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('flask', 'numpy', 'whoosh') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_search_does_not_answer_from_the_index_of_another_folder(blog: Path) -> None:
    other = write_files(blog.parent / "other", {"dogs.md": "# Dogs\n\nDogs bark."})
    run("build", *in_folders(blog))
    index = blog.parent / "index"

    meant = run("search", "cats", *in_folders(blog))
    unnamed = run("search", "cats", "--index", index)
    refused = run("search", "dogs", "--content", other, "--index", index)

    assert "A post about cats" in meant.stdout
    assert "A post about cats" in unnamed.stdout
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert f"was built from another folder than {other}; run" in refused.stderr


def test_serve_builds_anew_where_the_index_is_that_of_another_folder(blog: Path) -> None:
    other = write_files(blog.parent / "other", {"dogs.md": "# Dogs of winter\n\nDogs bark."})
    run("build", *in_folders(blog))

    with serving(other, blog.parent / "index") as address:
        page = urllib.request.urlopen(f"{address}/").read().decode()

    assert "Dogs of winter" in page
    assert "A post about cats" not in page


def test_the_same_content_in_another_place_gives_the_same_generation(blog: Path) -> None:
    moved = blog.parent / "moved"
    shutil.copytree(blog, moved)
    index = blog.parent / "index"
    run("build", *in_folders(blog))

    report = json.loads(run("build", "--json", "--content", moved, "--index", index).stdout)

    assert report["changed"] is False
    assert str(moved) not in (index / "origin").read_text()
    assert run("search", "cats", "--content", moved, "--index", index).returncode == 0


def test_an_index_in_the_content_folder_is_no_content(tmp_path: Path) -> None:
    blog = write_files(tmp_path / "a blog", {"cats.md": POST, "list/a.json": '[{"title": "B"}]'})

    told = run("init", blog).stdout.splitlines()[-1]
    folders = shlex.split(told.partition("searchapp serve ")[2])
    reports = [json.loads(run("build", "--json", *folders).stdout) for _ in range(2)]

    assert folders == ["--content", str(blog), "--index", str(blog / "index")]
    assert reports[0]["sources"] == reports[1]["sources"]
    assert reports[1]["changed"] is False
