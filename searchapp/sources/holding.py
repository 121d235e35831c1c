"""Decides which entries their owner does not want shown, or not yet: one rule each.

    _index.md, the front page              lists other pages, and is no piece
    _drafts/, _post.md of Astro            lies where its generator publishes nothing
    draft, published, status, hidden ...   says so itself
    date, publishDate, expiryDate          its day is yet to come, or past
    nothing stated and no text             is not written yet

They are held back, not skipped: nothing is wrong with them, and each is reported. Places are
those of files; the other rules hold for the entries of lists, feeds and exports alike.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from searchapp.sources.facts import Facts, says_no, says_yes
from searchapp.sources.generators import generator_of
from searchapp.sources.mending import shown
from searchapp.sources.model import Entry, HeldBack, SourceFile
from searchapp.sources.naming import FileName

_OFF = "take the line out to show it"
_HIDING = ("draft", "isdraft", "private", "hidden", "unlisted", "headless")
_SHOWING = ("published", "publish")
_STATES = frozenset(("draft", "private", "hidden", "pending", "skip", "unpublished"))
_NEVER = frozenset(("never", "false"))

# Facts that say how a page is made, and nothing of what it is.
_OF_THE_PAGE = frozenset(("layout", "template", "weight", "permalink", "url", "render"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry before it is made a document; `name` is that of a file of its own.

    `keys` has the paths of all posts; `day` is its date, `today` that of the build.
    """

    file: SourceFile
    entry: Entry
    facts: Facts
    name: FileName | None
    keys: Mapping[str, str]
    day: dt.date | None = None
    today: dt.date | None = None

    def hold(self) -> HeldBack | None:
        """Return why the entry is held back, None if it is to be shown."""
        for fact, reason in self._reasons():
            origin = self.facts.origin_of(fact)
            told = reason.replace(";", f", as {origin} states;", 1) if origin else reason
            return HeldBack(told, self.entry.lines.get(fact, self.entry.line))
        return None

    def _reasons(self) -> Iterator[tuple[str, str]]:
        if self.name:
            yield from self._by_place(self.name)
        yield from self._by_switch()
        yield from self._by_build()
        yield from self._by_day()
        if self.name and not self.entry.body.strip() and self._states_nothing():
            yield "", "states nothing and has no text; write it, or delete the file"

    def _by_place(self, name: FileName) -> Iterator[tuple[str, str]]:
        generator = generator_of(self.file.source)
        known = generator.label not in ("none", "plain Markdown")
        if name.dated == "_index":
            yield "", "lists the pages of its folder, and is no piece"
        elif known and name.dated == "index" and not name.folders:
            yield "", "is the front page of its folder, and no piece"
        if "_drafts" in (*name.folders, PurePosixPath(self.file.source.path).name):
            yield "", "lies in _drafts; move it to _posts to show it"
        parts = (*name.folders, name.dated)
        if generator.underscored and any(part.startswith("_") for part in parts):
            yield "", f"has a name with _, which {generator.label} leaves out; rename it to show it"
        if generator.label == "Hugo" and (bundle := self._bundle()):
            yield "", f"is a part of the page {bundle}, and no piece of its own"

    def _bundle(self) -> str | None:
        """Return the `index.md` beside or above a file, whose page it is a resource of."""
        path = PurePosixPath(self.file.path)
        above = list(path.parents)[: len(PurePosixPath(self.file.name).parts) - 1]
        for folder in above:
            index = (folder / "index.md").as_posix()
            if index != self.file.path and index in self.keys:
                return index
        return None

    def _by_switch(self) -> Iterator[tuple[str, str]]:
        for names, is_held in ((_HIDING, says_yes), (_SHOWING, says_no)):
            for plain in names:
                name, value = self.facts.stated_as(plain)
                if is_held(value):
                    yield name, f"{name} is {str(value).lower()}; {_OFF}"
        name, value = self.facts.stated_as("status")
        if isinstance(value, str) and value.strip().lower() in _STATES:
            yield name, f"{name} is {shown(value)}; write published to show it"

    def _by_build(self) -> Iterator[tuple[str, str]]:
        """Yield what tells the generator to make no page, or to leave it out of its lists."""
        for plain in ("build", "options"):
            name, value = self.facts.stated_as(plain)
            render = value.get("render") if isinstance(value, dict) else None
            if render is False or str(render).lower() in _NEVER:
                yield name, f"{name} says that no page is rendered; {_OFF}"
        name, value = self.facts.stated_as("permalink")
        if value is False:
            yield name, f"{name} is false; {_OFF}"
        name, value = self.facts.stated_as("eleventyexcludefromcollections")
        if value is True:
            yield name, f"{name} is true; {_OFF}"

    def _by_day(self) -> Iterator[tuple[str, str]]:
        if self.today is None:
            return
        name, _ = self.facts.value("publishes")
        coming = self.facts.day("publishes")
        for fact, day in ((name, coming), ("date", self.day)):
            if day and self.today < day:
                yield fact, f"{fact} is {day.isoformat()}, yet to come; it is shown from then on"
        name, _ = self.facts.value("expires")
        expires = self.facts.day("expires")
        if expires and self.today >= expires:
            yield name, f"{name} is {expires.isoformat()}, and has come; {_OFF}"

    def _states_nothing(self) -> bool:
        return all(plain in _OF_THE_PAGE for plain in self.facts.stated_names())
