// The visitor's last searches, kept in this browser alone: words that were submitted, or whose
// hits were followed. What was only typed on the way is no search.
const recentSearches = (() => {
  const form = document.getElementById("search");
  const KEY = `searchapp-searches ${new URL(form.action).pathname}`; // each collection has its own
  const fold = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();

  // A browser may refuse to keep anything: then there are none.
  function all() {
    try {
      return JSON.parse(localStorage[KEY]).filter((words) => typeof words === "string");
    } catch {
      return [];
    }
  }
  function keep(searches) {
    try {
      localStorage[KEY] = JSON.stringify(searches.slice(0, 20));
    } catch { /* see above */ }
  }
  const but = (words) => all().filter((other) => fold(other) !== fold(words));
  const add = (words) => fold(words) && keep([words.trim(), ...but(words)]);

  document.addEventListener("submit", ({ target }) => target === form && add(form.elements.q.value));
  for (const kind of ["click", "auxclick"]) {
    document.addEventListener(kind, ({ target }) => {
      if (target.closest(".hits a")) add(document.getElementById("results")?.dataset.words ?? "");
    });
  }
  return {
    // The newest first of those with these words in them, and more.
    like: (words) => but(words).filter((other) => fold(other).includes(fold(words))),
    forget: (words) => keep(but(words)),
    forgetAll: () => keep([]),
  };
})();
