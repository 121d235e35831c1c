"""`searchapp tags` and its commands, run as their owner runs them."""

import json
import re
import subprocess
import sys

import pytest
from builders import write_files
from conftest import CONTENT, ROOT

FILES = {
    "a.md": "---\ntitle: A\ntags: [river, Maps]\n---\nRivers.",
    "b.md": "---\ntitle: B\ntags: [rivers, maps]\n---\nRivers.",
    "c.md": "---\r\ntitle: Of rivers  # mine\r\n---\r\nOn maps of rivers.\r\n",
    "d.md": "---\ntags: {odd: 1}\ntitle: Maps\n---\nMaps.",
    "e.md": "---\ntitle: E\ntags: [no, 2024, '', '🐢', 'a, b', '<b>bold</b>', "
    + "x" * 5_000
    + "]\n---\n",
}


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path, {f"content/{name}": text for name, text in FILES.items()})


def run(folder, *words):
    """Run `searchapp tags` and return its exit code, stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "tags", *words,
         "--content", str(folder / "content"), "--index", str(folder / "index")],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_doctor_lists_tags_candidates_and_untagged_pieces(folder):
    code, out, _ = run(folder, "--json")
    found = json.loads(out)

    assert code == 0
    assert {"tag": "maps", "label": "Maps", "count": 2, "aliases": ["maps"]} in found["tags"]
    assert [(c["a"], c["b"], c["rule"]) for c in found["candidates"]] == [
        ("river", "rivers", "plural")
    ]
    assert sorted(work["title"] for work in found["untagged"]) == ["Maps", "Of rivers"]
    assert "river" in found["once"]


def test_the_doctor_says_in_words_what_it_found_and_what_was_no_tag(folder):
    code, out, err = run(folder)

    assert code == 0
    assert "river -> rivers  (plural: 'rivers' is the plural of 'river')" in out
    assert "2 pieces untagged" in out
    assert "e.md: warning: tag '🐢' names nothing that can be searched" in err
    assert "xxx…' has" in err


def test_no_index_is_made_by_looking(folder):
    run(folder)
    run(folder, "suggest")

    assert not (folder / "index").exists()


def test_suggestions_are_told_and_nothing_is_written(folder):
    code, out, _ = run(folder, "suggest", "--json")
    [suggestion] = [s for s in json.loads(out)["suggestions"] if s["title"] == "Of rivers"]

    assert code == 0
    assert [name.endswith(":c.md") for name in suggestion["documents"]] == [True]
    assert suggestion["tags"][0]["tag"] in ("river", "rivers")  # not both
    assert len(suggestion["tags"]) <= 2
    assert suggestion["tags"][0]["reason"].startswith("the title names it")
    assert (folder / "content/c.md").read_bytes() == FILES["c.md"].encode()


def test_applied_suggestions_stand_in_the_files_and_the_rest_is_reported(folder):
    code, out, err = run(folder, "suggest", "--apply", "--json")
    told = json.loads(out)
    text = (folder / "content/c.md").read_bytes().decode()

    assert code == 3
    assert "c.md" in told["written"]
    assert text.startswith("---\r\ntitle: Of rivers  # mine\r\ntags: [river")
    assert text.endswith("]\r\n---\r\nOn maps of rivers.\r\n")
    assert [(f["path"]) for f in told["refused"]] == ["d.md"]
    assert "d.md: " in err
    assert (folder / "content/d.md").read_text() == FILES["d.md"]


def test_a_file_and_a_link_to_it_were_given_the_same_tag_twice(folder):
    (folder / "content/also.md").symlink_to(folder / "content/c.md")
    run(folder, "suggest", "--apply")
    text = (folder / "content/c.md").read_bytes().decode()
    stated = re.search(r"tags: \[(.*)\]", text)[1].split(", ")

    assert len(stated) == len(set(stated)) > 0
    assert (folder / "content/also.md").is_symlink()


def test_entries_of_lists_are_left_to_their_owner(tmp_path):
    source = '[[source]]\nname = "{0}"\nkind = "{1}"\npath = "{2}"\n'
    sources = source.format("l", "list", "l.yaml") + source.format("m", "markdown", "m")
    folder = write_files(tmp_path, {
        "content/sources.toml": sources,
        "content/l.yaml": "- title: On fog\n- title: Other\n",
        "content/m/a.md": "---\ntags: [fog, sea]\n---\nFog.",
    })  # fmt: skip
    code, _, err = run(folder, "suggest", "--apply")

    assert code == 3
    assert "l.yaml:1: left as it is: stands among other entries; add there by hand: fog" in err
    assert (folder / "content/l.yaml").read_text() == "- title: On fog\n- title: Other\n"


def test_a_dry_run_says_what_would_change_and_changes_nothing(folder):
    code, out, err = run(folder, "merge", "river", "Rivers", "--dry-run")

    assert code == 0
    assert '+"river" = "rivers"' in out
    assert "would change" in err
    assert not (folder / "content/tags.toml").exists()


def test_a_merged_tag_is_one_from_then_on(folder):
    assert run(folder, "merge", "river", "Rivers")[0] == 0
    found = json.loads(run(folder, "--json")[1])

    assert {"tag": "rivers", "label": "rivers", "count": 2, "aliases": ["river"]} in found["tags"]
    assert found["candidates"] == []


def test_a_renamed_tag_is_called_so(folder):
    assert run(folder, "rename", "maps", "Cartography")[0] == 0
    found = json.loads(run(folder, "--json")[1])

    assert [t["label"] for t in found["tags"] if t["count"] == 2] == ["Cartography"]


def test_an_unknown_tag_is_an_error_in_json_too(folder):
    code, out, _ = run(folder, "merge", "rivrs", "maps", "--json")

    assert code == 1
    assert json.loads(out) == {"error": "there is no tag 'rivrs'; the nearest is 'rivers'"}


def test_contents_empty_tags_are_told_to_the_owner_and_every_untagged_piece_has_a_suggestion(
    tmp_path,
):
    link = tmp_path / "content"
    link.symlink_to(CONTENT)
    found = json.loads(run(tmp_path, "--json")[1])
    suggestions = json.loads(run(tmp_path, "suggest", "--json")[1])["suggestions"]
    untagged = {work["work"] for work in found["untagged"]}

    assert {"ppo", "verl", "importance-sampling", "off-policy"} <= set(found["empty"])
    assert untagged <= {s["work"] for s in suggestions if s["tags"]}
