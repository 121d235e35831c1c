"""Draws the regions of the map as countries: around their labels, up to where another begins.

labels --nearness on a grid--> whose is each point --borders traced--> closed lines

Each label spreads a nearness that falls with the distance from its box. A point belongs to the
region that is nearest to it there, if any is near enough; so neighbours share a border.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]
Point = tuple[float, float]

STEP = 9.0  # between the points of the grid; a finer one shows no more
REACH = 26.0  # in which nearness falls to a third
SHORE = 0.5  # nearness at which land ends: 18 units from a lone label, more between several


def draw_coasts(centres: Matrix, sizes: Matrix, groups: Groups, extent: Matrix) -> list[str]:
    """Return for each group its outline, as the `d` of an SVG path.

    `extent` is the sheet's width and height; labels stand well within it.
    """
    across = np.arange(-STEP, extent[0] + 2 * STEP, STEP)
    down = np.arange(-STEP, extent[1] + 2 * STEP, STEP)
    near = np.stack(
        [
            _spread(centres[groups == group], sizes[groups == group], across, down)
            for group in range(int(groups.max()) + 1)
        ]
    )
    paths = []
    for group in range(len(near)):
        others = np.delete(near, group, axis=0)
        rival = np.maximum(others.max(axis=0, initial=0.0), SHORE)
        paths.append("".join(_curve(line) for line in _trace(near[group] - rival, across, down)))
    return paths


def _spread(centres: Matrix, sizes: Matrix, across: Matrix, down: Matrix) -> Matrix:
    """Return how near each point of the grid is to the labels together."""
    near = np.zeros((len(down), len(across)))
    for (x, y), (width, height) in zip(centres, sizes, strict=True):
        aside = np.maximum(np.abs(across - x) - width / 2, 0)
        above = np.maximum(np.abs(down - y) - height / 2, 0)
        near += np.exp(-np.hypot(aside[None, :], above[:, None]) / REACH)
    return near


def _trace(field: Matrix, across: Matrix, down: Matrix) -> list[list[Point]]:
    """Return the closed lines along which `field` is zero, by marching through its squares."""
    after = dict(_list_edges(field))
    lines = []
    while after:
        start = here = next(iter(after))
        line = []
        while here in after:
            line.append(_cross(field, across, down, here))
            here = after.pop(here)
            if here == start:
                break
        lines.append(line)
    return lines


# An edge of the grid: the point it begins at, by row and column, and whether it goes down.
Edge = tuple[int, int, bool]


def _list_edges(field: Matrix) -> list[tuple[Edge, Edge]]:
    """Return where the line enters and leaves each square, land always on its right."""
    land = field > 0
    kinds = land[:-1, :-1] * 8 + land[:-1, 1:] * 4 + land[1:, 1:] * 2 + land[1:, :-1] * 1
    pairs = []
    for row, column in np.argwhere((kinds > 0) & (kinds < 15)):
        i, j = int(row), int(column)
        edges = {
            "top": (i, j, False), "bottom": (i + 1, j, False),
            "left": (i, j, True), "right": (i, j + 1, True),
        }  # fmt: skip
        pairs += [(edges[a], edges[b]) for a, b in _WAYS[int(kinds[i, j])]]
    return pairs


# By which corners are land (top left 8, top right 4, bottom right 2, bottom left 1).
_WAYS: dict[int, list[tuple[str, str]]] = {
    1: [("left", "bottom")], 2: [("bottom", "right")], 3: [("left", "right")],
    4: [("right", "top")], 5: [("left", "top"), ("right", "bottom")], 6: [("bottom", "top")],
    7: [("left", "top")], 8: [("top", "left")], 9: [("top", "bottom")],
    10: [("top", "right"), ("bottom", "left")], 11: [("top", "right")], 12: [("right", "left")],
    13: [("right", "bottom")], 14: [("bottom", "left")],
}  # fmt: skip


def _cross(field: Matrix, across: Matrix, down: Matrix, edge: Edge) -> Point:
    """Return where between its two ends an edge is crossed."""
    i, j, goes_down = edge
    one = field[i, j]
    other = field[i + 1, j] if goes_down else field[i, j + 1]
    share = one / (one - other)
    x, y = across[j], down[i]
    return (x, y + share * STEP) if goes_down else (x + share * STEP, y)


def _curve(line: list[Point]) -> str:
    """Return a closed line as a path that bends from the middle of each stretch to the next."""
    middles = [
        ((x1 + x2) / 2, (y1 + y2) / 2)
        for (x1, y1), (x2, y2) in zip(line, [*line[1:], line[0]], strict=True)
    ]
    begin = middles[-1]
    bends = (
        f"Q{x:.0f} {y:.0f} {mx:.0f} {my:.0f}"
        for (x, y), (mx, my) in zip(line, middles, strict=True)
    )
    return f"M{begin[0]:.0f} {begin[1]:.0f}{''.join(bends)}Z"
