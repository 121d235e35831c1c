"""Reading content/: every entry arrives as it was meant, or is reported."""

import datetime as dt
import os
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from searchapp.errors import ConfigurationError
from searchapp.slugs import key_of
from searchapp.sources import (
    READERS,
    Finding,
    Reading,
    read_about,
    read_about_page,
    read_all,
    read_configuration,
    read_source,
)
from searchapp.sources.dates import parse_date, part_name
from searchapp.sources.permalinks import Named, expand, unknown_part

KINDS = Path(__file__).parent / "data" / "sources"

Write = Callable[..., Path]


@pytest.fixture
def content(tmp_path: Path) -> Write:
    """Write a content folder: names of files and what they hold."""

    def write(files: dict[str, str | bytes], folder: str = "content") -> Path:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        for name, held in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held if isinstance(held, bytes) else held.encode())
        return root

    return write


def read_only(root: Path) -> Reading:
    """Read a content folder of one source."""
    (reading,) = read_all(read_configuration(root), root)
    assert reading.seen == len(reading.documents) + len(reading.skipped) + len(reading.held_back)
    return reading


# --- Every kind -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", READERS)
def test_a_folder_of_each_kind_gives_the_documents_that_it_states(kind: str) -> None:
    root = KINDS / kind
    expected = tomllib.loads((root / "expected.toml").read_text("utf-8"))

    for reading in read_all(read_configuration(root), root):
        stated = expected.pop(reading.source.name)
        assert reading.seen == stated["seen"]
        assert list(reading.empty_tags) == stated["empty_tags"]
        for name in ("skipped", "held_back", "warnings"):
            assert [plain(f) for f in getattr(reading, name)] == stated.get(name, []), name
        assert [plain(d) for d in reading.documents] == stated.get("documents", [])
    assert not expected


def plain(noun: Any) -> Any:
    """Return a document or finding as TOML has it, without what is default or the source."""
    if isinstance(noun, tuple):
        return [plain(part) for part in noun]
    if not is_dataclass(noun):
        return noun.isoformat() if isinstance(noun, dt.date) else noun
    if not hasattr(noun, "source") and not isinstance(noun, Finding):
        return [getattr(noun, field.name) for field in fields(noun)]
    stated = {field.name: getattr(noun, field.name) for field in fields(noun)}
    defaults = {field.name: field.default for field in fields(noun)}
    return {
        name: plain(value)
        for name, value in stated.items()
        if name != "source" and value != defaults[name] and value is not None
    }


@pytest.mark.parametrize("kind", READERS)
def test_reading_twice_gives_the_same(kind: str) -> None:
    root = KINDS / kind
    configuration = read_configuration(root)

    assert read_all(configuration, root) == read_all(configuration, root)


@pytest.mark.parametrize("kind", READERS)
def test_seen_is_documents_and_skipped_and_held_back(kind: str) -> None:
    root = KINDS / kind

    for reading in read_all(read_configuration(root), root):
        counted = len(reading.documents) + len(reading.skipped) + len(reading.held_back)
        assert reading.seen == counted


# --- sources.toml ---------------------------------------------------------------------

