"""`python -m benchmarks.relevance FOLDER`: how good the answers are, and what has changed.

FOLDER holds collections as `searchapp evaluate` reads them. Prints a table with the change
since the figures in relevance.json, and the figures that are aimed at; `--keep` writes the new
ones there. Queries that say `is_title` are known by the title of the piece that is meant, and
are told apart from the others. Ends with 1 where a figure that is aimed at is missed.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Verdict
from searchapp.errors import SearchappError
from searchapp.evaluate import MEASURES, Evaluation, evaluate

KEPT = Path(__file__).with_name("relevance.json")

# One shipped set of parameters for all; plain BM25 has .518, .483 and .683, and .465 with
# titles weighted on the links of the last collection.
AIMS = {
    ("cranfield", "ndcg@10"): 0.53,
    ("cacm", "ndcg@10"): 0.49,
    ("medline", "ndcg@10"): 0.71,
    ("anchors-rust", "mrr@10 others"): 0.50,
    ("anchors-rust", "hit@1 titles"): 0.97,
}

FIGURES = {
    (name, measure): Figure(f"{name} {measure}", None, f">= {aim:g}", aim, least=True)
    for (name, measure), aim in AIMS.items()
}

Figures = dict[str, dict[str, float]]


def main() -> int:
    """Measure every collection, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="folder of collections")
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {KEPT.name}")
    options = parser.parse_args()
    collections = sorted(path.parent for path in options.folder.glob("*/qrels.tsv"))
    if not collections:
        sys.exit(f"{options.folder}: holds no collection; one is a folder with qrels.tsv")
    try:
        figures = {folder.name: _measure(folder) for folder in collections}
    except SearchappError as error:
        sys.exit(str(error))
    before: Figures = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    print("\n".join(_draw(figures, before)))
    if options.keep:
        KEPT.write_text(json.dumps(before | figures, indent=1, sort_keys=True) + "\n")
    missed = [key for key, aim in AIMS.items() if figures.get(key[0], {}).get(key[1], aim) < aim]
    return 1 if missed else 0


def judge_kept() -> Iterator[Verdict]:
    """Yield what the kept figures come to: measuring anew takes the collections."""
    kept: Figures = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for (name, measure), figure in FIGURES.items():
        if measure in kept.get(name, {}):
            reached = kept[name][measure]
            yield figure.judge(reached, f"{reached:.4f}")


def _measure(folder: Path) -> dict[str, float]:
    evaluation = evaluate(folder)
    found = {"queries": len(evaluation.by_query)} | evaluation.figures
    found |= _told_apart(folder, evaluation)
    return {name: round(value, 4) for name, value in found.items()}


def _told_apart(folder: Path, evaluation: Evaluation) -> dict[str, float]:
    """Return the figures of queries that are a title, and of the others, where some are."""
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines if line.strip()]
    titles = {str(query["id"]) for query in queries if query.get("is_title")}
    first = [f["mrr@10"] == 1 for query, f in evaluation.by_query.items() if query in titles]
    others = [f["mrr@10"] for query, f in evaluation.by_query.items() if query not in titles]
    if not first or not others:
        return {}
    return {
        "hit@1 titles": sum(first) / len(first),
        "mrr@10 others": sum(others) / len(others),
    }


def _draw(figures: Figures, before: Figures) -> Iterator[str]:
    """Yield a line for each figure: its value, its change, what is aimed at."""
    yield f"{'collection':<14} {'figure':<14} {'value':>7} {'change':>8}   aim"
    for name, found in figures.items():
        for measure in (*MEASURES, "hit@1 titles", "mrr@10 others"):
            if measure not in found:
                continue
            old = before.get(name, {}).get(measure)
            change = "new" if old is None else f"{found[measure] - old:+.4f}"
            aim = AIMS.get((name, measure))
            met = "" if aim is None else f"{aim:.2f} {'met' if found[measure] >= aim else 'MISSED'}"
            yield f"{name:<14} {measure:<14} {found[measure]:>7.4f} {change:>8}   {met}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
