"""Texts that harm who reads them, by families; each has its fate, and no two are the same.

A family yields files without end or until it knows no more; the seed decides on lengths, depths
and letters. What is to be read in spite of all holds a word that a search has to find.
"""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# Costly is what is read or skipped, as the time allows that one entry may take.
Fate = Literal["skipped", "held back", "warned", "read", "unseen", "costly"]


@dataclass(frozen=True)
class Bad:
    """A hostile file: where it lies, what it holds or who makes it, and what has to become of it.

    `entries` are how many of its entries meet that fate. `words` have to be found; `after` is
    done to it once the builder has listed it.
    """

    path: str
    held: "bytes | str | Callable[[Path], object]"
    fate: Fate
    entries: int = 1
    words: tuple[str, ...] = ()
    after: Callable[[Path], object] | None = None
    needs_modes: bool = False


Family = Callable[[random.Random], Iterator[Bad]]


def word_of(path: str) -> str:
    """Return a word that stands in this file alone."""
    return "canary" + "".join(f"{ord(c):x}" for c in path if c.isalnum())[-30:]


def matter(yaml: str, body: str = "Text.") -> str:
    """Return a post with that front matter."""
    return f"---\n{yaml}\n---\n{body}\n"


def _kept(path: str, yaml: str, fate: Fate = "warned") -> Bad:
    """Return a post that is read in spite of its front matter."""
    word = word_of(path)
    return Bad(path, matter(yaml, word), fate, words=(word,))


def nested_matter(chance: random.Random) -> Iterator[Bad]:
    """Yield front matter of all kinds that goes too deep, up to what kills a C library."""
    kinds: Sequence[tuple[str, Callable[[int], str]]] = (
        ("brackets", lambda n: matter("a: " + "[" * n)),
        ("closed", lambda n: matter("a: " + "[" * n + "]" * n)),
        ("braces", lambda n: matter("a: " + "{b: " * n)),
        ("dashes", lambda n: matter("- " * n)),
        ("questions", lambda n: matter("? " * n)),
        ("toml", lambda n: f"+++\na = {'[' * n}{']' * n}\n+++\nText."),
        ("dots", lambda n: f"+++\n{'a.' * n}b = 1\n+++\nText."),
        ("json", lambda n: '{"a": ' + "[" * n + "\n}\nText."),
    )
    for turn in range(100):
        for name, make in kinds:
            deep = chance.randrange(1_100, 30_000)
            yield Bad(f"posts/nested-{name}-{turn}.md", make(deep), "skipped")


def bombs(chance: random.Random) -> Iterator[Bad]:
    """Yield anchors, aliases, merges and tags: what grows, or runs, when it is loaded."""
    for turn in range(100):
        n = chance.randrange(2, 40)
        doubling = "\n".join(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]" for i in range(n))
        merging = "\n".join(f"a{i + 1}: {{<<: [a, b]}}" for i in range(n))
        kind = chance.choice(
            ["object/apply:os.system", "name:os.system", "module:os", "object:a.B"]
        )
        local = "".join(chance.choices("abcdef", k=8))
        for name, yaml in {
            "doubling": f"a0: &a0 [b]\n{doubling}", "merging": f"a0: {{b: 1}}\n{merging}",
            "itself": f"a{n}: &a [*a]", "anchored": f"title: &t{n} A",
            "python": f"a{n}: !!python/{kind} [id]", "local": f"a: !{local} b",
            "binary": f"title: !!binary R0lGODlhDAAM{n}",
        }.items():  # fmt: skip
            yield Bad(f"posts/bomb-{name}-{turn}.md", matter(yaml), "skipped")


def broken_matter(chance: random.Random) -> Iterator[Bad]:
    """Yield front matter that is no YAML, TOML or JSON, or never ends."""
    for turn in range(100):
        key = "".join(chance.choices("abcdef", k=6))
        for name, text in {
            "open": f"---\ntitle: {key}\n\nText.", "quote": matter(f'{key}: "never closed'),
            "list": matter(f"{key}: [a, b"), "map": matter(f"{key}: {{a: b"),
            "twice": matter(f"{key}: a: b: c"), "tab": matter(f"{key}:\n\t- a"),
            "at": matter(f"{key}: @b"), "percent": matter(f"%{key}"), "tick": matter(f"{key}: `b"),
            "mixed": matter(f"- {key}\nb: c"), "half": matter(f'{key}: "\\ud83d"'),
            "toml": f"+++\n{key} = \n+++\nText.", "again": f"+++\n{key} = 1\n{key} = 2\n+++\nText.",
            "day": f"+++\n{key} = 2024-13-41\n+++\nText.", "bare": f"+++\n{key}\n+++\nText.",
            "json": f'{{"{key}": 1,\n}}\nText.', "long": matter(f"{key}: " + "b" * 70_000),
        }.items():  # fmt: skip
            yield Bad(f"posts/broken-{name}-{turn}.md", text, "skipped")


