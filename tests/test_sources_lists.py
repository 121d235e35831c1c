"""Lists that were kept carelessly: what is wrong is told, and what is right is read."""

import os
from pathlib import Path

import pytest
from builders import write_files

from searchapp.sources import Reading, read_all, read_configuration


def read(folder: Path, kind: str, name: str, text: str) -> Reading:
    toml = f'[[source]]\nname = "a"\nkind = "{kind}"\npath = "{name}"\n'
    root = write_files(folder, {"sources.toml": toml, name: text})
    (reading,) = read_all(read_configuration(root), root)
    return reading


def told(findings: object) -> list[tuple[int | None, str]]:
    return [(f.line, f.reason) for f in findings]  # type: ignore[attr-defined]


ROWS = "".join(f"Title {n},https://a.example/{n}\n" for n in range(1, 30))
UNCLOSED = "quote opens in this row and never closes; close it"


@pytest.mark.parametrize(
    "stray",
    [
        pytest.param('"Stray,https://a.example/stray\n', id="never closed"),
        pytest.param('"Stray,https://a.example/stray\n' + ROWS[:25] + '"Quoted",\n', id="by a row"),
    ],
)
def test_a_stray_quote_does_not_swallow_the_rows_after_it(tmp_path: Path, stray: str) -> None:
    reading = read(tmp_path, "list", "a.csv", "title,url\n" + ROWS + stray + ROWS)

    assert told(reading.skipped) == [(31, UNCLOSED)]
    assert len(reading.documents) >= 58
    assert reading.documents[28].title == reading.documents[-1].title == "Title 29"


def test_a_cell_of_many_lines_is_whole(tmp_path: Path) -> None:
    body = "\n".join(f"Line {n}, with a comma" for n in range(200))

    reading = read(tmp_path, "list", "a.csv", f'title,body\nA,"{body}"\nB,"He said ""hi""."\n')

    assert reading.skipped == reading.warnings == ()
    assert [(d.title, d.line) for d in reading.documents] == [("A", 2), ("B", 202)]


def test_a_file_of_stray_quotes_is_given_up_with_a_word(tmp_path: Path) -> None:
    reading = read(tmp_path, "list", "a.csv", "title,url\n" + '"a" b,\n"c\n"d,\n' * 60)

    assert len(reading.skipped) <= 21
    assert reading.skipped[-1].reason.startswith("20 quotes never close, so the rest was not")


@pytest.mark.parametrize(
    ("kind", "name", "text", "line", "key"),
    [
        ("list", "a.csv", "title,tags,tags\nA,b,c\n", 1, "column tags"),
        ("list", "a.json", '[\n{"title": "A", "url": "", "title": "B"}]', 2, "title"),
        ("list", "a.json", '{"MoE": [\n{"title": "A", "title": "B"}]}', 2, "title"),
        ("jsonl", "a.jsonl", '\n{"title": "A", "title": "B"}', 2, "title"),
        ("markdown", "a.md", '{\n"title": "A",\n"title": "B"\n}\nText.', 3, "title"),
    ],
)
def test_a_key_or_column_that_stands_twice_is_told_as_in_yaml(
    tmp_path: Path, kind: str, name: str, text: str, line: int, key: str
) -> None:
    reading = read(tmp_path, kind, name, text)

    assert len(reading.documents) == 1
    assert told(reading.warnings) == [
        (line, f"{key} stands twice, and the last one counts; take one out")
    ]


def nested(depth: int) -> str:
    return "".join(f"{'  ' * n}- bullet{n}\n" for n in range(depth))


def test_what_stands_in_the_twelfth_list_is_not_lost(tmp_path: Path) -> None:
    reading = read(tmp_path, "markdown", "a.md", nested(40))

    assert reading.warnings == ()
    assert "bullet39" in reading.documents[0].text


def test_text_nested_deeper_than_is_read_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "markdown", "a.md", nested(60))

    assert "bullet49" in reading.documents[0].text
    assert "bullet50" not in reading.documents[0].text
    assert [f.reason for f in reading.warnings] == [
        "line 51 of the text is nested in more than 50 lists, and is left out; move it outwards"
    ]


def test_links_nested_deep_are_entries_and_those_too_deep_are_told(tmp_path: Path) -> None:
    links = "".join(f"{'  ' * n}- [Title {n}](https://a.example/{n})\n" for n in range(60))

    reading = read(tmp_path, "links", "a.md", links)

    assert len(reading.documents) == 50
    assert [line for line, _ in told(reading.warnings)] == [51]


def test_a_number_of_ten_thousand_digits_gets_a_remedy_for_writers(tmp_path: Path) -> None:
    reading = read(tmp_path, "markdown", "a.md", '{"title": "A", "n": ' + "1" * 10_000 + "}\nText.")

    assert told(reading.skipped) == [
        (1, "JSON cannot be read (a number has too many digits); put quotes around it")
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_feed_is_no_failure_of_ours(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, "feed", "a.xml", text)

    assert [f.reason for f in reading.skipped] == [
        "is empty; export the feed again, or take the file out"
    ]


def test_a_post_that_begins_with_a_rule_is_text(tmp_path: Path) -> None:
    for n, text in enumerate((
        "---\n\nA story: it begins.\n",
        "---\nA story begins\nhere.\n\nNote: it goes on.\n",
        "---\n\nProse.\n\n---\n\nMore.\n",
    )):  # fmt: skip
        reading = read(tmp_path / str(n), "markdown", "a.md", text)

        expected = () if n else ("front matter opens with --- and never closes",)
        assert tuple(f.reason.split(";")[0] for f in reading.skipped) == expected, text


def test_an_address_that_is_none_among_syndications_is_told(tmp_path: Path) -> None:
    text = "---\nsyndication: [1, null, 'https://a.example/b']\n---\nText."

    reading = read(tmp_path, "markdown", "a.md", text)

    assert reading.documents[0].syndication == ("https://a.example/b",)
    assert [f.reason.split(";")[0] for f in reading.warnings] == [
        "syndication is 1", "syndication is None"
    ]  # fmt: skip


def test_a_title_as_long_as_a_text_is_kept_and_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "markdown", "a.md", f"---\ntitle: {'a' * 60_000}\n---\nText.")

    assert len(reading.documents[0].title) == 60_000
    assert [f.reason for f in reading.warnings] == [
        "title has 60,000 characters, as a text has; make it shorter"
    ]


def test_signs_that_turn_the_direction_of_text_are_taken_out_of_titles_and_named(
    tmp_path: Path,
) -> None:
    reading = read(
        tmp_path, "jsonl", "a.jsonl", '{"title": "a\\u2028b\\u202ec", "tags": ["d\\u2067"]}'
    )

    assert (reading.documents[0].title, reading.documents[0].tags) == ("a bc", ("d",))
    assert [f.reason for f in reading.repaired] == [
        "title has U+202E, which turns the direction of all that follows; take it out",
        "a tag has U+2067, which turns the direction of all that follows; take it out",
    ]


def test_a_repair_shows_what_it_changed(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "jsonl", "a.jsonl", '{"title": "Cats \\u0007 purr\\u2026 caf\\u00c3\\u00a9"}'
    )

    (repair,) = reading.repaired
    assert "''" not in repair.reason


def test_two_names_that_are_no_utf8_and_look_alike_say_to_rename_the_file(tmp_path: Path) -> None:
    for name in (b"a\xff.md", b"a\xfe.md"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("# A")

    (reading,) = read_all(read_configuration(tmp_path), tmp_path)

    assert (len(reading.documents), reading.seen) == (1, 2)
    assert reading.skipped[0].reason.endswith("; rename the file")
