"""The numbers of BM25F (Robertson, Zaragoza and Taylor, CIKM 2004), each in one place."""

import math

import numpy as np
import numpy.typing as npt

K1 = 2.0  # weighted fields add up, so it is higher than the 1.2 of one field; `make relevance`
HIGHEST = np.float32(K1 + 1)  # saturated frequency

Floats = npt.NDArray[np.float64]
Amounts = npt.NDArray[np.float32]


def saturate(total: Floats) -> Amounts:
    """Return the saturated frequencies of weighted ones; kept in 32 bits."""
    most = total * (K1 + 1)
    most /= total + K1
    return most.astype(np.float32)


def add_up(rows: npt.NDArray[np.generic], scores: Amounts, size: int) -> Floats:
    """Return for each of `size` rows the sum of its scores."""
    return np.asarray(np.bincount(rows, scores, size), np.float64)


def as_one(together: Floats | Amounts) -> Amounts:
    """Return the saturated frequencies of terms that count as one: no more than one can have."""
    return np.minimum(together, HIGHEST).astype(np.float32, copy=False)


def rarity(works: int, of: int) -> float:
    """Return the inverse document frequency of a term that `works` of so many works have."""
    return math.log(1 + (of - works + 0.5) / (works + 0.5))
