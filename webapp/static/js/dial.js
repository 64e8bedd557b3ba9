// Says at once where the dial stands; what the position changes is fetched by the form itself. Without this the
// button shows it.
"use strict";

(() => {
  const slider = document.querySelector("#dial input[type=range]");
  if (!slider) return;
  const said = document.getElementById("dial-words");
  const words = JSON.parse(slider.dataset.words);
  slider.form.classList.add("is-live");

  function show() {
    // The browser writes 0.15000000000000002 as 0.15 or not; the page knows positions by four figures.
    const text = words[String(Number(Number(slider.value).toPrecision(4)))];
    if (!text) return;
    slider.setAttribute("aria-valuetext", text);
    said.textContent = text;
  }

  slider.addEventListener("input", show);
  // A browser that remembers what was set before a reload has moved the slider, not the words.
  show();
})();
