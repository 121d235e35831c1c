// Suggestions under the search box: recent searches, tags, pieces. The box becomes a combobox whose
// list never takes the focus, as the ARIA Authoring Practices have it. Needs: recent.js.
(() => {
  const PAUSE = 120; // milliseconds without a key
  const SHOWN = 4; // tags, and pieces
  const form = document.getElementById("search");
  const box = form.elements.q;
  const list = document.getElementById("suggestions");
  const options = () => [...list.querySelectorAll("[role=option]")];
  let active = null;
  let request = new AbortController(); // the newest
  let pause; // before it is sent
  let telling;
  Object.assign(box, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  box.setAttribute("aria-controls", list.id);

  // --- What is offered

  async function offer() {
    stop();
    const { signal } = (request = new AbortController());
    const words = box.value.trim();
    const address = `${form.dataset.suggest}?${new URLSearchParams({ q: box.value })}`;
    const found = words && await fetch(address, { signal }).then((answer) => answer.json()).catch(() => null);
    if (signal.aborted || document.activeElement !== box) return;
    const recent = recentSearches.like(words).slice(0, words ? 2 : 5).map((search) => {
      const cross = make("span", { className: "forget", ariaHidden: "true" }, "×");
      const option = make("div", OPTION, marked(search, words), cross);
      option.dataset.search = search;
      return option;
    });
    if (recent.length) recent.push(make("div", { ...OPTION, className: "forget-all" }, "Forget recent searches"));
    const tags = found?.tags?.slice(0, SHOWN).map(({ tag, label, count }) => {
      const unit = make("span", { className: "unseen" }, count === 1 ? " piece" : " pieces");
      const number = make("span", { className: "count" }, count.toLocaleString("en"), unit);
      const href = `${form.dataset.tags}${encodeURIComponent(tag)}/`;
      return make("a", { ...OPTION, href }, marked(label, words), " ", number);
    });
    const pieces = found?.pieces?.slice(0, SHOWN).map(({ id, title }) => {
      return make("a", { ...OPTION, href: form.dataset.piece.replace("KEY", id) }, marked(title, words));
    });
    show({ "Recent searches": recent, Tags: tags, Pieces: pieces });
  }
  function stop() {
    clearTimeout(pause);
    request.abort();
  }

  const OPTION = { role: "option", tabIndex: -1, ariaSelected: "false" };
  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }
  // What was typed is marked where a word begins with it, else where it stands.
  function marked(text, words) {
    const typed = words.match(/[\p{L}\p{N}]+/gu)?.join("|") ?? "$^";
    const begins = new RegExp(`(?<![\\p{L}\\p{N}])(${typed})`, "iu");
    const parts = text.split(begins.test(text) ? new RegExp(begins, "giu") : new RegExp(`(${typed})`, "iu"));
    return make("span", { className: "label" }, ...parts.map((part, i) => i % 2 ? make("mark", {}, part) : part));
  }

  // --- The list

  function show(groups = {}) {
    list.replaceChildren(...Object.entries(groups).filter(([, offered]) => offered?.length)
      .map(([ariaLabel, offered]) => {
        const name = make("div", { className: "group-name", ariaHidden: "true" }, ariaLabel);
        return make("div", { role: "group", ariaLabel }, name, ...offered);
      }));
    options().forEach((option, i) => { option.id = `suggestion-${i}`; });
    const count = options().length;
    list.hidden = !count;
    box.ariaExpanded = String(!list.hidden);
    choose(null);
    clearTimeout(telling);
    telling = setTimeout(() => {
      document.getElementById("suggested").textContent = count ? `${count} suggestions` : "";
    }, count && 600);
  }
  function close() {
    stop();
    show();
  }
  function choose(option) {
    if (active) active.ariaSelected = "false";
    active = option ?? null;
    box.setAttribute("aria-activedescendant", option?.id ?? "");
    if (!option) return;
    option.ariaSelected = "true";
    option.scrollIntoView({ block: "nearest" });
  }

  // --- What the visitor does. A key returns true if that was all it does.

  const KEYS = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => active && go(0),
    End: () => active && go(-1),
    ArrowLeft: () => choose(null),
    ArrowRight: () => choose(null),
    Tab: close,
    Delete: () => active?.dataset.search && forget(active),
    Enter({ ctrlKey, metaKey, shiftKey }) {
      const click = { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey };
      return active ? active.dispatchEvent(new MouseEvent("click", click)) || true : close();
    },
    // The first closes the list, the next one empties the box.
    Escape() {
      const isDone = !list.hidden || box.value;
      if (list.hidden && box.value) {
        box.value = "";
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      close();
      return isDone;
    },
  };
  box.addEventListener("keydown", (event) => {
    const isComposed = event.isComposing || event.keyCode === 229; // as some call a composition's end
    if (!isComposed && KEYS[event.key]?.(event)) event.preventDefault();
  });
  function go(number) {
    choose(options().at(number));
    return true;
  }
  // Past the last one lie the results, if there are any, else the box.
  function step(by) {
    const all = [null, ...options()];
    const next = all.indexOf(active) + by;
    const isPast = next === all.length && document.querySelector(".hits");
    if (isPast) close();
    if (list.hidden) return false;
    choose(all.at(next % all.length));
    return true;
  }
  function forget(option) {
    const at = option === active ? options().indexOf(option) : -1;
    if (option.dataset.search) recentSearches.forget(option.dataset.search);
    else recentSearches.forgetAll();
    offer().then(() => choose(options()[at]));
    return true;
  }

  box.addEventListener("input", () => {
    stop();
    choose(null);
    delete form.dataset.chosen;
    pause = setTimeout(offer, PAUSE);
  });
  box.addEventListener("focus", () => box.value || offer());
  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
    const option = target.closest("[role=option]");
    if (target.matches(".forget, .forget-all")) {
      forget(option);
    } else if (option && !(ctrlKey || metaKey || shiftKey)) {
      const { search } = option.dataset;
      close();
      if (!search) return; // a link
      box.value = search;
      form.dataset.chosen = ""; // unlike words that were typed, a step of its own in history
      form.requestSubmit();
    }
  });
})();
