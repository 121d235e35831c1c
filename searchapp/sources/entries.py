"""Turns an entry, whatever kind of source it came from, into a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from searchapp.documents import Document
from searchapp.errors import ContentError
from searchapp.slugs import slug_of_title
from searchapp.sources.addresses import Post
from searchapp.sources.dates import date_of_path
from searchapp.sources.facts import Facts, says_no, without_surrogates
from searchapp.sources.files import root_of
from searchapp.sources.generators import GENERATORS, POSTS, Generator, generator_of
from searchapp.sources.holding import Candidate
from searchapp.sources.kramdown import prepare
from searchapp.sources.model import (
    NOTHING,
    Configuration,
    Entry,
    HeldBack,
    Inherited,
    Reader,
    SiteConfiguration,
    Source,
    SourceFile,
)
from searchapp.sources.naming import FileName
from searchapp.sources.posts import Posts
from searchapp.sources.resolving import Resolver
from searchapp.text import (
    TOO_DEEP,
    Rendered,
    count_minutes,
    plain_text,
    read_formulas_in,
    render,
    render_html,
    repair,
    unescape,
    unused,
)

TITLE_LENGTH = 80  # of one that is made from the first words of a text

LONG_TITLE = 500  # characters of one that is told

_NOTHING = Rendered("", "", (), ())


@dataclass(frozen=True, slots=True)
class Made:
    """A document, and by the name of a fact what could not be used, and what was repaired.

    `astray` are its links and images that are no file of ours: the kind, and what stands there.
    """

    document: Document
    warnings: tuple[tuple[str, str], ...]
    repairs: tuple[tuple[str, str], ...]
    astray: tuple[tuple[str, str], ...] = ()


@dataclass
class Maker:
    """Makes the documents of one source; remembers which ids are given away."""

    source: Source
    reader: Reader
    configuration: Configuration
    content: Path
    keys: Posts
    used: dict[str, int] = field(default_factory=dict)
    inherited: Inherited = NOTHING

    def make(self, file: SourceFile, entry: Entry) -> Made | HeldBack:
        """Return the document of an entry, or that it is not to be shown, or not yet."""
        facts = self._facts(file, entry)
        name = self._name(file)
        if name and entry.markup == "markdown":
            entry = replace(entry, body=self._prepare(file, facts, entry.body))
        day = self._day(facts, name)
        today = self.configuration.today
        if held := Candidate(file, entry, facts, name, self.keys, day, today).hold():
            return held
        title = facts.words("title") if entry.plain else unescape(facts.words("title"))
        if len(title) > LONG_TITLE:
            reason = f"title has {len(title):,} characters, as a text has; make it shorter"
            facts.warnings.append(("title", reason))
        authors = facts.authors() or tuple(filter(None, [self.source.author or self._site.author]))
        post = Post(
            self.source, facts, name, day, heading=title,
            author="".join(authors[:1]), language=self._site.language,
            settings=self.inherited.settings,
        )  # fmt: skip
        addresses = post.addresses()
        url = addresses.url
        resolver = self._resolver(file, url)
        shown = read_formulas_in(title)
        rendered = self._render(facts, entry, resolver, shown)
        title, shown = (title, shown) if title else (self._title(rendered, name),) * 2
        series, part = facts.series()
        document = Document(
            id=self._id(file, entry, title),
            title=shown,
            source=self.source.name,
            site=self.source.site,
            path=file.path,
            line=entry.line,
            url=url,
            publication=self._publication(facts, url),
            canonical_url=addresses.canonical,
            syndication=addresses.syndication,
            aliases=addresses.aliases,
            date=day,
            tags=facts.tags((*post.categories(), *self._folders(name), *entry.topics)),
            summary=facts.summary() or " ".join(rendered.lead.split()),
            text=rendered.text,
            html=rendered.html or None,
            sections=rendered.sections,
            code=rendered.code,
            images=tuple(map(resolver.path_of_image, rendered.images)),
            kind=facts.kind(self.source.gives or self.reader.gives),
            language=facts.language(
                (name and name.language) or self.source.language or self._site.language
            ),
            authors=authors,
            minutes=facts.number("minutes") or count_minutes(rendered.text),
            series=series,
            part=part,
            translation=facts.words("translation") or None,
            prefer=self.source.prefer,
            listed=self.reader.listed,
            joins=self.source.dedup,
            stated_title=self._stated_title(facts),
        )
        repairs = _list_repairs(facts, rendered)
        return Made(document, tuple(facts.warnings), repairs, tuple(resolver.astray))

    def mend(self, words: str) -> str:
        """Return words that belong to no entry, repaired."""
        return Facts({}).line(words)

    @property
    def _site(self) -> SiteConfiguration:
        return self.configuration.site

    def _generator(self, file: SourceFile) -> Generator:
        """Return the generator of the file; one in `_posts` can only be Jekyll's."""
        if self.source.generator is None and POSTS.intersection(Path(file.path).parts):
            return GENERATORS["jekyll"]
        return generator_of(self.source)

    def _facts(self, file: SourceFile, entry: Entry) -> Facts:
        generator = self._generator(file)
        return Facts(
            entry.facts,
            mend=not says_no(entry.facts.get("repair")),
            spaced=generator.spaced,
            semicolons=generator.semicolons,
            names_of_lists=generator.names_of_lists,
            inherited=self.inherited,
        )

    def _prepare(self, file: SourceFile, facts: Facts, body: str) -> str:
        _, own = facts.stated_as("excerptseparator")
        liquid = self._generator(file).liquid
        separator = own or self.inherited.settings.get("excerpt_separator")
        return prepare(body, liquid=liquid, separator=separator if liquid else None)

    def _name(self, file: SourceFile) -> FileName | None:
        """Return what a file's name says, None of a file of many entries."""
        if self.reader.identity != "path":
            return None
        return FileName.of(file.name, languages=generator_of(self.source).languages)

    def _day(self, facts: Facts, name: FileName | None) -> date | None:
        """Return the day that an entry states, else that in its path or its file's name."""
        day = facts.date()
        if day or name is None:
            return day
        _, path = facts.value("path")  # Zola's, often the only place that has the date
        return (date_of_path(path) if isinstance(path, str) else None) or name.day

    def _folders(self, name: FileName | None) -> tuple[str, ...]:
        """Return the folders of a post that are tags of it."""
        return name.topics if name and self.source.folders == "tag" else ()

    def _resolver(self, file: SourceFile, url: str | None) -> Resolver:
        root = root_of(self.source, self.content)
        roots = (root,) if root.is_dir() else (root.parent,)
        return Resolver(self.content, file.absolute.parent, self.keys, url, roots)

    def _render(self, facts: Facts, entry: Entry, resolver: Resolver, title: str) -> Rendered:
        body = without_surrogates(entry.body)
        if not body.strip():
            return _NOTHING
        try:
            shown = render_html if entry.markup == "html" else render
            rendered = shown(body, resolver.resolve, mend=facts.mend, title=title or None)
        except ContentError as error:
            facts.warnings.append(("body", error.reason))
            text = plain_text(body) if entry.markup == "html" else body
            return Rendered("", text, (), ())
        if rendered.too_deep:
            facts.warnings.append(("body", f"line {rendered.too_deep} of the text {TOO_DEEP}"))
        return rendered

    @staticmethod
    def _stated_title(facts: Facts) -> str | None:
        """Return the title as it stands in the source, where that is not how it is shown."""
        name, stated = facts.value("title")
        repaired = any(fact == name for fact, _ in facts.repairs)
        return without_surrogates(str(stated)) if repaired else None

    def _title(self, rendered: Rendered, name: FileName | None) -> str:
        """Return the title of an entry that states none.

        A post has its first heading, else its file's name; what stands in a list among
        others has the first words of its text, or nothing that could name it.
        """
        if rendered.title:
            return rendered.title
        if name:
            words = name.name.replace("-", " ").replace("_", " ").strip()
            return repair(words[:1].upper() + words[1:]) or name.name
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


def _list_repairs(facts: Facts, rendered: Rendered) -> tuple[tuple[str, str], ...]:
    """Return what was repaired of an entry, each thing once."""
    repairs = dict.fromkeys(facts.repairs)
    if rendered.repaired:
        passages = "1 passage" if rendered.repaired == 1 else f"{rendered.repaired} passages"
        reason = f"text was repaired in {passages}; save the file as UTF-8, or set repair: false"
        repairs["body", reason] = None
    return tuple(repairs)


def name_of_host(url: str, hosts: Mapping[str, str]) -> str | None:
    """Return the name that `[hosts]` gives to the address's host, or to one above it."""
    host = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    labels = host.split(".")
    parents = (".".join(labels[n:]) for n in range(len(labels)))
    return next((hosts[parent] for parent in parents if parent in hosts), None)