ONE = '[[source]]\nname = "blog"\nkind = "markdown"\npath = "posts"\n'


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param(
            ONE + 'permlink = "/:title/"',
            ":5: [[source]] has no key 'permlink'; did you mean 'permalink'?",
            id="a misspelt key",
        ),
        pytest.param(
            '[site]\ntitel = "a"\n' + ONE,
            ":2: [site] has no key 'titel'; did you mean 'title'?",
            id="a misspelt key of the site",
        ),
        pytest.param(
            '[sight]\ntitle = "a"\n' + ONE,
            ":1: has no table or key 'sight'; did you mean 'site'?",
            id="a misspelt table",
        ),
        pytest.param(
            ONE.replace("markdown", "markdwon"),
            ":3: kind is 'markdwon', which is none; did you mean 'markdown'?",
            id="an unknown kind",
        ),
        pytest.param(
            ONE + 'gives = "blogpost"',
            ":5: gives is 'blogpost', which is none; did you mean 'post'?",
            id="an unknown gives",
        ),
        pytest.param(
            ONE + "\n" + ONE,
            ":7: name 'blog' stands twice; give each source its own",
            id="a double name",
        ),
        pytest.param(
            '[[source]]\nname = "blog"\nkind = "markdown"\n',
            ":1: a [[source]] lacks path; add path = ...",
            id="a missing key",
        ),
        pytest.param(
            ONE + 'prefer = "1"', ":5: prefer is '1'; write a whole number", id="a number in quotes"
        ),
        pytest.param(
            ONE + "dedup = 0", ":5: dedup is 0; write true or false", id="a number for a switch"
        ),
        pytest.param(
            ONE + 'url = "kept.example"',
            ":5: url is 'kept.example'; write a whole address: https://...",
            id="half an address",
        ),
        pytest.param(
            ONE + 'permalink = "/:yaer/:title/"',
            ":5: permalink has ':yaer', which is no part of one; did you mean 'year'?",
            id="an unknown part of a permalink",
        ),
        pytest.param(
            ONE.replace("posts", "pots"),
            ":4: path is 'pots', which is not there; did you mean 'posts'?",
            id="a path that is not there",
        ),
        pytest.param(
            '[source]\nname = "blog"\n',
            ":1: [source] stands in single brackets; write [[source]]",
            id="single brackets",
        ),
        pytest.param(
            '[hosts]\n"https://a.example" = "A"\n' + ONE,
            ":2: 'https://a.example' is no host; write it as medium.com",
            id="an address for a host",
        ),
        pytest.param('[site]\ntitle = "a\n', ":2: is not TOML", id="broken TOML"),
        pytest.param(
            ONE.replace('"blog"', '"a:b"'),
            ":2: name is 'a:b'; write a word without",
            id="a name with a colon",
        ),
    ],
)
def test_a_mistake_in_the_configuration_names_line_and_remedy(
    content: Write, toml: str, message: str
) -> None:
    root = content({"sources.toml": toml, "posts/a.md": "a"})

    with pytest.raises(ConfigurationError) as caught:
        read_configuration(root)

    assert str(caught.value).startswith(f"{root / 'sources.toml'}{message}")
    assert "\n" not in str(caught.value)


def test_a_missing_content_folder_is_one_line_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"nowhere: content folder does not exist; .*--content DIR"
    ):
        read_configuration(tmp_path / "nowhere")


def test_a_folder_without_configuration_is_one_markdown_blog(
    content: Write, tmp_path: Path
) -> None:
    root = content({
        "about.md": "about", "b.MD": "b", "c/d.markdown": "d", "c/about.md": "a piece",
        "e.txt": "e", ".hidden.md": "f", ".git/g.md": "g",
    })  # fmt: skip
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "h.md").write_text("h")
    (root / "linked").symlink_to(tmp_path / "outside")

    reading = read_only(root)

    assert [d.id for d in reading.documents] == [
        "blog:b.MD",
        "blog:c/about.md",
        "blog:c/d.markdown",
    ]
    assert [(f.path, f.reason) for f in reading.warnings] == [
        ("linked", "is a link to a folder, which is not followed; put the files themselves here")
    ]
    assert read_about(root, read_configuration(root)) == "<p>about</p>"


@pytest.mark.parametrize(
    ("prefers", "ranks"),
    [
        ((None, None, None), (1, 2, 3)),
        ((None, None, 1), (2, 3, 1)),
        ((None, 9, None), (1, 3, 2)),
        ((2, 1, None), (2, 1, 3)),
        ((1, 1, 1), (1, 2, 3)),
    ],
)
def test_prefer_goes_before_the_order_in_the_file(
    content: Write, prefers: Iterable[int | None], ranks: tuple[int, ...]
) -> None:
    tables = [
        f'[[source]]\nname = "s{n}"\nkind = "markdown"\npath = "a.md"\n'
        + (f"prefer = {prefer}\n" if prefer else "")
        for n, prefer in enumerate(prefers)
    ]
    root = content({"a.md": "a", "sources.toml": "\n".join(tables)})

    assert tuple(source.prefer for source in read_configuration(root).sources) == ranks


def test_a_source_may_lie_outside_the_content_folder(content: Write) -> None:
    content({"2024-01-02-a.md": "# A"}, folder="posts")
    root = content({"sources.toml": ONE.replace('"posts"', '"../posts"')})

    (document,) = read_only(root).documents

    assert (document.id, document.path) == ("blog:2024-01-02-a.md", "../posts/2024-01-02-a.md")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://medium.com/a", "Medium"),
        ("https://www.medium.com/a", "Medium"),
        ("https://writer.medium.com/a", "Medium"),
        ("https://MEDIUM.com:443/a", "Medium"),
        ("https://notmedium.com/a", None),
        ("https://own.medium.com/a", "My own"),
        (None, None),
    ],
)
def test_a_host_has_the_name_that_the_owner_gives(
    content: Write, url: str | None, name: str | None
) -> None:
    address = f'"url": "{url}", ' if url else ""
    root = content({
        "a.jsonl": f'{{{address}"title": "A"}}',
        "sources.toml": '[hosts]\n"www.medium.com" = "Medium"\n"own.medium.com" = "My own"\n'
        '[[source]]\nname = "a"\nkind = "jsonl"\npath = "a.jsonl"\n',
    })  # fmt: skip

    (document,) = read_only(root).documents

    assert document.publication == name


