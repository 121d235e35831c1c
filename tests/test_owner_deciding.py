"""The owner's desk: what a decision does to the plain files, and undoing it."""

import re
import tomllib
from pathlib import Path

import pytest
from desks import PAGES, app, case_of, client, folder, post  # noqa: F401  # fixtures
from flask import Flask
from flask.testing import FlaskClient
from html_reader import find_all

from searchapp.build import build
from searchapp.errors import SearchappError
from searchapp.owner.gathering import gather_desk
from searchapp.owner.ledger import Ledger
from searchapp.owner.pairs import add_group
from searchapp.searches import SearchLog

# --- What a decision does ---------------------------------------------------------------------


def test_same_is_a_line_in_verdicts_and_undoing_it_gives_the_same_bytes_again(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()
    ferry = re.search(r'at=(\w+)">The last ferry', client.get("/owner/pieces/").text)
    assert ferry

    answer = post(client, "/owner/pieces/", case=ferry[1], choice="same", first="letters:ferry.md")
    assert answer.status_code == 303

    assert path.read_text("utf-8") == (
        '# My word.\nsame = [["letters:ferry.md", "blog:ferry.md"]]\n\n'
        "different = [\n  # none yet\n]\n"
    )
    page = client.get(answer.headers["Location"]).text
    assert "are one piece" in page and "Noted in" in page
    assert ferry[1] not in page
    assert build(folder / "content", folder / "index").works == 5

    entry = next(find_all(page, "input", name="entry"))["value"]
    assert post(client, "/owner/undo/", entry=entry).status_code == 303
    assert path.read_bytes() == before
    assert ferry[1] in client.get("/owner/pieces/").text


def test_different_settles_a_conflict(folder: Path, client: FlaskClient) -> None:
    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )

    assert answer.status_code == 303
    stated = tomllib.loads((folder / "content" / "verdicts.toml").read_text("utf-8"))
    assert stated["different"] == [["blog:tide.md", "letters:winter.md"]]
    assert build(folder / "content", folder / "index").conflicts == ()


def test_a_file_that_was_changed_since_is_not_touched_and_the_page_says_so(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    [entry] = Ledger(folder / "content", folder / "index").read().entries
    changed = path.read_bytes()

    answer = post(client, "/owner/undo/", entry=entry.id)

    assert answer.status_code == 409
    assert "verdicts.toml was changed since; undo it there by hand" in answer.text
    assert path.read_bytes() == changed


def test_of_two_decisions_in_one_file_the_later_is_undone_first(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()
    for _ in range(2):
        post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    later, earlier = Ledger(folder / "content", folder / "index").read().entries

    refused = post(client, "/owner/undo/", entry=earlier.id)
    assert "changed by a later decision; undo that one first" in refused.text
    for entry in (later, earlier):
        assert post(client, "/owner/undo/", entry=entry.id).status_code == 303
    assert path.read_bytes() == before


def test_a_verdict_against_another_one_is_refused_and_nothing_changes(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    case = case_of(client, "/owner/pieces/")
    path.write_text('different = [["letters:winter.md", "blog:tide.md"]]\n', "utf-8")
    before = path.read_bytes()

    answer = post(client, "/owner/pieces/", case=case, choice="same")

    assert answer.status_code == 409 and "are said to be the same and different" in answer.text
    assert path.read_bytes() == before


def test_later_puts_a_case_behind_the_others_until_it_is_taken_up(client: FlaskClient) -> None:
    first = case_of(client, "/owner/pieces/")
    post(client, "/owner/pieces/", case=first, choice="later")
    assert case_of(client, "/owner/pieces/") != first
    assert "put off" in client.get("/owner/pieces/").text

    post(client, "/owner/pieces/", case=first, choice="again")
    assert case_of(client, "/owner/pieces/") == first


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("join", '[aliases]\n"boat" = "boats"\n'),
        ("join-back", '[aliases]\n"boats" = "boat"\n'),
        ("different", 'different = [\n  ["boat", "boats"],\n]\n'),
    ],
)
def test_tags_are_joined_or_kept_apart_in_tags_toml(
    folder: Path, client: FlaskClient, choice: str, says: str
) -> None:
    path = folder / "content" / "tags.toml"
    post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice=choice)
    assert path.read_text("utf-8") == says
    assert "No tags to decide on" in client.get("/owner/tags/").text

    [entry] = Ledger(folder / "content", folder / "index").read().entries
    post(client, "/owner/undo/", entry=entry.id)
    assert not path.exists()  # as before


