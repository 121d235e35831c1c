"""Finds the files of a source and reads them.

Reading never waits, never leaves the folder and never takes more bytes than its bound.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from searchapp.errors import ContentError
from searchapp.sources.model import Source

# Controls that no text needs: they break YAML and terminals. Tab and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def relative_to(path: Path, content: Path) -> str:
    """Return `path` relative to the content folder, with slashes, `..` where it is outside."""
    return PurePosixPath(os.path.relpath(path, content)).as_posix()


def root_of(source: Source, content: Path) -> Path:
    """Return the file or folder that the source reads."""
    return Path(os.path.normpath(content / source.path))


def list_files(root: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of a source in the order of their paths: `root`, or those below it.

    Names that begin with a dot are no entries, nor is anything below a folder named so.
    Folders that are links are not entered, so that no loop of links is walked.
    """
    if not root.is_dir():
        yield root
        return
    found: list[Path] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (
            Path(folder, name)
            for name in names
            if name.lower().endswith(endings) and not name.startswith(".")
        )
    yield from sorted(found, key=lambda path: path.relative_to(root).as_posix())


def list_linked_folders(root: Path) -> Iterator[Path]:
    """Yield the folders below `root` that are links: they are not read, which is reported."""
    if not root.is_dir():
        return
    for folder, folders, _ in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in folders if Path(folder, name).is_symlink())


def read_bytes(path: Path, inside: Path, limit: int) -> bytes:
    """Return the bytes of a plain file below `inside`; refuse all that could hang a build.

    Pipes and devices are told by their type before they are opened, and again after, since
    a name may have come to mean another file in between.
    """
    real, root = os.path.realpath(path), os.path.realpath(inside)
    if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
        raise ContentError("is a link that leads out of the folder; put the file itself here")
    try:
        _check_plain(Path(real).stat())
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            _check_plain(os.fstat(descriptor))
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError(f"cannot be read: {reason}; check that it is there and ours") from error
    if len(content) > limit:
        raise ContentError(f"has more than {limit // 2**20} MB; split it into smaller files")
    return content


def _check_plain(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ContentError("is not a plain file (a pipe, device or folder); move it elsewhere")


def decode(content: bytes) -> tuple[str, list[tuple[int | None, str]]]:
    """Return the text of a UTF-8 file, and warnings of control characters taken out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise ContentError(
            f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8", line
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROLS.search(text)
    if control is None:
        return text, []
    line = text.count("\n", 0, control.start()) + 1
    warning = f"control character U+{ord(control[0]):04X} is left out; delete it"
    return _CONTROLS.sub("", text), [(line, warning)]
