"""Commands into calls: options, one call, and what happened told back in numbers.

One module a command; each imports what it calls inside the command, so that `--help` is
instant. Results go to stdout, progress and warnings to stderr; with `--json` stdout holds
exactly one document.
"""

import json
import os
import sys
import traceback
from contextlib import suppress
from inspect import cleandoc

import click

from searchapp import __version__
from searchapp.cli.build import build
from searchapp.cli.check import check
from searchapp.cli.duplicates import duplicates
from searchapp.cli.evaluate import evaluate
from searchapp.cli.init import init
from searchapp.cli.looks import toned
from searchapp.cli.search import search
from searchapp.cli.searches import searches
from searchapp.cli.serve import serve
from searchapp.cli.stats import stats
from searchapp.cli.tags import tags
from searchapp.errors import SearchappError

STOPPED = 130  # as a shell tells of Ctrl-C


def main() -> None:
    """Run the command line; every error a person can put right ends here, as one line."""
    try:
        _run("--json" in sys.argv[1:])
    except BrokenPipeError:  # who reads has seen enough, as `head` has
        _say_no_more()
        sys.exit(1)
    except OSError as error:
        if not _came_of_telling(error):
            raise
        _say_no_more()
        reason = f"the output cannot be written ({error.strerror}); make room, or send it elsewhere"
        _fail(reason, 1, wants_json=False)


def _run(wants_json: bool) -> None:
    try:
        sys.exit(cli.main(standalone_mode=False))
    except SearchappError as error:
        _fail(str(error), error.exit_code, wants_json)
    except click.UsageError as error:
        usage = error.ctx.get_usage() + "\n" if error.ctx else ""
        _fail(error.format_message(), error.exit_code, wants_json, usage)
    except (_StoppedError, KeyboardInterrupt, click.Abort):
        _fail("stopped", STOPPED, wants_json)


def _came_of_telling(error: OSError) -> bool:
    """Tell whether an error came of printing, as with a full disk; any other is our bug."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code is click.echo.__code__


def _say_no_more() -> None:
    """Lead stdout to nowhere, so that what it still holds is no error when Python ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int, wants_json: bool, usage: str = "") -> None:
    if wants_json:
        click.echo(json.dumps({"error": message}))
    said = (
        "Stopped" if code == STOPPED else f"{usage}{toned('Error', 'skipped', err=True)}: {message}"
    )
    click.echo(said, err=True)
    sys.exit(code)


class _StoppedError(Exception):
    """Ctrl-C, of which click would tell by an empty line."""


class _Commands(click.Group):
    """The group of all commands."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; Ctrl-C ends it without a word of click's."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _StoppedError from None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="searchapp")
def cli() -> None:
    """Search and explore everything a writer ever published, each piece once.

    Example: searchapp build --content content --index index
    """


for _command in (init, build, serve, search, duplicates, tags, check, evaluate, searches, stats):
    cli.add_command(_command)


def _settle_help(command: click.Command) -> None:
    """Have an example stand on one line, to be copied, and lists tell all of a first sentence."""
    text = cleandoc(command.help or "")
    command.short_help = " ".join(text.partition("\n\n")[0].split())
    command.help = text.replace("\nExample: ", "\n\b\nExample: ")
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _settle_help(each)


_settle_help(cli)
