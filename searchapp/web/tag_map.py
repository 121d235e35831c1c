"""The map of tags as a page shows it: addresses filled in, regions named in words."""

from dataclasses import dataclass

from searchapp.documents import MapLabel, Region, TagMap
from searchapp.engine import Index
from searchapp.web.links import url_of_tags

NAMED = 3  # tags that name a region


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label: `x` and `y` are the middle of its words, `left` and `top` the corner of its box."""

    label: str
    url: str
    count: int
    x: float
    y: float
    left: float
    top: float
    width: float
    height: float
    size: float


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region: its number gives its colour, its name is what most of its pieces are about."""

    number: int
    name: str
    labels: tuple[LabelView, ...]
    coast: str


@dataclass(frozen=True, slots=True)
class MapView:
    """The sheet and its regions; `left_out` tags are too small for it, or stand alone."""

    width: int
    height: int
    regions: tuple[RegionView, ...]
    shown: int
    left_out: int


def present_map(drawn: TagMap, index: Index) -> MapView:
    """Return the map with the addresses of its tags."""
    regions = tuple(_present_region(n, region) for n, region in enumerate(drawn.regions, 1))
    shown = sum(len(region.labels) for region in regions)
    return MapView(drawn.width, drawn.height, regions, shown, len(index.tags()) - shown)


def _present_region(number: int, region: Region) -> RegionView:
    labels = tuple(map(_present_label, region.labels))
    name = ", ".join(label.label for label in labels[:NAMED])
    return RegionView(number, name, labels, region.coast)


def _present_label(label: MapLabel) -> LabelView:
    return LabelView(
        label=label.label,
        url=url_of_tags([label.tag]),
        count=label.count,
        x=label.x,
        y=round(label.y + 0.35 * label.size, 1),
        left=round(label.x - label.width / 2, 1),
        top=round(label.y - label.height / 2, 1),
        width=label.width,
        height=label.height,
        size=label.size,
    )
