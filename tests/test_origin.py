"""From which folder an index was built, where the note of it did not reach the disk."""

from pathlib import Path

import pytest

from searchapp.origin import is_of_another, remember_origin


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder that says it is the index of `here`."""
    for name in ("here", "there", "index"):
        (tmp_path / name).mkdir()
    remember_origin(tmp_path / "index", tmp_path / "here")
    return tmp_path / "index"


def test_an_index_is_of_the_folder_that_it_was_built_from(index: Path) -> None:
    assert not is_of_another(index, index.parent / "here")
    assert is_of_another(index, index.parent / "there")


@pytest.mark.parametrize("left", [b"", b"0123456789abcdef", bytes(64), b"\xff" * 64],
                         ids=["empty", "cut", "zeros", "no text"])  # fmt: skip
def test_a_note_torn_by_a_loss_of_power_is_taken_for_none(index: Path, left: bytes) -> None:
    (index / "origin").write_bytes(left)

    assert not is_of_another(index, index.parent / "here")


def test_where_the_note_cannot_be_written_the_older_one_does_not_stand(index: Path) -> None:
    (index / "origin.tmp").mkdir()

    remember_origin(index, index.parent / "there")

    assert not is_of_another(index, index.parent / "there")
    assert not (index / "origin").exists()
