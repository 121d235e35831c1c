"""Our permalinks beside the addresses that stand elsewhere: in aliases, in links between posts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

from benchmarks.corpora.rows import Row
from searchapp.build import Gathered
from searchapp.documents import Document
from searchapp.sources import read_all, read_configuration
from searchapp.urls import address_key

ENOUGH = 10
WRONG = 0.05  # of links; people mistype addresses, and rename posts
_RUST = r"(?<=\()https?://blog\.rust-lang\.org/(?:inside-rust/)?\d{4}/\d\d/[^\s)#]+"
_TWIR = r"(?<=\()https?://this-week-in-rust\.org/blog/\d{4}/[^\s)#]+"
_NEWS = r"(?<=\()(?:https?://jekyllrb\.com)?/news/\d{4}/[^\s)#]+"
_JEKYLL = (
    '[[source]]\nname = "old"\nkind = "markdown"\npath = "_posts"\ngenerator = "jekyll"\n'
    'url = "https://blog.rust-lang.org"\n'
)


def report(gathered: Mapping[str, Gathered], scratch: Path) -> Iterator[Row]:
    """Yield, for each generator, how many addresses found elsewhere are those that we give."""
    rust = gathered["rust-blog"].readings[0].documents
    twir = gathered["twir"].readings[0].documents
    news = gathered["jekyll-news"].readings[0].documents
    yield _jekyll_by_aliases(rust, scratch / "as-jekyll")
    yield _by_links("zola: rust-blog, links", rust, scratch / "folders/rust-blog", _RUST)
    yield _by_links("pelican: twir, links", twir, scratch / "folders/twir", _TWIR, few=True)
    yield _by_links("jekyll: news, links", news, scratch / "folders/jekyll-news", _NEWS, few=True)


def _jekyll_by_aliases(posts: Sequence[Document], content: Path) -> Row:
    """Name the posts as they were under Jekyll; their aliases are the addresses of then."""
    (content / "_posts").mkdir(parents=True)
    (content / "sources.toml").write_text(_JEKYLL, encoding="utf-8")
    old: dict[str, str] = {}
    for post in posts:
        for alias in post.aliases:
            found = re.search(r"\.org/(\d{4})/(\d\d)/(\d\d)/([^/]+)\.html$", alias)
            if found and found[4].isascii():
                name = f"{found[1]}-{found[2]}-{found[3]}-{found[4]}.md"
                (content / "_posts" / name).write_text("---\ntitle: A\n---\nText.\n")
                old[name] = alias
    (reading,) = read_all(read_configuration(content), content)
    wrong = [
        f"{d.path}: {d.url}, and its alias is {old[Path(d.path).name]}"
        for d in reading.documents
        if d.url != old[Path(d.path).name]
    ]
    figure = f"{len(old) - len(wrong)} of {len(old)} aliases are the address by Jekyll's rule"
    return Row("jekyll: rust-blog, aliases", figure, len(old) >= ENOUGH and not wrong, tuple(wrong))


def _by_links(
    name: str, posts: Sequence[Document], content: Path, link: str, few: bool = False
) -> Row:
    """Count which addresses of posts that stand in other posts are addresses of ours.

    `link` is what such an address looks like where a writer wrote it; a path counts from the
    site of the posts.
    """
    urls = [url for post in posts for url in (post.url, *post.aliases) if url]
    known = {address_key(url) for url in urls}
    texts = ((content / post.path).read_text(encoding="utf-8") for post in posts)
    found = {urljoin(urls[0], address) for text in texts for address in re.findall(link, text)}
    wrong = sorted(address for address in found if address_key(address) not in known)
    figure = f"{len(found) - len(wrong)} of {len(found)} addresses lead to a post of ours"
    is_met = (few or len(found) >= ENOUGH) and len(wrong) <= max(1, len(found) * WRONG)
    return Row(name, figure, bool(found) and is_met, tuple(wrong))
