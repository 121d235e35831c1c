"""The process that builds when it is asked, and is kept warm between: one line, one build.

    Builder --"build"--> here --fork--> build, at low priority --+
            <-------- an Outcome, a line of JSON ----------------+
                              --fork--> what is done afterwards, until the next build

It has rehearsed a build, so it has imported and worked out all that one needs; it holds no content
and has one thread, and each build is a fork of it. So none pays for imports, what a build held is
gone with it, and one that dies takes nothing along.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

from searchapp.builder import Outcome
from searchapp.errors import IndexBusyError, SearchappError
from searchapp.failing import VARIABLE

if TYPE_CHECKING:
    from searchapp.build import Report

_NICENESS = 5  # answers come first, three to one
_BUILT, _NOT_BUILT = 0, 3  # exit codes of a build that has told what came of it
_BROKEN = "the build broke; its traceback stands in the terminal"
_MOST = 200  # findings that are sent; of the rest only the number is

# What is built once, so that it has all that a build imports and works out.
_REHEARSED = {
    "a.md": "---\ntitle: A rehearsal\ndate: 2024-01-01\ntags: [one, two]\n---\n\n"
    "# It\n\nSome *words* of `code` and [a link](https://example.com/).\n\n```\nx = 1\n```\n",
    "b.html": "---\ntitle: Another\ntags: [two, three]\n---\n<p>Words &amp; <b>more</b>.</p>\n",
}


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
