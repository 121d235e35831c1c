// Keeps the reader's place: what was opened and has the focus stays so over a swap, and going
// back or forward returns to the link that was followed. Scrolling is kept by browser and htmx.
(() => {
  const controls = (home) => [...home.querySelectorAll("a, button, summary, input, select")];
  let open = []; // the ids of the <details> that stood open before a swap
  let focused; // the id of what had the focus then
  let place; // of the last link that was followed
  let returning; // the place of the page that is gone back to

  // A place is the nearest element with an id, and which control it is below that.
  function describe(element) {
    const home = element.closest("[id]");
    return home && [home.id, controls(home).indexOf(element)];
  }
  function goTo([id, number]) {
    const home = document.getElementById(id);
    const element = home && (controls(home)[number] ?? home);
    element?.closest("details")?.setAttribute("open", "");
    element?.focus({ preventScroll: true });
  }

  // htmx writes its own state over ours, before it pushes an address and when it restores one.
  const remember = () => history.replaceState({ ...history.state, place }, "");
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]");
    if (!link) return;
    place = describe(link);
    remember();
  }, true);
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
    if (detail.history.type === "push") remember();
    place = null;
  });
  addEventListener("popstate", ({ state }) => { returning = state?.place; });
  document.addEventListener("htmx:historyRestore", () => {
    if (!returning) return toHeading(); // no link was followed from there, as when going forward
    place = returning;
    remember();
    goTo(returning);
  });
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "back_forward" && history.state?.place) goTo(history.state.place);

  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("#results details[open]")].map((details) => details.id);
    focused = document.activeElement.id;
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    // Going back shows what was open then; what is swapped elsewhere leaves all this alone.
    if (!detail.requestConfig || detail.target.id !== "results") return;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    // htmx could not give it back to what was closed just now.
    toHeading(document.getElementById(focused));
  });
  // Whoever reads by ear goes on at what is shown, never at the top of the page.
  function toHeading(element) {
    if (document.activeElement !== document.body) return;
    (element ?? document.querySelector("#results h1"))?.focus({ preventScroll: true });
  }
})();
