"""`searchapp check`: everything that wants mending, each with what to do, and nothing written."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from builders import write_files
from test_cli import in_folders, run

from searchapp.checks import check
from searchapp.errors import Finding
from searchapp.sources.facts import Facts

ROOT = Path(__file__).parent.parent
SOURCES = (
    '[[source]]\nname = "blog"\nkind = "markdown"\npath = "posts"\nurl = "https://a.example"\n'
    'permalink = "/:path/"\n'
    '[[source]]\nname = "links"\nkind = "links"\npath = "links.md"\n'
)
BROKEN = "Cats \u201a\u00c4\u00faat home\u201a\u00c4\u00f9"  # “at home” read as MacRoman
FILES = {
    "sources.toml": SOURCES,
    "posts/whole.md": "---\ntitle: Whole\n---\nText.\n",
    "posts/unread.md": "---\ntitle: [a\n---\n",
    "posts/draft.md": "---\ntitle: Later\ndraft: true\n---\nText.\n",
    "posts/date.md": "---\ntitle: When\ndate: yesterday\n---\nText.\n",
    "posts/broken.md": f"---\ntags: [a]\ntitle: {BROKEN}\n---\n{BROKEN}\n\n{BROKEN}\n",
    "links.md": "- [Dogs at work](https://x.example/dogs)\n- [Snow](https://x.example/dogs)\n",
}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A content folder with one finding of each kind."""
    return write_files(tmp_path / "content", FILES)


def test_each_finding_says_where_what_and_what_to_do(blog: Path) -> None:
    done = run("check", "--json", *in_folders(blog))

    findings = json.loads(done.stdout)["findings"]
    assert {(f["path"], f["line"], f["kind"]) for f in findings} == {
        ("posts/unread.md", 3, "skipped"),
        ("posts/draft.md", 3, "held-back"),
        ("posts/date.md", 3, "warning"),
        ("posts/broken.md", 3, "repaired"),
        ("posts/broken.md", None, "repaired"),
        ("links.md", 1, "conflict"),
    }
    assert all(set(f) == {"path", "line", "kind", "reason", "remedy"} for f in findings)
    assert all(f["reason"] and f["remedy"] for f in findings)


def test_what_would_be_skipped_is_exit_3_and_anything_else_is_0(blog: Path) -> None:
    assert run("check", *in_folders(blog)).returncode == 3

    (blog / "posts" / "unread.md").unlink()

    assert run("check", *in_folders(blog)).returncode == 0


def test_checking_writes_nothing(blog: Path) -> None:
    run("check", *in_folders(blog))

    assert not (blog.parent / "index").exists()
    assert {path.relative_to(blog).as_posix() for path in blog.rglob("*.*")} == set(FILES)


def test_entries_seen_are_documents_skipped_and_held_back(blog: Path) -> None:
    said = run("check", *in_folders(blog)).stdout.splitlines()

    assert "  blog: 3 of 5 entries, 1 skipped, 1 held back" in said
    assert "  links: 2 of 2 entries" in said


def test_the_build_reports_what_it_repaired_and_keeps_the_title_as_stated(blog: Path) -> None:
    done = run("build", "--json", *in_folders(blog))

    assert json.loads(done.stdout)["repaired"] == [
        {
            "path": "posts/broken.md", "line": 3,
            "reason": "title has '\u201a\u00c4\u00faat home\u201a\u00c4\u00f9', repaired to "
            "'“at home”'; write it so",
        },
        {
            "path": "posts/broken.md", "line": None,
            "reason": "text was repaired in 2 passages; save the file as UTF-8, or set "
            "repair: false",
        },
    ]  # fmt: skip
    gathered, _ = check(blog, blog.parent / "index")
    (document,) = (d for w in gathered.works for d in w.documents if d.path == "posts/broken.md")
    assert (document.title, document.stated_title) == ("Cats “at home”", BROKEN)


def test_composed_characters_are_no_repair(blog: Path) -> None:
    write_files(blog, {"posts/broken.md": "---\ntitle: Cafe\u0301\n---\nA cafe\u0301.\n"})

    gathered, problems = check(blog, blog.parent / "index")

    assert not [problem for problem in problems if problem.kind == "repaired"]
    assert "Caf\u00e9" in {work.canonical.title for work in gathered.works}


def test_a_terminal_sees_how_far_reading_is_and_a_pipe_sees_nothing(tmp_path: Path) -> None:
    slow = "![" * 4_000  # takes some tenths of a second to read
    write_files(tmp_path, {f"{n}.md": slow for n in range(8)})
    command = [sys.executable, "-m", "searchapp", "check", *in_folders(tmp_path)]

    ours, theirs = pty.openpty()
    env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    running = subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL, env=env)
    os.close(theirs)
    seen = bytearray()
    while block := _read(ours):
        seen += block
    running.wait()
    piped = subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    assert b"/8" in seen
    assert piped.stderr == ""


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal ends on Linux
        return b""


@pytest.mark.parametrize(
    ("reason", "parts"),
    [
        ("is empty; write it", ("is empty", "write it")),
        ("tags is 'a; b'", ("tags is 'a; b'", "")),
        ("tags is 'a; b'; write a list", ("tags is 'a; b'", "write a list")),
        ("title has 'x', repaired to 'y; z'; write it so",
         ("title has 'x', repaired to 'y; z'", "write it so")),
        ("is its owner's; don't share it", ("is its owner's", "don't share it")),
        ("title is \"a; 'b'; c\"; mend it", ("title is \"a; 'b'; c\"", "mend it")),
    ],
)  # fmt: skip
def test_a_value_with_a_semicolon_is_not_cut_into_a_remedy(
    reason: str, parts: tuple[str, str]
) -> None:
    assert Finding("a.md", 1, reason).parts == parts


def test_a_long_value_with_semicolons_is_not_cut_into_a_remedy() -> None:
    facts = Facts({"language": "a; b " * 40})

    facts.language("en")

    ((_, reason),) = facts.warnings
    assert Finding("a.md", 1, reason).parts[1] == "write it as en or pt-BR"


def test_a_build_says_of_each_finding_what_came_of_it(blog: Path) -> None:
    said = run("build", *in_folders(blog)).stderr

    assert "posts/unread.md:3: skipped: YAML" in said
    assert "posts/draft.md:3: held-back: draft is true" in said
    assert "posts/date.md:3: warning: date is" in said
    assert "posts/broken.md:3: repaired: title has" in said


def test_one_entry_is_not_one_entries(tmp_path: Path) -> None:
    blog = write_files(tmp_path / "content", {"a.md": "# A"})

    said = run("build", *in_folders(blog)).stdout

    assert "blog: 1 of 1 entry\n" in said
    assert "from 1 entry;" in said
