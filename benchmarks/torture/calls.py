"""What a build asks the kernel for: a call on a file, before it is done.

`watching` tells of calls, from outside the build; `hooking` of some, where that cannot be.
"""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Call:
    """A call that a build is about to make: its kind, the files it is about, and its details."""

    kind: str
    name: str
    path: Path
    target: Path | None  # of a rename or a link
    arguments: tuple[int, ...]
    process: int

    @property
    def flags(self) -> int:
        """How a file is opened."""
        if self.name == "creat":
            return os.O_CREAT | os.O_WRONLY | os.O_TRUNC
        return self.arguments[2 if self.name == "openat" else 1]

    @property
    def written(self) -> bytes:
        """What is written."""
        at, length = self.arguments[1:3]
        if self.name in ("write", "pwrite64"):
            return read_memory(self.process, at, length)
        if self.name in ("writev", "pwritev"):
            parts = struct.iter_unpack("=QQ", read_memory(self.process, at, length * 16))
            return b"".join(read_memory(self.process, *part) for part in parts)
        source = self.arguments[1 if self.name == "sendfile" else 0]
        wanted = self.arguments[3 if self.name == "sendfile" else 4]
        place = self.arguments[2 if self.name == "sendfile" else 1]
        begin = _number_at(self.process, place) if place else _position(self.process, source)
        with Path(f"/proc/{self.process}/fd/{source}").open("rb") as file:
            file.seek(begin)
            return file.read(wanted)

    @property
    def offset(self) -> int:
        """Where in the file it is written."""
        if self.name in ("pwrite64", "pwritev"):
            return self.arguments[3]
        if self.name == "copy_file_range" and self.arguments[3]:
            return _number_at(self.process, self.arguments[3])
        return _position(self.process, self.arguments[2 if self.name == "copy_file_range" else 0])

    @property
    def length(self) -> int:
        """How long the file will be, of a truncation."""
        return self.arguments[1]


Decide = Callable[[Call], int]


def read_memory(process: int, at: int, length: int) -> bytes:
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        return os.pread(memory.fileno(), length, at) if length else b""


def _number_at(process: int, at: int) -> int:
    return int.from_bytes(read_memory(process, at, 8), "little")


def _position(process: int, descriptor: int) -> int:
    info = Path(f"/proc/{process}/fdinfo/{descriptor}").read_text()
    return int(info.split("pos:", 1)[1].split(None, 1)[0])
