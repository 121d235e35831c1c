"""The questions that a new generation is asked: each word that is indexed finds its work."""

from pathlib import Path

import numpy as np
import pytest
from builders import a_document, a_work, work_of
from corpora import SITE, corpora, index_with
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searchapp import SearchappError
from searchapp.documents import Work
from searchapp.engine import checking, writing
from searchapp.engine.arrays import lay_out
from searchapp.engine.generations import lock_for_building
from searchapp.engine.lexicon import Lexicon

# Letters of many scripts, marks that join or part, signs that a question might be read by.
ALPHABET = "aZéßİıſΣςййёアア日本語ท้हिन्दी한글ﬁ𝗕²½'’ʼ-_+#.\"“”:|*~/\\\u00ad\u200c\u200d\u2028\n \0٣"
texts = st.text(st.sampled_from(ALPHABET) | st.characters(codec="utf-8"), max_size=30)


@st.composite
def written(draw: st.DrawFn) -> Work:
    """Draw a work of any texts at all, with code that begins and ends anywhere in them."""
    documents = []
    for _ in range(draw(st.integers(1, 2))):
        text = draw(texts)
        bounds = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
        documents.append(
            a_document(
                draw(texts.filter(bool)), text=text, summary=draw(texts), authors=[draw(texts)],
                code=tuple(zip(bounds[::2], bounds[1::2], strict=False)),
                language=draw(st.sampled_from(["en", "fr", "tr", "xx"])),
            )
        )  # fmt: skip
    return work_of(*documents)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(works=st.lists(written(), min_size=1, max_size=4) | corpora())
@example(works=[a_work("A", text="running", code=((0, 5),))])
@example(works=[a_work("l’homme qu'il", text="rock'n'roll c++20 f#-gpt4 .NET日本 語")])
def test_every_word_that_is_indexed_finds_its_work(works: list[Work]) -> None:
    with index_with(works) as index:  # asked so itself, before it was published
        for work in works:
            for word in checking._words_of(work):
                results = index.search(f'"{word}"', limit=len(works), snippets=False)
                assert work.id in [hit.id for hit in results.hits[: results.total]], word


def test_one_silent_word_of_many_was_excused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [a_work(f"Piece {n}", text=f"quagga{n} zebra") for n in range(9)]

    def forget_one(*args: object) -> dict[str, np.ndarray]:
        arrays = dict(lay_out(*args))  # type: ignore[arg-type]
        term = Lexicon.of(arrays, "terms").find("quagga7")
        at = arrays["postings.bounds"][term]
        arrays["postings.rows"] = arrays["postings.rows"].copy()
        arrays["postings.rows"][at] = (arrays["postings.rows"][at] + 1) % len(works)
        return arrays

    monkeypatch.setattr(writing, "lay_out", forget_one)

    with (
        lock_for_building(tmp_path),
        pytest.raises(SearchappError, match="'quagga7' does not find 'Piece 7'"),
    ):
        writing.write_generation(tmp_path, works, [], SITE, {})
