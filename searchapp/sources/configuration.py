"""Reads content/sources.toml: what is read, and what holds for all of it.

Every key is known here, so that a misspelt one is an error at its line, not a setting
that silently does nothing.
"""

import datetime as dt
import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from searchapp import languages
from searchapp.documents import KINDS
from searchapp.errors import ConfigurationError
from searchapp.sources.facts import web_address
from searchapp.sources.files import root_of
from searchapp.sources.generators import GENERATORS, generator_of
from searchapp.sources.mending import shown
from searchapp.sources.model import Configuration, SiteConfiguration, Source
from searchapp.sources.permalinks import PARTS, unknown_part
from searchapp.sources.readers import READERS
from searchapp.toml import explain

__all__ = ["Configuration", "SiteConfiguration", "Source", "read_configuration"]

FILE_NAME = "sources.toml"
_MAIL = re.compile(r"[^\s@:/?&,;<>\"%]+@[^\s@:/?&,;<>\"%]+\.[^\s@:/?&,;<>\"%.]+")

_TYPES: dict[type, str] = {
    str: "text in quotes", int: "a whole number", bool: "true or false",
    list: 'a list of texts: ["one", "two"]',
}  # fmt: skip

_TABLES = ("site", "hosts", "source")
_SITE: dict[str, type] = dict.fromkeys(
    ("title", "url", "author", "language", "description", "feedback"), str
)
_SOURCE: dict[str, type] = {
    **dict.fromkeys(("name", "kind", "path", "site", "url", "permalink"), str),
    **dict.fromkeys(("author", "language", "gives", "groups", "generator", "folders"), str),
    **dict.fromkeys(("exclude", "categories"), list),
    "prefer": int,
    "dedup": bool,
}
_REQUIRED = ("name", "kind", "path")
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(READERS),
    "gives": KINDS,
    "groups": ("tag", "year", "publication"),
    "generator": tuple(GENERATORS),
    "folders": ("tag",),
}
# What may be taken for a kind, and the kind that reads it.
_KINDS_MEANT = {
    **dict.fromkeys(("md", "blog", "posts", "post", "notes", "text"), "markdown"),
    **dict.fromkeys(("htm", "site", "website", "pages"), "html"),
    **dict.fromkeys(("rss", "atom", "rdf", "xml", "jsonfeed", "podcast"), "feed"),
    **dict.fromkeys(("yaml", "yml", "json", "toml", "csv", "tsv", "table"), "list"),
    **dict.fromkeys(("ndjson", "export"), "jsonl"),
    **dict.fromkeys(("link", "bookmarks", "bullets"), "links"),
}


def read_configuration(content: Path, today: dt.date | None = None) -> Configuration:
    """Return what the content folder's `sources.toml` says.

    Without one, or without a `[[source]]` in it, the folder is one Markdown blog. `today`
    is the day of the build, by default that of this machine's clock, which is read nowhere
    else: posts of a later day are held back.
    """
    today = today or dt.date.today()
    check_content(content)
    path = content / FILE_NAME
    if not os.access(content, os.R_OK | os.X_OK):
        raise ConfigurationError(
            f"{content}: content folder cannot be read (Permission denied); "
            "make it readable for the user who builds"
        )
    if not path.exists():
        whole = (_whole_folder(SiteConfiguration()),)
        return Configuration(SiteConfiguration(), whole, today=today)
    return replace(_Reader.of(path, content).configuration(), today=today)


def check_content(content: Path) -> None:
    """Refuse a content folder that is not there."""
    if not content.is_dir():
        what = "is a file" if content.exists() else "does not exist"
        raise ConfigurationError(
            f"{content}: content folder {what}; name the folder with your writing: --content DIR"
        )


def _whole_folder(site: SiteConfiguration) -> Source:
    return Source(name="blog", kind="markdown", path=".", site=site.title)


