"""Builds that write only what changed: their outcome is that of a full build."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import a_document, a_tag, a_work, work_of, write_files
from corpora import SITE, corpora, queries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp import open_index
from searchapp.build import build
from searchapp.documents import Guide, Relation, Tag, Work
from searchapp.engine.arrays import lay_out, load
from searchapp.engine.generations import Generation, lock_for_building, newest_good, verify
from searchapp.engine.phrases import FOLDER as PHRASES
from searchapp.engine.records import FOLDER as RECORDS
from searchapp.engine.results import results_as_json
from searchapp.engine.texts import FOLDER as TEXTS
from searchapp.engine.whoosh_index import read_whoosh
from searchapp.engine.writing import NO_GUIDE, write_generation
from searchapp.tags import draw_map


def write(
    index: Path,
    works: Sequence[Work],
    tags: Sequence[Tag] = (),
    relations: Sequence[Relation] = (),
    guide: Guide = NO_GUIDE,
) -> Generation:
    with lock_for_building(index):
        return write_generation(
            index, works, list(tags), SITE, {}, relations=relations, guide=guide
        )[0]


def arrays_of(folder: Path) -> dict[str, tuple[str, bytes]]:
    return {name: (str(a.dtype), a.tobytes()) for name, a in load(folder).items()}


def rows_of(generation: Generation) -> dict[str, list[object]]:
    """Return what works.sqlite holds, table by table."""
    connection = sqlite3.connect(generation.path / "works.sqlite")
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    rows = {n: sorted(connection.execute(f"SELECT * FROM {n}"), key=repr) for n in sorted(names)}
    connection.close()
    return rows


def packed(generation: Generation) -> dict[str, bytes]:
    """Return the files of words in order, of records, and of texts."""
    paths = [p for name in (PHRASES, RECORDS, TEXTS) for p in (generation.path / name).iterdir()]
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in paths}


def from_whoosh(generation: Generation) -> dict[str, tuple[str, bytes]]:
    arrays = lay_out(read_whoosh(generation.path / "whoosh"))
    return {name: (str(a.dtype), a.tobytes()) for name, a in arrays.items()}


def segments(generation: Generation) -> set[str]:
    """Return the names of the segments of its Whoosh index."""
    return {path.name for path in (generation.path / "whoosh").glob("*.seg")}


def assert_same(step: Generation, whole: Generation) -> None:
    assert arrays_of(step.path / "arrays") == arrays_of(whole.path / "arrays")
    assert rows_of(step) == rows_of(whole)
    assert packed(step) == packed(whole)
    assert from_whoosh(step) == arrays_of(step.path / "arrays")
    assert step.manifest["fingerprint"] == whole.manifest["fingerprint"]
    assert step.manifest["counts"] == whole.manifest["counts"]


@dataclass(frozen=True)
class State:
    """All that a generation is made of at one time."""

    works: list[Work]
    tags: list[Tag]
    relations: list[Relation]
    guide: Guide

    def write(self, index: Path) -> Generation:
        return write(index, self.works, self.tags, self.relations, self.guide)


@st.composite
def histories(draw: st.DrawFn) -> list[State]:
    """Draw states of a corpus, each with some works of the one before gone, changed or new."""
    pool = [*draw(corpora()), *(in_another_state(work) for work in draw(corpora()))]
    some = st.lists(st.sampled_from(pool), unique_by=number_of) if pool else st.just([])
    return [draw(states_of(works)) for works in draw(st.lists(some, min_size=2, max_size=4))]


@st.composite
def states_of(draw: st.DrawFn, works: list[Work]) -> State:
    """Draw what stands around works: labels of their tags, kin among them, the guide."""
    slugs = sorted({tag for work in works for tag in work.tags})
    tags = [a_tag(slug, label=draw(st.sampled_from([slug, slug.upper()]))) for slug in slugs]
    kinds = st.sampled_from(["series", "translations", "versions"])
    ids = st.lists(st.sampled_from([w.id for w in works]), min_size=2, unique=True)
    kin = st.lists(st.builds(Relation, kinds, ids.map(tuple)), max_size=2)
    bundles = draw(st.sampled_from([(), (("Learning", ("rl", "moe")),)]))
    guide = Guide(bundles, draw_map(works, tags))
    return State(works, tags, draw(kin) if len(works) > 1 else [], guide)


def number_of(work: Work) -> str:
    """Return the number of a drawn work, with which the ids of all its documents begin."""
    return work.canonical.id.split("-")[0]


def in_another_state(work: Work) -> Work:
    """Return the work with other texts: another state of one that may be there already."""
    return work_of(*(replace(d, text=d.text + " anew") for d in work.documents))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(), data=st.data())
def test_a_build_after_any_changes_gives_what_a_full_one_gives(
    history: list[State], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")
    for state in history:
        step = state.write(folder / "steps")
    works = history[-1].works
    whole = history[-1].write(folder / "whole")

    assert_same(step, whole)
    query = data.draw(queries(works))
    indexes = [open_index(folder / name) for name in ("steps", "whole")]
    first, second = (results_as_json(index.answer(query)) for index in indexes)
    assert first | {"generation": 0} == second | {"generation": 0}
    for key in {document.key for work in works for document in work.documents}:
        assert indexes[0].work(key) == indexes[1].work(key)


def many_works(count: int = 300) -> list[Work]:
    return [
        a_work(f"Piece {i}", id=f"p{i}", text=f"common word{i % 17} zebra{i}", tags=[f"t{i % 5}"])
        for i in range(count)
    ]


def changed(work: Work, **fields: object) -> Work:
    return work_of(replace(work.canonical, **fields))  # type: ignore[arg-type]


def test_one_changed_work_leaves_the_great_segment_where_it_is(tmp_path: Path) -> None:
    works = many_works()
    first = write(tmp_path / "steps", works)
    works[7] = changed(works[7], text="lions instead", title="Other")
    works.append(a_work("New", id="new", text="zebra7 zebra8", date="2024-05-31"))
    del works[100]
    second = write(tmp_path / "steps", works)

    (great,) = segments(first)
    assert great in segments(second)
    assert len(segments(second)) == 2
    assert_same(second, write(tmp_path / "whole", works))


def test_the_small_segment_is_written_anew_each_time_so_there_are_never_more_than_two(
    tmp_path: Path,
) -> None:
    works = many_works()
    for number in range(6):
        works[number] = changed(works[number], text=f"state {number}")
        last = write(tmp_path / "steps", works)
        assert len(segments(last)) <= 2

    assert_same(last, write(tmp_path / "whole", works))


def test_after_many_changes_all_is_one_segment_again(tmp_path: Path) -> None:
    works = many_works()
    write(tmp_path / "steps", works)
    works[:100] = [changed(work, text="anew " + work.canonical.text) for work in works[:100]]
    last = write(tmp_path / "steps", works)

    assert len(segments(last)) == 1
    assert_same(last, write(tmp_path / "whole", works))


def test_a_later_build_changes_no_file_of_an_older_generation(tmp_path: Path) -> None:
    works = many_works()
    first = write(tmp_path, works)
    before = {p: p.read_bytes() for p in first.path.rglob("*") if p.is_file()}
    for number in range(2):
        works[number] = changed(works[number], text="other")
        write(tmp_path, works)

    assert {p: p.read_bytes() for p in first.path.rglob("*") if p.is_file()} == before
    (tmp_path / "verified.json").unlink()
    verify(first.path)


def test_a_damaged_file_is_not_noted_as_verified_by_the_next_build(tmp_path: Path) -> None:
    works = many_works()
    first = write(tmp_path, works)
    write(tmp_path, [*works, a_work("New", id="new")])
    array = first.path / "arrays" / "postings.rows.npy"
    array.write_bytes(array.read_bytes()[:-1] + b"?")
    write(tmp_path, [*works, a_work("Newer", id="newer")])

    with pytest.raises(Exception, match="damaged"):
        verify(first.path)


def test_generations_share_no_file_so_that_damage_is_that_of_one(tmp_path: Path) -> None:
    works = many_works()
    write(tmp_path, works)
    works[3] = changed(works[3], text="other")
    second = write(tmp_path, works)

    assert all(path.stat().st_nlink == 1 for path in tmp_path.rglob("*") if path.is_file())
    for path in (second.path / "whoosh").glob("*.seg"):
        damage(path)
    assert newest_good(tmp_path).number == 1


def damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(shutil.rmtree, id="no cache"),
        pytest.param(lambda cache: damage(cache / "postings.bin"), id="a flipped bit"),
        pytest.param(lambda cache: (cache / "postings.bin").write_bytes(b""), id="empty"),
    ],
)
def test_what_was_remembered_may_go_or_be_damaged_without_effect(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    works = many_works()
    write(tmp_path / "steps", works)
    harm(tmp_path / "steps" / "cache")
    works[3] = changed(works[3], text="other")

    assert_same(write(tmp_path / "steps", works), write(tmp_path / "whole", works))


def test_what_was_remembered_of_another_generation_is_not_used(tmp_path: Path) -> None:
    works = many_works()
    write(tmp_path / "steps", works)
    older = (tmp_path / "steps" / "cache" / "postings.bin").read_bytes()
    works[3] = changed(works[3], text="other")
    write(tmp_path / "steps", works)
    (tmp_path / "steps" / "cache" / "postings.bin").write_bytes(older)
    works[4] = changed(works[4], text="another")

    assert_same(write(tmp_path / "steps", works), write(tmp_path / "whole", works))


def test_a_part_added_to_a_series_is_seen_by_the_others(tmp_path: Path) -> None:
    works = [a_work(f"Part {n}", id=f"s{n}", series="Tour", part=n) for n in (1, 2)]
    write(tmp_path / "steps", works)
    works.append(a_work("Part 3", id="s3", series="Tour", part=3))
    write(tmp_path / "steps", works)

    hits = open_index(tmp_path / "steps").search("part").hits
    assert {hit.series.parts for hit in hits if hit.series} == {3}


def test_a_new_label_of_a_tag_is_seen(tmp_path: Path) -> None:
    work = a_work("Piece", id="a", tags=["rl"])
    write(tmp_path, [work], [a_tag("rl", label="RL")])
    write(tmp_path, [work], [a_tag("rl", label="Reinforcement learning")])

    assert open_index(tmp_path).label("tag", "rl") == "Reinforcement learning"


def test_a_work_that_takes_over_a_document_is_found_by_its_key(tmp_path: Path) -> None:
    a, b = a_document("A", id="a", date="2020-01-01"), a_document("B", id="b", date="2021-01-01")
    write(tmp_path, [work_of(a), work_of(b)])
    write(tmp_path, [work_of(a, b)])

    page = open_index(tmp_path).work(b.key)
    assert page and page.hit.id == a.key


# The whole way


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of posts; its files were written long enough ago for their times to be trusted."""
    posts = {f"posts/{n}.md": f"# Post {n}\n\nText of number {n}.\n" for n in range(20)}
    return write_files(tmp_path / "content", posts)


