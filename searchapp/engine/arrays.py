"""Postings to arrays: the immutable read view that answers every query.

    terms      |apple|appli|beta|...          sorted, one blob of UTF-8 and its bounds
    postings   |rows of apple|rows of appli|  term by term, with a score part for each
    words      |apple|apples|application|...  words as written; each leads to its terms,
                                              so a prefix is a slice of words and nearly
                                              always one contiguous slice of postings
    facets     |values of work 0|of work 1|   codes, counted by one bincount

Ranking is BM25F (Robertson, Zaragoza and Taylor, CIKM 2004) with k1 and the fields'
weights and b from the registry. What depends on term and work alone, the saturated
frequency, is laid down here; the term's rarity is a factor at query time, so that a
prefix can count as one term.
"""

import math
import re
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import cut_into_words, key_of_title
from searchapp.engine.bitmaps import lay_out_bits
from searchapp.engine.bm25 import saturate
from searchapp.engine.earlier import Earlier
from searchapp.engine.facet_arrays import lay_out_together, lay_out_values, smallest
from searchapp.engine.files import join, names_in, open_to_read
from searchapp.engine.keywords import lay_out_keywords
from searchapp.engine.leads import lead_to_terms
from searchapp.engine.lexicon import lay_out_texts
from searchapp.engine.merged import merge
from searchapp.engine.postings import WORD, Postings
from searchapp.engine.prefixes import add_up_prefixes
from searchapp.engine.spoken import languages_of_words
from searchapp.engine.titles import lay_out_titles
from searchapp.fields import FACETS, TEXT_FIELDS
from searchapp.slugs import fold

Array = npt.NDArray[np.generic]
Arrays = dict[str, Array]


def lay_out(postings: Postings, earlier: Earlier | None = None) -> Arrays:
    """Return all arrays of a generation by name; the same postings give the same bytes.

    `earlier` is what the generation before knew of them.

    Shapes, with N works, T terms, P postings, W words and, per facet, V values:
    `terms.bounds` (T+1), `postings.bounds` (T+1), `postings.rows` (P),
    `postings.scores` (P, float32), `postings.fields` (P, bits by text field),
    `words.bounds` (W+1), `words.works` (W), `words.term_bounds` (W+1), `words.terms`,
    `words.shared` and `terms.shared` (T; `prefixes.py` says of what), `prefixes.scores` (a row
    of N for each of the texts `prefixes`),
    `works.ids` (N, uint64), `works.days` (N, int32, 0 undated), `works.titles` (N, rank),
    `works.places` (N), `works.title_keys` (N, uint64), `keywords.terms` and `keywords.weights`
    (N x 20), `keywords.norms` (N), `titles.rows` and `titles.bounds` (T+1);
    by work, as `facet_arrays.py` draws them, `<facet>.table` (N rows),
    `<facet>.more` and `<facet>.more_bounds` (N+1), and those of many values together:
    `facets.table` ...; of few values `facets.bits` (a row of N bits for each); by value
    `<facet>.members` and `<facet>.member_bounds` (V+1).
    Texts are a blob `<name>.utf8` and its bounds: `terms`, `words`, `languages`,
    `<facet>.values`.
    """
    rows = len(postings.headings)
    terms, parts = _lay_out_terms(postings, rows, earlier)
    arrays = lay_out_texts("terms", terms) | parts
    arrays |= _lay_out_words(postings, terms, earlier)
    arrays |= _lay_out_works(postings, earlier) | lay_out_texts("languages", postings.languages)
    arrays |= add_up_prefixes(arrays, terms, postings.fields[WORD].terms)
    guess = earlier.weights() if earlier else None
    arrays |= lay_out_keywords(arrays, guess) | lay_out_titles(arrays)
    return arrays | _lay_out_facets(postings)


def _lay_out_terms(
    postings: Postings, rows: int, earlier: Earlier | None
) -> tuple[list[str], Arrays]:
    tables = [postings.fields[field.name] for field in TEXT_FIELDS]
    merged = (earlier.merge_again(tables) if earlier else None) or merge(tables, rows)
    return merged.terms, {
        "postings.bounds": merged.bounds.astype(np.uint32),
        "postings.rows": merged.rows,
        "postings.scores": saturate(merged.add_up(tables, rows)),
        "postings.fields": merged.fields,
    }


