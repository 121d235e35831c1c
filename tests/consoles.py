"""Documents that are run: each command of a fenced block, and what it says it prints.

    Markdown --read_steps--> files to write, commands with their output
                             --Reader.take--> done, or a failure that names the line

A block that begins with ```console holds commands behind `$ `, and below each what it prints:
`…` stands for what differs from run to run. Other blocks are files, if the line above ends with
the name, as in "In `notes/tides.md`:", or Python, which is run; all else is for people.
"""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from urllib.request import urlopen

from conftest import serving_with

from searchapp.cli import main

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([^`\s]+)`[^`\n]*:\s*\Z")
_DOCUMENTED = "127.0.0.1:8000"  # where a server is said to be; in a test the system chooses


@dataclass(frozen=True, slots=True)
class Step:
    """A file that the document gives, a command with what it prints, or Python without a name.

    `line` is where in the document.
    """

    line: int
    name: str
    text: str
    is_file: bool = False


def read_steps(markdown: str) -> Iterator[Step]:
    """Yield what a document tells its readers to write and to run, in order."""
    for fence in _FENCE.finditer(markdown):
        line = markdown.count("\n", 0, fence.start()) + 2
        language, body = fence.groups()
        named = _NAMED.search(markdown[: fence.start()].rstrip())
        if language == "console":
            yield from _read_commands(body, line)
        elif language == "python":
            yield Step(line, "", body)
        elif named:
            yield Step(line, named[1], body, is_file=True)


def _read_commands(body: str, line: int) -> Iterator[Step]:
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert not parts[0].strip(), f"line {line}: a console begins with a command"
    line += parts[0].count("\n")
    for part in parts[1:]:
        command, _, printed = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield Step(line, command, printed)
        line += part.count("\n")


class Reader:
    """Somebody who follows a document in an empty folder, which is also the home folder."""

    def __init__(self, home: Path, running: contextlib.ExitStack) -> None:
        self._home = home
        self._running = running
        self._served: str | None = None

    def take(self, step: Step) -> None:
        """Do what a step says, and fail if what it prints differs."""
        if step.is_file:
            path = self._home / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
            return
        if not step.name:
            exec(compile(step.text, f"line {step.line}", "exec"), {})
            return
        printed = self._run(step.name).replace(str(self._home), "~")
        if self._served:
            printed = printed.replace(self._served, _DOCUMENTED)
        told = f"it is said to print:\n{step.text}\nit printed:\n{printed}"
        assert is_like(printed, step.text), f"line {step.line}: {step.name}\n{told}"

    def _run(self, command: str) -> str:
        program, *arguments = [
            part.replace("~", str(self._home), 1) if part.startswith("~") else part
            for part in shlex.split(command)
        ]
        if program == "searchapp" and arguments[:1] == ["serve"]:
            return self._serve(arguments)
        if program == "searchapp":
            return call(arguments)
        if program == "curl":
            assert self._served
            address = arguments[-1].replace(_DOCUMENTED, self._served)
            with urlopen(address, timeout=60) as answer:
                return str(answer.read().decode())
        assert program in ("cat", "cp", "git", "ls", "make", "mkdir", "sh"), program
        done = subprocess.run(
            command, shell=True, cwd=self._home, text=True, timeout=120, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
        return done.stdout

    def _serve(self, arguments: list[str]) -> str:
        said: list[str] = []
        address = self._running.enter_context(
            serving_with([*arguments, "--workers", "1"], self._home, said)
        )
        self._served = address.removeprefix("http://")
        return "".join(said)


def call(arguments: list[str]) -> str:
    """Run the command in this process, as a shell would, and return all that it prints."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        mock.patch.object(sys, "argv", ["searchapp", *arguments]),
        contextlib.suppress(SystemExit),
    ):
        main()
    return printed.getvalue()


def is_like(printed: str, said: str) -> bool:
    """Whether that was said, line by line; `…` stands for some of a line, alone for some lines."""
    pattern = "\n".join(
        "(?s:.*)" if line.strip() == "…" else ".+".join(map(re.escape, line.rstrip().split("…")))
        for line in said.rstrip("\n").split("\n")
    )
    lines = "\n".join(line.rstrip() for line in printed.rstrip("\n").split("\n"))
    return re.fullmatch(pattern, lines) is not None