def arrays_now(index: Path) -> dict[str, tuple[str, bytes]]:
    return arrays_of(newest_good(index).path / "arrays")


def test_edits_of_files_give_what_a_full_build_gives(content: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(content, index)
    (content / "posts" / "3.md").write_text("# Post 3\n\nOther text.\n")
    (content / "posts" / "4.md").unlink()
    (content / "posts" / "new.md").write_text("---\ntags: [x]\n---\n# New\n")
    (content / "about.md").write_text("About me.")
    report = build(content, index)

    assert report.changed
    step = newest_good(index)
    build(content, tmp_path / "other", full=True)
    assert_same(step, newest_good(tmp_path / "other"))


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"posts/7.md": "# Post 7\n\nNo tags in here.\n"}, id="beside its tags"),
        pytest.param({"posts/new.md": "---\ntags: [red, green]\n---\n# New\n"}, id="of its tags"),
        pytest.param({"tags.toml": '[tags.red]\nlabel = "Rot"\n'}, id="of a label"),
    ],
)
def test_the_map_of_tags_after_an_edit_is_the_one_that_a_full_build_draws(
    content: Path, tmp_path: Path, edit: dict[str, str]
) -> None:
    tagged = "---\ntags: [{}, {}]\n---\nA post.\n"
    pairs = [("red", "green"), ("green", "blue"), ("sea", "sky"), ("sky", "red")]
    posts = {f"posts/tagged-{n}.md": tagged.format(*pair) for n, pair in enumerate(pairs)}
    write_files(content, posts)
    build(content, tmp_path / "index")
    write_files(content, edit)
    build(content, tmp_path / "index")
    build(content, tmp_path / "other", full=True)

    drawn = open_index(tmp_path / "index").guide().map
    assert drawn
    assert drawn == open_index(tmp_path / "other").guide().map
    assert rows_of(newest_good(tmp_path / "index")) == rows_of(newest_good(tmp_path / "other"))


