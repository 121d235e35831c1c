"""From content/ to a generation: the counts of the four listings, and how they move."""

import shutil
from pathlib import Path

import pytest
from builders import write_files

from searchapp import SearchappError, open_index
from searchapp.build import Report, build

ROOT = Path(__file__).parent.parent


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of content/ that a test may change."""
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def counts(report: Report) -> tuple[int, int, int]:
    """Return documents, works and conflicts."""
    return report.documents, report.works, len(report.conflicts)


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_four_listings_are_120_documents_and_59_works_with_one_conflict(
    content: Path, tmp_path: Path
) -> None:
    report = build(content, tmp_path / "index")

    assert counts(report) == (120, 59, 1)
    assert report.skipped == report.held_back == ()
    assert report.changed
    assert report.exit_code == 0
    assert {s["name"]: s["documents"] for s in report.sources} == {
        "blog": 29, "research": 11, "archive": 5,
        "writing": 12, "archive-list": 18, "blog-list": 34, "research-list": 11,
    }  # fmt: skip


def test_the_one_conflict_names_both_titles_of_the_address(content: Path, tmp_path: Path) -> None:
    (conflict,) = build(content, tmp_path / "index").conflicts

    assert "166c8708e199" in conflict.url
    assert len(conflict.documents) == 2
    assert any("going-beyond-adamw" in document for document in conflict.documents)


def test_a_second_build_of_the_same_content_changes_nothing(content: Path, tmp_path: Path) -> None:
    first = build(content, tmp_path / "index")
    second = build(content, tmp_path / "index")

    assert not second.changed
    assert second.generation == first.generation
    assert counts(second) == counts(first)


def test_a_full_build_writes_a_generation_even_if_nothing_changed(
    content: Path, tmp_path: Path
) -> None:
    first = build(content, tmp_path / "index")
    second = build(content, tmp_path / "index", full=True)

    assert second.changed
    assert second.generation == first.generation + 1


@pytest.mark.parametrize(
    ("taken", "works"),
    [
        pytest.param("Test-Time Scaling: Spend Compute", 59, id="one of three repeats"),
        pytest.param("Semantic IDs", 59, id="the only entry of a post"),
        pytest.param("Implementing Matrix Factorisation", 58, id="an answer listed once"),
    ],
)
def test_taking_a_listed_entry_away_takes_a_work_only_if_nothing_else_is_of_it(
    content: Path, tmp_path: Path, taken: str, works: int
) -> None:
    path = content / "listings" / "blog.yaml"
    before, found, after = path.read_text(encoding="utf-8").partition("- title:")
    entries = (found + after).split("- title:")[1:]
    gone = next(i for i, entry in enumerate(entries) if taken in entry)
    del entries[gone]
    path.write_text(before + "".join("- title:" + entry for entry in entries), encoding="utf-8")

    report = build(content, tmp_path / "index")

    assert counts(report) == (119, works, 1)


def test_a_listed_title_that_no_post_has_is_a_work_of_its_own(
    content: Path, tmp_path: Path
) -> None:
    replace_once(content / "listings" / "research.yaml", "JanusFlow", "JanusFlux")

    assert counts(build(content, tmp_path / "index")) == (120, 60, 1)


def test_a_post_renamed_leaves_its_listed_entries_together(content: Path, tmp_path: Path) -> None:
    (post,) = (content / "blog").glob("test-time-scaling*.md")
    replace_once(post, "Test-Time Scaling: Spend", "How to Spend")

    # The post stands alone; its three listed entries, alike to the letter, are one piece.
    assert counts(build(content, tmp_path / "index")) == (120, 60, 1)


def test_the_wrong_address_put_right_ends_the_conflict(content: Path, tmp_path: Path) -> None:
    replace_once(
        content / "listings" / "writing.md",
        "when-safety-feels-like-gaslighting-my-experience-with-claude-166c8708e199",
        "going-beyond-adamw-a-practical-guide-to-the-muon-optimizer-0123456789ab",
    )

    assert counts(build(content, tmp_path / "index")) == (120, 59, 0)


def test_a_verdict_joins_what_no_rule_joins(content: Path, tmp_path: Path) -> None:
    replace_once(
        content / "verdicts.toml",
        "same = []",
        'same = [["research:janusflow.md", "research:tiny-recursive-model-trm.md"]]',
    )

    report = build(content, tmp_path / "index")

    assert counts(report) == (120, 58, 1)


def test_a_broken_post_is_reported_with_its_path_and_the_rest_is_built(
    content: Path, tmp_path: Path
) -> None:
    write_files(content / "blog", {"broken.md": "---\ntitle: [never closed\n---\nText.\n"})

    report = build(content, tmp_path / "index")

    assert counts(report) == (120, 59, 1)
    assert [finding.path for finding in report.skipped] == ["blog/broken.md"]
    assert report.exit_code == 3


def test_strict_publishes_nothing_where_something_is_skipped(content: Path, tmp_path: Path) -> None:
    write_files(content / "blog", {"broken.md": "---\ntitle: [never closed\n---\nText.\n"})

    with pytest.raises(SearchappError, match="blog/broken"):
        build(content, tmp_path / "index", strict=True)

    assert not (tmp_path / "index" / "CURRENT").exists()


def test_entries_seen_are_documents_and_skipped_and_held_back_exactly(
    content: Path, tmp_path: Path
) -> None:
    write_files(content / "blog", {"broken.md": "---\ntitle: [\n---\n", "empty.md": ""})

    for source in build(content, tmp_path / "index").sources:
        parts = source["documents"] + source["skipped"] + source["held_back"]  # type: ignore[operator]
        assert source["seen"] == parts


def test_all_seven_broken_titles_are_whole(content_index: Path) -> None:
    titles = {
        hit.title for hit in open_index(content_index).search(limit=100, source="Medium").hits
    }

    assert titles >= {
        "Generate Once, Train Many: Implementing GRPO’s Efficient Sampling from Scratch",
        "The Evolution of Policy Optimization: Understanding GRPO, DAPO, and Dr. GRPO’s"
        " Theoretical Foundations",
        "Bridging Theory and Practice: Understanding GRPO Implementation Details in"
        " Hugging Face’s TRL Library",
        "The “Turtle Speed” Breakthrough 🐢✨ Part 2: The Blueprint for Distributed Chaos",
        "The “Turtle Speed” Breakthrough 🐢✨: Decoding Distributed Optimizers from FSDP to"
        " Muon’s Secret Sauce",
        "No-BS Glossary: Distributed Training 🚀 + The WHY Behind The How",
        "When “Safety” Feels Like Gaslighting: My Experience With Claude",
    }


def test_visitors_see_publications_and_sites_never_the_names_of_lists(content_index: Path) -> None:
    facets = open_index(content_index).search().facets

    assert {value.value: value.count for value in facets["source"]} == {
        "The Blog": 29, "Research Blog": 11, "RL Notebook": 5,
        "Medium": 10, "The Batch": 2, "Quora": 2,
    }  # fmt: skip


def test_undated_content_has_no_years_and_no_order_by_date(content_index: Path) -> None:
    results = open_index(content_index).search()

    assert "year" not in results.facets
    assert results.sorts == ("title",)


def test_an_index_in_a_content_folder_that_is_gone_does_not_make_it(tmp_path: Path) -> None:
    moved = tmp_path / "blog"

    with pytest.raises(SearchappError, match="content folder does not exist"):
        build(moved, moved / "index")

    assert not moved.exists()
