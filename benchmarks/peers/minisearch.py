"""MiniSearch, a search library in JavaScript that blogs run in the browser, here in Node.

It is given our terms, ready made, with our weights. It has no facets: the values of all that it
finds are counted, as its users do. Its process measures itself.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus, Terms
from benchmarks.peers import HITS, VALUES, Answer, Ask, Change, Question, Took
from benchmarks.peers.stored import stored
from searchapp.documents import Work
from searchapp.fields import FACET, TEXT_FIELDS

NAME = "MiniSearch"
INDEX = "minisearch"
SHARE = 0.25  # it takes half a second for some prefixes at 10,000 posts
MOST = 50_000
IS_APART = True

_ROOT = Path(__file__).parent.parent.parent
_PACKAGE = _ROOT / "node_modules" / "minisearch" / "package.json"
_SCRIPT = Path(__file__).with_suffix(".mjs")


def _find_node() -> str:
    """Return node: that of the machine, else of the package that brings it."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if not found:
        raise ImportError("there is no node; `make bench` brings it")
    return found


if not _PACKAGE.is_file():
    raise ImportError("node_modules has no minisearch; run `npm ci`")
_NODE = _find_node()
SETUP = f"{json.loads(_PACKAGE.read_text())['version']}, our terms and weights, counts in a Map"


def build(corpus: Corpus, folder: Path) -> None:
    process = _start("build", corpus, folder)
    assert process.stdin
    for line in _lines(corpus):
        process.stdin.write(line)
    process.communicate()
    if process.returncode:
        raise RuntimeError(f"node ended with {process.returncode}, as said above")


def open_index(corpus: Corpus, folder: Path) -> Ask:
    tell = _converse(corpus, folder)

    def ask(question: Question) -> Answer:
        said = tell(asdict(question))
        facets = {name: [(v, n) for v, n in counts] for name, counts in said["facets"].items()}
        return Answer(said["total"], said["rows"], facets, Took(said["processor"], said["wall"]))

    return ask


def open_to_change(corpus: Corpus, folder: Path) -> Change:
    """Return what changes a post in its memory, which is all that it has; the file stays."""
    tell = _converse(corpus, folder)
    tell({"words": [], "facets": False})  # it has read its index

    def change(row: int, work: Work, terms: Terms, term: str) -> tuple[int, Took]:
        post = _describe(corpus, row, work, terms)
        said = tell({"post": post, "words": [[term]], "facets": False})
        return said["total"], Took(said["processor"], said["wall"])

    return change


def _converse(corpus: Corpus, folder: Path) -> "Callable[[dict[str, Any]], Any]":
    """Start its process, and return what sends it a line and returns the line it answers."""
    process = _start("ask", corpus, folder)
    assert process.stdin
    assert process.stdout
    asked, answers = process.stdin, process.stdout

    def tell(line: dict[str, Any]) -> Any:
        asked.write(json.dumps(line) + "\n")
        asked.flush()
        return json.loads(answers.readline())

    return tell


def files(folder: Path) -> Path:
    return folder


def _start(mode: str, corpus: Corpus, folder: Path) -> "subprocess.Popen[str]":
    """Start its process; one that answers ends when this one does, as its stdin then does."""
    settings = {
        "fields": [field.name for field in TEXT_FIELDS],
        "boost": {field.name: field.weight for field in TEXT_FIELDS},
        "facets": corpus.facets,
        "hits": HITS,
        "values": VALUES,
    }
    return subprocess.Popen(
        [_NODE, "--max-old-space-size=8192", _SCRIPT, mode, folder / "index.json",
         json.dumps(settings)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _lines(corpus: Corpus) -> Iterator[str]:
    for row, (work, terms) in enumerate(zip(corpus.works, corpus.analysis.fields, strict=True)):
        yield json.dumps(_describe(corpus, row, work, terms)) + "\n"


def _describe(corpus: Corpus, row: int, work: Work, terms: Terms) -> dict[str, Any]:
    facets = [list(FACET[name].values(work)) for name in corpus.facets]
    return {"row": row, "shown": stored(work), "facets": facets, **terms}
