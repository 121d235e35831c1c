// What neither HTML nor htmx can say about searching while one types. The page works without.
(() => {
  const box = () => document.getElementById("words");
  const results = () => document.getElementById("results");
  const plain = (words) => words.trim().replace(/\s+/g, " ");
  const isForm = (element) => element.id === "search";
  const isFinding = (element) => element.matches(".find"); // among a facet's values, not pieces
  let asked = null; // the words of the newest request
  let open = []; // the ids of the <details> that stood open before a swap
  let timer;

  // Input methods compose a word from many keys: only the finished word is searched.
  document.addEventListener("input", (event) => {
    if (event.target === box() && event.isComposing) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("compositionend", (event) => {
    if (event.target === box()) box().dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A link followed before the words just typed were asked for takes them along. Words that
  // are asked for already need no other request, which would abort the one under way.
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent } = event.detail;
    const isUnderWay = results().classList.contains("htmx-request");
    if (isForm(elt) && box().value === asked && (isUnderWay || triggeringEvent?.type === "input")) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, path } = event.detail;
    if (isFinding(elt)) return;
    const shown = results().dataset.words;
    if (!isForm(elt) && plain(box().value) !== plain(shown)) {
      event.detail.path = withWords(path, box().value);
    }
    asked = box().value;
  });
  function withWords(path, words) {
    const url = new URL(path, location);
    const kept = [...url.searchParams].filter(([name]) => name !== "q" && name !== "page");
    url.search = new URLSearchParams(words.trim() ? [["q", words], ...kept] : kept);
    return url.pathname + url.search;
  }

  // What the reader had opened stays open, and the focus stays near where it was.
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...results().querySelectorAll("details[open]")].map((details) => details.id);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { within } = results().dataset;
    box().placeholder = within ? `Search in ${within}` : "Search titles, tags and texts";
    const asker = event.detail.requestConfig?.elt; // none when going back in history
    if (!asker || isFinding(asker)) return;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (!isForm(asker)) {
      if (box().value === asked) showWords();
      if (document.activeElement === document.body) {
        results().querySelector("h1").focus({ preventScroll: true });
      }
    }
    showFeeds();
    tell(results().dataset.status, 600);
  });
  document.addEventListener("htmx:historyRestore", () => {
    showWords();
    showFeeds();
  });
  // The head offers the feeds of the list that is shown.
  function showFeeds() {
    for (const link of document.head.querySelectorAll("link[rel=alternate]")) {
      link.href = results().querySelector(`a[type="${link.type}"]`).href;
      link.title = document.title;
    }
  }
  function showWords() {
    box().value = asked = results().dataset.words;
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