def odd_values(chance: random.Random) -> Iterator[Bad]:
    """Yield front matter whose values are none: days that never were, numbers without end."""
    for turn in range(100):
        n = chance.randrange(1, 10**6)
        for name, yaml in {
            "zero": f"date: 0000-0{n % 9 + 1}-01", "far": f"date: {n + 10_000}-01-01",
            "thirteenth": f"date: 2024-{n % 80 + 13}-01", "leap": f"date: {2021 + n % 2}-02-29",
            "words": f"date: soon {n}", "listed": f"date: [{n}]", "below": f"date: -{n}-01-01",
            "huge": f"minutes: {n}{'9' * 5_000}", "minus": f"minutes: -{n}",
            "infinite": f"minutes: .inf{n}", "part": f"series: A\npart: {'9' * 400}{n}",
            "map": f"title: {{a: {n}}}", "tags": f"tags: {{a: {n}}}", "deep": f"tags: [[a{n}]]",
            "scheme": f"canonical_url: javascript:alert({n})", "host": f"url: http://[{n}/",
        }.items():  # fmt: skip
            yield _kept(f"posts/odd-{name}-{turn}.md", yaml)


def encodings(chance: random.Random) -> Iterator[Bad]:
    """Yield every mark of an encoding, wrong ones, mixed ones, and what is none."""
    for turn in range(100):
        letters = "".join(chance.choices("éüñçøåß", k=5))
        for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            path = f"posts/marked-{name}-{turn}.md"
            mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(name, b"")
            text = matter(f"title: {letters}", word_of(path))
            yield Bad(path, mark + text.encode(name), "read", words=(word_of(path),))
        for name, spoil in _SPOILT.items():
            path = f"posts/encoded-{name}-{turn}.md"
            word = word_of(path)
            raw = matter(f"title: {letters}", f"{word}\n\n{letters}")
            yield Bad(path, spoil(raw, chance), "warned", words=(word,))
        junk = chance.randbytes(chance.randrange(300, 3_000))
        yield Bad(f"posts/junk-{turn}.md", b"\x89PNG\0\0\xff\xd8" * 9 + junk, "skipped")
        yield Bad(f"posts/odd-half-{turn}.md", b"\xff\xfe" + b"a\0" * turn + b"b", "skipped")


_SPOILT: dict[str, Callable[[str, random.Random], bytes]] = {
    "latin": lambda text, chance: text.encode("cp1252"),
    "stray": lambda text, chance: text.encode() + bytes([chance.choice([0xE9, 0xFC, 0xA0])]),
    "surrogate": lambda text, chance: text.encode() + b"\xed\xa0\x80\xed\xb0\x80",
    "overlong": lambda text, chance: text.encode() + b"\xc0\xaf",
    "halved": lambda text, chance: text.encode() + "é".encode()[:1],
    "bare": lambda text, chance: text.encode("utf-16-le"),
    "nul": lambda text, chance: text.encode() + b"\0" * chance.randrange(1, 99),
    "escape": lambda text, chance: text.encode() + b"\x1b[2J\x1b]0;x\x07",
    "controls": lambda text, chance: text.encode() + bytes(range(1, 9)),
}


