"""All commands have one look and feel: examples that run, one JSON document, calm ends."""

import contextlib
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from builders import write_files
from click.testing import CliRunner
from rights import bound_searchapp
from test_cli import in_folders, run
from watchfiles import watch

from searchapp import cli as commands
from searchapp.cli import cli
from searchapp.cli.looks import age_in_words, size_in_words
from searchapp.cli.progress import _clock
from searchapp.stats import read_stats

ROOT = Path(__file__).parent.parent

DEMO = {
    "content/sources.toml": '[[source]]\nname = "blog"\nkind = "markdown"\npath = "posts"\n'
    '[[source]]\nname = "links"\nkind = "links"\npath = "links.md"\n',
    "content/posts/cats.md": "---\ntitle: All about cats\ntags: [RL, nn]\n---\nCats purr.\n",
    "content/posts/experts.md": "---\ntitle: A mixture of experts\ndate: 2024-05-31\n"
    "tags: [moe, reinforcement-learning]\n---\nExperts route.\n",
    "content/posts/untagged.md": "---\ntitle: Routing by experts\n---\nExperts route a moe.\n",
    "content/links.md": "- [Cats at home](https://medium.com/@me/cats-0123456789ab)\n",
    "blog/hello.md": "# Hello\n\nA text.\n",
    "judged/cranfield/docs.jsonl": '{"id": "1", "title": "Wings", "body": "Wings lift."}\n',
    "judged/cranfield/queries.jsonl": '{"id": "q", "text": "wings"}\n',
    "judged/cranfield/qrels.tsv": "q\t1\t1\n",
}


def all_commands(group: click.Group = cli, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its name, those of groups with the group's before it."""
    for name, command in group.commands.items():
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{name} ")


COMMANDS = dict(all_commands())
WITH_JSON = [name for name in COMMANDS if name != "serve"]


def example_of(name: str) -> list[str]:
    (line,) = re.findall(r"^Example: searchapp (.+)$", COMMANDS[name].help or "", re.MULTILINE)
    return shlex.split(line)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every example can run, with its index."""
    folder = write_files(tmp_path_factory.mktemp("desk"), DEMO)
    done = run("build", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo, in which we are, and at home."""
    folder = shutil.copytree(demo, tmp_path / "demo")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.mark.parametrize("name", WITH_JSON)
def test_the_example_of_the_help_runs_and_gives_one_json_document(name: str, here: Path) -> None:
    arguments = [part.replace("~", str(here)) for part in example_of(name)]
    assert arguments[: len(name.split())] == name.split()

    done = CliRunner().invoke(cli, [*arguments, "--json"], catch_exceptions=False)

    assert done.exit_code == (3 if "--apply" in arguments else 0), done.output
    assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("name", ["init", "build", "duplicates explain", "tags merge", "stats"])
def test_the_example_of_the_help_runs_in_words(name: str, here: Path) -> None:
    arguments = [part.replace("~", str(here)) for part in example_of(name)]

    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)

    assert done.exit_code == 0, done.output
    assert done.stdout.strip()
    assert "\x1b" not in done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_the_example_on_one_line(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split(), "--help"], terminal_width=80)

    (line,) = re.findall(r"^  Example: searchapp (.+)$", done.stdout, re.MULTILINE)
    assert shlex.split(line) == example_of(name)


