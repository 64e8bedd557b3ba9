// A week of half hours over the rows of live hours: what is chosen here is written into the rows, which are what is sent.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-week-grid]");
  const list = document.querySelector("#slots");
  if (!root || !list) return;
  const rows = window.formRows;
  const said = root.dataset;
  const most = Number(said.most);
  const FIRST = Number(said.first);
  const STEP = Number(said.step);
  const table = root.querySelector("table");
  const days = [...table.tHead.querySelectorAll("th")].map((it) => ({ id: it.dataset.day, name: it.title }));
  const lines = [...table.tBodies[0].rows];
  const clock = (at) => (lines[at] ? lines[at].dataset.clock : said.end);
  const cellAt = (line, day) => lines[line].cells[day + 1];
  const total = root.querySelector("[data-total-words]");
  const notice = root.querySelector("[data-notice]");
  let chosen = new Set(); // "line,day"
  let kept = new Map(); // half hours of rows that do not fit the grid, and their rows stay as they are
  let isWriting = false;
  let focus = [4, 0];
  let stroke = null; // what is being painted: from where, with what, over what

  const key = (line, day) => `${line},${day}`;
  const at = (cell) => [cell.parentNode.sectionRowIndex, cell.cellIndex - 1];
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const written = (value) => `${String(Math.floor(value / 60)).padStart(2, "0")}:${String(value % 60).padStart(2, "0")}`;

  function cellsOf(row) {
    const [weekday, start, end] = ["weekday", "start", "end"].map((name) => rows.field(row, name).value);
    const day = days.findIndex((it) => it.id === weekday);
    if (day < 0 || !start || !end) return null;
    const [from, to] = [(minutes(start) - FIRST) / STEP, (minutes(end) - FIRST) / STEP];
    return { day, from, to, fits: to > from && from >= 0 && to <= lines.length && from % 1 === 0 && to % 1 === 0 };
  }

  function isKept(row) {
    const cells = cellsOf(row);
    return cells ? !cells.fits : !rows.isEmpty(row);
  }

  function read() {
    chosen = new Set();
    kept = new Map();
    for (const row of rows.all(list)) {
      const cells = cellsOf(row);
      if (!cells) continue;
      const last = Math.min(Math.ceil(cells.to), lines.length);
      for (let line = Math.max(0, Math.floor(cells.from)); line < last; line += 1) {
        if (cells.fits) chosen.add(key(line, cells.day));
        else kept.set(key(line, cells.day), row);
      }
    }
    draw();
    tell();
  }

  function slots() {
    const found = [];
    days.forEach((day, n) => {
      for (let line = 0; line < lines.length; line += 1) {
        if (!chosen.has(key(line, n))) continue;
        const from = line;
        while (chosen.has(key(line + 1, n))) line += 1;
        found.push([day.id, written(FIRST + from * STEP), written(FIRST + (line + 1) * STEP)]);
      }
    });
    return found;
  }

  /** Writes the chosen hours into the rows; when there are too many for them, takes back what was done last. */
  function write(before) {
    const wanted = slots();
    const free = rows.all(list).filter((row) => !isKept(row));
    if (wanted.length > free.length + most - rows.all(list).length) {
      chosen = before;
      notice.textContent = said.full;
      draw();
      return;
    }
    notice.textContent = "";
    isWriting = true;
    while (free.length < wanted.length) free.push(rows.add(list, most));
    free.forEach((row, n) => {
      const values = wanted[n] || ["", "", ""];
      ["weekday", "start", "end"].forEach((name, part) => rows.put(rows.field(row, name), values[part]));
    });
    isWriting = false;
    tell();
  }

  function tell() {
    const spans = new Set();
    for (const row of rows.all(list)) {
      const cells = cellsOf(row);
      const [start, end] = ["start", "end"].map((name) => minutes(rows.field(row, name).value || "00:00"));
      for (let minute = start; cells && minute < end; minute += 1) spans.add(`${cells.day},${minute}`);
    }
    const language = document.documentElement.lang;
    const hours = (spans.size / 60).toLocaleString(language, { maximumFractionDigits: 2 });
    total.textContent = said.total.replace("{hours}", hours);
  }

  function draw() {
    lines.forEach((_line, line) => {
      days.forEach((day, n) => {
        const cell = cellAt(line, n);
        const isFixed = kept.has(key(line, n));
        const words = said.cell.replace("{day}", day.name).replace("{start}", clock(line)).replace("{end}", clock(line + 1));
        cell.setAttribute("aria-selected", String(chosen.has(key(line, n)) || isFixed));
        cell.setAttribute("aria-label", isFixed ? `${words}. ${said.kept}` : words);
        cell.classList.toggle("is-kept", isFixed);
        cell.tabIndex = line === focus[0] && n === focus[1] ? 0 : -1;
      });
    });
  }

  function moveTo(line, day) {
    focus = [Math.max(0, Math.min(lines.length - 1, line)), Math.max(0, Math.min(days.length - 1, day))];
    draw();
    cellAt(...focus).focus();
  }

  function begin(from, value) {
    stroke = { from, value, before: new Set(chosen), isFixed: kept.has(key(...from)) };
    paint(from);
  }

  /** Gives everything between the beginning of the stroke and here its value. */
  function paint([line, day]) {
    chosen = new Set(stroke.before);
    const [first, last] = [Math.min(line, stroke.from[0]), Math.max(line, stroke.from[0])];
    const [left, right] = [Math.min(day, stroke.from[1]), Math.max(day, stroke.from[1])];
    for (let y = first; y <= last; y += 1) {
      for (let x = left; x <= right; x += 1) {
        if (kept.has(key(y, x))) continue;
        if (stroke.value) chosen.add(key(y, x));
        else chosen.delete(key(y, x));
      }
    }
    draw();
  }

  function end() {
    const { before, isFixed } = stroke;
    stroke = null;
    write(before);
    if (isFixed) notice.textContent = said.kept;
  }

  function toggle(cell) {
    const [line, day] = at(cell);
    begin([line, day], !chosen.has(key(line, day)));
    end();
  }

  window.weekGrid = { at, begin, chosen: (cell) => chosen.has(key(...at(cell))), end, focus: () => focus, moveTo, paint, table, toggle };
  list.addEventListener("change", () => isWriting || read());
  const zone = list.form && list.form.elements.time_zone;
  const tellZone = () => {
    const city = zone && zone.value ? zone.selectedOptions[0].textContent.trim() : "";
    root.querySelector("[data-zone]").textContent = city ? said.local.replace("{city}", city) : said.noZone;
  };
  if (zone) zone.addEventListener("change", tellZone);
  tellZone();
  read();
  const folded = root.querySelector("details");
  folded.append(list);
  folded.open = Boolean(list.querySelector(".has-error, [autofocus]"));
  root.hidden = false;
  const earliest = [...chosen].map((it) => Number(it.split(",")[0])).sort((a, b) => a - b)[0];
  const top = lines[earliest === undefined ? 2 : Math.max(0, earliest - 1)];
  table.parentNode.scrollTop = top.offsetTop - table.tHead.offsetHeight;
});
