"""`python -m benchmarks.tag_pages`: what pages about tags cost, with thousands of tags.

Posts with tags drawn by Zipf's law are indexed in a temporary folder; each page is asked for
again and again by Flask's own client, and its size is that after gzip.
"""

import argparse
import datetime as dt
import gzip
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from searchapp import open_index
from searchapp.documents import Document, Guide, Place, Tag, Work
from searchapp.engine.generations import lock_for_building
from searchapp.engine.results import Site
from searchapp.engine.writing import write_generation
from searchapp.slugs import slug_of_tag
from searchapp.tags import draw_map
from searchapp.web import create_app

SYLLABLES = [
    "".join(pair) for pair in zip("bcdfghjklmnprstvwxyz", "aoieuaoiuaeoioaueaoa", strict=True)
]
SITE = Site("Tags", "", "", "", "en", None)
MOST_BYTES, MOST_MILLISECONDS = 60_000, 15.0
ROUNDS = 40


def main() -> int:
    """Build, ask, print; return 1 where a page of `/tags/` is larger or slower than promised."""
    options = _read_options()
    works, tags = _make_posts(options.posts, options.tags, random.Random(options.seed))
    with tempfile.TemporaryDirectory(prefix="tags-") as folder:
        begun = time.process_time()
        drawn = draw_map(works, tags)
        print(f"map of {len(tags):,} tags drawn in {time.process_time() - begun:.2f} s\n")
        with lock_for_building(Path(folder)):
            write_generation(Path(folder), works, tags, SITE, {}, guide=Guide(map=drawn))
        return _measure(Path(folder))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tag_pages", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--tags", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _make_posts(posts: int, count: int, chance: random.Random) -> tuple[list[Work], list[Tag]]:
    """Return posts and their tags, each of which some post has."""
    names: dict[str, None] = {}
    while len(names) < count:
        words = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(2))
        names[" ".join(list(words)[: chance.randint(1, 2)])] = None
    slugs = [slug_of_tag(name) for name in names]
    weights = [1 / (rank + 3) for rank in range(count)]
    works = []
    for number in range(posts):
        drawn = {*chance.choices(slugs, weights, k=chance.randint(1, 6)), slugs[number % count]}
        works.append(_make_work(number, tuple(sorted(drawn)), chance))
    return works, [Tag(slug_of_tag(name), name.title()) for name in names]


def _make_work(number: int, tags: tuple[str, ...], chance: random.Random) -> Work:
    date = dt.date(2010, 1, 1) + dt.timedelta(days=chance.randrange(5_500))
    name = f"{number}.md"
    title = f"Piece {number} on {tags[0]}"
    document = Document(f"blog:{name}", title, "blog", "Blog", name, date=date, tags=tags)
    return Work((document,), tags, tags, (Place(None, "Blog", title, date, "original"),))


def _measure(folder: Path) -> int:
    index = open_index(folder)
    client = create_app(folder).test_client()
    tags = index.tags()
    print(f"{index.pieces:,} pieces, {len(tags):,} tags; milliseconds of processor time")
    print(f"{'page':34} {'bytes':>8} {'gzip':>8} {'first':>8} {'median':>8} {'p95':>8}")
    letters = "ABCDFGHJ"
    rows = [
        ("/tags/", [f"/tags/?page={n}" for n in range(1, 9)], True),
        ("/tags/?sort=title&letter=", [f"/tags/?sort=title&letter={c}" for c in letters], True),
        ("/tags/?sort=latest&page=", [f"/tags/?sort=latest&page={n}" for n in range(1, 9)], True),
        ("/tags/?q=", [f"/tags/?q={s}" for s in SYLLABLES], True),
        ("/tags/?q= (nothing found)", [f"/tags/?q={s}qqx" for s in SYLLABLES], True),
        ("/tags/map/", ["/tags/map/"], True),
        ("/tags/<large>/", [f"/tags/{t.slug}/" for t in tags[:ROUNDS]], False),
        ("/tags/<small>/", [f"/tags/{t.slug}/" for t in tags[-ROUNDS:]], False),
        ("/tags/<unknown>/", [f"/tags/{s}qq/" for s in SYLLABLES], False),
        ("/api/suggest?q=", [f"/api/suggest?q={s}" for s in SYLLABLES], False),
        ("/api/tags", ["/api/tags"], False),
    ]
    missed = 0
    for name, addresses, is_list in rows:
        sizes, times = _ask(client, addresses, 5 if name == "/api/tags" else ROUNDS)
        body, packed = max(sizes)
        first, steady = times[0], sorted(times[1:] or times)
        median, slow = steady[len(steady) // 2], steady[-(-len(steady) * 95 // 100) - 1]
        print(f"{name:34} {body:8,} {packed:8,} {first:8.1f} {median:8.1f} {slow:8.1f}")
        missed += is_list and (packed > MOST_BYTES or median > MOST_MILLISECONDS)
    print(f"\n/tags/: at most {MOST_BYTES:,} bytes after gzip and {MOST_MILLISECONDS:.0f} ms: "
          + ("missed" if missed else "reached"))  # fmt: skip
    return int(bool(missed))


def _ask(
    client: object, addresses: Sequence[str], rounds: int
) -> tuple[list[tuple[int, int]], list[float]]:
    """Return the sizes of the answers, plain and packed, and the time that each took."""
    sizes, times = [], []
    for number in range(rounds):
        begun = time.process_time()
        response = client.get(addresses[number % len(addresses)])  # type: ignore[attr-defined]
        times.append((time.process_time() - begun) * 1000)
        sizes.append((len(response.data), len(gzip.compress(response.data, 6))))
    return sizes, times


if __name__ == "__main__":
    sys.exit(main())
