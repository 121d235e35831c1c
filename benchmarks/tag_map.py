"""`python -m benchmarks.tag_map INDEX`: measure the map of an index as Chromium draws it."""

import argparse
import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from searchapp import open_index
from searchapp.build import gather
from searchapp.tags import draw_map
from tests.chromium import FLAGS, find_chromium
from tests.maps import Measured, measure_map

MOST_RATIO = 0.6
MOST_SECONDS = 10.0


def main() -> int:
    """Measure and print; return 1 where the map is not as promised."""
    options = _read_options()
    if options.content:
        gathered = gather(options.content)
        begun = time.process_time()
        draw_map(gathered.works, gathered.tags)
        seconds = time.process_time() - begun
        print(f"{len(gathered.tags):,} tags, drawn in {seconds:.2f} s (at most {MOST_SECONDS:.0f})")
    with _serving(options.index) as address:
        measured = _measure(address, options)
    print(
        f"{measured.labels} labels, {len(measured.crossing)} pairs of them cross (0);"
        f" linked tags lie {measured.ratio:.3f} as far apart as unlinked ones"
        f" (at most {MOST_RATIO})"
    )
    return int(bool(measured.crossing) or measured.ratio > MOST_RATIO)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tag_map", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--content", type=Path, help="time the drawing of this content's map, too")
    parser.add_argument("--picture", type=Path, help="write a picture of the page here")
    return parser.parse_args()


def _measure(address: str, options: argparse.Namespace) -> Measured:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/tags/map/")
        if options.picture:
            page.screenshot(path=options.picture, full_page=True)
        measured = measure_map(page, open_index(options.index))
        browser.close()
    return measured


@contextlib.contextmanager
def _serving(index: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "searchapp", "serve", "--port", "0", "--index", str(index)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        yield re.findall(r"http://[\d.]+:\d+", server.stdout.readline())[0]
    finally:
        server.terminate()
        server.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(main())
