// Input methods compose a word from many keys: in every search box only the finished word counts.
(() => {
  document.addEventListener("input", (event) => {
    if (event.isComposing && event.target.type === "search") event.stopImmediatePropagation();
  }, true);
  document.addEventListener("compositionend", ({ target }) => {
    if (target.type === "search") target.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
