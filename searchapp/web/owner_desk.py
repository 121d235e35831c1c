"""What the owner's page shows: the desk as it was gathered, without what is decided by now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from searchapp.errors import Finding
from searchapp.owner.comparing import Compared, Span, compare
from searchapp.owner.deciding import key_of
from searchapp.owner.gathering import read_desk, read_last_report
from searchapp.owner.ledger import Book, Entry, Ledger

Told = Mapping[str, Any]

SIDES = 6  # entries of a case that are compared: each takes up to a second and tens of kB


def short(key: str) -> str:
    """Return a key as addresses and forms have it."""
    return sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Case:
    """Something that wants a decision: `told` is as the desk has it, `kind` says of what."""

    kind: str
    key: str
    told: Told
    is_later: bool

    @property
    def id(self) -> str:
        """What names it in addresses and forms."""
        return short(self.key)


@dataclass(frozen=True)
class Side:
    """One of the entries that are shown beside each other; its title and its text in spans."""

    id: str
    told: Told
    title: Sequence[Span]
    text: Sequence[Span]
    is_first: bool

    @property
    def words(self) -> str:
        """What stands in its title alone, for who does not see the marks."""
        return " ".join(span.text.strip() for span in self.title if span.kind == "only")


@dataclass(frozen=True)
class Done:
    """A decision that was made: `why_not` says why it cannot be undone, None where it can."""

    entry: Entry
    why_not: str | None

    @property
    def when(self) -> str:
        """The day and the time of it."""
        return f"{datetime.fromisoformat(self.entry.when):%Y-%m-%d %H:%M}"


class Desk:
    """The desk of an index folder, as it is now."""

    def __init__(self, ledger: Ledger, index: Path) -> None:
        self._told = read_desk(index)
        self._ledger = ledger
        self.book: Book = ledger.read()
        self.decided = self._find_decided()

    @property
    def is_gathered(self) -> bool:
        """Whether a build has put anything on it yet."""
        return bool(self._told)

    @property
    def spellings(self) -> Mapping[str, str]:
        """How each tag is written, by its slug."""
        return dict(self._told.get("spellings", {}))

    def left(self, name: str) -> int:
        """Return how many of a kind come after those that are on the desk."""
        return int(self._told.get("left", {}).get(name, 0))

    def pieces(self) -> list[Case]:
        """Return the entries that may be one piece, and those in conflict, which come first."""
        conflicts = [("conflict", told["documents"], told) for told in self._of("conflicts")]
        misses = [("near miss", (told["a"], told["b"]), told) for told in self._of("near_misses")]
        entries = self._told.get("entries", {})
        cases = [
            (kind, key_of("pieces", *names), {**told, "names": list(names)})
            for kind, names, told in (*conflicts, *misses)
            if all(name in entries for name in names)
        ]
        return self._sort(cases)

    def title(self, case: Case) -> str:
        """Return the titles of the entries of a case, each once, of many the first."""
        titles = self.titles(case)
        sites = dict.fromkeys(self._told["entries"][name]["site"] for name in case.told["names"])
        more = f" / {len(titles) - SIDES:,} more" if len(titles) > SIDES else ""
        return " / ".join(titles[:SIDES]) + f"{more} ({', '.join(list(sites)[:SIDES])})"

    def titles(self, case: Case) -> list[str]:
        """Return the titles of the entries of a case, each once."""
        entries = self._told["entries"]
        return list(dict.fromkeys(entries[name]["title"] for name in case.told["names"]))

    def sides(self, case: Case) -> list[Side]:
        """Return the entries of a case, each compared with the first, which is with the second.

        Of many a few stand for all; the one that might be shown is among them.
        """
        entries = self._told["entries"]
        names: list[str] = case.told["names"]
        best = min(names, key=lambda name: _rank(entries[name]))
        if len(names) > SIDES:
            others = [name for name in names if name != best][: SIDES - 1]
            names = [name for name in names if name == best or name in others]
        first, *others = names
        titles = [compare(entries[first]["title"], entries[n]["title"], cuts=False) for n in others]
        texts = [compare(entries[first]["text"], entries[name]["text"]) for name in others]
        spans = [(titles[0].one, texts[0].one)]
        spans += [(title.other, text.other) for title, text in zip(titles, texts, strict=True)]
        return [
            Side(name, entries[name], *both, is_first=name == best)
            for name, both in zip(names, spans, strict=True)
        ]

    def likeness(self, sides: Sequence[Side]) -> Compared:
        """Return the texts of the first two entries, compared."""
        return compare(sides[0].told["text"], sides[1].told["text"])

    def tags(self) -> list[Case]:
        """Return the tags that may be one."""
        found = self._of("candidates")
        return self._sort([("tags", key_of("tags", told["a"], told["b"]), told) for told in found])

    def suggestions(self) -> list[Case]:
        """Return the pieces that may be given tags."""
        found = self._of("suggestions")
        return self._sort([("tags", key_of("suggestion", told["work"]), told) for told in found])

    def stale(self) -> list[str]:
        """Return the names in verdicts.toml that fit no entry any more."""
        return list(self._told.get("stale", ()))

    def done(self) -> list[Done]:
        """Return what was decided, the newest first."""
        return [Done(entry, self._ledger.why_not(entry, self.book)) for entry in self.book.entries]

    def _find_decided(self) -> frozenset[str]:
        """Return the keys decided since the desk was gathered: it knows of all that was before.

        What was taken back elsewhere meanwhile wants a decision again. A piece that was given
        some of the tags might be given the others still: it is asked about once, unless its file
        was changed since.
        """
        gathered = self._told.get("gathered")
        since = datetime.fromisoformat(gathered) if gathered else None
        return frozenset(
            entry.key
            for entry in self._ledger.standing(self.book)
            if since is None
            or datetime.fromisoformat(entry.when) >= since
            or (entry.key.startswith("suggestion\n") and not self._ledger.why_not(entry, self.book))
        )

    def _of(self, name: str) -> Sequence[Told]:
        found: Sequence[Told] = self._told.get(name, ())
        return found

    def _sort(self, cases: Sequence[tuple[str, str, Told]]) -> list[Case]:
        """Return what is not decided yet; what was put off comes last."""
        open_ = [Case(*case, case[1] in self.book.later) for case in cases
                 if case[1] not in self.decided]  # fmt: skip
        return sorted(open_, key=lambda case: case.is_later)


def _rank(told: Told) -> tuple[bool, str, int]:
    """Return where an entry stands among those whose address might be kept: with text, oldest."""
    return not told["words"], told["date"] or "9999", -told["words"]


@dataclass(frozen=True)
class LastBuild:
    """What the last build found, as the page tells it."""

    when: str
    report: Told

    @property
    def is_known(self) -> bool:
        """Whether there was one."""
        return bool(self.report)

    def findings(self) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
        """Yield each kind of finding that there is: its name, what it means, and what was found.

        A finding is told as where it is, what is wrong, and what to do.
        """
        for name, heading, meaning in (
            ("skipped", "Skipped", "These could not be read, and are not in the index."),
            ("held_back", "Held back", "Drafts, and what is dated in the future: not shown yet."),
            ("warnings", "Warnings", "These are in the index, and something about them is wrong."),
            ("repaired", "Repaired", "These are shown right, and are still wrong in the files."),
        ):
            found = [_tell(Finding(**told)) for told in self.report.get(name, ())]
            if found:
                yield heading, meaning, found


def last_build(index: Path) -> LastBuild:
    """Return what the last build found."""
    report, seconds = read_last_report(index)
    when = f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M}" if seconds else ""
    return LastBuild(when, report)


def _tell(finding: Finding) -> tuple[str, str, str]:
    where = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    return (where, *finding.parts)
