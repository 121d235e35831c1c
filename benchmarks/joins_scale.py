"""What joining costs on 10,000 and 100,000 documents: processor time, and memory at its peak.

Each size runs in a process of its own, since memory is only told at its peak.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.joins_rows import Row
from searchapp.dedup import Verdicts, join_documents
from searchapp.dedup.memory import Memory
from searchapp.documents import Document

BEGINNINGS = 2_000
WORDS_OF_A_BODY = 150


def measure_scale(content: Path) -> Iterator[Row]:
    """Measure titles alone, titles with texts, and one change."""
    titles = _run("titles", 100_000)
    yield Row("100,000 titles", "seconds", titles[0], "<=", 30.0)
    yield Row("100,000 titles", "MB at the peak", titles[1], "<=", 500.0)
    small, large = _run("bodies", 10_000), _run("bodies", 100_000)
    yield Row("100,000 with texts", "seconds", large[0], "<=", 60.0)
    yield Row("100,000 with texts", "MB at the peak", large[1], "<=", 1_000.0)
    ratio = large[0] / (10 * small[0])
    yield Row("100,000 with texts", "time a document, beside 10,000", ratio, "<=", 1.5)
    yield Row("10,000, one changed", "seconds", _run("change", 10_000)[0], "<=", 0.3)


def _run(kind: str, count: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.joins_scale", kind, str(count)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def make_documents(count: int, *, bodies: bool, seed: int = 1) -> list[Document]:
    """Return documents whose titles share beginnings, one in ten a copy on another site."""
    chance = random.Random(seed)
    letters = "aeioubcdfghlmnprst"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(30_000)]
    starts = [" ".join(chance.choices(words, k=3)) for _ in range(BEGINNINGS)]
    documents: list[Document] = []
    for number in range(count):
        if number % 10 == 9:
            original = documents[chance.randrange(len(documents))]
            copy = replace(original, id=f"copy:{number}", source="copy", site="Copy",
                           url=f"https://copies.example/{number}/")  # fmt: skip
            documents.append(copy)
            continue
        title = f"{starts[number % BEGINNINGS]} {' '.join(chance.choices(words, k=4))}".capitalize()
        text = " ".join(chance.choices(words, k=WORDS_OF_A_BODY)) if bodies else ""
        documents.append(Document(
            f"blog:{number}", title, "blog", "Blog", f"{number}.md", text=text,
            url=f"https://blog.example/{number}/",
        ))  # fmt: skip
    return documents


def _main(kind: str, count: int) -> None:
    documents = make_documents(count, bodies=kind != "titles")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    if kind == "change":
        seconds = _change_one(documents)
    else:
        join_documents(documents, Verdicts())
        seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(seconds, peak / 1024, before / 1024)


def _change_one(documents: list[Document]) -> float:
    """Join with one text changed, in this process, what another has joined and remembered."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.joins_scale", "remember", folder]
        subprocess.run([*command, str(len(documents))], capture_output=True, check=True)
        changed = [replace(documents[0], text=documents[0].text + " and more"), *documents[1:]]
        begun = time.process_time()
        with Memory(folder=Path(folder)) as memory:
            join_documents(changed, Verdicts(), memory)
        return time.process_time() - begun


def _remember(folder: str, count: int) -> None:
    with Memory(folder=Path(folder)) as memory:
        join_documents(make_documents(count, bodies=True), Verdicts(), memory)


if __name__ == "__main__":
    if sys.argv[1] == "remember":
        _remember(sys.argv[2], int(sys.argv[3]))
    else:
        _main(sys.argv[1], int(sys.argv[2]))
