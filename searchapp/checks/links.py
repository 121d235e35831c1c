"""Links and images in posts that lead nowhere.

    what reading could not find --which of it is ours?--> broken links, missing images

A blog links to much of its own that is no entry: pages, feeds, archives, files that its
generator makes. So a link is broken only where it can mean nothing else than a post or a file of
this folder, and is not there: a file by its name, a reference of the generator's, an address of
the shape that the posts of the site have.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.documents import Document
from searchapp.errors import ContentError
from searchapp.sources.files import is_folder, read_bytes, root_of
from searchapp.sources.model import Astray, Source
from searchapp.sources.posts import Posts
from searchapp.sources.resolving import IMAGE_ENDINGS, Resolver
from searchapp.text import POST, REFERENCE
from searchapp.urls import address_key, host_of

_PAGES = (".md", ".markdown", ".mkd", ".mdx")
# What a template fills in when the site is made; what it gives is not known here.
_TEMPLATE = re.compile(r"\{\{|\{%|%7B%7B|\$\{|<%|^\s*#")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 2**24  # bytes of a file that is looked through for the line of a link
LIKE_IT = 3  # addresses of one shape, from which on it is that of posts
NEAR = 0.88  # likeness of a name to that of a post beside it, from which on it is meant
FAR = 4  # letters by which a name that is meant may be longer or shorter
SINGLE = 5  # images of a source that are missing, beyond which all its images may be elsewhere


def broken_links(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield links to posts and files of this folder that are not there."""
    site = _Site(gathered, content)
    for reading in gathered.readings:
        for astray in reading.astray:
            why = site.why_broken(reading.source, astray) if astray.kind == "link" else None
            if why:
                reason = f"links to '{_shown(astray)}', {why}"
                yield _problem(astray, content, "broken-link", reason, site.remedy(astray))
    yield from site.broken_addresses()


