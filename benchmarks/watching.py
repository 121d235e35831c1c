"""`python -m benchmarks.watching`: from a saved file to the refreshed result in the open page.

A folder of Markdown is served with `serve --watch`; a page of results is open in Chromium. A post
is saved with another title, and the page is watched until it shows that, without being loaded
again. Wall time, as whoever writes has it, and the processor time of all that the server did.
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.figures import Figure, Verdict, describe_run
from benchmarks.posts import make_corpus, read_material
from benchmarks.rebuilding import TRUSTED, write_posts
from tests.chromium import FLAGS, find_chromium

FIGURES = (
    Figure("from a saved file to the refreshed result", 1_000, "<= 1.5 s", 1.5),
    Figure("from a saved file to the refreshed result", 10_000, "<= 3 s", 3.0),
)
TODAY = time.strftime("%Y-%m-%d")  # so that it is the newest post, and stands first
# When the words of a test are painted, by the clock that we have too.
_WATCH = """words => { window.seen = null; const look = () => {
  if (document.getElementById("main").innerText.includes(words)) window.seen = Date.now() / 1000;
  else requestAnimationFrame(look); }; look(); }"""


@dataclass(frozen=True)
class Seen:
    """Seconds until one saved file was seen, those of the processor, and what the build told."""

    wall: float
    processor: float
    told: str


def main() -> None:
    """Measure at each size, and print what came of it."""
    options = _read_options()
    print(f"{describe_run()}\n")
    for posts in options.posts:
        with tempfile.TemporaryDirectory(prefix="watching-") as folder:
            seen = measure(Path(folder), posts, options.rounds)
        for one in seen:
            print(f"  {posts:>6,}  {one.wall:5.2f} s, processor {one.processor:5.2f} s: {one.told}")
        for verdict in judge(posts, seen):
            print(verdict)


def measure(folder: Path, posts: int, rounds: int) -> list[Seen]:
    """Write that many posts, serve them, and save one of them so many times."""
    corpus = make_corpus(read_material(Path("content")), posts, seed=1)
    content, index = folder / "content", folder / "index"
    paths = write_posts(corpus, content)
    command = [sys.executable, "-W", "ignore", "-m", "searchapp", "build"]
    subprocess.run(
        [*command, "--content", str(content), "--index", str(index)],
        check=True, capture_output=True,
    )  # fmt: skip
    time.sleep(TRUSTED)
    with _serve(content, index) as (home, process), _open_page() as page:
        page.goto(f"{home}/?sort=newest")
        _wait_until_built(home, 1)
        return [_save(paths[0], page, home, process, number) for number in range(rounds)]


def judge(posts: int, seen: Sequence[Seen]) -> Iterator[Verdict]:
    """Yield what came of the figures at that size: the median."""
    reached = statistics.median(one.wall for one in seen)
    for figure in FIGURES:
        if figure.posts == posts:
            yield figure.judge(reached, f"{reached:.2f} s")


def _save(path: Path, page: Page, home: str, process: int, number: int) -> Seen:
    """Save a post with another title, and wait until the page shows that."""
    title = f"Quagga {number} {os.getpid()}"
    body = path.read_text().split("---\n", 2)[2]
    before = _spent(process)
    page.evaluate(_WATCH, title)
    begun = time.time()
    path.write_text(f"---\ntitle: {title}\ndate: {TODAY}\n---\n{body}")
    while not (seen := page.evaluate("window.seen")):
        time.sleep(0.05)
    wall = seen - begun
    _wait_until_built(home, number + 2)
    with urlopen(f"{home}/changes") as answer:
        told = json.load(answer)["told"]
    time.sleep(TRUSTED)
    return Seen(wall, _spent(process) - before, told)


def _wait_until_built(home: str, builds: int) -> None:
    for _ in range(6000):
        with urlopen(f"{home}/changes") as answer:
            if json.load(answer)["ended"] >= builds:
                return
        time.sleep(0.1)
    sys.exit("no build ended within ten minutes")


def _spent(process: int) -> float:
    """Return the processor seconds of a process, those below it, and those that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(_spent(int(child)) for child in children)


@contextlib.contextmanager
def _serve(content: Path, index: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-W", "ignore", "-m", "searchapp", "serve", "--watch", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--content", str(content), "--index", str(index)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout
        homes = (re.search(r"http://[\d.]+:\d+", line) for line in server.stdout)
        yield next(home[0] for home in homes if home), server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextlib.contextmanager
def _open_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser.new_page()
        browser.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watching", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
