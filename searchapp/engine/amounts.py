"""How much terms count in works, field by field, to how much they count in all fields together.

body     cat/0: 1.2   cat/3: 0.8   dog/3: 2.0     of most postings; what others have is
title    cat/3: 4.1   elk/0: 4.1                  added to it, or put between
together cat/0: 1.2   cat/3: 4.9   dog/3: 2.0   elk/0: 4.1
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]


class Amounts(NamedTuple):
    """Postings by sorted keys of term and work: how much each counts, and in which fields."""

    keys: Keys
    amounts: npt.NDArray[np.float64]
    fields: npt.NDArray[np.uint8]


def merge_amounts(fields: Sequence[Amounts]) -> Amounts:
    """Add up what the same term and work have in several fields.

    Most postings are those of one field: to sort all of them anew would take as long as all else.
    """
    most, *others = sorted(fields, key=lambda field: -len(field.keys))
    few = _add_up(others)
    if not len(few.keys):
        return most
    at = np.searchsorted(most.keys, few.keys)
    known = np.zeros(len(at), np.bool_)
    within = at < len(most.keys)
    known[within] = most.keys[at[within]] == few.keys[within]
    most.amounts[at[known]] += few.amounts[known]
    most.fields[at[known]] |= few.fields[known]
    between, new = at[~known], ~known
    return Amounts(
        np.insert(most.keys, between, few.keys[new]),
        np.insert(most.amounts, between, few.amounts[new]),
        np.insert(most.fields, between, few.fields[new]),
    )


def _add_up(fields: Sequence[Amounts]) -> Amounts:
    """Add up postings by sorting them."""
    keys, amounts, bits = (np.concatenate(column) for column in zip(*fields, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, amounts, bits = keys[order], amounts[order], bits[order]
    if not len(keys):
        return Amounts(keys, amounts, bits)
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    together = np.add.reduceat(amounts, first), np.bitwise_or.reduceat(bits, first)
    return Amounts(keys[first], *together)
