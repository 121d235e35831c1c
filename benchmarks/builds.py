"""`python -m benchmarks.builds`: what building takes, beside Whoosh, and what it takes again.

    full         the engine's part, beside Whoosh with its TEXT defaults: same posts, same fields
    again        the whole of `searchapp build` over a folder of Markdown: nothing changed, one
                 post changed; until an open index answers from it; how long the swap holds one

Each build runs in a process of its own, ours and Whoosh's in turn. Processor time is that of
the process and its children; memory is what it takes at its greatest beside the posts.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index

from benchmarks.building import Built, Plan, build_one
from benchmarks.corpus import Corpus
from benchmarks.peers import ours
from benchmarks.posts import make_corpus, read_material
from searchapp import Index, open_index
from searchapp.fields import FACETS, TEXT_FIELDS

NAME = "Whoosh, TEXT defaults"
UNCHANGED, CHANGED, VISIBLE, PAUSE = 1.0, 1.5, 1.5, 0.1  # seconds
QUIET = 0.5
FASTER, MEMORY = 2.0, 1.0  # times Whoosh's


def main() -> None:
    """Build, change, build again, and print what it took."""
    options = _read_options()
    corpus = make_corpus(read_material(options.content), options.posts, options.seed)
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"{len(corpus):,} posts\n")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="builds-") as folder:
        if "full" in options.parts:
            _compare(corpus, Path(folder), options.rounds)
        if "again" in options.parts:
            _build_again(corpus, Path(folder), options.rounds)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--content", type=Path, default=Path("content"), help="to make posts of")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", nargs="+", default=("full", "again"))
    return parser.parse_args()


def _compare(corpus: Corpus, folder: Path, rounds: int) -> None:
    """Build in full by turns, and print the medians and their ratios."""
    taken: dict[str, list[Built]] = {ours.NAME: [], NAME: []}
    for number in range(rounds):
        for peer in (ours, sys.modules[__name__]):
            plan = Plan(peer, corpus, folder / f"{peer.NAME}-{number}")  # type: ignore[arg-type]
            taken[peer.NAME].append(build_one(plan))
    rows = {name: _medians(built) for name, built in taken.items()}
    print(f"{'full build':24}{'processor':>12}{'wall':>10}{'posts/s':>10}{'memory':>10}")
    for name, (processor, wall, memory) in rows.items():
        print(f"{name:24}{processor:>10.2f} s{wall:>8.2f} s{len(corpus) / processor:>10.0f}"
              f"{memory / 2**20:>7.0f} MB")  # fmt: skip
    us, whoosh = rows[ours.NAME], rows[NAME]
    _judge(f"{whoosh[0] / us[0]:.2f}x the posts per second of processor time (>= {FASTER:g}x)",
           whoosh[0] / us[0] >= FASTER)  # fmt: skip
    _judge(f"{us[2] / whoosh[2]:.2f}x the memory (<= {MEMORY:g}x)", us[2] / whoosh[2] <= MEMORY)


def _medians(built: Sequence[Built]) -> tuple[float, float, float]:
    return (
        statistics.median(b.processor for b in built),
        statistics.median(b.wall for b in built),
        statistics.median(float(b.memory) for b in built),
    )


def build(corpus: Corpus, folder: Path) -> None:
    """Index the posts as Whoosh's documentation has it: TEXT for words, ID and KEYWORD."""
    schema = whoosh_fields.Schema(id=whoosh_fields.ID(stored=True, unique=True))
    for field in TEXT_FIELDS:
        schema.add(field.name, whoosh_fields.TEXT())
    for facet in FACETS:
        kind = whoosh_fields.ID() if facet.single else whoosh_fields.KEYWORD(commas=True)
        schema.add(facet.name, kind)
    writer = whoosh_index.create_in(str(folder), schema).writer()
    for work in corpus.works:
        values = {
            field.name: " ".join(text for d in work.documents for text in field.texts(work, d))
            for field in TEXT_FIELDS
        }
        values |= {facet.name: ",".join(facet.values(work)) for facet in FACETS}
        writer.add_document(id=work.id, **{name: text for name, text in values.items() if text})
    writer.commit()


