"""Fifty files of each collection, read by the simplest code that could, and compared.

Nothing here is shared with the code that is measured: front matter is cut by hand and given to
the language's own loader.
"""

import datetime as dt
import html
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.corpora.rows import Row
from searchapp.build import Gathered
from searchapp.documents import Document

SAMPLED = 50


@dataclass(frozen=True)
class Seen:
    """What a person would read off a file; None where the collection does not state it."""

    title: str
    date: str | None = None
    tags: frozenset[str] | None = None
    url: str | None = None


def _rust(path: Path, text: str) -> Seen:
    stated = tomllib.loads(text.split("+++", 2)[1])
    day = re.match(r"(?:inside-rust/)?(?:releases/)?(\d+)/(\d+)/(\d+)", stated["path"])
    date = f"{int(day[1]):04}-{int(day[2]):02}-{int(day[3]):02}" if day else None
    return Seen(stated["title"], date, frozenset(), f"https://blog.rust-lang.org/{stated['path']}/")


def _twir(path: Path, text: str) -> Seen:
    lines = text.split("\n\n", 1)[0].splitlines()
    head = dict(line.split(": ", 1) for line in lines if ": " in line)
    year, month, day = re.findall(r"\d+", head["Date"])[:3]
    date = f"{int(year):04}-{int(month):02}-{int(day):02}"
    slug = head.get("Slug", re.sub(r"[^a-z0-9]+", "-", head["Title"].lower()).strip("-"))
    address = f"https://this-week-in-rust.org/blog/{date.replace('-', '/')}/{slug}/"
    return Seen(head["Title"].strip(), date, frozenset({head["Category"].strip()}), address)


def _chinchilla(path: Path, text: str) -> Seen:
    stated = yaml.safe_load(text.split("---\n", 2)[1])
    day = stated.get("publishDate") or stated.get("date")
    date = day.date().isoformat() if isinstance(day, dt.datetime) else str(day or "")[:10] or None
    tags = [*(stated.get("tags") or ()), *(stated.get("categories") or ())]
    url = stated.get("publication_url")
    return Seen(html.unescape(str(stated["title"])), date, frozenset(map(str, tags)), url)


def _simonw(path: Path, text: str) -> Seen:
    heading = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    return Seen(heading, None, frozenset({path.parent.name}))


def _jekyll(path: Path, text: str) -> Seen:
    stated = yaml.safe_load(text.split("---\n", 2)[1])
    category = stated.get("category") or stated.get("categories") or []
    tags = category if isinstance(category, list) else category.split()
    date = stated.get("date")
    day = date.date().isoformat() if isinstance(date, dt.datetime) else str(date or path.name)[:10]
    slug = re.sub(r"^\d+-\d+-\d+-|\.[a-z]+$", "", path.name)
    return Seen(stated["title"], day, frozenset(tags),
                f"https://jekyllrb.com/news/{day.replace('-', '/')}/{slug}/")  # fmt: skip


READINGS: Mapping[str, Callable[[Path, str], Seen]] = {
    "rust-blog": _rust, "twir": _twir, "chinchilla": _chinchilla, "simonw-til": _simonw,
    "jekyll-news": _jekyll,
}  # fmt: skip


def report(gathered: Mapping[str, Gathered], scratch: Path) -> Iterator[Row]:
    """Yield, for each collection, how many of the sampled files both readings agree on."""
    for name, read in READINGS.items():
        posts = gathered[name].readings[0].documents
        drawn = random.Random(7).sample(posts, min(SAMPLED, len(posts)))
        wrong = [d for post in drawn for d in _differences(post, read, scratch / name)]
        files = len({line.split(":", 1)[0] for line in wrong})
        figure = f"{len(drawn) - files} of {len(drawn)} agree in title, date, tags and address"
        yield Row(name, figure, not wrong, tuple(wrong))


def _differences(post: Document, read: Callable[[Path, str], Seen], content: Path) -> Iterator[str]:
    path = (content / post.path).resolve()
    seen = read(path, path.read_text(encoding="utf-8"))
    ours = {
        "title": post.title, "date": post.date and post.date.isoformat(),
        "tags": frozenset(post.tags), "url": post.url,
    }  # fmt: skip
    for name, value in ours.items():
        wanted = getattr(seen, name)
        if wanted is not None and value != wanted:
            yield f"{path.name}: {name} is {value!r}, and a second reading says {wanted!r}"
