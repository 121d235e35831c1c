"""A piece that is gone: what its address says then, and where it went."""

from pathlib import Path

from builders import write_files
from flask.testing import FlaskClient
from html_reader import find_all

from searchapp import open_index
from searchapp.build import build
from searchapp.slugs import key_of
from searchapp.web import create_app


def serve_after(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> FlaskClient:
    """Build twice, with other files the second time."""
    content, index = tmp_path / "content", tmp_path / "index"
    build(write_files(content, before | {"kept.md": "# Kept\n\nIt stays.\n"}), index)
    for name in before:
        (content / name).unlink()
    build(write_files(content, after), index)
    return create_app(index).test_client()


def key_of_file(tmp_path: Path, title: str) -> str:
    """Return the id that the piece of that title has."""
    hits = open_index(tmp_path / "index").search(title, limit=1).hits
    return hits[0].id


def old_key(tmp_path: Path, files: dict[str, str], title: str) -> str:
    """Return the id that a piece has when the folder holds these files."""
    content, index = tmp_path / "once", tmp_path / "once-index"
    build(write_files(content, files), index)
    return open_index(index).search(title, limit=1).hits[0].id


KITES = "---\ntitle: Kites over the weir\n---\nPaper and wind and string.\n"


def test_a_piece_that_moved_to_another_file_is_where_its_address_leads_on(tmp_path: Path) -> None:
    old = old_key(tmp_path, {"kites.md": KITES}, "Kites over the weir")
    client = serve_after(tmp_path, {"kites.md": KITES}, {"flying/kites-again.md": KITES})
    new = key_of_file(tmp_path, "Kites over the weir")

    page, problem = client.get(f"/works/{old}/"), client.get(f"/api/works/{old}")

    assert page.status_code == problem.status_code == 410
    (way,) = [e for e in find_all(page.text, "a") if e["href"].startswith("/works/")]
    assert (way["href"], way.text) == (f"/works/{new}/", "Kites over the weir")
    assert problem.json["works"] == [{"id": new, "title": "Kites over the weir"}]
    assert problem.mimetype == "application/problem+json"
    assert client.get(f"/works/{old}/cite.bib").status_code == 410


def test_nothing_is_told_of_what_was_taken_out_on_purpose(tmp_path: Path) -> None:
    secret = "---\ntitle: Zugzwang confession\n---\nNobody should read this.\n"
    old = old_key(tmp_path, {"secret.md": secret}, "Zugzwang confession")
    client = serve_after(tmp_path, {"secret.md": secret}, {"other.md": "# Another\n\nText.\n"})

    for url in (f"/works/{old}/", f"/api/works/{old}"):
        response = client.get(url)
        assert response.status_code == 410
        assert "Zugzwang" not in response.text
        assert "secret" not in response.text
    assert not [e for e in find_all(client.get(f"/works/{old}/").text, "a")
                if e["href"].startswith("/works/")]  # fmt: skip


def test_what_never_was_is_not_found(tmp_path: Path) -> None:
    client = serve_after(tmp_path, {"a.md": KITES}, {})

    assert client.get(f"/works/{key_of('blog:nothing.md')}/").status_code == 404
    assert client.get("/works/%00/").status_code == 404
