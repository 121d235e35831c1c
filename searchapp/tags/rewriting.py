"""Writes the owner's decisions into `tags.toml`: its comments, order and line ends stay.

    merge RL reinforcement-learning  ->  [aliases]  "RL" = "reinforcement-learning"

The new text is read before it counts: it must mean what was asked for, and nothing else may
be refused by it.
"""

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import tomlkit

from searchapp.errors import ConfigurationError, SearchappError
from searchapp.slugs import slug_of_tag, squash
from searchapp.tags.replacing import read_as_it_is, replace_file
from searchapp.tags.vocabulary import (
    FILE,
    Described,
    KeyPath,
    Vocabulary,
    lines_of_keys,
    parse_vocabulary,
    show_name,
    wrong_with,
)

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MARK = "\ufeff"  # that a file is UTF-8, as some editors write it


@dataclass(frozen=True)
class Rewriting:
    """A change of `tags.toml` that is not written yet: its text before and after.

    `notes` tell what of the owner's words counts no more, and where it is kept.
    """

    before: str
    after: str
    notes: tuple[str, ...] = ()

    def changes(self) -> Iterator[str]:
        """Yield the lines that differ, as a unified diff has them."""
        before, after = self.before.splitlines(), self.after.splitlines()
        yield from difflib.unified_diff(before, after, FILE, FILE, n=1, lineterm="")


@dataclass(frozen=True)
class Known:
    """The tags that a command may name: slugs with the label that each is written by."""

    labels: Mapping[str, str]

    def find(self, name: str, vocabulary: Vocabulary) -> str | None:
        """Return the slug of a known tag, in whatever spelling it is named."""
        by_squash = {squash(slug): slug for slug in self.labels}
        return by_squash.get(squash(vocabulary.slug(name)))

    def expect(self, name: str, vocabulary: Vocabulary) -> str:
        """Return the slug of a tag, or tell which known one is nearest."""
        if found := self.find(name, vocabulary):
            return found
        near = difflib.get_close_matches(slug_of_tag(name), self.labels, 1, 0.5)
        hint = f"the nearest is {near[0]!r}" if near else "`searchapp tags` lists them"
        raise SearchappError(f"there is no tag {name!r}; {hint}")


def read_text(content: Path) -> str:
    """Return the text of `tags.toml` as it is; raises ConfigurationError as `read_as_it_is`."""
    return read_as_it_is(content / FILE)


def merge(text: str, one: str, other: str, known: Known) -> Rewriting:
    """Make a tag another name of another one, in any spellings; what is said of both is kept."""
    vocabulary = _parse(text)
    a, b = known.expect(one, vocabulary), known.expect(other, vocabulary)
    if a == b:
        raise SearchappError(f"{one!r} and {other!r} are one tag already: {a}")
    return _rewrite(text, [
        lambda file: file.describe_instead(a, b),
        lambda file: file.add_alias(known.labels[a], b),
        lambda file: file.add_alias(a, b),
    ], a, b)  # fmt: skip


def rename(text: str, one: str, other: str, known: Known) -> Rewriting:
    """Call a tag by a new name; the old one leads to it."""
    vocabulary = _parse(text)
    a = known.expect(one, vocabulary)
    if wrong := wrong_with(other):
        raise SearchappError(f"{show_name(other)} {wrong}")
    b = slug_of_tag(other)
    there = known.find(other, vocabulary)
    if there not in (None, a):
        raise SearchappError(f"{there!r} is a tag already; to join them: searchapp tags merge")
    return _rewrite(text, [
        lambda file: file.remove_alias(b),
        lambda file: file.describe_instead(a, b),
        lambda file: file.add_alias(known.labels[a], b),
        lambda file: file.add_alias(a, b),
        lambda file: file.set_label(b, " ".join(other.split())),
    ], a, b)  # fmt: skip


