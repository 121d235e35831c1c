"""Looks at a folder and tells which generator made it, and where its posts lie.

    files ---> marks: a configuration, a folder's name ---> generator
          ---> shapes of front matter, where no mark is

It is a proposal: `init` writes it to sources.toml, where the owner sees and mends it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.facts import Facts
from searchapp.sources.files import read_bytes, walk
from searchapp.sources.frontmatter import part
from searchapp.sources.readers import HTML, MARKDOWN
from searchapp.sources.selecting import is_of_the_project, is_piece
from searchapp.urls import host_of

MOST = 200_000  # files that are looked at
SAMPLE = 200  # posts whose front matter is read
SAMPLE_LIMIT = 2**20

# What others wrote, or a generator made or needs: never the writer's own posts.
NOT_OURS = (
    "node_modules", "vendor", "bower_components", "venv", "site-packages", "__pycache__",
    "_site", "_includes", "_layouts", "_sass", "_plugins",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tree:
    """The files below a folder, by their paths below it."""

    root: Path
    names: tuple[str, ...]

    @classmethod
    def of(cls, root: Path) -> "Tree":
        """List the files below `root`; hidden ones and what is not the writer's own are none.

        Of pages in HTML, only those count that are posts.
        """
        found = sorted(islice(_walk(root), MOST))
        pages = (name.lower().endswith(HTML) for name in found)
        kept = (
            name
            for name, page in zip(found, pages, strict=True)
            if not page or is_piece(root / name, root)
        )
        return cls(root, tuple(kept))

    def has(self, *names: str) -> str | None:
        """Return the first of these files that is there."""
        known = set(self.names)
        return next((name for name in names if name in known), None)

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the files below one of its folders; `.` means all."""
        start = "" if folder in ("", ".") else folder.rstrip("/") + "/"
        return tuple(name for name in self.names if name.startswith(start))

    def posts(self, folder: str = ".") -> tuple[str, ...]:
        """Return the files below a folder that may be posts, those of the project left out."""
        return tuple(
            name
            for name in self.below(folder)
            if name.lower().endswith(MARKDOWN) and not is_of_the_project(name)
        )

    def folders(self) -> set[str]:
        """Return the folders that hold files, at any depth."""
        parents = (PurePosixPath(name).parents for name in self.names)
        return {folder.as_posix() for above in parents for folder in above} - {"."}


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, names in walk(root):
        folders[:] = sorted(f for f in folders if f not in NOT_OURS)
        kept = {".eleventy.js"} if Path(folder) == root else set()
        for name in names:
            if not name.startswith(".") or name in kept:
                yield Path(folder, name).relative_to(root).as_posix()