TOLD = {
    "posts/bad.md": "---\n[[[\n---\n",
    "posts/draft.md": "---\ndraft: true\n---\nNot yet.",
    "posts/broken.md": "# Donâ€™t\n\nText of a post.",
    "posts/one.md": "---\ncanonical_url: https://x.example/a\n---\n# Bees in the loft\n\nOf bees.",
    "posts/two.md": "---\ncanonical_url: https://x.example/a\n---\n# Rust for all\n\nOf rust.",
}


def test_a_build_that_finds_nothing_changed_tells_the_same_report(
    content: Path, tmp_path: Path
) -> None:
    write_files(content, TOLD)
    first = build(content, tmp_path / "index")
    second = build(content, tmp_path / "index")

    assert first.skipped
    assert first.held_back
    assert first.repaired
    assert first.conflicts
    unlike = {"changed": False, "read": 0, "written": 0, "seconds": second.seconds}
    assert second == replace(first, **unlike)
    assert json.dumps(second.as_json()) == json.dumps(first.as_json() | unlike)


def test_what_was_joined_is_told_once_by_the_build_that_did_it(
    content: Path, tmp_path: Path
) -> None:
    build(content, tmp_path / "index")
    (content / "verdicts.toml").write_text('same = [["blog:posts/1.md", "blog:posts/2.md"]]')
    joining, after = (build(content, tmp_path / "index") for _ in range(2))

    assert len(joining.joined) == 1
    assert after == replace(joining, joined=(), changed=False, written=0, seconds=after.seconds)


