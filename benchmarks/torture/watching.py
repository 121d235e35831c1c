"""Watches what a build asks the kernel for, call by call, and can refuse each of them.

    build's process --open, write, fsync, rename...--> held by the kernel
                                                         | what, on which file?
    here: decide(call) --an error, or go on--------------+

The build's process gives itself a seccomp filter whose listener we hold: so calls of SQLite and
numpy are seen like our own, in all its children too, without a tracer, without rights. The call
that is decided on is not done yet, and all before it are.
"""

import ctypes
import os
import platform
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from fcntl import ioctl
from functools import cache
from pathlib import Path

from benchmarks.torture.actors import Build, Plant, start_build
from benchmarks.torture.calls import Call, Decide, read_memory
from benchmarks.torture.hooking import run_hooked

# Numbers by kernel interface: its own number, that of seccomp, those of the calls we watch.
_X86, _ARM = "x86_64", "aarch64"
_ARCHITECTURES = {_X86: (0xC000003E, 317), _ARM: (0xC00000B7, 277)}
_NUMBERS = {
    _X86: {
        "write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "open": 2, "creat": 85,
        "openat": 257, "fsync": 74, "fdatasync": 75, "rename": 82, "renameat": 264,
        "renameat2": 316, "mkdir": 83, "mkdirat": 258, "unlink": 87, "unlinkat": 263,
        "rmdir": 84, "truncate": 76, "ftruncate": 77, "chmod": 90, "fchmod": 91,
        "fchmodat": 268, "sendfile": 40, "copy_file_range": 326, "link": 86, "linkat": 265,
        "symlink": 88, "symlinkat": 266,
    },
    _ARM: {
        "write": 64, "pwrite64": 68, "writev": 66, "pwritev": 70, "openat": 56, "fsync": 82,
        "fdatasync": 83, "renameat": 38, "renameat2": 276, "mkdirat": 34, "unlinkat": 35,
        "truncate": 45, "ftruncate": 46, "fchmod": 52, "fchmodat": 53, "sendfile": 71,
        "copy_file_range": 285, "linkat": 37, "symlinkat": 36,
    },
}  # fmt: skip

# Where each call has what it is about: "f" a descriptor, "p" a path, "a" a path below the
# descriptor before it; and which of the few kinds that matter here it is.
_SHAPES = {
    "write": ("write", "f"), "pwrite64": ("write", "f"), "writev": ("write", "f"),
    "pwritev": ("write", "f"), "open": ("open", "p"), "creat": ("open", "p"),
    "openat": ("open", "fa"), "fsync": ("sync", "f"), "fdatasync": ("sync", "f"),
    "rename": ("rename", "pp"), "renameat": ("rename", "fafa"), "renameat2": ("rename", "fafa"),
    "mkdir": ("mkdir", "p"), "mkdirat": ("mkdir", "fa"), "unlink": ("unlink", "p"),
    "unlinkat": ("unlink", "fa"), "rmdir": ("unlink", "p"), "truncate": ("truncate", "p"),
    "ftruncate": ("truncate", "f"), "chmod": ("chmod", "p"), "fchmod": ("chmod", "f"),
    "fchmodat": ("chmod", "fa"), "sendfile": ("write", "f"), "copy_file_range": ("write", "--f"),
    "link": ("link", "pp"), "linkat": ("link", "fafa"), "symlink": ("link", "-p"),
    "symlinkat": ("link", "-fa"),
}  # fmt: skip

_NOT_MORE_RIGHTS, _FILTER, _LISTENER = 38, 1, 8
_ALLOW, _NOTIFY, _GO_ON = 0x7FFF0000, 0x7FC00000, 1
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_LONGEST_PATH = 4096
_HERE = -100  # AT_FDCWD


class UnwatchableError(Exception):
    """This system lets no process watch another's calls."""


def run_watched(
    content: Path, index: Path, *options: str, decide: Decide, plant: Plant | None = None
) -> Build:
    """Run a build; `decide` says of each call on a file whether it fails, and by which errno.

    Where the system lets nobody watch, the build itself is asked for what it can tell.
    """
    if find_obstacle():
        return run_hooked(content, index, *options, decide=decide, plant=plant)
    ours, theirs = socket.socketpair()

    def begin() -> None:
        if plant:
            plant()
        listener = _hold_calls()
        socket.send_fds(theirs, [b"."], [listener])
        os.close(listener)  # or nobody would learn that all who are watched have ended
        theirs.close()
        ours.close()

    build = start_build(content, index, *options, plant=begin)
    with ours:
        theirs.close()
        _, listeners, _, _ = socket.recv_fds(ours, 1, 1)
    if not listeners:
        build.end()
        raise UnwatchableError(build.said.read_text(errors="replace").strip().rpartition("\n")[2])
    try:
        _decide_on_all(build, listeners[0], decide)
    finally:
        os.close(listeners[0])
    build.end()
    return build


