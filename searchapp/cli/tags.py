"""`searchapp tags`: what there is, what may be one tag, what untagged pieces may be about."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.looks import strong
from searchapp.cli.options import as_json, folders
from searchapp.cli.progress import Bar
from searchapp.cli.telling import count, describe, echo_json

if TYPE_CHECKING:
    from searchapp.build import Gathered
    from searchapp.documents import Tag
    from searchapp.tags.doctor import Examination
    from searchapp.tags.rewriting import Known, Rewriting
    from searchapp.tags.suggesting import Suggestion
    from searchapp.tags.vocabulary import Vocabulary

_SHOWN = 40  # names in a line of a report


@click.group(invoke_without_command=True)
@folders
@as_json
@click.pass_context
def tags(ctx: click.Context, content: Path, index: Path, as_json: bool) -> None:
    """List the tags with their counts, and what of them wants a decision.

    Tags that may be one stand with the rule that found them, most certain first; nothing
    is joined. Reads the content, so no index is needed.

    Example: searchapp tags --content content
    """
    if ctx.invoked_subcommand is not None:
        return
    from searchapp.tags.doctor import examine

    gathered, vocabulary = _gather(content, index)
    found = examine(gathered.works, gathered.tags, vocabulary, _declared(gathered))
    if as_json:
        echo_json(found.as_json())
    else:
        for finding in gathered.warnings:
            click.echo(describe(finding, "warning"), err=True)
        _tell(found)


def _gather(content: Path, index: Path) -> "tuple[Gathered, Vocabulary]":
    """Read the content as a build would, with what the last one remembers."""
    from searchapp.build import gather
    from searchapp.sources import Cache
    from searchapp.tags import read_vocabulary

    with Bar() as bar:
        gathered = gather(content, Cache(index / "cache", writes=False), bar.move)
    return gathered, read_vocabulary(content)


def _declared(gathered: "Gathered") -> list[str]:
    return [name for reading in gathered.readings for name in reading.empty_tags]


def _tell(found: "Examination") -> None:
    for tag, number in found.tags:
        also = f"  (also {', '.join(tag.aliases)})" if tag.aliases else ""
        click.echo(f"{number:>6}  {tag.label}{also}")
    if found.candidates:
        click.echo(strong("\nMay be one tag, most certain first:"))
    for c in found.candidates:
        click.echo(f"  {c.score:.2f}  {c.a} -> {c.b}  ({c.rule}: {c.reason})")
    if found.candidates:
        click.echo(
            "To join two: searchapp tags merge A B. "
            'To keep them apart: different = [["A", "B"]] in tags.toml'
        )
    _tell_names("Used once", found.once)
    _tell_names("Named, but of no piece", found.empty)
    if found.untagged:
        click.echo(strong("\nUntagged (searchapp tags suggest):"))
    for work in found.untagged:
        click.echo(f"  {work.title}")
    click.echo(
        f"\n{count(len(found.tags), 'tag')}, {len(found.once)} of them used once; "
        f"{len(found.empty)} named and empty; {count(len(found.candidates), 'candidate')} "
        f"for joining; {count(len(found.untagged), 'piece')} untagged"
    )


def _tell_names(heading: str, tags: "Sequence[Tag]") -> None:
    if tags:
        more = f" and {len(tags) - _SHOWN} more" if len(tags) > _SHOWN else ""
        named = ", ".join(tag.slug for tag in tags[:_SHOWN])
        click.echo(f"\n{strong(heading)}: {named}{more}")


@tags.command()
@folders
@click.option("--apply", "apply_them", is_flag=True, help="Write them into the files.")
@as_json
@click.pass_context
def suggest(
    ctx: click.Context, content: Path, index: Path, apply_them: bool, as_json: bool
) -> None:
    """Suggest tags for pieces that have none or one, each with its reason.

    With --apply they are written into the front matter of the pieces' files, and nothing
    else in them changes; exit code 3 says that some could not be.

    Example: searchapp tags suggest --apply
    """
    from searchapp.tags.applying import apply_suggestions
    from searchapp.tags.doctor import spelling_of, unused_tags
    from searchapp.tags.suggesting import suggest_tags

    gathered, vocabulary = _gather(content, index)
    known = [*gathered.tags, *unused_tags(gathered.tags, vocabulary, _declared(gathered))]
    suggestions = suggest_tags(gathered.works, known)
    told: dict[str, object] = {"suggestions": [_as_json(s) for s in suggestions]}
    refused = 0
    if not as_json:
        _tell_suggestions(suggestions, {tag.slug: tag.label for tag in known})
    if apply_them:
        spellings = {tag.slug: spelling_of(tag, vocabulary) for tag in known}
        applied = apply_suggestions(suggestions, spellings, gathered.configuration, content)
        refused = len(applied.refused)
        told["written"] = list(applied.written)
        told["refused"] = [
            {"path": f.path, "line": f.line, "reason": f.reason} for f in applied.refused
        ]
        for finding in applied.refused:
            click.echo(describe(finding, "left as it is"), err=True)
        if not as_json:
            click.echo(f"{count(len(applied.written), 'file')} written, {refused} left as they are")
    if as_json:
        echo_json(told)
    ctx.exit(3 if refused else 0)


def _as_json(suggestion: "Suggestion") -> dict[str, object]:
    work = suggestion.work
    return {
        "work": work.id,
        "title": work.title,
        "documents": [document.id for document in work.documents],
        "tags": [{"tag": t.tag, "score": t.score, "reason": t.reason} for t in suggestion.tags],
    }


def _tell_suggestions(suggestions: "Sequence[Suggestion]", labels: dict[str, str]) -> None:
    for suggestion in suggestions:
        if suggestion.tags or not suggestion.work.tags:
            click.echo(strong(suggestion.work.title))
            for found in suggestion.tags:
                click.echo(f"  {labels[found.tag]}  {found.score:.2f}  {found.reason}")
            if not suggestion.tags:
                click.echo("  none: it names no tag, and is like no tagged piece")
    given = sum(bool(suggestion.tags) for suggestion in suggestions)
    click.echo(f"{count(given, 'piece')} of {len(suggestions)} with few tags have suggestions")


_dry_run = click.option("--dry-run", is_flag=True, help="Only say what would change.")


@tags.command()
@click.argument("a")
@click.argument("b")
@folders
@_dry_run
@as_json
def merge(a: str, b: str, content: Path, index: Path, dry_run: bool, as_json: bool) -> None:
    """Make the tag A another name of the tag B, in tags.toml.

    Old links to A lead to B from the next build on, and searches for A find B.

    Example: searchapp tags merge RL reinforcement-learning --dry-run
    """
    from searchapp.tags import rewriting

    gathered, vocabulary = _gather(content, index)
    text = rewriting.read_text(content)
    done = rewriting.merge(text, a, b, _known(gathered, vocabulary))
    _finish(content, done, dry_run, as_json)


@tags.command()
@click.argument("a")
@click.argument("b")
@folders
@_dry_run
@as_json
def rename(a: str, b: str, content: Path, index: Path, dry_run: bool, as_json: bool) -> None:
    """Call the tag A by the new name B, in tags.toml.

    Old links to A lead to B from the next build on; no entry need be touched.

    Example: searchapp tags rename nn "Neural networks"
    """
    from searchapp.tags import rewriting

    gathered, vocabulary = _gather(content, index)
    text = rewriting.read_text(content)
    done = rewriting.rename(text, a, b, _known(gathered, vocabulary))
    _finish(content, done, dry_run, as_json)


def _known(gathered: "Gathered", vocabulary: "Vocabulary") -> "Known":
    from searchapp.tags.doctor import spelling_of, unused_tags
    from searchapp.tags.rewriting import Known

    known = [*gathered.tags, *unused_tags(gathered.tags, vocabulary, _declared(gathered))]
    return Known({tag.slug: spelling_of(tag, vocabulary) for tag in known})


def _finish(content: Path, done: "Rewriting", dry_run: bool, as_json: bool) -> None:
    """Write the change, unless it is only to be told, and say what it is."""
    from searchapp.tags import rewriting

    if not dry_run:
        rewriting.write(content, done)
    changes = list(done.changes())
    if as_json:
        told = {"written": not dry_run, "changes": changes, "notes": list(done.notes)}
        echo_json(told)
        return
    for line in changes:
        click.echo(line)
    for note in done.notes:
        click.echo(note, err=True)
    state = "would change" if dry_run else "changed"
    click.echo(f"{content / 'tags.toml'} {state}; searchapp build shows it", err=True)
