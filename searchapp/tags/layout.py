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
GAP = (10.0, 7.0)  # units left free between two labels, sideways and up and down
BORDER = 16.0  # units more between labels of different groups: the water between islands

# Wanted distances: beside each other in some piece or not, in one group or not.
TOGETHER, BESIDE, ALIKE, APART = 0.7, 1.1, 1.5, 2.2


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
    spread = np.maximum(turned.std(axis=0), 1e-9)
    even: Matrix = turned / spread * spread.mean()
    return even


def _scale(points: Matrix, sizes: Matrix) -> float:
    """Return the factor at which the labels take about half of the sheet."""
    area = ((sizes + GAP).prod(axis=1)).sum()
    extent = np.maximum(np.ptp(points, axis=0), 1e-9).prod()
    return float(np.sqrt(area / 0.5 / extent))


def _push_apart(points: Matrix, groups: Groups, sizes: Matrix) -> Matrix:
    """Move labels away from those they touch, along the shorter way, until none touches.

    Each also leans a little to where it belongs, ever less, so that order survives.
    """
    home, points = points, points.copy()
    needed = (sizes[:, None] + sizes[None, :]) / 2 + GAP
    needed = needed + np.where(groups[:, None] != groups[None, :], BORDER, 0.0)[..., None]
    # Crowded labels share out their gaps for ever; it is enough that most of each gap is there.
    spare = 0.6 * (needed - (sizes[:, None] + sizes[None, :]) / 2)
    spare[np.diag_indices(len(points))] = np.inf
    order = np.arange(len(points))
    first = np.where(order[:, None] < order[None, :], -1.0, 1.0)
    for step in range(PUSHES):
        apart = points[:, None] - points[None, :]
        lacking = needed - np.abs(apart)
        touches: npt.NDArray[np.bool_] = np.all(lacking > 0, axis=2)
        np.fill_diagonal(touches, False)
        if step > LEANING and not (lacking > spare).all(axis=2).any():
            break
        way = np.where(apart == 0, first[..., None], np.sign(apart))
        sideways = lacking[..., 0] < lacking[..., 1]
        push = np.stack((sideways, ~sideways), axis=2) * way * (lacking + 0.01)
        points += 0.4 * (push * touches[..., None]).sum(axis=1)
        points += max(0.0, 0.04 * (1 - step / LEANING)) * (home - points)
    return points
