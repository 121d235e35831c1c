// Follows the builds of serve --watch: a newer index is shown in the page as it stands. What stays
// the same is left untouched, and so keeps its focus, its place and what was opened in it.
(() => {
  const { dataset } = document.getElementById("watched");
  const OFTEN = 300; // milliseconds
  const SEEN = 5000; // milliseconds for which a build that went well is told
  const main = document.getElementById("main");
  let shown = Number(dataset.generation);
  let heard; // what was told last
  let hiding;

  const note = document.createElement("p");
  note.className = "watched";
  note.setAttribute("role", "status");
  (document.querySelector(".foot") ?? document.body).append(note);

  async function look() {
    if (!document.hidden) {
      try {
        const news = await (await fetch(dataset.changes, { cache: "no-cache" })).json();
        const isNewer = news.generation !== null && news.generation !== shown;
        if (isNewer && !isAsking()) await show();
        const all = JSON.stringify([news.failed, news.told, news.findings]);
        if (all !== heard && (heard !== undefined || news.failed)) tell(news);
        heard = all;
      } catch { /* the server is being started again, or ends */ }
    }
    setTimeout(look, OFTEN);
  }

  // Words that are being asked for come with the newer index by themselves.
  const isAsking = () => Boolean(document.querySelector("#results.htmx-request"));

  async function show() {
    const asked = location.href;
    const answer = await fetch(asked, { cache: "no-cache" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (location.href !== asked || isAsking()) return; // the page went elsewhere meanwhile
    const newer = page.getElementById("main");
    if (!newer) return;
    const focused = document.activeElement;
    renew(main, document.adoptNode(newer));
    document.title = page.title;
    window.htmx?.process(main);
    if (!focused.isConnected) main.focus({ preventScroll: true });
    shown = Number(page.getElementById("watched")?.dataset.generation ?? shown);
  }

  // Makes an element like a newer one, and keeps each part that is the same.
  function renew(old, newer) {
    renewAttributes(old, newer);
    const [was, is] = [[...old.childNodes], [...newer.childNodes]];
    let from = 0;
    while (from < was.length && from < is.length && isSame(was[from], is[from])) from += 1;
    let [to, end] = [was.length, is.length];
    while (to > from && end > from && isSame(was[to - 1], is[end - 1])) [to, end] = [to - 1, end - 1];
    const [left, came] = [was.slice(from, to), is.slice(from, end)];
    if (left.length === came.length) {
      left.forEach((node, at) => renewNode(node, came[at]));
    } else {
      const before = was[to] ?? null;
      left.forEach((node) => node.remove());
      came.forEach((node) => old.insertBefore(node, before));
    }
  }
  function renewNode(old, newer) {
    if (isSame(old, newer)) return;
    if (old.nodeType === Node.ELEMENT_NODE && old.nodeName === newer.nodeName && old.id === newer.id) {
      renew(old, newer);
    } else {
      old.replaceWith(newer);
    }
  }
  // What a visitor opened stays open, though the page that is sent has it closed.
  function renewAttributes(old, newer) {
    for (const { name, value } of [...newer.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!newer.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
  }
  const isSame = (one, other) => one.isEqualNode(other);

  function tell({ failed, told, findings }) {
    clearTimeout(hiding);
    note.toggleAttribute("data-failed", failed !== null);
    const lines = failed === null ? [...findings, told] : [failed];
    const head = document.createElement("strong");
    head.textContent = "Not built: ";
    note.replaceChildren(...(failed === null ? [] : [head]));
    lines.forEach((line, at) => note.append(...(at ? [document.createElement("br")] : []), line));
    if (failed === null && !findings.length) hiding = setTimeout(() => note.replaceChildren(), SEEN);
  }

  look();
})();