@pytest.mark.parametrize("name", WITH_JSON)
def test_a_failure_with_json_is_one_json_document(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # where nothing is
    needed = [p for p in COMMANDS[name].params if isinstance(p, click.Argument) and p.required]
    monkeypatch.setattr(sys, "argv", ["searchapp", *name.split(), *["x"] * len(needed), "--json"])

    with pytest.raises(SystemExit) as ended:
        commands.main()

    said = capsys.readouterr()
    assert ended.value.code in (1, 2)
    assert set(json.loads(said.out)) == {"error"}
    assert "Traceback" not in said.err


# --- Ctrl-C, colours, completion ------------------------------------------------------


def end_of_group(group: int) -> bool:
    """Wait until no process of a group lives, for a minute; init may be slow to bury an orphan."""
    waited = select.poll()
    ends = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = path.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                ends.append(os.pidfd_open(int(path.parent.name)))
                waited.register(ends[-1], select.POLLIN)
    try:
        while ends and (ended := waited.poll(60_000)):
            for descriptor, _ in ended:
                waited.unregister(descriptor)
                ends.remove(descriptor)
                os.close(descriptor)
        return not ends
    finally:
        for descriptor in ends:
            os.close(descriptor)


def test_ctrl_c_ends_a_build_with_one_line_and_leaves_nothing_over(tmp_path: Path) -> None:
    slow = "![" * 10_000  # takes some tenths of a second to read
    content = write_files(tmp_path / "content", {f"{n}.md": slow for n in range(60)})
    told = watch(tmp_path, step=1, debounce=20, rust_timeout=200, yield_on_timeout=True)
    next(told)  # from here on all is told
    building = subprocess.Popen(
        [sys.executable, "-m", "searchapp", "build", "--json", *in_folders(content)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        start_new_session=True,
    )  # fmt: skip
    lock = tmp_path / "index" / "build.lock"
    while not lock.exists() and building.poll() is None:
        next(told)

    os.killpg(building.pid, signal.SIGINT)  # as a terminal does, to the children too
    out, err = building.communicate(timeout=120)

    assert (building.returncode, err) == (130, "Stopped\n")
    assert json.loads(out) == {"error": "stopped"}
    assert {path.name for path in (tmp_path / "index").iterdir()} <= {"build.lock", "cache"}
    assert end_of_group(building.pid), "a child of the build lives on"


def on_a_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """Return what a command prints on a terminal, stdout and stderr."""
    ours, theirs = pty.openpty()
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    running = subprocess.Popen(
        [sys.executable, "-m", "searchapp", *arguments], stdout=theirs, stderr=theirs, cwd=folder,
        env=env | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"} | environment,
    )  # fmt: skip
    os.close(theirs)
    seen = bytearray()
    try:
        while block := os.read(ours, 4096):
            seen += block
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(ours)
    running.wait()
    return seen.decode()


def test_colours_are_on_a_terminal_and_never_with_no_color(demo: Path) -> None:
    assert "\x1b[1mA mixture of experts\x1b[0m" in on_a_terminal(demo, "search", "mixture")
    assert "\x1b[3" not in on_a_terminal(demo, "search", "mixture", NO_COLOR="1")
    assert "\x1b[1m" not in on_a_terminal(demo, "search", "mixture", TERM="dumb")
    assert "\x1b" not in on_a_terminal(demo, "stats", NO_COLOR="1")


def test_stats_on_a_terminal_are_a_table_with_bars(demo: Path) -> None:
    seen = on_a_terminal(demo, "stats")

    assert re.search(r"Tags.*pieces", re.sub(r"\x1b\[[\d;]*m", "", seen))
    assert "━" in seen


@pytest.mark.parametrize(
    ("words", "completed"),
    [("searchapp du", "duplicates"), ("searchapp tags re", "rename"),
     ("searchapp build --fo", "--force")],
)  # fmt: skip
def test_a_shell_completes_commands_and_options(words: str, completed: str) -> None:
    at = str(len(words.split()) - 1)
    done = CliRunner().invoke(
        cli, prog_name="searchapp",
        env={"_SEARCHAPP_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": at},
    )  # fmt: skip

    assert done.stdout.splitlines() == [f"plain,{completed}"]


def test_a_search_imports_nothing_that_it_does_not_need(demo: Path) -> None:
    code = (
        "import sys; from searchapp.cli import cli\n"
        "cli.main(['search', 'mixture'], standalone_mode=False)\n"
        "print([m for m in ('flask', 'numpy.ma', 'rich', 'ssl', 'whoosh') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=demo,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "[]"


# --- Figures of an index --------------------------------------------------------------


def test_stats_tell_what_the_index_holds(demo: Path) -> None:
    told = read_stats(demo / "index").as_json()

    assert (told["pieces"], told["documents"], told["skipped"]) == (4, 4, 0)
    assert told["words"] == 2 + 2 + 4
    assert told["years"] == [{"value": "2024", "label": "2024", "count": 1}]
    assert [(s["label"], s["count"]) for s in told["sources"]] == [("blog", 3), ("links", 1)]
    index = told["index"]
    assert index["generation"] == index["generations"] == 1
    assert 0 <= index["age"] < 3600
    assert 0 < index["bytes"] < index["folder_bytes"]
    assert index["degraded"] is None


def test_stats_without_an_index_say_to_build(tmp_path: Path) -> None:
    done = run("stats", "--index", tmp_path / "none")

    assert (done.returncode, done.stdout) == (1, "")
    assert "searchapp build" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (123_456, "123 kB"),
     (12_300_000, "12.3 MB"), (4_000_000_000, "4.0 GB"), (5 * 10**15, "5,000.0 TB")],
)  # fmt: skip
def test_a_size_in_words(number: int, words: str) -> None:
    assert size_in_words(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_300, "2 hours ago"),
     (86_400 * 400, "400 days ago")],
)  # fmt: skip
def test_an_age_in_words(seconds: int, words: str) -> None:
    assert age_in_words(seconds) == words


