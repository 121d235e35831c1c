"""Postings to arrays: the immutable read view that answers every query.

    terms      |apple|appli|beta|...          sorted, one blob of UTF-8 and its bounds
    postings   |rows of apple|rows of appli|  term by term, with a score part for each
    words      |apple|apples|application|...  words as written; each leads to its terms,
                                              so a prefix is a slice of words and nearly
                                              always one contiguous slice of postings
    facets     |values of work 0|of work 1|   codes, counted by one bincount

Ranking is BM25F (Robertson, Zaragoza and Taylor, CIKM 2004) with k1 and the fields'
weights and b from the registry. What depends on term and work alone, the saturated
frequency, is laid down here; the term's rarity is a factor at query time, so that a
prefix can count as one term.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.engine.leads import lead_to_terms
from searchapp.engine.postings import WORD, FieldPostings, Postings, UInts
from searchapp.fields import FACETS, TEXT_FIELDS
from searchapp.slugs import fold

K1 = 1.2  # Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009

Array = npt.NDArray[np.generic]
Arrays = dict[str, Array]


def lay_out(postings: Postings) -> Arrays:
    """Return all arrays of a generation by name; the same postings give the same bytes.

    Shapes, with N works, T terms, P postings, W words and, per facet, V values:
    `terms.bounds` (T+1), `postings.bounds` (T+1), `postings.rows` (P),
    `postings.scores` (P, float32), `postings.fields` (P, bits by text field),
    `words.bounds` (W+1), `words.works` (W), `words.term_bounds` (W+1), `words.terms`,
    `works.ids` (N, uint64), `works.days` (N, int32, 0 undated), `works.titles` (N, rank),
    `works.places` (N), `<facet>.codes` and `<facet>.rows` (one entry a pair of work and value),
    `<facet>.members` and `<facet>.member_bounds` (V+1; the same pairs by value). Texts are a
    blob `<name>.utf8` and its bounds: `terms`, `words`, `languages`, `<facet>.values`.
    """
    rows = len(postings.headings)
    terms, parts = _lay_out_terms(postings, rows)
    arrays = _blob("terms", terms) | parts
    arrays |= _lay_out_words(postings, terms)
    arrays |= _lay_out_works(postings) | _blob("languages", postings.languages)
    for facet in FACETS:
        arrays |= _lay_out_facet(facet.name, postings.fields[facet.name], rows)
    return arrays


def _lay_out_terms(postings: Postings, rows: int) -> tuple[list[str], Arrays]:
    tables = [postings.fields[field.name] for field in TEXT_FIELDS]
    terms = sorted(set().union(*(table.terms for table in tables)))
    number = {text: i for i, text in enumerate(terms)}
    keys: list[npt.NDArray[np.uint64]] = []
    amounts: list[npt.NDArray[np.float64]] = []
    bits: list[npt.NDArray[np.uint8]] = []
    for i, (field, table) in enumerate(zip(TEXT_FIELDS, tables, strict=True)):
        if not len(table.term):
            continue
        to_all = np.fromiter((number[t] for t in table.terms), np.uint64, len(table.terms))
        keys.append(to_all[table.term] * np.uint64(rows) + table.row)
        amounts.append(_normalised(table, rows, field.weight, field.b))
        bits.append(np.full(len(table.term), 1 << i, np.uint8))
    return terms, _merge_fields(keys, amounts, bits, len(terms), rows)


def _normalised(
    table: FieldPostings, rows: int, weight: float, b: float
) -> npt.NDArray[np.float64]:
    """Return each posting's weighted frequency, by the length of its field (BM25F)."""
    lengths = np.bincount(table.row, table.frequency, rows)
    average = lengths.sum() / max(1, np.count_nonzero(lengths))
    norm = 1 - b + b * lengths[table.row] / average
    amounts: npt.NDArray[np.float64] = weight * table.frequency / norm
    return amounts


