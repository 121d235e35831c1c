"""Turns an entry, whatever kind of source it came from, into a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from searchapp.documents import Document
from searchapp.errors import ContentError
from searchapp.slugs import slug_of_title
from searchapp.sources.dates import part_name
from searchapp.sources.facts import Facts, says_no, without_surrogates
from searchapp.sources.files import root_of
from searchapp.sources.model import Configuration, Entry, Reader, Source, SourceFile
from searchapp.sources.permalinks import Named, expand, join
from searchapp.sources.resolving import Resolver
from searchapp.text import Rendered, count_minutes, render, repair, unused

TITLE_LENGTH = 80  # of one that is made from the first words of a text

_NOTHING = Rendered("", "", (), ())


@dataclass
class Maker:
    """Makes the documents of one source; remembers which ids are given away."""

    source: Source
    reader: Reader
    configuration: Configuration
    content: Path
    keys: Mapping[str, str]
    used: set[str] = field(default_factory=set)

    def make(self, file: SourceFile, entry: Entry) -> tuple[Document, list[tuple[str, str]]]:
        """Return the document of an entry, and the facts that could not be used, by name."""
        facts = Facts(entry.facts, mend=not says_no(entry.facts.get("repair")))
        title = facts.words("title")
        named_date, name = part_name(_stem(file.name))
        day = facts.date() or (named_date if self.reader.identity == "path" else None)
        url = self._url(facts, day, name)
        resolver = self._resolver(file, url)
        rendered = self._render(facts, entry.body, resolver, title)
        title = title or self._title(rendered, name)
        series, part = facts.series()
        site = self.configuration.site
        document = Document(
            id=self._id(file, entry, title),
            title=title,
            source=self.source.name,
            site=self.source.site,
            path=file.path,
            line=entry.line,
            url=url,
            publication=self._publication(facts, url),
            canonical_url=facts.address("canonical_url"),
            date=day,
            tags=facts.tags(entry.topics),
            summary=facts.summary(),
            text=rendered.text,
            html=rendered.html or None,
            sections=rendered.sections,
            images=tuple(map(resolver.path_of_image, rendered.images)),
            kind=facts.kind(self.source.gives or self.reader.gives),
            language=facts.language(self.source.language or site.language),
            authors=facts.authors() or tuple(filter(None, [self.source.author or site.author])),
            minutes=facts.number("minutes") or count_minutes(rendered.text),
            series=series,
            part=part,
            prefer=self.source.prefer,
            listed=self.reader.listed,
            joins=self.source.dedup,
        )
        return document, facts.warnings

    def mend(self, words: str) -> str:
        """Return words that belong to no entry, repaired."""
        return Facts({}).line(words)

    def _url(self, facts: Facts, day: date | None, name: str) -> str | None:
        """Return the entry's own address, else the one that the permalink gives."""
        base, pattern = self.source.url, self.source.permalink
        by_path = self.reader.identity == "path"
        _, stated = facts.value("url")
        slug = facts.words("slug").strip("/")
        named = Named(slug or name, slug or slug_of_title(name), day, facts.categories())
        if isinstance(stated, str) and _is_path(stated) and (base or by_path):
            path = expand(stated, named) if base else None
            return join(base, path) if base and path else None
        if stated is not None:
            return facts.address("url")
        if base is None or pattern is None or not by_path:
            return None
        path = expand(pattern, named)
        if path is None and facts.value("date")[1] is None:
            reason = f"has no date, which the permalink {pattern} asks for; add date"
            facts.warnings.append(("date", reason))
        return join(base, path) if path else None

    def _resolver(self, file: SourceFile, url: str | None) -> Resolver:
        root = root_of(self.source, self.content)
        roots = (root,) if root.is_dir() else (root.parent,)
        return Resolver(self.content, file.absolute.parent, self.keys, url, roots)

    def _render(self, facts: Facts, body: str, resolver: Resolver, title: str) -> Rendered:
        body = without_surrogates(body)
        if not body.strip():
            return _NOTHING
        try:
            return render(body, resolver.resolve, mend=facts.mend, title=title or None)
        except ContentError as error:
            facts.warnings.append(("body", error.reason))
            return Rendered("", body, (), ())

    def _title(self, rendered: Rendered, name: str) -> str:
        """Return the title of an entry that states none.

        A post has its first heading, else its file's name; what stands in a list among
        others has the first words of its text, or nothing that could name it.
        """
        if rendered.title:
            return rendered.title
        if self.reader.identity == "path":
            words = name.replace("-", " ").replace("_", " ").strip()
            return repair(words[:1].upper() + words[1:]) or name
        first = rendered.text.split("\n", 1)[0].strip()
        if not first:
            raise ContentError("has no title and no text; add a title")
        return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1].rstrip() + "…"

    def _id(self, file: SourceFile, entry: Entry, title: str) -> str:
        """Return the document's id by the contract; old links rely on it."""
        own = entry.facts.get("id") if self.reader.identity == "own" else None
        if isinstance(own, (str, int)) and str(own).strip():
            return without_surrogates(str(own).strip())
        path = f"{self.source.name}:{file.name}"
        if self.reader.identity == "path":
            return path
        return unused(f"{path}#{slug_of_title(title)}", self.used)

    def _publication(self, facts: Facts, url: str | None) -> str | None:
        if self.reader.identity == "own" and isinstance(facts.stated.get("source"), str):
            stated = facts.line(str(facts.stated["source"]))
        else:
            stated = facts.publication() or ""
        return stated or (name_of_host(url, self.configuration.hosts) if url else None)


def name_of_host(url: str, hosts: Mapping[str, str]) -> str | None:
    """Return the name that `[hosts]` gives to the address's host, or to one above it."""
    host = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    labels = host.split(".")
    parents = (".".join(labels[n:]) for n in range(len(labels)))
    return next((hosts[parent] for parent in parents if parent in hosts), None)


def _stem(name: str) -> str:
    """Return a file's name without its ending; that of its folder for `cats/index.md`."""
    path = PurePosixPath(name)
    return path.parent.name if path.stem == "index" and path.parent.name else path.stem


def _is_path(stated: str) -> bool:
    return stated.startswith("/") and not stated.startswith("//")
