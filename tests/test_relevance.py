"""The answers over content/ to queries as people type them, and the measuring of answers."""

import json
import math
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import open_index
from searchapp.cli import cli
from searchapp.errors import SearchappError
from searchapp.evaluate import MEASURES, evaluate, measure, read_judged, read_queries

JUDGED = tomllib.loads((Path(__file__).parent / "data" / "judged.toml").read_text("utf-8"))[
    "judged"
]

DOCS = [
    {"id": "a 1", "title": "Cats", "body": "cats sleep"},
    {"id": "b", "title": "Dogs", "body": "dogs bark at cats"},
    {"id": "c", "title": "Dogs", "body": "dogs bark at cats"},
    {"id": "d", "title": "Lions", "body": "lions roar"},
]
QUERIES = [
    {"id": "1", "text": "cats"},
    {"id": "2", "text": "roar"},
    {"id": "3", "text": "unjudged"},
]
QRELS = "qid\tdocid\tgrade\n1\ta 1\t2\n1\tb\t1\n1\tc\t1\n2\tb\t1\n9\tb\t1\n2\td\t0\n"


def test_queries_as_people_type_them_find_the_pieces_that_are_meant(content_index: Path) -> None:
    index = open_index(content_index)
    assert len(JUDGED) >= 60

    def ndcg(judged: dict[str, list[str]]) -> float:
        hits = [hit.documents for hit in index.search(judged["query"], limit=10).hits]
        places = [i for i, ids in enumerate(hits) if set(ids) & set(judged["works"])]
        ideal = sum(1 / math.log2(i + 2) for i in range(len(judged["works"])))
        return sum(1 / math.log2(i + 2) for i in places) / ideal

    figures = {judged["query"]: ndcg(judged) for judged in JUDGED}
    assert sum(figures.values()) / len(figures) >= 0.95


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A collection of four documents, of which two are the same."""
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "docs.jsonl").write_text("\n".join(map(json.dumps, DOCS)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels.tsv").write_text(QRELS)
    return folder


def test_a_collection_is_measured_with_every_document_by_itself(collection: Path) -> None:
    evaluation = evaluate(collection)

    assert evaluation.run["1"][0] == "a 1"
    assert set(evaluation.run["1"]) == {"a 1", "b", "c"}
    assert evaluation.by_query["1"] == dict.fromkeys(MEASURES, 1.0)
    assert evaluation.by_query["2"] == dict.fromkeys(MEASURES, 0.0)
    assert evaluation.as_json() == {"queries": 2} | dict.fromkeys(MEASURES, 0.5)


def test_measures_are_those_of_trec() -> None:
    found = measure(
        {"q": ["x", "a", "b"], "nothing": []}, {"q": {"a": 2, "b": 1}, "nothing": {"a": 1}}
    )

    gain = 2 / math.log2(3) + 1 / math.log2(4)
    assert found["q"]["ndcg@10"] == pytest.approx(gain / (2 + 1 / math.log2(3)))
    assert found["q"]["map"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert (found["q"]["mrr@10"], found["q"]["recall@100"]) == (0.5, 1.0)
    assert found["nothing"] == dict.fromkeys(MEASURES, 0.0)


def test_the_command_prints_figures_and_writes_a_run(collection: Path, tmp_path: Path) -> None:
    run = tmp_path / "out.run"
    printed = CliRunner().invoke(cli, ["evaluate", str(collection), "--json", "--run", str(run)])

    assert json.loads(printed.output) == evaluate(collection).as_json()
    assert run.read_text().splitlines()[0] == "1 Q0 a%201 1 1000 searchapp"
    told = CliRunner().invoke(cli, ["evaluate", str(collection)]).output
    assert "ndcg@10     0.5000" in told
    assert "over 2 judged queries" in told


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("queries.jsonl", "{", r"queries.jsonl:1: '{' is no query; write "),
        ("queries.jsonl", '{"id": 1}', r"is no query"),
        ("qrels.tsv", "1\ta\t1\n1 a 1", r"qrels.tsv:2: '1 a 1' is no judgement; write "),
        ("qrels.tsv", "7\ta\t1\n", r"judges none of the queries"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
    collection: Path, name: str, text: str, complaint: str
) -> None:
    (collection / name).write_text(text)

    with pytest.raises(SearchappError, match=complaint):
        evaluate(collection)


def test_a_collection_without_a_file_says_which(collection: Path) -> None:
    (collection / "docs.jsonl").unlink()

    with pytest.raises(SearchappError, match=r"docs\.jsonl: cannot be read"):
        evaluate(collection)


def test_judgements_may_name_their_columns_and_queries_may_be_numbered(collection: Path) -> None:
    assert read_judged(collection / "qrels.tsv")["1"] == {"a 1": 2, "b": 1, "c": 1}
    (collection / "queries.jsonl").write_text('{"id": 1, "text": "x"}\n\n')
    assert read_queries(collection / "queries.jsonl") == {"1": "x"}
