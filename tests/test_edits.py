"""One text edited: what is published without joining anew is what a full build publishes."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from builders import a_document, work_of, write_files
from hypothesis import given, settings
from hypothesis import strategies as st
from test_incremental import assert_same

from searchapp.build import Report, build
from searchapp.dedup import blurbs, bodies, versions
from searchapp.dedup import ties as ties_module
from searchapp.dedup.bodies import Outline, Sketches, outline
from searchapp.dedup.ties import NAME, Text, Ties, read_text
from searchapp.documents import Work
from searchapp.engine.generations import newest_good

WORDS = [f"word{n}" for n in range(400)]
JOINED, EDITED = ["reading", "joining", "indexing"], ["reading", "indexing"]


def a_text(seed: int, words: int = 150) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))  # no secret


def a_post(number: int, text: str, title: str | None = None, more: str = "") -> str:
    title = title or f"The {WORDS[number]} of {WORDS[number + 50]} and {WORDS[number + 100]}"
    tags = f"tags: [{WORDS[number % 3]}, Kite Flying]\n"
    return f"---\ntitle: {title}\ndate: 2024-01-{number + 1:02}\n{tags}{more}---\n{text}\n"


class Site:
    """A folder of posts, twelve of them long and four short, and what builds of it told."""

    def __init__(self, folder: Path) -> None:
        self.content, self.index, self.whole = (folder / n for n in ("content", "index", "whole"))

    @classmethod
    def built(cls, folder: Path) -> "Site":
        site = cls(folder)
        for number in range(16):
            site.write(number, a_post(number, a_text(number, words=150 if number < 12 else 30)))
        site.build()
        return site

    def write(self, number: int, post: str) -> None:
        write_files(self.content, {f"{number}.md": post})

    def build(self) -> tuple[Report, list[str]]:
        told: list[str] = []
        return build(self.content, self.index, tell=told.append), told

    def assert_as_a_full_build(self) -> None:
        build(self.content, self.whole, full=True)
        stepped, whole = newest_good(self.index), newest_good(self.whole)
        assert_same(stepped, whole)
        assert stepped.manifest["fingerprint"] == whole.manifest["fingerprint"]
        assert stepped.manifest["counts"] == whole.manifest["counts"]
        reports = [json.loads((g.path / "report.json").read_text()) for g in (stepped, whole)]
        assert reports[0] == reports[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Site.built(tmp_path_factory.mktemp("site")).content.parent


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Site:
    """Return a site of one's own, which need not be built any more."""
    return Site(shutil.copytree(built, tmp_path / "site"))


def test_an_edit_of_a_text_is_published_without_joining_anew(site: Site) -> None:
    for number, words in ((3, "quagga"), (3, "zebra"), (7, "okapi")):
        site.write(number, a_post(number, f"## On {words}\n\n{a_text(number)} {words}\n"))
        report, told = site.build()

        assert told == EDITED
        assert (report.changed, report.read, report.written, report.works) == (True, 1, 1, 16)
    site.assert_as_a_full_build()
    assert site.build()[0].changed is False


def test_a_report_of_an_edit_is_that_of_the_build_before(site: Site) -> None:
    site.write(20, "---\ntitle: [\n---\nno front matter")
    before, _ = site.build()
    site.write(3, a_post(3, f"{a_text(3)} quagga"))
    report, told = site.build()

    assert told == EDITED
    assert report.skipped == before.skipped
    assert len(report.skipped) == 1
    site.assert_as_a_full_build()


SHORT, MORE = a_text(13, words=30), " ".join(WORDS[:150])


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"{SHORT} quagga"], id="more words"),
        pytest.param([f"Quagga {SHORT}"], id="another opening"),
        pytest.param([f"{SHORT} {MORE}", SHORT], id="long, and short again"),
        pytest.param(["", "a few words", SHORT], id="no text, and some again"),
    ],
)
def test_an_edit_of_a_short_text_is_published_without_joining_anew(
    site: Site, texts: list[str]
) -> None:
    for text in texts:
        site.write(13, a_post(13, text))

        assert site.build()[1] == EDITED
    site.assert_as_a_full_build()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(a_text(14, words=30), id="that of another"),
        pytest.param(" ".join([*a_text(14, words=30).split()[:5], SHORT]), id="its opening"),
    ],
)
def test_a_short_text_that_begins_like_another_is_judged_anew(site: Site, text: str) -> None:
    for now in (text, SHORT):  # to part from the other changes as much
        site.write(13, a_post(13, now))

        assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


def test_a_long_text_cut_to_a_short_one_is_published_without_joining_anew(site: Site) -> None:
    site.write(3, a_post(3, "a few words, and no more than these"))

    assert site.build()[1] == EDITED
    site.assert_as_a_full_build()


