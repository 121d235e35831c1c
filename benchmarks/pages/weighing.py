"""What a first visit moves over the wire, as Chromium counts it, headers included."""

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from benchmarks.pages.figures import Figure, at_most

MOST_OF_A_VISIT, MOST_OF_A_PARTIAL = 60.0, 12.0  # kB


@dataclass
class Weight:
    """The bytes of a visit, by the file that they are of."""

    parts: dict[str, int] = field(default_factory=dict)

    @property
    def kilobytes(self) -> float:
        return sum(self.parts.values()) / 1000

    def __str__(self) -> str:
        parts = sorted(self.parts.items(), key=lambda part: -part[1])
        return ", ".join(f"{name} {size:,}" for name, size in parts)


def weigh_visit(browser: Browser, address: str) -> Weight:
    """Visit `address` with nothing in the cache; returns what arrived until all was quiet."""
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    addresses: dict[str, str] = {}
    weight = Weight()

    def note(event: Mapping[str, object]) -> None:
        path = urlsplit(addresses.get(str(event["requestId"]), "")).path
        name = path.rpartition("/")[2] or "the page"
        size = int(str(event["encodedDataLength"]))
        weight.parts[name] = weight.parts.get(name, 0) + size

    network.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    network.on("Network.loadingFinished", note)
    page.goto(address, wait_until="networkidle")
    context.close()
    return weight


def weigh_visits(browser: Browser, pages: Mapping[str, str]) -> Figure:
    """Return the figure of the heaviest first visit."""
    weights = {name: weigh_visit(browser, address) for name, address in pages.items()}
    heaviest = max(weights.values(), key=lambda weight: weight.kilobytes)
    notes = [f"{name}: {weight.kilobytes:.1f} kB ({weight})" for name, weight in weights.items()]
    what = f"first visit, everything, the heaviest of {len(pages)} pages"
    return at_most(what, MOST_OF_A_VISIT, heaviest.kilobytes, "kB", *notes)


def weigh_partials(home: str, paths: Iterable[str]) -> Figure:
    """Return the figure of the heaviest partial of results, as it is sent compressed."""
    sizes = {path: _weigh_partial(home, path) / 1000 for path in paths}
    heaviest = max(sizes, key=lambda path: sizes[path])
    what = f"partial of results, compressed, the heaviest of {len(sizes)}"
    typical = sorted(sizes.values())[len(sizes) // 2]
    note = f"the heaviest is {heaviest} with {sizes[heaviest]:.1f} kB, the median {typical:.1f} kB"
    return at_most(what, MOST_OF_A_PARTIAL, sizes[heaviest], "kB", note)


def _weigh_partial(home: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(home).netloc)
    connection.request("GET", path, headers={"HX-Request": "true", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    size = len(answer.read())
    assert answer.status == 200, f"{path} is {answer.status}"
    connection.close()
    return size
