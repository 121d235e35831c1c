"""Measures a map of tags as a browser draws it: labels that cross, and who lies near whom."""

from dataclasses import dataclass
from itertools import combinations
from statistics import median
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page

from searchapp import Index

_BOXES = """[...document.querySelectorAll('.map a')].map(a => {
    const box = a.querySelector('text').getBoundingClientRect();
    return [a.getAttribute('href'), box.left, box.top, box.right, box.bottom];
})"""


@dataclass(frozen=True)
class Measured:
    """What was found: the labels, the pairs whose boxes cross, and median distances."""

    labels: int
    crossing: tuple[tuple[str, str], ...]
    linked: float
    unlinked: float

    @property
    def ratio(self) -> float:
        """How far apart linked tags lie, in parts of the distance of unlinked ones."""
        return self.linked / self.unlinked


def measure_map(page: Page, index: Index) -> Measured:
    """Measure the map that `page` shows; two tags are linked if some piece has both."""
    boxes = {_slug(url): corners for url, *corners in page.evaluate(_BOXES)}
    beside = {slug: _beside(slug, index) for slug in boxes}
    crossing, linked, unlinked = [], [], []
    for (a, one), (b, other) in combinations(boxes.items(), 2):
        if _cross(one, other):
            crossing.append((a, b))
        (linked if b in beside[a] else unlinked).append(_distance(one, other))
    return Measured(len(boxes), tuple(crossing), median(linked), median(unlinked))


def _slug(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])


def _beside(slug: str, index: Index) -> set[str]:
    found = index.search(tag=[slug], limit=1, snippets=False)
    return {value.value for value in found.facets["tag"] if value.count}


def _cross(one: list[float], other: list[float]) -> bool:
    left, top, right, bottom = one
    return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom


def _distance(one: list[float], other: list[float]) -> float:
    across = (one[0] + one[2] - other[0] - other[2]) / 2
    down = (one[1] + one[3] - other[1] - other[3]) / 2
    return float((across**2 + down**2) ** 0.5)