def missing_images(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield images that are to lie in this folder, and do not."""
    for reading in gathered.readings:
        missing = [
            (astray, home)
            for astray in reading.astray
            if astray.kind == "image" and (home := _missing_from(reading.source, astray, content))
        ]
        shown = sum(len(document.images) for document in reading.documents)
        if len(missing) > max(SINGLE, shown):
            yield _elsewhere(missing[0][0], len(missing), reading.source)
            continue
        for astray, home in missing:
            yield _problem(
                astray, content, "missing-image",
                f"shows the image '{astray.target}', which is not there",
                _nearest_file(home, astray.target) or "put the file there, or mend its name",
            )  # fmt: skip


def _missing_from(source: Source, astray: Astray, content: Path) -> Path | None:
    """Return the folder in which an image is to lie and does not, None where nothing is wrong."""
    path = urlsplit(astray.target).path
    places = _candidates(source, astray, content)
    if not path.lower().endswith(IMAGE_ENDINGS) or not places or any(map(_exists, places)):
        return None
    return _home_of_images(places, path, source)


def _elsewhere(first: Astray, number: int, source: Source) -> Problem:
    """Return one line for a source most of whose images are not in this folder."""
    return Problem(
        first.path, first.line, "missing-image",
        f"{number} images of the source '{source.name}' are not there, among them "
        f"'{first.target}'",
        "put them into the content folder, where its posts look for them",
    )  # fmt: skip


def _problem(astray: Astray, content: Path, kind: str, reason: str, remedy: str) -> Problem:
    return Problem(astray.path, _line_of(astray, content), kind, reason, remedy)


def _shown(astray: Astray) -> str:
    for mark, written in ((POST, "post_url "), (REFERENCE, "ref ")):
        if astray.target.startswith(mark):
            return written + unquote(astray.target.removeprefix(mark))
    return astray.target


def _line_of(astray: Astray, content: Path) -> int | None:
    """Return the line on which a link stands, else that of its entry."""
    wanted = _shown(astray).rpartition(" ")[2] or astray.target
    try:
        raw = read_bytes(content / astray.path, content.parent, _LONGEST)
    except ContentError:
        return astray.line
    lines = raw.decode("utf-8", "replace").splitlines()
    spelt = (wanted, unquote(wanted))
    found = (n for n, line in enumerate(lines, 1) if any(word in line for word in spelt))
    return next(found, astray.line)


def _candidates(source: Source, astray: Astray, content: Path) -> list[Path] | None:
    """Return where the file that is named may lie, None where no file is."""
    if _TEMPLATE.search(astray.target) or astray.target.startswith((POST, REFERENCE)):
        return None
    path = unquote(urlsplit(astray.target).path)
    path = re.sub(r"^(?:@(?=/)|[{|](?:filename|attach|static|index)[}|])", "", path)
    root = root_of(source, content)
    roots = (root,) if is_folder(root) else (root.parent,)
    return Resolver(content, (content / astray.path).parent, Posts({}), None, roots).candidates(
        path
    )


def _exists(path: Path) -> bool:
    """Tell whether something is there; a name too long for any file is not, and is no error."""
    return os.path.exists(path)  # noqa: PTH110  # a Path raises where no file can be called so


def _home_of_images(places: list[Path], target: str, source: Source) -> Path | None:
    """Return the folder in which an image is to lie, None where that is not this folder's matter.

    Many a content folder holds the posts alone, while `/images/` stands with the site. And with
    Jekyll `cat.png` is beside the page, not beside the file. There a folder that is here tells.
    """
    by_file = not target.startswith("/") and source.generator not in _BESIDE_THE_PAGE
    for place in places:
        if is_folder(place.parent) and (by_file or _has_images(place.parent)):
            return place.parent
    return places[0].parent if by_file and places else None


_BESIDE_THE_PAGE = frozenset(("jekyll", "academicpages", "eleventy", "pelican"))


def _has_images(folder: Path) -> bool:
    try:
        return any(path.suffix.lower() in IMAGE_ENDINGS for path in folder.iterdir())
    except OSError:
        return False


def _nearest_file(home: Path, target: str) -> str | None:
    """Return which file is there in its place: one in capitals, or nearly of that name."""
    try:
        names = {path.name.casefold(): path.name for path in home.iterdir()}
    except OSError:
        return None
    wanted = PurePosixPath(unquote(urlsplit(target).path)).name.casefold()
    near = wanted if wanted in names else _nearest(wanted, names)
    return f"did you mean '{names[near]}'?" if near else None


def _nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is nearly this one; those that begin and end otherwise are not."""
    like = [
        other
        for other in names
        if abs(len(other) - len(name)) <= FAR and (other[:2] == name[:2] or other[-2:] == name[-2:])
    ]
    return next(iter(get_close_matches(name, like, 1, NEAR)), None)


@dataclass
class _Site:
    """What the posts of a folder are called and where they stand, to tell what is broken."""

    gathered: Gathered
    content: Path
    _told: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return tuple(d for work in self.gathered.works for d in work.documents)

    @cached_property
    def by_path(self) -> dict[str, Document]:
        return {d.path: d for d in self.documents if not d.listed}

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The path of each post by the name of its file."""
        return {PurePosixPath(path).name: path for path in self.by_path}

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Every address at which something of ours stands, by its key."""
        found: dict[str, str] = {}
        for document in self.documents:
            for url in (document.url, document.canonical_url, *document.aliases):
                if url and (key := address_key(url)):
                    found.setdefault(key, url)
        return found

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts at which the posts that are files here stand."""
        urls = {r.source.url for r in self.gathered.readings if r.source.url}
        return frozenset(filter(None, map(host_of, urls)))

    @cached_property
    def shapes(self) -> dict[tuple[str, ...], dict[str, str]]:
        """The posts of each shape of address: the name in it, and the whole."""
        found: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
        for document in self.by_path.values():
            if document.url and host_of(document.url) in self.hosts and (s := _shape(document.url)):
                found[s[0]][s[1]] = document.url
        return {shape: posts for shape, posts in found.items() if len(posts) >= LIKE_IT}

    def why_broken(self, source: Source, astray: Astray) -> str | None:
        """Return why a link that reading did not find is broken, None where it may be whole."""
        if astray.target.startswith((POST, REFERENCE)):
            is_ours = self._has_folder_of(source, unquote(astray.target.partition(":")[2]))
            return "which is no post here" if is_ours else None
        places = _candidates(source, astray, self.content)
        if places is None or any(map(_exists, places)):
            return None
        path = unquote(urlsplit(astray.target).path)
        if path.startswith(("@/", "{", "|")):
            return "which is no file here"
        ending = PurePosixPath(path).suffix.lower()
        if ending in _PAGES and not path.startswith("/"):
            return "which is no file here"
        if ending in IMAGE_ENDINGS and any(_has_images(place.parent) for place in places):
            return "which is no file here"
        base = self.by_path.get(astray.path)
        url = base.url if base else source.url
        return self.why_broken_address(urljoin(url, astray.target)) if url else None

    def _has_folder_of(self, source: Source, name: str) -> bool:
        """Whether the folder that a reference names is here: collections may lie elsewhere."""
        folder = PurePosixPath(name.partition("#")[0].strip("/")).parent.as_posix()
        root = root_of(source, self.content)
        return any(is_folder(above / folder) for above in (root, root.parent, self.content))

    def why_broken_address(self, url: str) -> str | None:
        """Return why an address of the site is broken: it looks like a post's, and is none's."""
        key = address_key(url)
        if key is None or key in self.addresses or host_of(url) not in self.hosts:
            return None
        shape, name = _shape(url) or ((), "")
        posts = self.shapes.get(shape)
        if not posts:
            return None
        dated = any(_YEAR.fullmatch(part) is None and part == "0" for part in shape)
        if dated or _nearest(name, posts):
            return "where no post stands"
        return None

    def remedy(self, astray: Astray) -> str:
        """Return what to do: the post that was meant, where one is nearly called so."""
        target = _shown(astray).rpartition(" ")[2]
        name = PurePosixPath(unquote(urlsplit(target).path)).name
        near = _nearest(name, self.by_name)
        base = self.by_path.get(astray.path)
        if near:
            return f"did you mean {self.by_name[near]}?"
        return self.nearest(urljoin(base.url, target)) if base and base.url else _MEND

    def nearest(self, url: str) -> str:
        """Return what to do about an address: the post that is nearly called so."""
        shape, name = _shape(url) or ((), "")
        posts = {n: u for s, each in self.shapes.items() if len(s) == len(shape)
                 for n, u in each.items()}  # fmt: skip
        near = _nearest(name, posts)
        return f"did you mean {posts[near]}?" if near else _MEND

    def broken_addresses(self) -> Iterator[Problem]:
        """Yield whole addresses of the site, in the texts of posts, where no post stands."""
        for document in self.by_path.values():
            if document.html is None or not any(host in document.html for host in self.hosts):
                continue
            for url in dict.fromkeys(_HREF.findall(document.html)):
                plain = url.replace("&amp;", "&")
                if host_of(plain) in self.hosts and (why := self.why_broken_address(plain)):
                    astray = Astray(document.path, document.line, "link", plain)
                    if _is_written(astray, self.content):
                        yield _problem(
                            astray, self.content, "broken-link", f"links to '{plain}', {why}",
                            self.nearest(plain),
                        )  # fmt: skip


_HREF = re.compile(r'href="(https?://[^"]+)"')
_MEND = "mend the link, or take it out"


def _is_written(astray: Astray, content: Path) -> bool:
    """Whether an address stands so in its file; others were made of paths, and are told as such."""
    try:
        raw = read_bytes(content / astray.path, content.parent, _LONGEST)
    except ContentError:
        return False
    return astray.target in raw.decode("utf-8", "replace")


def _shape(url: str) -> tuple[tuple[str, ...], str] | None:
    """Return the shape of an address and the name in it, None where it has no name.

    `/2024/05/31/cats/` has the shape `0 0 0 *`, and `/posts/cats.html` that of `posts *`.
    """
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    if len(parts) < 2:  # beside the posts of a site without folders stands all the rest of it
        return None
    *folders, last = parts
    name = last.rpartition(".")[0] or last
    if _NUMBER.fullmatch(name):  # /2024/05/ lists a month
        return None
    return (*("0" if _NUMBER.fullmatch(folder) else folder for folder in folders), "*"), name
