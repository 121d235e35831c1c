"""Places labels on the map: tags that go together near each other, no two labels crossing.

weights --wanted distances--> stress is lowered --> points --labels pushed apart--> centres

Stress majorisation (Gansner, Koren and North, "Graph drawing by stress majorization", 2004)
fills the sheet evenly, which suits labels; springs bunch them up.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]

STEPS = 200  # of lowering stress; the picture no longer changes to the eye after about 120
LEANING = 120  # pushes during which labels still lean to where they belong
PUSHES = 1_500  # at most; the labels of most maps lie apart after some 200
LOOKING = 5  # pushes between two looks at which labels are close
NEARBY = 40.0  # units, further than a label is pushed in that time
GAP = (8.0, 4.0)  # units left free between two labels, sideways and up and down
FILL = 0.8  # of the sheet that labels would take before they are pushed apart
BORDER = 14.0  # units more between labels of different groups: the water between islands

# Wanted distances: beside each other in some piece or not, in one group or not.
TOGETHER, BESIDE, ALIKE, APART = 0.6, 1.6, 1.0, 2.2


def place_labels(weights: Matrix, groups: Groups, sizes: Matrix, shape: float) -> Matrix:
    """Return the centre of each label; `sizes` are the labels' widths and heights.

    `shape` is how many times wider than high the whole should be. The same tags give the
    same map on every machine of one kind: nothing here is drawn by lot.
    """
    if len(weights) < 2:
        return np.zeros((len(weights), 2))
    points = _lower_stress(_wanted(weights, groups))
    points = _turn(points) * np.array([shape, 1.0])
    return _push_apart(points * _scale(points, sizes), groups, sizes)


def _wanted(weights: Matrix, groups: Groups) -> Matrix:
    linked = weights > 0
    same = (groups[:, None] == groups[None, :]) & (groups >= 0)[:, None]
    near = np.where(same, TOGETHER, BESIDE)
    wanted = np.where(linked, near, np.where(same, ALIKE, APART))
    np.fill_diagonal(wanted, 0.0)
    return wanted


def _lower_stress(wanted: Matrix) -> Matrix:
    """Return points whose distances are as near as may be to those wanted."""
    points = _scale_classically(wanted)
    count = len(wanted)
    for _ in range(STEPS):
        distances = _distances(points)
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = np.where(distances > 1e-9, wanted / distances, 0.0)
        towards = -pull
        np.fill_diagonal(towards, pull.sum(axis=1))
        moved: Matrix = towards @ points
        points = moved / count
    return points


def _scale_classically(wanted: Matrix) -> Matrix:
    """Return a start for the search: Torgerson's scaling, with a fixed way for each axis."""
    count = len(wanted)
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-centring @ wanted**2 @ centring / 2)
    points = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-9))
    far = points[np.argmax(np.abs(points), axis=0), [0, 1]]
    # Tags that nothing tells apart would lie on one point, from which nothing moves them.
    spread = np.arange(count)
    spiral = np.column_stack((np.cos(2.4 * spread), np.sin(2.4 * spread)))
    start: Matrix = points * np.where(far < 0, -1, 1)
    return start + 1e-3 * spiral * np.sqrt(spread + 1)[:, None]


def _distances(points: Matrix) -> Matrix:
    apart = points[:, None] - points[None, :]
    distances: Matrix = np.hypot(apart[..., 0], apart[..., 1])
    return distances


def _turn(points: Matrix) -> Matrix:
    """Turn points so that they spread most from left to right, each axis to the same length."""
    centred = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1]
    axes = axes * np.where(axes[np.argmax(np.abs(axes), axis=0), [0, 1]] < 0, -1, 1)
    turned = centred @ axes
    spread = turned.std(axis=0)
    spread = np.maximum(spread, max(0.25 * spread.max(), 1e-9))  # two tags make a line
    even: Matrix = turned / spread * spread.mean()
    return even


def _scale(points: Matrix, sizes: Matrix) -> float:
    """Return the factor at which the labels take about half of the sheet."""
    area = ((sizes + GAP).prod(axis=1)).sum()
    sides = np.ptp(points, axis=0)
    extent = np.maximum(sides, max(0.25 * sides.max(), 1e-9)).prod()
    return float(np.sqrt(area / FILL / extent))


def _push_apart(points: Matrix, groups: Groups, sizes: Matrix) -> Matrix:
    """Move labels away from those they touch, along the shorter way, until none touches.

    Each also leans a little to where it belongs, ever less, so that order survives. Only
    labels that are close are looked at, and which these are is asked again now and then.
    """
    home, points = points, points.copy()
    pairs = _Pairs(groups, sizes)
    for step in range(PUSHES):
        if step % LOOKING == 0:
            close = pairs.list_close(points)
            if step > LEANING and not pairs.are_crowded(points, close):
                break
        points += 0.4 * pairs.push(points, close)
        points += max(0.0, 0.04 * (1 - step / LEANING)) * (home - points)
    while pairs.are_crowded(points, pairs.list_close(points)):  # a larger sheet holds any crowd
        points = points * 1.05
    return points


class _Pairs:
    """All pairs of labels, and how far apart the centres of each two have to be."""

    def __init__(self, groups: Groups, sizes: Matrix) -> None:
        self._one, self._other = np.triu_indices(len(sizes), 1)
        self._count = len(sizes)
        self._least = (sizes[self._one] + sizes[self._other]) / 2
        self._needed = self._least + GAP
        self._needed[groups[self._one] != groups[self._other]] += BORDER

    def list_close(self, points: Matrix) -> Groups:
        """Return the numbers of the pairs that touch, or may before they are listed again."""
        apart = np.abs(points[self._one] - points[self._other])
        return np.flatnonzero(np.all(apart < self._needed + NEARBY, axis=1))

    def are_crowded(self, points: Matrix, close: Groups) -> bool:
        """Whether some two have lost most of their gap.

        Labels in a crowd share out their gaps for ever; it is enough that each has some.
        """
        apart = np.abs(points[self._one[close]] - points[self._other[close]])
        enough = 0.4 * self._needed[close] + 0.6 * self._least[close]
        return bool(np.all(apart < enough, axis=1).any())

    def push(self, points: Matrix, close: Groups) -> Matrix:
        """Return which way each label is pushed by those that it touches."""
        one, other = self._one[close], self._other[close]
        apart = points[one] - points[other]
        lacking = self._needed[close] - np.abs(apart)
        touches = np.all(lacking > 0, axis=1)
        sideways = lacking[:, 0] < lacking[:, 1]
        force = np.where(np.column_stack((sideways, ~sideways)), lacking + 0.01, 0.0)
        force *= np.where(apart < 0, -1.0, 1.0) * touches[:, None]
        pushed = [
            np.bincount(one, force[:, axis], self._count)
            - np.bincount(other, force[:, axis], self._count)
            for axis in (0, 1)
        ]
        return np.column_stack(pushed)
