"""Puts new bytes in a file's place in one step: a crash leaves the old or the new, whole."""

import errno
import os
import tempfile
from pathlib import Path

MODE_OF_A_NEW_FILE = 0o644


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
