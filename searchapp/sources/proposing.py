"""Proposes the sources of a folder whose generator is known: where its posts and lists lie."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.facts import Facts, web_address
from searchapp.sources.files import read_bytes
from searchapp.sources.generators import GENERATORS, POSTS
from searchapp.sources.model import Entry, Source, SourceFile
from searchapp.sources.readers import READERS
from searchapp.sources.recognising import (
    NOT_OURS,
    SAMPLE_LIMIT,
    Recognised,
    Shapes,
    Tree,
)
from searchapp.sources.selecting import is_excluded, is_of_the_project
from searchapp.sources.site_files import Site

# What a collection holds, by its usual name.
_GIVES = {
    "talks": "talk", "events": "talk", "speaking": "talk", "presentations": "talk",
    "publications": "paper", "papers": "paper", "teaching": "note", "portfolio": "note",
    "notes": "note", "til": "note",
}  # fmt: skip

_POSTS = frozenset(("posts", "post", "blog", "articles", "content", "writing", ""))

# Folders of a site that hold its pages, and no pieces of writing.
_PAGES = frozenset(("pages", "page", "_pages", "authors", "tags", "categories", "drafts"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source as it will stand in sources.toml, and how many files or entries it has.

    `path` is relative to the folder that was looked at; keys that are None are left out.
    Where that folder is a part of a site, `via` leads to it by way of the site's own folder:
    what lies at `../../content/posts`, and not `.`, is published below /posts/.
    """

    name: str
    path: str
    kind: str = "markdown"
    count: int = 0
    generator: str | None = None
    permalink: str | None = None
    gives: str | None = None
    folders: str | None = None
    exclude: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    via: str = ""

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return PurePosixPath(self.via, self.path).name


def propose(tree: Tree, recognised: Recognised, site: Site) -> list[Proposal]:
    """Return the sources of a folder, each with its own name; none where it holds no posts."""
    generator = recognised.generator if recognised.generator != "markdown" else None
    within = PurePosixPath(recognised.above)
    if len(within.parts) > 1 or within.name in POSTS:
        found = [Proposal(within.name.strip("_"), ".", count=len(tree.posts()))]
    else:
        root = "." if recognised.above else recognised.root
        found = list(_PROPOSERS[recognised.generator](tree, root, site))
    via = _below(recognised.root, recognised.above) if recognised.above else ""
    found = [replace(proposal, generator=generator, via=via) for proposal in found]
    found = [_with_permalink(proposal, site) for proposal in found]
    found += _lists(tree)
    return _named_apart(sorted((p for p in found if p.count), key=_posts_first))


def _with_permalink(proposal: Proposal, site: Site) -> Proposal:
    """Give a proposal its pattern, where the generator's default is not the one that counts."""
    if proposal.permalink or proposal.kind != "markdown" or proposal.generator is None:
        return proposal
    pattern = _configured(proposal, site)
    default = GENERATORS[proposal.generator].permalink
    return proposal if pattern == default else replace(proposal, permalink=pattern)


def _configured(proposal: Proposal, site: Site) -> str | None:
    """Return the pattern that the site's configuration has for a source."""
    name = proposal.folder.lstrip("_")
    pattern, style = site.permalinks.get(name), site.permalinks.get("")
    if proposal.generator not in ("jekyll", "academicpages"):
        return pattern or style
    if proposal.folder in POSTS:
        return style
    # A collection's addresses end as those of posts do.
    folder_like = style == "pretty" or (style or "").endswith("/")
    return pattern or ("/:collection/:path/" if folder_like else None)


def _posts_first(proposal: Proposal) -> tuple[bool, bool, int]:
    """Return the order of sources, which is that of whose copy of a piece is preferred."""
    name = proposal.folder.strip("_")
    return proposal.kind != "markdown", name not in _POSTS, -proposal.count


def _named_apart(proposals: list[Proposal]) -> list[Proposal]:
    """Return them with names that differ, and hold no sign that a name may not have."""
    used: set[str] = set()
    named = []
    for proposal in proposals:
        name = base = re.sub(r"[:#/\\]", "-", proposal.name).strip() or "posts"
        number = 2
        while name in used:
            name, number = f"{base}-{number}", number + 1
        used.add(name)
        named.append(replace(proposal, name=name))
    return named


def _below(root: str, *parts: str) -> str:
    """Return a path below the site's folder, which may be the one looked at."""
    return PurePosixPath(root, *parts).as_posix()


def left_out(tree: Tree, proposals: list[Proposal]) -> list[str]:
    """Return the files like posts that no source reads: pages of the site, most often."""
    read: set[str] = set()
    for proposal in proposals:
        source = Source(proposal.name, proposal.kind, proposal.path, "", exclude=proposal.exclude)
        start = "" if proposal.path == "." else f"{proposal.path}/"
        below = (name for name in tree.below(proposal.path) if name.startswith(start))
        read |= {n for n in below if not is_excluded(source, n.removeprefix(start))}
    return [name for name in tree.posts() if name not in read]


