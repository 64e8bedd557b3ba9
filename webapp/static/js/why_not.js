// Says that the cost of a pair is being computed, and in words when that fails. The page fetches it by itself;
// without this its link computes it with the whole page.
"use strict";

(() => {
  const cost = document.getElementById("cost");
  if (!cost) return;
  const said = cost.querySelector("#cost-said");
  const progress = cost.querySelector("progress");
  const link = cost.querySelector(".actions");

  function show(text, isBusy) {
    progress.hidden = !isBusy;
    link.hidden = isBusy;
    said.textContent = text;
  }

  function fail(reason) {
    show([cost.dataset.failed, reason].filter(Boolean).join(" "), false);
  }

  // Asked for as soon as htmx has read the page, which may have been before this.
  if (window.htmx) show(cost.dataset.busy, true);
  // No answer in time, or no connection.
  cost.addEventListener("htmx:error", () => fail(""));
  cost.addEventListener("htmx:after:request", (event) => {
    const page = new DOMParser().parseFromString(event.detail.ctx.text, "text/html");
    if (page.getElementById("answer")) return;
    // Another page came, such as that of an error or of signing in: it would leave nothing of this one.
    event.preventDefault();
    fail(["h1", ".lead"].map((its) => page.querySelector(`main ${its}`)?.textContent.trim()).filter(Boolean).join(". "));
  });
})();