# --- Ids, dates, permalinks -----------------------------------------------------------


def test_an_id_that_two_sources_give_is_kept_once_and_reported(content: Write) -> None:
    line = '{"id": "same", "title": "A"}\n'
    table = '[[source]]\nname = "{0}"\nkind = "jsonl"\npath = "{0}.jsonl"\n'
    root = content({
        "a.jsonl": line, "b.jsonl": '{"id": "other", "title": "B"}\n' + line,
        "sources.toml": table.format("a") + table.format("b"),
    })  # fmt: skip

    first, second = read_all(read_configuration(root), root)

    assert [d.id for d in first.documents] == ["same"]
    assert [d.id for d in second.documents] == ["other"]
    assert second.seen == 2
    assert second.skipped == (
        Finding("b.jsonl", 2, "id 'same' is that of a.jsonl:1 already; give it its own"),
    )


def test_ids_of_a_list_stay_unique_where_a_title_looks_like_a_repeat(content: Write) -> None:
    root = content({
        "a.yaml": "- A\n- A\n- A 2\n- a!\n",
        "sources.toml": '[[source]]\nname = "s"\nkind = "list"\npath = "a.yaml"\n',
    })  # fmt: skip

    ids = [d.id for d in read_only(root).documents]

    assert ids == ["s:a.yaml#a", "s:a.yaml#a-2", "s:a.yaml#a-2-2", "s:a.yaml#a-3"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-31", "2024-05-31"),
        ("2024-5-1", "2024-05-01"),
        ("2024/05/31", "2024-05-31"),
        ("2024-05-31 23:59:59 -0800", "2024-05-31"),
        ("2024-05-31T23:59:59Z", "2024-05-31"),
        ("2024-05-31T00:10:00.000+02:00", "2024-05-31"),
        ("20240531", "2024-05-31"),
        (20240531, "2024-05-31"),
        ("2024-05", "2024-05-01"),
        ("2024", "2024-01-01"),
        (2024, "2024-01-01"),
        (" 2024-05-31 ", "2024-05-31"),
        (dt.date(2024, 5, 31), "2024-05-31"),
        (dt.datetime(2024, 5, 31, 23, 0, tzinfo=dt.UTC), "2024-05-31"),
        ("yesterday", None),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("0000-01-01", None),
        ("99999-01-01", None),
        ("2024-05/31", None),
        (True, None),
        (1717113600, None),
        ([2024, 5, 31], None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_the_day_as_written_or_none(value: object, expected: str | None) -> None:
    day = parse_date(value)

    assert (day.isoformat() if day else None) == expected


@pytest.mark.parametrize(
    ("stem", "day", "rest"),
    [
        ("2024-05-31-cats", "2024-05-31", "cats"),
        ("2024-5-1-cats-and-dogs", "2024-05-01", "cats-and-dogs"),
        ("2024-05-31", "2024-05-31", "2024-05-31"),
        ("2024-05-31_cats", "2024-05-31", "cats"),
        ("2024-02-30-cats", None, "2024-02-30-cats"),
        ("2024-05-311-cats", None, "2024-05-311-cats"),
        ("cats", None, "cats"),
    ],
)
def test_a_name_may_begin_with_a_date(stem: str, day: str | None, rest: str) -> None:
    found, name = part_name(stem)

    assert (found.isoformat() if found else None, name) == (day, rest)


MAY = Named("Cats-and-dogs", "cats-and-dogs", dt.date(2024, 5, 3), ("Home Life", "pets"))


@pytest.mark.parametrize(
    ("pattern", "named", "path"),
    [
        ("/:year/:month/:day/:title/", MAY, "/2024/05/03/Cats-and-dogs/"),
        ("/:year/:i_month/:i_day/:slug.html", MAY, "/2024/5/3/cats-and-dogs.html"),
        ("/:short_year/:y_day/", MAY, "/24/124/"),
        ("/:categories/:slug/", MAY, "/home-life/pets/cats-and-dogs/"),
        ("/:categories/:slug/", Named("a", "a"), "/a/"),
        ("posts/:slug", MAY, "/posts/cats-and-dogs"),
        ("/:slug/", Named("é b", "é b"), "/%C3%A9%20b/"),
        ("/:year/:slug/", Named("a", "a"), None),
        ("/:slug:year", MAY, "/cats-and-dogs2024"),
        ("/:year_:month/", MAY, "/2024_05/"),
    ],
)
def test_a_permalink_is_filled_in(pattern: str, named: Named, path: str | None) -> None:
    assert expand(pattern, named) == path
    assert unknown_part(pattern) is None


@pytest.mark.parametrize(
    ("matter", "name", "url"),
    [
        pytest.param(
            "date: 2024-05-03", "cats.md", "https://a.example/blog/2024/cats/", id="its name"
        ),
        pytest.param(
            "", "2024-05-03-cats.md", "https://a.example/blog/2024/cats/", id="its name's date"
        ),
        pytest.param(
            "date: 2023-01-01",
            "2024-05-03-cats.md",
            "https://a.example/blog/2023/cats/",
            id="its own date first",
        ),
        pytest.param(
            "slug: dogs\ndate: 2024-05-03",
            "cats.md",
            "https://a.example/blog/2024/dogs/",
            id="its slug",
        ),
        pytest.param(
            "date: 2024-05-03",
            "cats/index.md",
            "https://a.example/blog/2024/cats/",
            id="its folder",
        ),
        pytest.param(
            "permalink: /pets/cats/",
            "cats.md",
            "https://a.example/blog/pets/cats/",
            id="its own path",
        ),
        pytest.param(
            "url: https://b.example/c", "cats.md", "https://b.example/c", id="its own address"
        ),
        pytest.param(
            "permalink: /pets/:title/",
            "cats.md",
            "https://a.example/blog/pets/cats/",
            id="its own pattern",
        ),
        pytest.param("", "cats.md", None, id="none without a date"),
        pytest.param(
            "url: 'javascript:alert(1)'", "cats.md", None, id="none that is not of the web"
        ),
    ],
)
def test_the_address_of_a_post(content: Write, matter: str, name: str, url: str | None) -> None:
    root = content({
        f"posts/{name}": f"---\n{matter}\n---\na",
        "sources.toml": ONE + 'url = "https://a.example/blog/"\npermalink = "/:year/:slug/"\n',
    })  # fmt: skip

    (document,) = read_only(root).documents

    assert document.url == url


def test_without_a_url_a_post_has_no_address_and_no_warning(content: Write) -> None:
    root = content({
        "posts/2024-05-03-cats.md": "---\npermalink: /cats/\n---\na",
        "sources.toml": ONE + 'permalink = "/:year/:slug/"\n',
    })  # fmt: skip

    reading = read_only(root)

    assert reading.documents[0].url is None
    assert reading.warnings == ()


# --- Front matter ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        pytest.param(
            "---\ntitle: A\nText.\n",
            1,
            "front matter opens with --- and never closes; add a line --- after it",
            id="a fence that never closes",
        ),
        pytest.param(
            "---\n- a\n- b\n---\n",
            2,
            "front matter is a list, not 'key: value' lines; mend it",
            id="a list",
        ),
        pytest.param(
            "---\ntitle: a: b\n---\n",
            2,
            "YAML cannot be read (mapping values are not allowed in this context); mend it, "
            "or put quotes around it",
            id="a colon without quotes",
        ),
        pytest.param("---\n\ttitle: a\n---\n", 2, "YAML cannot be read (", id="a tab"),
        pytest.param(
            "---\na: &x 1\nb: *x\n---\n",
            2,
            "YAML anchor or alias 'x' is not read; write the value out",
            id="an anchor",
        ),
        pytest.param(
            "---\na: *x\n---\n",
            2,
            "YAML anchor or alias 'x' is not read; write the value out",
            id="an alias",
        ),
        pytest.param(
            "---\ntitle: a\nb: {<<: {c: d}}\n---\n",
            3,
            "YAML merge '<<' is not read; write the keys out",
            id="a merge",
        ),
        pytest.param(
            "---\na: " + "[" * 30_000 + "\n---\n",
            2,
            "YAML is nested more than 50 deep; make it flat",
            id="30,000 brackets",
        ),
        pytest.param("---\na: " + "{a: " * 30_000 + "\n---\n", None, "YAML ", id="30,000 braces"),
        pytest.param(
            "---\n" + "- " * 30_000 + "\n---\n",
            2,
            "YAML is nested more than 50 deep; make it flat",
            id="30,000 dashes",
        ),
        pytest.param(
            "---\n" + "".join(" " * n + "a:\n" for n in range(60)) + "---\n",
            None,
            "YAML is nested more than 50 deep; make it flat",
            id="60 levels of indentation",
        ),
        pytest.param(
            "---\na: " + "b" * 70_000 + "\n---\n",
            2,
            "YAML has 70,004 characters, and 65,536 are read; make it shorter",
            id="70 kB",
        ),
        pytest.param(
            "---\na: !!python/name:os.system\n---\n",
            2,
            "YAML cannot be read (could not determine a constructor",
            id="a tag of Python",
        ),
        pytest.param("---\na: !!int b\n---\n", 2, "YAML cannot be read (", id="a tag that lies"),
        pytest.param(
            "---\n? [a]\n: b\n? {c: d}\n: e\n---\n",
            2,
            "YAML cannot be read (",
            id="a key that is a list",
        ),
    ],
)
def test_broken_front_matter_is_one_skipped_entry(
    content: Write, file: str | bytes, line: int | None, reason: str
) -> None:
    reading = read_only(content({"a.md": file, "b.md": "whole"}))

    assert [d.id for d in reading.documents] == ["blog:b.md"]
    (finding,) = reading.skipped
    assert finding.path == "a.md"
    assert finding.reason.startswith(reason)
    assert "\n" not in finding.reason
    if line:
        assert finding.line == line


