"""`searchapp serve`: the page, for visitors."""

from pathlib import Path

import click

from searchapp.cli.options import folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import tell_report
from searchapp.settings import DEFAULT, SETTINGS

_HELP = {setting.name: setting.help for setting in SETTINGS}


@click.command()
@folders
@click.option("--host", default=DEFAULT["host"], show_default=True, help=_HELP["host"])
@click.option(
    "--port", default=DEFAULT["port"], show_default=True, type=click.IntRange(0, 65535),
    help=_HELP["port"],
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Use Flask's own server and reloader; loopback only.")
def serve(content: Path, index: Path, host: str, port: int, debug: bool) -> None:
    """Serve the search page; builds the index first where there is none of this content.

    Example: searchapp serve --port 8000
    """
    from searchapp.build import build as run_build
    from searchapp.engine.generations import list_generations
    from searchapp.origin import is_of_another
    from searchapp.web.serving import run_server

    another = content.is_dir() and is_of_another(index, content)
    if another:
        click.echo(
            f"{index}: was built from another folder than {content}; building anew", err=True
        )
    if another or not list_generations(index):
        with Bar() as bar:
            report = run_build(content, index, force=another, tell=bar.tell, progress=bar.move)
        tell_report(report, index)
    run_server(index, content, host, port, debug=debug, tell=click.echo)