def long_texts(chance: random.Random) -> Iterator[Bad]:
    """Yield what is much too long: a line of ten million letters, more than a file may have."""
    for turn in range(2):
        size = 10_000_000 + chance.randrange(1_000)
        path = f"posts/line-{turn}.md"
        word = word_of(path)
        yield Bad(path, f"{word} " + "wordy " * (size // 6), "warned", words=(word,))
        path = f"posts/unbroken-{turn}.md"
        yield Bad(path, f"{word_of(path)} " + "a" * size, "warned", words=(word_of(path),))
        yield Bad(f"posts/too-long-{turn}.md", "b" * (2**24 + 1 + turn), "skipped")
        path = f"posts/title-{turn}.md"
        yield _kept(path, "title: " + "T" * (2_000 + size % 1_000))
        path = f"posts/deep-quotes-{turn}.md"
        deep = ">" * chance.randrange(60, 90_000)
        yield Bad(path, f"{word_of(path)}\n\n{deep} a", "warned", words=(word_of(path),))
        path = f"posts/deep-list-{turn}.md"
        deep = "- " * chance.randrange(60, 5_000)
        yield Bad(path, f"{word_of(path)}\n\n{deep} a", "warned", words=(word_of(path),))
        path = f"posts/many-tags-{turn}.md"
        tags = ", ".join(f"tag{turn}x{n}" for n in range(3_000))
        yield _kept(path, f"tags: [{tags}]", "read")


def slow_texts(chance: random.Random) -> Iterator[Bad]:
    """Yield what takes a parser of Markdown or HTML a time that grows with its square."""
    pieces = ("![", "* a\n", "*a_ ", "[a](", "<div>", "# a\n")
    for piece in pieces:
        times = (900_000 + chance.randrange(9_000)) // len(piece)
        name = "".join(f"{ord(c):x}" for c in piece)
        yield Bad(f"posts/slow-{name}.md", piece * times, "costly")
    yield Bad("pages/slow-nested.html", "<div>" * 150_000 + "deep", "costly")
    yield Bad("feeds/slow-deep.xml", "<a>" * 400_000, "costly")


def lists(chance: random.Random) -> Iterator[Bad]:
    """Yield lists of links in four forms that cannot be read, and such as are only partly."""
    for turn in range(100):
        n = chance.randrange(1_100, 60_000)
        for ending, text in {
            "yaml": chance.choice(["- &a [b]\n- *a\n", "[" * n, "- <<: {a: b}\n", '- "open']),
            "json": chance.choice(["[" * n, "[" + "1" * 5_000 + "]", '[{"a": ', "[,]"]),
            "toml": chance.choice(["a." * n + "b = 1", "a = [", "a = 1\na = 1"]),
        }.items():
            yield Bad(f"lists/list-{turn}.{ending}", text, "skipped")
        if turn == 0:
            yield Bad("lists/cell.csv", "title\n" + "a" * (5 * 2**20 + n), "skipped")
        yield Bad(f"links/openers-{turn}.md", "- [a](" * (n // 2), "skipped")


def lines(chance: random.Random) -> Iterator[Bad]:
    """Yield files of one entry a line, of which some lines are none and the others are kept."""
    for turn in range(100):
        broken = [
            b"[]", b"7", b"null", b"{", b'{"title": "\xff"}', b'{"title": ' + b"9" * 5_000 + b"}",
            b"[" * chance.randrange(1_100, 90_000), b'{"id": "same", "title": "Again"}',
            b'{"date": "2024-01-01"}',
        ]  # fmt: skip
        chance.shuffle(broken)
        path = f"lines/lines-{turn}.jsonl"
        word = word_of(path)
        kept = [json.dumps({"id": f"{turn}-{n}", "title": f"{word}{n}"}).encode() for n in range(9)]
        first = f'{{"id": "same", "title": "{word}first"}}'.encode() if turn == 0 else b""
        mixed = [line for pair in zip(kept, broken, strict=True) for line in pair]
        words = tuple(f"{word}{n}" for n in ("first", *range(9)) if n != "first" or turn == 0)
        yield Bad(path, b"\n".join([first, *mixed]), "skipped", len(broken), words)


def feeds(chance: random.Random) -> Iterator[Bad]:
    """Yield feeds that declare entities, are none, or are packed."""
    for turn in range(100):
        n = chance.randrange(2, 30)
        grow = "".join(f"<!ENTITY b{i + 1} '{f'&b{i};' * 10}'>" for i in range(n))
        rss = f"<rss><channel><item><title>&b{n};</title></item></channel></rss>"
        for name, held in {
            "laughs": f"<!DOCTYPE a [<!ENTITY b0 'c'>{grow}]>{rss}",
            "file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><rss>&b;</rss>',
            "wide": f"<?xml version='1.0'?><!DOCTYPE a [{grow}]><a/>".encode("utf-16"),
            "address": f"http://localhost:{n}/feed.xml", "path": "/etc/passwd",
            "packed": gzip.compress(b"<rss/>" * 10_000 * n),
        }.items():  # fmt: skip
            yield Bad(f"feeds/{name}-{turn}.xml", held, "skipped")
        yield Bad(f"feeds/deep-{turn}.json", '{"items": ' + "[" * 9_000 * n, "skipped")


def packed(chance: random.Random) -> Iterator[Bad]:
    """Yield bombs: packed zeros under their own name, which nobody opens, and under ours."""
    zeros = bytes(2**20)
    for turn in range(30):
        pack = io.BytesIO()
        with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as file:
            for n in range(1 + chance.randrange(3)):
                file.writestr(f"{n}.md", zeros)
        yield Bad(f"posts/packed-{turn}.zip", pack.getvalue(), "unseen")
        yield Bad(f"posts/packed-{turn}.md.gz", gzip.compress(zeros * 9), "unseen")
        yield Bad(f"posts/zip-{turn}.md", pack.getvalue(), "skipped")
        yield Bad(f"posts/gzip-{turn}.md", gzip.compress(zeros * 9), "skipped")
        yield Bad(f"pages/gzip-{turn}.html", gzip.compress(zeros), "skipped")


FAMILIES: tuple[Family, ...] = (nested_matter, bombs, broken_matter, odd_values, encodings, lists,
                                lines, feeds, packed)  # fmt: skip
COSTLY: tuple[Family, ...] = (long_texts, slow_texts)
