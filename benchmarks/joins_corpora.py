"""Labelled collections that are not ours to keep: measured where a folder of them is named."""

import csv
import html
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.joins_rows import Pair, Row, pairs_joined, pairs_near
from searchapp.build import gather
from searchapp.dedup import Joined, Verdicts, join_documents
from searchapp.documents import Document
from searchapp.text import repair
from searchapp.urls import address_key, host_of

BLOGS = ("rust-blog", "simonw-til")
SOURCES = """
[site]
title = "Labelled"
[[source]]
name = "blog"
kind = "jsonl"
path = "blog.jsonl"
[[source]]
name = "rest"
kind = "jsonl"
path = "rest.jsonl"
"""


def measure_corpora(folder: Path, pairs: Path | None) -> Iterator[Row]:
    """Measure each collection that the folder has."""
    titles = pairs or folder / "title-pairs.tsv"
    if titles.is_file():
        yield from measure_titles(titles)
    if (folder / "dedup/linklist-twir").is_dir():
        yield from measure_links(folder / "dedup/linklist-twir")
    if (folder / "dedup/own-chinchilla").is_dir():
        yield from measure_own(folder / "dedup/own-chinchilla")
    for blog in BLOGS:
        if (folder / "blogs" / blog).is_dir():
            joined = gather(folder / "blogs" / blog).joined
            yield Row(blog, "joins", len(pairs_joined(joined)), "=", 0)


# --- Pairs of titles ------------------------------------------------------------------


def measure_titles(path: Path) -> Iterator[Row]:
    """Join each pair alone: two entries with a title and an address, and nothing else."""
    rows = list(csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    told: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        joined = join_documents([_titled(row, "a"), _titled(row, "b")], Verdicts())
        one = len(joined.works) == 1
        told[row["label"]].append((one, bool(joined.near_misses), bool(joined.conflicts)))
    same, others = told["same"], [t for label in told if label != "same" for t in told[label]]
    right, wrong = sum(t[0] for t in same), sum(t[0] for t in others)
    yield Row("title-pairs", "precision", right / max(right + wrong, 1), ">=", 1.0)
    yield Row("title-pairs", "recall", right / len(same), ">=", 0.93)
    nearly = sum(t[0] or t[1] for t in same)
    yield Row("title-pairs", "recall with near misses", nearly / len(same), ">=", 0.99)
    yield Row("title-pairs", "conflicts", sum(t[2] for t in told["conflict"]), "=", 3)
    asked = sum(t[1] for t in others)
    yield Row("title-pairs", f"near misses among the {len(others)} others", asked)


def _titled(row: dict[str, str], side: str) -> Document:
    title, url = row[f"title_{side}"], row[f"url_{side}"] or None
    host = (host_of(url) if url else None) or "list"
    title = repair(html.unescape(title))
    return Document(f"{host}:{side}", title, host, host, "list.md", url=url, listed=True)


# --- Entries of link lists, and the posts of one blog ----------------------------------


def measure_links(folder: Path) -> Iterator[Row]:
    """Judge the joins of 33,552 entries by their labels."""
    documents, joined, labels = _read(folder)
    by_id = {document.id: document for document in documents}
    found = pairs_joined(joined)
    spelled = {p for p, (label, how) in labels.items() if label == 1 and "url-variant" in how}
    yield Row("linklist-twir", "pairs that differ in the spelling of the address",
              len(spelled & found), "=", len(spelled))  # fmt: skip
    own = {p for p, (label, _) in labels.items() if label == 1 and p[1].startswith("blog/")}
    yield Row("linklist-twir", f"of {len(own)} entries that are an own post",
              len(own & found) / len(own), ">=", 0.99)  # fmt: skip
    doubtful = {p for p, (label, _) in labels.items() if label == -1}
    wrong = doubtful & found
    yield Row("linklist-twir", f"of {len(doubtful)} doubtful joined", len(wrong), "=", 0)
    ids = [p for p in wrong if _one_id(*(by_id[i] for i in p))]
    yield Row("linklist-twir", "of these, one video or piece by its id", len(ids))
    yield Row("linklist-twir", "doubtful told as near misses", len(doubtful & pairs_near(joined)))


def _one_id(a: Document, b: Document) -> bool:
    return address_key(a.url or "") == address_key(b.url or "x")


def measure_own(folder: Path) -> Iterator[Row]:
    """Judge the joins of one writer's posts, talks and letters by their labels."""
    _, joined, labels = _read(folder)
    found = pairs_joined(joined)
    given_again = {(min(x.a, x.b), max(x.a, x.b)) for x in joined.likenesses}
    addressed = {p for p, (label, how) in labels.items() if label == 1 and "publication" in how}
    texts = {p for p, (label, how) in labels.items() if label == 1 and "text" in how}
    doubtful = {p for p, (label, _) in labels.items() if label == -1}
    yield Row("own-chinchilla", "pairs at one address", len(addressed & found), "=", len(addressed))
    yield Row("own-chinchilla", "pairs of near texts joined, or told as alike",
              len(texts & (found | given_again)), "=", len(texts))  # fmt: skip
    yield Row("own-chinchilla", "of these, joined", len(texts & found))
    yield Row("own-chinchilla", f"of {len(doubtful)} doubtful joined",
              len(doubtful & found), "=", 0)  # fmt: skip
    yield Row("own-chinchilla", "near misses", len(joined.near_misses))


def _read(folder: Path) -> tuple[list[Document], Joined, dict[Pair, tuple[int, str]]]:
    """Read a collection as its owner would, its own blog as a source beside the rest."""
    lines = (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as content:
        for name, of_blog in (("blog", True), ("rest", False)):
            kept = [line for line in lines if json.loads(line)["id"].startswith("blog/") == of_blog]
            Path(content, f"{name}.jsonl").write_text("".join(kept), encoding="utf-8")
        Path(content, "sources.toml").write_text(SOURCES, encoding="utf-8")
        gathered = gather(Path(content))
    labels: dict[Pair, tuple[int, str]] = {}
    with (folder / "pairs.tsv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            a, b = sorted((row["id1"], row["id2"]))
            labels[a, b] = (int(row["label"]), row["how"])
    documents = [document for reading in gathered.readings for document in reading.documents]
    return documents, gathered.joined, labels