@pytest.mark.parametrize(
    ("file", "title", "text"),
    [
        pytest.param("---\ntitle: A\n---\nb", "A", "b", id="plain"),
        pytest.param("---\r\ntitle: A\r\n---\r\nb\r\nc", "A", "b c", id="lines of Windows"),
        pytest.param(b"\xef\xbb\xbf---\ntitle: A\n---\nb", "A", "b", id="a byte order mark"),
        pytest.param("---\ntitle: A\n...\nb", "A", "b", id="closed by dots"),
        pytest.param("---   \ntitle: A\n---   \nb", "A", "b", id="spaces after the fences"),
        pytest.param("---\n---\nb", "A", "b", id="empty"),
        pytest.param("---\n# only a comment\n---\nb", "A", "b", id="a comment alone"),
        pytest.param("\n\n---\ntitle: A\n---\nb", "A", "b", id="blank lines before"),
        pytest.param("# A\n\n---\n\nb: c\n\n---\n", "A", "b: c", id="rules are no fences"),
        pytest.param("---\ntitle: 2024-05-31\n---\nb", "2024-05-31", "b", id="a date as title"),
        pytest.param("---\ntitle: 1.10\n---\nb", "1.10", "b", id="a version as title"),
        pytest.param("---\ntitle: 12:30\n---\nb", "12:30", "b", id="a time as title"),
        pytest.param("---\ntitle: 007\n---\nb", "007", "b", id="a number with zeros as title"),
        pytest.param("---\ntitle: no\n---\nb", "no", "b", id="a word that YAML 1.1 took for false"),
        pytest.param('---\ntitle: "A\n  B"\n---\nb', "A B", "b", id="a title over two lines"),
        pytest.param(
            "---\ncontent: x\nhandler: y\n1: z\n---\nb", "A", "b", id="keys that trip the parser"
        ),
        pytest.param("---\ntitle: A\n---\n---\nb", "A", "b", id="a rule right after"),
    ],
)
def test_front_matter_in_every_whole_shape(
    content: Write, file: str | bytes, title: str, text: str
) -> None:
    reading = read_only(content({"a.md": file}))

    assert reading.skipped == ()
    assert reading.documents[0].title == title
    assert reading.documents[0].text == text


