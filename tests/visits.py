"""What a browser saw of a state: with scripts and without, on screens of every width.

A visit is made once; the checks read what it found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW, NARROWEST = 1280, 360, 320
WIDTHS = (WIDE, 768, NARROW, NARROWEST)
# htmx calls a request that was replaced an error, Chromium a page that is meant to be a 404.
NO_ERRORS = ("htmx:afterRequest", "htmx:sendAbort", "Failed to load resource: the server responded")

# Runs where scripts are off, too: it waits for nothing.
_LOOK = """() => {
  const seen = e => e.checkVisibility() && e.getClientRects().length > 0;
  const all = selector => [...document.querySelectorAll(selector)].filter(seen);
  const tell = e => e.outerHTML.slice(0, 160);
  return {
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
      .filter(e => e.checkVisibility({ checkVisibilityCSS: true })).map(e => Number(e.tagName[1])),
    landmarks: ['header', 'nav', 'search', 'main'].map(name => all(name).length),
    sideways: document.documentElement.scrollWidth - innerWidth,
    small: all('a, button, input, select, summary').filter(e =>
      !['hidden', 'checkbox', 'radio'].includes(e.type)
      && !e.closest('.prose, h3, .skip, .note, .alias, .lead, .eyebrow, svg')
      && e.getBoundingClientRect().height < 24).map(tell),
  };
}"""

# Focuses whatever the Tab key reaches, and returns what looks the same with focus and without.
_FOCUS = """() => {
  const looks = e => [e, ...e.querySelectorAll('rect')].map(part => {
    const s = getComputedStyle(part);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor,
            s.backgroundColor, s.fill, s.stroke, s.strokeWidth];
  }).join();
  const tabbed = 'a[href], button, input, select, summary, [tabindex="0"]';
  const within = document.querySelector('dialog:modal') ?? document; // all else is inert then
  const reached = [...within.querySelectorAll(tabbed)]
    .filter(e => e.tabIndex >= 0 && e.type !== 'hidden' && e.checkVisibility() && !e.disabled);
  document.activeElement?.blur();
  const before = reached.map(looks);
  return reached.filter((e, i) => {
    e.focus({ focusVisible: true, preventScroll: true });
    return document.activeElement !== e || looks(e) === before[i];
  }).map(e => e.outerHTML.slice(0, 160));
}"""

_SHIFTS = """new Promise(done => {
  const found = [];
  new PerformanceObserver(list => found.push(...list.getEntries().map(e => e.value)))
    .observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(found), 50)));
})"""

_RUN_AXE = """rules => axe.run({
  resultTypes: ['violations'],
  ...(rules.length ? { runOnly: rules } : { rules: { 'target-size': { enabled: true } } }),
}).then(found => found.violations.flatMap(v =>
  v.nodes.map(n => `${v.id}: ${n.target} ${n.html.slice(0, 120)}`)))"""

_OPEN = "for (const details of document.querySelectorAll('details')) details.open = true"
COLOURS = ("color-contrast", "link-in-text-block")


@dataclass
class Visit:
    """What was seen of a state; `looks` has one entry a width."""

    status: int
    looks: dict[int, dict[str, Any]] = field(default_factory=dict)
    invisible_focus: list[str] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)


def visit(
    browser: Browser, address: str, *, scripts: bool, enter: Callable[[Page], None] | None = None
) -> Visit:
    """Look at the page at `address`, first wide, then ever narrower.

    `enter` leads into the state once the page is there, and again after the focus has moved.
    """
    enter = enter if enter and scripts else lambda page: None
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": WIDE, "height": 900}
    )
    page = context.new_page()
    found = Visit(0)
    _listen(page, found, address)
    response = page.goto(address)
    found.status = response.status if response else 0
    if scripts:
        found.shifts = see_shifts(page)
    enter(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found.looks[width] = page.evaluate(_LOOK)
    found.invisible_focus = page.evaluate(_FOCUS)
    if scripts:
        enter(page)
        _run_axe(page, found)
    context.close()
    return found


def see_shifts(page: Page) -> list[float]:
    """Return what moved while the page was loaded, the least of three times.

    What is laid out badly moves each time. A busy machine may also paint a page of which half
    a line has been read, and a word then moves by a pixel when the rest of its line is there.
    """
    shifts: list[float] = page.evaluate(_SHIFTS)
    for _ in range(2):
        if not shifts:
            break
        page.reload()
        shifts = min(shifts, page.evaluate(_SHIFTS), key=sum)
    return shifts


def _listen(page: Page, found: Visit, address: str) -> None:
    """Note errors, breaches of the content security policy, and requests to other hosts."""
    home = "/".join(address.split("/")[:3])

    def note(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(NO_ERRORS):
            found.errors.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((home, "data:")) else found.elsewhere.append(asked.url)
        ),
    )
    page.on(
        "response",
        lambda got: (
            found.errors.append(f"{got.url} is {got.status}")
            if got.status >= 400 and got.request.resource_type != "document"
            else None
        ),
    )


def _run_axe(page: Page, found: Visit) -> None:
    """Run axe narrow with all opened, then wide; all rules in one scheme, colours in the other."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    steps: Sequence[tuple[int, str, Sequence[str]]] = (
        (WIDE, "light", ()),
        (WIDE, "dark", COLOURS),
        (NARROW, "dark", ()),
        (NARROW, "light", COLOURS),
    )
    for width, scheme, rules in steps:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if width == NARROW:
            page.evaluate(_OPEN)
        faults = page.evaluate(_RUN_AXE, list(rules))
        # axe reads no MathML, and takes a heading that is a formula for an empty one.
        found.faults[f"{scheme}, {width}"] = [
            fault
            for fault in faults
            if not ("empty-table-header" in fault and "<th><math" in fault)
        ]
