// What neither HTML nor htmx can say about searching while one types. The page works without.
(() => {
  const form = document.getElementById("search");
  const box = form.elements.q;
  const results = () => document.getElementById("results");
  if (!results()) return; // a page that the box only leads away from
  // Other parts of the page may have requests of their own, such as to find values of a facet.
  const isAbout = ({ target }) => target?.id === "results";
  const plain = (words) => words.trim().replace(/\s+/g, " ");
  let asked = null; // the words of the newest request
  let timer;

  // One listener swaps in what any link of the results leads to. Were each link given to htmx,
  // it would set them all up after every answer, which takes longer than painting it. A click
  // for a new tab is the browser's, and so is a link to a page of its own.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#results a[href]:not([href^='#'], [data-whole], [data-whole] a)");
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.origin !== location.origin || !window.htmx) return;
    event.preventDefault();
    const headers = { "HX-Boosted": "true" }; // so that the server leaves history to us
    // What goes wrong is told by events, see below.
    htmx.ajax("GET", link.getAttribute("href"), { source: link, event, headers }).catch(() => {});
  });

  // A link followed before the words just typed were asked for takes them along. Words that
  // are asked for already need no other request, which would abort the one under way.
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent } = event.detail;
    const isUnderWay = results().classList.contains("htmx-request");
    if (elt === form && box.value === asked && (isUnderWay || triggeringEvent?.type === "input")) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!isAbout(event.detail)) return;
    const { elt, path, headers, triggeringEvent } = event.detail;
    if (triggeringEvent?.type === "submit") headers["X-Submitted"] = "1";
    const shown = results().dataset.words;
    if (elt !== form && plain(box.value) !== plain(shown)) {
      event.detail.path = withWords(path, box.value);
    }
    asked = box.value;
  });
  function withWords(path, words) {
    const url = new URL(path, location);
    const kept = [...url.searchParams].filter(([name]) => name !== "q" && name !== "page");
    url.search = new URLSearchParams(words.trim() ? [["q", words], ...kept] : kept);
    return url.pathname + url.search;
  }

  // Typing replaces the address; a search that was chosen is a step of its own. Nobody goes back
  // to what is replaced, so htmx need not keep a copy of it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig.elt !== form) return;
    form.setAttribute("hx-history", "chosen" in form.dataset);
  });
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
    if (detail.requestConfig.elt === form && "chosen" in form.dataset) detail.history.type = "push";
    delete form.dataset.chosen;
    form.removeAttribute("hx-history");
    // Any copy is made. Of the old results htmx would compare all and clean up each.
    if (isAbout(detail)) results().replaceChildren();
  });

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const { within } = results().dataset;
    box.placeholder = within ? `Search in ${within}` : "Search titles, tags and texts";
    const asker = detail.requestConfig?.elt; // none when going back in history
    if (!asker || !isAbout(detail)) return;
    if (asker !== form && box.value === asked) showWords();
    showHead();
    tell(results().dataset.status, 600);
  });
  document.addEventListener("htmx:historyRestore", () => {
    showWords();
    showHead();
  });
  // The head offers the other forms of the list that is shown; what else it said was of another
  // page, which a browser would share in its place.
  function showHead() {
    for (const link of document.head.querySelectorAll("link[rel=alternate]")) {
      const feed = results().querySelector(`.elsewhere a[type="${link.type}"]`);
      if (!feed) continue; // nothing was found that could be followed
      link.href = feed.href;
      if (link.title) link.title = document.title;
    }
    for (const link of document.head.querySelectorAll("[rel=canonical], [rel=prev], [rel=next]")) {
      link.remove();
    }
  }
  function showWords() {
    box.value = asked = results().dataset.words;
  }

  // The results pale after a while, and who cannot see it is told. A fast answer is not to pay
  // for that. Words typed on while waiting wait on: their request is made as the other is given
  // up. A page kept for going back is no longer waiting.
  let pale, rest;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!isAbout(detail)) return;
    clearTimeout(rest);
    clearTimeout(pale);
    pale = setTimeout(() => results().setAttribute("aria-busy", "true"), 200);
    tell("Searching…", 1500);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (isAbout(detail)) rest = setTimeout(stopWaiting);
  });
  document.addEventListener("htmx:beforeHistorySave", stopWaiting);
  function stopWaiting() {
    clearTimeout(pale);
    results().removeAttribute("aria-busy");
  }

  // Counts are read out once typing pauses; trouble is shown as well.
  function tell(text, delay, trouble = false) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const status = document.getElementById("status");
      status.textContent = text;
      status.className = trouble ? "trouble" : "unseen";
    }, delay);
  }
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      asked = null;
      tell("The server did not answer. Is the connection gone? Please try again.", 0, true);
    });
  }
  // An error has a page of its own, which says what to do.
  document.addEventListener("htmx:responseError", (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath);
  });
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
})();
