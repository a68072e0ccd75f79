/* What the pages do beyond forms and links; every page works without it. Floor: Chromium 88. */
(function () {
  "use strict";

  const DRAFT_PAUSE = 2000; // ms without typing before a draft is saved
  const SENDING = 8000; // ms during which a second press is taken for a slip of the finger
  const TYPING = "input:not([type=hidden]):not([type=submit]), select, textarea";

  /* "/" looks for a person, unless something is being typed. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const search = document.getElementById("search-words");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });

  /* Enter moves on in a form that asks for it; Ctrl+Enter sends any form. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    const form = event.target.form;
    if (!form) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const button = form.querySelector("button[type=submit]:not(:disabled):not([formaction])");
      const folded = button && button.closest("details:not([open])");
      if (folded) { // an act with a second step asks for it here too
        folded.open = true;
        button.focus();
      } else if (button) form.requestSubmit(button);
      return;
    }
    if (!form.hasAttribute("data-enter-next") || !event.target.matches(TYPING)) return;
    if (event.target.tagName === "TEXTAREA") return;
    event.preventDefault();
    const fields = Array.from(form.querySelectorAll(TYPING + ", button[type=submit]")).filter(
      function (field) { return !field.disabled && field.offsetParent !== null; }
    );
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  });

  /* One press, one request. The guard falls when the page is shown again or htmx has its answer. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.classList.contains("is-sending")) {
      event.preventDefault();
      return;
    }
    form.classList.add("is-sending");
    window.setTimeout(function () { form.classList.remove("is-sending"); }, SENDING); // a download stays here
  });
  function release(root) {
    root.querySelectorAll("form.is-sending").forEach(function (form) {
      form.classList.remove("is-sending");
    });
  }
  window.addEventListener("pageshow", function () { release(document); });
  document.addEventListener("htmx:afterRequest", function () { release(document); });

  /* After a refusal the keyboard stands in the first field to mend; the reasons are read out above it. */
  function showErrors(root) {
    const sorry = root.querySelector("#messages [role=alert]");
    const wrong = root.querySelector("form[method=post] [aria-invalid=true]:not([type=hidden])");
    const place = sorry || wrong || root.querySelector("form[method=post] .form-errors");
    if (place) place.focus();
  }

  /* A box in the head of a table ticks its column; inside a place of its own, what is shown there. */
  document.addEventListener("change", function (event) {
    const group = event.target.getAttribute && event.target.getAttribute("data-tick-all");
    if (!group) return;
    const place = event.target.closest("[data-tick-within]") || document;
    place.querySelectorAll('input[type=checkbox][name="' + group + '"]').forEach(function (box) {
      if (!box.disabled) box.checked = event.target.checked;
    });
    countTicks();
    const form = event.target.form; // its draft was saved before the boxes were ticked
    if (form) ["input", "change"].forEach(function (kind) { form.dispatchEvent(new Event(kind)); });
  });

  /* "已选 2 人": an element with data-count-of names the boxes it counts. */
  function countTicks() {
    document.querySelectorAll("[data-count-of]").forEach(function (place) {
      const name = place.getAttribute("data-count-of");
      place.textContent = String(
        document.querySelectorAll('input[type=checkbox][name="' + name + '"]:checked').length
      );
    });
  }
  document.addEventListener("change", countTicks);

  /* A filter row that asks for it sends itself. */
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.hasAttribute("data-send-on-change")) form.requestSubmit();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
  window.addEventListener("load", function () {
    if (document.body.hasAttribute("data-print-now")) window.print();
  });

  /* Drafts: what the form holds is posted, as it stands, to the address beside its key. */
  function keepDraft(key) {
    const form = key.form;
    if (form.hasAttribute("data-draft-kept")) return;
    form.setAttribute("data-draft-kept", "");
    let timer = 0;
    let unsaved = false;
    let sending = false;
    let waiting = false;
    if (form.querySelector(".form-errors")) later(); // what was refused is not lost either
    form.addEventListener("submit", function () { unsaved = waiting = false; window.clearTimeout(timer); });
    form.addEventListener("input", later);
    form.addEventListener("change", function () { if (unsaved) save(); }); // a field was left
    window.addEventListener("pagehide", function () { if (unsaved) leave(); });
    document.addEventListener("visibilitychange", function () { if (document.hidden && unsaved) leave(); });
    say(form.querySelector("input[type=file]") ? "草稿会自动保存，附件除外" : "草稿会自动保存");

    function later() {
      unsaved = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, DRAFT_PAUSE);
    }
    function address() { return key.getAttribute("data-draft-url"); }
    function leave() {
      unsaved = false;
      window.clearTimeout(timer);
      navigator.sendBeacon(address(), typed(form));
    }
    function save() {
      window.clearTimeout(timer);
      if (sending) { waiting = true; return; } // one after the other: what is newer must arrive later
      unsaved = false;
      sending = true;
      fetch(address(), { method: "POST", body: typed(form), credentials: "same-origin", redirect: "manual" })
        .then(function (answer) {
          if (form.classList.contains("is-sending")) return;
          if (answer.type === "opaqueredirect") say("登录已超时，草稿已保存；提交或刷新后请重新登录");
          else say(answer.ok ? "草稿已于 " + hour() + " 保存" : "草稿未能保存，请不要关闭本页");
        }, function () {
          unsaved = true;
          say("网络不通，草稿未能保存，请不要关闭本页");
        }).then(function () {
          sending = false;
          if (waiting) { waiting = false; save(); }
        });
    }
    function say(words) {
      const state = document.querySelector(".draft-state");
      if (state && document.contains(form)) state.textContent = words;
    }
    function hour() {
      return new Date().toLocaleTimeString("zh-CN", {
        hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
      });
    }
  }

  /* What a draft keeps: everything but files and passwords. */
  function typed(form) {
    const values = new FormData();
    new FormData(form).forEach(function (value, name) {
      const field = form.elements[name];
      if (!(value instanceof File) && field.type !== "password") values.append(name, value);
    });
    return values;
  }

  /* An error answers htmx with words for the messages of the page; without an answer we say so ourselves. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    const answer = event.detail.xhr;
    if (answer.status < 400 || answer.status === 422) return;
    if (answer.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
    else if (answer.status !== 409) complain("没有办成（" + answer.status + "），填写的内容还在本页，请稍后再试。");
  });
  document.addEventListener("htmx:sendError", function () {
    complain("网络不通，没有办成，填写的内容还在本页，请稍后再试。");
  });
  function complain(words) {
    const place = document.getElementById("messages");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "notice-line error";
    line.setAttribute("role", "alert");
    line.tabIndex = -1;
    line.textContent = words;
    place.replaceChildren(line);
    line.focus();
  }

  /* Charts: the option comes as data beside the place; drawn on canvas, words as rich text (no inline style). */
  const INK = "#5b6b7d";
  function drawChart(place) {
    const source = document.getElementById(place.getAttribute("data-chart"));
    if (!source || !window.echarts || place.hasAttribute("data-drawn")) return;
    place.setAttribute("data-drawn", "");
    const option = JSON.parse(source.textContent);
    const family = getComputedStyle(document.body).fontFamily;
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(Object.assign({
      animation: false,
      textStyle: { fontFamily: family, fontSize: 11, color: INK },
      tooltip: { trigger: "axis", renderMode: "richText" },
    }, option));
    window.addEventListener("resize", function () { chart.resize(); });
  }

  function wake(root) {
    root.querySelectorAll("[data-chart]").forEach(drawChart);
    root.querySelectorAll("input[data-draft-url]").forEach(keepDraft);
    countTicks();
    showErrors(root);
  }

  document.addEventListener("htmx:load", function (event) { wake(event.detail.elt.parentNode || document); });
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", function () { wake(document); });
  } else {
    wake(document);
  }
})();
