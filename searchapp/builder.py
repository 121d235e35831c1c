"""Has builds made by a process of its own: for a server that builds when asked.

    Builder --a line--> warm process --fork--> build, at low priority
            <--Outcome-- a line of JSON ------+

This is who asks; `warm.py` is the process that is asked.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from searchapp.warm import main; main(json.loads(sys.argv[2]))"
)
_STOPPED = "stopped"
_GONE = "the process that builds was ended; what is saved next is built by another"
_BLOCK = 64 * 1024


@dataclass(frozen=True)
class Outcome:
    """What came of a build: `failed` says why there was none, `told` what was done.

    `findings` are what wants mending, a line each, and `more` how much does besides. `is_busy`
    where another build holds the index, and it is to be tried again.
    """

    failed: str | None = None
    told: str = ""
    changed: bool = False
    findings: tuple[str, ...] = ()
    is_busy: bool = False
    more: int = 0


class Builder:
    """Builds `index` from `content`, when told to.

    After a build `then` is called: the name of a function of two folders, as `module:name`, that
    reads what was built and may take its time; another build puts an end to it.
    """

    def __init__(self, content: Path, index: Path, then: str | None = None) -> None:
        self._folders = [str(content), str(index), then]
        self._warm: subprocess.Popen[bytes] | None = None
        self._ended = False

    def build(self) -> Outcome:
        """Build, and return what came of it."""
        warm = self._ask()
        told = b"" if warm is None else _read_answer(warm)
        if not told.endswith(b"\n"):
            self._forget()
            return Outcome(failed=_STOPPED if self._ended else _GONE)
        outcome = json.loads(told)
        return Outcome(**(outcome | {"findings": tuple(outcome["findings"])}))

    def _ask(self) -> "subprocess.Popen[bytes] | None":
        """Ask the warm process for a build, and return it; None where none can be asked.

        One that died while it had nothing to do, as the system ends what takes much memory, is
        replaced: nothing was lost with it.
        """
        for _ in range(2):
            if self._ended:
                return None
            warm = self._start()
            with suppress(OSError, ValueError):  # it died just now, or we are ended
                if warm.stdin and warm.stdin.write(b"build\n"):
                    return warm
            self._forget()
        return None

    def warm_up(self) -> None:
        """Start the warm process, so that the first build need not wait for it."""
        if not self._ended:
            self._start()

    def end(self) -> None:
        """End the warm process, and the build that it is in; an index survives that."""
        self._ended = True
        self._forget()

    def _start(self) -> "subprocess.Popen[bytes]":
        if self._warm and self._warm.poll() is not None:
            self._forget()
        if self._warm is None:
            command = [sys.executable, "-W", "ignore", "-c", _PROGRAM]
            self._warm = subprocess.Popen(  # noqa: S603  # nosec B603  # our own interpreter and program
                [*command, json.dumps(sys.path), json.dumps(self._folders)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, process_group=0,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
        return self._warm

    def _forget(self) -> None:
        warm, self._warm = self._warm, None
        if warm is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(warm.pid, signal.SIGKILL)  # with the build, and the children that read
        warm.wait()
        for stream in (warm.stdin, warm.stdout):
            if stream:
                stream.close()


def _read_answer(warm: "subprocess.Popen[bytes]") -> bytes:
    """Read one line, or what there is of it where the process ends.

    It is read unbuffered, so that a signal may close it in the midst of that: a buffer would be
    locked.
    """
    told = b""
    with suppress(OSError, ValueError):
        while warm.stdout and not told.endswith(b"\n"):
            block = warm.stdout.read(_BLOCK)
            if not block:
                break
            told += block
    return told
