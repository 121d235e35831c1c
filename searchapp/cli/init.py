"""`searchapp init`: a sources.toml for a folder that somebody has."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import as_json
from searchapp.cli.progress import Bar
from searchapp.cli.telling import echo_json

if TYPE_CHECKING:
    from searchapp.sources.init import Initialised


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--content", type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write sources.toml in; PATH itself if left out.",
)  # fmt: skip
@click.option(
    "--index", type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the index; one in the content folder if left out.",
)  # fmt: skip
@as_json
def init(path: Path, content: Path | None, index: Path | None, as_json: bool) -> None:
    """Write a sources.toml for the folder PATH, saying what it was recognised as.

    Jekyll, Hugo, Zola, Eleventy, Pelican, Astro and academicpages are known, and folders of
    plain Markdown. A sources.toml that stands is never written over.

    Example: searchapp init ~/blog
    """
    from searchapp.sources.init import initialise

    with Bar("looking", "files") as bar:
        bar.tell("looking through the folder")
        done = initialise(path, content)
    home = done.path.parent
    folders = ["--content", str(home), "--index", str(index or home / "index")]
    if as_json:
        echo_json(_as_json(done, folders))
        return
    click.echo(f"{path}: {done.generator}, because of {' and '.join(done.reasons)}")
    for source in done.sources:
        click.echo(f"  {source.name}: {source.count} in {source.path} ({source.kind})")
    for note in done.notes:
        click.echo(note, err=True)
    click.echo(f"wrote {done.path}; look through it, then: searchapp serve {shlex.join(folders)}")


def _as_json(done: "Initialised", folders: "Sequence[str]") -> dict[str, object]:
    """Return what was seen and written, and the command that serves it."""
    return {
        "path": str(done.path),
        "generator": done.generator,
        "reasons": list(done.reasons),
        "sources": [
            {"name": s.name, "kind": s.kind, "path": s.path, "count": s.count} for s in done.sources
        ],
        "notes": list(done.notes),
        "next": ["searchapp", "serve", *folders],
    }