def test_the_chosen_tags_are_written_into_the_front_matter(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "blog" / "untagged.md"
    before = path.read_bytes()
    case = case_of(client, "/owner/suggestions/")

    none = post(client, "/owner/suggestions/", case=case, choice="apply")
    assert none.status_code == 409 and "Choose at least one tag" in none.text
    post(client, "/owner/suggestions/", case=case, choice="apply", tag=["tides", "nonsense"])
    assert b"tides" in path.read_bytes() and b"nonsense" not in path.read_bytes()

    [entry] = Ledger(folder / "content", folder / "index").read().entries
    post(client, "/owner/undo/", entry=entry.id)
    assert path.read_bytes() == before


def test_a_search_that_found_nothing_may_lead_to_a_tag(folder: Path, client: FlaskClient) -> None:
    log = SearchLog(folder / "index")
    log.note("winnterr")
    log.note("quaggas")
    page = client.get("/owner/searches/").text
    assert "quaggas" in page and "Let it lead to the tag “winter”" in page

    post(client, "/owner/searches/", words="winnterr", tag="winter")
    stated = tomllib.loads((folder / "content" / "tags.toml").read_text("utf-8"))
    assert stated == {"aliases": {"winnterr": "winter"}}
    assert "winnterr" not in client.get("/owner/searches/").text.partition("<h1>")[2]


def test_a_file_that_may_not_be_written_is_told_and_stays(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    path.unlink()
    path.mkdir()

    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )

    assert answer.status_code == 409 and "verdicts.toml" in answer.text


@pytest.mark.parametrize("choice", ["different", "later"])
def test_a_lock_that_cannot_be_written_was_a_fault_of_ours(
    folder: Path, client: FlaskClient, choice: str
) -> None:
    (folder / "index" / "ledger.lock").mkdir()
    path = folder / "content" / "verdicts.toml"
    before = path.read_bytes()

    answer = post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice=choice)

    assert answer.status_code == 409
    assert "ledger.lock cannot be written (Is a directory); let it be written" in answer.text
    assert path.read_bytes() == before


def test_a_change_that_could_not_be_noted_stayed_though_it_was_told_as_not_done(
    folder: Path, client: FlaskClient
) -> None:
    (folder / "index" / "ledger.json").mkdir()
    before = (folder / "content" / "verdicts.toml").read_bytes()

    answer = post(
        client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different"
    )
    tags = post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice="join")

    assert answer.status_code == tags.status_code == 409
    assert "ledger.json cannot be written (Is a directory)" in answer.text
    assert (folder / "content" / "verdicts.toml").read_bytes() == before
    assert not (folder / "content" / "tags.toml").exists()
    assert not list((folder / "index").glob("ledger.json.*"))


def test_a_decided_file_that_cannot_be_read_kept_every_page_of_the_desk_away(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    post(client, "/owner/pieces/", case=case_of(client, "/owner/pieces/"), choice="different")
    [entry] = Ledger(folder / "content", folder / "index").read().entries
    path.unlink()
    path.mkdir()

    assert {client.get(page).status_code for page in PAGES} == {200}
    assert "verdicts.toml cannot be read (Is a directory)" in client.get("/owner/").text
    answer = post(client, "/owner/undo/", entry=entry.id)
    assert answer.status_code == 409 and "verdicts.toml cannot be read" in answer.text


def test_what_was_taken_back_by_hand_stayed_hidden_from_the_desk(
    folder: Path, client: FlaskClient
) -> None:
    path = folder / "content" / "verdicts.toml"
    path.unlink()
    shown = re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text)
    for case in shown:
        post(client, "/owner/pieces/", case=case, choice="different")
    assert "No pieces to decide on" in client.get("/owner/pieces/").text

    path.unlink()
    assert re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text) == shown

    path.write_text("# By hand.\n", "utf-8")
    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    assert re.findall(r'at=(\w+)"', client.get("/owner/pieces/").text) == shown


def test_what_was_decided_stays_hidden_when_the_desk_is_gathered_anew(
    folder: Path, client: FlaskClient
) -> None:
    for choice in ("same", "different"):
        case = case_of(client, "/owner/pieces/")
        assert post(client, "/owner/pieces/", case=case, choice=choice).status_code == 303
    post(client, "/owner/tags/", case=case_of(client, "/owner/tags/"), choice="different")
    case = case_of(client, "/owner/suggestions/")
    post(client, "/owner/suggestions/", case=case, choice="apply", tag=["tides"])

    build(folder / "content", folder / "index")
    gather_desk(folder / "content", folder / "index")
    page = client.get("/owner/").text
    assert re.findall(r'label">([^<]+)</span><span class="count">(\d+)', page) == []


