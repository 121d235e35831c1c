"""A query as it was sent to the words and filters that are asked for, and what to say of it."""

from dataclasses import dataclass, replace

from searchapp.engine.names import Names
from searchapp.engine.results import Understood
from searchapp.engine.words import Word, read_words
from searchapp.fields import FACET
from searchapp.query import MAX_WORDS, Filters, Query, read_typed


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its typed filters read and its values resolved, and its words.

    `understood` tells how each part was read, `notes` what could not be.
    """

    query: Query
    words: tuple[Word, ...]
    understood: tuple[Understood, ...]
    notes: tuple[str, ...]


def understand(query: Query, names: Names) -> Asked:
    """Read typed filters and resolve names; say what was read how."""
    typed = read_typed(query.words)
    chosen, without = dict(query.filters), dict(query.excluded)
    understood, notes = [], list(query.notes)
    for triples, kept, word in (
        (typed.filters, chosen, "with"),
        (typed.excluded, without, "without"),
    ):
        for facet, value, text in triples:
            kept[facet] = (*kept.get(facet, ()), value)
            note = f"pieces {word} {FACET[facet].label.lower()} “{names.label(facet, value)}”"
            understood.append(Understood(text, "filter", note))
    words = read_words(typed.words)
    notes += _note_unread(typed.words.strip(), words)
    words = words[:MAX_WORDS]
    understood += [Understood(w.text, "prefix" if w.prefix else "word") for w in words]
    asked = replace(
        query,
        words=typed.words if typed.filters or typed.excluded else query.words,
        filters=_resolve(chosen, names, notes),
        excluded=_resolve(without, names, notes),
    )
    return Asked(asked, tuple(words), tuple(understood), tuple(notes))


def _resolve(filters: dict[str, tuple[str, ...]], names: Names, notes: list[str]) -> Filters:
    """Return filters by the values that the index has; an unknown one stays, and is told."""
    resolved: dict[str, set[str]] = {}
    for facet, values in filters.items():
        found = {value: names.resolve(facet, value) for value in values}
        notes += _note_unknown(FACET[facet].label, [v for v in found if found[v] is None])
        resolved[facet] = {known or value for value, known in found.items()}
    return tuple((name, tuple(sorted(resolved[name]))) for name in FACET if name in resolved)


def note_dropped(dropped: tuple[Word, ...]) -> tuple[Understood, ...]:
    """Tell which words were left out, so that there is something to show."""
    return tuple(
        Understood(word.text, "dropped", f"no piece has “{word.text}” beside the other words")
        for word in dropped
    )


def _note_unread(text: str, words: list[Word]) -> list[str]:
    """Tell what of the typed words is not searched for."""
    if text and not words:
        return [f"There is no word to search for in “{text}”."]
    if len(words) > MAX_WORDS:
        return [f"Only the first {MAX_WORDS} words were searched for."]
    return []


def _note_unknown(label: str, values: list[str]) -> list[str]:
    """Tell which values of a facet no piece has; a long list is cut."""
    if not values:
        return []
    named = ", ".join(f"“{value[:60]}”" for value in values[:3])
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    return [f"No piece has the {label.lower()} {named}{more}."]
