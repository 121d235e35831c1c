// The keys of the page: to the search box, through the hits and back, and the list of them all.
// What a field or the suggestions have answered already is left alone.
(() => {
  const box = document.getElementById("words");
  const links = () => [...document.querySelectorAll("#results .hit h3 a")];

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    const at = links().findIndex((link) => link.closest(".hit").contains(target));
    let to;
    if (isShortcut(event, isPlain)) {
      if (key === "?") showKeys();
      else box.select();
      to = key === "?" ? document.activeElement : box;
    } else if (isPlain && target === box) {
      to = key === "ArrowDown" && links()[0];
    } else if (isPlain && at >= 0) {
      to = { ArrowDown: links()[at + 1], ArrowUp: links()[at - 1] ?? box, Escape: box }[key];
      // Such a key then does in the box what it does in every box.
      if (key === "Backspace" || /^[\p{L}\p{N}]$/u.test(key)) {
        box.focus();
        box.setSelectionRange(box.value.length, box.value.length);
      }
    }
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  function isShortcut({ key, target, ctrlKey, metaKey, altKey, shiftKey }, isPlain) {
    const isField = target.isContentEditable || target.closest("input, textarea, select, button, dialog");
    if (key.toLowerCase() === "k") return ctrlKey !== metaKey && !altKey && !shiftKey && (!isField || target === box);
    return isPlain && !isField && (key === "/" || key === "?") && areSignsKeys();
  }

  // Who dictates, or brushes keys, can switch off those that are a single sign (WCAG 2.1.4).
  function areSignsKeys() {
    try {
      return localStorage["searchapp-signs"] !== "off";
    } catch {
      return true;
    }
  }
  const showSwitches = () => document.querySelectorAll(".signs").forEach((one) => { one.checked = areSignsKeys(); });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".signs")) return;
    try {
      localStorage["searchapp-signs"] = target.checked ? "on" : "off";
    } catch { /* nothing can be kept here */ }
    showSwitches();
  });
  showSwitches();

  // The list stands in the foot of each page, where it opens without scripts.
  const dialog = document.getElementById("keys-dialog"); // none on a page that has no foot
  dialog?.querySelector("button").addEventListener("click", () => dialog.close());
  function showKeys() {
    const foot = document.getElementById("keys");
    if (!dialog || dialog.open) return;
    dialog.querySelector(".keys-list").replaceWith(foot.querySelector(".keys-list").cloneNode(true));
    dialog.showModal();
  }
})();
