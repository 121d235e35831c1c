"""A query as it was sent to the words and filters that are asked for, and what to say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from searchapp.engine.names import Names
from searchapp.engine.reading import add_synonyms
from searchapp.engine.results import Understood
from searchapp.engine.words import (
    Clause,
    Either,
    Phrase,
    Wanted,
    Word,
    read_plain,
    read_wanted,
)
from searchapp.fields import FACET, FACETS
from searchapp.query import MANY, MAX_PHRASE, MAX_WORDS, Filters, Query
from searchapp.typed import Part, Typed, read_typed

_TAKEN = ("filter", "ignored")  # out of the words, as they are told beside them

Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its typed filters read and its values resolved, and what words it wants.

    `understood` tells how each part was read, `notes` what could not be.
    """

    query: Query
    wanted: Wanted
    understood: tuple[Understood, ...]
    notes: tuple[str, ...]


class _Read(NamedTuple):
    """A query taken apart, whose names are still as they were typed."""

    words: str
    chosen: Values
    without: Values
    wanted: Wanted
    understood: list[Understood]
    notes: list[str]


def understand(query: Query, names: Names) -> Asked:
    """Read typed filters and resolve names; say what was read how."""
    plain = read_plain(query.words)
    is_plain = plain is not None and len(plain.clauses) <= MAX_WORDS
    read = _read_plain(query, plain) if plain and is_plain else _read_parts(query, names)
    words, chosen, without, wanted, understood, notes = read
    if any(clause.text in names.synonym_starts for clause in wanted.clauses):
        clauses = add_synonyms(wanted.clauses, names.synonyms, names.longest_synonym)
        wanted = replace(wanted, clauses=clauses)
        understood += _tell_synonyms(clauses)
    filters, excluded = _resolve(chosen, names, notes), _resolve(without, names, notes)
    if (words, filters, excluded) != (query.words, query.filters, query.excluded):
        query = replace(
            query, words=words, filters=filters, excluded=excluded,
            orders=_orders_of(filters, excluded, names),
        )  # fmt: skip
    return Asked(query, wanted, tuple(understood), tuple(notes))


def _read_plain(query: Query, plain: Wanted) -> _Read:
    """Return a query whose words are nothing but words."""
    told = [Understood(clause.text, _role(clause)) for clause in plain.clauses]
    chosen, without = dict(query.filters), dict(query.excluded)
    return _Read(query.words, chosen, without, plain, told, list(query.notes))


def _read_parts(query: Query, names: Names) -> _Read:
    """Return a query with its typed filters read."""
    typed = read_typed(query.words)
    chosen, without = dict(query.filters), dict(query.excluded)
    understood, notes = [], list(query.notes)
    for part in sorted(typed.parts, key=lambda part: part.bound):  # bounds narrow all others
        if part.kind == "filter":
            understood.append(_read_filter(part, typed, chosen, without, names))
        elif part.kind == "ignored":
            understood.append(Understood(part.text, "ignored", part.note))
    wanted = _shorten_phrases(_at_most(read_wanted(typed), notes), notes)
    if query.words.strip() and not (typed.filters or understood or _wants(wanted)):
        notes.append(f"There is no word to search for in “{query.words.strip()}”.")
    understood += _tell_words(wanted)
    words = typed.words if any(p.kind in _TAKEN for p in typed.parts) else query.words
    return _Read(words, chosen, without, wanted, understood, notes)


def _wants(wanted: Wanted) -> bool:
    return bool(wanted.clauses or wanted.without)


def _at_most(wanted: Wanted, notes: list[str]) -> Wanted:
    """Return what is wanted without the words beyond the limit."""
    if len(wanted.clauses) + len(wanted.beside) + len(wanted.without) <= MAX_WORDS:
        return wanted
    notes.append(f"Only the first {MAX_WORDS} words were searched for.")
    clauses = wanted.clauses[:MAX_WORDS]
    left = MAX_WORDS - len(clauses)
    return replace(
        wanted, clauses=clauses, beside=wanted.beside[:left], without=wanted.without[:MAX_WORDS]
    )


def _shorten_phrases(wanted: Wanted, notes: list[str]) -> Wanted:
    """Return what is wanted with the first words alone of a phrase beyond the limit."""
    shorter = Wanted(
        tuple(map(_shorten, wanted.clauses)),
        tuple(map(_shorten, wanted.beside)),
        tuple(map(_shorten_one, wanted.without)),
        wanted.sequence,
    )
    if shorter == wanted:
        return wanted
    notes.append(f"Only the first {MAX_PHRASE} words of a phrase were looked for.")
    return shorter


def _shorten(clause: Clause) -> Clause:
    """Return a clause whose phrases are no longer than the limit."""
    if isinstance(clause, Either):
        return replace(clause, choices=tuple(map(_shorten_one, clause.choices)))
    return _shorten_one(clause)


def _shorten_one(one: Word | Phrase) -> Word | Phrase:
    if isinstance(one, Word) or len(one.texts) <= MAX_PHRASE:
        return one
    return replace(one, texts=one.texts[:MAX_PHRASE], prefix=False)


# Filters


