"""Why a hit stands where it does: what each word gave to its score, and what lifted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from searchapp.engine.matching import Match
from searchapp.engine.scoring import Ranking
from searchapp.engine.words import Clause


@dataclass(frozen=True)
class WordShare:
    """What a word gave: its share of the score, and how many works have it (fewer, more)."""

    text: str
    share: float
    works: int


@dataclass(frozen=True)
class Explanation:
    """The parts of a score, which add up to it, and what goes before any score.

    `together` is for neighbours in the question that are neighbours in the text, `in_title`
    for words in the title, `learned` for what the best answers to a long question are about.
    A piece with the typed title comes first (`is_title`), and one in which a word is only
    begun after those with whole words (`whole`).
    """

    score: float
    words: tuple[WordShare, ...]
    together: float
    in_title: float
    learned: float
    is_title: bool
    whole: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as the JSON of the API has it."""
        words = [{"text": w.text, "share": _short(w.share), "works": w.works} for w in self.words]
        return {
            "score": _short(self.score),
            "words": words,
            "together": _short(self.together),
            "in_title": _short(self.in_title),
            "learned": _short(self.learned),
            "is_title": self.is_title,
            "whole": self.whole,
        }

    def in_words(self) -> str:
        """Return it in one line."""
        parts = [f"{w.text} {w.share:.2f} (in {w.works:,})" for w in self.words if w.share]
        named = {"together": self.together, "in title": self.in_title, "learned": self.learned}
        parts += [f"{name} {value:.2f}" for name, value in named.items() if value]
        parts += ["this is its title"] if self.is_title else []
        parts += [] if self.whole else ["only begun"]
        return f"{self.score:.2f} = {' + '.join(parts)}"


def explain(row: int, clauses: Sequence[Clause], match: Match, ranking: Ranking) -> Explanation:
    """Return why the work in `row` has its score; `clauses` are those of the match and beside."""
    rows = np.array([row])
    lifts = ranking.explain(row, match)
    words = tuple(
        WordShare(clause.text, float(found.shares(rows)[0]), found.works)
        for clause, found in zip(clauses, (*match.found, *match.beside), strict=True)
    )
    whole = match.whole(rows)
    return Explanation(
        score=ranking.scores([row], match)[0],
        words=words,
        together=lifts.together,
        in_title=lifts.in_title,
        learned=lifts.learned,
        is_title=lifts.is_title,
        whole=whole is None or bool(whole[0]),
    )


def _short(number: float) -> float:
    return round(number, 4)
