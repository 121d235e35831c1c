"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class Folder(click.Path):
    """A folder named on the command line; an empty name, as of an unset variable, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; an empty one is wrong usage."""
        if value == "":
            self.fail("the name is empty; write the folder's path", param, ctx)
        return super().convert(value, param, ctx)


def folders(command: Command) -> Command:
    """Add the options that every command has: where the content and the index are."""
    folder = Folder(path_type=Path, file_okay=False, readable=False)  # reading tells more
    command = click.option(
        "--index", default="index", show_default=True, type=folder, help="Folder of the index."
    )(command)
    return click.option(
        "--content", default="content", show_default=True, type=folder, help="Folder that is read."
    )(command)


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