def _build_again(corpus: Corpus, folder: Path, rounds: int) -> None:
    """Build a folder of posts, then again: as it is, and with one post changed each time."""
    content, index = folder / "content", folder / "index"
    posts = _write_posts(corpus, content)
    first = _run(content, index)
    time.sleep(2.1)  # until the times of files just written are trusted
    _run(content, index)
    unchanged, changed, visible, pauses, before = [], [], [], [], []
    opened = open_index(index)
    for number in range(rounds):
        unchanged.append(_run(content, index))
        post = posts[number * len(posts) // rounds]
        post.write_text(f"{post.read_text()}\nChanged {number}: quagga{number}.\n")
        changed.append(_run(content, index))
        seen, pause, quiet = _swap(opened, f"quagga{number} ")
        visible.append(seen)
        pauses.append(pause)
        before.append(quiet)
    print(f"\n{'searchapp build':24}{'processor':>12}{'wall':>10}")
    for name, runs in (("first", [first]), ("nothing changed", unchanged), ("one post", changed)):
        print(f"{name:24}{statistics.median(r[0] for r in runs):>10.2f} s"
              f"{statistics.median(r[1] for r in runs):>8.2f} s")  # fmt: skip
    took = [statistics.median(r[0] for r in runs) for runs in (unchanged, changed)]
    _judge(f"nothing changed: {took[0]:.2f} s of processor time (<= {UNCHANGED:g} s)",
           took[0] <= UNCHANGED)  # fmt: skip
    _judge(f"one post changed: {took[1]:.2f} s (<= {CHANGED:g} s)", took[1] <= CHANGED)
    _judge(f"seen {max(visible):.3f} s after its end (<= {VISIBLE:g} s)", max(visible) <= VISIBLE)
    _judge(f"the longest answer during a swap took {1000 * max(pauses):.0f} ms "
           f"(<= {1000 * PAUSE:.0f} ms; {1000 * max(before):.0f} ms without one)",
           max(pauses) <= PAUSE)  # fmt: skip


def _write_posts(corpus: Corpus, content: Path) -> list[Path]:
    paths = []
    for work in corpus.works:
        document = work.canonical
        head = {
            "title": document.title, "date": document.date and document.date.isoformat(),
            "tags": document.tags, "summary": document.summary, "language": document.language,
        }  # fmt: skip
        path = content / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        stated = "".join(f"{name}: {json.dumps(value)}\n" for name, value in head.items() if value)
        path.write_text(f"---\n{stated}---\n\n{document.text}\n", encoding="utf-8")
        paths.append(path)
    return paths


def _run(content: Path, index: Path) -> tuple[float, float]:
    """Run `searchapp build`; return its processor time, children included, and wall time."""
    command = [sys.executable, "-m", "searchapp", "build", "--json"]
    before, begun = os.times(), time.perf_counter()
    subprocess.run(  # our own command
        [*command, "--content", str(content), "--index", str(index)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system, time.perf_counter() - begun


def _swap(opened: Index, words: str) -> tuple[float, float, float]:
    """Move an open index to the newest generation while another thread asks it all the time.

    Returns when its first answer from there came, how long the slowest took meanwhile, and
    how long the slowest took in the half second before.
    """
    slowest, ended = [0.0], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            begun = time.perf_counter()
            opened.search("model ", snippets=False)
            slowest[0] = max(slowest[0], time.perf_counter() - begun)

    asking = threading.Thread(target=ask)
    asking.start()
    ended.wait(QUIET)
    quiet, slowest[0] = slowest[0], 0.0
    begun = time.perf_counter()
    opened.refresh()
    found = opened.search(words).total
    seen = time.perf_counter() - begun
    ended.set()
    asking.join()
    if not found:
        sys.exit(f"{words}: it is not found though it was built")
    return seen, slowest[0], quiet


def _judge(claim: str, met: bool) -> None:
    print(f"{'met ' if met else 'MISSED'}  {claim}", flush=True)


if __name__ == "__main__":
    main()