def _lay_out_words(postings: Postings, terms: list[str], earlier: Earlier | None) -> Arrays:
    table = postings.fields[WORD]
    spoken = languages_of_words(postings)
    known = earlier.leads(table.terms, terms, spoken) if earlier else None
    leads = lead_to_terms(table.terms, terms, postings.languages, spoken, known)
    most = np.zeros(len(terms), np.uint8)
    np.maximum.at(most, leads.terms, leads.shared)
    return lay_out_texts("words", table.terms) | {
        "words.works": np.bincount(table.term, minlength=len(table.terms)).astype(np.uint32),
        "words.term_bounds": leads.bounds,
        "words.terms": leads.terms,
        "words.shared": leads.shared,
        "terms.shared": most,
    }


_OF_HEADINGS = tuple(f"works.{name}" for name in ("ids", "days", "titles", "title_keys", "places"))


def _lay_out_works(postings: Postings, earlier: Earlier | None) -> Arrays:
    if earlier and earlier.headings_stay:
        return {name: earlier.arrays[name] for name in _OF_HEADINGS}
    headings = postings.headings
    keys = earlier.title_keys() if earlier else np.zeros(len(headings), np.uint64)
    for row in np.flatnonzero(keys == 0).tolist():
        keys[row] = key_of_title(cut_into_words(headings[row].title))
    titles = sorted(range(len(headings)), key=lambda row: (fold(headings[row].title), row))
    rank = np.empty(len(headings), np.uint32)
    rank[titles] = np.arange(len(headings), dtype=np.uint32)
    days = [h.date.toordinal() if h.date else 0 for h in headings]
    return {
        "works.ids": np.array([int(h.id, 16) for h in headings], np.uint64),
        "works.days": np.array(days, np.int32),
        "works.titles": rank,
        "works.title_keys": keys,
        "works.places": np.array([h.places for h in headings], np.uint32),
    }


def _lay_out_facets(postings: Postings) -> Arrays:
    """Lay the facets out by work, to be counted, and by value, to filter by it."""
    rows = len(postings.headings)
    fields = {facet.name: postings.fields[facet.name] for facet in FACETS}
    tables = {name: lay_out_values(table, rows) for name, table in fields.items()}
    sizes = {name: len(table.terms) for name, table in fields.items()}
    arrays = lay_out_together(tables, sizes) | lay_out_bits(fields, rows)
    for name, table in fields.items():
        bounds = np.searchsorted(table.term, np.arange(len(table.terms) + 1))
        arrays |= lay_out_texts(f"{name}.values", table.terms) | tables[name].as_arrays(name)
        arrays[f"{name}.members"] = table.row.astype(smallest(rows))
        arrays[f"{name}.member_bounds"] = bounds.astype(np.uint32)
    return arrays


def save(arrays: Mapping[str, Array], folder: Path) -> None:
    """Write each array to `folder` as its own `.npy` file."""
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)


def load(folder: Path) -> Arrays:
    """Map all arrays of `folder` into memory, read-only; pickles are refused."""
    names = names_in(folder, ".npy")
    return {name.removesuffix(".npy"): _map(join(folder, name)) for name in names}


# What numpy writes before an array of numbers in one or two dimensions, and we alone write.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|][fiu][1248])', 'fortran_order': False, "
    rb"'shape': \((\d+),(?: (\d+))?\), \} *\n",
    re.DOTALL,
)


def _map(path: str) -> Array:
    """Map one array; numpy takes ten times as long, so it is asked only for what is unusual."""
    with open_to_read(path) as file:
        header = _HEADER.match(file.read(128))
        if not header or header[2] == b"0" or header[3] == b"0":  # nothing cannot be mapped
            mapped: Array = np.load(path, mmap_mode="r", allow_pickle=False)
            return mapped
        dtype, rows, columns = header.groups()
        shape = (int(rows), int(columns)) if columns else (int(rows),)
        whole = mmap(file.fileno(), 0, access=ACCESS_READ)
    values = np.frombuffer(whole, dtype.decode(), math.prod(shape), header.end())
    return values.reshape(shape)
