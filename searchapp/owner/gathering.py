"""Gathers what wants a decision, after a build and in its process: `index/desk.json`.

content/ --as the build read it--> near misses, conflicts, candidates, suggestions --> Desk

It takes as long as a build that joins and tags everything, so the page never does it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchapp.engine.generations import current_name
from searchapp.owner.files import write_private
from searchapp.unchanged import NOTE

if TYPE_CHECKING:
    from searchapp.build import Gathered
    from searchapp.documents import Document
    from searchapp.tags.doctor import Examination
    from searchapp.tags.suggesting import Suggestion

FILE = "desk.json"
VERSION = 2
MOST = 200  # of each kind that are put on the desk; the rest waits until these are decided
LONGEST = 12_000  # characters of a text that are compared

_LINES = re.compile(r"\n+")


def gather_desk(content: Path, index: Path) -> None:
    """Write the desk of what was built last, unless it is that one already."""
    mark = _mark_of_inputs(index)
    if mark and read_desk(index).get("mark") == mark:
        return
    from searchapp.build import gather  # noqa: PLC0415  # a server only reads what is written
    from searchapp.sources import Cache  # noqa: PLC0415

    for left in index.glob(f"{FILE}.*.tmp"):  # of a process that was ended, as a build began
        left.unlink(missing_ok=True)
    begun = datetime.now().astimezone().isoformat()  # what is decided from now on may be missing
    gathered = gather(content, Cache(index / "cache", writes=False))
    desk = {
        "version": VERSION, "mark": mark, "gathered": begun, **describe_desk(gathered, content),
    }  # fmt: skip
    write_private(index / FILE, json.dumps(desk, ensure_ascii=False))


def read_desk(index: Path) -> dict[str, Any]:
    """Return what is on the desk; nothing where no build has put anything there."""
    with suppress(OSError, ValueError, AttributeError):
        desk = json.loads((index / FILE).read_text(encoding="utf-8"))
        if desk.get("version") == VERSION:
            return dict(desk)
    return {}


def read_last_report(index: Path) -> tuple[dict[str, Any], float | None]:
    """Return the report of the last build and when it was made, in seconds of the clock.

    Without one, it is that of the build which wrote the newest generation.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        _, _, note = (index / NOTE).read_text("ascii").partition("\n")
        return dict(json.loads(note)["report"]), (index / NOTE).stat().st_mtime
    name = current_name(index)
    with suppress(OSError, ValueError, TypeError):
        path = index / (name or "") / "report.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))), path.stat().st_mtime
    return {}, None


def _mark_of_inputs(index: Path) -> str | None:
    """Return what names all that the last build was made of."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        _, _, note = (index / NOTE).read_text("ascii").partition("\n")
        return str(json.loads(note)["mark"])
    return None


def describe_desk(gathered: "Gathered", content: Path) -> dict[str, Any]:
    """Return what wants a decision, with the entries that it is about."""
    from searchapp.tags import read_vocabulary  # noqa: PLC0415
    from searchapp.tags.doctor import examine, spelling_of  # noqa: PLC0415
    from searchapp.tags.suggesting import suggest_tags  # noqa: PLC0415

    vocabulary = read_vocabulary(content)
    declared = [name for reading in gathered.readings for name in reading.empty_tags]
    found = examine(gathered.works, gathered.tags, vocabulary, declared)
    known = [*gathered.tags, *found.empty]
    spellings = {tag.slug: spelling_of(tag, vocabulary) for tag in known}
    misses = sorted(gathered.joined.near_misses, key=lambda miss: -miss.score)
    conflicts = gathered.joined.conflicts
    named = [name for miss in misses[:MOST] for name in (miss.a, miss.b)]
    named += [name for conflict in conflicts[:MOST] for name in conflict.documents]
    suggestions = [s for s in suggest_tags(gathered.works, known) if s.tags]
    return {
        "near_misses": [asdict(miss) for miss in misses[:MOST]],
        "conflicts": [asdict(conflict) for conflict in conflicts[:MOST]],
        "entries": _describe_entries(gathered, set(named)),
        "stale": list(gathered.joined.stale_verdicts),
        "candidates": _describe_candidates(found, spellings),
        "suggestions": _describe_suggestions(suggestions[:MOST], spellings, gathered),
        "spellings": spellings,
        "left": {
            "near_misses": max(0, len(misses) - MOST),
            "conflicts": max(0, len(conflicts) - MOST),
            "candidates": max(0, len(found.candidates) - MOST),
            "suggestions": max(0, len(suggestions) - MOST),
        },
    }


def _describe_entries(gathered: "Gathered", names: set[str]) -> dict[str, Any]:
    """Return the entries of those ids, as two are shown side by side."""
    return {
        document.id: _describe_entry(document, work.id)
        for work in gathered.works
        for document in work.documents
        if document.id in names
    }


def _describe_entry(document: "Document", work: str) -> dict[str, Any]:
    return {
        "work": work,
        "title": document.title,
        "site": document.publication or document.site,
        "url": document.url,
        "date": document.date.isoformat() if document.date else None,
        "path": document.path,
        "line": document.line,
        "words": len(document.text.split()),
        "text": _LINES.sub("\n\n", document.text or document.summary)[:LONGEST],
        "is_cut": len(document.text) > LONGEST,
    }


def _describe_candidates(
    found: "Examination", spellings: Mapping[str, str]
) -> Sequence[Mapping[str, object]]:
    counts = {tag.slug: count for tag, count in found.tags}
    return [
        asdict(candidate)
        | {
            "labels": [spellings.get(slug, slug) for slug in (candidate.a, candidate.b)],
            "counts": [counts.get(slug, 0) for slug in (candidate.a, candidate.b)],
        }
        for candidate in found.candidates[:MOST]
    ]


def _describe_suggestions(
    suggestions: Iterable["Suggestion"], spellings: Mapping[str, str], gathered: "Gathered"
) -> list[dict[str, object]]:
    from searchapp.tags.applying import file_of  # noqa: PLC0415

    described = []
    for suggestion in suggestions:
        own = file_of(suggestion.work, gathered.configuration)
        first = own or suggestion.work.documents[0]
        described.append({
            "work": suggestion.work.id,
            "title": suggestion.work.title,
            "path": first.path,
            "source": first.source,
            "is_alone": own is not None,
            "tags": [
                {"tag": tag.tag, "name": spellings[tag.tag], "score": tag.score,
                 "reason": tag.reason}
                for tag in suggestion.tags
            ],
        })  # fmt: skip
    return described
