"""Ways to ask for less: a question without one of its parts, for whom little or nothing was found.

flask whoosh tag:moe  ->  whoosh tag:moe    flask tag:moe    flask whoosh    tag:moe
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from searchapp.fields import FACET
from searchapp.query import Query
from searchapp.typed import Part, read_typed

# A word, a filter; all the words, all the filters; the quotation marks of all phrases.
What = Literal["word", "filter", "words", "filters", "quotes"]

_QUOTED = ('"', "“")

_SIGNS = re.compile(r"""[:|"“”„‟«»＂]|(?:^|\s)(?:-|(?:OR|AND|NOT)(?:\s|$))""")

MOST_WORDS = 6  # more describe what is looked for, and none is the one that is too much


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A question without a part of it: `text` as it was typed, or the value of `facet`.

    What `excludes` left pieces out; without it there are more.
    """

    what: What
    query: Query
    text: str = ""
    facet: str | None = None
    excludes: bool = False

    def in_words(self, label: Callable[[str, str], str]) -> str:
        """Return `without “flask”` or `without source: Medium`; `label` names a facet's value."""
        if self.what == "words":
            return "without the words"
        if self.what == "filters":
            return "without any filter"
        if self.what == "quotes":
            return "without the quotation marks"
        name = f"“{self.text}”"
        if self.facet:
            name = f"{FACET[self.facet].label.lower()}: {label(self.facet, self.text)}"
        elif self.text[:1] in _QUOTED:
            name = self.text
        return f"{'with' if self.excludes else 'without'} {name}"


def relax(query: Query) -> list[Relaxation]:
    """Return a question without all its words, all its filters, and each of them.

    What would ask for nothing at all is no way out, unless it was a filter.
    """
    query = replace(query, page=1, notes=())
    words = list(_without_words(query))
    filters = list(_without_filters(query))
    whole = []
    if len(words) != 1 and query.words.strip() and filters:
        whole.append(Relaxation("words", query.with_words("")))
    if len(filters) > 1 and words:
        whole.append(Relaxation("filters", query.cleared()))
    return [*_without_quotes(query), *whole, *filters, *words]


def _without_quotes(query: Query) -> Iterator[Relaxation]:
    """Yield the question with its phrases as words, which may stand anywhere in a piece."""
    parts = [part for part in read_typed(query.words).parts if part.kind != "ignored"]
    if not any(_is_loosened(part) for part in parts):
        return
    words = " ".join(_loosen(part) for part in parts)
    yield Relaxation("quotes", query.with_words(words + " "))


def _is_loosened(part: Part) -> bool:
    """Whether a phrase has several words, none of which means something else without quotes."""
    several = part.kind == "phrase" and not part.minus and " " in part.value.strip()
    return several and not _SIGNS.search(part.value)


def _loosen(part: Part) -> str:
    if not _is_loosened(part):
        return part.text
    field = f"{part.name}:" if part.name else ""
    return " ".join(field + word for word in part.value.split())


def _without_filters(query: Query) -> Iterator[Relaxation]:
    for excludes, filters in ((False, query.filters), (True, query.excluded)):
        for name, values in filters:
            for value in values:
                rest = query.without_filter(name, value)
                yield Relaxation("filter", rest, value, name, excludes)


def _without_words(query: Query) -> Iterator[Relaxation]:
    typed = read_typed(query.words)
    units = _units_of([part for part in typed.parts if part.kind not in ("filter", "ignored")])
    droppable = [unit for unit in units if _is_droppable(unit)]
    if not 1 <= len(droppable) <= MOST_WORDS:
        return
    for dropped in droppable:
        rest = [part.text for unit in units if unit is not dropped for part in unit]
        words = " ".join(rest)
        if dropped is units[-1] or typed.finished:
            words += " "  # a whole word goes on being one
        if words.strip() or query.has_filters:
            text = " ".join(part.text for part in dropped)
            minus = dropped[0].minus
            yield Relaxation(
                "word",
                query.with_words(words if words.strip() else ""),
                text.removeprefix("-") if minus else text,
                excludes=minus,
            )


def _units_of(parts: Sequence[Part]) -> list[list[Part]]:
    """Return parts in groups that stand and fall together: `cats OR dogs` is one."""
    units: list[list[Part]] = []
    joined = False
    for part in parts:
        if units and (joined or part.kind == "or"):
            units[-1].append(part)
        else:
            units.append([part])
        joined = part.kind == "or"
    return units


def _is_droppable(unit: Sequence[Part]) -> bool:
    """Whether pieces must have it, or must not; what stands behind a bar need not match."""
    return unit[0].kind != "bar" and not unit[0].beside