@pytest.mark.parametrize(
    ("matter", "line", "reason"),
    [
        ("title: A\ndate: yesterday", 3, "date is 'yesterday'; write it as 2024-05-31"),
        ("date: 2024-02-30", 2, "date is '2024-02-30'; write it as 2024-05-31"),
        ("date: 99999-01-01", 2, "date is '99999-01-01'; write it as 2024-05-31"),
        ("title: A\ntitle: B", 3, "title stands twice, and the last one counts; take one out"),
        ("tags: [a, 1]", 2, "one of tags is 1, read as the tag '1'; put it in quotes"),
        ("tags: 5", 2, "one of tags is 5, read as the tag '5'; put it in quotes"),
        ("tags: {a: b}", 2, "tags is {'a': 'b'}; write it as a list: [one, two]"),
        ("title: [a]", 2, "title is ['a']; write it as text"),
        ("minutes: many", 2, "minutes is 'many'; write a whole number"),
        ("minutes: -3", 2, "minutes is -3; write a whole number"),
        (
            "kind: essay",
            2,
            "kind is 'essay'; write one of post, article, answer, talk, paper, note",
        ),
        ("language: '!'", 2, "language is '!'; write it as en or pt-BR"),
        ("canonical_url: /a", 2, "canonical_url is '/a'; write a whole address: https://..."),
        (
            "url: https://user@a.example/",
            2,
            "url is 'https://user@a.example/'; write a whole address: https://...",
        ),
        ("author: 5", 2, "author is 5; write a name"),
    ],
)
def test_a_fact_that_cannot_be_used_is_a_warning_with_its_line(
    content: Write, matter: str, line: int, reason: str
) -> None:
    reading = read_only(content({"a.md": f"---\n{matter}\n---\nb"}))

    assert reading.warnings == (Finding("a.md", line, reason),)
    assert len(reading.documents) == 1


