"""Hostile files: each has its expected fate, and none stops, kills or slows a reading."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rights import bound_by_modes

from searchapp.sources import Limits, Reading, read_all, read_configuration, read_everything

ROOT = Path(__file__).parent.parent

# Small, so that what runs into them does so soon. They count processor time, not the clock.
LIMITS = Limits(seconds=1.5)

TOML = "".join(
    f'[[source]]\nname = "{name}"\nkind = "{kind}"\npath = "{name}"\n'
    for name, kind in {
        "posts": "markdown", "pages": "html", "links": "links", "lists": "list", "feeds": "feed",
        "lines": "jsonl",
    }.items()
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What becomes of a file: titles of its documents, and how each reason begins."""

    titles: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


def title(*titles: str, warned: tuple[str, ...] = ()) -> Fate:
    return Fate(titles=titles, warned=warned)


def skip(*reasons: str, titles: tuple[str, ...] = ()) -> Fate:
    return Fate(titles=titles, skipped=reasons)


Held = bytes | str | Callable[[Path], object]


def matter(yaml: str) -> str:
    return f"---\n{yaml}\n---\nText."


SLOW = "takes more than 1.5 s to read; make it shorter or simpler"
DEEP = "YAML is nested more than 50 deep; make it flat"
NO_LINK = "YAML anchor or alias"

