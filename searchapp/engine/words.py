"""Typed text to the words that are looked for, folded as the index has them."""

from dataclasses import dataclass

from searchapp.engine.analysis import is_unspaced, spans_of_words
from searchapp.slugs import fold


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word, folded; the last one is also a prefix while it may go on.

    One character of a script without spaces is always a prefix: of the pairs it begins.
    """

    text: str
    prefix: bool = False

    @property
    def is_character(self) -> bool:
        """Whether it is such a character; it is as much found in a pair as alone."""
        return len(self.text) == 1 and is_unspaced(self.text)


def read_words(text: str) -> list[Word]:
    """Return the words of typed text, each once.

    The last is a prefix unless something follows it. Where one thing is indexed in two
    ways, one is asked for: of `l'homme`, `homme`, which finds `un homme` too; of 日本語,
    the pairs without the lone last character.
    """
    folded = fold(text)
    words: list[str] = []
    last = (0, 0)
    for word, start, end in spans_of_words(folded):
        if (start, end) == last:
            words[-1] = word
        elif start >= last[1] or end > last[1]:
            words.append(word)
        last = (start, end)
    found = {word: Word(word, Word(word).is_character) for word in words}
    if words and last[1] == len(folded):
        del found[words[-1]]
        found[words[-1]] = Word(words[-1], True)
    return list(found.values())