@pytest.mark.parametrize("seal", ["kept", "made anew"])
def test_a_damaged_note_of_the_last_report_only_costs_a_build(
    content: Path, tmp_path: Path, seal: str
) -> None:
    first = build(content, tmp_path / "index")
    note = tmp_path / "index" / "cache" / "inputs.json"
    text = note.read_text().replace('"works": 20', '"works": 21')
    note.write_text(text if seal == "kept" else text.partition("\n")[2])
    second = build(content, tmp_path / "index")

    assert (second.works, second.changed) == (first.works, False)


def test_an_entry_skipped_since_then_is_told_by_every_build_after(
    content: Path, tmp_path: Path
) -> None:
    build(content, tmp_path / "index")
    (content / "posts" / "bad.md").write_text("---\n[[[\n---\n")
    reports = [build(content, tmp_path / "index") for _ in range(3)]

    assert [len(report.skipped) for report in reports] == [1, 1, 1]
    assert not any(report.changed for report in reports)


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"posts/3.md": "# Post 3\n\nOther text.\n"}, id="a post"),
        pytest.param({"posts/new.md": "# New\n"}, id="a new post"),
        pytest.param({"tags.toml": '[tags.x]\nlabel = "X"\n', "posts/x.md": "---\ntags: x\n---\nX"},
                     id="a tag's label"),
        pytest.param({"about.md": "About me."}, id="the page about the site"),
        pytest.param({"sources.toml": '[site]\ntitle = "T"\n[[source]]\nname = "posts"\n'
                      'kind = "markdown"\npath = "posts"\n'}, id="the configuration"),
    ],
)  # fmt: skip
def test_every_edit_is_seen_by_the_next_build(
    content: Path, tmp_path: Path, edit: dict[str, str]
) -> None:
    build(content, tmp_path / "index")
    assert not build(content, tmp_path / "index").changed
    write_files(content, edit)

    assert build(content, tmp_path / "index").changed
    assert not build(content, tmp_path / "index").changed


