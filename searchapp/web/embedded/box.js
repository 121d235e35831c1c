// <searchapp-box>: the search box for pages of any other site. It asks the server that this file
// came from. Without scripts, and in browsers that lack what it needs, what the page's author
// wrote between its tags stays: a link or a form. Sent with box.css in it, see embedding.py.
(() => {
  const script = document.currentScript;
  if (!("adoptedStyleSheets" in Document.prototype) || customElements.get("searchapp-box")) return;

  const PAUSE = 150; // milliseconds without a key
  const SLOW = 1_000; // then it says that it waits
  const PATIENCE = 10_000; // then it gives up
  // What it says, each an attribute for pages in another language.
  const TEXTS = {
    label: "Search",
    button: "Search",
    placeholder: "",
    list: "Pieces found",
    also: "also on",
    shown: "{shown} of {total} pieces",
    all: "All that was found",
    none: "Nothing was found.",
    waiting: "Searching…",
    trouble: "The search does not answer. Enter tries its own page.",
  };

  // Made so, and not by an element or an attribute, styles need no leave of the page's policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("box.css");

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // The server's snippets are escaped text with <mark> in it; no HTML of theirs is ever parsed.
  const SIGNS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'", "&amp;": "&" };
  const plain = (html) => html.replace(/&(?:lt|gt|quot|#x27|#39|amp);/g, (name) => SIGNS[name]);
  function withMarks(html) {
    return html.split(/<mark>(.*?)<\/mark>/s).map((part, i) => (i % 2 ? make("mark", {}, plain(part)) : plain(part)));
  }

  // An address that may be followed; what an answer says is never trusted to be one.
  function follow(address, base) {
    try {
      const url = new URL(address || "none:", base);
      return /^https?:$/.test(url.protocol) ? url : null;
    } catch {
      return null;
    }
  }

  // Of a piece's places that on the site which is being read, else the one that stands for it.
  function choosePlace({ id, url, source, places }, server) {
    const all = places.map((place) => ({ source: place.source, url: follow(place.url, server) }));
    const here = all.find((place) => place.url?.origin === location.origin);
    const chosen = here ?? { source, url: follow(url, server) ?? new URL(`works/${encodeURIComponent(id)}/`, server) };
    const others = all.map((place) => place.source).filter((name) => name !== chosen.source);
    return { ...chosen, others: [...new Set(others)] };
  }

  customElements.define("searchapp-box", class extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) set(this);
    }
  });

  function set(host) {
    const say = (name) => host.getAttribute(name) ?? TEXTS[name];
    const server = new URL(host.getAttribute("server")?.replace(/\/?$/, "/") ?? script.src, document.baseURI);
    const box = make("input", {
      id: "words", part: "input", name: "q", type: "search", maxlength: 200, placeholder: say("placeholder"),
      autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "list",
    });
    const form = make("form", { part: "form", action: new URL("./", server) },
      make("label", { class: "unseen", for: "words" }, say("label")),
      box, make("button", { part: "button" }, say("button")));
    const list = make("div", { id: "list", part: "list", role: "listbox", "aria-label": say("list"), hidden: "" });
    const status = make("p", { class: "unseen", part: "status", role: "status" });
    const root = host.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [sheet];
    root.append(make("div", { role: "search", "aria-label": say("label") }, form, list, status));

    let request = null; // the newest
    let pause, telling;
    let active = null;

    // --- What is asked

    function address(path, more = {}) {
      const url = new URL(path, server);
      const words = box.value.trim() ? [["q", box.value]] : [];
      const filters = new URLSearchParams(host.getAttribute("filters") ?? "");
      url.search = new URLSearchParams([...words, ...filters, ...Object.entries(more)]);
      return url;
    }
    async function ask() {
      stop();
      if (!box.value.trim()) return;
      const mine = (request = new AbortController());
      const timers = [
        setTimeout(() => tell(say("waiting"), true), SLOW),
        setTimeout(() => mine.abort(), PATIENCE),
      ];
      let found = null;
      try {
        const limit = host.getAttribute("limit") ?? 6;
        const answer = await fetch(address("api/search", { limit }), { signal: mine.signal, credentials: "omit" });
        if (answer.ok) found = read(await answer.json());
      } catch { /* nothing was found out, which is told below */ }
      timers.forEach(clearTimeout);
      if (mine !== request) return;
      if (found) show(...found);
      else fail();
    }
    function stop() {
      clearTimeout(pause);
      request?.abort();
      request = null;
    }

    // --- What is shown

    function read({ hits, total }) {
      // Behind those that have all words come some that have fewer: these are for the search page.
      const options = hits.slice(0, total).map((hit) => {
        const { url, source, others } = choosePlace(hit, server);
        const year = hit.date?.slice(0, 4);
        const also = others.length ? `${say("also")} ${others.join(", ")}` : "";
        const lang = hit.language ? { lang: hit.language } : {};
        return offer(url, {},
          make("span", { class: "title", ...lang }, hit.title), " ",
          make("span", { class: "snippet", ...lang }, ...withMarks(hit.snippet ?? "")), " ",
          make("span", { class: "where" }, [source, year, also].filter(Boolean).join(" · ")));
      });
      const count = make("span", { class: "count" }, number(total));
      if (options.length) options.push(offer(address("./"), { class: "all" }, say("all"), " ", count));
      return [options, total];
    }
    function offer(url, attributes, ...children) {
      const fixed = { role: "option", tabindex: -1, "aria-selected": "false", part: "option" };
      return make("a", { ...fixed, ...attributes, href: url }, ...children);
    }
    const number = (value) => value.toLocaleString(document.documentElement.lang.match(/^[a-z]{2,3}\b/i)?.[0]);
    function show(options, total) {
      options.forEach((option, i) => { option.id = `option${i}`; });
      list.replaceChildren(...options);
      fit();
      setOpen(options.length > 0);
      if (!options.length) return tell(say("none"), true);
      const counted = say("shown").replace("{shown}", options.length - 1).replace("{total}", number(total));
      tell(counted, false, 600);
    }
    function fail() {
      setOpen(false);
      tell(say("trouble"), true);
    }
    function close() {
      stop();
      setOpen(false);
      tell("", false);
    }
    function setOpen(isOpen) {
      list.hidden = !isOpen;
      box.setAttribute("aria-expanded", isOpen);
      choose(null);
    }
    // The list may be wider than the box, to the side on which there is room.
    function fit() {
      const { left, right } = host.getBoundingClientRect();
      const width = document.documentElement.clientWidth;
      list.classList.toggle("leftwards", right > width - left);
      list.style.setProperty("--room", `${Math.max(right, width - left) - 12}px`);
    }
    // Read out, and shown as well where the list itself says nothing.
    function tell(text, isShown, delay = 0) {
      clearTimeout(telling);
      const write = () => {
        status.textContent = text;
        status.className = isShown && list.hidden ? "note" : "unseen";
      };
      if (delay) telling = setTimeout(write, delay);
      else write();
    }
    function choose(option) {
      active?.setAttribute("aria-selected", "false");
      active = option ?? null;
      box.setAttribute("aria-activedescendant", active?.id ?? "");
      active?.setAttribute("aria-selected", "true");
      active?.scrollIntoView({ block: "nearest" });
    }

    // --- What the visitor does. A key returns true if that was all it does.

    const go = (at) => {
      if (list.hidden) return false;
      choose(at === null ? null : list.children[at]);
      return true;
    };
    function step(by) {
      const all = [null, ...list.children];
      const next = (all.indexOf(active) + by + all.length) % all.length;
      return go(next ? next - 1 : null);
    }
    const KEYS = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => active && go(0),
      End: () => active && go(list.children.length - 1),
      ArrowLeft: () => { choose(null); },
      ArrowRight: () => { choose(null); },
      Tab: close,
      Enter({ ctrlKey, metaKey, shiftKey }) {
        const click = { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey };
        return active && (active.dispatchEvent(new MouseEvent("click", click)) || true);
      },
      // The first closes what is shown, the next one empties the box.
      Escape() {
        const isShown = !list.hidden || status.className === "note";
        const isDone = isShown || box.value;
        if (!isShown) box.value = "";
        close();
        return isDone;
      },
    };
    for (const type of ["keydown", "keypress", "keyup"]) {
      box.addEventListener(type, (event) => {
        const { key, ctrlKey, metaKey, altKey, isComposing, keyCode } = event;
        const isDone = type === "keydown" && !isComposing && keyCode !== 229 && KEYS[key]?.(event);
        if (isDone) event.preventDefault();
        // To scripts of the page what is typed here seems to come from no field: no keys of theirs.
        if (isDone || (key.length === 1 && !ctrlKey && !metaKey && !altKey)) event.stopPropagation();
      });
    }
    function schedule({ isComposing }) {
      if (isComposing) return; // only the finished word counts
      stop();
      choose(null);
      if (box.value.trim()) pause = setTimeout(ask, PAUSE);
      else close();
    }
    box.addEventListener("input", schedule);
    box.addEventListener("compositionend", schedule);
    box.addEventListener("focus", ask);
    box.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", ({ ctrlKey, metaKey, shiftKey }) => {
      if (!(ctrlKey || metaKey || shiftKey)) close();
    });
    // Not sent as a form: a page's policy may forbid that, and never a link.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      stop();
      location.assign(address("./"));
    });
  }
})();
