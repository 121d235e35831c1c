"""A file is replaced in one step; one that may only be read is left as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from searchapp.tags.replacing import replace_file

TRY = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from rights import give_up_rights
from searchapp.tags.replacing import replace_file
give_up_rights()
try:
    replace_file(Path(sys.argv[1]), b"new")
except PermissionError as error:
    print(error.strerror)
"""


def replace_bound(path):
    """Try it without the rights of root, whom no mode keeps from writing."""
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "cats.md").write_text("old")
    return folder


def test_a_file_that_may_only_be_read_was_overwritten(folder):
    (folder / "cats.md").chmod(0o444)

    assert replace_bound(folder / "cats.md") == "it may only be read"
    assert (folder / "cats.md").read_text() == "old"


def test_a_folder_that_may_only_be_read_ended_in_a_traceback(folder):
    folder.chmod(0o555)
    told = replace_bound(folder / "cats.md")
    folder.chmod(0o755)

    assert told == "its folder may only be read"
    assert [path.name for path in folder.iterdir()] == ["cats.md"]


def test_a_file_that_may_be_written_is_replaced(folder):
    assert replace_bound(folder / "cats.md") == ""
    assert (folder / "cats.md").read_text() == "new"


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(folder):
    link = folder / "link.md"
    link.symlink_to(folder / "cats.md")
    replace_file(link, b"new")

    assert link.is_symlink()
    assert (folder / "cats.md").read_bytes() == b"new"