# --- Shapes ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shapes:
    """How many of the sampled posts have front matter of each form, and which facts in it.

    `hosts` are those at which posts say that they were published.
    """

    forms: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    hosts: Mapping[str, int] = field(default_factory=dict)
    sampled: int = 0

    @classmethod
    def of(cls, root: Path, names: Sequence[str]) -> "Shapes":
        """Look at some of the posts, evenly spread."""
        step = max(1, len(names) // SAMPLE)
        forms: Counter[str] = Counter()
        facts: Counter[str] = Counter()
        hosts: Counter[str] = Counter()
        sampled = 0
        for name in names[::step]:
            try:
                text, _ = decode(read_bytes(root / name, root, SAMPLE_LIMIT))
                parted = part(text)
            except (ContentError, OSError):
                continue
            sampled += 1
            forms[_form_of(text, bool(parted.facts))] += 1
            facts.update(parted.facts.keys())
            stated = Facts(parted.facts).texts("elsewhere")
            hosts.update(filter(None, map(host_of, stated)))
        return cls(forms, facts, hosts, sampled)

    def mostly(self, form: str) -> bool:
        """Tell whether at least half of the posts have this form."""
        return self.sampled > 0 and 2 * self.forms.get(form, 0) >= self.sampled


def _form_of(text: str, stated: bool) -> str:
    start = text.lstrip()[:3]
    forms = {"---": "yaml", "+++": "toml"}
    if start in forms:
        return forms[start]
    return ("json" if start.startswith("{") else "lines") if stated else "none"


# --- Marks ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recognised:
    """A generator, why we think so, and the folder of its site, seen from the one given.

    `above` is the path from the site's folder to the one given, where that lies within it.
    """

    generator: str
    reasons: tuple[str, ...]
    root: str = "."
    above: str = ""


# Folders of a site in which posts lie: somebody may point at one of them.
_CONTENT = frozenset(("content", "src", "_posts", "posts", "docs"))

Mark = Callable[[Tree], Iterable[str]]


def _any_of(*names: str) -> Mark:
    return lambda tree: filter(None, [tree.has(*names)])


def _astro(tree: Tree) -> Iterator[str]:
    yield from _any_of(*(f"astro.config.{e}" for e in ("mjs", "js", "ts", "mts", "cjs")))(tree)
    if any(name.startswith("src/content/") for name in tree.names):
        yield "src/content/"


def _eleventy(tree: Tree) -> Iterator[str]:
    endings = ("js", "mjs", "cjs", "ts")
    yield from _any_of(".eleventy.js", *(f"eleventy.config.{e}" for e in endings))(tree)
    data = (name for name in tree.names if re.search(r"\.11tydata\.\w+$", name))
    yield from islice(data, 1)


def _zola(tree: Tree) -> Iterator[str]:
    yield from _any_of("zola.toml")(tree)
    if tree.has("config.toml") and re.search(r"(?m)^\s*base_url\s*=", _text(tree, "config.toml")):
        yield "config.toml (base_url)"


def _hugo(tree: Tree) -> Iterator[str]:
    endings = ("toml", "yaml", "yml", "json")
    folders = ("", "config/_default/")
    yield from _any_of(*(f"{f}hugo.{e}" for f in folders for e in endings))(tree)
    for name in (f"{folder}config.{e}" for folder in folders for e in endings):
        if tree.has(name) and re.search(r"(?im)^\W*(?:baseurl|theme)\W", _text(tree, name)):
            yield f"{name} (baseURL)"


def _academicpages(tree: Tree) -> Iterator[str]:
    """Look for two of its collections: one alone is that of some other site."""
    names = ("_publications", "_talks", "_teaching", "_portfolio")
    folders = [folder for folder in names if tree.posts(folder)]
    if len(folders) >= 2:
        yield " and ".join(f"{folder}/" for folder in folders)


def _jekyll(tree: Tree) -> Iterator[str]:
    yield from _any_of("_config.yml", "_config.yaml", "_config.toml")(tree)
    if tree.below("_posts"):
        yield "_posts/"


# In this order, as some files mark more than one.
_MARKS: dict[str, Mark] = {
    "astro": _astro,
    "eleventy": _eleventy,
    "pelican": _any_of("pelicanconf.py"),
    "zola": _zola,
    "hugo": _hugo,
    "academicpages": _academicpages,
    "jekyll": _jekyll,
}


def _text(tree: Tree, name: str) -> str:
    try:
        return decode(read_bytes(tree.root / name, tree.root, SAMPLE_LIMIT))[0]
    except ContentError:
        return ""


def recognise(tree: Tree) -> Recognised:
    """Return which generator made a folder, by its marks, else by the shape of its posts."""
    return _by_marks(tree) or _by_site(tree) or _by_name(tree) or _by_shape(tree)


def _by_marks(tree: Tree) -> Recognised | None:
    """Look for marks in the folder, then in the folders right below it."""
    below = sorted({PurePosixPath(name).parts[0] for name in tree.names if "/" in name})
    for root in (".", *below):
        inner = tree if root == "." else _inner(tree, root)
        if root != "." and 2 * len(inner.posts()) < len(tree.posts()):
            continue  # a site among much other writing
        for generator, mark in _MARKS.items():
            if reasons := tuple(mark(inner)):
                shown = (reason if root == "." else f"{root}/{reason}" for reason in reasons)
                return Recognised(generator, tuple(shown), root)
    return None


def _inner(tree: Tree, folder: str) -> Tree:
    start = f"{folder}/"
    return Tree(tree.root / folder, tuple(n.removeprefix(start) for n in tree.below(folder)))


def _by_site(tree: Tree) -> Recognised | None:
    """Look for marks above a folder that is the content of a site, or a part of it."""
    folder = tree.root.resolve()
    for steps, site in enumerate(list(folder.parents)[:3], start=1):
        above = folder.relative_to(site).as_posix()
        if PurePosixPath(above).parts[0] not in _CONTENT:
            continue
        try:
            names = [path.name for path in site.iterdir() if path.is_file()]
        except OSError:
            return None
        defaults = site / "config" / "_default"
        names += [f"config/_default/{path.name}" for path in defaults.glob("*.*")]
        for generator, mark in _MARKS.items():
            if reasons := tuple(mark(Tree(site, tuple(sorted(names))))):
                up = "/".join([".."] * steps)
                shown = tuple(f"{up}/{reason}" for reason in reasons)
                return Recognised(generator, shown, up, above)
    return None


def _by_name(tree: Tree) -> Recognised | None:
    """Tell a folder by the name of folders of posts: its own, or some that lie deep in it."""
    if tree.root.resolve().name == "_posts":
        return Recognised("jekyll", ("the folder is named _posts",))
    deep = sorted(folder for folder in tree.folders() if PurePosixPath(folder).name == "_posts")
    within = sum(len(tree.posts(folder)) for folder in deep)
    return Recognised("jekyll", (f"{deep[0]}/",)) if 2 * within > len(tree.posts()) else None


def _by_shape(tree: Tree) -> Recognised:
    names = tree.posts()
    shapes = Shapes.of(tree.root, names)
    lists = [name for name in names if PurePosixPath(name).stem == "_index"]
    if shapes.mostly("lines"):
        return Recognised("pelican", ("posts begin with lines such as 'Title: ...'",))
    if shapes.mostly("toml") and _looks_like_zola(shapes):
        return Recognised("zola", ("front matter between +++, with path, extra or taxonomies",))
    if lists:
        return Recognised("hugo", (lists[0],))
    if shapes.mostly("toml"):
        return Recognised("hugo", ("front matter between +++",))
    return Recognised("markdown", ("the lack of any configuration of a generator",))


def _looks_like_zola(shapes: Shapes) -> bool:
    zola = sum(shapes.names.get(name, 0) for name in ("taxonomies", "extra", "path"))
    hugo = sum(shapes.names.get(name, 0) for name in ("tags", "categories", "lastmod", "params"))
    return zola > hugo
