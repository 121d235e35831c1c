"""Typed text to what is looked for: words, phrases, and either of several, folded as indexed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searchapp.engine.analysis import cut_into_words, is_unspaced, spans_of_words
from searchapp.slugs import fold
from searchapp.typed import OPERATORS, TITLE, Part, Typed


class Word(NamedTuple):
    """A typed word, folded; the last one is also a prefix while it may go on.

    One character of a script without spaces is always a prefix: of the pairs it begins.
    `times` is how often it was typed; `in_title` looks for it in titles alone.
    """

    text: str
    prefix: bool = False
    times: int = 1
    in_title: bool = False

    @property
    def is_character(self) -> bool:
        """Whether it is such a character; it is as much found in a pair as alone."""
        return is_character(self.text)

    @property
    def words(self) -> tuple["Word", ...]:
        """The words to be marked where it is found."""
        return (self,)


def is_character(text: str) -> bool:
    """Whether a word is one character of a script without spaces."""
    return len(text) == 1 and is_unspaced(text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other, as they are written; `prefix` is of the last."""

    texts: tuple[str, ...]
    prefix: bool = False
    in_title: bool = False

    @property
    def text(self) -> str:
        """The phrase in one line."""
        return " ".join(self.texts)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words to be marked where it is found."""
        last = len(self.texts) - 1
        return tuple(Word(t, self.prefix and i == last) for i, t in enumerate(self.texts))


@dataclass(frozen=True, slots=True)
class Either:
    """Several of which one must be there. `how` tells why: typed so, or by our own reading.

    What is looked for by our own reading counts less than what was typed: its `worth`.
    """

    text: str
    choices: tuple["Word | Phrase", ...]
    how: str = "or"
    worth: float = 1.0

    @property
    def words(self) -> tuple[Word, ...]:
        """The words to be marked where it is found."""
        return tuple(word for choice in self.choices for word in choice.words)


Clause = Word | Phrase | Either


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a work must have, what it may have beside that, and what it must not have.

    `sequence` has the plain words in the order in which they were typed.
    """

    clauses: tuple[Clause, ...] = ()
    beside: tuple[Clause, ...] = ()
    without: tuple[Word | Phrase, ...] = ()
    sequence: tuple[str, ...] = ()


def read_plain(text: str) -> Wanted | None:
    """Return what plain words ask for; None where there is any sign, or nothing at all.

    Nearly everything that is typed is ASCII letters, digits and spaces: then no part is to be
    told from another, and what `read_wanted` gives is had in a tenth of the time.
    """
    typed = text.split()
    if not (text.isascii() and "".join(typed).isalnum() and OPERATORS.isdisjoint(typed)):
        return None
    sequence = tuple(text.lower().split())
    words = [Word(word) for word in sequence]
    if not text[-1].isspace():
        words[-1] = Word(sequence[-1], True)
    repeats = len(set(sequence)) < len(sequence)
    return Wanted(_each_once(words) if repeats else tuple(words), (), (), sequence)


def read_wanted(typed: Typed) -> Wanted:
    """Return what the parts of typed text ask for, each word once.

    OR stands between its two neighbours, and binds tighter than the space between words.
    """
    clauses: list[Clause] = []
    beside: list[Clause] = []
    without: list[Word | Phrase] = []
    either = False
    last = len(typed.parts) - 1
    for i, part in enumerate(typed.parts):
        if part.kind == "or":
            either = True
        elif part.kind in ("words", "phrase"):
            goes_on = i == last and not typed.finished and not part.minus
            joined = either or (typed.parts[i + 1 : i + 2][:1] and typed.parts[i + 1].kind == "or")
            if part.minus:
                without += _as_one(part, False)
            elif joined:
                _join(beside if part.beside else clauses, _as_one(part, goes_on), either)
            else:
                (beside if part.beside else clauses).extend(_separately(part, goes_on))
            either = False
    if not clauses:
        clauses, beside = beside, clauses
    plain = (p for p in typed.parts if p.kind == "words" and not (p.minus or p.name or p.beside))
    sequence = tuple(text for part in plain for text in cut_into_words(part.value))
    return Wanted(_each_once(clauses), _each_once(beside), tuple(dict.fromkeys(without)), sequence)


def _separately(part: Part, goes_on: bool) -> Iterable[Word | Phrase]:
    """Return the words of plain text, each for itself; a phrase is one."""
    if part.kind == "phrase" or part.name == TITLE:
        return _as_one(part, goes_on)
    return read_words(part.value if goes_on else part.value + " ")


def _as_one(part: Part, goes_on: bool) -> list[Word | Phrase]:
    """Return the part as one thing: a single plain word, or words that follow each other."""
    texts = _words_in_order(part.value)
    in_title = part.name == TITLE
    if part.kind == "words" and len(texts) == 1:
        return [Word(texts[0], goes_on or Word(texts[0]).is_character, in_title=in_title)]
    return [Phrase(tuple(texts), goes_on, in_title)] if texts else []


def _words_in_order(text: str) -> list[str]:
    """Return the words of a phrase as they follow each other in an indexed text.

    There a run of 日本語 ends with its last character alone, which within a longer run it
    does not.
    """
    texts = cut_into_words(text)
    if len(texts) > 1 and Word(texts[-1]).is_character and texts[-2].endswith(texts[-1]):
        texts.pop()
    return texts


def _join(clauses: list[Clause], choice: list[Word | Phrase], to_last: bool) -> None:
    """Add a choice to the last clause, or begin a clause of its own."""
    if to_last and clauses and choice:
        before = clauses.pop()
        choices = before.choices if isinstance(before, Either) else (before,)
        choices = tuple(dict.fromkeys((*choices, *choice)))
        text = " OR ".join(one.text for one in choices)
        clauses.append(Either(text, choices) if len(choices) > 1 else choices[0])
    else:
        clauses += choice


def _each_once(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Return clauses each once, words with how often they were typed; a prefix goes last."""
    found: dict[object, Clause] = {}
    for clause in clauses:
        if not isinstance(clause, Word):
            found[clause] = clause
            continue
        key = (clause.text, clause.in_title)
        before = found.pop(key, None) if clause.prefix else found.get(key)
        times = clause.times + (before.times if isinstance(before, Word) else 0)
        found[key] = clause if times == clause.times else clause._replace(times=times)
    return tuple(found.values())


def read_words(text: str) -> list[Word]:
    """Return the words of typed text, each once.

    The last is a prefix unless something follows it. Where one thing is indexed in two
    ways, one is asked for: of `l'homme`, `homme`, which finds `un homme` too; of 日本語,
    the pairs without the lone last character.
    """
    plain = text.removesuffix(" ")
    if plain.isascii() and plain.isalnum():  # as nearly everything that is typed
        return [Word(plain.lower(), len(plain) == len(text))]
    folded = fold(text)
    words: list[str] = []
    last = (0, 0)
    for word, start, end in spans_of_words(folded):
        if (start, end) == last:
            words[-1] = word
        elif start >= last[1] or end > last[1]:
            words.append(word)
        last = (start, end)
    found = [Word(word, Word(word).is_character) for word in words]
    if words and last[1] == len(folded):
        found[-1] = Word(words[-1], True)
    return [word for word in _each_once(found) if isinstance(word, Word)]


def words_of(clauses: Iterable[Clause]) -> Iterator[Word]:
    """Yield all words that clauses look for."""
    for clause in clauses:
        yield from clause.words
