"""The map of tags: which are shown, in which groups, and where each label stands.

works, tags --most used--> weights --clusters--> groups --layout--> TagMap, kept in the index

It is drawn when the index is built, so that a page only fills in addresses and colours.
"""

import hashlib
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.documents import MapLabel, Region, Tag, TagMap, Work
from searchapp.tags.clusters import group_tags
from searchapp.tags.coasts import draw_coasts
from searchapp.tags.layout import place_labels
from searchapp.tags.lettering import LINE, size_of, width_of

MOST = 150  # labels; more cannot be read at once
REGIONS = 8  # as many colours as readers tell apart
LONGEST = 32  # characters of a label
MARGIN = 44.0  # of the sheet around the labels
PADDING = (9.0, 5.0)  # of a label, within its outline
SHAPE = 1.35  # times wider than high, as screens are
FEW = 40  # tags; fewer have larger letters

Matrix = npt.NDArray[np.float64]


def draw_map(
    works: Iterable[Work], tags: Sequence[Tag], earlier: TagMap | None = None
) -> TagMap | None:
    """Lay out the map of the most used tags; None where no two tags go together.

    Tags that stand beside no other are left out: they have no place among the others. A map
    drawn `earlier` from the same is returned as it is.
    """
    names, shared = _count_together(works)
    linked = shared.copy()
    np.fill_diagonal(linked, 0)
    kept = np.flatnonzero(linked.any(axis=1))
    if len(kept) < 2:
        return None
    names = [names[i] for i in kept]
    counts, linked = np.diag(shared)[kept], linked[np.ix_(kept, kept)]
    labels = {tag.slug: tag.label for tag in tags}
    shown = [_shorten(labels.get(name, name)) for name in names]
    source = _name_source(names, shown, counts, linked)
    if earlier and earlier.drawn_from == source:
        return earlier
    weights = linked / np.sqrt(np.outer(counts, counts))
    groups = group_tags(weights, REGIONS)
    letters = _choose_sizes(counts)
    sizes = np.array([_measure(text, size) for text, size in zip(shown, letters, strict=True)])
    centres = place_labels(weights, groups, sizes, SHAPE)
    corner = (centres - sizes / 2).min(axis=0) - MARGIN
    extent = (centres + sizes / 2).max(axis=0) + MARGIN - corner
    centres = centres - corner
    drawn = [
        MapLabel(name, text, int(count), *_round(centre), *_round(size), letter)
        for name, text, count, centre, size, letter in zip(
            names, shown, counts, centres, sizes, letters, strict=True
        )
    ]
    coasts = draw_coasts(centres, sizes, groups, extent)
    width, height = (int(side) for side in np.ceil(extent))
    return TagMap(width, height, tuple(_gather(drawn, groups, coasts)), source)


def _name_source(names: Sequence[str], shown: Sequence[str], counts: Matrix, linked: Matrix) -> str:
    """Return a hash of all that the map is drawn from, and of what draws it.

    So a map that is kept is the one that would be drawn anew, by any version of this code.
    """
    stated = repr((_stamp_of_code(), names, shown))
    digest = hashlib.sha256(stated.encode("utf-8", "surrogatepass"))
    digest.update(counts.tobytes())
    digest.update(linked.tobytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def _stamp_of_code() -> str:
    versions = f"{np.__version__} {platform.python_version()} {platform.machine()}"
    digest = hashlib.sha256(versions.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _count_together(works: Iterable[Work]) -> tuple[list[str], Matrix]:
    """Return the most used tags, and for each two of them how many works have both.

    Each tag beside itself has the number of its own works.
    """
    taggings = [work.tags for work in works]
    number = Counter(chain.from_iterable(taggings))
    names = sorted(number, key=lambda tag: (-number[tag], tag))[:MOST]
    place = {name: i for i, name in enumerate(names)}
    size = len(names)
    held = ([place[tag] for tag in tags if tag in place] for tags in taggings)
    pairs = [size * a + b for tags in held for a in tags for b in tags]
    shared = np.bincount(np.array(pairs, np.intp), minlength=size * size)
    return names, shared.reshape(size, size).astype(np.float64)


def _shorten(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def _choose_sizes(counts: Matrix) -> list[float]:
    smallest, largest = (16.0, 30.0) if len(counts) < FEW else (13.5, 28.0)
    least, greatest = int(counts.min()), int(counts.max())
    return [size_of(int(count), least, greatest, smallest, largest) for count in counts]


def _measure(text: str, size: float) -> tuple[float, float]:
    return width_of(text, size) + 2 * PADDING[0], size * LINE + 2 * PADDING[1]


def _round(pair: Matrix) -> tuple[float, float]:
    return round(float(pair[0]), 1), round(float(pair[1]), 1)


def _gather(
    labels: Sequence[MapLabel], groups: npt.NDArray[np.int64], coasts: Sequence[str]
) -> Iterator[Region]:
    """Yield the regions, the largest first, each with its labels, the most used first."""
    for group, coast in enumerate(coasts):
        yield Region(tuple(labels[int(i)] for i in np.flatnonzero(groups == group)), coast)
