"""`searchapp check`: what in content/ wants mending."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import count, describe, tell_sources


@click.command()
@folders
@as_json
@click.pass_context
def check(ctx: click.Context, content: Path, index: Path, as_json: bool) -> None:
    """Read every source and say what wants mending; nothing is built or written.

    Exit code 3 says that something would be skipped.

    Example: searchapp check --content content
    """
    from searchapp.build import describe_sources
    from searchapp.checks import check as run_checks

    with Bar() as bar:
        gathered, problems = run_checks(content, index, bar.move)
    if as_json:
        found = [asdict(problem) for problem in problems]
        click.echo(json.dumps({"findings": found}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(describe(problem.finding, problem.kind))
        tell_sources(describe_sources(gathered))
        click.echo(f"{count(len(problems), 'finding')} in {content}")
    ctx.exit(3 if any(problem.kind == "skipped" for problem in problems) else 0)
