"""README and docs are followed to the letter: every command is run, and prints what they say."""

import contextlib
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from consoles import Reader, call, is_like, read_steps

from searchapp.cli import cli
from searchapp.searches import SearchLog

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with blogs in it, and `searchapp` among the commands."""
    home = tmp_path / "home"
    shutil.copytree(EXAMPLES, home)
    shutil.copytree(EXAMPLES / "jekyll", home / "blog")
    shutil.copytree(EXAMPLES / "jekyll" / "_posts", home / "notes")
    shutil.copytree(ROOT / "content", home / "content")
    (home / "index").mkdir()
    missed = SearchLog(home / "index")
    for words in 3 * ["re-inforcment learning"] + 2 * ["k8s"]:
        missed.note(words)
    monkeypatch.setenv("HOME", str(home))
    for name in [*os.environ]:  # who runs this within a hook of git has it work elsewhere
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(home)
    return home


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_each_command_prints_what_the_document_says(document: Path, home: Path) -> None:
    with contextlib.ExitStack() as running:
        reader = Reader(home, running)
        for step in read_steps(document.read_text(encoding="utf-8")):
            reader.take(step)


def test_each_example_that_help_gives_works(home: Path, content_index: Path) -> None:
    shutil.copytree(content_index, home / "index", dirs_exist_ok=True)
    for command in cli.commands.values():
        example = re.search(r"Example: searchapp ([^,\n]*)", command.help or "")
        assert example
        if command.name in ("serve", "evaluate"):  # the one does not end, the other has a test
            continue
        printed = call([*shlex.split(example[1].replace("~", str(home)))])
        assert printed and "Error: " not in printed, f"{example[1]}\n{printed}"


def test_no_command_of_searchapp_stands_where_it_is_not_run() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for language, body in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
            assert language == "console" or not re.search(r"^(\$ )?searchapp ", body, re.M), body


@pytest.mark.parametrize(
    "unit", sorted((EXAMPLES / "serving").glob("*.service")), ids=lambda path: path.stem
)
def test_the_command_of_a_unit_is_one_that_is_understood(unit: Path) -> None:
    found = re.search(r"^ExecStart=\S+/searchapp (.*)$", unit.read_text(), re.MULTILINE)
    assert found

    name, *arguments = shlex.split(found[1])
    cli.commands[name].make_context(name, arguments).close()


def test_each_make_target_that_a_document_names_is_there() -> None:
    makefiles = [ROOT / "Makefile", *EXAMPLES.rglob("Makefile")]
    texts = [makefile.read_text(encoding="utf-8") for makefile in makefiles]
    targets = {name for text in texts for name in re.findall(r"^([a-z-]+):", text, re.MULTILINE)}

    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        named = re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE)
        assert {first or second for first, second in named} <= targets


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for document in DOCUMENTS:
        for path in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / path).exists(), f"{document.name}: {path}"


@pytest.mark.parametrize(
    ("printed", "said", "is_alike"),
    [
        ("in 1.2 s\n", "in … s\n", True),
        ("a\nb\nc\n", "a\n…\n", True),
        ("a\nb\nc\n", "…\nc\n", True),
        ("a\n", "a\nb\n", False),
        ("a\nb\n", "a\n", False),
        ("in s\n", "in … s\n", False),
        ("1 (x) 2\n", "1 (y) 2\n", False),
    ],
)
def test_what_is_left_out_is_marked_and_all_else_counts(
    printed: str, said: str, is_alike: bool
) -> None:
    assert is_like(printed, said) is is_alike
