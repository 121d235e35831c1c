"""Reads content/about.md: the page about the site, which is not a piece."""

from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import ContentError, Finding
from searchapp.sources.encodings import decode
from searchapp.sources.files import read_bytes
from searchapp.sources.model import Configuration
from searchapp.sources.posts import Posts
from searchapp.sources.readers import READERS
from searchapp.sources.resolving import Resolver, keys_of_posts

ABOUT = "about.md"


@dataclass(frozen=True, slots=True)
class About:
    """The page as HTML, the images it shows, and what is wrong with it."""

    html: str | None
    images: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()


def read_about(content: Path, configuration: Configuration) -> str | None:
    """Return about.md as HTML, None if there is none that can be read."""
    return read_about_page(content, configuration).html


def read_about_page(content: Path, configuration: Configuration) -> About:
    """Return about.md rendered for /about/; one that cannot be read is a warning."""
    path = content / ABOUT
    if not path.is_file():
        return About(None)
    keys = keys_of_posts(configuration, content)
    try:
        raw = read_bytes(path, content, READERS["markdown"].limit)
        return render_about(raw, content, configuration, keys)
    except ContentError as error:
        return About(None, (), (Finding(ABOUT, error.line, error.reason),))


def render_about(raw: bytes, content: Path, configuration: Configuration, keys: Posts) -> About:
    """Return the page that the bytes of about.md are."""
    from searchapp.sources.facts import says_no  # noqa: PLC0415  # who only tells what the cache
    from searchapp.sources.frontmatter import part  # noqa: PLC0415  # has of it needs none of
    from searchapp.text import render  # noqa: PLC0415  # these

    resolver = Resolver(content, content, keys, configuration.site.url, (content,), up="../")
    parted = part(decode(raw)[0])
    title = parted.facts.get("title")
    rendered = render(
        parted.body,
        resolver.resolve,
        mend=not says_no(parted.facts.get("repair")),
        title=title if isinstance(title, str) else None,
    )
    return About(rendered.html, tuple(map(resolver.path_of_image, rendered.images)))