def test_a_remaining_time_is_told_as_a_clock_does() -> None:
    assert [_clock(s) for s in (0.4, 59.6, 61, 3_725)] == ["0:00", "1:00", "1:01", "1:02:05"]


# --- Folders that cannot be used ------------------------------------------------------


@pytest.mark.parametrize("closed", ["content", "content/sources.toml"])
def test_a_folder_without_rights_is_told_in_one_line(tmp_path: Path, closed: str) -> None:
    content = write_files(tmp_path / "content", {"sources.toml": "", "a.md": "# A\n\nText.\n"})
    (tmp_path / closed).chmod(0)

    done = subprocess.run(
        bound_searchapp("check", "--json", "--content", str(content)),
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip

    (tmp_path / closed).chmod(0o755)
    told = json.loads(done.stdout)
    said = told.get("error") or " ".join(f["reason"] for f in told["findings"])
    assert done.returncode in (1, 3)
    assert "Permission denied" in said
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds nothing that could be read"),
        ({"run.sh": "true", "a.png": ""}, "holds nothing that could be read"),
    ],
    ids=["an empty folder", "no blog"],
)
def test_a_folder_without_writing_says_so_in_one_line(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    (tmp_path / "content").mkdir()
    content = write_files(tmp_path / "content", files)

    done = run("build", *in_folders(content))

    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert "--content DIR" in done.stderr


A = "[[source]]\nname = 'a'\n"
MARKDOWN = "kind = 'markdown'\npath = '.'\n"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (f"{A}kidn = 'x'\n", ":3: [[source]] has no key 'kidn'; did you mean 'kind'?"),
        ("[sit]\ntitle = 'A'\n", ":1: has no table or key 'sit'; did you mean 'site'?"),
        (f"{A}kind = 'markdwon'\npath = '.'\n",
         ":3: kind is 'markdwon', which is none; did you mean 'markdown'?"),
        (f"{A}{MARKDOWN}{A}{MARKDOWN}", ":6: name 'a' stands twice; give each source its own"),
        (f"{A}kind = 'markdown'\npath = '../moved'\n",
         ":4: path is '../moved', which is not there; create it, or mend the path"),
    ],
    ids=["a key", "a table", "a kind", "one name twice", "a folder that was moved"],
)  # fmt: skip
def test_a_sources_toml_that_cannot_be_used_is_one_line_for_every_command(
    tmp_path: Path, toml: str, told: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    content = write_files(tmp_path / "content", {"sources.toml": toml})

    for command in ("build", "check", "duplicates", "tags", "serve"):
        monkeypatch.setattr(sys, "argv", ["searchapp", command, *in_folders(content)])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (1, "")
        assert said.err == f"Error: {content}/sources.toml{told}\n"