@pytest.mark.parametrize(
    ("matter", "tags"),
    [
        ("tags: [a, b]", ("a", "b")),
        ("tags:\n  - a\n  - b c", ("a", "b c")),
        ("tags: a, b c", ("a", "b c")),
        ("tags: [a]\ncategory: b", ("a", "b")),
        ("categories: [b, a]\ntags: [a]", ("a", "b")),
        ("tags: null", ()),
        ("tags: ['', a, ' a ']", ("a",)),
        ("tags: [2024, 12, 1.5, 0x1F]", ("2024", "12", "1.5", "0x1F")),
        ("tags: 2024", ("2024",)),
        ('tags: "#rust #go"', ("rust", "go")),
        ('tags: "C# #go"', ("C# #go",)),
        ("tags: R&amp;D", ("R&D",)),
        ("tags: [R&amp;D]", ("R&D",)),
        ("tags: R&amp;D; maps", ("R&D", "maps")),
        ("tags: [no, on, 2024-05-31]", ("no", "on", "2024-05-31")),
    ],
)
def test_tags_in_every_shape(content: Write, matter: str, tags: tuple[str, ...]) -> None:
    (document,) = read_only(content({"a.md": f"---\n{matter}\n---\nb"})).documents

    assert document.tags == tags


@pytest.mark.parametrize(
    "switch", ["draft: true", "draft: yes", "published: false", "published: no"]
)
def test_a_draft_is_held_back_with_the_line_that_says_so(content: Write, switch: str) -> None:
    reading = read_only(content({"a.md": f"---\ntitle: A\n{switch}\n---\nb"}))

    assert reading.documents == reading.skipped == ()
    assert [(f.path, f.line) for f in reading.held_back] == [("a.md", 3)]
    assert reading.seen == 1


def test_repair_can_be_switched_off_for_a_post_about_broken_text(content: Write) -> None:
    broken = "Don\u00e2\u20ac\u2122t"
    root = content({
        "a.md": f"---\ntitle: {broken}\nrepair: false\ntags: [{broken}]\n---\n{broken}",
        "b.md": f"---\ntitle: {broken}\nsummary: {broken}\ntags: [{broken}]\n---\n{broken}",
    })  # fmt: skip

    kept, mended = read_only(root).documents

    assert (kept.title, kept.tags, kept.text) == (broken, (broken,), broken)
    assert (mended.title, mended.summary, mended.tags, mended.text) == (
        "Don’t", "Don’t", ("Don’t",), "Don’t",
    )  # fmt: skip


# --- Files ----------------------------------------------------------------------------


def test_what_is_no_plain_file_of_the_folder_is_skipped_and_never_waited_for(
    content: Write, tmp_path: Path
) -> None:
    root = content({"a.md": "a", "sub/b.md": "b"})
    (tmp_path / "secret.md").write_text("secret")
    (root / "device.md").symlink_to("/dev/zero")
    (root / "gone.md").symlink_to(root / "nowhere.md")
    (root / "inside.md").symlink_to(root / "sub" / "b.md")
    (root / "loop.md").symlink_to(root / "loop.md")
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "sub" / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.md")

    reading = read_only(root)

    assert [d.path for d in reading.documents] == ["a.md", "inside.md", "sub/b.md"]
    out = "is a link that leads out of the folder; put the file itself here"
    assert [(f.path, f.reason.split(" (")[0].split("; check")[0]) for f in reading.skipped] == [
        ("device.md", out),
        ("gone.md", "cannot be read: No such file or directory"),
        ("loop.md", "cannot be read: Too many levels of symbolic links"),
        ("out.md", out),
        ("pipe.md", "is not a plain file"),
    ]  # fmt: skip
    assert [f.path for f in reading.warnings] == ["sub/loop"]


