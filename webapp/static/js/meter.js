// Shows while one types how complete the profile is, what would help most now, and how far each part has come.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#course-form");
  const box = document.querySelector("[data-completeness]");
  if (!form || !box) return;
  const meter = box.querySelector("meter");
  const words = box.querySelector("[data-levels]");
  const levels = JSON.parse(words.dataset.levels);
  const gains = box.querySelector("[data-gains]");
  const most = Number(gains.dataset.gains);
  const complete = box.querySelector("[data-complete]");
  const parts = document.querySelector("[data-parts]");
  let isAsked = false;

  function filledIn() {
    const names = new Set();
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const isFilled = field.type === "checkbox" ? field.checked : field.value.trim() !== "";
      if (isFilled) names.add(field.name.split("-")[0]);
    }
    return names;
  }

  function show() {
    isAsked = false;
    const names = filledIn();
    const isStated = (group) => group.some((name) => names.has(name));
    let points = 0;
    let n = 0;
    for (const line of gains.children) {
      const isDone = JSON.parse(line.dataset.needs).every(isStated);
      if (isDone) points += Number(line.dataset.weight);
      else n += 1;
      line.hidden = isDone || n > most;
    }
    meter.value = points;
    complete.hidden = n > 0;
    const [, sentence] = levels.find(([least]) => points >= least);
    const said = sentence.replace("{percent}", points);
    if (words.textContent !== said) words.textContent = said;
    for (const line of parts.querySelectorAll("li")) {
      const needs = JSON.parse(line.dataset.needs);
      const hasBegun = isStated(JSON.parse(line.dataset.controls));
      let progress = hasBegun ? "begun" : "empty";
      if (!needs.length) progress = hasBegun ? "done" : "optional";
      else if (needs.every(isStated)) progress = "done";
      line.dataset.progress = progress;
      line.querySelector("span").textContent = parts.dataset[progress];
    }
  }

  function ask() {
    if (!isAsked) requestAnimationFrame(show);
    isAsked = true;
  }

  form.addEventListener("input", ask);
  form.addEventListener("change", ask);
});
