"""`searchapp duplicates`: what was joined and why, and what wants the owner's word."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchapp.cli.looks import strong
from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import count, echo_json

if TYPE_CHECKING:
    from searchapp.dedup import Explanation, Joined
    from searchapp.documents import Document, Work

# A rule's name, as evidence has it, in words that follow "because".
REASONS = {
    "verdict": "you said so in verdicts.toml",
    "declared address": "one names the other's address as its own, or as a copy's",
    "declared address of a copy": "one names the other's address as that of a copy",
    "same address": "they stand at the same address, under titles that agree",
    "address of a post, but for its ending": "their addresses differ only in the ending",
    "address of a post, but for its hyphens": "their addresses differ only in the hyphens",
    "repeated in one list": "one list has the title twice",
    "title of one post of the site": "the list names the only post of its site with that title",
    "title and text": "their titles agree, and most of their words",
    "same title": "they have one telling title, on two sites within a short time",
    "same text": "they have nearly the same text",
}


@click.group(invoke_without_command=True)
@folders
@as_json
@click.pass_context
def duplicates(ctx: click.Context, content: Path, index: Path, as_json: bool) -> None:
    """Show which entries were joined and why, and which may be one piece.

    It reads the content as it is now, so a verdict is seen before the next build.

    Example: searchapp duplicates --content content
    """
    if ctx.invoked_subcommand is not None:
        ctx.obj = (content, index)
        return
    joined = _gather(content, index)
    if as_json:
        echo_json(_as_json(joined))
        return
    for line in _tell(joined):
        click.echo(line)


@duplicates.command()
@click.argument("a")
@click.argument("b")
@folders
@as_json
@click.pass_context
def explain(ctx: click.Context, a: str, b: str, content: Path, index: Path, as_json: bool) -> None:
    """Show every rule's finding on two entries, A and B, named by id or address.

    Example: searchapp duplicates explain blog:cats.md https://medium.com/@me/cats-0123456789ab
    """
    from searchapp.dedup import explain as run_explain
    from searchapp.dedup import read_verdicts

    content, index = _chosen(ctx, content, index)
    documents = _read(content, index)
    explanation = run_explain(documents, read_verdicts(content), a, b)
    if as_json:
        echo_json(asdict(explanation))
        return
    for line in _tell_explanation(explanation):
        click.echo(line)


def _chosen(ctx: click.Context, content: Path, index: Path) -> tuple[Path, Path]:
    """Return the folders, also where they are named before `explain`."""
    given = ctx.get_parameter_source
    default = click.core.ParameterSource.DEFAULT
    before: tuple[Path, Path] = ctx.obj
    return (
        before[0] if given("content") is default else content,
        before[1] if given("index") is default else index,
    )


def _gather(content: Path, index: Path) -> "Joined":
    from searchapp.build import gather

    with Bar() as bar:
        return gather(content, _cache(index), bar.move).joined


def _read(content: Path, index: Path) -> list["Document"]:
    from searchapp.build import gather

    with Bar() as bar:
        gathered = gather(content, _cache(index), bar.move)
    return [document for reading in gathered.readings for document in reading.documents]


def _cache(index: Path) -> Any:
    """Return what earlier builds have read, to look into and not to change."""
    from searchapp.sources import Cache

    return Cache(index / "cache", writes=False) if (index / "cache").is_dir() else None


def _as_json(joined: "Joined") -> dict[str, object]:
    return {
        "works": [_work_as_json(work) for work in _several(joined)],
        "near_misses": [asdict(miss) for miss in joined.near_misses],
        "conflicts": [asdict(conflict) for conflict in joined.conflicts],
        "stale_verdicts": list(joined.stale_verdicts),
    }


def _work_as_json(work: "Work") -> dict[str, object]:
    return {
        "id": work.id,
        "title": work.title,
        "documents": [document.id for document in work.documents],
        "evidence": [asdict(evidence) for evidence in work.evidence],
    }


def _several(joined: "Joined") -> list["Work"]:
    """Return the works of several documents, by title."""
    works = (work for work in joined.works if len(work.documents) > 1)
    return sorted(works, key=lambda work: (work.title.casefold(), work.id))


# --- In words ---------------------------------------------------------------------------------


def _tell(joined: "Joined") -> Iterator[str]:
    works = _several(joined)
    for work in works:
        yield from _tell_work(work)
    for heading, lines in (
        ("May be one piece; say in verdicts.toml if they are", _near(joined)),
        ("In conflict: both are kept apart", _conflicts(joined)),
        ("Stale: verdicts.toml names what is gone", joined.stale_verdicts),
    ):
        if lines:
            yield ""
            yield strong(f"{heading}:")
            yield from (f"  {line}" for line in lines)
    documents = sum(len(work.documents) for work in works)
    yield ""
    yield (
        f"{count(len(works), 'piece')} joined from {count(documents, 'entry', 'entries')}; "
        f"{count(len(joined.near_misses), 'near miss', 'near misses')}, "
        f"{count(len(joined.conflicts), 'conflict')}, "
        f"{count(len(joined.stale_verdicts), 'stale name')}"
    )


def _tell_work(work: "Work") -> Iterator[str]:
    yield f"{strong(work.title)}  ({work.id}, {count(len(work.places), 'place')})"
    for document in work.documents:
        shown = (document.id, document.url, str(document.date or ""), _other_title(document, work))
        yield f"    {' · '.join(part for part in shown if part)}"
    told: dict[str, list[str]] = {}
    for evidence in work.evidence:
        told.setdefault(evidence.rule, []).append(f"{evidence.a} = {evidence.b}")
    for rule, pairs in told.items():
        more = f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""
        yield f"  because {REASONS.get(rule, rule)}: {pairs[0]}{more}"


def _other_title(document: "Document", work: "Work") -> str:
    return "" if document.title == work.title else f"“{document.title}”"


def _near(joined: "Joined") -> Sequence[str]:
    return [f"{m.score:.2f}  {m.a} and {m.b}: {m.reason}" for m in joined.near_misses]


def _conflicts(joined: "Joined") -> Sequence[str]:
    return [f"{c.url} ({', '.join(c.documents)}): {c.reason}" for c in joined.conflicts]


def _tell_explanation(explanation: "Explanation") -> Iterator[str]:
    if explanation.a == explanation.b:
        yield f"{explanation.a} is one document, named twice"
        return
    verdict = "are one piece" if explanation.same else "are two pieces"
    yield f"{explanation.a} and {explanation.b} {verdict}"
    for finding in explanation.findings:
        sure = f" ({finding.score:+.2f})" if finding.score else ""
        yield f"  {_sign(finding.score)} {finding.rule}: {finding.finding}{sure}"


def _sign(score: float) -> str:
    return "+" if score > 0 else "-" if score < 0 else " "
