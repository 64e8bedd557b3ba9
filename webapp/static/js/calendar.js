// The calendar of the course form: a chosen term or break fills the form at once, and the strip follows the dates.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const calendar = document.querySelector("[data-calendar]");
  if (!calendar) return;
  const form = calendar.closest("form");
  const strip = calendar.querySelector("#calendar-strip");
  const said = calendar.querySelector("[data-calendar-said]");
  const breaks = form.querySelector("#breaks");
  const read = new Set(["starts_on", "ends_on"]);

  form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (read.has(name) || (breaks && breaks.contains(event.target))) strip.dispatchEvent(new CustomEvent("redraw"));
  });

  calendar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.termFirst) {
      event.preventDefault();
      chooseTerm(button);
    } else if (button.dataset.breakFirst) {
      event.preventDefault();
      takeBreak(button);
    }
  });

  function say(text, next) {
    said.textContent = text;
    if (next) next.focus();
  }

  function chooseTerm(button) {
    const { termName, termFirst, termLast } = button.dataset;
    if (termName) window.formRows.put(form.elements.term_name, termName);
    window.formRows.put(form.elements.starts_on, termFirst);
    window.formRows.put(form.elements.ends_on, termLast);
    const list = button.closest("details");
    if (list) list.open = false;
    say(calendar.dataset.doneTerm, form.elements.starts_on);
  }

  function takeBreak(button) {
    const rows = window.formRows;
    const row = rows.all(breaks).find((it) => rows.isEmpty(it)) || rows.add(breaks, Number(calendar.dataset.most));
    if (!row) {
      say(calendar.dataset.noRoom, null);
      return;
    }
    const first = rows.field(row, "first");
    rows.put(first, button.dataset.breakFirst);
    rows.put(rows.field(row, "last"), button.dataset.breakLast);
    say(calendar.dataset.doneBreak, first);
  }
});
