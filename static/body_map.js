/* 人形图: a region that is pressed is chosen in the next free row; the rows alone do the same. Floor: Chromium 88. */
(function () {
  "use strict";

  function rows() { return Array.from(document.querySelectorAll("[data-injury]")); }
  function place(row) { return row.querySelector("select"); }

  function paint() {
    const hurt = rows().map(function (row) { return place(row).value; });
    document.querySelectorAll("[data-region]").forEach(function (region) {
      const at = hurt.indexOf(region.dataset.region);
      region.classList.toggle("hurt", at >= 0);
      region.setAttribute("role", "button");
      region.setAttribute("tabindex", "0");
      const name = region.querySelector("title").textContent;
      region.setAttribute("aria-label", at < 0 ? name : name + "，伤情 " + (at + 1));
    });
  }

  function choose(region) {
    const code = region.dataset.region;
    const row = rows().find(function (one) { return place(one).value === code; }) ||
      rows().find(function (one) { return !place(one).value; });
    if (!row) return;
    const fold = row.closest("details");
    if (fold) fold.open = true;
    place(row).value = code;
    place(row).dispatchEvent(new Event("change", { bubbles: true }));
    row.querySelectorAll("select")[1].focus();
  }

  document.addEventListener("click", function (event) {
    const region = event.target.closest("[data-region]");
    if (region) choose(region);
  });
  document.addEventListener("keydown", function (event) {
    const region = event.target.closest("[data-region]");
    if (!region || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    choose(region);
  });
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-injury]")) paint();
  });
  document.addEventListener("htmx:afterSettle", paint);
  paint();
})();