@cache
def find_obstacle() -> str:
    """Return why no process can be watched here; nothing where it can."""
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in _NUMBERS:
        return f"{platform.system()} on {machine}"
    sign = ctypes.create_string_buffer(b"sign")  # it lies at the same place in a fork
    stopped, stop = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(stop)
            os.read(stopped, 1)  # until its memory was looked at
            _hold_calls()
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    os.close(stopped)
    try:
        read_memory(pid, ctypes.addressof(sign), len(sign))
        unread = ""
    except OSError as error:
        unread = f"its memory cannot be read: {error.strerror}"
    os.close(stop)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return os.strerror(code) if code else unread


def _hold_calls() -> int:
    """Let the kernel hold the calls of this process from now on; return the listener."""
    machine = platform.machine()
    architecture, number = _ARCHITECTURES[machine]
    program = _filter(architecture, sorted(_NUMBERS[machine].values()))
    held = ctypes.create_string_buffer(program)
    fprog = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    )
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    zero = ctypes.c_ulong(0)
    if libc.prctl(_NOT_MORE_RIGHTS, ctypes.c_ulong(1), zero, zero, zero):
        raise OSError(ctypes.get_errno(), "prctl")
    listener = libc.syscall(ctypes.c_long(number), ctypes.c_ulong(_FILTER),
                            ctypes.c_ulong(_LISTENER), fprog)  # fmt: skip
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)


def _filter(architecture: int, numbers: list[int]) -> bytes:
    """Return the filter's program: calls with these numbers are told, others go on."""
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(numbers) + 1, architecture), (_LOAD, 0, 0, 0)]
    steps += [(_EQUAL, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _NOTIFY)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _decide_on_all(build: Build, listener: int, decide: Decide) -> None:
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    waiting.register(build.steps, select.POLLIN)
    while True:
        ready = dict(waiting.poll())
        if ready.get(listener, 0) & select.POLLIN:
            _decide_on_next(listener, decide)
        elif ready.get(listener) or not build.listen(0):
            return


def _decide_on_next(listener: int, decide: Decide) -> None:
    """Take the next call from the kernel, decide on it, and answer."""
    notice = bytearray(_NOTICE.size)
    try:
        ioctl(listener, _RECEIVE, notice)
    except OSError:  # it was killed meanwhile
        return
    number, process, _, called, _, _, *arguments = _NOTICE.unpack(notice)
    error = 0
    try:
        call = _describe(called, process, tuple(arguments))
        error = decide(call) if call else 0
    finally:
        answer = _ANSWER.pack(number, 0, -error, 0 if error else _GO_ON)
        with suppress(OSError):  # likewise
            ioctl(listener, _SEND, bytearray(answer))


def _describe(number: int, process: int, arguments: tuple[int, ...]) -> Call | None:
    """Return what a call is about; None where that is no file that has a name."""
    name = _names()[number]
    kind, shape = _SHAPES[name]
    try:
        paths = list(_paths(process, shape, arguments))
    except OSError:
        return None
    if not paths or not paths[0].is_absolute():
        return None
    return Call(kind, name, paths[0], paths[1] if len(paths) > 1 else None, arguments, process)


@cache
def _names() -> dict[int, str]:
    return {number: name for name, number in _NUMBERS[platform.machine()].items()}


def _paths(process: int, shape: str, arguments: tuple[int, ...]) -> Iterator[Path]:
    """Yield the absolute paths that a call is about."""
    for i, (kind, argument) in enumerate(zip(shape, arguments, strict=False)):
        if kind == "f" and shape[i + 1 : i + 2] != "a":
            yield Path(f"/proc/{process}/fd/{argument}").readlink()
        elif kind in "pa":
            below = ctypes.c_int(arguments[i - 1] & 0xFFFFFFFF).value if kind == "a" else _HERE
            base = "cwd" if below == _HERE else f"fd/{below}"
            path = Path(_read_text(process, argument))
            yield path if path.is_absolute() else Path(f"/proc/{process}/{base}").readlink() / path


def _read_text(process: int, at: int) -> str:
    """Read a path; it may end right before memory that is not there, so not over a page's end."""
    read = b""
    while b"\0" not in read and len(read) < _LONGEST_PATH:
        start = at + len(read)
        read += read_memory(process, start, 4096 - start % 4096)
    return os.fsdecode(read.partition(b"\0")[0])
