"""What joining remembers changes no answer, is kept as plain data, and may be lost at any time."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.dedup import Joined, Verdicts, join_documents
from searchapp.dedup.memory import MOST_BLOCKS, Memory
from searchapp.dedup.readings import pack, read_facts, unpack
from searchapp.dedup.titles import read_title
from searchapp.dedup.wordings import read_wording
from searchapp.documents import Document

WORDS = [a + b for a in ("kite", "salt", "map", "tide", "lamp") for b in ("", "s", "ing", "er")]
TITLES = (
    "Mending a Map of the Salt Marsh", "Mending a Map… ", "Mending a Map of the Salt…",
    "Salt, Part 1: Tides", "Salt, Part 2: Tides", "Weeknotes", "🪁", "", "Kites [2023]",
    "Kites [2024]", "Why kites fly at Night | Salt", "Why Kites Fly at night", "Grey 1.5 v2.0 C++",
    "Repost: The prqctices of lamplight keepers", "The practices of lamplight keepers",
    "Tides: A Short History", "A Short History: Tides", "ｆｕｌｌ ｗｉｄｔｈ &amp; marks︙",
    "⋯\ud800 a|b",
)  # fmt: skip


def a_text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.choice((0, 3, 30, 90, 200))))


def a_document(chance: random.Random, number: int) -> Document:
    site = chance.choice(("Salt", "Kites", "Lists"))
    named = chance.randrange(12)
    url = f"https://{site.lower()}.example/{named}{chance.choice(('', '/', '.html', '?page=2'))}"
    return Document(
        f"{site}:{number}", chance.choice(TITLES), site, site, f"{number}.md",
        url=chance.choice((url, url, None)), text=a_text(chance), listed=chance.random() < 0.3,
        canonical_url=chance.choice((None, None, f"https://salt.example/{named}")),
    )  # fmt: skip


def an_edit(chance: random.Random, documents: list[Document], number: int) -> list[Document]:
    """Return the documents after the owner changed, copied, removed or wrote some."""
    at = chance.randrange(len(documents))
    old, other = documents[at], chance.choice(documents)
    new = chance.choice((
        replace(old, text=old.text + " " + a_text(chance)),
        replace(old, text=other.text),
        replace(old, title=other.title),
        replace(old, title=chance.choice(TITLES)),
        replace(old, url=other.url),
        replace(old, site=other.site, aliases=(other.url or "https://x.example/",)),
        replace(other, id=f"copy:{number}", site="Copies", url=f"https://copies.example/{number}"),
        a_document(chance, number),
    ))  # fmt: skip
    kept = documents[:at] + documents[at + (chance.random() < 0.6) :]
    return [d for d in kept if d.id != new.id] + [new]


def a_history(seed: int, edits: int) -> Iterator[list[Document]]:
    chance = random.Random(seed)
    documents = [a_document(chance, number) for number in range(60)]
    for number in range(edits):
        yield documents
        documents = an_edit(chance, documents, 1000 + number)


def remembering(folder: Path, documents: list[Document]) -> Joined:
    with Memory(folder=folder) as memory:
        return join_documents(documents, Verdicts(), memory)


@pytest.mark.parametrize("seed", range(5))
def test_joins_that_are_remembered_are_those_from_scratch_through_any_history(tmp_path, seed):
    for documents in a_history(seed, MOST_BLOCKS + 16):
        assert repr(remembering(tmp_path, documents)) == repr(join_documents(documents, Verdicts()))


def test_a_document_left_aside_is_one_that_no_rule_would_have_found(tmp_path):
    """An address with two endings, of which one leads to the other's."""
    one = Document("a:1", "Kites at Night", "a", "A", "1.md", url="https://a.example/x.html")
    two = replace(one, id="b:1", source="b", listed=True, url="https://a.example/x.html.php")
    more = [replace(one, id=f"c:{n}", title=f"{n}", url=f"https://c.example/{n}") for n in "rst"]

    assert len(remembering(tmp_path, [one, two, *more]).works) == 4


def test_joining_the_same_again_writes_nothing(tmp_path):
    documents = next(a_history(1, 1))
    remembering(tmp_path, documents)
    before = (tmp_path / "joins.sqlite").read_bytes()

    remembering(tmp_path, documents)

    assert (tmp_path / "joins.sqlite").read_bytes() == before


def test_one_change_adds_only_what_is_new(tmp_path):
    documents = next(a_history(1, 1))
    remembering(tmp_path, documents)
    remembering(tmp_path, [replace(documents[0], text="never seen before"), *documents[1:]])

    with sqlite3.connect(tmp_path / "joins.sqlite") as rows:
        sizes = [n for (n,) in rows.execute("SELECT length(told) FROM blocks ORDER BY number")]
    assert len(sizes) == 2
    assert sizes[1] < sizes[0] / 10


def test_what_has_gone_is_forgotten(tmp_path):
    for documents in a_history(2, 3 * MOST_BLOCKS):
        remembering(tmp_path, documents)

    with sqlite3.connect(tmp_path / "joins.sqlite") as rows:
        (blocks,), (texts,) = (
            rows.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("blocks", "runs")
        )
    assert blocks <= MOST_BLOCKS
    assert texts <= 2 * len(documents)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _no_database(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _altered(path: Path) -> None:
    with sqlite3.connect(path) as rows:
        rows.execute("UPDATE blocks SET told = replace(told, 'salt', 'kite')")
        rows.execute("UPDATE runs SET runs = zeroblob(length(runs))")


def _other_code(path: Path) -> None:
    with sqlite3.connect(path) as rows:
        rows.execute("UPDATE blocks SET stamp = 'older'")


def _other_shape(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as rows:
        rows.execute("CREATE TABLE blocks (x)")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage", [_cut, _no_database, _altered, _other_code, _other_shape, _a_folder]
)
def test_a_damaged_memory_only_costs_time(tmp_path, damage):
    before, after, *_ = a_history(3, 2)
    remembering(tmp_path, before)
    damage(tmp_path / "joins.sqlite")

    for documents in (before, after):
        assert repr(remembering(tmp_path, documents)) == repr(join_documents(documents, Verdicts()))


def test_every_single_damaged_byte_only_costs_time(tmp_path):
    documents = next(a_history(4, 1))[:12]
    expected = repr(remembering(tmp_path, documents))
    path = tmp_path / "joins.sqlite"
    whole = path.read_bytes()
    for at in range(0, len(whole), 397):
        path.write_bytes(whole[:at] + bytes((whole[at] ^ 0x5A,)) + whole[at + 1 :])
        assert repr(remembering(tmp_path, documents)) == expected, at


def test_a_join_that_only_looks_writes_nothing(tmp_path):
    documents = next(a_history(5, 1))
    with Memory(folder=tmp_path, writes=False) as memory:
        join_documents(documents, Verdicts(), memory)

    assert list(tmp_path.iterdir()) == []


def test_a_fresh_join_believes_nothing_that_was_kept(tmp_path):
    documents = next(a_history(6, 1))
    remembering(tmp_path, documents)
    with Memory(folder=tmp_path, fresh=True) as memory:
        assert not memory.titles
        assert not memory.outlines


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_from_its_line_as_it_was(title):
    facts = read_facts(title)

    assert unpack(facts.packed) == (read_title(title), read_wording(title, ()))
    assert pack(*unpack(facts.packed)) == facts.packed
