"""The owner's decisions, each an edit of one plain file: its comments and its order stay.

same, different      -> verdicts.toml
join, keep apart     -> tags.toml
apply a suggestion   -> front matter
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from searchapp.dedup.verdicts import FILE as VERDICTS
from searchapp.dedup.verdicts import read_verdicts
from searchapp.errors import ContentError, SearchappError
from searchapp.owner.ledger import Entry, Ledger
from searchapp.owner.pairs import add_group
from searchapp.tags import rewriting
from searchapp.tags.replacing import read_as_it_is, replace_file
from searchapp.tags.rewriting import Known
from searchapp.tags.vocabulary import FILE as TAGS
from searchapp.tags.vocabulary import parse_vocabulary

_MARK = "\ufeff"
_TOLD = 6  # titles that a decision is told by


def key_of(kind: str, *names: str) -> str:
    """Return what names a decision, whatever the order in which its parts are told."""
    return "\n".join((kind, *sorted(names)))


class Decisions:
    """Makes the owner's decisions about the content in `content`, and notes them."""

    def __init__(self, content: Path, index: Path) -> None:
        self.ledger = Ledger(content, index)
        self._content = content

    def judge(self, names: Sequence[str], verdict: str, told: Sequence[str]) -> Entry:
        """Say that entries are one piece (`same`, the first is canonical) or are `different`.

        `told` are their titles.
        """
        titles = [f"“{title}”" for title in dict.fromkeys(told)]
        if len(titles) > _TOLD:
            titles[_TOLD:] = [f"{len(titles) - _TOLD:,} more"]
        word = "are one piece" if verdict == "same" else "are different pieces"

        def change(text: str) -> str:
            after = add_group(text, verdict, names, VERDICTS)
            _check_verdicts(after)
            return after

        key = key_of("pieces", *names)
        return self._edit(key, f"{' and '.join(titles)} {word}", VERDICTS, change)

    def join_tags(self, a: str, b: str, spellings: Mapping[str, str]) -> Entry:
        """Make the tag `a` another name of `b`."""

        def change(text: str) -> str:
            return rewriting.merge(text, a, b, Known(spellings)).after

        names = f"“{spellings.get(a, a)}” is another name of “{spellings.get(b, b)}”"
        return self._edit(key_of("tags", a, b), names, TAGS, change)

    def part_tags(self, a: str, b: str, spellings: Mapping[str, str]) -> Entry:
        """Say that two tags are different, so that nobody asks again."""

        def change(text: str) -> str:
            after = add_group(text, "different", (a, b), TAGS)
            parse_vocabulary(after.removeprefix(_MARK))
            return after

        names = f"“{spellings.get(a, a)}” and “{spellings.get(b, b)}” are different tags"
        return self._edit(key_of("tags", a, b), names, TAGS, change)

    def name_tag(self, words: str, slug: str, label: str) -> Entry:
        """Make the words of a search another name of a tag."""

        def change(text: str) -> str:
            return rewriting.add_name(text, words, slug)

        what = f"“{words}” is another name of “{label}”"
        return self._edit(key_of("search", words), what, TAGS, change)

    def apply_tags(
        self, work: str, title: str, path: str, source: str, names: Sequence[str]
    ) -> Entry:
        """Write suggested tags into the front matter of a piece's file."""
        from searchapp.sources.configuration import read_configuration  # noqa: PLC0415
        from searchapp.tags.applying import write_tags  # noqa: PLC0415  # a server needs it rarely

        def change() -> None:
            sources = {each.name: each for each in read_configuration(self._content).sources}
            if source not in sources:
                raise SearchappError(f"there is no source {source!r} any more; build first")
            try:
                write_tags(self._content / path, names, sources[source], self._content)
            except ContentError as error:
                raise SearchappError(f"{path}: {error.reason}: {', '.join(names)}") from error

        what = f"“{title}” is tagged {', '.join(names)}"
        return self.ledger.decide(key_of("suggestion", work), what, path, change)

    def _edit(self, key: str, what: str, file: str, change: Callable[[str], str]) -> Entry:
        def edit() -> None:
            before = read_as_it_is(self._content / file)
            try:
                replace_file(self._content / file, change(before).encode())
            except OSError as error:
                reason = f"{file} cannot be written ({error.strerror}); let it be written"
                raise SearchappError(f"{reason}, and try again") from error

        return self.ledger.decide(key, what, file, edit)


def _check_verdicts(text: str) -> None:
    """Refuse verdicts that contradict each other; raises ConfigurationError, which says which."""
    with tempfile.TemporaryDirectory(prefix="verdicts-") as folder:
        (Path(folder) / VERDICTS).write_bytes(text.encode())
        read_verdicts(Path(folder))