@pytest.mark.parametrize(
    "post",
    [
        pytest.param(a_post(3, a_text(3), title="Another title of it"), id="title"),
        pytest.param(
            a_post(3, a_text(3), title=f"The {WORDS[5]} of {WORDS[55]} and {WORDS[105]}"),
            id="title of another post",
        ),
        pytest.param(
            a_post(3, a_text(3), more="canonical_url: https://a.example/b\n"), id="address"
        ),
        pytest.param(a_post(3, a_text(3)).replace("Kite Flying", "Kites"), id="tags"),
        pytest.param(a_post(3, a_text(3)).replace("2024-01", "2023-01"), id="date"),
        pytest.param(a_post(3, a_text(3), more="language: de\n"), id="language"),
        pytest.param(a_post(3, a_text(3), more="series: Kites\n"), id="series"),
        pytest.param(a_post(3, a_text(5)), id="the text of another post"),
        pytest.param(a_post(3, a_text(3) + " " + a_text(5)[:700]), id="much of another post"),
        pytest.param(a_post(3, a_text(3) + "\n\n![](new.png)"), id="an image"),
        pytest.param("---\ntitle: [\n---\nno front matter", id="no document"),
    ],
)
def test_an_edit_of_more_than_a_text_is_judged_anew(site: Site, post: str) -> None:
    site.write(3, post)

    assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


def test_two_edits_at_once_are_judged_anew(site: Site) -> None:
    for number in (3, 4):
        site.write(number, a_post(number, f"{a_text(number)} quagga"))

    assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


def test_an_edit_of_a_copy_is_judged_anew(site: Site) -> None:
    site.write(30, a_post(3, a_text(3)))
    site.build()
    site.write(30, a_post(3, f"{a_text(3)} quagga"))

    assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


def test_an_edit_beside_a_new_verdict_is_judged_anew(site: Site) -> None:
    site.write(3, a_post(3, f"{a_text(3)} quagga"))
    write_files(site.content, {"verdicts.toml": 'same = [["1.md", "2.md"]]\n'})

    assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


@pytest.mark.parametrize(
    "harm", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:-1] + b"x"]
)
def test_ties_that_are_damaged_only_cost_joining_anew(site: Site, harm: object) -> None:
    path = site.index / "cache" / NAME
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]  # one of the above
    site.write(3, a_post(3, f"{a_text(3)} quagga"))

    assert site.build()[1] == JOINED
    site.assert_as_a_full_build()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=30), min_size=2, max_size=8), st.data())
def test_what_is_kept_apart_leaves_all_others_as_they_were(
    texts: list[list[int]], data: st.DataObject
) -> None:
    """Among texts that are runs drawn from a few, so that much is shared, and some by many."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (bodies, ties_module):
            patch.setattr(module, "WIDESPREAD", 5)
        _compare_with_sketches(texts, data)


def _compare_with_sketches(texts: list[list[int]], data: st.DataObject) -> None:
    outlines = [_outline_of(text) for text in texts]
    tied = _asked_of(outlines)
    ids, openings = [str(n) for n in range(len(texts))], [""] * len(texts)
    ties = Ties.of(ids, tied, outlines, openings)
    at = data.draw(st.integers(0, len(texts) - 1))
    after = _outline_of(data.draw(st.lists(st.integers(0, 60), max_size=30)))
    edited = [*outlines[:at], after, *outlines[at + 1 :]]

    if ties.keeps_apart(str(at), Text(outlines[at], ""), Text(after, "")):
        one, other = Sketches(outlines), Sketches(edited)
        assert sorted(one.find_alike()) == sorted(other.find_alike())
        for i, j in one.find_alike():
            assert one.own_share(i, j) == other.own_share(i, j)
        again = ties.with_text(str(at), Text(after, ""))
        fresh = Ties.of(ids, tied, edited, openings)
        assert again.same == fresh.same
        assert np.array_equal(again.sketches, fresh.sketches)
        assert np.array_equal(again.ends, fresh.ends)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(5, 60)), min_size=2, max_size=7), st.data()
)
def test_what_begins_alone_leaves_versions_as_they_were(
    texts: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Among short texts that begin in one of three ways, and go on as the others do."""
    at = data.draw(st.integers(0, len(texts) - 1))
    way, words = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 140)))
    works = [_short_work(n, *text) for n, text in enumerate(texts)]
    edited = [*works[:at], _short_work(at, way, words), *works[at + 1 :]]
    ids = [work.canonical.id for work in works]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blurbs, "MOST", 3)
        ties, fresh = (_ties_of_shorts(ids, all_of_them) for all_of_them in (works, edited))
        before, after = (read_text(w[at].canonical) for w in (works, edited))

        if ties._begins_alone(at, before, after):  # sampled runs are what the test above is about
            assert versions.find_versions(works) == versions.find_versions(edited)
            again = ties.with_text(ids[at], after)
            assert np.array_equal(again.openings, fresh.openings)


def _ties_of_shorts(ids: list[str], works: list[Work]) -> Ties:
    texts = [read_text(work.canonical) for work in works]
    return Ties.of(ids, (), [t.outline for t in texts], [t.opening for t in texts])


def _short_work(number: int, way: int, words: int) -> Work:
    title = f"Kites {'abcdefg'[number] * 5}"
    text = " ".join(WORDS[(100 * way) % 300 :][:words])
    return work_of(a_document(id=f"{number}.md", title=title, text=text))


def _outline_of(numbers: list[int]) -> Outline:
    return outline(np.unique(np.array([4 * n for n in numbers], np.uint32)))


def _asked_of(outlines: list[Outline]) -> set[int]:
    return {i for pair in Sketches(outlines).find_alike() for i in pair}
