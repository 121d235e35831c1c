"""`make pages`: measure the pages in Chromium, print the table, keep it in benchmarks/PAGES.md."""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages import painting, rating
from benchmarks.pages.checking import check_states
from benchmarks.pages.figures import Figure, draw_table
from benchmarks.pages.sites import CONTENT, SCATTERED, Served, build_large, serve
from benchmarks.pages.weighing import weigh_partials, weigh_visits
from tests.chromium import FLAGS, find_chromium

KEPT = Path(__file__).parents[1] / "PAGES.md"
PARTS = ("weight", "paint", "states", "lighthouse")


def main() -> int:
    """Measure, print, keep; return 1 where a figure is not met."""
    options = _read_options()
    with tempfile.TemporaryDirectory(prefix="pages-") as folder, ExitStack() as stack:
        index = options.index or Path(folder) / "large"
        if not (index / "CURRENT").is_file():
            print(f"building {options.posts:,} posts", file=sys.stderr)
            build_large(index, options.posts)
        large = stack.enter_context(serve(index))
        own = stack.enter_context(serve(Path(folder) / "own", CONTENT))
        essays = stack.enter_context(serve(Path(folder) / "essays", SCATTERED))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        conditions = _describe_conditions(browser.version)
        figures = list(_measure(browser, large, own, essays, options))
        browser.close()
    lines = [conditions, "", *draw_table(figures)]
    print(*lines, sep="\n")
    if set(options.only) == set(PARTS):
        KEPT.write_text("\n".join(["# The pages, as `make pages` measured them", "", *lines, ""]))
    return int(not all(figure.is_met for figure in figures))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--index", type=Path, help="keep the index of the posts here, or find it")
    parser.add_argument(
        "--queries", type=int, default=100, help="typed to see when they are painted"
    )
    parser.add_argument("--times", type=int, default=3, help="ratings a page, of which the median")
    parser.add_argument(
        "--only", nargs="+", default=PARTS, choices=PARTS, help="measure this alone"
    )
    return parser.parse_args()


def _measure(
    browser: Browser, large: Served, own: Served, essays: Served, options: argparse.Namespace
) -> Iterator[Figure]:
    questions = painting.make_questions(large, options.queries)
    posts = large.ask("/api/search", limit=1)["total"]  # a kept index has its own number
    pages = {f"{name}, {posts:,} posts": url for name, url in large.pages(questions[0]).items()}
    pages |= own.pages("grpo", piece="attention mechanisms vanilla")
    if "weight" in options.only:
        tags = {"all tags": f"{large.home}/tags/", "map of the tags": f"{large.home}/tags/map/"}
        yield weigh_visits(browser, pages | tags)
        words = [f"/?q={quote(question)}" for question in questions]
        yield weigh_partials(large.home, ["/", *words])
    if "paint" in options.only:
        yield painting.judge(painting.type_questions(browser, large, questions), posts)
    if "states" in options.only:
        yield from check_states(browser, essays.home, own.home)
    if "lighthouse" in options.only:
        yield from rating.rate_pages(pages, options.times)


def _describe_conditions(chromium: str) -> str:
    return (
        f"{time.strftime('%d %B %Y')}: Chromium {chromium}, Lighthouse {rating.version()} (as on a"
        f" phone, its own throttling), Python {platform.python_version()}, {os.cpu_count()} cores"
        f" with a load of {os.getloadavg()[0]:.1f}, `searchapp serve` on loopback."
    )


if __name__ == "__main__":
    sys.exit(main())
