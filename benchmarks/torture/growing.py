"""Growing: a text that is eight times as long takes about eight times as long to read.

Regular expressions and parsers that go back over what they read take 64 times as long, and a
text of a hundred kilobytes then stops a build. Each family repeats one piece that has done so
somewhere.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.torture.proof import Finding, Proof
from searchapp.text import render, render_html
from searchapp.text.mathml import settle_formulas
from searchapp.urls import address_key

LONGER = 8
MOST = 24.0  # times; 8 is linear and 64 quadratic
FLOOR = 0.01  # seconds; what takes less is noise
LONG = 100_000  # characters of an address

Read = Callable[[str], object]

ADDRESSES = {
    "slashes": "/",
    "dots": "/..",
    "dots between": "/a/..",
    "amp": "/amp",
    "amp endings": ".amp",
    "index files": "/index.html",
    "percent signs": "%",
    "encoded letters": "%61",
    "letters": "é",
    "parameters": "?a=b&",
    "tracking": "?utm_a=b&",
    "a parameter": "?utm_a",
    "channels": "?source=rss--",
    "fragments": "#/a/",
    "hex": "/-0123456789ab",
    "numbers": "/abs/v1",
    "caches": "/google.com/amp/s",
}
HOSTS = ("example.org", "medium.com", "arxiv.org", "www.google.com/amp/s/youtube.com")
OPENERS = ("$a ", "$$\na\n\n", "\\( ", "\\[\n\n", "\\begin{align}\n", "{% a ", "`$ ", "é`a ")
FORMULAS = ("$x^2$ ", "$$\nx\n$$\n\n", "<math><mi>x</mi></math>", r"\\(x\\) ", "$\\foo$ ", "<math>",
            "$$", r"\(", r"\[x ")  # fmt: skip


def grow(families: Mapping[str, tuple[Read, str, int]]) -> Iterator[Finding]:
    """Read each family's piece, repeated as often as it says, and `LONGER` times that.

    A finding tells how many times as long the longer text took, in processor time.
    """
    for name, (read, piece, times) in families.items():
        short = min(_seconds(read, piece * times) for _ in range(3))
        long = min(_seconds(read, piece * times * LONGER) for _ in range(2))
        ratio = long / max(short, FLOOR)
        yield Finding(
            f"{name}: {LONGER} times as long a text", f"<= {MOST:g}x the time", f"{ratio:.1f}x",
            ratio <= MOST,
        )  # fmt: skip


def run(scale: float, folder: Path) -> Iterable[Finding]:
    """Grow every family; there is no less of it, as each is read some times only."""
    return grow(_families())


def _families() -> dict[str, tuple[Read, str, int]]:
    families: dict[str, tuple[Read, str, int]] = {}
    for name, piece in ADDRESSES.items():
        families[f"address, {name}"] = (_read_address, piece, LONG // LONGER // len(piece))
    for piece in OPENERS:
        families[f"Markdown, {piece!r}"] = (_render, piece, 1_000)
    for piece in FORMULAS:
        families[f"Markdown, {piece!r}"] = (_render, piece, 500)
        families[f"HTML, {piece!r}"] = (_render_html, piece, 500)
    families["roots in roots"] = (_read_roots, "a", 4_000)
    return families


def _seconds(read: Read, text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


def _read_address(tail: str) -> None:
    for host in HOSTS:
        address_key(f"https://{host}{tail}")


def _render(text: str) -> None:
    render(text, _nowhere)


def _render_html(text: str) -> None:
    render_html(text, _nowhere)


def _read_roots(text: str) -> None:
    roots = len(text) // 10
    settle_formulas(f"<math>{'<msqrt>' * roots}<mi>{text}</mi>{'</msqrt>' * roots}</math>")


def _nowhere(kind: str, address: str) -> None:
    """Say of no address where it leads, as of one that is not ours."""


PROOF = Proof("growing", run)