def test_a_file_beyond_the_limit_is_skipped_unread(content: Write) -> None:
    root = content({"a.md": "a"})
    with (root / "big.md").open("wb") as big:
        big.truncate(300 * 2**20)

    reading = read_only(root)

    assert [f.reason for f in reading.skipped] == [
        "has more than 16 MB; split it into smaller files"
    ]


def test_a_text_too_long_to_render_is_searched_all_the_same(content: Write) -> None:
    reading = read_only(content({"a.md": "---\ntitle: A\n---\n" + "word " * 300_000}))

    assert reading.documents[0].html is None
    assert reading.documents[0].text.startswith("word word")
    assert "1,500,000 characters" in reading.warnings[0].reason


def test_control_characters_are_left_out_and_reported(content: Write) -> None:
    reading = read_only(content({"a.md": "---\ntitle: A\x08B\n---\nc\x00d\x1b[31m"}))

    assert (reading.documents[0].title, reading.documents[0].text) == ("AB", "cd[31m")
    assert reading.warnings == (
        Finding("a.md", 2, "control character U+0008 is left out; delete it"),
    )


@pytest.mark.parametrize(
    ("kind", "name", "file", "line", "reason"),
    [
        pytest.param(
            "list",
            "a.yaml",
            "title: A\n",
            1,
            "group 'title' is not a list",
            id="a mapping that is no list",
        ),
        pytest.param("list", "a.yaml", "a: [\n", 2, "YAML cannot be read (", id="broken YAML"),
        pytest.param(
            "list", "a.yaml", "just words", 1, "is not a list; write each entry as", id="words"
        ),
        pytest.param(
            "list",
            "a.yaml",
            "- &x {title: A}\n- *x\n",
            1,
            "YAML anchor or alias 'x'",
            id="an alias",
        ),
        pytest.param(
            "list", "a.yaml", "[" * 30_000, 1, "YAML is nested more than 50 deep", id="brackets"
        ),
        pytest.param("list", "a.json", "[{]", 1, "is not JSON (", id="broken JSON"),
        pytest.param(
            "list",
            "a.json",
            '{"a": [\n{"title": "A"},\n}',
            3,
            "is not JSON (",
            id="JSON broken further down",
        ),
        pytest.param(
            "list", "a.json", "[" * 100_000, 1, "JSON cannot be read (", id="brackets in JSON"
        ),
        pytest.param("list", "a.json", "1", 1, "is not a list; write it as", id="a number"),
        pytest.param(
            "list",
            "a.json",
            "[" + "1" * 5000 + "]",
            1,
            "JSON cannot be read (",
            id="an endless number",
        ),
        pytest.param(
            "jsonl", "a.jsonl", "[" * 100_000, 1, "JSON cannot be read (", id="brackets in a line"
        ),
        pytest.param(
            "jsonl",
            "a.jsonl",
            '{"title": "A", "body": 5}',
            1,
            "body is 5; write it as text",
            id="a body that is a number",
        ),
        pytest.param(
            "links",
            "a.md",
            "---\ntitle: A\n",
            1,
            "front matter opens with ---",
            id="a page's front matter",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_skipped_entry(
    content: Write, kind: str, name: str, file: str, line: int, reason: str
) -> None:
    toml = f'[[source]]\nname = "s"\nkind = "{kind}"\npath = "{name}"\n'

    reading = read_only(content({name: file, "sources.toml": toml}))

    (finding,) = reading.skipped
    assert (reading.seen, finding.path, finding.line) == (1, name, line)
    assert finding.reason.startswith(reason)


def test_half_characters_of_json_do_not_stop_the_reading(content: Write) -> None:
    toml = '[[source]]\nname = "s"\nkind = "jsonl"\npath = "a.jsonl"\n'
    line = r'{"id": "\ud800", "title": "A \ud83d\ude80 \ud800", "body": "b \udfff"}'

    (document,) = read_only(content({"a.jsonl": line, "sources.toml": toml})).documents

    assert document.title == "A 🚀 \ufffd"
    assert document.text == "b \ufffd"
    assert len(document.key) == 12


# --- Links between posts, images, about.md --------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param(
            "[b](b.md)", '<a href="../{key}/" rel="noopener">b</a>', id="a post beside it"
        ),
        pytest.param(
            "[b](b.md#The%20End)",
            '<a href="../{key}/#s-the-end" rel="noopener">b</a>',
            id="a part of a post",
        ),
        pytest.param(
            "[b](/b.md)",
            '<a href="../{key}/" rel="noopener">b</a>',
            id="from the root of the source",
        ),
        pytest.param(
            "[b](/posts/b.md)",
            '<a href="../{key}/" rel="noopener">b</a>',
            id="from the content folder",
        ),
        pytest.param(
            "[b](c/)",
            '<a href="https://a.example/2024/a/c/" rel="noopener">b</a>',
            id="below its own address",
        ),
        pytest.param(
            "[b](/feed.xml)",
            '<a href="https://a.example/feed.xml" rel="noopener">b</a>',
            id="elsewhere on its site",
        ),
        pytest.param(
            "[b](//c.example/d)",
            '<a href="https://c.example/d" rel="noopener">b</a>',
            id="without a scheme",
        ),
        pytest.param("[b](https://u@c.example/)", "b", id="with a user's name"),
        pytest.param(
            "[b](mailto:b@c.example)",
            '<a href="mailto:b@c.example" rel="noopener">b</a>',
            id="mail",
        ),
        pytest.param(
            "![b](i/d.png)",
            '<img src="../../media/posts/i/d.png" alt="b">',
            id="an image beside it",
        ),
        pytest.param(
            "![b](/posts/i/d.png)",
            '<img src="../../media/posts/i/d.png" alt="b">',
            id="an image from the root",
        ),
        pytest.param(
            "![b](../sources.toml)",
            '<a href="https://a.example/2024/sources.toml" rel="noopener">b</a>',
            id="a file that is no image",
        ),
        pytest.param(
            "![b](../../out.png)",
            '<a href="https://a.example/out.png" rel="noopener">b</a>',
            id="an image outside the content folder",
        ),
        pytest.param(
            "![b](../.git/d.png)",
            '<a href="https://a.example/2024/.git/d.png" rel="noopener">b</a>',
            id="an image in a hidden folder",
        ),
        pytest.param(
            "![b](leads-out.png)",
            '<a href="https://a.example/2024/a/leads-out.png" rel="noopener">b</a>',
            id="a link out of the content folder",
        ),
    ],
)
def test_links_and_images_lead_to_our_pages_or_the_real_ones(
    content: Write, tmp_path: Path, markdown: str, html: str
) -> None:
    (tmp_path / "out.png").write_bytes(b"")
    root = content({
        "posts/2024-01-02-a.md": markdown, "posts/b.md": "b", "posts/i/d.png": "", ".git/d.png": "",
        "sources.toml": ONE + 'url = "https://a.example"\npermalink = "/:year/:slug/"\n',
    })  # fmt: skip
    (root / "posts" / "leads-out.png").symlink_to(tmp_path / "out.png")

    document, other = read_only(root).documents

    assert document.html == f"<p>{html.format(key=other.key)}</p>"
    assert document.images == (("posts/i/d.png",) if "media" in html else ())


