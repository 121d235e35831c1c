"""What older arrays give to the new ones: what stayed is renumbered, and not worked out again.

words   apple apples zebra              apples: as before, its term has another number now
new     apple apples lion zebra         lion:   stands in a work that changed, so it is stemmed

All that is taken over either depends on a word alone, or is a guess that is tried before it is
believed: so the arrays are the same to the byte, whatever was known.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from searchapp.engine.changing import GONE, find_rows, put_between, without
from searchapp.engine.keywords import guess_weights
from searchapp.engine.leads import Known
from searchapp.engine.lexicon import Lexicon
from searchapp.engine.merged import Merged, merge_again
from searchapp.engine.postings import WORD, FieldPostings
from searchapp.engine.spoken import Spoken
from searchapp.fields import TEXT_FIELDS

Array = npt.NDArray[np.generic]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

UNKNOWN = np.uint32(0xFFFFFFFF)
_FIELDS = (*(field.name for field in TEXT_FIELDS), WORD)


@dataclass(frozen=True)
class Earlier:
    """The last generation's arrays, with the rows that its works have now, GONE for some.

    `touched` are the words and terms of all works that changed, came or went; `headings_stay`
    where works stand in the same rows, and no title, date or place is another.
    """

    arrays: Mapping[str, Array]
    new_rows: Ints
    rows: int
    touched: Collection[str]
    headings_stay: bool = False

    @classmethod
    def of(
        cls,
        arrays: Mapping[str, Array],
        new_rows: Ints,
        rows: int,
        old: Mapping[str, FieldPostings],
        new: Mapping[str, FieldPostings],
        *,
        headings_stay: bool = False,
    ) -> "Earlier":
        """Compare the tables of two generations by the works that are not in both."""
        came = np.ones(rows, np.bool_)
        came[new_rows[new_rows != GONE]] = False
        touched: set[str] = set()
        for name in _FIELDS:
            touched.update(_texts_of(old[name], new_rows == GONE))
            touched.update(_texts_of(new[name], came))
        return cls(arrays, new_rows, rows, touched, headings_stay)

    def merge_again(self, tables: Sequence[FieldPostings]) -> Merged | None:
        """Return the merged postings of the text fields, None where works have other rows now."""
        stays = self.new_rows != GONE
        if len(stays) != self.rows or not np.array_equal(self.new_rows[stays], stays.nonzero()[0]):
            return None
        touched = sorted(self.touched)
        stand = {text for text in touched if any(_has(table.terms, text) for table in tables)}
        gone = [
            bisect_left(self.terms, t) for t in touched if t not in stand and _has(self.terms, t)
        ]
        came = [text for text in touched if text in stand and not _has(self.terms, text)]
        left = without(self.terms, gone)
        places = [bisect_left(left, text) for text in came]
        terms = put_between(left, places, came)
        numbers = [place + n for n, place in enumerate(places)]
        return merge_again(self.arrays, terms, gone, numbers, ~stays, tables)

    @cached_property
    def terms(self) -> list[str]:
        """The terms of then."""
        return list(Lexicon.of(self.arrays, "terms"))

    def title_keys(self) -> npt.NDArray[np.uint64]:
        """Return the keys of titles by row; 0 of works that are not known."""
        keys: npt.NDArray[np.uint64] = self._by_row("works.title_keys")
        return keys

    def weights(self) -> npt.NDArray[np.float32]:
        """Return a guess for the least weight among each work's keywords; 0 is the worst."""
        weights = np.zeros(self.rows, np.float32)
        stays = self.new_rows != GONE
        weights[self.new_rows[stays]] = guess_weights(self.arrays)[stays]
        return weights

    def leads(self, words: Sequence[str], terms: Sequence[str], spoken: Spoken) -> Known:
        """Return the terms of words that lead where they led.

        A word is none of these that is in a work that changed, or in one of several languages: its
        stem in one of them may be no term of that work, and become a term by another.
        """
        known = Lexicon.of(self.arrays, "words")
        old_words, new_words = self._match(known.find, len(known), words)
        old_terms, new_terms = self._match(partial(_find, self.terms), len(self.terms), terms)
        number = np.full(len(self.terms), UNKNOWN)
        number[old_terms] = new_terms
        sure = spoken.plain.copy()
        sure[[n for text in self.touched if (n := _find(words, text)) is not None]] = False
        bounds = np.asarray(self.arrays["words.term_bounds"], np.int64)
        counts = np.diff(bounds)
        led = number[np.asarray(self.arrays["words.terms"])]
        stays = np.zeros(len(counts), np.bool_)
        stays[old_words] = sure[new_words] & (counts[old_words] > 0)
        stays[np.searchsorted(bounds, (led == UNKNOWN).nonzero()[0], side="right") - 1] = False
        kept = np.repeat(stays, counts)
        which = np.zeros(len(words), np.bool_)
        which[new_words] = stays[old_words]
        shared = np.asarray(self.arrays["words.shared"], np.uint8)
        return Known(which, counts[stays], led[kept], shared[kept])

    def _by_row(self, name: str) -> npt.NDArray[np.uint64]:
        older = np.asarray(self.arrays[name], np.uint64)
        stays = self.new_rows != GONE
        taken = np.zeros(self.rows, np.uint64)
        taken[self.new_rows[stays]] = older[stays]
        return taken

    def _match(
        self, find: Callable[[str], int | None], many: int, new: Sequence[str]
    ) -> tuple[Ints, Ints]:
        """Return the numbers, old and new, of all texts that are in both lexicons.

        `find` looks a text up in the old one, which has so many.
        """
        places = [(find(text), _find(new, text)) for text in self.touched]
        gone = [at for at, now in places if at is not None and now is None]
        came = [now for at, now in places if at is None and now is not None]
        return np.delete(np.arange(many), gone), np.delete(np.arange(len(new)), came)


def _texts_of(table: FieldPostings, rows: Bools) -> list[str]:
    """Return the texts that any of some rows has."""
    if not rows.any():
        return []
    return [table.terms[n] for n in np.unique(table.term[find_rows(table.row, rows)]).tolist()]


def _has(texts: Sequence[str], text: str) -> bool:
    return _find(texts, text) is not None


def _find(texts: Sequence[str], text: str) -> int | None:
    at = bisect_left(texts, text)
    return at if at < len(texts) and texts[at] == text else None
