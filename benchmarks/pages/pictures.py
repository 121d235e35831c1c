"""`make screenshots`: take README's pictures of the pages as they are now, into docs/.

Each is a page as a visitor sees it first, wide or narrow, in one of the colour schemes.
"""

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages.sites import CONTENT, SCATTERED, serve
from tests.chromium import FLAGS, find_chromium

DOCS = CONTENT.parent / "docs"
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Picture:
    """A page of one of the two sites, and how it is looked at."""

    name: str
    site: Path
    path: str
    size: tuple[int, int] = (1200, 760)
    scheme: str = "light"


PICTURES = (
    Picture("search.png", CONTENT, "/?q=grpo", size=(1200, 690)),
    Picture("places.png", SCATTERED, "/?q=kingfisher"),
    Picture("tag.png", SCATTERED, "/tags/map-making/", scheme="dark"),
    Picture("map.png", CONTENT, "/tags/map/#sheet"),
    Picture("narrow.png", SCATTERED, "/?q=river", size=(390, 780), scheme="dark"),
)


def main() -> int:
    """Take all; return 1 where one is too large."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, ExitStack() as stack:
        homes = {
            site: stack.enter_context(serve(Path(folder) / site.name, site)).home
            for site in dict.fromkeys(picture.site for picture in PICTURES)
        }
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        too_large = [p.name for p in PICTURES if _take(browser, p, homes[p.site]) > MOST_BYTES]
        browser.close()
    if too_large:
        print(f"larger than {MOST_BYTES:,} bytes: {', '.join(too_large)}", file=sys.stderr)
    return int(bool(too_large))


def _take(browser: Browser, picture: Picture, home: str) -> int:
    """Write one picture; returns its bytes."""
    width, height = picture.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page.goto(home + picture.path, wait_until="networkidle")
    path = DOCS / picture.name
    page.screenshot(path=path)
    page.context.close()
    print(f"docs/{picture.name}: {path.stat().st_size:,} bytes")
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
