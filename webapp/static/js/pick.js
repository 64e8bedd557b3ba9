// A box to search long lists with: above lists of checkboxes, and above selects with many entries.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-pick-label]");
  if (!form) return;
  const { pickLabel, pickHint, pickFound, pickNone } = form.dataset;
  const MANY_BOXES = 12;
  const MANY_OPTIONS = 25;
  const ROWS = 7;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => fold(text).split(/\s+/).filter(Boolean);
  const holds = (text, wanted) => wanted.every((word) => text.includes(word));

  function searchBox(name, controls) {
    const holder = document.createElement("div");
    const box = document.createElement("input");
    const said = document.createElement("small");
    holder.className = "pick";
    box.type = "search";
    box.autocomplete = "off";
    box.placeholder = pickHint;
    box.setAttribute("aria-label", pickLabel.replace("{list}", name));
    if (controls) box.setAttribute("aria-controls", controls);
    said.setAttribute("role", "status");
    holder.append(box, said);
    const found = (n) => {
      said.textContent = n === null ? "" : n ? pickFound.replace("{n}", n) : pickNone;
    };
    // Typing here is no change of the form.
    for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => event.stopPropagation());
    return { holder, box, found };
  }

  function overBoxes(list) {
    const lines = [...list.querySelectorAll(".choice-list label")];
    if (lines.length < MANY_BOXES) return;
    const { holder, box, found } = searchBox(list.querySelector("legend").textContent.trim(), list.id);
    const groups = [...list.querySelectorAll("details, [role=group]")].filter((it) => !it.closest("details [role=group]"));
    const wasOpen = new Map();
    const texts = new Map(
      lines.map((line) => {
        const group = line.closest("[role=group]");
        return [line, fold(`${line.textContent} ${group ? group.getAttribute("aria-label") : ""}`)];
      }),
    );
    box.addEventListener("input", () => {
      const wanted = words(box.value);
      if (wanted.length && !wasOpen.size) for (const group of groups) wasOpen.set(group, group.open);
      let n = 0;
      for (const line of lines) {
        line.hidden = !holds(texts.get(line), wanted);
        n += line.hidden ? 0 : 1;
      }
      for (const group of groups) {
        group.hidden = !group.querySelector(".choice-list label:not([hidden])");
        if ("open" in group) group.open = wanted.length ? !group.hidden : wasOpen.get(group);
      }
      if (!wanted.length) wasOpen.clear();
      found(wanted.length ? n : null);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        list.querySelector(".choice-list label:not([hidden]) input")?.focus();
      }
    });
    const first = list.querySelector("details, .choice-list, [role=group]");
    list.insertBefore(holder, first);
  }

  function overSelect(select) {
    if (select.options.length < MANY_OPTIONS) return;
    const cell = select.closest(".cell, .field");
    const list = select.closest(".rows");
    const names = [list && list.querySelector("legend"), cell.querySelector("label")].filter(Boolean);
    const name = names.map((it) => it.textContent.replace(/\s+/g, " ").trim()).join(", ");
    const { holder, box, found } = searchBox(name, select.id);
    const parts = [...select.children].map((part) => ({ part, options: part.matches("optgroup") ? [...part.children] : [part] }));
    const text = (option) => fold(`${option.textContent} ${option.parentNode.label || ""}`);
    const texts = new Map(parts.flatMap(({ options }) => options.map((option) => [option, text(option)])));
    let hits = [];

    function show(wanted) {
      const chosen = select.value;
      hits = [];
      const kept = parts.map(({ part, options }) => {
        const fits = options.filter((option) => !wanted.length || (option.value && holds(texts.get(option), wanted)));
        if (wanted.length) hits.push(...fits);
        const shown = options.filter((option) => fits.includes(option) || option.value === chosen);
        if (part.matches("optgroup")) part.replaceChildren(...shown);
        return shown.length ? part : null;
      });
      select.replaceChildren(...kept.filter(Boolean));
      select.value = chosen;
      if (wanted.length) select.size = Math.max(2, Math.min(ROWS, select.options.length));
      else select.removeAttribute("size");
      found(wanted.length ? hits.length : null);
    }

    function close() {
      box.value = "";
      show([]);
    }

    function choose(option) {
      select.value = option.value;
      for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
      close();
      select.focus();
    }

    box.addEventListener("input", () => show(words(box.value)));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        if (hits.length) choose(hits[0]);
      } else if (event.key === "ArrowDown" && hits.length) {
        event.preventDefault();
        if (!hits.some((hit) => hit.value === select.value)) select.value = hits[0].value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        select.focus();
      } else if (event.key === "Escape" && box.value) {
        event.preventDefault();
        close();
      }
    });
    select.addEventListener("keydown", (event) => {
      if (select.size > 1 && ["Enter", "Escape"].includes(event.key)) {
        event.preventDefault();
        close();
      }
    });
    select.addEventListener("click", () => {
      if (select.size > 1) close();
    });
    select.addEventListener("blur", () => {
      if (box.value) close();
    });
    select.before(holder);
  }

  for (const list of form.querySelectorAll("fieldset.checks")) overBoxes(list);
  for (const select of form.querySelectorAll("select")) overSelect(select);
});
