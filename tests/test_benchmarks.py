"""The benchmark at a tiny size: it runs to its end, and prints every figure that we promise."""

import subprocess
import sys

import pytest
from conftest import ROOT

FIGURES = [
    ("as you type", "10,000", "<= 0.25x tantivy"),
    ("as you type", "10,000", "<= 0.005x MiniSearch"),
    ("as you type", "10,000", "<= 1 ms"),
    ("three words", "10,000", "<= 0.4x tantivy"),
    ("three words", "10,000", "<= 0.01x Whoosh"),
    ("three words", "50,000", "<= 0.35x tantivy"),
    ("three words", "100,000", "<= 5 ms"),
    ("disjunctive counts", "10,000", "<= 0.4x tantivy"),
    ("a common word, top 20", "10,000", "<= 0.5x tantivy"),
    ("a common word, top 20", "10,000", "<= 0.02x SQLite FTS5"),
    ("snippets of the 20 best", "10,000", "<= 0.3x tantivy"),
    ("a full page over HTTP", "10,000", "<= 10 ms"),
    ("the partial over HTTP", "10,000", "<= 6 ms"),
    ("posts/s", "10,000", ">= 2x Whoosh"),
    ("memory", "10,000", "<= 1x Whoosh"),
    ("postings in Whoosh", "10,000", "every one"),
    ("build with nothing changed", "10,000", "<= 1 s"),
    ("build with one post changed", "10,000", "<= 1.5 s"),
    ("until it is found", "10,000", "<= 1.5 s"),
    ("during the swap", "10,000", "<= 100 ms"),
    ("verified before", "10,000", "<= 50 ms"),
    ("with verification", "10,000", "<= 1,000 ms"),
    ("16 threads", "", "0 errors, 0 wrong"),
    ("cranfield ndcg@10", "", ">= 0.53"),
    ("cacm ndcg@10", "", ">= 0.49"),
    ("medline ndcg@10", "", ">= 0.71"),
    ("anchors-rust mrr@10", "", ">= 0.5"),
    ("anchors-rust hit@1", "", ">= 0.97"),
]


def _run(*arguments: object) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run with all parts prints."""
    written = tmp_path_factory.mktemp("bench") / "page.md"
    printed = _run("--posts", 40, "--rounds", 1, "--questions", 2, "--builds", 1,
                   "--peers", "tantivy", "fts5", "--write", written)  # fmt: skip
    assert written.read_text(encoding="utf-8") == printed
    return printed


@pytest.mark.parametrize(("what", "posts", "target"), FIGURES)
def test_a_run_prints_every_figure_with_what_it_came_to(page, what, posts, target):
    table = page.partition("## Figures")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]

    (found,) = [row for row in rows if row and what in row[0] and row[1:3] == [posts, target]]
    assert found[4] in ("met", "NOT MET", "not measured")
    assert (found[3] == "-") == (found[4] == "not measured")


def test_the_table_has_no_figure_that_is_not_promised(page):
    table = page.partition("## Figures")[2].partition("\n## ")[0]

    assert sum(line.startswith("|") for line in table.splitlines()) == len(FIGURES) + 2


def test_a_run_compares_its_answers_with_the_peers_and_the_reference(page):
    assert "compared answers are equal.**" in page
    for whose in ("tantivy", "SQLite FTS5", "the plain reference"):
        assert f"| {whose} |" in page.replace("  ", "")


@pytest.mark.parametrize(
    "part", ["## 40 posts", "### As you type", "### Over HTTP", "full build", "searchapp build"]
)
def test_a_run_has_each_part(page, part):
    assert part in page


def test_a_folder_of_few_posts_is_measured_too(tmp_path):
    (tmp_path / "a.md").write_text("---\ntags: [pets]\n---\n\n# Cats\n\nCats purr all day.\n")
    (tmp_path / "b.md").write_text("# Dogs\n\nA list without much.\n")

    page = _run("--corpus", tmp_path, "--rounds", 1, "--questions", 2, "--peers", "tantivy")

    assert "## 2 posts" in page
    assert "too few such questions" in page
