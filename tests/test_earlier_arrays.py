"""Arrays that take over what stayed: to the byte those that are laid out anew."""

import numpy as np
from builders import a_document, work_of
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.documents import Work
from searchapp.engine.arrays import lay_out
from searchapp.engine.changing import FEW, GONE, put_in, take_out
from searchapp.engine.collecting import collect_postings
from searchapp.engine.earlier import Earlier

# Words whose stems are one, differ by language, or are another's word.
ENGLISH = ("die", "dies", "dying", "real", "really", "re", "kite", "kites", "kiting", "y2k")
OTHERS = ("reais", "nation", "nationaux", "national", "häuser", "haus", "cheval", "chevaux", "x")
WORDS = (*ENGLISH, *OTHERS)

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
documents = st.tuples(texts, texts, st.sampled_from(["en", "fr", "de", ""]))
pieces = st.lists(documents, min_size=1, max_size=2)


def a_piece(row: int, told: list[tuple[str, str, str]]) -> Work:
    return work_of(
        *(
            a_document(id=f"{row}-{n}", title=title, text=text, language=language)
            for n, (title, text, language) in enumerate(told)
        )
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=6), st.dictionaries(st.integers(0, 5), pieces))
def test_arrays_after_edits_are_those_of_a_full_build(
    before: list[list[tuple[str, str, str]]], edits: dict[int, list[tuple[str, str, str]]]
) -> None:
    changed = {row: told for row, told in edits.items() if row < len(before)}
    old = collect_postings([a_piece(row, told) for row, told in enumerate(before)])
    after = [changed.get(row, told) for row, told in enumerate(before)]
    new = collect_postings([a_piece(row, told) for row, told in enumerate(after)])
    rows = np.array([GONE if row in changed else row for row in range(len(before))], np.int64)
    earlier = Earlier.of(lay_out(old), rows, len(after), old.fields, new.fields)

    taken, anew = lay_out(new, earlier), lay_out(new)

    assert taken.keys() == anew.keys()
    for name, values in anew.items():
        assert taken[name].dtype == values.dtype, name
        assert np.array_equal(taken[name], values), name


@given(st.lists(st.integers(0, 9), max_size=8), st.data())
def test_few_values_are_put_in_and_taken_out_as_numpy_does(
    values: list[int], data: st.DataObject
) -> None:
    array, end = np.array(values, np.uint8), len(values)
    into = np.array(sorted(data.draw(st.lists(st.integers(0, end), max_size=4))), np.intp)
    came = np.arange(len(into), dtype=np.uint32)
    gone = np.array(sorted(data.draw(st.sets(st.sampled_from(range(end)))) if end else []), np.intp)

    assert len(into) <= FEW
    assert put_in(array, into, came).tolist() == np.insert(array, into, came).tolist()
    assert take_out(array, gone).tolist() == np.delete(array, gone).tolist()
