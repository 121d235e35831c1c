// Keys of the owner's desk: s, d and l press the buttons of the case that has the focus, else of
// the first; u undoes what was done last. After a decision the next case has the focus.
(() => {
  const cases = () => [...document.querySelectorAll(".case")];
  const current = () => document.activeElement.closest?.(".case") ?? cases()[0];
  const mark = () => cases().forEach((one) => one.classList.toggle("current", one === current()));

  document.addEventListener("focusin", mark);
  mark();

  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, repeat } = event;
    const isTyping = target.isContentEditable || target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || repeat || isTyping || !areSignsKeys()) return;
    const button = key === "u"
      ? document.querySelector(".undo-now [data-key=u]")
      : current()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // While a build is under way, what is told of it is asked for again; the cases stay as they are.
  async function follow() {
    const notices = document.querySelector(".notices[data-building]");
    if (!notices) return;
    try {
      const answer = await fetch(location.href);
      if (!answer.ok) return; // what a form was answered with has no page of its own
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const newer = page.querySelector(".notices");
      if (newer) {
        notices.replaceChildren(...newer.children);
        notices.toggleAttribute("data-building", newer.hasAttribute("data-building"));
      } else {
        notices.remove();
      }
    } catch { /* the server is being started again, or ends */ }
    setTimeout(follow, 700);
  }
  follow();

  // A second press, while the first is on its way, would decide the next case unseen.
  document.addEventListener("submit", (event) => {
    if (document.body.hasAttribute("aria-busy")) event.preventDefault();
    document.body.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => document.body.removeAttribute("aria-busy"));

  function areSignsKeys() {
    try {
      return localStorage["searchapp-signs"] !== "off";
    } catch {
      return true;
    }
  }
})();