def add_name(text: str, name: str, slug: str) -> str:
    """Return the text with one more alias of a tag, such as what visitors call it."""
    if wrong := wrong_with(name):
        raise SearchappError(f"{show_name(name)} {wrong}")
    if _parse(text).slug(name) != slug_of_tag(name):
        raise SearchappError(f"{show_name(name)} is another name of a tag already, or is one")
    mark = text[: len(text) - len(text.removeprefix(_MARK))]
    file = _File(text.removeprefix(_MARK))
    file.expect_tables()
    after = file.add_alias(name, slug).text
    if _parse(after).slug(name) != slug:
        raise SearchappError(f"{FILE} has a form that cannot be edited safely; mend it by hand")
    return mark + after


def write(content: Path, rewriting: Rewriting) -> None:
    """Put the new text in place of the old one, in one step."""
    path = content / FILE
    if read_text(content) != rewriting.before:
        raise SearchappError(f"{FILE} was changed meanwhile; try again")
    try:
        replace_file(path, rewriting.after.encode())
    except OSError as error:
        reason = f"{FILE} cannot be written ({error.strerror}); let it be written, and try again"
        raise SearchappError(reason) from error


def _parse(text: str) -> Vocabulary:
    return parse_vocabulary(text.removeprefix(_MARK))


def _rewrite(text: str, steps: list[Callable[["_File"], "_File"]], a: str, b: str) -> Rewriting:
    mark = text[: len(text) - len(text.removeprefix(_MARK))]
    file = _File(text.removeprefix(_MARK))
    file.expect_tables()
    try:
        for step in steps:
            file = step(file)
        vocabulary = _parse(file.text)
    except ConfigurationError as error:
        raise SearchappError(f"{a} cannot become {b}: then {error}") from error
    if squash(vocabulary.slug(a)) != squash(b) or vocabulary.slug(b) != b:
        raise SearchappError(f"{FILE} has a form that cannot be edited safely; mend it by hand")
    return Rewriting(text, mark + file.text, file.notes)


