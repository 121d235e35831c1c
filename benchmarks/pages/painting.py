"""From a request of htmx to the painted results, while words are typed in Chromium.

    beforeSend --server--> first byte --> last byte --htmx--> swapped --layout, paint--> painted

A page cannot ask when it was painted, so painted is the beginning of the second frame after the
swap: the first has painted it by then. That is up to 17 ms later than it was.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser

from benchmarks.pages.figures import Figure, at_most
from benchmarks.pages.sites import Served

MOST = 100.0  # milliseconds
STEPS = ("first byte", "last byte", "swapped", "painted")

_WATCH = """
performance.setResourceTimingBufferSize(10000);
addEventListener('htmx:beforeSend', event => {
  if (event.detail.target.id === 'results') window.sentAt = performance.now();
});
addEventListener('htmx:afterSwap', event => {
  if (event.detail.target.id !== 'results') return;
  const { sentAt } = window, swapped = performance.now() - sentAt;
  const { words } = document.getElementById('results').dataset;
  const [asked] = performance.getEntriesByName(event.detail.xhr.responseURL).slice(-1);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const painted = performance.now() - sentAt;
    const [first, last] = asked
      ? [asked.responseStart - sentAt, asked.responseEnd - sentAt] : [NaN, NaN];
    window.painted = { words, times: [first, last, swapped, painted] };
  }));
});
"""


@dataclass(frozen=True)
class Painted:
    """What one typed query took, in milliseconds since its request, step by step."""

    words: str
    times: tuple[float, ...]


def make_questions(site: Served, count: int, seed: int = 1) -> list[str]:
    """Return what is typed, none twice: a word of a piece, and a beginning of another.

    Words come as often as they stand in the newest pieces' titles and summaries.
    """
    hits = [hit for n in range(1, 6) for hit in site.ask("/api/search", page=n, limit=100)["hits"]]
    texts = [re.findall(r"\w{4,}", f"{hit['title']} {hit['summary']}".lower()) for hit in hits]
    texts = [words for words in texts if len(words) > 1]
    chance = random.Random(seed)
    questions: dict[str, None] = {}
    while len(questions) < count:
        word, other = chance.sample(chance.choice(texts), 2)
        questions[f"{word} {other[: chance.randint(2, 4)]}"] = None
    return list(questions)


def type_questions(browser: Browser, site: Served, questions: Sequence[str]) -> list[Painted]:
    """Type each question into one page of `site`; returns what each took."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto(site.home)
    page.wait_for_function("window.htmx")
    took = []
    for question in questions:
        page.locator("#words").fill(question)
        page.wait_for_function("words => window.painted?.words === words", arg=question)
        took.append(Painted(question, tuple(page.evaluate("window.painted.times"))))
    context.close()
    return took


def judge(took: Sequence[Painted], posts: int) -> Figure:
    """Return the figure of the median, with what each step took."""
    notes = []
    for number, step in enumerate(STEPS):
        times = sorted(painted.times[number] for painted in took)
        slow = times[-(-len(times) * 95 // 100) - 1]
        notes.append(
            f"to {step}: median {median(times):.1f} ms, p95 {slow:.1f} ms, least {times[0]:.1f} ms"
        )
    middle = median(painted.times[-1] for painted in took)
    what = f"request to painted results, {posts:,} posts, median of {len(took)} typed queries"
    return at_most(what, MOST, middle, "ms", *notes)
