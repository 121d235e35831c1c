"""The generators whose sites we know: where each publishes a post, and what its tags mean.

A generator is one entry in `GENERATORS`. What an owner configured differently stands in
sources.toml as `permalink`; without one the generator's own default counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from searchapp.sources.model import Source
from searchapp.sources.naming import FileName
from searchapp.sources.permalinks import Named, Part
from searchapp.sources.wordings import (
    astro_slug,
    eleventy_slug,
    hugo_path,
    jekyll_slug,
    jekyll_title,
    pelican_slug,
    zola_slug,
)

POSTS = frozenset(("_posts", "_drafts"))  # Jekyll's folders of posts


@dataclass(frozen=True, slots=True)
class Generator:
    """How one generator names its pages.

    `home` are names of the folder that addresses count from. `permalink` is the pattern
    without any configuration, `styles` are the names that patterns go by. `parts` are
    written its own way. With `spaced`, tags in a string are parted by spaces; with
    `semicolons`, by these where there are any. With `liquid`, that is run over all a post has,
    code included; with `languages`, `post.de.md` is in German; with `underscored`, names that
    begin so are not published. Tags in `names_of_lists` only say in which lists of its site a
    post stands. With `fills_in`, a path that a post states may have parts; the others take it
    as it is.
    """

    label: str
    home: tuple[str, ...] = ()
    permalink: str | None = None
    styles: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    spaced: bool = False
    semicolons: bool = False
    liquid: bool = False
    languages: bool = False
    underscored: bool = False
    names_of_lists: frozenset[str] = frozenset()
    collections: str | None = None
    fills_in: bool = True


def _written(write: Callable[[str], str | None], *parts: str) -> dict[str, Part]:
    """Return the parts of an address, each with its words written by one rule."""
    return {part: _WORDS[part](write) for part in parts}


def _slash(write: Callable[[str], str | None], words: Callable[[Named], tuple[str, ...]]) -> Part:
    def said(named: Named) -> str | None:
        written = [write(word) for word in words(named)]
        return None if None in written else "/".join(filter(None, written))

    return said


_WORDS: dict[str, Callable[[Callable[[str], str | None]], Part]] = {
    "title": lambda write: lambda named: write(named.title),
    "slug": lambda write: lambda named: write(named.stated or named.heading or named.title),
    "name": lambda write: lambda named: write(named.name),
    "category": lambda write: _slash(write, lambda named: named.categories[:1] or ("misc",)),
    "author": lambda write: lambda named: write(named.author) if named.author else None,
    "sections": lambda write: _slash(write, lambda named: named.folders),
}

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}


def _lower_categories(named: Named) -> str:
    return "/".join(dict.fromkeys(category.lower() for category in named.categories))


_JEKYLL: dict[str, Part] = {
    **_written(jekyll_title, "title"),
    "slug": lambda named: jekyll_slug(named.title),
    "name": lambda named: jekyll_slug(named.name),
    "categories": _lower_categories,
    "slugified_categories": _slash(jekyll_slug, lambda named: named.categories),
    "path": lambda named: "/".join((*_below_collection(named), named.name)),
}


def _below_collection(named: Named) -> tuple[str, ...]:
    """Return the folders below that of the collection, which may be the source's own."""
    marks = [at for at, folder in enumerate(named.folders) if folder.startswith("_")]
    return named.folders[marks[0] + 1 :] if marks else named.folders


_HUGO: dict[str, Part] = {
    **_written(hugo_path, "sections", "slug"),
    "title": lambda named: hugo_path(named.heading or named.title),
    "section": lambda named: hugo_path("".join(named.folders[:1])),
    "filename": lambda named: hugo_path(named.name),
    "contentbasename": lambda named: hugo_path(named.name),
    "slugorfilename": lambda named: hugo_path(named.stated or named.name),
    "slugorcontentbasename": lambda named: hugo_path(named.stated or named.name),
}


def _astro_id(named: Named) -> str:
    """Return a post's path within its collection; a stated slug stands for all of it."""
    if named.stated:
        return named.stated
    return "/".join(map(astro_slug, (*named.folders[1:], named.name)))


def _eleventy_name(named: Named) -> str:
    """Return the file's name, nothing where its folder has that name already."""
    return "" if named.folders[-1:] == (named.name,) else named.name


GENERATORS: dict[str, Generator] = {
    "jekyll": Generator(
        "Jekyll", permalink="date", styles=_STYLES, parts=_JEKYLL, spaced=True, liquid=True,
        collections="/:collection/:path:output_ext",
    ),
    "academicpages": Generator(
        "academicpages", permalink="/:categories/:title/", styles=_STYLES, parts=_JEKYLL,
        spaced=True, liquid=True, collections="/:collection/:path/",
    ),
    "hugo": Generator(
        "Hugo", ("content",), "/:sections/:slugorfilename/", parts=_HUGO, languages=True,
    ),
    "zola": Generator(
        "Zola", ("content",), "/:sections/:slug/", languages=True, fills_in=False,
        parts={"slug": lambda named: zola_slug(named.title)},
    ),
    "eleventy": Generator(
        "Eleventy", ("content", "src"), "/:sections/:filename/",
        parts={
            **_written(eleventy_slug, "slug"),
            "filename": _eleventy_name,
            "path": lambda named: "/".join((*named.folders, named.title)),
        },
        names_of_lists=frozenset(("all", "nav", "post", "posts")), fills_in=False, liquid=True,
    ),
    "pelican": Generator(
        "Pelican", ("content",), "/:slug.html",
        parts=_written(pelican_slug, "slug", "category", "author"), fills_in=False,
        semicolons=True,
    ),
    "astro": Generator(
        "Astro", ("content", "pages"), "/:collection/:path/", parts={"path": _astro_id},
        underscored=True, fills_in=False,
    ),
    "markdown": Generator("plain Markdown", styles=_STYLES),
}  # fmt: skip

NONE = Generator("none", styles=_STYLES)


def generator_of(source: Source) -> Generator:
    """Return the generator that made the site, one without any rules where none is named."""
    return GENERATORS[source.generator] if source.generator else NONE


def folders_of(source: Source, name: FileName) -> tuple[str, ...]:
    """Return the folders from the site's content folder to a post of the source.

    `content/posts` of a Hugo site gives `posts`; a path that leads out of our own content
    folder tells nothing without a folder that the generator names so.
    """
    parts = tuple(p for p in PurePosixPath(source.path).parts if p != ".")
    home = generator_of(source).home
    marks = [at for at, part in enumerate(parts) if part in home]
    if marks:
        parts = parts[marks[0] + 1 :]
    elif not home or ".." in parts:
        parts = ()
    return (*parts, *name.folders)


def collection_of(source: Source, folders: tuple[str, ...]) -> str:
    """Return the collection that a post stands in: `talks` of `_talks`, "" for posts.

    Astro's are the first folders of its content.
    """
    if not generator_of(source).collections:
        return "".join(folders[:1])
    inner = [part for part in (*PurePosixPath(source.path).parts[-1:], *folders) if part[:1] == "_"]
    return "" if not inner or inner[0] in POSTS else inner[0][1:]


def pattern_of(source: Source, folders: tuple[str, ...], collection: str) -> str | None:
    """Return the pattern of an address: the owner's, else the generator's for this folder."""
    generator = generator_of(source)
    if source.permalink:
        return generator.styles.get(source.permalink, source.permalink)
    if collection and generator.collections:
        return generator.collections
    if generator.collections and source.path in (".", "") and not POSTS.intersection(folders):
        return "/:path:output_ext"
    return generator.styles.get(generator.permalink or "", generator.permalink)