def test_what_a_folder_states_anew_is_seen_though_no_post_changed(
    content: Path, tmp_path: Path
) -> None:
    source = '[[source]]\nname = "posts"\nkind = "markdown"\npath = "posts"\ngenerator = "hugo"\n'
    stated = "---\ntitle: All\ncascade:\n  draft: {}\n---\n"
    write_files(content, {"sources.toml": source, "posts/_index.md": stated.format("false")})
    before = build(content, tmp_path / "index")
    write_files(content, {"posts/_index.md": stated.format("true")})

    after = build(content, tmp_path / "index", force=True)
    assert (before.works, after.works) == (20, 0)


def test_a_file_that_nobody_reads_is_told_though_nothing_else_changed(
    content: Path, tmp_path: Path
) -> None:
    build(content, tmp_path / "index")
    write_files(content, {"posts/one.rst": "One\n===\n"})
    report = build(content, tmp_path / "index")

    assert not report.changed
    assert "1 file .rst is not read" in report.warnings[0].reason


def test_a_verdict_is_seen_though_no_post_changed(content: Path, tmp_path: Path) -> None:
    build(content, tmp_path / "index")
    (content / "verdicts.toml").write_text('same = [["content:posts/1.md", "content:posts/2.md"]]')

    report = build(content, tmp_path / "index")
    assert report.changed or report.warnings


def test_an_edit_with_its_old_time_put_back_is_seen_though_files_are_not_opened(
    content: Path, tmp_path: Path
) -> None:
    post = content / "posts" / "3.md"
    for path in content.rglob("*.md"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    build(content, tmp_path / "index")
    before = post.stat()
    post.write_text(post.read_text().replace("number 3", "number X"))
    os.utime(post, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert post.stat().st_size == before.st_size
    assert build(content, tmp_path / "index").changed


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(Path.unlink, id="gone"),
        pytest.param(damage, id="a flipped bit"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-9]), id="cut"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: None, id="whole"),
    ],
)
def test_what_joining_remembers_joins_as_reading_anew_would(
    content: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    posts = {f"posts/{name}.md": f"# On {name}\n\n{text}\n" for name in ("bees", "honey")}
    write_files(content, posts)
    build(content, tmp_path / "index")
    known = tmp_path / "index" / "cache" / "joins.sqlite"
    harm(known)
    (content / "posts" / "wax.md").write_text(f"# On bees\n\n{text}\n")
    build(content, tmp_path / "index")
    build(content, tmp_path / "other", full=True)

    assert_same(newest_good(tmp_path / "index"), newest_good(tmp_path / "other"))
    reports = [newest_good(tmp_path / name).path / "report.json" for name in ("index", "other")]
    assert reports[0].read_text() == reports[1].read_text()
    assert "wax" in reports[0].read_text()


def test_an_index_that_was_removed_is_built_though_the_cache_is_left(
    content: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(content, index)
    for generation in index.glob("gen-*"):
        shutil.rmtree(generation)

    assert build(content, index).changed
    assert open_index(index).search("number").total == 20


def test_a_damaged_generation_is_built_again(content: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(content, index)
    damage(newest_good(index).path / "works.sqlite")

    assert build(content, index).changed
    assert open_index(index).search("number").total == 20
