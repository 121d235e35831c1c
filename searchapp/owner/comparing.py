"""Two texts beside each other: what stands in one of them alone is marked, word by word.

    one, other --words--> runs that both have --> [Span, ...] for each side

Long runs that both have are cut, since it is the differences that one looks for.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORDS = 1_500  # of each text that are compared: a second for two that have nothing in common
AROUND = 12  # words that are shown of a run that both have, before and after a difference

_WORD = re.compile(r"\S+\s*")
_BARE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of one text: `kind` is same, only (here) or cut (left out, `text` says it)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts, each in spans; `alike` is the share of their words that both have, in order."""

    one: tuple[Span, ...]
    other: tuple[Span, ...]
    alike: float

    @property
    def is_same(self) -> bool:
        """Whether no word differs."""
        return not any(span.kind == "only" for span in (*self.one, *self.other))


def compare(one: str, other: str, *, cuts: bool = True) -> Compared:
    """Compare two texts by words, which neither case nor punctuation parts."""
    left, right = _WORD.findall(one)[:WORDS], _WORD.findall(other)[:WORDS]
    ours, theirs = [_plain(word) for word in left], [_plain(word) for word in right]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=len(ours) + len(theirs) > 400)
    codes = matcher.get_opcodes()
    return Compared(
        tuple(_spans(left, [(code[0] == "equal", code[1], code[2]) for code in codes], cuts)),
        tuple(_spans(right, [(code[0] == "equal", code[3], code[4]) for code in codes], cuts)),
        matcher.ratio() if left or right else 1.0,
    )


def _plain(word: str) -> str:
    return _BARE.sub("", word.casefold()) or word.strip()


def _spans(
    words: Sequence[str], runs: Sequence[tuple[bool, int, int]], cuts: bool
) -> Iterator[Span]:
    last = len(words)
    for is_same, start, end in runs:
        if start == end:
            continue
        if not is_same:
            only = "".join(words[start:end])
            yield Span("only", only.rstrip())
            yield Span("same", only[len(only.rstrip()) :])
            continue
        before = 0 if start == 0 else AROUND
        after = 0 if end == last else AROUND
        left_out = end - start - before - after
        if not cuts or left_out < 2 * AROUND:
            yield Span("same", "".join(words[start:end]))
            continue
        if before:
            yield Span("same", "".join(words[start : start + before]))
        yield Span("cut", f"{left_out:,} words that both have")
        if after:
            yield Span("same", "".join(words[end - after : end]))