@dataclass(frozen=True)
class _Reader:
    """Reads one file, and knows the line of each key in it for what it refuses."""

    path: Path
    content: Path
    lines: tuple[str, ...]
    tables: Mapping[str, Any]

    @classmethod
    def of(cls, path: Path, content: Path) -> "_Reader":
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: cannot be read ({error}); mend it") from None
        try:
            return cls(path, content, tuple(text.splitlines()), tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            line, problem, remedy = explain(text, error)
            raise ConfigurationError(f"{path}:{line}: is not TOML: {problem}; {remedy}") from None
        except (ValueError, RecursionError) as error:  # a number or a nesting without end
            raise ConfigurationError(f"{path}: cannot be read: {error}; mend it") from None

    def configuration(self) -> Configuration:
        """Return the whole file, checked."""
        self._check_keys(self.tables, _TABLES, None)
        site = self._site()
        stated = self.tables.get("source", [])
        if not isinstance(stated, list) or not all(isinstance(s, dict) for s in stated):
            raise self._error("[source] stands in single brackets; write [[source]]", "source")
        self._check_names(stated)
        ranks = _rank(stated)
        sources = [self._source(n, table, ranks[n]) for n, table in enumerate(stated)]
        return Configuration(site, tuple(sources) or (_whole_folder(site),), self._hosts())

    def _site(self) -> SiteConfiguration:
        table = self._table("site")
        self._check_keys(table, _SITE, "site")
        self._check_types(table, _SITE, "site")
        self._check_address(table, "site")
        self._check_language(table, "site")
        self._check_feedback(table)
        return SiteConfiguration(**table)

    def _hosts(self) -> dict[str, str]:
        table = self._table("hosts")
        for host, name in table.items():
            if not isinstance(name, str) or not name.strip():
                raise self._error(f"{host} is {shown(name)}; write the name shown", "hosts", host)
            if not re.fullmatch(r"[^\s/:@]+", host):
                raise self._error(f"'{host}' is no host; write it as medium.com", "hosts", host)
        return {host.lower().removeprefix("www."): name for host, name in table.items()}

    def _table(self, name: str) -> dict[str, Any]:
        table = self.tables.get(name, {})
        if not isinstance(table, dict):
            raise self._error(f"{name} is {shown(table)}; write it as a table [{name}]", None, name)
        return table

    def _source(self, number: int, table: dict[str, Any], rank: int) -> Source:
        self._check_keys(table, _SOURCE, "source", number)
        self._check_types(table, _SOURCE, "source", number)
        self._check_choices(table, number)
        self._check_address(table, "source", number)
        self._check_language(table, "source", number)
        line = self._line("source", None, number)
        lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
        facts = {"site": table["name"], **table, **lists, "prefer": rank, "line": line}
        source = Source(**facts)
        self._check_permalink(source, number)
        self._check_path(source, number)
        return source

    def _check_permalink(self, source: Source, number: int) -> None:
        permalink = source.permalink
        if permalink is None or permalink in generator_of(source).styles:
            return
        if ":" not in permalink:
            styles = generator_of(source).styles
            remedy = _nearest(permalink, styles) if styles else "; write parts of it: /:slug/"
            raise self._error(
                f"permalink is '{permalink}', which all posts would share{remedy}",
                "source", "permalink", number,
            )  # fmt: skip
        if part := unknown_part(permalink):
            raise self._error(
                f"permalink has ':{part}', which is no part of one{_nearest(part, PARTS)}",
                "source", "permalink", number,
            )  # fmt: skip

    def _check_names(self, stated: Iterable[Mapping[str, Any]]) -> None:
        seen: dict[str, str] = {}
        for number, table in enumerate(stated):
            for key in _REQUIRED:
                if key not in table:
                    self._check_keys(table, _SOURCE, "source", number)
                    raise self._error(
                        f"a [[source]] lacks {key}; add {key} = ...", "source", None, number
                    )
            name = table["name"]
            if (
                not isinstance(name, str)
                or not name.strip()
                or not re.fullmatch(r"[^:#/\\]+", name)
            ):
                raise self._error(
                    f"name is {shown(name)}; write a word without : # / \\",
                    "source",
                    "name",
                    number,
                )
            if other := seen.get(name.casefold()):
                twice = "stands twice" if other == name else f"is '{other}' but for its capitals"
                reason = f"name '{name}' {twice}; give each source its own"
                raise self._error(reason, "source", "name", number)
            seen[name.casefold()] = name

    def _check_keys(
        self, table: Mapping[str, Any], known: Iterable[str], header: str | None, number: int = 0
    ) -> None:
        known = tuple(known)
        for key in table:
            if key not in known:
                where = f"[{header}] has no key" if header else "has no table or key"
                where = where.replace("[source]", "[[source]]")
                raise self._error(f"{where} '{key}'{_nearest(key, known)}", header, key, number)

    def _check_types(
        self, table: Mapping[str, Any], types: Mapping[str, type], header: str, number: int = 0
    ) -> None:
        for key, value in table.items():
            odd = isinstance(value, list) and not all(isinstance(text, str) for text in value)
            if type(value) is not types[key] or odd:
                raise self._error(
                    f"{key} is {shown(value)}; write {_TYPES[types[key]]}", header, key, number
                )

    def _check_choices(self, table: Mapping[str, Any], number: int) -> None:
        for key, choices in _CHOICES.items():
            if key in table and table[key] not in choices:
                raise self._error(
                    f"{key} is '{table[key]}', which is none{_meant(key, table[key], choices)}",
                    "source", key, number,
                )  # fmt: skip

    def _check_address(self, table: Mapping[str, Any], header: str, number: int = 0) -> None:
        if "url" in table and web_address(table["url"]) is None:
            raise self._error(
                f"url is {shown(table['url'])}; write a whole address: https://...",
                header,
                "url",
                number,
            )

    def _check_language(self, table: Mapping[str, Any], header: str, number: int = 0) -> None:
        said = table.get("language")
        if said is not None and not languages.is_code(said):
            reason = (
                f"language is {shown(said)}, which is no code of one; {languages.refusal(said)}"
            )
            raise self._error(reason, header, "language", number)

    def _check_feedback(self, table: Mapping[str, Any]) -> None:
        stated = table.get("feedback")
        if stated is None or _MAIL.fullmatch(stated) or web_address(stated):
            return
        raise self._error(
            f"feedback is {shown(stated)}; write a mail address, me@example.org, or a whole "
            "address: https://...",
            "site",
            "feedback",
        )

    def _check_path(self, source: Source, number: int) -> None:
        root = root_of(source, self.content)
        try:
            if root.exists() or root.is_symlink():
                return
            beside = [p.name for p in root.parent.iterdir()] if root.parent.is_dir() else []
        except OSError:  # a closed folder: reading it tells what is wrong, and costs one entry
            return
        near = difflib.get_close_matches(root.name, beside, 1)
        remedy = f"; did you mean '{near[0]}'?" if near else "; create it, or mend the path"
        raise self._error(
            f"path is '{source.path}', which is not there{remedy}", "source", "path", number
        )

    def _error(
        self, reason: str, header: str | None, key: str | None = None, number: int = 0
    ) -> ConfigurationError:
        line = self._line(header, key, number)
        return ConfigurationError(f"{self.path}{f':{line}' if line else ''}: {reason}")

    def _line(self, header: str | None, key: str | None, number: int) -> int | None:
        """Return the line of a key below its header, else of the header, as far as found."""
        at, seen, inside = None, -1, header is None
        for line, text in enumerate(self.lines, start=1):
            if opened := re.match(r"\s*\[\[?\s*[\"']?([\w-]+)", text):
                if key is not None and header is None and opened[1] == key:
                    return line
                seen += opened[1] == header
                inside = opened[1] == header and seen == number
                at = line if inside else at
            elif inside and key is not None and _key_at(text) == key:
                return line
        return at


def _rank(stated: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return each source's rank: by `prefer`, else by its position.

    Of two at one rank the one that says `prefer` comes first: `prefer = 1` means first,
    wherever in the file it stands.
    """
    places = [
        (table["prefer"], 0, n) if type(table.get("prefer")) is int else (n, 1, n)
        for n, table in enumerate(stated, start=1)
    ]
    order = sorted(places)
    return [order.index(place) + 1 for place in places]


def _key_at(line: str) -> str | None:
    key = re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[=.]""", line)
    return next((k for k in key.groups() if k is not None), None) if key else None


def _meant(key: str, word: str, choices: Iterable[str]) -> str:
    """Return what a value that is none of the choices may have been meant to be."""
    if key == "kind" and word.lower() in GENERATORS:
        return f"; did you mean kind = 'markdown' and generator = '{word.lower()}'?"
    known = {choice: choice for choice in choices} | (_KINDS_MEANT if key == "kind" else {})
    near = difflib.get_close_matches(word.lower(), known, 1)
    return f"; did you mean '{known[near[0]]}'?" if near else f"; known are {', '.join(choices)}"


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word.lower(), list(known), 1)
    return f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(known)}"
