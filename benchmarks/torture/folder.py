"""Proof "folder": hostile files among good posts cost nobody else anything, and none is lost.

    bad and good files --searchapp build, as a user whom modes bind--> report, index --> compared

Each hostile file has its fate: the report has to tell that and nothing else of it, once. What is
to be read holds words that a search has to find, as has every good post.
"""

import contextlib
import ctypes
import itertools
import json
import os
import random
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.torture import hostile_files, hostile_texts
from benchmarks.torture.actors import Plant, start_build
from benchmarks.torture.hostile_texts import Bad, Family, matter
from benchmarks.torture.proof import Finding, Proof, trials
from searchapp import open_index, sources
from searchapp.engine import Index
from searchapp.engine.generations import current_name
from searchapp.sources.files import relative_to

BAD = 400
GOOD = 1_000
SECONDS = 120
MEMORY = 1_024  # MB
_CAPABILITIES = 0x20080522  # version 3, of 64 capabilities
_PASS_MODES = (1, 2)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
_DROP = 24  # PR_CAPBSET_DROP: nor has them what this process starts
Report = dict[str, Any]  # as a generation has it, report.json

PAUSE = 0.02  # seconds between looks at what the processes hold

KINDS = {"posts": "markdown", "pages": "html", "links": "links", "lists": "list", "feeds": "feed",
         "lines": "jsonl"}  # fmt: skip
TOML = "".join(
    f'[[source]]\nname = "{name}"\nkind = "{kind}"\npath = "{name}"\n'
    for name, kind in KINDS.items()
)


def choose_bad(number: int, families: Sequence[Family], seed: int) -> list[Bad]:
    """Return so many hostile files, of all families in turn."""
    running = [family(random.Random(f"{seed} {family.__name__}")) for family in families]
    taken = (bad for each in itertools.zip_longest(*running) for bad in each if bad)
    return list(itertools.islice(taken, number))


def write_good(content: Path, number: int) -> list[str]:
    """Write good pieces of every kind among the others; return a word of each, its alone."""
    chance = random.Random(1)
    words = [f"goodcanary{n}x" for n in range(number)]
    shared: dict[str, list[str]] = {kind: [] for kind in ("lines", "lists", "feeds", "links")}
    for n, word in enumerate(words):
        text = " ".join(chance.choices(_PLAIN, k=40))
        kind = _TURNS[n % len(_TURNS)]
        if kind == "posts":
            post = matter(f"title: Of {word}\ndate: 2024-01-{n % 28 + 1:02}", text)
            _write(content / f"posts/{'abc'[n % 3]}/good-{n}.md", post)
        elif kind == "pages":
            _write(content / f"pages/good-{n}.html",
                   f"<html><head><title>Of {word}</title></head><body><article><h1>Of {word}</h1>"
                   f"<p>{text}</p></article></body></html>")  # fmt: skip
        else:
            shared[kind].append(_ENTRIES[kind].format(word=word, text=text))
    for kind, entries in shared.items():
        name, before, after = _FILES[kind]
        _write(content / kind / name, f"{before}{''.join(entries)}{after}")
    return words


_TURNS = ("posts",) * 14 + ("pages",) * 2 + ("lines", "lists", "feeds", "links")
_PLAIN = [f"{a}{b}" for a in ("river", "stone", "cloud", "grass", "lamp") for b in "abcdefgh"]
_ENTRIES = {
    "lines": '{{"title": "Of {word}", "body": "{text}"}}\n',
    "lists": "- title: Of {word}\n  url: https://a.example/{word}\n",
    "feeds": "<item><title>Of {word}</title><link>https://b.example/{word}</link>"
             "<description>{text}</description></item>",
    "links": "- [Of {word}](https://c.example/{word})\n",
}  # fmt: skip
_FILES = {
    "lines": ("good.jsonl", "", ""),
    "lists": ("good.yaml", "", ""),
    "feeds": ("good.xml", '<rss version="2.0"><channel><title>Good</title>', "</channel></rss>"),
    "links": ("good.md", "# Links\n\n", ""),
}