# name -> (what it holds, or who makes it; its fate)
FILES: dict[str, tuple[Held, Fate]] = {
    # Front matter
    "posts/broken.md": (matter("title: [never closed"), skip("YAML cannot be read (")),
    "posts/missing.md": ("Only a text.", title("Missing")),
    "posts/unclosed.md": ("---\ntitle: A\n\nText.", skip("front matter opens with --- and never")),
    "posts/repeated.md": (
        "---\ntitle: A\n---\n---\ntitle: B\n---\nText.",
        title("A"),
    ),
    "posts/repeated-key.md": (
        matter("title: A\ntitle: B"),
        title("B", warned=("title stands twice, and the last one counts",)),
    ),
    "posts/list.md": (matter("- a\n- b"), skip("front matter is a list, not 'key: value'")),
    "posts/scalar.md": (matter("words"), title("Scalar")),
    "posts/empty-matter.md": (matter(""), title("Empty matter")),
    "posts/tags-int.md": (
        matter("title: A\ntags: 5"), title("A", warned=("one of tags is 5, read as the tag",))
    ),
    "posts/tags-dict.md": (
        matter("title: A\ntags: {a: b}"), title("A", warned=("tags is {'a': 'b'}; write it",))
    ),
    "posts/tags-null.md": (matter("title: A\ntags: null"), title("A")),
    "posts/tags-nested.md": (
        matter("title: A\ntags: [[a], null, {b: c}, d]"),
        title("A", warned=("one of tags is ['a']", "one of tags is {'b'")),
    ),
    "posts/title-dict.md": (
        matter("title: {a: b}"), title("Title dict", warned=("title is {'a': 'b'}; write it",))
    ),
    "posts/date-0.md": (matter("date: 0000-01-01"), title("Date 0", warned=("date is '0000-0",))),
    "posts/date-99999.md": (
        matter("date: 99999-01-01"), title("Date 99999", warned=("date is '99999-01-01'",))
    ),
    "posts/date-list.md": (matter("date: [1]"), title("Date list", warned=("date is [1]",))),
    "posts/int.md": (matter("minutes: " + "9" * 5000), title("Int", warned=("minutes is ",))),
    "posts/python.md": (matter("a: !!python/name:os.system"), skip("YAML cannot be read (could")),
    "posts/keys.md": (matter("content: a\nhandler: b\n1: c\nnull: d"), title("Keys")),
    "posts/long-matter.md": (matter("a: " + "b" * 70_000), skip("YAML has 70,004 characters")),
    "posts/bomb.md": (
        matter("\n".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]" for n in range(30))), skip(NO_LINK)
    ),
    "posts/merge-bomb.md": (
        matter("a0: {b: 1}\n" + "\n".join(f"a{n + 1}: {{<<: [a, b]}}" for n in range(900))),
        skip("YAML merge '<<' is not read"),
    ),
    "posts/brackets.md": (matter("a: " + "[" * 30_000), skip(DEEP)),
    "posts/braces.md": (matter("a: " + "{a: " * 15_000), skip(DEEP)),
    "posts/dashes.md": (matter("- " * 30_000), skip(DEEP)),
    "posts/questions.md": (matter("? " * 30_000), skip(DEEP)),
    "posts/indents.md": (
        matter("\n".join(" " * n + "a:" for n in range(300))), skip(DEEP)
    ),
    "posts/toml-dots.md": (
        "+++\n" + "a." * 20_000 + "b = 1\n+++\nText.", skip("TOML is nested more than 50 deep")
    ),
    "posts/toml-brackets.md": ("+++\na = " + "[" * 20_000 + "\n+++\nText.", skip("TOML ")),
    "posts/json-brackets.md": ('{"a": ' + "[" * 20_000 + "\n}\nText.", skip("JSON ")),
    # Encodings
    "posts/bom.md": (b"\xef\xbb\xbf" + matter("title: \u00e9").encode(), title("é")),
    "posts/utf-16-le.md": (matter("title: \u00e9").encode("utf-16"), title("é")),
    "posts/utf-16-be.md": (b"\xfe\xff" + matter("title: \u00e9").encode("utf-16-be"), title("é")),
    "posts/utf-32.md": (matter("title: \u00e9").encode("utf-32"), title("é")),
    "posts/utf-16-bare.md": (
        matter("title: \u00e9").encode("utf-16-le"),
        title("é", warned=("is not UTF-8, and is read as UTF-16-LE",)),
    ),
    "posts/utf-16-odd.md": (b"\xff\xfea\0b", skip("byte 0x62 is not UTF-16-LE, which the file")),
    "posts/cp1252.md": (
        matter("title: \u201cCaf\u00e9\u201d").encode("cp1252"),
        title("“Café”", warned=("is not UTF-8, and is read as cp1252; save",)),
    ),
    "posts/stray.md": (
        matter("title: \u00c9t\u00e9").encode() + b" \xe9",
        title("Été", warned=("byte 0xe9 is not UTF-8, and is read as cp1252",)),
    ),
    "posts/cookie.md": (
        matter("# -*- coding: koi8-r -*-\ntitle: \u0420\u0435\u043a\u0430").encode("koi8-r"),
        title("Река"),
    ),
    "posts/nul.md": (
        matter("title: A\0B"), title("AB", warned=("control character U+0000 is left out",))
    ),
    "posts/escape.md": (
        "a\x1b[31mb", title("Escape", warned=("control character U+001B is left out",))
    ),
    "posts/picture.md": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xd8" * 9, skip("holds bytes that are no text")
    ),
    "posts/half.md": (matter('title: "\\ud83d A"'), skip("YAML cannot be read (")),
    # Files
    "posts/empty.md": (b"", Fate(held_back=("states nothing and has no text",))),
    "posts/blank.md": (" \n\t\n", Fate(held_back=("states nothing and has no text",))),
    "posts/mark-alone.md": (b"\xef\xbb\xbf", Fate(held_back=("states nothing and has no",))),
    "posts/pipe.md": (os.mkfifo, skip("is not a plain file (a pipe, device or folder)")),
    "posts/device.md": (lambda path: path.symlink_to("/dev/zero"), skip("is a link that leads")),
    "posts/loop.md": (lambda path: path.symlink_to(path), skip("cannot be read: Too many levels")),
    "posts/gone.md": (
        lambda path: path.symlink_to(path.parent / "nowhere"), skip("cannot be read: No such file")
    ),
    "posts/out.md": (lambda path: path.symlink_to("/etc/passwd"), skip("is a link that leads out")),
    "posts/sparse.md": (
        lambda path: make_sparse(path, 300 * 2**20), skip("has more than 16 MB; split it")
    ),
    "posts/folder.md/inner.md": ("Within a folder named like a file.", title("Inner")),
    "posts/linked": (
        lambda path: path.symlink_to(path.parent), Fate(warned=("is a link to a folder",))
    ),
    "posts/.hidden.md": ("Not an entry.", Fate()),
    # Names
    "posts/new\nline.md": ("Text.", title("New\ufffdline")),
    "posts/-rf *.md": ("Text.", title("Rf *")),
    "posts/\x1b[31mred.md": ("Text.", title("\ufffd[31mred")),
    "posts/" + "n" * 250 + ".md": ("Text.", title("N" + "n" * 249)),
    # Markdown that takes quadratic time
    "posts/images.md": ("![" * 300_000, skip(SLOW)),
    "posts/bullets.md": ("* a\n" * 200_000, skip(SLOW)),
    "posts/stars.md": ("*a_ " * 240_000, skip(SLOW)),
    "posts/quotes.md": (
        ">" * 100_000, title("Quotes", warned=("line 1 of the text is nested in more than 50",))
    ),
    "posts/links.md": ("[a](" * 200_000, skip(SLOW)),
    "posts/divs.md": ("<div>" * 190_000, skip(SLOW)),
    "posts/openers.md": ("{% a " * 15_000 + "{{ b " * 15_000, title("Openers")),
    "posts/comments.md": ("{% comment %}\n" * 20_000, title("Comments")),
    "posts/headings.md": ("# a\n" * 200_000, skip(SLOW)),
    "posts/long.md": (
        "word " * 300_000, title("Long", warned=("text has 1,500,000 characters, and",))
    ),
    # Other kinds
    "pages/nested.html": ("<div>" * 150_000 + "deep", skip(SLOW)),
    "pages/unclosed.html": ("<html><body><h1>A<p>Text <b", title("AText")),
    "pages/comment.html": ("<p>a<!-- never closed", title("Comment")),
    "pages/script.html": ("<script>alert(1)</script><p onclick=a()>b</p>", title("Script")),
    "links/openers.md": ("- [a](" * 30_000, skip("link is not closed, or has a space")),
    "links/items.md": ("<li" * 50_000, Fate()),
    "links/long.md": ("a " * 600_000, skip("page has more than 1,000,000 characters; split it")),
    "lists/bomb.yaml": ("- &a [b]\n- *a\n", skip(NO_LINK)),
    "lists/brackets.yaml": ("[" * 30_000, skip(DEEP)),
    "lists/brackets.json": ("[" * 100_000, skip("JSON cannot be read (")),
    "lists/number.json": ("[" + "1" * 5000 + "]", skip("JSON cannot be read (")),
    "lists/dots.toml": ("a." * 20_000 + "b = 1", skip("TOML is nested more than 50 deep")),
    "lists/quote.csv": (
        'title\n"never closed\na\nb', skip("quote opens in this row", titles=("a", "b"))
    ),
    "lists/cell.csv": ("title\n" + "a" * 5 * 2**20, skip("CSV cannot be read (field larger")),
    "feeds/entities.xml": (
        "<!DOCTYPE a [<!ENTITY b 'c'>" + "".join(
            f"<!ENTITY b{n + 1} '{f'&b{n};' * 10}'>" for n in range(9)
        ) + "]><rss><channel><item><title>&b9;</title></item></channel></rss>",
        skip("declares XML entities, which can harm"),
    ),
    "feeds/entities-utf-16.xml": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf16"),
        skip("declares XML entities, which can harm"),
    ),
    "feeds/file.xml": (
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><rss><title>&b;</title></rss>',
        skip("declares XML entities, which can harm"),
    ),
    "feeds/deep.xml": ("<a>" * 400_000, skip(SLOW)),
    "feeds/address.xml": ("http://localhost:1/feed.xml", skip("is no feed; write RSS, Atom")),
    "feeds/path.xml": ("/etc/passwd", skip("is no feed; write RSS, Atom")),
    "feeds/deep.json": ('{"items": ' + "[" * 100_000, skip("JSON cannot be read (")),
    "lines/half.jsonl": (
        b'{"title": "A \\ud800"}\n{"title": "\xff"}\n[]\n\n{"title": "B"}',
        skip("byte 0xff is not UTF-8", "line is []; write it as", titles=("A \ufffd", "B")),
    ),
    "lines/slow.jsonl": (
        '{"title": "A"}\n' + json.dumps({"body": "![" * 100_000}) + '\n{"title": "B"}',
        skip(SLOW, titles=("A", "B")),
    ),
    "lines/slower.jsonl": (
        '{"title": "A"}\n' + (json.dumps({"body": "![" * 100_000}) + "\n") * 4 + '{"title": "B"}',
        skip(SLOW, SLOW, SLOW, "3 of its entries could not be read", titles=("A",)),
    ),
    "lines/deep.jsonl": ("[" * 100_000, skip("JSON cannot be read (")),
}  # fmt: skip