def _read_filter(
    part: Part, typed: Typed, chosen: Values, without: Values, names: Names
) -> Understood:
    """Add a typed filter to those of the address, and tell how it was read."""
    values = _values_of(part, names)
    if not values and _goes_on(part, typed):
        begun = names.begin_with(part.name, part.value)
        if begun:
            offered = " or ".join(f"{part.name}:{_quoted(value)}" for value in begun[:3])
            return Understood(part.text, "ignored", f"may go on as {offered}")
    kept = without if part.minus else chosen
    if part.bound and not part.minus:
        before = names.spread(part.name, chosen.get(part.name, values))
        kept[part.name] = tuple(v for v in before if v in values) or (part.text,)
    else:
        kept[part.name] = (*kept.get(part.name, ()), *(values or (part.value,)))
    word = "without" if part.minus else "with"
    label = names.label(part.name, part.value)
    return Understood(
        part.text, "filter", f"pieces {word} {FACET[part.name].label.lower()} “{label}”"
    )


def _values_of(part: Part, names: Names) -> tuple[str, ...]:
    """Return the values of the index that a typed filter stands for; none where it is unknown."""
    if FACET[part.name].ranges and ".." in part.value:
        return names.between(part.name, part.value)
    known = names.resolve(part.name, part.value)
    return () if known is None else (known,)


def _goes_on(part: Part, typed: Typed) -> bool:
    """Whether a filter is the last thing typed, and may be half typed."""
    return part is typed.parts[-1] and not part.quoted and typed.at_end and not part.minus


def _quoted(value: str) -> str:
    """Return a value as it can be typed: in quotes where it has a space, and none within."""
    return f'"{value.replace(chr(34), "")}"' if " " in value else value


def _resolve(filters: Values, names: Names, notes: list[str]) -> Filters:
    """Return filters by the values that the index has; an unknown one stays, and is told."""
    if not filters:
        return ()
    resolved: dict[str, set[str]] = {}
    for facet, values in filters.items():
        spread = names.spread(facet, values)
        found = {value: names.resolve(facet, value) for value in spread}
        unknown = [value for value in found if found[value] is None]
        notes += _note_unknown(facet, unknown, names)
        resolved[facet] = {known or value for value, known in found.items()}
    return tuple((f.name, tuple(sorted(resolved[f.name]))) for f in FACETS if f.name in resolved)


def _orders_of(filters: Filters, excluded: Filters, names: Names) -> Filters:
    """Return all values, in order, of each facet of which so many are chosen as a range gives."""
    many = {
        name for name, values in (*filters, *excluded)
        if FACET[name].ranges and len(values) > MANY
    }  # fmt: skip
    return tuple((name, names.between(name, "..")) for name in sorted(many))


def _note_unknown(facet: str, values: list[str], names: Names) -> list[str]:
    """Tell which values of a facet no piece has, with those that may be meant."""
    if not values:
        return []
    named = ", ".join(f"“{value[:60]}”" for value in values[:3])
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    near = dict.fromkeys(v for value in values[:3] for v in names.nearest(facet, value))
    offered = " or ".join(f"{facet}:{_quoted(value)}" for value in list(near)[:3])
    better = f"; did you mean {offered}?" if near else "."
    return [f"No piece has the {FACET[facet].label.lower()} {named}{more}{better}"]


# What is told of words


def _tell_words(wanted: Wanted) -> Iterator[Understood]:
    for clause in wanted.clauses:
        yield Understood(clause.text, _role(clause))
    for clause in wanted.beside:
        yield Understood(clause.text, "optional", "stands behind a bar, so it need not match")
    for clause in wanted.without:
        yield Understood(clause.text, "without", f"pieces without “{clause.text}”")


def _role(clause: Clause) -> str:
    if isinstance(clause, Either):
        return "or"
    if isinstance(clause, Phrase):
        return "phrase"
    return "prefix" if clause.prefix else "word"


def _tell_synonyms(clauses: Sequence[Clause]) -> Iterator[Understood]:
    """Tell what else is looked for; of a name of several words once."""
    named: dict[str, list[str]] = {}
    for clause in clauses:
        if isinstance(clause, Either) and clause.how == "synonym":
            others = " or ".join(f"“{choice.text}”" for choice in clause.choices[1:])
            named.setdefault(others, []).append(clause.text)
    for others, texts in named.items():
        yield Understood(" ".join(texts), "synonym", f"found as {others} too")


def tell_slips(clauses: Sequence[Clause]) -> Iterator[Understood]:
    """Tell which words no piece has, and as what they were read."""
    for clause in clauses:
        if isinstance(clause, Either) and clause.how == "typo":
            meant = " or ".join(f"“{choice.text}”" for choice in clause.choices[:3])
            note = f"no piece has “{clause.text}”; read as {meant}"
            yield Understood(clause.text, "typo", note)


def tell_dropped(dropped: Sequence[Clause], total: int, described: bool) -> Iterator[Understood]:
    """Tell which words were left out, so that there is something to show."""
    for clause in dropped:
        why = "the best pieces lack" if described else "no piece has"
        more = "" if described else " beside the other words"
        note = f"{why} “{clause.text}”{more}; without it: {total:,}"
        yield Understood(clause.text, "dropped", note)
