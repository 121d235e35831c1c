"""The two sites that are looked at: 10,000 posts of `posts.py`, and content/ as it is."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from benchmarks.posts import make_corpus, read_material
from searchapp.documents import Guide
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.tags import draw_map

CONTENT = Path(__file__).parents[2] / "content"
SCATTERED = CONTENT.parent / "tests" / "data" / "scattered"


@dataclass(frozen=True)
class Served:
    """A running site."""

    home: str
    process: int = 0

    @property
    def processor_seconds(self) -> float:
        """The seconds of processor that the server has taken; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, path: str, **arguments: object) -> dict[str, Any]:
        """Return what the API says."""
        with urlopen(f"{self.home}{path}?{urlencode(arguments)}") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def pages(self, words: str, piece: str = "") -> Mapping[str, str]:
        """Return the addresses of the kinds of pages, by name.

        `words` are searched for; the piece is the first that is found with `piece`.
        """
        tag = self.ask("/api/search", limit=1)["facets"]["tag"][0]["value"]
        work = self.ask("/api/search", q=piece or words, limit=1)["hits"][0]["id"]
        paths = {
            "browse": "/",
            "search": f"/?q={quote(words)}",
            "tag": f"/tags/{tag}/",
            "work": f"/works/{work}/",
        }
        return {name: self.home + path for name, path in paths.items()}


def build_large(folder: Path, posts: int, seed: int = 1) -> None:
    """Build an index of that many posts in `folder`, with a map of their tags."""
    corpus = make_corpus(read_material(CONTENT), posts, seed)
    site = Site(title="Posts", description="", author="", url="", language="en", about=None)
    guide = Guide(map=draw_map(corpus.works, corpus.tags))
    folder.mkdir(parents=True, exist_ok=True)
    with lock_for_building(folder):
        write_generation(folder, corpus.works, corpus.tags, site, report={}, guide=guide)


@contextlib.contextmanager
def serve(index: Path, content: Path = CONTENT) -> Iterator[Served]:
    """Serve `index` with our own command, as an owner would; `content` is built if it is not."""
    command = [sys.executable, "-m", "searchapp", "serve", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--index", str(index), "--content", str(content)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout
        homes = (re.search(r"http://[\d.]+:\d+", line) for line in server.stdout)
        yield Served(next(home[0] for home in homes if home), server.pid)
    finally:
        server.terminate()
        server.wait(timeout=10)
