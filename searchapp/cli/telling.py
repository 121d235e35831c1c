"""What several commands say in words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.looks import strong, toned

if TYPE_CHECKING:
    from searchapp.build import Report
    from searchapp.errors import Finding


def echo_json(told: object) -> None:
    """Print one JSON document on stdout; halves of characters, as in a file's name, escaped."""
    text = json.dumps(told, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(told)
    click.echo(text)


def tell_report(report: "Report", index: Path) -> None:
    kinds = {
        "skipped": report.skipped, "held-back": report.held_back, "warning": report.warnings,
        "repaired": report.repaired,
    }  # fmt: skip
    for kind, findings in kinds.items():
        for finding in findings:
            click.echo(describe_in_colours(finding, kind, err=True), err=True)
    for conflict in report.conflicts:
        kind = toned("conflict", "conflict", err=True)
        click.echo(f"{kind}: {conflict.url}: {conflict.reason}", err=True)
    for line in tell_changes(report):
        click.echo(line)
    tell_sources(report.sources)
    homeless = ""
    if report.homeless:
        homeless = f", {report.homeless:,} without an address (searchapp check lists them)"
    state = "published" if report.changed else "unchanged since"
    click.echo(
        f"{count(report.works, 'piece')} in {count(report.places, 'place')}, "
        f"from {count(report.documents, 'entry', 'entries')}; "
        f"{len(report.skipped)} skipped, {len(report.held_back)} held back, "
        f"{len(report.repaired)} repaired, {len(report.conflicts)} in conflict{homeless}; "
        f"{state} generation {report.generation} of {index}/ in {report.seconds:.1f} s"
    )


def tell_sources(sources: Iterable[Mapping[str, int | str]]) -> None:
    """Print what each source gave; the entries seen are all the others together."""
    for source in sources:
        left = f", {source['skipped']} skipped" if source["skipped"] else ""
        left += f", {source['held_back']} held back" if source["held_back"] else ""
        seen = count(int(source["seen"]), "entry", "entries")
        click.echo(f"  {source['name']}: {source['documents']} of {seen}{left}")


def tell_changes(report: "Report") -> Iterator[str]:
    """Yield a line for each piece that was joined or split since the last generation."""
    for work in report.joined:
        yield f"joined since the last build: “{work.title}” is now {_list(work.documents)}"
    for parted in report.split:
        apart = "; ".join(f"“{piece.title}” ({_list(piece.documents)})" for piece in parted.works)
        yield f"split since the last build: {apart}"


def _list(documents: Sequence[str]) -> str:
    return ", ".join(documents)


def describe(finding: "Finding", kind: str) -> str:
    """Return a finding on one line: where, what came of it, what is wrong and what to do."""
    where = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    return f"{where}: {kind}: {finding.reason}"


def describe_in_colours(finding: "Finding", kind: str, *, err: bool = False) -> str:
    """Return a finding as `describe` has it, with its place and kind in colours where they are."""
    where, _, rest = describe(finding, kind).partition(f" {kind}: ")
    return f"{strong(where, err=err)} {toned(kind, kind, err=err)}: {rest}"


def count(number: int, noun: str, several: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