def _write(path: Path, held: bytes | str | Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if callable(held):
        held(path)
    else:
        path.write_bytes(held.encode("utf-8", "surrogateescape") if isinstance(held, str) else held)


@dataclass
class Outcome:
    """What a build of the folder came to, and what it took."""

    code: int
    errors: list[str]
    cpu: float
    clock: float
    megabytes: float


def prove_folder(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Build a folder of hostile files among good ones, and compare what came of each."""
    content, index = folder / "content", folder / "index"
    families = hostile_texts.FAMILIES + hostile_files.FAMILIES
    bads = choose_bad(trials(BAD, scale, least=60), families, seed=8)
    if scale >= 0.05:  # seconds each, however few others there are
        bads += choose_bad(99, hostile_texts.COSTLY, seed=8)
    if not _modes_bind(folder):
        bads = [bad for bad in bads if not bad.needs_modes]
    _write(content / "sources.toml", TOML)
    _write(folder / "secret.md", "# Secret\n\nsecretcanary")
    good = write_good(content, trials(GOOD, scale, least=20))
    for bad in bads:
        _write(content / bad.path, bad.held)
    outcome = _build(content, index, bads, plant)
    yield Finding("hostile files among good pieces", ">= 200 among 1,000 at scale 1",
                  f"{len(bads)} among {len(good)}, {len(families) + 2} families",
                  len(bads) >= 200 * min(1, scale))  # fmt: skip
    yield Finding("exit code, as something was skipped", "3",
                  f"{outcome.code} {outcome.errors[-1:] or ''}", outcome.code == 3)  # fmt: skip
    report = json.loads((index / (current_name(index) or "") / "report.json").read_text())
    yield from _compare(open_index(index), report, bads, good, content)
    yield Finding("processor time", f"<= {SECONDS} s",
                  f"{outcome.cpu:.0f} s, {outcome.clock:.0f} s by the clock",
                  outcome.cpu <= SECONDS)  # fmt: skip
    yield Finding("memory of all its processes together", f"<= {MEMORY:,} MB",
                  f"{outcome.megabytes:.0f} MB", outcome.megabytes <= MEMORY)  # fmt: skip


def _compare(
    index: Index, report: Report, bads: Sequence[Bad], good: Sequence[str], content: Path
) -> Iterator[Finding]:
    """Compare what is found and what was reported with what has to be."""
    silent = [word for word in good if not _finds(index, word)]
    yield Finding("good pieces found by a word of theirs", f"{len(good)}",
                  f"{len(good) - len(silent)} {silent[:3] or ''}".strip(), not silent)  # fmt: skip
    words = [word for bad in bads for word in bad.words]
    silent = [word for word in words if not _finds(index, word)]
    yield Finding("words found of hostile files that can be read", f"{len(words)}",
                  f"{len(words) - len(silent)} {silent[:3] or ''}".strip(), not silent)  # fmt: skip
    wrong = _find_wrong(report, bads, content)
    yield Finding("hostile files reported as their fate is, and once", f"{len(bads)}",
                  f"{len(bads) - len(wrong)} {wrong[:5] or ''}".strip(), not wrong)  # fmt: skip
    sums = [
        (each["seen"], each["documents"] + each["skipped"] + each["held_back"])
        for each in report["sources"]
    ]
    yield Finding("entries seen = documents + skipped + held back, for each source", "yes",
                  f"{sums}", all(seen == counted for seen, counted in sums))  # fmt: skip
    costly = sum(bad.fate == "costly" for bad in bads) - sum(
        any(bad.path == finding["path"] for finding in report["skipped"])
        for bad in bads
        if bad.fate == "costly"
    )
    expected = len(good) + len(words) + costly
    yield Finding("documents", f"{expected}", f"{report['documents']}",
                  report["documents"] == expected)  # fmt: skip
    brought = [word for word in ("secretcanary", "root:x:0", "nologin") if _finds(index, word)]
    yield Finding("words of files outside the folder that are found", "0",
                  f"{len(brought)} {brought or ''}".strip(), not brought)  # fmt: skip


def _finds(index: Index, word: str) -> bool:
    return index.search(f'"{word}"', limit=1, snippets=False).total > 0


def _find_wrong(report: Report, bads: Sequence[Bad], content: Path) -> list[str]:
    """Return each hostile file of which something else is reported than its fate, and what."""
    told: dict[str, Counter[str]] = {}
    for fate in ("skipped", "held_back", "warnings"):
        for finding in report[fate]:
            told.setdefault(finding["path"], Counter())[fate] += 1
    expected: dict[str, Counter[str]] = {}
    costly = {bad.path for bad in bads if bad.fate == "costly"}
    names = {"skipped": "skipped", "held back": "held_back", "warned": "warnings"}
    for bad in bads:
        counted = expected.setdefault(relative_to(content / bad.path, content), Counter())
        if bad.fate in names:
            counted[names[bad.fate]] += bad.entries
    return [
        f"{path}: {dict(told.get(path, {}))}, not {dict(counted)}"
        for path, counted in expected.items()
        if told.get(path, Counter()) != counted and path not in costly
    ]


def _build(content: Path, index: Path, bads: Sequence[Bad], plant: Plant | None) -> Outcome:
    """Build the folder in a process of its own, and look what its processes hold meanwhile."""
    changes = [(content / bad.path, bad.after) for bad in bads if bad.after]

    def prepare() -> None:
        with contextlib.suppress(OSError, AttributeError):  # files that need it are left out
            _obey_modes()
        _change_when_listed(changes)
        if plant:
            plant()

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    running = start_build(content, index, plant=prepare)
    ended, peak = threading.Event(), [0.0]
    watching = threading.Thread(target=_watch, args=(running.pid, ended, peak))
    watching.start()
    code = running.end()
    ended.set()
    watching.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome(code, running.errors, cpu, time.monotonic() - started, peak[0])


def _change_when_listed(changes: Sequence[tuple[Path, Callable[[Path], object]]]) -> None:
    """Let files vanish, grow or become others when they are listed and not yet read."""
    listed = sources.Plan.of.__func__  # type: ignore[attr-defined]

    def of(cls: type, *given: object) -> object:
        plan = listed(cls, *given)
        for path, change in changes:
            change(path)
        changes[:] = []  # type: ignore[index]  # files that a second listing finds changed
        return plan

    sources.Plan.of = classmethod(of)  # type: ignore[assignment, method-assign]


def _watch(pid: int, ended: threading.Event, peak: list[float]) -> None:
    """Keep in `peak` the most that the process and its children held at one time, in MB."""
    while not ended.wait(PAUSE):
        peak[0] = max(peak[0], sum(map(_resident, (pid, *_children(pid)))))


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _children(pid: int) -> Iterator[int]:
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _children(child)
    except OSError:
        return


def _obey_modes() -> None:
    """Let modes bind this process and its children, as they bind all but root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: those below 32, above
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    for capability in _PASS_MODES:
        libc.prctl(_DROP, capability, 0, 0, 0)
        for at in range(3):
            sets[at] &= ~(1 << capability)
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def _modes_bind(folder: Path) -> bool:
    """Tell whether a file without a mode is closed to us once we obey."""
    closed = folder / "closed"
    closed.touch(mode=0)
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError, AttributeError):
            _obey_modes()
        os._exit(os.access(closed, os.R_OK))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


PROOF = Proof("folder", prove_folder)
