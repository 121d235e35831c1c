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

from playwright.sync_api import Browser, CDPSession

from benchmarks.pages.figures import Figure, at_most
from benchmarks.pages.sites import Served

MOST = 100.0  # milliseconds
# What Chromium counts of the page's own thread; the last is all of it.
WORK = {
    "ScriptDuration": "scripts",
    "RecalcStyleDuration": "style",
    "LayoutDuration": "layout",
    "TaskDuration": "the page's thread",
}
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
    if (words === window.typed) window.whenPainted([first, last, swapped, painted]);
  }));
});
"""

# All at once, in the box, so that suggestions are sought as well. Nobody asks whether it is there
# yet: polling would take its share.
_TYPE = """words => new Promise(done => {
  const box = document.getElementById('words');
  box.focus();
  window.whenPainted = done;
  window.typed = box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
})"""


@dataclass(frozen=True)
class Typed:
    """What typing took: milliseconds since each request, step by step, and work on average."""

    times: tuple[tuple[float, ...], ...]
    work: dict[str, float]


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


def type_questions(browser: Browser, site: Served, questions: Sequence[str]) -> Typed:
    """Type each question into one page of `site`; returns what each took."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto(site.home)
    page.wait_for_function("window.htmx")
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    begun, took = _read_work(devtools, site), []
    for question in questions:
        took.append(tuple(page.evaluate(_TYPE, question)))
    ended = _read_work(devtools, site)
    context.close()
    work = {name: (ended[name] - begun[name]) * 1000 / len(questions) for name in ended}
    return Typed(tuple(took), work)


def _read_work(devtools: CDPSession, site: Served) -> dict[str, float]:
    """Return seconds of processor: the server's, and those of the page's own thread by kind."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    values = {metric["name"]: metric["value"] for metric in metrics}
    return {"server": site.processor_seconds} | {
        words: values[name] for name, words in WORK.items()
    }


def judge(typed: Typed, posts: int) -> Figure:
    """Return the figure of the median, with what each step took."""
    notes = []
    for number, step in enumerate(STEPS):
        times = sorted(times[number] for times in typed.times)
        slow = times[-(-len(times) * 95 // 100) - 1]
        middle = median(times)
        notes.append(f"to {step}: median {middle:.1f} ms, p95 {slow:.1f}, least {times[0]:.1f}")
    work = ", ".join(f"{name} {spent:.1f}" for name, spent in typed.work.items())
    notes.append(f"milliseconds of processor for each query: {work}")
    middle = median(times[-1] for times in typed.times)
    what = f"request to painted results, {posts:,} posts, median of {len(typed.times)} queries"
    return at_most(what, MOST, middle, "ms", *notes)
