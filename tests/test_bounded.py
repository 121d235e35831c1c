"""What a question may cost is bounded, and what bounds it changes no answer but says so."""

import random
from collections.abc import Callable
from pathlib import Path

from builders import a_work

from searchapp.engine import Index
from searchapp.engine.prefixes import HEAVIEST, LONGEST
from searchapp.engine.search import Reader
from searchapp.query import MAX_PHRASE
from searchapp.slugs import SHORT, keep_short

IndexOf = Callable[..., Index]


def test_a_phrase_beyond_the_limit_is_looked_for_by_its_first_words(index_of: IndexOf) -> None:
    words = [f"w{n}" for n in range(MAX_PHRASE + 4)]
    index = index_of(
        a_work("All", text=" ".join(words)),
        a_work("Most", text=" ".join(words[:MAX_PHRASE])),
        a_work("Fewer", text=" ".join(words[: MAX_PHRASE - 1])),
    )

    long = index.search(f'"{" ".join(words)}"')
    right = index.search(f'"{" ".join(words[:MAX_PHRASE])}"')

    assert {hit.title for hit in long.hits} == {"All", "Most"}
    assert long.notes == (f"Only the first {MAX_PHRASE} words of a phrase were looked for.",)
    assert right.total == 2 and not right.notes


def test_bits_of_neighbours_hide_no_piece_that_has_a_phrase(index_of: IndexOf) -> None:
    chance, words = random.Random(3), ["a", "b", "tide", "tides", "x1", "日本", "l", "saltmarsh"]
    texts = [chance.choices(words, k=chance.choice((2, 5, 40))) for _ in range(60)]
    index = index_of(*(a_work(f"t{n} .", text=" ".join(text)) for n, text in enumerate(texts)))

    for _ in range(60):
        phrase = chance.choices(words[:5] + words[7:], k=chance.choice((2, 3)))
        for goes_on in (False, True):
            asked = f'"{" ".join(phrase)}' + ("" if goes_on else '"')
            wanted = f" {' '.join(phrase)}" + ("" if goes_on else " ")
            having = [n for n, text in enumerate(texts) if wanted in f" {' '.join(text)} "]
            found = index.search(asked, limit=60, sort="title")
            if having:
                assert found.total == len(having), asked


def test_a_heavy_prefix_is_added_up_beforehand_however_long_it_is(index_of: IndexOf) -> None:
    long = "q" * (LONGEST + 6)
    text = " ".join(f"{long}{n}" for n in range(2 * HEAVIEST))
    index = index_of(*(a_work(f"Piece {n}", text=text) for n in range(3)), a_work(text="zebra"))
    prefixes = index._reader._matcher._prefixes

    assert prefixes.ready(long) is not None
    assert index.search(long).total == index.search(f"{long}3 ").total == 3


def test_a_generation_that_is_gone_keeps_no_file_open(index_of: IndexOf) -> None:
    """As its store did: each rebuild left the server one more open file."""
    index = index_of(a_work("Tides", text="Water comes and goes."))
    folder = str(index.path.resolve())
    index.search("water")
    opened = Path("/proc/self/fd")
    if not opened.exists():
        return
    reader: Reader = index._reader
    assert count_below(opened, folder) > 0
    del index._reader, reader

    assert count_below(opened, folder) == 0


def count_below(opened: Path, folder: str) -> int:
    links = [str(path.readlink()) for path in opened.iterdir() if path.is_symlink()]
    return sum(link.startswith(folder) for link in links)


def test_what_visitors_send_is_not_kept_where_it_is_long() -> None:
    """As values of addresses were, thousands of them, each of thousands of letters."""
    asked: list[str] = []

    @keep_short(8)
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    long = "x" * (SHORT + 1)
    assert [shout(text) for text in ("a", "a", long, long)] == [
        "A",
        "A",
        long.upper(),
        long.upper(),
    ]
    assert asked == ["a", long, long]
