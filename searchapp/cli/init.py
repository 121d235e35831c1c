"""`searchapp init`: a sources.toml for a folder that somebody has."""

import shlex
from pathlib import Path

import click


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
def init(path: Path, content: Path | None, index: Path | None) -> None:
    """Write a sources.toml for the folder PATH, saying what it was recognised as.

    Jekyll, Hugo, Zola, Eleventy, Pelican, Astro and academicpages are known, and folders of
    plain Markdown. A sources.toml that stands is never written over.

    Example: searchapp init ~/blog
    """
    from searchapp.sources.init import initialise

    done = initialise(path, content)
    click.echo(f"{path}: {done.generator}, because of {' and '.join(done.reasons)}")
    for source in done.sources:
        click.echo(f"  {source.name}: {source.count} in {source.path} ({source.kind})")
    for note in done.notes:
        click.echo(note, err=True)
    home = done.path.parent
    folders = ["--content", str(home), "--index", str(index or home / "index")]
    click.echo(f"wrote {done.path}; look through it, then: searchapp serve {shlex.join(folders)}")