def make_sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def write_hostile(root: Path) -> Path:
    (root / "sources.toml").parent.mkdir(parents=True)
    (root / "sources.toml").write_text(TOML)
    for name, (held, _) in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(held):
            held(path)
        else:
            path.write_bytes(held if isinstance(held, bytes) else held.encode())
    for number in range(30):
        (root / "posts" / f"good-{number}.md").write_text(f"# Good {number}\n\ncanary{number}\n")
    (root / "about.md").write_text("![" * 300_000)
    return root


@dataclass
class Outcome:
    """What reading the hostile folder gave, by the path of each file."""

    readings: tuple[Reading, ...]
    about: tuple[str, ...]
    seconds: float
    fates: dict[str, Fate] = field(default_factory=dict)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Read the whole folder once, in children."""
    root = write_hostile(tmp_path_factory.mktemp("hostile") / "content")
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    everything = read_everything(read_configuration(root), root, limits=LIMITS)
    spent = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before
    about = tuple(finding.reason for finding in everything.about.warnings)
    outcome = Outcome(everything.readings, about, spent)
    for reading in everything.readings:
        for path, fate in fates_of(reading):
            outcome.fates[path] = fate
    return outcome


def fates_of(reading: Reading) -> Iterator[tuple[str, Fate]]:
    told = {"skipped": reading.skipped, "held_back": reading.held_back, "warned": reading.warnings}
    paths = {d.path for d in reading.documents} | {f.path for fs in told.values() for f in fs}
    for path in paths:
        titles = tuple(d.title for d in reading.documents if d.path == path)
        reasons = {
            name: tuple(f.reason for f in found if f.path == path) for name, found in told.items()
        }
        yield path, Fate(titles=titles, **reasons)


@pytest.mark.parametrize("name", [pytest.param(name, id=name[:40]) for name in FILES])
def test_a_hostile_file_meets_its_fate_and_no_other(outcome: Outcome, name: str) -> None:
    expected = FILES[name][1]
    found = outcome.fates.get(shown(name), Fate())

    assert found.titles == expected.titles
    for part in ("skipped", "held_back", "warned"):
        reasons, begins = getattr(found, part), getattr(expected, part)
        assert len(reasons) == len(begins), reasons
        for reason, begin in zip(reasons, begins, strict=True):
            assert reason.startswith(begin)
            assert "\n" not in reason
            assert reason.isprintable()


def shown(name: str) -> str:
    """Return a path as reports have it: on one line, without commands to a terminal."""
    return name.replace("\n", "\ufffd").replace("\x1b", "\ufffd")


def test_nothing_that_is_seen_is_lost(outcome: Outcome) -> None:
    for reading in outcome.readings:
        counted = len(reading.documents) + len(reading.skipped) + len(reading.held_back)
        assert reading.seen == counted
    known = {shown(name) for name in FILES}
    assert {p for p in outcome.fates if "good-" not in p} <= known


def test_the_good_posts_among_the_hostile_are_all_read(outcome: Outcome) -> None:
    texts = {d.text for reading in outcome.readings for d in reading.documents}

    assert {f"canary{number}" for number in range(30)} <= texts


def test_what_no_file_may_bring_in_is_nowhere(outcome: Outcome) -> None:
    for reading in outcome.readings:
        for document in reading.documents:
            assert "root:" not in document.text + document.title
            assert "alert(1)" not in (document.html or "")


def test_a_hostile_about_page_is_a_warning(outcome: Outcome) -> None:
    assert outcome.about == (SLOW,)


def test_each_file_costs_at_most_its_limit(outcome: Outcome) -> None:
    slow = sum(fate.skipped.count(SLOW) for fate in outcome.fates.values()) + len(outcome.about)

    # What is ended costs the limit and the start of a new child; all others together little.
    assert outcome.seconds < slow * (LIMITS.seconds + 1.5) + 30


def test_a_file_that_may_not_be_read_is_skipped_and_says_so(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("# A\n\nText.")
    (tmp_path / "a.md").chmod(0o000)

    with bound_by_modes():
        (reading,) = read_all(read_configuration(tmp_path), tmp_path)

    assert [(f.path, f.reason) for f in reading.skipped] == [
        ("a.md", "cannot be read: Permission denied; check that it is there and ours")
    ]
    assert [d.id for d in reading.documents] == ["blog:b.md"]


def test_a_child_that_is_killed_costs_one_entry_and_the_reading_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("![" * 300_000)
    (tmp_path / "b.md").write_text("# B")
    program = (
        "import os, signal, sys, threading, time\n"
        "from pathlib import Path\n"
        "from searchapp.sources import read_configuration, read_everything, Limits\n"
        "def kill():\n"
        "    main = Path('/proc/self/task', str(os.getpid()), 'children')\n"
        "    while not (children := main.read_text().split()):\n"
        "        time.sleep(0.05)\n"
        "    child = int(children[0])\n"
        "    while time.clock_gettime(~child << 3 | 2) < 2:\n"  # of work, so it reads a.md
        "        time.sleep(0.05)\n"
        "    os.kill(child, signal.SIGSEGV)\n"
        "threading.Thread(target=kill, daemon=True).start()\n"
        "root = Path(sys.argv[1])\n"
        "read = read_everything(read_configuration(root), root, limits=Limits(seconds=60))\n"
        "(reading,) = read.readings\n"
        "print([d.title for d in reading.documents], [f.reason for f in reading.skipped])\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=True,
    ).stdout  # fmt: skip

    assert said == (
        "['B'] ['crashed its reader (SIGSEGV), which may have 1,024 MB; "
        "make it shorter or simpler']\n"
    )


def test_what_needs_too_much_memory_is_one_skipped_entry(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "lists"\nkind = "list"\npath = "lists"\n'
    )
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.json").write_text("[" + "[{}]," * 2_700_000 + "0]")
    (tmp_path / "lists" / "b.json").write_text('["B"]')

    limits = Limits(seconds=60, memory=350 * 2**20)
    (reading,) = read_everything(read_configuration(tmp_path), tmp_path, limits=limits).readings

    assert [d.title for d in reading.documents] == ["B"]
    assert [(f.path, f.reason) for f in reading.skipped] == [
        ("lists/a.json", "needs more memory than one entry may have; split it")
    ]


def test_a_build_with_hostile_files_is_published_and_says_what_it_skipped(tmp_path: Path) -> None:
    root = tmp_path / "content"
    (root / "posts").mkdir(parents=True)
    for name in ("bomb", "brackets", "pipe", "picture", "new\nline", "images", "bom"):
        held = FILES[f"posts/{name}.md"][0]
        path = root / "posts" / f"{name}.md"
        if callable(held):
            held(path)
        else:
            path.write_bytes(held if isinstance(held, bytes) else held.encode())

    folders = ["--content", str(root), "--index", str(tmp_path / "index")]
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "build", "--json", *folders],
        capture_output=True, text=True, cwd=ROOT, timeout=300, check=False,
    )  # fmt: skip

    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert report["documents"] == 2
    assert {finding["path"]: finding["reason"][:20] for finding in report["skipped"]} == {
        "posts/bomb.md": NO_LINK,
        "posts/brackets.md": "YAML is nested more ",
        "posts/pipe.md": "is not a plain file ",
        "posts/picture.md": "holds bytes that are",
        "posts/images.md": "takes more than 5 s ",
    }