# --- Where each generator keeps posts -------------------------------------------------


def _of_jekyll(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    """Yield each folder of posts, and the collections that have pages of their own."""
    inner = "" if root == "." else f"{root}/"
    folders = sorted(
        folder for folder in tree.folders()
        if PurePosixPath(folder).name == "_posts" and folder.startswith(inner)
    )  # fmt: skip
    if not folders and tree.root.resolve().name == "_posts":
        folders = ["."]
    root = _below(_root_of_jekyll(tree, root, folders), site.home)
    folders = [folder for folder in folders if PurePosixPath(folder).is_relative_to(root)]
    for folder in folders:
        above = PurePosixPath(folder).relative_to(root).parts[:-1]
        name = "-".join(above) or "posts"
        yield Proposal(name, folder, count=len(tree.posts(folder)), categories=above)
    known = (*site.collections, "publications", "talks", "teaching", "portfolio")
    for name in dict.fromkeys(known):
        folder = _below(root, f"_{name}")
        count = len(tree.posts(folder))
        if count and folder not in folders:
            yield Proposal(name, folder, count=count, gives=_GIVES.get(name))
    drafts = _below(root, "_drafts")
    yield Proposal("drafts", drafts, count=len(tree.posts(drafts)))


def _root_of_jekyll(tree: Tree, root: str, folders: list[str]) -> str:
    """Return the folder of the site: folders between it and `_posts` are categories.

    Without a configuration it is the folder that holds all folders of posts.
    """
    if tree.has(*(_below(root, f"_config.{ending}") for ending in ("yml", "yaml", "toml"))):
        return root
    parents = [PurePosixPath(folder).parent for folder in folders]
    return os.path.commonpath(parents) or "." if parents else root


def _of_sections(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    """Yield the sections below a content folder; all of it where posts lie right in it."""
    for home in site.folders or ("content",):
        folder = _below(root, home)
        if not tree.posts(folder):
            folder = root
        posts = [PurePosixPath(n.removeprefix(f"{folder}/")) for n in tree.posts(folder)]
        posts = [path for path in posts if path.stem.partition(".")[0] != "_index"]
        right_in_it = [path for path in posts if _depth(path) == 1]
        if 2 * len(right_in_it) >= len(posts):
            yield Proposal(_name_of(folder, "posts"), folder, count=len(posts))
            continue
        sections = dict.fromkeys(path.parts[0] for path in posts if _depth(path) > 1)
        for section in (s for s in sections if s not in _PAGES):
            below = _below(folder, section)
            count = sum(path.parts[0] == section for path in posts)
            yield Proposal(section, below, count=count, gives=_GIVES.get(section))


def _depth(path: PurePosixPath) -> int:
    """Return how many names lead to a page; a bundle is one."""
    return len(path.parts) - (path.stem == "index" and len(path.parts) > 1)


def _name_of(folder: str, otherwise: str) -> str:
    name = PurePosixPath(folder).name
    return otherwise if name in ("", "content", "src", "_posts", "pages") else name


def _of_pelican(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    for home in site.folders or ("content",):
        folder = _below(root, home)
        if not tree.posts(folder):
            folder = _below(root, "content") if tree.posts(_below(root, "content")) else root
        left_out = tuple(
            f"{page.strip('/')}/"
            for page in site.left_out or ("pages",)
            if tree.posts(_below(folder, page))
        )
        gone = sum(len(tree.posts(_below(folder, page.strip("/")))) for page in left_out)
        count = len(tree.posts(folder)) - gone
        yield Proposal(_name_of(folder, "posts"), folder, count=count, exclude=left_out)


def _of_eleventy(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    """Yield the folders of posts below the input folder; data files are read as posts are."""
    homes = (*site.folders, "content", "src", ".")
    home = next((h for h in homes if tree.posts(_below(root, h))), ".")
    folder = _below(root, home)
    start = "" if folder == "." else f"{folder}/"
    sections: dict[str, int] = {}
    for name in tree.posts(folder):
        section, _, rest = name.removeprefix(start).partition("/")
        if rest and section not in _PAGES and not section.startswith("_"):
            sections[section] = sections.get(section, 0) + 1
    for section, count in sections.items():
        below = _below(folder, section)
        yield Proposal(section, below, count=count, gives=_GIVES.get(section))
    if not sections:
        yield Proposal("posts", folder, count=len(tree.posts(folder)))


def _of_astro(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    """Yield the collections of content, else the Markdown pages."""
    content = _below(root, "src", "content")
    for home in (content, _below(root, "src", "pages"), root):
        start = "" if home == "." else f"{home}/"
        parts = [PurePosixPath(n.removeprefix(start)).parts for n in tree.posts(home)]
        collections: dict[str, int] = {}
        for first, *rest in parts:
            if rest and not first.startswith("_"):
                collections[first] = collections.get(first, 0) + 1
        for name, count in collections.items():
            yield Proposal(name, _below(home, name), count=count, gives=_GIVES.get(name))
        if collections:
            return


def _of_a_plain_folder(tree: Tree, root: str, site: Site) -> Iterator[Proposal]:
    """Yield the whole folder; its folders are tags where they hold most of the posts."""
    posts = tree.posts()
    own = (name for name in tree.names if is_of_the_project(name))
    exclude = [f"/{name}" for name in own if name.lower().endswith(READERS["markdown"].endings)]
    there = [folder for folder in NOT_OURS if (tree.root / folder).is_dir()]
    yield Proposal(
        "posts", ".", count=len(posts), exclude=(*exclude, *(f"{folder}/" for folder in there)),
        folders="tag" if _folders_are_subjects(tree, posts) else None,
    )  # fmt: skip


def _folders_are_subjects(tree: Tree, posts: tuple[str, ...]) -> bool:
    """Tell whether folders sort plain notes by subject: several, and no front matter with tags."""
    folders = [PurePosixPath(name).parts[0] for name in posts if "/" in name]
    subjects = {folder for folder in folders if not folder.isdigit()}
    if 5 * len(folders) < 4 * len(posts) or len(subjects) < 2:
        return False
    shapes = Shapes.of(tree.root, posts)
    return 2 * sum(shapes.names.get(name, 0) for name in ("tags", "categories")) < shapes.sampled


_PROPOSERS = {
    "markdown": _of_a_plain_folder,
    "jekyll": _of_jekyll,
    "academicpages": _of_jekyll,
    "hugo": _of_sections,
    "zola": _of_sections,
    "pelican": _of_pelican,
    "eleventy": _of_eleventy,
    "astro": _of_astro,
}


# --- What lies beside the posts -------------------------------------------------------


_DATA = ("_data/", "data/", "src/_data/", "content/_data/")
_LISTS = (".yml", ".yaml", ".json", ".csv", ".toml")
_EXPORTS = (".jsonl", ".ndjson")
_FEEDS = (".xml", ".rss", ".atom")


def _lists(tree: Tree) -> Iterator[Proposal]:
    """Yield what lists writing kept elsewhere: data files, exports, feeds."""
    for name in tree.names:
        lower, top = name.lower(), "/" not in name
        stem = PurePosixPath(name).stem
        if lower.endswith(_LISTS) and (top or any(f"/{data}" in f"/{name}" for data in _DATA)):
            yield Proposal(stem, name, "list", _count_pieces(tree, name), gives="article")
        elif lower.endswith(_EXPORTS) and top:
            yield Proposal(stem, name, "jsonl", _count_lines(tree, name))
        elif lower.endswith(_FEEDS) and top:
            yield Proposal(stem, name, "feed", _count_items(tree, name))


def _count_pieces(tree: Tree, name: str) -> int:
    """Return how many pieces of writing a data file lists, 0 for menus and the like.

    Each has a title and an address elsewhere, and most say when or where it appeared.
    """
    path = tree.root / name
    source = Source(name="list", kind="list", path=name, site="list")
    try:
        text, _ = decode(read_bytes(path, tree.root, SAMPLE_LIMIT * 8))
        file = SourceFile(source, path, name, path.name, text)
        entries = [e for e in READERS["list"].read(file) if isinstance(e, Entry)]
    except ContentError:
        return 0
    facts = [Facts(entry.facts) for entry in entries]
    whole = sum(1 for f in facts if web_address(f.value("url")[1]))
    placed = sum(1 for f in facts if f.value("date")[1] or f.value("publication")[1])
    return len(entries) if entries and 2 * min(whole, placed) >= len(entries) else 0


def _count_lines(tree: Tree, name: str) -> int:
    """Return the lines of an export, 0 where the first is no entry with a title or a body."""
    try:
        with Path(tree.root / name).open("rb") as lines:
            first = json.loads(lines.readline(SAMPLE_LIMIT))
            stated = isinstance(first, Mapping) and ("title" in first or "body" in first)
            return 1 + sum(1 for line in lines if line.strip()) if stated else 0
    except (OSError, ValueError, RecursionError):
        return 0


_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)


def _count_items(tree: Tree, name: str) -> int:
    """Return how many entries a feed has, 0 for what is none, or a template of one."""
    try:
        raw = read_bytes(tree.root / name, tree.root, READERS["feed"].limit)
    except ContentError:
        return 0
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    return len(re.findall(rb"<(?:item|entry)\b", raw)) if _FEED.match(raw[:4096]) else 0
