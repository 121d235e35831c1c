"""Writes a sources.toml for a folder that somebody already has: `searchapp init`.

    folder --recognising--> generator --sites, proposing--> sources --> sources.toml

What is written is read back before it counts as done, and a file that stands is never touched.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

import tomlkit

from searchapp.errors import ConfigurationError, SearchappError
from searchapp.sources.configuration import FILE_NAME, read_configuration
from searchapp.sources.generators import GENERATORS
from searchapp.sources.proposing import Proposal, left_out, propose
from searchapp.sources.recognising import Recognised, Shapes, Tree, recognise
from searchapp.sources.site_files import Site
from searchapp.sources.sites import read_site
from searchapp.sources.unread import unread_below


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `init` saw and wrote: the generator with its marks, the sources, what to know."""

    path: Path
    generator: str
    reasons: tuple[str, ...]
    sources: tuple[Proposal, ...]
    notes: tuple[str, ...]


def initialise(folder: Path, content: Path | None = None) -> Initialised:
    """Look at `folder` and write sources.toml there, or in `content`; say what was seen.

    Refused are a folder without any posts, and one with a sources.toml: nothing is written.
    """
    content = content or folder
    target = content / FILE_NAME
    _check(folder, target)
    tree = Tree.of(folder)
    recognised = recognise(tree)
    site = read_site(recognised.generator, folder / recognised.root)
    sources = propose(tree, recognised, site)
    unread = unread_below(folder)
    if not sources:
        others = f"; {unread}" if unread else ""
        raise SearchappError(
            f"{folder}: no posts are here (Markdown, or lists and exports of them){others}; "
            "name the folder that holds your writing"
        )
    up = os.path.relpath(folder.resolve(), content.resolve())
    _write(target, "".join(_lines(folder, up, recognised, site, sources)))
    forms = (f"{unread}; convert to Markdown or HTML",) if unread else ()
    notes = (*site.notes, *forms, *_notes(tree, site, sources))
    label, reasons = _told(recognised, sources)
    return Initialised(target, label, reasons, tuple(sources), notes)


def _told(recognised: Recognised, sources: list[Proposal]) -> tuple[str, tuple[str, ...]]:
    """Return what the folder is, and why: a folder of exports alone is no blog."""
    if any(source.kind == "markdown" for source in sources):
        return GENERATORS[recognised.generator].label, recognised.reasons
    return "lists and exports of writing", tuple(source.path for source in sources[:3])


SHOWN = 5  # files that no source reads


def _notes(tree: Tree, site: Site, sources: list[Proposal]) -> Iterator[str]:
    """Yield what the owner should know of what was written."""
    if names := left_out(tree, sources):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        shown = ", ".join(map(_one_line, names[:SHOWN]))
        yield f"not read, as they seem to be pages of the site: {shown}{more}"
    if site.url is None and any(source.kind == "markdown" for source in sources):
        yield (
            "the address of the site is not known, so posts have none: write "
            'url = "https://..." in each [[source]]'
        )


def _check(folder: Path, target: Path) -> None:
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "is not there"
        raise SearchappError(f"{folder}: {what}; name the folder that holds your writing")
    if target.exists() or target.is_symlink():
        raise SearchappError(f"{target}: stands already and is kept; edit it, or move it away")
    if not any(folder.iterdir()):
        raise SearchappError(f"{folder}: is empty; name the folder that holds your writing")


def _write(target: Path, text: str) -> None:
    """Write the file and read it back; one that could not be read is not left behind."""
    try:
        written = text.encode("utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(written)
    except UnicodeEncodeError:
        raise SearchappError(
            f"{target}: a folder has a name that is not UTF-8; give it another"
        ) from None
    except OSError as error:
        raise SearchappError(
            f"{target}: cannot be written ({error.strerror}); name another folder with --content"
        ) from None
    try:
        read_configuration(target.parent)
    except ConfigurationError:
        target.unlink()
        raise


# --- The file -------------------------------------------------------------------------

_HEAD = """\
# What is read, and how it is shown. Written by `searchapp init`: look through it, and mend
# what is wrong. README says what else may stand here.
# {label}, because of {reasons}.

"""

_COMMENTS = {
    "name": "unique; it begins the id of every entry, so keep it once published",
    "generator": "whose rules give addresses and tags",
    "permalink": "as the site's configuration has it",
    "url": "where the posts are published",
    "site": "what visitors see as their source",
    "folders": "the folders below it are tags",
    "exclude": "these are no pieces",
    "categories": "all entries have them",
    "gives": "post, article, answer, talk, paper or note",
}


def _lines(
    folder: Path, up: str, recognised: Recognised, site: Site, sources: list[Proposal]
) -> Iterator[str]:
    label, reasons = _told(recognised, sources)
    yield _HEAD.format(label=label, reasons=_one_line(" and ".join(reasons)))
    yield "[site]\n"
    title = site.title or folder.resolve().name or "Writing"
    yield _line("title", title, "the name at the top of every page")
    for key in ("url", "author", "language", "description"):
        if value := getattr(site, key):
            yield _line(
                key,
                value,
                "where the search will be; the blog's own, if so" if key == "url" else "",
            )
    yield from _hosts(folder, sources)
    yield "\n# Each [[source]] is a file or folder. Their order decides whose copy is shown first."
    for number, source in enumerate(sources):
        yield "\n[[source]]\n"
        yield from _source(source, up, site, title, told=number > 0)


def _source(source: Proposal, up: str, site: Site, title: str, *, told: bool) -> Iterator[str]:
    """Yield the lines of one source; comments stand only where a key comes first."""
    stated = {field.name: getattr(source, field.name) for field in fields(source)}
    stated["path"] = PurePosixPath(up, source.via, source.path).as_posix()
    if source.kind in ("markdown", "html"):
        stated["site"], stated["url"] = title, site.url
    for key in _ORDER:
        value = stated.get(key)
        comment = "" if told and key in _ONCE else _COMMENTS.get(key, "")
        if value:
            yield _line(key, list(value) if isinstance(value, tuple) else value, comment)
        elif key == "url" and source.kind in ("markdown", "html") and not told:
            yield f"# {_line(key, 'https://...', _COMMENTS[key])}"


_ONCE = frozenset(("name", "generator", "url", "site"))
_ORDER = (
    "name", "kind", "path", "generator", "site", "url", "permalink", "gives", "folders",
    "categories", "exclude",
)  # fmt: skip


def _line(key: str, value: object, comment: str = "") -> str:
    stated = f"{key} = {tomlkit.item(value).as_string()}"
    return f"{stated:<32} # {comment}\n" if comment else f"{stated}\n"


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())


ENOUGH = 3  # posts that were published at one host, so that it is worth a name


def _hosts(folder: Path, sources: list[Proposal]) -> Iterator[str]:
    """Yield the table of hosts at which posts say that they were published."""
    hosts: Counter[str] = Counter()
    for source in sources:
        if source.kind == "markdown":
            tree = Tree.of(folder / source.path) if source.path != "." else Tree.of(folder)
            hosts.update(Shapes.of(tree.root, tree.posts()).hosts)
    named = [host.removeprefix("www.") for host, n in hosts.most_common(30) if n >= ENOUGH]
    if named:
        yield "\n[hosts]                          # the names that visitors see instead\n"
        for host in dict.fromkeys(named):
            stated = tomlkit.item(host).as_string()
            yield f"{stated} = {stated}\n"
