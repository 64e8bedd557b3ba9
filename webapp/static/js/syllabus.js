// Suggestions from a pasted syllabus, beside the course form: taken over, undone, and never over what was typed unasked.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("#syllabus");
  const form = document.querySelector("#course-form");
  if (!box || !form) return;
  box.hidden = false;
  const words = box.dataset;
  const panel = box.querySelector("#syllabus-panel");
  const said = box.querySelector("[data-syllabus-said]");
  const rows = window.formRows;
  const MOST_ROWS = 20;
  const undo = new Map(); // suggestion -> what takes it back

  const same = (a, b) => a.split(/\s+/).join(" ").trim() === b.split(/\s+/).join(" ").trim();
  const field = (name) => {
    const found = form.elements[name];
    return found && found.value !== undefined && found.tagName ? found : null;
  };
  const named = (name) => [...form.elements].filter((it) => it.name === name);
  const say = (text, values) => {
    said.textContent = Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, () => value), text);
  };

  /** What stands in the form where a suggestion would put something else. */
  function typed(given) {
    return Object.entries(given.fields)
      .map(([name, value]) => [field(name), value])
      .filter(([it, value]) => it && it.value.trim() && !same(it.value, value))
      .map(([it]) => (it.tagName === "SELECT" ? it.selectedOptions[0].textContent.trim() : it.value));
  }

  function mark(it) {
    const holder = it.closest(".entry") || it.closest("fieldset") || it.parentNode;
    if (holder.querySelector(":scope > .suggested")) return;
    const note = document.createElement("span");
    note.className = "suggested";
    note.textContent = words.mark;
    holder.append(note);
    // Whoever changes the field has checked it.
    holder.addEventListener("input", (event) => { if (event.isTrusted) note.remove(); });
  }

  function unmark(it) {
    const holder = it.closest(".entry") || it.closest("fieldset") || it.parentNode;
    const note = holder.querySelector(":scope > .suggested");
    if (note) note.remove();
  }

  function put(it, value, back) {
    const before = it.value;
    if (it.tagName === "SELECT" && ![...it.options].some((option) => option.value === value)) return;
    rows.put(it, value);
    mark(it);
    back.push(() => { rows.put(it, before); unmark(it); });
  }

  function check(it, back) {
    if (it.checked) return;
    const change = (value) => {
      it.checked = value;
      it.dispatchEvent(new Event("change", { bubbles: true }));
    };
    for (let fold = it.closest("details"); fold && form.contains(fold); fold = fold.parentElement.closest("details")) fold.open = true;
    change(true);
    mark(it);
    back.push(() => { change(false); unmark(it); });
  }

  /** Puts a row into the row that says the same, an empty one or a new one; false when there is no room. */
  function putRow(list, values, back) {
    const cells = Object.entries(values).map(([ending, value]) => [ending, value]);
    const cell = (row, ending) => (ending ? rows.field(row, ending) : row.querySelector("select, input"));
    const all = rows.all(list);
    const whole = list.id === "slots" ? cells : cells.slice(0, 1);
    const canGrow = cells[0][0] !== "";
    const row = all.find((it) => whole.every(([ending, value]) => cell(it, ending).value === value))
      || all.find((it) => rows.isEmpty(it)) || (canGrow ? rows.add(list, MOST_ROWS) : null);
    if (!row) return false;
    for (const [ending, value] of cells) {
      const it = cell(row, ending);
      // A level somebody chose stays.
      if (value && !it.value) put(it, value, back);
    }
    return true;
  }

  function take(suggestion, given) {
    takeBack(suggestion);
    const back = [];
    let hasRoom = true;
    for (const [name, value] of Object.entries(given.fields)) {
      const it = field(name);
      if (it && !same(it.value, value)) put(it, value, back);
    }
    for (const [name, values] of Object.entries(given.checks)) {
      for (const it of named(name)) if (values.includes(it.value)) check(it, back);
    }
    for (const [name, wanted] of Object.entries(given.rows)) {
      const list = form.querySelector(`#${name}`);
      for (const values of list ? wanted : []) hasRoom = putRow(list, values, back) && hasRoom;
    }
    undo.set(suggestion, () => back.reverse().forEach((step) => step()));
    suggestion.classList.toggle("is-taken", hasRoom);
    suggestion.querySelector("[data-undo]").hidden = false;
    showTyped(suggestion);
    return hasRoom;
  }

  function takeBack(suggestion) {
    const steps = undo.get(suggestion);
    if (!steps) return false;
    steps();
    undo.delete(suggestion);
    suggestion.classList.remove("is-taken");
    suggestion.querySelector("[data-undo]").hidden = true;
    return true;
  }

  /** Shows what was typed beside a suggestion that says something else, and names the button after what it does. */
  function showTyped(suggestion) {
    const button = suggestion.querySelector("[data-take]");
    const old = suggestion.querySelector("[data-typed-here]");
    if (old) old.remove();
    button.dataset.words = button.dataset.words || button.textContent;
    const there = suggestion.classList.contains("is-taken") ? [] : typed(JSON.parse(button.dataset.take));
    button.textContent = there.length ? words.replace : button.dataset.words;
    if (!there.length) return;
    const note = document.createElement("p");
    note.className = "notice notice-talk";
    note.dataset.typedHere = "";
    note.textContent = `${words.typed} ${there.join(" / ")}`;
    button.parentNode.before(note);
  }

  const suggestions = () => [...panel.querySelectorAll(".suggestion")];

  function takeAll() {
    let [n, left] = [0, 0];
    for (const it of suggestions()) {
      const given = JSON.parse(it.querySelector("[data-take]").dataset.take);
      if (it.classList.contains("is-taken")) continue;
      if (typed(given).length) left += 1;
      else if (take(it, given)) n += 1;
    }
    say(words.takenAll + (left ? ` ${words.left.replace("{n}", left)}` : ""), { n });
  }

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const suggestion = button.closest(".suggestion");
    if ("takeAll" in button.dataset) takeAll();
    else if (button.dataset.take) {
      const hasRoom = take(suggestion, JSON.parse(button.dataset.take));
      say(hasRoom ? words.taken : words.noRoom, { field: suggestion.dataset.label });
    } else if ("undo" in button.dataset && takeBack(suggestion)) {
      say(words.undone, { field: suggestion.dataset.label });
      showTyped(suggestion);
      suggestion.querySelector("[data-take]").focus();
    }
  });

  new MutationObserver((changes) => {
    const isNew = changes.some((it) => it.target === panel);
    if (!isNew) return;
    undo.clear();
    suggestions().forEach(showTyped);
    panel.focus();
  }).observe(panel, { childList: true });

  form.addEventListener("input", (event) => {
    if (event.isTrusted) suggestions().forEach(showTyped);
  });
});
