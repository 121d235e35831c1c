"""Builds in a process of its own, which is kept warm: for a server that builds when asked.

    Builder --a line--> warm process --fork--> build, at low priority
            <--Outcome-- a line of JSON ------+

The warm process has rehearsed a build, so it has imported and worked out all that one needs; it
holds no content and has one thread, and each build is a fork of it. So none pays for imports,
what a build held is gone with it, and one that dies takes nothing along.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

from searchapp.errors import IndexBusyError, SearchappError
from searchapp.failing import VARIABLE

if TYPE_CHECKING:
    from searchapp.build import Report

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from searchapp.builder import main; main(json.loads(sys.argv[2]))"
)
_NICENESS = 5  # answers come first, three to one
_BUILT, _NOT_BUILT = 0, 3  # exit codes of a build that has told what came of it
_BROKEN = "the build broke; its traceback stands in the terminal"
_STOPPED = "stopped"
_GONE = "the process that builds was ended; what is saved next is built by another"
_BLOCK = 64 * 1024
_MOST = 200  # findings that are sent; of the rest only the number is

# What the warm process builds once, so that it has all that a build imports and works out.
_REHEARSED = {
    "a.md": "---\ntitle: A rehearsal\ndate: 2024-01-01\ntags: [one, two]\n---\n\n"
    "# It\n\nSome *words* of `code` and [a link](https://example.com/).\n\n```\nx = 1\n```\n",
    "b.html": "---\ntitle: Another\ntags: [two, three]\n---\n<p>Words &amp; <b>more</b>.</p>\n",
}


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


# --- In the warm process ----------------------------------------------------------------------


def main(folders: list[str | None]) -> None:
    """Be the warm process: fork a build for each line, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the builder is told, and ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    with suppress(Exception):  # what is wrong here is told by the first build
        _rehearse()
    gc.collect()
    gc.freeze()  # so that a build copies nothing only because it looks for garbage
    content, index, then = Path(folders[0] or ""), Path(folders[1] or ""), folders[2]
    afterwards: int | None = None
    while sys.stdin.buffer.readline():
        if afterwards:  # what it reads is about to be another
            os.kill(afterwards, signal.SIGKILL)
            os.waitpid(afterwards, 0)
            afterwards = None
        _, status = os.waitpid(_fork(lambda: _answer_with_build(content, index, answers)), 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (_BUILT, _NOT_BUILT):
            reason = f"the build was ended by signal {-code}" if code < 0 else _BROKEN
            _answer(answers, Outcome(failed=reason))
        if code == _BUILT and then:
            afterwards = _fork(lambda: _call(then, content, index))


def _rehearse() -> None:
    """Build a little folder, change it, build it again, and forget it."""
    from searchapp.build import build  # noqa: PLC0415  # a server itself does not build
    from searchapp.sources import read_all, read_configuration  # noqa: PLC0415

    failpoint = os.environ.pop(VARIABLE, None)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        content, index = Path(name) / "content", Path(name) / "index"
        content.mkdir()
        for file, text in _REHEARSED.items():
            (content / file).write_text(text, "utf-8")
        read_all(read_configuration(content), content)  # in this very process
        build(content, index)
        (content / "a.md").write_text(_REHEARSED["a.md"] + "\nMore.\n", "utf-8")
        build(content, index)
    if failpoint:
        os.environ[VARIABLE] = failpoint


def _fork(work: Callable[[], int]) -> int:
    """Begin some work in a fork of this process, at low priority; return its process.

    What `work` returns is its exit code. Nothing of this process's is cleaned up there.
    """
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.nice(_NICENESS)
            code = work()
        except BaseException:  # it must end here, whatever it is
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return process


def _call(name: str, content: Path, index: Path) -> int:
    """Call the function `module:name` with the two folders; what its owner can mend is a line."""
    module, _, function = name.partition(":")
    try:
        getattr(import_module(module), function)(content, index)
    except (SearchappError, OSError) as error:
        print(f"{function.replace('_', ' ')}: {error}", file=sys.stderr)
        return 1
    return 0


def _answer_with_build(content: Path, index: Path, answers: IO[bytes]) -> int:
    outcome = _build(content, index)
    _answer(answers, outcome)
    return _BUILT if outcome.failed is None else _NOT_BUILT


def _build(content: Path, index: Path) -> Outcome:
    from searchapp.build import build  # noqa: PLC0415  # a server itself does not build

    try:
        report = build(content, index)
    except IndexBusyError as error:
        return Outcome(failed=str(error), is_busy=True)
    except SearchappError as error:
        return Outcome(failed=str(error))
    findings = tuple(_findings(report))
    more = max(0, len(findings) - _MOST)
    return Outcome(None, _tell(report), report.changed, findings[:_MOST], more=more)


def _tell(report: "Report") -> str:
    if not report.changed:
        return f"nothing changed since generation {report.generation}, in {report.seconds:.1f} s"
    read = f"{report.read:,} {'entry' if report.read == 1 else 'entries'} read"
    written = f"{report.written:,} {'piece' if report.written == 1 else 'pieces'} written again"
    return f"{read}, {written}: generation {report.generation}, in {report.seconds:.1f} s"


def _findings(report: "Report") -> Iterator[str]:
    for kind, findings in (
        ("skipped", report.skipped), ("held back", report.held_back), ("warning", report.warnings),
    ):  # fmt: skip
        for finding in findings:
            where = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
            yield f"{where}: {kind}: {finding.reason}"
    for conflict in report.conflicts:
        yield f"{conflict.url}: conflict: {conflict.reason}"


def _answer(answers: IO[bytes], outcome: Outcome) -> None:
    answers.write(json.dumps(asdict(outcome)).encode() + b"\n")