@dataclass(frozen=True)
class _File:
    """The text of a `tags.toml`, line by line, and the changes that can be made to it."""

    text: str
    notes: tuple[str, ...] = ()

    def expect_tables(self) -> None:
        """Refuse aliases and tags that stand otherwise than below a header of their own."""
        for name, header in (("aliases", "[aliases]"), ("tags", "[tags.NAME]")):
            at = self.places.get((name,))
            if at is not None and not self.lines[at].lstrip().startswith("["):
                reason = f"{name} are written inline here, which cannot be edited safely"
                raise SearchappError(f"{FILE}:{at + 1}: {reason}; write them below {header}")

    @property
    def lines(self) -> list[str]:
        return re.findall(r"[^\n]*\n|[^\n]+", self.text)

    @property
    def places(self) -> Mapping[KeyPath, int]:
        """Where each key stands, by the number of its line from 0."""
        return {path: line - 1 for path, line in lines_of_keys(self.text).items()}

    @property
    def end(self) -> str:
        found = re.search(r"\r\n|\n", self.text)
        return found[0] if found else "\n"

    def add_alias(self, name: str, slug: str) -> "_File":
        """Add an alias behind the last one; one that spelling makes needless is left out."""
        vocabulary = _parse(self.text)
        if vocabulary.slug(name) == slug:
            return self
        line = f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(slug)}"
        at = [n for path, n in self.places.items() if path[0] == "aliases"]
        if at:
            return self._insert(max(at) + 1, line)
        return self._append(["[aliases]", line])

    def remove_alias(self, slug: str) -> "_File":
        """Take out the aliases that are spellings of what is to be the tag itself."""
        own = {
            n for path, n in self.places.items()
            if path[0] == "aliases" and len(path) > 1 and _same(path[1], slug)
        }  # fmt: skip
        return self._with("".join(line for n, line in enumerate(self.lines) if n not in own))

    def describe_instead(self, a: str, b: str) -> "_File":
        """Let what is said of one tag be said of the other, as far as that says nothing."""
        mine, theirs = self._described_as(a), self._described_as(b)
        if mine is None or mine == theirs:
            return self
        if theirs is None:
            return self._rename_table(mine, b)
        said = _parse(self.text).tags
        return self._join_tables(mine, theirs, said[slug_of_tag(mine)], said[slug_of_tag(theirs)])

    def _described_as(self, slug: str) -> str | None:
        return next(
            (p[1] for p in self.places if p[0] == "tags" and len(p) > 1 and _same(p[1], slug)), None
        )

    def _rename_table(self, name: str, slug: str) -> "_File":
        at = self.places["tags", name]
        lines = self.lines
        header = re.match(
            r"([ \t]*\[[ \t]*tags[ \t]*\.[ \t]*)(.+?)([ \t]*\].*)", lines[at], re.DOTALL
        )
        if header is None:
            where = f"{FILE}:{at + 1}"
            raise SearchappError(f"{where}: {name!r} is not described in a table; mend it by hand")
        lines[at] = f"{header[1]}{_key(slug)}{header[3]}"
        return self._with("".join(lines))

    def _join_tables(self, mine: str, theirs: str, said: Described, other: Described) -> "_File":
        """Take out a table, but for its comments; what the other one lacks goes there."""
        document = tomlkit.parse(self.text)
        tables: Mapping[str, tomlkit.items.Table] = document["tags"]
        for key in list(tables[mine]):
            tables[mine].remove(key)
        left = self._with(tomlkit.dumps(document))
        at = left.places["tags", mine]
        left = left._with("".join(line for n, line in enumerate(left.lines) if n != at))
        parents = [p for p in said.parents if p not in other.parents and not _same(p, theirs)]
        if said.parents and not other.parents and parents:
            left = left._insert(left.places["tags", theirs] + 1, f"parents = {json.dumps(parents)}")
        if said.description and not other.description:
            line = f"description = {json.dumps(said.description, ensure_ascii=False)}"
            left = left._insert(left.places["tags", theirs] + 1, line)
        return left._keep_as_comments(mine, theirs, said, other)

    def _keep_as_comments(
        self, mine: str, theirs: str, said: Described, other: Described
    ) -> "_File":
        """Keep beside a table what another one said of the same: only one of them counts."""
        left = self
        for name in ("description", "parents"):
            lost, kept = getattr(said, name), getattr(other, name)
            if not lost or not kept or lost == kept:
                continue
            words = json.dumps(lost, ensure_ascii=False).replace("\x7f", "\\u007f")
            line = f"# {name} of {mine!r}, now this tag: {words}"
            left = left._insert(left.places["tags", theirs] + 1, line)
            note = f"the {name} of {theirs!r} counts; that of {mine!r} is kept as a comment beside"
            left = replace(left, notes=(*left.notes, note))
        return left

    def set_label(self, slug: str, label: str) -> "_File":
        """Say how a tag is written, in its table or in a new one."""
        name = self._described_as(slug)
        line = f"label = {json.dumps(label, ensure_ascii=False)}"
        if name is None:
            return self._append([f"[tags.{_key(slug)}]", line])
        file = self if name == slug else self._rename_table(name, slug)
        if ("tags", slug, "label") not in file.places:
            return file._insert(file.places["tags", slug] + 1, line)
        document = tomlkit.parse(file.text)
        document["tags"][slug]["label"] = label
        return file._with(tomlkit.dumps(document))

    def _with(self, text: str) -> "_File":
        return replace(self, text=text)

    def _insert(self, at: int, line: str) -> "_File":
        lines = self.lines
        if at and not lines[at - 1].endswith("\n"):
            lines[at - 1] += self.end
        lines.insert(at, line + self.end)
        return self._with("".join(lines))

    def _append(self, lines: list[str]) -> "_File":
        gap = "" if not self.text else self.end if self.text.endswith("\n") else self.end * 2
        return self._with(self.text + gap + "".join(line + self.end for line in lines))


def _same(name: str, slug: str) -> bool:
    return squash(slug_of_tag(name)) == squash(slug)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
