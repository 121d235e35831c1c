"""Old links live on: pieces that join, split, gain an earlier copy, or go."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from builders import write_files
from flask.testing import FlaskClient

from searchapp.build import Report, build
from searchapp.slugs import key_of
from searchapp.web import create_app

BLOG = "---\ntitle: Kites\ndate: 2021-01-01\nurl: https://blog.example/kites\n---\nPaper.\n"
COPY = "---\ntitle: Of Kites\ndate: 2022-02-02\nurl: https://other.example/k\n---\nWind.\n"
FIRST = (
    "---\ntitle: First Kites\ndate: 2019-03-03\nurl: https://first.example/k\n"
    "canonical_url: https://blog.example/kites\n---\nString.\n"
)


class Site:
    """A content folder that changes from build to build, and a client of its index."""

    def __init__(self, folder: Path) -> None:
        self.content, self.index = folder / "content", folder / "index"
        self.client: FlaskClient
        self.source = ""

    def build(self, files: Mapping[str, str | None]) -> Report:
        """Write the files, removing those that are None, and build."""
        write_files(self.content, {name: text for name, text in files.items() if text is not None})
        for name in (name for name, text in files.items() if text is None):
            (self.content / name).unlink()
        report = build(self.content, self.index)
        self.client = create_app(self.index).test_client()
        self.source = str(report.sources[0]["name"])
        return report

    def key(self, name: str) -> str:
        """Return the key of the document in a file."""
        return key_of(f"{self.source}:{name}")

    def lands(self, name: str) -> str | int:
        """Return the title of the page that a document's key leads to, or the status."""
        response = self.client.get(f"/works/{self.key(name)}/", follow_redirects=True)
        api = self.client.get(f"/api/works/{self.key(name)}", follow_redirects=True)
        assert api.status_code == response.status_code
        return json.loads(api.data)["title"] if api.status_code == 200 else response.status_code

    def same(self) -> str:
        return f'same = [["{self.source}:blog.md", "{self.source}:copy.md"]]\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of two posts, not joined."""
    site = Site(tmp_path)
    site.build({"blog.md": BLOG, "copy.md": COPY})
    return site


def test_old_links_live_on_when_pieces_join(site: Site) -> None:
    assert (site.lands("blog.md"), site.lands("copy.md")) == ("Kites", "Of Kites")

    site.build({"verdicts.toml": site.same()})

    assert (site.lands("blog.md"), site.lands("copy.md")) == ("Kites", "Kites")


def test_old_links_live_on_when_a_piece_splits(site: Site) -> None:
    site.build({"verdicts.toml": site.same()})
    site.build({"verdicts.toml": None})

    assert (site.lands("blog.md"), site.lands("copy.md")) == ("Kites", "Of Kites")


def test_old_links_live_on_when_a_piece_gains_an_earlier_copy(site: Site) -> None:
    site.build({"first.md": FIRST})

    response = site.client.get(f"/works/{site.key('blog.md')}/")

    assert response.status_code == 301
    assert response.headers["Location"] == f"/works/{site.key('first.md')}/"
    assert site.lands("blog.md") == "Kites"


def test_a_browser_asks_again_whether_a_move_still_holds(site: Site) -> None:
    site.build({"verdicts.toml": site.same()})

    response = site.client.get(f"/works/{site.key('copy.md')}/")

    assert response.headers["Cache-Control"] == "no-cache"


def test_a_piece_that_a_kept_generation_knew_is_gone(site: Site) -> None:
    site.build({"copy.md": None})

    assert site.lands("copy.md") == 410
    assert 'name="q"' in site.client.get(f"/works/{site.key('copy.md')}/").text
    assert site.lands("never.md") == 404


def test_a_piece_that_no_kept_generation_knew_was_never_there(site: Site) -> None:
    site.build({"copy.md": None})
    for text in ("One.", "Two.", "Three."):
        site.build({"blog.md": f"{BLOG}{text}\n"})

    assert site.lands("copy.md") == 404


def test_a_damaged_old_generation_knew_nothing(site: Site) -> None:
    site.build({"copy.md": None})
    (site.index / "gen-1" / "works.sqlite").write_bytes(b"nonsense" * 1000)

    assert site.lands("copy.md") == 404


# --- What a build says of it ------------------------------------------------------------------


def test_a_build_says_what_it_joined(site: Site) -> None:
    was = (site.key("blog.md"), site.key("copy.md"))

    report = site.build({"verdicts.toml": site.same()})

    (joined,) = report.joined
    documents = (f"{site.source}:blog.md", f"{site.source}:copy.md")
    assert (joined.title, joined.documents, joined.was) == ("Kites", documents, was)
    assert report.split == ()


def test_a_build_says_what_it_split(site: Site) -> None:
    site.build({"verdicts.toml": site.same()})

    report = site.build({"verdicts.toml": None})

    (split,) = report.split
    assert split.was == site.key("blog.md")
    assert {piece.title for piece in split.works} == {"Kites", "Of Kites"}
    assert report.joined == ()


def test_what_comes_or_goes_is_neither_joined_nor_split(site: Site) -> None:
    report = site.build({"first.md": FIRST, "copy.md": None})

    assert (report.joined, report.split) == ((), ())


def test_a_build_that_changes_nothing_says_nothing(site: Site) -> None:
    site.build({"verdicts.toml": site.same()})

    report = site.build({})

    assert not report.changed
    assert (report.joined, report.split) == ((), ())


def test_a_first_build_joins_nothing_that_was_apart(tmp_path: Path) -> None:
    report = Site(tmp_path).build({"blog.md": BLOG, "first.md": FIRST})

    assert report.works == 1
    assert report.joined == ()
