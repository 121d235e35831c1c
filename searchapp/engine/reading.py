"""Words as typed to words as meant: other names of a tag, and words of the index for slips.

rl        rl, or "reinforcement learning", as tags.toml says
atention  attention, as no piece has the other
finetuning  "fine tuning", as some piece has these two together
"""

import re
from collections.abc import Mapping, Sequence

from searchapp.engine.analysis import is_unspaced
from searchapp.engine.clauses import Finder
from searchapp.engine.matching import FoundClause, Match, Matcher
from searchapp.engine.typos import Typos
from searchapp.engine.words import Clause, Either, Phrase, Word

SYNONYM = 0.8  # of what was typed
TYPO = 0.5
FEW = 2  # works: what so few have may be a slip of the writer's
PART = 3  # letters of the shortest word that may be written together with another
COMMONER = 10  # times as many have the word that may be meant

Names = Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]


def add_synonyms(clauses: Sequence[Clause], names: Names, longest: int) -> tuple[Clause, ...]:
    """Return clauses that other names of the same tag fulfil too.

    A name of several words, `longest` at most, is seen where they stand one after the other; the
    other name then stands for each of them.
    """
    texts = [c.text if isinstance(c, Word) and not c.in_title else "" for c in clauses]
    meant: list[tuple[tuple[str, ...], ...]] = [()] * len(texts)
    for start in range(len(texts)):
        for end in range(start + 1, min(start + longest, len(texts)) + 1):
            for i in range(start, end):
                meant[i] += names.get(tuple(texts[start:end]), ())
    return tuple(_with_names(clause, others) for clause, others in zip(clauses, meant, strict=True))


def _with_names(clause: Clause, others: Sequence[tuple[str, ...]]) -> Clause:
    if not others or not isinstance(clause, Word):
        return clause
    named = (Word(n[0]) if len(n) == 1 else Phrase(n) for n in dict.fromkeys(others))
    return Either(clause.text, (clause, *named), "synonym", SYNONYM)


def mend(clause: Clause, found: FoundClause, finder: Finder, typos: Typos) -> Clause:
    """Return a word that no work has as those it may be; anything else as it is."""
    word = clause.choices[0] if isinstance(clause, Either) and clause.how == "synonym" else clause
    if found.works or not isinstance(word, Word) or word.in_title:
        return clause
    meant = _take_apart(word, finder) or _nearest(word, finder, typos)
    return Either(word.text, meant, "typo", TYPO) if meant else clause


def _take_apart(word: Word, finder: Finder) -> tuple[Phrase, ...]:
    """Return the two words that one is of, where some work has them together.

    Of several ways the one that most works have, then that of the shortest first word.
    """
    text, known = word.text, finder.matcher.words
    if not text.isalpha() or is_unspaced(text):
        return ()
    best: tuple[Phrase, ...] = ()
    most = 0
    for at in range(PART, len(text) - PART + 1):
        first, last = text[:at], text[at:]
        is_last = bool(known.prefix(last)) if word.prefix else known.find(last) is not None
        if is_last and known.find(first) is not None:
            apart = Phrase((first, last), word.prefix)
            works = finder.find(apart).works
            if works > most:
                best, most = (apart,), works
    return best


def _nearest(word: Word, finder: Finder, typos: Typos) -> tuple[Word, ...]:
    """Return the words of some work that are the fewest slips away."""
    near = [
        n for n in typos.near(word.text, word.prefix) if finder.matcher.find(Word(n.text)).works
    ]
    return tuple(Word(n.text) for n in near if n.slips == near[0].slips)


def may_slip(match: Match) -> bool:
    """Whether any word of a question is one that no work has, or hardly any."""
    return any(
        found.works <= FEW or isinstance(clause, Either)
        for clause, found in zip(match.clauses, match.found, strict=True)
    )


def find_slips(match: Match, finder: Finder, typos: Typos) -> dict[str, str]:
    """Return the likeliest word for each that no work has, or hardly any."""
    slips: dict[str, str] = {}
    for clause, found in zip(match.clauses, match.found, strict=True):
        if isinstance(clause, Either) and clause.how == "typo":
            slips[clause.text] = clause.choices[0].text
        elif isinstance(clause, Word) and not clause.in_title and 0 < found.works <= FEW:
            better = _commoner(clause, found.works, finder.matcher, typos)
            slips |= {clause.text: better} if better else {}
    return slips


def _commoner(word: Word, works: int, matcher: Matcher, typos: Typos) -> str | None:
    """Return a near word that far more works have, and that is no other form of this one."""
    others = [near.text for near in typos.near(word.text, False) if near.slips]
    own = set(matcher.terms_of(word).tolist()) if others else set()
    for text in others:
        if own.isdisjoint(matcher.whole_terms(text)) and (
            matcher.count_works(text) >= works * COMMONER
        ):
            return text
    return None


def correct(slips: Mapping[str, str], text: str) -> str | None:
    """Return the typed `text` with the likeliest word in the place of each slip."""
    corrected = text.strip()
    for slip, word in slips.items():
        corrected = re.sub(rf"(?<!\w){re.escape(slip)}(?!\w)", word, corrected, flags=re.IGNORECASE)
    return corrected if corrected != text.strip() else None
