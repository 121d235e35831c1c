"""Decides where a post stands on the web: stated, or by the rule of its generator.

    url, permalink, path, save_as ---> address
    slug, date, file, folders -------> pattern ---> address

The address must be the real one, so that a link to it, from a list or another post, is known
to be a link to this piece: rather none than a guess.
"""

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from searchapp.slugs import slug_of_title
from searchapp.sources.facts import Facts, web_address
from searchapp.sources.generators import (
    POSTS,
    collection_of,
    folders_of,
    generator_of,
    pattern_of,
)
from searchapp.sources.mending import shown
from searchapp.sources.model import Source
from searchapp.sources.naming import FileName
from searchapp.sources.patterns import pelican_pattern
from searchapp.sources.permalinks import Named, expand, join, translate_template, unknown_part
from searchapp.sources.zones import day_in_zone

# What a path of the site may begin with where its generator takes one without a slash.
_PATH = re.compile(r"(?!www\.)[^\s:/\\]+(?:/.*)?|:[a-z_]+/.*|\{\{.*")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a post stands, the address that it is a copy of, its old ones and its copies."""

    url: str | None = None
    canonical: str | None = None
    aliases: tuple[str, ...] = ()
    syndication: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """What the address of an entry is made of; one in a list has no `name` of a file.

    `heading` is the title that it states. `language` is that of the site: pages in another
    one stand in a folder of their own. `settings` are those of the site's own configuration.
    """

    source: Source
    facts: Facts
    name: FileName | None = None
    day: dt.date | None = None
    heading: str = ""
    author: str = ""
    language: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)

    def addresses(self) -> Addresses:
        """Return all addresses; one that is stated wrongly is a warning of the facts.

        A post that was published elsewhere, and has no address here, stands there; one that
        only leads elsewhere stands there too, and its own address is an old one.
        """
        own = self._own()
        aliases = self._aliases(own)
        elsewhere = self.facts.address("elsewhere")
        canonical = self._whole("canonical_url") or elsewhere
        if leads_to := self._whole("leads_to"):
            own, aliases = leads_to, (*aliases, *filter(None, [own]))
        elif self.name and own is None and self.facts.value("url")[1] is None:
            own = elsewhere or canonical
        known = (own, canonical)
        return Addresses(
            own,
            canonical if canonical != own else None,
            tuple(alias for alias in dict.fromkeys(aliases) if alias != own),
            tuple(copy for copy in self.facts.addresses("syndication") if copy not in known),
        )

    def categories(self) -> tuple[str, ...]:
        """Return its categories, after those of its source and of the folders above `_posts`."""
        above: tuple[str, ...] = ()
        if self.name and (found := [f for f in self.name.folders if f in POSTS]):
            above = self.name.folders[: self.name.folders.index(found[0])]
            home = str(self.settings.get("collections_dir") or "").strip("/").split("/")
            above = above[len(home) :] if list(above[: len(home)]) == home else above
        return tuple(dict.fromkeys((*self.source.categories, *above, *self.facts.categories())))

    def _whole(self, fact: str) -> str | None:
        """Return another address; of a site with a generator a path will do."""
        texts = self.facts.texts(fact)
        if texts and texts[0].startswith("/") and self.source.generator and self.source.url:
            return join(self.source.url, texts[0])
        return self.facts.address(fact)

    def _aliases(self, own: str | None) -> tuple[str, ...]:
        """Return the old addresses; words with spaces are other titles, as Obsidian has them."""
        paths = [text for text in self.facts.texts("aliases") if " " not in text]
        joined = (path if "://" in path else self._old(path, own) for path in paths)
        return tuple(filter(None, (web_address(address) for address in joined if address)))

    def _old(self, path: str, own: str | None) -> str | None:
        """Return an old address that is a path: with Hugo, one seen from beside the page."""
        base = self.source.url
        if base is None or self.source.generator != "hugo":
            return join(base, path) if base else None
        if not path.startswith("/"):
            if own is None or not own.startswith(base.rstrip("/") + "/"):
                return None
            beside = posixpath.dirname(own[len(base.rstrip("/")) :].rstrip("/"))
            path = posixpath.join(beside, path)
        end = "/" if path.endswith("/") else ""
        return join(base, posixpath.normpath("/" + path.lstrip("/")).rstrip("/") + end)

    # --- The post's own -----------------------------------------------------------

    def _own(self) -> str | None:
        stated = self._stated()
        if isinstance(stated, str) and (self.source.url or self.name) and self._is_path(stated):
            if not self._is_of_another(stated):
                return self._expand_stated(stated)
        elif stated is not None:
            return None if stated is False else self.facts.address("url")
        if self.source.url is None or self.name is None:
            return None
        if self.source.generator == "zola" and self.facts.stated_as("render")[1] is False:
            return None  # it is only listed, and has no page
        pattern = self._pattern(self.name)
        path = self._expand(pattern) if pattern else None
        if pattern and path is None:
            self._warn_of(pattern)
        return join(self.source.url, self._folder_of_language() + path) if path else None

    def _pattern(self, name: FileName) -> str | None:
        """Return the pattern of the address; Pelican has one for each language but the site's."""
        if self.source.generator == "pelican":
            own = self.settings.get("default_lang")
            default = str(own or self.language or "en").lower()
            if self._stated_language() not in ("", default):
                stated = self.settings.get("article_lang_url")
                return pelican_pattern(stated) if isinstance(stated, str) else "/:slug-:lang.html"
        folders = folders_of(self.source, name)
        return pattern_of(self.source, folders, collection_of(self.source, folders))

    def _stated_language(self) -> str:
        _, stated = self.facts.value("language")
        return stated.strip().lower() if isinstance(stated, str) else ""

    def _folder_of_language(self) -> str:
        """Return the folder of pages in another language than the site's, with Hugo and Zola."""
        if not generator_of(self.source).languages or self.name is None:
            return ""
        names = ("defaultcontentlanguage", "default_language")
        stated = next((self.settings[name] for name in names if self.settings.get(name)), "")
        default = str(stated or self.language).lower()
        language = self.name.language or default
        own = self.settings.get("defaultcontentlanguageinsubdir") is True
        return f"/{language}" if language and (own or language != default) else ""

    def _stated(self) -> object:
        """Return the address or path that the post states, by the names its generator has."""
        _, stated = self.facts.value("url")
        if stated is None and self.source.generator == "zola":
            path = self.facts.words("path")
            return f"/{path.strip('/')}/" if path else None
        if stated is None and self.source.generator == "pelican":
            return self.facts.words("saved") or None
        return stated

    def _is_path(self, stated: str) -> bool:
        if stated.startswith("/"):
            return not stated.startswith("//")
        return bool(self.source.generator and _PATH.fullmatch(stated))

    def _is_of_another(self, stated: str) -> bool:
        """Tell of a path with parts that this generator does not fill in: left from a move."""
        generator = generator_of(self.source)
        if generator.fills_in or not re.search(":[a-z]", stated):
            return False
        name, _ = self.facts.value("url")
        remedy = f"which {generator.label} does not fill in; take it out"
        self.facts.warnings.append((name, f"{name} is {shown(stated)}, {remedy}"))
        return True

    def _expand_stated(self, stated: str) -> str | None:
        """Return the address of a path that may have parts or simple templates of its own."""
        if self.source.url is None:
            return None
        pattern = translate_template(stated)
        if pattern is None:
            name, _ = self.facts.value("url")
            self.facts.warn(name, stated, "its template is not read; write the path itself")
            return None
        path = None if unknown_part(pattern) else self._expand(pattern)
        if path and self.source.generator == "hugo" and not stated.startswith("/"):
            path = self._folder_of_language() + path
        if path and self.source.generator == "eleventy":
            path = re.sub(r"(^|/)index\.html$", r"\1", path)
        return join(self.source.url, path) if path else None

    def _expand(self, pattern: str) -> str | None:
        return expand(pattern, self._named(), generator_of(self.source).parts)

    def _named(self) -> Named:
        name = self.name or FileName("", "")
        slug = self.facts.words("slug").strip("/")
        folders = folders_of(self.source, name)
        return Named(
            title=slug or name.name,
            slug=slug or slug_of_title(name.name),
            day=self._day(),
            categories=self.categories(),
            heading=self.heading,
            stated=slug,
            dated=name.dated,
            folders=folders,
            collection=collection_of(self.source, folders),
            author=self.author,
            language=name.language or self._stated_language() or self.language,
        )

    def _day(self) -> dt.date | None:
        """Return the day in the address: with Jekyll, that of the moment in the site's zone.

        A site that names none is most often built in UTC; of one whose configuration is not
        here nothing is known, and the day as written stands.
        """
        if self.source.generator not in ("jekyll", "academicpages") or not self.settings:
            return self.day
        _, stated = self.facts.value("date")
        return day_in_zone(stated, self.settings.get("timezone")) or self.day

    def _warn_of(self, pattern: str) -> None:
        """Say why the source's pattern gives no address, unless that is said already."""
        if self.day is None and self.facts.value("date")[1] is None:
            reason = f"has no date, which the permalink {pattern} asks for; add date"
            self.facts.warnings.append(("date", reason))
        elif self.day is not None:
            reason = f"has no address by the permalink {pattern}, which cannot spell it; add slug"
            self.facts.warnings.append(("slug", reason))
