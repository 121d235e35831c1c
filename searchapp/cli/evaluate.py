"""`searchapp evaluate`: how good the answers are, measured on judged queries."""

from pathlib import Path

import click

from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import count, describe, echo_json


@click.command()
@click.argument("collection", metavar="DIR",
                type=click.Path(path_type=Path, file_okay=False, exists=True))  # fmt: skip
@folders
@click.option("--run", "run", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write what each query found, as trec_eval reads it.")  # fmt: skip
@as_json
def evaluate(collection: Path, content: Path, index: Path, run: Path | None, as_json: bool) -> None:
    """Measure the answers on the judged queries in DIR.

    DIR holds docs.jsonl (as sources of the kind jsonl have it), queries.jsonl (id, text) and
    qrels.tsv (query, document, grade). The index is built in a temporary folder.

    Example: searchapp evaluate judged/cranfield --run cranfield.run
    """
    from searchapp.evaluate import MEASURES, write_run
    from searchapp.evaluate import evaluate as evaluate_collection

    with Bar() as bar:
        bar.tell("building and asking")
        evaluation = evaluate_collection(collection)
    for finding in evaluation.skipped:
        click.echo(describe(finding, "skipped"), err=True)
    if run:
        write_run(evaluation.run, run)
    if as_json:
        echo_json(evaluation.as_json())
    else:
        for name in MEASURES:
            click.echo(f"{name:<10}  {evaluation.figures[name]:.4f}")
        click.echo(f"over {count(len(evaluation.by_query), 'judged query', 'judged queries')}")
    if evaluation.skipped:
        raise SystemExit(3)
