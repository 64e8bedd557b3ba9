/* The directory without reloads. The page works without this: the form has a button, and filters open by hand. */
"use strict";

(() => {
  // What somebody has opened or closed stays so when the results are drawn anew.
  window.htmx?.config.morphIgnore.push("open");

  const facets = document.getElementById("facets");
  if (facets && window.matchMedia("(min-width: 860px)").matches) {
    facets.open = true;
  }
})();
