"""Reads an owner's list as it is, and puts another in its place, whole, whenever we crash."""

import errno
import os
import tempfile
from pathlib import Path

from searchapp.errors import ConfigurationError

MODE_OF_A_NEW_FILE = 0o644


def read_as_it_is(path: Path) -> str:
    """Return the text of a file with its line ends and its mark, "" where there is none.

    Raises ConfigurationError where it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.name}: cannot be read ({error}); save it as UTF-8"
        ) from error


def replace_file(path: Path, content: bytes) -> None:
    """Write a file anew, with its mode; the file that a link leads to is the one replaced.

    To replace a file takes no leave to write it, only its folder's: a file that may not be
    written is refused as if it were opened. Raises OSError.
    """
    real = Path(os.path.realpath(path))
    mode = real.stat().st_mode & 0o777 if real.exists() else MODE_OF_A_NEW_FILE
    if real.exists() and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "it may only be read")
    if not os.access(real.parent, os.W_OK):
        raise PermissionError(errno.EACCES, "its folder may only be read")
    descriptor, name = tempfile.mkstemp(dir=real.parent, prefix=".searchapp-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(real)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