def _merge_fields(
    keys: list[npt.NDArray[np.uint64]],
    amounts: list[npt.NDArray[np.float64]],
    bits: list[npt.NDArray[np.uint8]],
    terms: int,
    rows: int,
) -> Arrays:
    """Add up the fields' postings of the same term and work, and saturate the sum."""
    key = np.concatenate(keys) if keys else np.empty(0, np.uint64)
    amount = np.concatenate(amounts) if amounts else np.empty(0)
    bit = np.concatenate(bits) if bits else np.empty(0, np.uint8)
    for parts in (keys, amounts, bits):
        parts.clear()  # or they would be there twice, at the very peak of a build's memory
    order = np.argsort(key, kind="stable")
    key, amount, bit = key[order], amount[order], bit[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else order
    key = key[first]
    total = np.add.reduceat(amount, first) if len(first) else amount
    fields = np.bitwise_or.reduceat(bit, first) if len(first) else bit
    scores = total * (K1 + 1) / (K1 + total)
    bounds = np.searchsorted(key, np.arange(terms + 1, dtype=np.uint64) * np.uint64(max(rows, 1)))
    return {
        "postings.bounds": bounds.astype(np.uint32),
        "postings.rows": (key % np.uint64(max(rows, 1))).astype(_smallest(rows)),
        "postings.scores": scores.astype(np.float32),
        "postings.fields": fields,
    }


def _lay_out_words(postings: Postings, terms: list[str]) -> Arrays:
    table = postings.fields[WORD]
    bounds, led = lead_to_terms(table.terms, terms, postings.languages)
    return _blob("words", table.terms) | {
        "words.works": np.bincount(table.term, minlength=len(table.terms)).astype(np.uint32),
        "words.term_bounds": bounds,
        "words.terms": led,
    }


def _lay_out_works(postings: Postings) -> Arrays:
    headings = postings.headings
    titles = sorted(range(len(headings)), key=lambda row: (fold(headings[row].title), row))
    rank = np.empty(len(headings), np.uint32)
    rank[titles] = np.arange(len(headings), dtype=np.uint32)
    days = [h.date.toordinal() if h.date else 0 for h in headings]
    return {
        "works.ids": np.array([int(h.id, 16) for h in headings], np.uint64),
        "works.days": np.array(days, np.int32),
        "works.titles": rank,
        "works.places": np.array([h.places for h in headings], np.uint32),
    }


def _lay_out_facet(name: str, table: FieldPostings, rows: int) -> Arrays:
    """Lay a facet out by work, to be counted, and by value, to filter by it."""
    by_row = np.lexsort((table.term, table.row))
    bounds = np.searchsorted(table.term, np.arange(len(table.terms) + 1))
    return _blob(f"{name}.values", table.terms) | {
        f"{name}.rows": table.row[by_row].astype(_smallest(rows)),
        f"{name}.codes": table.term[by_row].astype(_smallest(len(table.terms))),
        f"{name}.members": table.row.astype(_smallest(rows)),
        f"{name}.member_bounds": bounds.astype(np.uint32),
    }


def _blob(name: str, texts: list[str]) -> Arrays:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    bounds = np.cumsum([0, *(len(text) for text in encoded)])
    return {
        f"{name}.utf8": np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}.bounds": bounds.astype(np.uint32),
    }


def _smallest(limit: int) -> type[np.uint8 | np.uint16 | np.uint32]:
    """Return the smallest unsigned type that holds numbers below `limit`."""
    if limit <= 1 << 8:
        return np.uint8
    return np.uint16 if limit <= 1 << 16 else np.uint32


def save(arrays: Mapping[str, Array], folder: Path) -> None:
    """Write each array to `folder` as its own `.npy` file."""
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)


def load(folder: Path) -> Arrays:
    """Map all arrays of `folder` into memory, read-only; pickles are refused."""
    return {
        path.name.removesuffix(".npy"): np.load(path, mmap_mode="r", allow_pickle=False)
        for path in sorted(folder.glob("*.npy"))
    }


@dataclass(frozen=True)
class Lexicon:
    """Sorted texts in one blob: bisected in place, never read as a whole."""

    utf8: bytes | memoryview
    bounds: UInts

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> "Lexicon":
        """Return the lexicon called `name` of some arrays."""
        return cls(arrays[f"{name}.utf8"].data, np.asarray(arrays[f"{name}.bounds"], np.uint32))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> str:
        start, end = int(self.bounds[number]), int(self.bounds[number + 1])
        return bytes(self.utf8[start:end]).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def find(self, text: str) -> int | None:
        """Return the number of `text`, or None where it is not in the lexicon."""
        at = self._position(text.encode("utf-8", "surrogatepass"))
        return at if at < len(self) and self[at] == text else None

    def prefix(self, start: str) -> range:
        """Return the numbers of all texts that begin with `start`."""
        encoded = start.encode("utf-8", "surrogatepass")
        # No UTF-8 text has the byte 0xFF, so it sorts behind all continuations.
        return range(self._position(encoded), self._position(encoded + b"\xff"))

    def _position(self, encoded: bytes) -> int:
        low, high = 0, len(self)
        utf8, bounds = self.utf8, self.bounds
        while low < high:
            middle = (low + high) // 2
            if bytes(utf8[int(bounds[middle]) : int(bounds[middle + 1])]) < encoded:
                low = middle + 1
            else:
                high = middle
        return low
