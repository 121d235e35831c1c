"""The innermost loops of an answer: compiled where set-up found a compiler, else by numpy.

plain.py      says what each does, in operations of numpy on whole arrays
compiled.py   does the same by one step of C, bit by bit alike

Only who ranks works or cuts lines asks which of them answers. Both take arrays as a generation
has them: rows are `intp`, masks `bool`, amounts `float32`, scores `float64`, all in one piece.
"""

from searchapp.kernels.types import EACH, LIST, ONE, PLAIN, CutLines, RankWords

try:
    from searchapp.kernels import _compiled, compiled
except ImportError:  # set-up found no compiler, or another version was compiled
    COMPILED = False
else:
    COMPILED = compiled.VERSION > 0

if COMPILED:
    from searchapp.kernels._compiled import (
        commonest,
        end_tuples,
        find_texts,
        name_counted,
        present,
        read_records,
    )
    from searchapp.kernels.compiled import (
        best,
        count_bits,
        count_codes,
        either,
        follow,
        gather,
        having,
        mark,
        presence,
        titled,
    )
else:
    from searchapp.kernels.plain import (
        best,
        commonest,
        count_bits,
        count_codes,
        either,
        end_tuples,
        find_texts,
        follow,
        gather,
        having,
        mark,
        name_counted,
        presence,
        present,
        read_records,
        titled,
    )

# Only by compiled loops is all of an order, or of lines, made in one step.
rank_words: RankWords | None = compiled.rank_words if COMPILED else None
cut_lines: CutLines | None = _compiled.cut_lines if COMPILED else None

__all__ = [
    "COMPILED",
    "EACH",
    "LIST",
    "ONE",
    "PLAIN",
    "best",
    "commonest",
    "count_bits",
    "count_codes",
    "cut_lines",
    "either",
    "end_tuples",
    "find_texts",
    "follow",
    "gather",
    "having",
    "mark",
    "name_counted",
    "presence",
    "present",
    "rank_words",
    "read_records",
    "titled",
]
