"""`searchapp build` again over a folder of Markdown: nothing changed, one post changed.

Each run is a process of its own, as an owner starts it. After each change an index that is open
moves to it, while another thread asks it all the time, in a process that is settled as a server's.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.figures import Figure, Verdict
from benchmarks.peers import Took
from searchapp import Index, open_index
from searchapp.web.serving import settle_process

TRUSTED = 2.1  # seconds until the times of files just written are trusted
QUIET = 0.5  # seconds for which an index is asked before it moves

REBUILT = {
    "unchanged": Figure("build with nothing changed", 10_000, "<= 1 s", 1.0),
    "changed": Figure("build with one post changed", 10_000, "<= 1.5 s", 1.5),
    "visible": Figure("from its end until it is found", 10_000, "<= 1.5 s", 1.5),
    "pause": Figure("the longest answer during the swap", 10_000, "<= 100 ms", 100.0),
}


@dataclass(frozen=True)
class Rebuilt:
    """What builds took, the medians; and the slowest of what came after them, in ms."""

    first: Took
    unchanged: Took
    changed: Took
    visible: float
    pause: float
    quiet: float


def build_again(corpus: Corpus, folder: Path, rounds: int) -> Rebuilt:
    """Build a folder of posts, then again: as it is, and with one post changed each time."""
    content, index = folder / "content", folder / "index"
    posts = write_posts(corpus, content)
    first = _run(content, index)
    time.sleep(TRUSTED)
    _run(content, index)
    unchanged, changed, swaps = [], [], []
    with _settled():
        opened = open_index(index)
        for number in range(rounds):
            unchanged.append(_run(content, index))
            post = posts[number * len(posts) // rounds]
            post.write_text(f"{post.read_text()}\nChanged {number}: quagga{number}.\n")
            changed.append(_run(content, index))
            swaps.append(_swap(opened, f"quagga{number} "))
    slowest = [max(times) for times in zip(*swaps, strict=True)]
    return Rebuilt(first, _median(unchanged), _median(changed), *slowest)


@contextmanager
def _settled() -> Iterator[None]:
    """Let this process be as one that serves: the posts that it holds are none of a server's."""
    before = sys.getswitchinterval()
    settle_process()
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.unfreeze()


def _median(runs: list[Took]) -> Took:
    return Took(
        statistics.median(run.processor for run in runs),
        statistics.median(run.wall for run in runs),
    )


def write_posts(corpus: Corpus, content: Path) -> list[Path]:
    """Write a Markdown file for each post; return them in the order of the posts."""
    paths = []
    for work in corpus.works:
        document = work.canonical
        head = {
            "title": document.title, "date": document.date and document.date.isoformat(),
            "tags": document.tags, "summary": document.summary, "language": document.language,
        }  # fmt: skip
        path = content / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        stated = "".join(f"{name}: {json.dumps(value)}\n" for name, value in head.items() if value)
        path.write_text(f"---\n{stated}---\n\n{document.text}\n", encoding="utf-8")
        paths.append(path)
    return paths


def _run(content: Path, index: Path) -> Took:
    """Run `searchapp build`; return its processor time, children included, and wall time.

    As where it is installed, modules are compiled once, whatever this environment says of that.
    """
    kept = str(index.parent / "compiled")
    compiled = {"PYTHONPYCACHEPREFIX": kept, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-W", "ignore", "-m", "searchapp", "build", "--json"]
    before, begun = os.times(), time.perf_counter()
    subprocess.run(  # our own command
        [*command, "--content", str(content), "--index", str(index)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **compiled},
    )  # fmt: skip
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return Took(spent * 1000, (time.perf_counter() - begun) * 1000)


def _swap(opened: Index, words: str) -> tuple[float, float, float]:
    """Move an open index to the newest generation while another thread asks it all the time.

    Returns, in milliseconds, when its first answer from there came, how long the slowest took
    meanwhile, and how long the slowest took in the half second before.
    """
    slowest, ended = [0.0], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            begun = time.perf_counter()
            opened.search("model ", snippets=False)
            slowest[0] = max(slowest[0], (time.perf_counter() - begun) * 1000)

    asking = threading.Thread(target=ask)
    asking.start()
    ended.wait(QUIET)
    quiet, slowest[0] = slowest[0], 0.0
    begun = time.perf_counter()
    opened.refresh()
    found = opened.search(words).total
    seen = (time.perf_counter() - begun) * 1000
    ended.set()
    asking.join()
    if not found:
        sys.exit(f"{words}: it is not found though it was built")
    return seen, slowest[0], quiet


def judge_rebuilt(rebuilt: Rebuilt, posts: int) -> Iterator[Verdict]:
    """Yield the figures of builds that follow on one."""
    if posts != REBUILT["unchanged"].posts:
        return
    unchanged, changed = rebuilt.unchanged.processor / 1000, rebuilt.changed.processor / 1000
    yield REBUILT["unchanged"].judge(unchanged, f"{unchanged:.2f} s")
    yield REBUILT["changed"].judge(changed, f"{changed:.2f} s")
    yield REBUILT["visible"].judge(rebuilt.visible / 1000, f"{rebuilt.visible / 1000:.2f} s")
    told = f"{rebuilt.pause:.0f} ms ({rebuilt.quiet:.0f} without one)"
    yield REBUILT["pause"].judge(rebuilt.pause, told)
