/* Lists and the search by the keyboard alone; both work without it. Floor: Chromium 88. */
(function () {
  "use strict";

  const TYPING = "input:not([type=checkbox]), select, textarea, [contenteditable]";
  const held = function (event) { return event.ctrlKey || event.metaKey || event.altKey; };

  /* j and k, or the arrows once a row is reached, move the row; Enter opens it; x or space ticks it. */
  function rows() {
    return Array.from(document.querySelectorAll("[data-row]")).filter(function (row) {
      return row.offsetParent !== null;
    });
  }
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement.closest("[data-row]"));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].tabIndex = -1;
    all[next].focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", function (event) {
    if (held(event) || event.isComposing || event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return help(event);
    const row = document.activeElement.closest("[data-row]");
    const step = { j: 1, k: -1, ArrowDown: row && 1, ArrowUp: row && -1 }[event.key];
    if (step) {
      event.preventDefault();
      move(step);
    } else if (row && event.target === row && event.key === "Enter") {
      const link = row.querySelector("a[href]");
      if (link) link.click();
    } else if (row && (event.key === "x" || (event.key === " " && event.target === row))) {
      const box = row.querySelector("input[type=checkbox]:not(:disabled)");
      if (!box) return;
      event.preventDefault();
      box.click();
    }
  });

  /* "?" says which keys there are. */
  function help(event) {
    const dialog = document.getElementById("keys");
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  }
  document.querySelectorAll("[data-keys]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  });

  /* The search box offers who answers while one types; a word of an input method counts once it is whole. */
  const box = document.getElementById("search-words");
  const found = document.getElementById("search-found");
  if (!box || !found) return;

  const choices = function () { return Array.from(found.querySelectorAll("[role=option]")); };
  const chosen = function () { return found.querySelector("[aria-selected=true]"); };
  function show(open) {
    found.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) choose(null);
  }
  function choose(option) {
    choices().forEach(function (one) { one.setAttribute("aria-selected", String(one === option)); });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }
  function typed() {
    if (box.value.trim()) window.htmx.trigger(box, "words");
    else show(false);
  }
  box.addEventListener("input", function (event) { if (!event.isComposing) typed(); });
  box.addEventListener("compositionend", typed);
  box.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    const all = choices();
    if (event.key === "Escape" && !found.hidden) {
      event.preventDefault(); // the browser would empty the box
      show(false);
    } else if (event.key === "Enter" && !found.hidden && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !found.hidden && all.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(all.indexOf(chosen()) + step + all.length + (step < 0 && !chosen() ? 1 : 0)) % all.length]);
    }
  });
  box.addEventListener("blur", function () { show(false); });
  box.addEventListener("focus", function () { if (choices().length && box.value.trim()) show(true); });
  found.addEventListener("mousedown", function (event) { event.preventDefault(); });
  /* An answer that comes late leaves who was chosen chosen, as long as it names him too. */
  let kept = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target === found) kept = chosen() && chosen().getAttribute("href");
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== found) return;
    show(document.activeElement === box && box.value.trim() !== "");
    const again = kept && choices().find(function (one) { return one.getAttribute("href") === kept; });
    if (again) choose(again);
  });
})();