def test_a_relative_link_without_an_address_to_resolve_by_is_text(content: Write) -> None:
    (document,) = read_only(content({"a.md": "[b](c/) ![d](https://e.example/f.png)"})).documents

    assert document.html == (
        '<p>b <a href="https://e.example/f.png" rel="noopener">d</a></p>'
    )  # fmt: skip


def test_the_about_page_is_rendered_for_its_own_address(content: Write) -> None:
    root = content({
        "about.md": "---\ntitle: About\n---\n# About\n\n[a](a.md) ![b](b%20c.png)",
        "a.md": "a", "b c.png": "",
    })  # fmt: skip

    page = read_about_page(root, read_configuration(root))

    assert page.html == (
        f'<p><a href="../works/{key_of("blog:a.md")}/" rel="noopener">a</a> '
        '<img src="../media/b%20c.png" alt="b"></p>'
    )
    assert page.images == ("b c.png",)


def test_a_broken_about_page_is_a_warning_and_stops_nothing(content: Write) -> None:
    root = content({"about.md": "---\ntitle: [\n---\na", "a.md": "a"})

    page = read_about_page(root, read_configuration(root))

    assert page.html is None
    assert [(f.path, f.line) for f in page.warnings] == [("about.md", 3)]
    assert len(read_only(root).documents) == 1


def test_read_source_reads_one_source_as_read_all_does() -> None:
    root = KINDS / "jsonl"
    configuration = read_configuration(root)

    assert [read_source(configuration.sources[0], configuration, root)] == read_all(
        configuration, root
    )
