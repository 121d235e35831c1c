"""Compiled loops answer as numpy does, bit by bit, and hold every number against its array."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp import kernels
from searchapp.engine.lexicon import lay_out_texts
from searchapp.engine.results import FacetValue, Hit, PlaceHit, SeriesHit
from searchapp.kernels import EACH, LIST, ONE, PLAIN, build_hook, plain

CHECKOUT = Path(__file__).parent.parent
SOURCES = CHECKOUT / "searchapp/kernels/c"
COMPILER = shutil.which((sysconfig.get_config_var("LDSHARED") or "cc").split()[0])
HEADERS = Path(sysconfig.get_paths()["include"], "Python.h").is_file()

only_compiled = pytest.mark.skipif(not kernels.COMPILED, reason="no compiler is at hand")
without_limits = settings(deadline=None, max_examples=60)

SIZE = 70  # works: more than one word of bits
ROWS = st.lists(st.integers(0, SIZE - 1), max_size=SIZE, unique=True).map(sorted)
WIDTHS = st.sampled_from([np.uint8, np.uint16, np.uint32])
MASKS = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).map(np.array)
AMOUNTS = st.sampled_from([0.25, 0.5, 1.0, 1.7, 2.9])  # few, so that many tie


def test_loops_are_compiled_where_a_compiler_is_at_hand() -> None:
    is_tried = sys.version_info < (3, 14)
    assert bool(COMPILER and HEADERS and is_tried) == kernels.COMPILED


def same(one: Any, other: Any) -> bool:
    """Tell whether two answers are alike in every bit, and in their types."""
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and (one == other).all() and one.shape == other.shape)
    if isinstance(one, tuple | list):
        alike = len(one) == len(other) and all(map(same, one, other))
        return bool(alike and type(one) is type(other))
    return bool(type(one) is type(other) and one == other)


def agree(name: str, *arguments: Any) -> Any:
    """Return what a loop answers, which is what numpy answers."""
    answer = getattr(kernels, name)(*arguments)
    assert same(answer, getattr(plain, name)(*arguments)), name
    return answer


@only_compiled
@without_limits
@given(st.lists(ROWS, max_size=4), WIDTHS, st.data())
def test_postings_are_gathered_alike(
    terms: list[list[int]], width: Any, data: st.DataObject
) -> None:
    rows = np.array([row for term in terms for row in term], width)
    scores = np.array([data.draw(AMOUNTS) for _ in rows], np.float32)
    ends = np.cumsum([0, *map(len, terms)]).tolist()
    spans = list(pairwise(ends))

    amounts, mask, works = agree("gather", rows, scores, spans, False, 3.0, SIZE)

    assert works == len({*rows.tolist()}) == np.count_nonzero(mask)
    agree("gather", rows, scores, spans[:1], True, 3.0, SIZE)
    agree("presence", amounts)
    agree("mark", rows, spans, SIZE)
    words = [(spans, 0.5), (spans[1:], 1.25), ([], 2.0)]
    agree("titled", rows, words, SIZE, np.array([0, 3, SIZE - 1]))


@only_compiled
@without_limits
@given(st.lists(MASKS, min_size=1, max_size=3), st.none() | MASKS, st.booleans())
def test_masks_are_joined_alike(masks: list[Any], allowed: Any, many: bool) -> None:
    masks = masks * 40 if many else masks

    mask, rows = agree("having", masks, allowed)

    assert rows.tolist() == mask.nonzero()[0].tolist()
    agree("either", masks, allowed)


@only_compiled
@without_limits
@given(st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=SIZE), st.integers(1, 80))
def test_the_best_are_chosen_alike(scored: list[tuple[float, bool]], count: int) -> None:
    scores = np.array([score for score, _ in scored])

    agree("best", scores, None, count)
    agree("best", scores, np.array([whole for _, whole in scored]), count)


@only_compiled
@without_limits
@given(st.lists(MASKS, min_size=1, max_size=4), MASKS, MASKS)
def test_bits_are_counted_alike(values: list[Any], mask: Any, other: Any) -> None:
    packed = np.zeros((len(values), 16), np.uint8)
    packed[:, :9] = np.packbits(np.array(values), axis=1, bitorder="little")

    counts = agree("count_bits", packed.view(np.uint64), (mask, other))

    assert counts.tolist() == [int((value & mask & other).sum()) for value in values]


@only_compiled
@without_limits
@given(
    st.lists(st.lists(st.integers(0, 9), max_size=5), min_size=1, max_size=20), WIDTHS, st.data()
)
def test_codes_are_counted_alike(works: list[list[int]], width: Any, data: st.DataObject) -> None:
    table = np.array([(*codes[:2], 10, 11)[:2] for codes in works], width)
    more = np.array([code for codes in works for code in codes[2:]], width)
    bounds = np.cumsum([0, *(len(codes[2:]) for codes in works)]).astype(np.uint32)
    rows = np.array(data.draw(st.lists(st.integers(0, len(works) - 1))), np.intp)

    counts = agree("count_codes", table, more, bounds, rows, 10)

    found = [code for row in rows for code in works[row]]
    assert counts.tolist() == [found.count(code) for code in range(10)]


@only_compiled
@without_limits
@given(st.lists(st.integers(0, 4), min_size=1, max_size=90), st.integers(0, 100), st.randoms())
def test_the_commonest_values_are_chosen_alike(counts: list[int], most: int, chance: Any) -> None:
    places = list(range(len(counts)))
    chance.shuffle(places)
    counted = np.array(counts, np.intp)

    found = agree("commonest", counted, np.array(places, np.int32), most)
    agree("present", counted, np.array(places, np.int32))

    names = [(f"v{place}", f"Value {place}") for place in places]
    agree("name_counted", FacetValue, names, found)


@only_compiled
@without_limits
@given(st.lists(st.text("abé日\x00", max_size=4), unique=True), st.text("abé日\x00", max_size=4))
def test_texts_are_looked_up_alike(texts: list[str], wanted: str) -> None:
    arrays = lay_out_texts("texts", sorted(texts))
    lexicon = (arrays["texts.utf8"].data, arrays["texts.bounds"])

    for text in (*texts, wanted):
        agree("find_texts", *lexicon, text.encode(), False)
        agree("find_texts", *lexicon, text.encode(), True)


@only_compiled
@without_limits
@given(
    st.lists(st.lists(st.sampled_from(["fine", "fin", "tuning"])), min_size=1), st.integers(-1, 7)
)
def test_neighbours_are_counted_alike(works: list[list[str]], bit: int) -> None:
    words = [f" {' '.join(work)} \n".encode() for work in works]
    bounds = np.cumsum([0, *map(len, words)]).astype(np.uint64)
    order = (b"".join(words), bounds, np.full((len(works), 1), 0b10101, np.uint8))

    agree("follow", order, np.arange(len(works)), b" fine fin", bit)


TEXTS = st.text(st.characters(exclude_categories=()), max_size=9) | st.sampled_from(["moe", "rl"])
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
FIELDS = st.tuples(
    TEXTS | NUMBERS | st.none() | st.booleans(),
    st.lists(TEXTS, max_size=40),
    st.none() | st.tuples(TEXTS, st.none() | st.integers(0, 9), st.integers(0, 9)),
    st.lists(st.tuples(*[st.none() | TEXTS] * 6), max_size=3),
    TEXTS,
)
KINDS = PLAIN + LIST + ONE + EACH + PLAIN


@only_compiled
@without_limits
@given(st.lists(FIELDS, max_size=3))
def test_records_become_the_same_hits(records: list[Any]) -> None:
    texts = [json.dumps(record, separators=(",", ":")).encode() for record in records]
    ends = np.cumsum([0, *map(len, texts)]).tolist()
    spans = list(pairwise(ends))
    rest = ((), 0.5)

    hits = agree("read_records", b"".join(texts), spans, Hit, KINDS, SeriesHit, PlaceHit, rest)

    assert [type(place) for hit in hits for place in hit[3]] == [
        PlaceHit for record in records for _ in record[3]
    ]
    agree("end_tuples", Hit, hits, 3, [((), True) for _ in hits])


@only_compiled
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[",
        b"[1,[],null,[],2",
        b"[1,[],null,[]]",
        b"[1,[],null,[],2,3]",
        b"[1,2,null,[],2]",
        b"[1,[],null,[1],2]",
        b"[1,[],null,3,2]",
        b"[tru,[],null,[],2]",
        b"[+,[],null,[],2]",
        b"[1e,[],null,[],2]",
        b"[" + b"[" * 99 + b",[],null,[],2]",
        b'["1,[],null,[],2]',
        b'["\\',
        b'["\\ud8',
        b'["\\x1",[],null,[],2]',
        b'["\xc3",[],null,[],2]',
    ],
)
def test_a_record_that_is_damaged_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # what is wrong differs
        kernels.read_records(text, [(0, len(text))], Hit, KINDS, SeriesHit, PlaceHit, ())


NONE = np.zeros(0, np.uint32)
ONE_ROW = np.array([9], np.uint32)
TWO = np.zeros(2, np.float32)


def in_order(bounds: list[int]) -> tuple[bytes, Any, Any]:
    """Return the words of one work, in which three bytes are, with one byte of bits."""
    return b"abc", np.array(bounds, np.uint64), np.zeros((1, 1), np.uint8)


BAD: list[tuple[str, tuple[Any, ...]]] = [
    ("gather", (ONE_ROW, TWO, [(0, 1)], False, 3.0, 5)),
    ("gather", (ONE_ROW, TWO, [(0, 1)], True, 3.0, 5)),
    ("gather", (ONE_ROW, TWO, [(0, 2)], False, 3.0, 20)),
    ("gather", (ONE_ROW, TWO, [(-1, 1)], False, 3.0, 20)),
    ("gather", (ONE_ROW, TWO, [(1, 0)], False, 3.0, 20)),
    ("gather", (np.array([9.5]), TWO, [(0, 1)], False, 3.0, 20)),
    ("gather", (ONE_ROW, np.zeros(2), [(0, 1)], False, 3.0, 20)),
    ("mark", (ONE_ROW, [(0, 1)], 5)),
    ("mark", (ONE_ROW, [(0, 7)], 50)),
    ("titled", (ONE_ROW, [([(0, 1)], 1.0)], 5, np.array([0]))),
    ("titled", (ONE_ROW, [([(0, 1)], 1.0)], 50, np.array([50]))),
    ("titled", (ONE_ROW, [([(0, 1)], 1.0)], 50, np.array([-1]))),
    ("count_bits", (np.zeros((2, 1), np.uint64), [np.ones(65, np.bool_)])),
    ("count_bits", (np.zeros((2, 2), np.uint64), [np.ones(n, np.bool_) for n in (65, 64)])),
    ("count_codes", (np.zeros((2, 1), np.uint8), np.zeros(0, np.uint8), NONE, np.array([0]), 3)),
    ("count_codes", (ONE_ROW[None], NONE, np.array([0, 5], np.uint32), np.array([0]), 3)),
    ("count_codes", (ONE_ROW[None], NONE, np.array([0, 0], np.uint32), np.array([1]), 3)),
    ("count_codes", (ONE_ROW[None], NONE, np.array([0, 0], np.uint32), np.array([-1]), 3)),
    ("commonest", (np.ones(400, np.intp), np.zeros(2, np.int32), 3)),
    ("present", (np.zeros(1, np.intp), np.array([1], np.int32))),
    ("present", (np.zeros(1, np.intp), np.array([-1], np.int32))),
    ("name_counted", (FacetValue, [("a", "A")], [(1, 1)])),
    ("find_texts", (b"abc", np.array([0, 2, 90], np.uint32), b"z", False)),
    ("find_texts", (b"abc", np.array([2, 1, 0], np.uint32), b"b", True)),
    ("follow", (in_order([0, 3]), np.array([-1]), b"a", -1)),
    ("follow", (in_order([0, 3]), np.array([-1]), b"a", 0)),
    ("follow", (in_order([0, 3]), np.array([0]), b"", -1)),
    ("follow", (in_order([0, 9]), np.array([0]), b"a", -1)),
    ("follow", (in_order([2, 1]), np.array([0]), b"a", -1)),
    ("follow", (in_order([0, 3]), np.array([1]), b"a", -1)),
    ("follow", (in_order([0, 3]), np.array([0]), b"a", 8)),
    ("end_tuples", (Hit, [(1,)], 2, [()])),
]  # fmt: skip


@only_compiled
def test_an_array_that_is_longer_than_another_widens_no_loop() -> None:
    counts, places = np.array([2, 3]), np.arange(400, dtype=np.int32)

    assert kernels.commonest(counts, places, 9) == [(1, 3), (0, 2)]


@only_compiled
@pytest.mark.parametrize(("name", "arguments"), BAD)
def test_a_number_that_leads_out_of_its_array_is_refused(
    name: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises((ValueError, TypeError)):
        getattr(kernels, name)(*arguments)


ORDER = (b"", np.zeros(3, np.uint64), np.zeros((2, 8), np.uint8))  # of two works
RANKED = {
    "rows": np.array([0, 2]), "parts": [(TWO, 1.0, None, 0.0, True)], "size": 2, "most": 5,
    "titles": (ONE_ROW, []), "order": (ORDER, []), "weights": (2.0, 0.5, 0.3, 1.0),
}  # fmt: skip
NO_WORKS = (b"", np.zeros(0, np.uint64), np.zeros(0, np.uint8))


@only_compiled
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"rows": np.array([-1])},
        {"rows": np.array([0]), "parts": [(np.zeros(1, np.float32), 1.0, None, 0.0, True)]},
        {"rows": np.array([0]), "parts": [(TWO, 1.0)]},
        {"rows": np.array([0]), "titles": (ONE_ROW, [([(0, 1)], 1.0)])},
        {"rows": np.array([0]), "order": (NO_WORKS, [(b"a", -1, 1.0)])},
        {"rows": np.array([0]), "order": (RANKED["order"], [])},
        {"rows": np.array([0]), "order": (ORDER, [(b"", -1, 1.0)])},
        {"rows": np.array([0]), "order": (ORDER, [(b"a", 64, 1.0)])},
    ],
)
def test_an_order_is_refused_where_a_number_leads_out_of_its_array(changed: dict[str, Any]) -> None:
    assert kernels.rank_words is not None
    with pytest.raises((ValueError, TypeError)):
        kernels.rank_words(**(RANKED | changed))


ASKED = [
    "", "attention", "attention me", "fine tuning", '"fine tuning"', "moe OR rag", "model -moe",
    "atention", "transfromers atten", "the", "a", "tr", "gpt-4", "pass@k", "what is a language mod",
    "how do i fine tune a small language model on one graphics card", "title:attention", "rl ",
    "tag:moe", "year:2024 model", "zzzz", "language models", "reinforcement learn", "q", "日",
]  # fmt: skip
ASKING = """
import json, sys
if sys.argv[2] == "plain":
    sys.modules["searchapp.kernels._compiled"] = None
