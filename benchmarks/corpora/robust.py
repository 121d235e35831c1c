"""Files that were made to break parsers, built as content: all are accounted for."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.corpora.rows import Row
from searchapp.build import gather
from searchapp.sources import Reading

# What libyaml takes although the standard does not: "value"# comment, ># comment, an empty block
# with more spaces than it should have, a tab for indentation. All are read as they were meant.
# BS4K is two words and a comment: prose after a rule, which is the text of its post.
_LAX = ("SU5Z-0", "X4QW-0", "S98Z-0", "DK95-1", "BS4K-0")
LAX = frozenset(f"posts/{case}.md" for case in _LAX)

SLOW = 60.0  # seconds for a folder of hundreds of small files


def report(root: Path, scratch: Path) -> Iterator[Row]:
    """Yield, for each collection, what came of its files."""
    robust = root / "robust"
    yield _yaml(robust / "yaml-test-suite/src", scratch / "yaml")
    yield _commonmark(robust / "commonmark/spec.txt", scratch / "commonmark")
    yield _strings(robust / "blns/blns.json", scratch / "strings")
    yield _folder("eleventy: front matter in odd places", "markdown", robust / "eleventy/test",
                  scratch / "eleventy")  # fmt: skip
    yield _folder("feedparser: as a folder of feeds", "feed", robust / "feedparser/tests",
                  scratch / "feeds")  # fmt: skip
    yield _folder("feedparser: as a folder of pages", "html", robust / "feedparser/tests",
                  scratch / "pages", endings=(".xml", ".html"))  # fmt: skip


def _read(content: Path, kind: str, path: str) -> tuple[Reading, float]:
    content.mkdir(parents=True, exist_ok=True)
    source = f'[[source]]\nname = "robust"\nkind = "{kind}"\npath = "{path}"\n'
    (content / "sources.toml").write_text(source, encoding="utf-8")
    begun = time.perf_counter()
    (reading,) = gather(content).readings
    return reading, time.perf_counter() - begun


def _row(name: str, reading: Reading, seconds: float, files: int, wrong: list[str]) -> Row:
    told = {f.path for f in (*reading.skipped, *reading.held_back, *reading.warnings)}
    told |= {document.path for document in reading.documents}
    adds_up = reading.seen == sum(map(len, (reading.documents, reading.skipped, reading.held_back)))
    failed = [f"{f.path}: {f.reason}" for f in reading.skipped if "searchapp failed" in f.reason]
    figure = (
        f"{files} files: {len(reading.documents)} documents, {len(reading.skipped)} skipped, "
        f"{len(reading.held_back)} held back"
    )
    lost = [] if len(told) >= files else [f"{files - len(told)} files left no trace"]
    is_met = adds_up and seconds < SLOW and not (failed or wrong or lost)
    return Row(name, figure, is_met, (*failed, *wrong, *lost))


def _yaml(folder: Path, content: Path) -> Row:
    """Each case as the front matter of a post; what is invalid must be reported."""
    posts = content / "posts"
    posts.mkdir(parents=True)
    invalid = set()
    for path in sorted(folder.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            name = f"{path.stem}-{number}.md"
            matter = _unescape(case.get("yaml", ""))
            (posts / name).write_text(f"---\n{matter}\n---\nText.\n", encoding="utf-8")
            if case.get("fail") and not re.search(r"^(---|\.\.\.)", matter, re.MULTILINE):
                invalid.add(f"posts/{name}")
    reading, seconds = _read(content, "markdown", "posts")
    files = len(list(posts.iterdir()))
    told = {finding.path for finding in (*reading.skipped, *reading.warnings)}
    silent = sorted(invalid - told)
    row = _row("yaml-test-suite: as front matter", reading, seconds, files, [])
    caught = f"; {len(invalid) - len(silent)} of {len(invalid)} invalid reported"
    return Row(row.name, row.figure + caught, row.is_met and set(silent) <= LAX,
               (*row.details, *(f"{name}: taken without a word" for name in silent)))  # fmt: skip


def _unescape(text: str) -> str:
    """Return a case of the suite with its visible signs for spaces, tabs and ends turned back."""
    signs = {"␣": " ", "»": "\t", "↵": "", "∎": "", "←": "\r", "⇔": "\ufeff"}
    return re.sub("—+\t", "\t", text.translate(str.maketrans(signs)))


def _commonmark(spec: Path, content: Path) -> Row:
    posts = content / "posts"
    posts.mkdir(parents=True)
    cases = re.findall(
        r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", spec.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )  # fmt: skip
    for number, case in enumerate(cases):
        (posts / f"{number:03}.md").write_text(case.replace("→", "\t"), encoding="utf-8")
    reading, seconds = _read(content, "markdown", "posts")
    return _row("commonmark: as posts", reading, seconds, len(cases), [])


def _strings(path: Path, content: Path) -> Row:
    """Each string as title, tag, summary, text and address of a line of jsonl."""
    content.mkdir(parents=True)
    strings = json.loads(path.read_text(encoding="utf-8"))
    facts = ("title", "body", "summary", "url", "date", "source", "language", "kind")
    lines = [
        json.dumps({"id": f"n{n}", "tags": [text], **dict.fromkeys(facts, text)})
        for n, text in enumerate(strings)
    ]
    (content / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    reading, seconds = _read(content, "jsonl", "all.jsonl")
    wrong = [] if reading.seen == len(strings) else [f"{reading.seen} of {len(strings)} seen"]
    return _row("blns: as lines of jsonl", reading, seconds, 1, wrong)


def _folder(
    name: str, kind: str, folder: Path, content: Path, endings: tuple[str, ...] = ()
) -> Row:
    """Take the files of a collection as they are, as far as their endings are the kind's."""
    posts = content / "posts"
    posts.mkdir(parents=True)
    wanted = endings or {"markdown": (".md",), "feed": (".xml",)}[kind]
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in wanted]
    for number, path in enumerate(files):
        ending = ".html" if kind == "html" else path.suffix
        (posts / f"{number:04}-{path.stem}{ending}").write_bytes(path.read_bytes())
    reading, seconds = _read(content, kind, "posts")
    return _row(name, reading, seconds, len(files), [])
