"""Measures answers against judged queries: how well the shipped ranking does on a collection.

    docs.jsonl ---build, joining off---> an index in a temporary folder
    queries.jsonl ---index.search------> a run ---qrels.tsv, ir-measures---> four figures

Nothing is asked in a way of its own: the settings are the shipped ones, and a query ends
with a space, as one that is typed to its end.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.build import build
from searchapp.engine import Index, open_index
from searchapp.errors import Finding, SearchappError

DEEP = 1_000  # hits of each query that are looked at, as is usual for MAP
MEASURES = ("ndcg@10", "map", "mrr@10", "recall@100")

_SOURCES = """
[[source]]
name = "docs"
kind = "jsonl"
path = "docs.jsonl"
dedup = false
"""

Run = dict[str, list[str]]
Judged = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Evaluation:
    """The figures of a collection, the mean over its judged queries and for each of them.

    `run` has the documents that each query found, best first; `skipped` what could not be read.
    """

    figures: dict[str, float]
    by_query: dict[str, dict[str, float]]
    run: Run
    skipped: tuple[Finding, ...]

    def as_json(self) -> dict[str, float | int]:
        """Return the document of `evaluate --json`."""
        return {"queries": len(self.by_query)} | self.figures


def evaluate(folder: Path) -> Evaluation:
    """Build an index of the collection in `folder`, ask its queries, and measure the answers.

    Raises SearchappError where a file is missing or cannot be read.
    """
    queries, judged = read_queries(folder / "queries.jsonl"), read_judged(folder / "qrels.tsv")
    asked = {name: text for name, text in queries.items() if name in judged}
    if not asked:
        raise SearchappError(f"{folder}/qrels.tsv: judges none of the queries in queries.jsonl")
    with tempfile.TemporaryDirectory(prefix="searchapp-") as home:
        content = Path(home) / "content"
        content.mkdir()
        (content / "sources.toml").write_text(_SOURCES, encoding="utf-8")
        (content / "docs.jsonl").write_bytes(_read_bytes(folder / "docs.jsonl"))
        report = build(content, Path(home) / "index")
        run = ask(open_index(Path(home) / "index"), asked)
    by_query = measure(run, {name: judged[name] for name in asked})
    figures = {
        name: sum(found[name] for found in by_query.values()) / len(by_query) for name in MEASURES
    }
    return Evaluation(figures, by_query, run, report.skipped)


def ask(index: Index, queries: dict[str, str]) -> Run:
    """Return the documents that each query finds, best first."""
    return {
        name: [
            hit.documents[0] for hit in index.search(f"{text} ", limit=DEEP, snippets=False).hits
        ]
        for name, text in queries.items()
    }


def measure(run: Run, judged: Judged) -> dict[str, dict[str, float]]:
    """Return the measures of each judged query; one that found nothing has 0 in all.

    The figures are those of trec_eval: nDCG with linear gain, unjudged documents worth nothing.
    """
    ir = _load_measures()
    named = {"ndcg@10": ir.nDCG @ 10, "map": ir.AP, "mrr@10": ir.RR @ 10, "recall@100": ir.R @ 100}
    ranked = {
        query: {document: float(-place) for place, document in enumerate(found)}
        for query, found in run.items()
    }
    found = {query: dict.fromkeys(MEASURES, 0.0) for query in judged}
    names = {measure: name for name, measure in named.items()}
    for metric in ir.iter_calc(list(names), judged, ranked):
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found


def _load_measures() -> Any:
    try:
        import ir_measures  # noqa: PLC0415  # only this command needs it
    except ModuleNotFoundError:
        raise SearchappError(
            "evaluate needs the package ir-measures; run `pip install 'searchapp[evaluate]'`"
        ) from None
    return ir_measures


def write_run(run: Run, path: Path) -> None:
    """Write a run as trec_eval reads it; a space within a name, which would part it, is %20."""
    with path.open("w", encoding="utf-8") as file:
        for query, documents in run.items():
            for place, document in enumerate(documents):
                names = (query.replace(" ", "%20"), document.replace(" ", "%20"))
                file.write(f"{names[0]} Q0 {names[1]} {place + 1} {DEEP - place} searchapp\n")


# Files


def read_queries(path: Path) -> dict[str, str]:
    """Return the text of each query by its id."""
    found = {}
    for number, line in _lines(path):
        try:
            query = json.loads(line)
            found[str(query["id"])] = str(query["text"])
        except (ValueError, KeyError, TypeError):
            reason = 'is no query; write {"id": "1", "text": "..."}'
            raise SearchappError(f"{path}:{number}: {line[:60]!r} {reason}") from None
    return found


def read_judged(path: Path) -> Judged:
    """Return the grade of each judged document by query; a first line may name the columns."""
    judged: Judged = {}
    for number, line in _lines(path):
        parts = line.split("\t")
        try:
            query, document, grade = parts
            judged.setdefault(query, {})[document] = int(grade)
        except ValueError:
            if number == 1:
                continue
            reason = "is no judgement; write query, document and grade with tabs between"
            raise SearchappError(f"{path}:{number}: {line[:60]!r} {reason}") from None
    return {query: grades for query, grades in judged.items() if max(grades.values()) > 0}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = _read_bytes(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SearchappError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SearchappError(f"{path}: cannot be read ({error.strerror})") from None
