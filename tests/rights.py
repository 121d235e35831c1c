"""Being bound by the modes of files, as root is not: the rights of root are given up.

It is not another user, who might not reach the interpreter, this checkout or the folders of a test:
without those rights the files of root are guarded from it like anyone's from their owner.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_VERSION = 0x20080522  # of the kernel's tables of rights: two words each of three kinds
_EFFECTIVE, _KINDS, _RIGHTS = 0, 3, 64
_TAKE_FROM_ALL_PROGRAMS = 24  # PR_CAPBSET_DROP

_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
    "from rights import give_up_rights; give_up_rights();"
    "sys.argv[0] = 'searchapp'; from searchapp.cli import main; main()"
)


def has_rights() -> bool:
    """Whether this is root, whom modes do not bind, on a system that lets it give that up."""
    if os.geteuid() != 0:
        return False
    if not hasattr(_libc(), "capset"):
        import pytest  # noqa: PLC0415 - commands that are started from here have no need of it

        pytest.skip("root may read and write anything here")
    return True


@contextmanager
def bound_by_modes() -> Iterator[None]:
    """Let modes bind this thread for a while."""
    if not has_rights():
        yield
        return
    had = _words()
    _call("capget", had)
    none = _words()
    none[:] = [0 if n % _KINDS == _EFFECTIVE else word for n, word in enumerate(had)]
    _call("capset", none)
    try:
        yield
    finally:
        _call("capset", had)


def give_up_rights() -> None:
    """Let modes bind this process from now on, and every program that it starts."""
    if not has_rights():
        return
    for right in range(_RIGHTS):  # the kernel knows fewer, and refuses the others
        _libc().prctl(_TAKE_FROM_ALL_PROGRAMS, ctypes.c_ulong(right), *[ctypes.c_ulong(0)] * 3)
    _call("capset", _words())


def bound_searchapp(*arguments: str) -> list[str]:
    """Return the command that runs `searchapp` with these arguments, bound by modes."""
    return [sys.executable, "-c", _PROGRAM, *arguments]


def _words() -> "ctypes.Array[ctypes.c_uint32]":
    return (ctypes.c_uint32 * (2 * _KINDS))()


def _call(name: str, words: "ctypes.Array[ctypes.c_uint32]") -> None:
    if getattr(_libc(), name)((ctypes.c_uint32 * 2)(_VERSION, 0), words):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
