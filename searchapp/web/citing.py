"""A piece as others cite it: in BibTeX, in RIS, and as a line in the style of the APA.

Keys are made of the piece's id, so no two pieces share one and none changes with a title.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import url_for

from searchapp.engine.results import Hit, Site
from searchapp.web.metadata import original_place

# Backslash, braces, and the other characters that mean something in TeX. BibTeX counts braces
# before TeX reads any, and `\{` is one to it: a lone one would end the field, or swallow the rest.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_TEX_TABLE = str.maketrans(_TEX)

RIS_TYPES = {"paper": "JOUR", "talk": "SLIDE", "article": "MGZN"}
MOST_AUTHORS = 20  # the APA's seventh edition names so many
# Words before a surname that belong to it: Ursula K. Le Guin, Vincent van Gogh.
_PARTICLES = frozenset({
    "af", "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el",
    "la", "le", "ter", "van", "von", "zu", "zur",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited of a piece; `published` is an ISO date, None where nobody stated one."""

    id: str
    title: str
    authors: tuple[str, ...]
    published: str | None
    source: str
    url: str
    language: str
    kind: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitationView:
    """The ways to cite a piece as its page shows them, with the addresses of the files."""

    apa: str
    bibtex: str
    bibtex_url: str
    ris_url: str


def cite(hit: Hit, labels: Sequence[str], here: str, site: Site) -> Citation:
    """Return what is cited of a piece: the original place, else our own page, which is `here`."""
    authors = hit.authors or ((site.author,) if site.author else ())
    tidy = (_one_line(hit.title), tuple(map(_one_line, authors)), _one_line(hit.source))
    title, names, source = tidy
    return Citation(
        hit.id, title, names, hit.published, source, original_place(hit) or here,
        hit.language, hit.kind, tuple(map(_one_line, labels)),
    )  # fmt: skip


def _one_line(text: str) -> str:
    """Return a text without line breaks and control characters, which end a field of RIS."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def present_citation(cited: Citation) -> CitationView:
    """Return the ways to cite a piece, with the addresses of the files."""
    bibtex, ris = (url_for("pages.citation", key=cited.id, form=form) for form in CITED_AS)
    return CitationView(write_apa(cited), write_bibtex(cited), bibtex, ris)


# --- BibTeX -----------------------------------------------------------------------------------


def write_bibtex(cited: Citation) -> str:
    """Return a piece as an entry of BibTeX and BibLaTeX, in Unicode."""
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _list_fields(cited) if value)
    kind = "article" if cited.kind == "paper" else "misc"
    return f"@{kind}{{{key_of_citation(cited)},\n{fields}}}\n"


def key_of_citation(cited: Citation) -> str:
    """Return the key by which texts name a piece: surname and year for people, the id for all."""
    surname = _split_name(cited.authors[0])[0] if cited.authors else ""
    plain = unicodedata.normalize("NFKD", surname).encode("ascii", "ignore").decode()
    letters = re.sub("[^a-z]", "", plain.lower())[:20]
    return f"{letters or 'piece'}{(cited.published or '')[:4]}-{cited.id}"


def _list_fields(cited: Citation) -> Iterator[tuple[str, str]]:
    year, month = (cited.published or "")[:4], (cited.published or "")[5:7]
    yield "title", f"{{{escape_tex(cited.title)}}}"  # the inner braces keep its capitals
    yield "author", " and ".join(map(_name_for_tex, cited.authors))
    yield "year", year
    yield "month", month.lstrip("0")
    yield "date", cited.published or ""
    yield "journal" if cited.kind == "paper" else "howpublished", escape_tex(cited.source)
    yield "url", escape_url(cited.url)
    yield "langid", escape_tex(cited.language)
    yield "keywords", escape_tex(", ".join(tag.replace(",", " ") for tag in cited.tags))


def _name_for_tex(name: str) -> str:
    """Return a name so that BibTeX reads one: an "and" or a comma in it would make it several."""
    escaped = escape_tex(name)
    alone = re.search(r",|\band\b", name, re.IGNORECASE) is not None
    return f"{{{escaped}}}" if alone else escaped


def escape_tex(text: str) -> str:
    """Return a text as TeX sets it, character for character."""
    return text.translate(_TEX_TABLE)


def escape_url(url: str) -> str:
    """Return an address that stands between braces, where a backslash is no escape."""
    return re.sub(r"[\\{}\s]", lambda found: quote(found[0], safe=""), url)


# --- RIS --------------------------------------------------------------------------------------


def write_ris(cited: Citation) -> str:
    """Return a piece as RIS, which reference managers read."""
    lines = [("TY", RIS_TYPES.get(cited.kind, "BLOG")), ("ID", key_of_citation(cited)),
             ("TI", cited.title)]  # fmt: skip
    lines += [("AU", _name_for_ris(name)) for name in cited.authors]
    if cited.published:
        lines += [("PY", cited.published[:4]), ("DA", cited.published.replace("-", "/"))]
    lines += [("T2", cited.source), ("UR", cited.url), ("LA", cited.language)]
    lines += [("KW", tag) for tag in cited.tags]
    stated = [(tag, value) for tag, value in lines if value]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in (*stated, ("ER", "")))


def _name_for_ris(name: str) -> str:
    surname, given = _split_name(name)
    return f"{surname}, {given}" if given else surname


# --- APA --------------------------------------------------------------------------------------


def write_apa(cited: Citation) -> str:
    """Return a piece as a line of a list of references; without authors its title comes first."""
    names = list(map(_name_for_apa, cited.authors))
    if len(names) > MOST_AUTHORS:
        names = [*names[: MOST_AUTHORS - 1], f"… {names[-1]}"]
        who = ", ".join(names)
    else:
        who = ", & ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
    when, title = f"({_day_for_apa(cited.published)}).", _close(cited.title)
    first = (_close(who), when, title) if who else (title, when)
    return " ".join((*first, _close(cited.source), cited.url))


def _day_for_apa(iso: str | None) -> str:
    if iso is None:
        return "n.d."
    day = date.fromisoformat(iso)
    return f"{day.year}, {day:%B} {day.day}"


def _name_for_apa(name: str) -> str:
    surname, given = _split_name(name)
    initials = [
        "-".join(f"{part[0].upper()}." for part in word.split("-") if part)
        for word in given.split()
    ]
    return f"{surname}, {' '.join(initials)}" if initials else surname


def _split_name(name: str) -> tuple[str, str]:
    """Return surname and given names; of a name that a comma parts, as it is written.

    A name in one word, and one with "and" or digits in it, which is no person's, is a surname.
    """
    surname, comma, given = (part.strip() for part in name.partition(","))
    if comma and surname and given:
        return surname, given
    words = name.split()
    if len(words) < 2 or re.search(r"\d|\band\b|&", name):
        return name, ""
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first])


def _close(text: str) -> str:
    """Return a sentence with the full stop that it may lack."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


# The files of a citation by their endings: who writes them, and what they are.
CITED_AS = {
    "bib": (write_bibtex, "application/x-bibtex"),
    "ris": (write_ris, "application/x-research-info-systems"),
}
