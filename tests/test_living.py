"""`check --links`: what places answer becomes findings and links.toml, and what pages show."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from answering import Server, answering, apart, moved, nobody_listening, reply
from builders import write_files
from html_reader import read_html
from test_asking import QUICK, TLS
from test_cli import in_folders, run

from searchapp import open_index
from searchapp.asking.memory import Known
from searchapp.asking.web import Way
from searchapp.build import build, gather
from searchapp.checks.living import Asked, ask_places, write_dead
from searchapp.dead import FILE, parse_dead, read_dead
from searchapp.errors import ConfigurationError, SearchappError
from searchapp.web import create_app

TODAY = dt.date(2024, 5, 31)
LIST = """\
- [How cats see in the dark]({0}/dark) – 2024-01-02
- [How dogs hear the rain]({0}/rain)
- [Where swifts sleep]({0}/swifts)
- [Why owls turn]({0}/owls)
- [Moths at noon]({0}/moths)
"""
SOURCES = """\
[[source]]
name = "elsewhere"
kind = "links"
path = "links.md"
[[source]]
name = "blog"
kind = "markdown"
path = "posts"
"""


@pytest.fixture
def server() -> Iterator[Server]:
    handlers = {
        "/dark": lambda a: reply("404 Not Found"), "/rain": lambda a: reply("200 OK"),
        "/swifts": moved("/swifts-asleep"), "/swifts-asleep": lambda a: reply("200 OK"),
        "/owls": lambda a: reply("500 x"), "/moths": moved("/"), "/": lambda a: reply("200 OK"),
        "/blog/dark": lambda a: reply("200 OK"),
    }  # fmt: skip
    with answering(handlers) as server:
        yield server


@pytest.fixture
def content(tmp_path: Path, server: Server) -> Path:
    """Five pieces elsewhere, the first of which has a copy that is a post."""
    here = server.url("", "127.0.0.2")
    return write_files(tmp_path / "content", {
        "sources.toml": SOURCES, "links.md": LIST.format(server.url("")),
        "posts/dark.md": f"---\ntitle: How cats see in the dark\nurl: {here}/blog/dark\n"
        f"canonical_url: {server.url('/dark')}\n---\nThey hardly do.\n",
    })  # fmt: skip


def ask(content: Path, today: dt.date = TODAY) -> Asked:
    way = Way("searchapp/test", tls=TLS)
    gathered, index = gather(content), content.parent / "index"
    return apart(lambda: ask_places(gathered, content, index, manners=QUICK, today=today, way=way))


def test_places_become_findings_with_path_line_and_remedy(content: Path, server: Server) -> None:
    asked = ask(content)

    told = {problem.kind: problem for problem in asked.problems if problem.line != 5}
    assert {(p.path, p.line, p.kind) for p in asked.problems} == {
        ("links.md", 1, "dead-place"), ("links.md", 4, "failing-place"),
        ("links.md", 3, "moved-place"), ("links.md", 5, "moved-place"),
    }  # fmt: skip
    assert told["dead-place"].reason.endswith("/dark is gone since 2024-05-31: 404 Not Found")
    assert server.url("/swifts-asleep") in told["moved-place"].reason
    assert any("front page" in p.reason for p in asked.problems)
    assert (asked.asked, asked.unasked) == (6, 0)
    assert dict(asked.states) == {"dead": 1, "failing": 1, "moved": 2, "lives": 2}


def test_what_was_answered_is_not_asked_again_and_stays_known(
    content: Path, server: Server
) -> None:
    ask(content)
    server.asked.clear()

    again = ask(content)

    assert server.asked == []
    assert (again.asked, len(again.problems)) == (0, 4)


def test_links_toml_keeps_what_the_owner_wrote_and_forgets_what_lives_again(
    content: Path, server: Server
) -> None:
    ask(content)
    file = content / FILE
    assert read_dead(content).since == {f"127.0.0.1:{server.port}/dark": TODAY}
    file.write_text("# mine\n" + file.read_text())
    server.handlers["/dark"] = lambda a: reply("200 OK")

    ask(content, TODAY + dt.timedelta(days=7))

    assert file.read_text().startswith("# mine\n")
    assert read_dead(content).since == {}


def test_the_owners_word_that_a_place_lives_is_believed(content: Path, server: Server) -> None:
    write_files(content, {FILE: f'alive = ["{server.url("/dark")}"]\n'})

    asked = ask(content)

    assert "dead-place" not in {problem.kind for problem in asked.problems}
    assert ("HEAD", "/dark") not in server.asked


def test_a_folder_without_dead_places_gets_no_file(tmp_path: Path, server: Server) -> None:
    content = write_files(
        tmp_path / "content", {"a.md": f"---\ntitle: A\nurl: {server.url('/rain')}\n---\nA.\n"}
    )

    assert ask(content).problems == ()
    assert not (content / FILE).exists()


def test_without_a_net_nothing_is_noted(tmp_path: Path) -> None:
    with nobody_listening() as port:
        post = f"---\ntitle: A\nurl: http://127.0.0.1:{port}/a\n---\nA.\n"
        content = write_files(tmp_path / "content", {"a.md": post})

        with pytest.raises(SearchappError, match="could be reached"):
            ask(content)

    assert not (content / FILE).exists()
    assert not (tmp_path / "index" / "cache" / "links.json").exists()


def test_a_dead_place_is_shown_as_gone_and_headlines_nothing(content: Path, server: Server) -> None:
    server.handlers |= {"/blog/dark": server.handlers["/dark"], "/dark": lambda a: reply("200 OK")}
    index = content.parent / "index"
    build(content, index)
    before = open_index(index).search("cats dark").hits[0]
    ask(content)
    report = build(content, index)

    hit = open_index(index).search("cats dark").hits[0]
    assert report.changed
    assert before.url == server.url("/blog/dark", "127.0.0.2")
    assert hit.url == server.url("/dark")
    assert [(place.url, place.gone) for place in hit.places] == [
        (hit.url, None), (before.url, "2024-05-31"),
    ]  # fmt: skip
    client = create_app(index, content).test_client()
    card, page = client.get("/?q=cats+dark").text, client.get(f"/works/{hit.id}/").text
    for html in (card, page):
        read_html(html)
        assert "gone since May 31, 2024" in " ".join(html.split()) or "gone since 31" in html
    assert f'<a class="u-url" href="{hit.url}' in card
    assert f'rel="canonical" href="{hit.url}"' in page
    assert client.get("/api/search?q=cats+dark").json["hits"][0]["places"][1]["gone"]


def test_a_piece_whose_only_place_is_gone_leads_to_its_own_page(
    content: Path, server: Server
) -> None:
    write_files(content, {FILE: f'[dead]\n"{server.url("/rain")}" = {{ since = 2024-01-01 }}\n'})
    index = content.parent / "index"
    build(content, index)

    client = create_app(index, content).test_client()
    (hit,) = client.get("/api/search?q=dogs+rain").json["hits"]
    assert f'href="/works/{hit["id"]}/"' in client.get("/?q=dogs+rain").text
    page = client.get(f"/works/{hit['id']}/").text
    assert "is gone from there" in page
    assert 'content="noindex' in page


def test_the_same_dead_places_are_the_same_generation(content: Path, server: Server) -> None:
    write_files(content, {FILE: f'[dead]\n"{server.url("/rain")}" = {{ since = 2024-01-01 }}\n'})
    index = content.parent / "index"

    assert build(content, index).changed
    assert not build(content, index).changed
    (content / FILE).write_text("[dead]\n")
    assert build(content, index).changed


def test_the_command_tells_and_counts_places(tmp_path: Path, server: Server) -> None:
    gone = f"---\ntitle: A\nurl: {server.url('/dark')}\n---\nA.\n"
    content = write_files(tmp_path / "content", {"a.md": gone})

    done = run("check", "--links", "--json", *in_folders(content))

    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert told["places"] == {"dead": 1, "asked": 1, "unasked": 0}
    assert [f["kind"] for f in told["findings"]] == ["dead-place"]
    (agent,) = server.agents
    assert agent.startswith("searchapp/")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[ded]\n", "links.toml:1: there is no 'ded'; write 'dead'"),
        ('\n[dead]\n"x" = 1\n', "links.toml:3: 'x' is no address"),
        ('[dead]\n"https://a.example" = 1\n', "links.toml:2: 'https://a.example' is 1; write"),
        ('[dead]\n"https://a.example" = { sinc = 2024-01-01 }\n', "write 'since'"),
        ('[dead]\n"https://a.example" = { since = "x" }\n', "links.toml:2: since is 'x'; write a"),
        ("alive = 1\n", "links.toml:1: alive is 1; write alive"),
        ("dead = 1\n", "links.toml:1: dead is 1; write a table"),
        ("[dead\n", "links.toml:1: is not TOML"),
    ],
)
def test_a_links_toml_that_cannot_be_used_names_line_and_remedy(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        parse_dead(text)

    assert told in str(error.value)


DARK, RAIN, NEW = (f"https://a.example/{name}" for name in ("dark", "rain", "new"))
GONE = Known("dead", "404 Not Found", None, TODAY, TODAY)


def test_links_toml_lost_the_line_ends_and_the_mark_of_its_editor(tmp_path: Path) -> None:
    file = tmp_path / FILE
    before = f'\ufeff# mine\r\nalive = []\r\n\r\n[dead]\r\n"{DARK}" = {{since = 2024-01-01}}\r\n'
    file.write_bytes(before.encode())

    write_dead(tmp_path, [DARK, NEW], {NEW: GONE})

    row = f'"{NEW}" = {{since = 2024-05-31, answer = "404 Not Found"}}\r\n'
    assert file.read_bytes().decode() == before + row


def test_a_row_of_links_toml_lost_its_spaces_where_another_one_changed(tmp_path: Path) -> None:
    rows = [
        f'"{RAIN}"   =  {{ since = 2024-01-01 , answer = "404" }}  # mine\n',
        '"https://a.example/wind" = {since=2024-01-02}\n',
        '"https://a.example/snow" = { since = 2024-01-02, answer = "410 Gone" }\n',
    ]
    file = tmp_path / FILE
    file.write_text(f'[dead]\n"{DARK}" = {{ since = 2024-01-01 }}\n{"".join(rows)}')
    stated = [RAIN, NEW, "https://a.example/wind", "https://a.example/snow"]

    write_dead(tmp_path, stated, {NEW: GONE})

    assert file.read_text().splitlines(keepends=True)[1:-1] == rows


def test_links_toml_that_its_owner_alone_may_read_was_opened_to_all(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("# mine\n")
    file.chmod(0o600)

    write_dead(tmp_path, [NEW], {NEW: GONE})

    assert NEW in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_links_toml_that_is_a_link_was_replaced_by_a_file(tmp_path: Path) -> None:
    content = (
        write_files(tmp_path, {"kept/links.toml": "# mine\n", "content/a.md": "A"}) / "content"
    )
    (content / FILE).symlink_to("../kept/links.toml")

    write_dead(content, [NEW], {NEW: GONE})

    assert (content / FILE).is_symlink()
    assert NEW in (tmp_path / "kept" / "links.toml").read_text()


@pytest.mark.parametrize(
    "table",
    [
        f'dead = {{ "{DARK}" = {{ since = 2024-01-01 }}, "{RAIN}" = {{ since = 2024-01-01 }} }}\n',
        f'dead."{DARK}" = {{ since = 2024-01-01 }}\ndead."{RAIN}" = {{ since = 2024-01-01 }}\n',
        f'[dead."{DARK}"]\nsince = 2024-01-01\n[dead."{RAIN}"]\nsince = 2024-01-01\n',
        f'dead."{DARK}".since = 2024-01-01\nalive = []\ndead."{RAIN}".since = 2024-01-01\n',
        f'[dead]\n"{DARK}#top" = {{ since = 2024-01-01 }}\n"{RAIN}".since = 2024-01-01\n',
    ],
    ids=["braces", "dots", "headers", "dots, apart", "another spelling"],
)
def test_a_place_that_was_not_asked_was_lost_from_a_table_of_another_form(
    tmp_path: Path, table: str
) -> None:
    write_files(tmp_path, {FILE: f"# mine\n{table}"})

    write_dead(tmp_path, [DARK, NEW], {NEW: GONE})

    since = {"a.example/dark": dt.date(2024, 1, 1), "a.example/new": TODAY}
    assert read_dead(tmp_path).since == since
    assert (tmp_path / FILE).read_text().startswith("# mine\n")


def test_links_toml_was_written_anew_where_nothing_had_changed(tmp_path: Path) -> None:
    before = f"[dead]\n'{DARK}'   =  {{ since = 2024-01-01 }}"
    write_files(tmp_path, {FILE: before})

    write_dead(tmp_path, [DARK], {DARK: GONE})

    assert (tmp_path / FILE).read_text() == before


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (b"[dead\n", "links.toml:1: is not TOML: .*; write \\[dead\\]"),
        (b"\xff\xfe", "links.toml: cannot be read .*; save it as UTF-8"),
        (b"dead = 1\n", "links.toml:1: dead is 1; write a table"),
    ],
)
def test_links_toml_that_was_broken_while_places_were_asked_ended_in_a_traceback(
    tmp_path: Path, broken: bytes, told: str
) -> None:
    (tmp_path / FILE).write_bytes(broken)

    with pytest.raises(SearchappError, match=told):
        write_dead(tmp_path, [NEW], {NEW: GONE})

    assert (tmp_path / FILE).read_bytes() == broken


def test_links_toml_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to("nowhere/links.toml")

    with pytest.raises(SearchappError, match=r"links.toml cannot be written .*; let it be written"):
        write_dead(tmp_path, [NEW], {NEW: GONE})