from pathlib import Path
from searchapp import open_index
from searchapp.engine.results import results_as_json
from searchapp import kernels
index = open_index(Path(sys.argv[1]))
told = [kernels.COMPILED]
for words in json.load(sys.stdin):
    for more in ({}, {"limit": 3}, {"limit": 100}, {"page": 2, "limit": 5}, {"kind": ["post"]}):
        results = index.search(words, **more)
        scores = [hit.score.hex() for hit in results.hits]
        told.append([results_as_json(results), scores])
print(json.dumps(told))
"""


@only_compiled
def test_compiled_or_not_every_answer_is_the_same(content_index: Path) -> None:
    def ask(how: str) -> Any:
        run = subprocess.run(
            [sys.executable, "-c", ASKING, str(content_index), how],
            input=json.dumps(ASKED), capture_output=True, text=True, check=True, cwd=CHECKOUT,
        )  # fmt: skip
        return json.loads(run.stdout)

    compiled, by_numpy = ask("compiled"), ask("plain")

    assert (compiled.pop(0), by_numpy.pop(0)) == (True, False)
    assert compiled == by_numpy


def test_loops_of_another_version_are_not_run() -> None:
    older = (
        "import sys, types; old = types.ModuleType('old'); old.VERSION = 0;"
        "sys.modules['searchapp.kernels._compiled'] = old;"
        "from searchapp import kernels; print(kernels.COMPILED)"
    )
    run = subprocess.run(
        [sys.executable, "-c", older], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )

    assert run.stdout == "False\n"


def test_without_a_compiler_nothing_is_left_of_older_loops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "loops.so"
    made.write_bytes(b"of another day")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: "no-such-compiler -shared")

    why = build_hook.compile_loops(SOURCES, made)

    assert why is not None
    assert not made.exists()


@pytest.mark.skipif(not (COMPILER and HEADERS), reason="no compiler is at hand")
def test_loops_that_do_not_compile_fail_no_set_up_and_say_why(tmp_path: Path) -> None:
    (tmp_path / "broken.c").write_text("int broken(void) { return nothing; }\n")

    why = build_hook.compile_loops(tmp_path, tmp_path / "loops.so")

    assert why is not None
    assert "nothing" in why
    assert os.listdir(tmp_path) == ["broken.c"]  # noqa: PTH208  # names are what counts


@pytest.mark.skipif(not (COMPILER and HEADERS), reason="no compiler is at hand")
def test_the_compiler_finds_nothing_to_warn_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict: Callable[..., object] = sysconfig.get_config_var
    warned = f"{strict('LDSHARED')} -Wall -Wextra -Wconversion -Werror"
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: warned)

    assert build_hook.compile_loops(SOURCES, tmp_path / "loops.so") is None


CUT: dict[str, Any] = {
    "packed": b"fine words", "words": np.array([1 << 59 | 4], np.uint64).tobytes(),
    "bounds": [[0, 10, 10, 10]], "word_bounds": [[0, 1]], "cuts": b"\1", "roots": [(59, 1)],
    "known": {}, "ask": lambda number, start, end, sign: 0,
}  # fmt: skip


@only_compiled
def test_a_text_is_cut_where_one_of_its_words_stands_for_a_typed_one() -> None:
    assert kernels.cut_lines is not None
    assert kernels.cut_lines(*CUT.values()) == [("\0fine\1 words", 1)]


def fail(*asked: int) -> int:
    """Fail as a word may that is looked at."""
    raise ValueError(asked)


@only_compiled
@pytest.mark.parametrize(
    "changed",
    [
        {"bounds": [[0, 11, 11, 11]]},
        {"bounds": [[-1, 10, 10, 10]]},
        {"bounds": [[0, 10]]},
        {"bounds": []},
        {"word_bounds": [[0, 2]]},
        {"word_bounds": [[1, 0]]},
        {"words": np.array([1 << 59 | 11], np.uint64).tobytes()},
        {
            "words": np.array([1 << 59 | 60000 << 8 | 1, 1 << 59 | 4], np.uint64).tobytes(),
            "word_bounds": [[0, 2]],
        },
        {"roots": [(64, 1)]},
        {"roots": [(-1, 1)]},
        {"cuts": b""},
        {"ask": lambda *asked: 64},
        {"ask": lambda *asked: -2},
        {"ask": lambda *asked: None},
        {"ask": fail},
    ],
)
def test_no_text_is_cut_by_what_leads_out_of_it(changed: dict[str, Any]) -> None:
    assert kernels.cut_lines is not None
    with pytest.raises((ValueError, TypeError)):
        kernels.cut_lines(*(CUT | {"known": {}} | changed).values())
