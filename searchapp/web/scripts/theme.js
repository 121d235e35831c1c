// The colours that a visitor chose: light, dark, or as the system has them. It runs before the
// page is painted, so that none flashes up in other colours. How a page looks in the dark stands
// once, in the sheets, under their media query: a choice makes that query hold always or never.
(() => {
  const KEY = "searchapp-theme";
  const DARK = "(prefers-color-scheme: dark)";
  const root = document.documentElement;
  const dark = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .map((rule) => rule.media).filter((media) => media?.mediaText === DARK);

  function paint(theme) {
    root.dataset.theme = theme;
    const media = { light: "not all", dark: "all" }[theme] ?? DARK;
    for (const query of dark) query.mediaText = media;
    document.querySelector("meta[name=theme-color][media]").media = media;
    const control = document.getElementById("theme");
    if (control) control.value = theme;
  }

  let theme = "system";
  try {
    theme = localStorage[KEY] ?? theme;
  } catch { /* a browser may keep nothing: a choice then holds for the page alone */ }
  paint(theme);
  document.addEventListener("DOMContentLoaded", () => paint(theme));
  document.addEventListener("change", ({ target }) => {
    if (target.id !== "theme") return;
    paint(target.value);
    try {
      localStorage[KEY] = target.value;
    } catch { /* as above */ }
  });
})();
