"""`searchapp duplicates`: what was joined and why, as JSON and in words."""

import json
from pathlib import Path

import pytest
from builders import write_files
from click.testing import CliRunner, Result

from searchapp.cli import cli

LIST = """\
- title: Kites
- title: Kites
- title: Kites
"""
POSTS = {
    "sources.toml": '[[source]]\nname = "list"\nkind = "list"\npath = "list.yaml"\n'
    '[[source]]\nname = "blog"\nkind = "markdown"\npath = "posts"\n',
    "list.yaml": LIST,
    "posts/one.md": "---\ntitle: Salt Roads\nurl: https://a.example/x\n---\nOne.\n",
    "posts/two.md": "---\ntitle: Paper Boats\nurl: https://a.example/x/\n---\nTwo.\n",
    "verdicts.toml": 'different = [["blog:one.md", "blog:gone.md"]]\n',
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder with a title that is listed three times, a conflict, and a stale verdict."""
    return write_files(tmp_path / "content", POSTS)


def run(content: Path, *arguments: str) -> Result:
    folders = ["--content", str(content), "--index", str(content.parent / "index")]
    return CliRunner().invoke(cli, ["duplicates", *arguments, *folders], catch_exceptions=False)


def test_the_json_has_the_names_of_the_contract(content: Path) -> None:
    told = json.loads(run(content, "--json").stdout)

    assert set(told) == {"works", "near_misses", "conflicts", "stale_verdicts"}
    (work,) = told["works"]
    assert set(work) == {"id", "title", "documents", "evidence"}
    assert len(work["documents"]) == 3
    assert set(work["evidence"][0]) == {"a", "b", "rule", "score"}
    assert {"kind", "url", "documents", "reason"} <= set(told["conflicts"][0])
    assert told["stale_verdicts"] == ["blog:gone.md"]


def test_each_joined_piece_is_told_with_its_evidence_in_words(content: Path) -> None:
    lines = run(content).stdout.splitlines()

    assert lines[0].startswith("Kites  (")
    assert "  because one list has the title twice: " in "\n".join(lines)
    assert lines[-1] == ("1 piece joined from 3 entries; 0 near misses, 1 conflict, 1 stale name")


def test_a_conflict_and_a_stale_verdict_are_told_with_what_they_name(content: Path) -> None:
    said = run(content).stdout

    assert "blog:one.md, blog:two.md" in said
    assert "blog:gone.md" in said


def test_a_verdict_is_heard_before_the_next_build(content: Path) -> None:
    write_files(content, {"verdicts.toml": 'same = [["blog:one.md", "blog:two.md"]]\n'})

    told = json.loads(run(content, "--json").stdout)

    assert [work["title"] for work in told["works"]] == ["Kites", "Salt Roads"]
    assert told["conflicts"] == []
    assert not (content.parent / "index").exists()


def test_nothing_joined_is_told_in_a_line(tmp_path: Path) -> None:
    said = run(write_files(tmp_path / "content", {"a.md": "# A\n"})).stdout

    assert said.strip() == (
        "0 pieces joined from 0 entries; 0 near misses, 0 conflicts, 0 stale names"
    )


# --- Explaining a pair ------------------------------------------------------------------------


def test_explain_has_the_names_of_the_contract(content: Path) -> None:
    told = json.loads(run(content, "explain", "blog:one.md", "blog:two.md", "--json").stdout)

    assert set(told) == {"a", "b", "same", "findings"}
    assert (told["a"], told["b"], told["same"]) == ("blog:one.md", "blog:two.md", False)
    assert {tuple(finding) for finding in told["findings"]} == {("rule", "finding", "score")}


def test_explain_takes_addresses_and_tells_in_words(content: Path) -> None:
    write_files(content, {"verdicts.toml": 'same = [["blog:one.md", "blog:two.md"]]\n'})

    lines = run(content, "explain", "http://www.a.example/x", "blog:two.md").stdout.splitlines()

    assert lines[0] == "blog:one.md and blog:two.md are one piece"
    assert lines[1].startswith("  + verdict: ")


def test_explain_takes_the_folders_before_it_too(content: Path) -> None:
    command = ["duplicates", "--content", str(content), "explain", "blog:one.md", "blog:two.md"]

    assert CliRunner().invoke(cli, command).stdout.startswith("blog:one.md and blog:two.md are two")


def test_a_document_beside_itself_was_told_as_two(content: Path) -> None:
    lines = run(content, "explain", "blog:one.md", "blog:one.md").stdout.splitlines()

    assert lines == ["blog:one.md is one document, named twice"]


def test_a_name_of_nothing_is_told_with_the_nearest(content: Path) -> None:
    command = ["duplicates", "explain", "--content", str(content), "blog:one.mdx", "blog:two.md"]

    error = CliRunner().invoke(cli, command).exception

    assert "'blog:one.mdx' names no document; the nearest id is 'blog:one.md'" in str(error)


def test_a_contradiction_names_both_lines(content: Path) -> None:
    pair = '[["blog:one.md", "blog:two.md"]]'
    write_files(content, {"verdicts.toml": f"same = {pair}\n\ndifferent = {pair}\n"})

    error = CliRunner().invoke(cli, ["duplicates", "--content", str(content)]).exception

    assert str(error).startswith("verdicts.toml:1 and verdicts.toml:3: ")