def test_a_search_whose_other_name_was_taken_back_by_hand_stayed_hidden(
    folder: Path, app: Flask, client: FlaskClient
) -> None:
    app.extensions["index"].is_eager = True

    def is_shown() -> bool:
        return "winnterr" in client.get("/owner/searches/").text.partition("<h1>")[2]

    def build_anew() -> None:
        build(folder / "content", folder / "index")
        gather_desk(folder / "content", folder / "index")

    SearchLog(folder / "index").note("winnterr")
    post(client, "/owner/searches/", words="winnterr", tag="winter")
    build_anew()
    assert not is_shown()

    (folder / "content" / "tags.toml").write_text("# By hand.\n", "utf-8")
    build_anew()
    assert is_shown()


# --- Files that keep their form ---------------------------------------------------------------

FORMS = [
    ("", 'same = [\n  ["A", "B"],\n]\n'),
    ("same = []", 'same = [["A", "B"]]'),
    ("same = [ ]\n", 'same = [["A", "B"]]\n'),
    ("same = [\n]\n", 'same = [\n  ["A", "B"],\n]\n'),
    ("same = [\n  # ]\n]\n", 'same = [\n  # ]\n  ["A", "B"],\n]\n'),
    ('same = [["x", "y"]] # [\n', 'same = [["x", "y"], ["A", "B"]] # [\n'),
    ('same = [["x", "y"],]\n', 'same = [["x", "y"], ["A", "B"]]\n'),
    ('same = [["x]", "y"] ]\n', 'same = [["x]", "y"], ["A", "B"]]\n'),
    (
        'same = [\n    ["x", "y"], # why, ["z"]\n\n]\n# end\n',
        'same = [\n    ["x", "y"], # why, ["z"]\n    ["A", "B"],\n\n]\n# end\n',
    ),
    ('same = [\n\t["x", "y"] # why\n]\n', 'same = [\n\t["x", "y"], # why\n\t["A", "B"],\n]\n'),
    ('same = [\r\n  ["x", "y"],\r\n]\r\n', 'same = [\r\n  ["x", "y"],\r\n  ["A", "B"],\r\n]\r\n'),
    ('same = [["x",\n "y"]]\n', 'same = [["x",\n "y"], ["A", "B"]]\n'),
    ('\ufeff# me\n"same" = [["x", "y"]]\n', '\ufeff# me\n"same" = [["x", "y"], ["A", "B"]]\n'),
    (
        "# head\n\n# of a\n[aliases]\n",
        '# head\n\nsame = [\n  ["A", "B"],\n]\n\n# of a\n[aliases]\n',
    ),
    ('other = "same = ["\nsame = []\n', 'other = "same = ["\nsame = [["A", "B"]]\n'),
    (
        'other = [\n  ["x", "y"],\n]\n# of a\n# and more\n  [a]\n',
        'other = [\n  ["x", "y"],\n]\nsame = [\n  ["A", "B"],\n]\n\n# of a\n# and more\n  [a]\n',
    ),
    (
        'x = """\n[a]\n# b"""\n[c]\n',
        'x = """\n[a]\n# b"""\nsame = [\n  ["A", "B"],\n]\n\n[c]\n',
    ),
    ("\ufeff[a]\r\n", '\ufeffsame = [\r\n  ["A", "B"],\r\n]\r\n\r\n[a]\r\n'),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_a_list_takes_one_group_more_and_all_else_stays(before: str, after: str) -> None:
    assert add_group(before, "same", ("A", "B"), "verdicts.toml") == after


def test_after_the_first_same_a_different_was_refused_and_the_reverse() -> None:
    for first, second in (("same", "different"), ("different", "same")):
        text = add_group("", first, ["a", "b"], "f")
        text = add_group(text, second, ["c", "d"], "f")

        assert text == f'{first} = [\n  ["a", "b"],\n]\n{second} = [\n  ["c", "d"],\n]\n'


@pytest.mark.parametrize("before", ["same = 3\n", "[same]\n", "same = [\n", "[[same]]\nx = 1\n"])
def test_what_cannot_be_edited_safely_is_refused_with_the_line_to_write(before: str) -> None:
    with pytest.raises(SearchappError, match=r'add same = \[\["A", "B"\]\] by hand'):
        add_group(before, "same", ("A", "B"), "verdicts.toml")


def test_names_with_quotes_and_controls_are_what_they_were() -> None:
    names = ('a"b\\c', "d\x7fe\nü", "#[x]")

    assert tomllib.loads(add_group("", "same", names, "f"))["same"] == [list(names)]
