// Keys, mouse and touch for the week of half hours in week_grid.js. Touch scrolls as ever; holding a finger down paints.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const grid = window.weekGrid;
  if (!grid) return;
  const HOLD = 350; // milliseconds a finger rests before it paints
  const SLACK = 10; // pixels a finger may stray meanwhile
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-4, 0], PageDown: [4, 0] };
  let hand = null; // the pointer that is down
  let isExtending = false;

  const cellOf = (element) => {
    const cell = element && element.closest("td[role=gridcell]");
    return cell && grid.table.contains(cell) ? cell : null;
  };

  function finishExtending() {
    if (!isExtending) return;
    isExtending = false;
    grid.end();
  }

  grid.table.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.altKey || event.metaKey) return;
    const [line, day] = grid.at(cell);
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const there = [line + step[0], day + step[1]];
      if (event.shiftKey && !isExtending) {
        isExtending = true;
        grid.begin([line, day], true);
      } else if (!event.shiftKey) {
        finishExtending();
      }
      grid.moveTo(...there);
      if (isExtending) grid.paint(grid.focus());
    } else if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      finishExtending();
      grid.toggle(cell);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      finishExtending();
      grid.moveTo(line, event.key === "Home" ? 0 : 99);
    }
  });
  grid.table.addEventListener("keyup", (event) => event.key === "Shift" && finishExtending());
  grid.table.addEventListener("focusout", (event) => cellOf(event.relatedTarget) || finishExtending());

  function start(cell) {
    hand.isPainting = true;
    grid.moveTo(...grid.at(cell));
    grid.table.classList.add("is-painting");
    grid.begin(grid.at(cell), !grid.chosen(cell));
  }

  function drop() {
    if (!hand) return;
    clearTimeout(hand.timer);
    if (hand.isPainting) grid.end();
    grid.table.classList.remove("is-painting");
    hand = null;
  }

  grid.table.addEventListener("pointerdown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || hand || !event.isPrimary || event.button !== 0) return;
    finishExtending();
    hand = { id: event.pointerId, x: event.clientX, y: event.clientY, isPainting: false, timer: 0 };
    if (event.pointerType === "touch") {
      hand.timer = setTimeout(() => start(cell), HOLD);
    } else {
      event.preventDefault();
      start(cell);
    }
  });

  document.addEventListener("pointermove", (event) => {
    if (!hand || event.pointerId !== hand.id) return;
    if (hand.isPainting) {
      const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
      if (cell) grid.paint(grid.at(cell));
    } else if (Math.hypot(event.clientX - hand.x, event.clientY - hand.y) > SLACK) {
      drop();
    }
  });

  document.addEventListener("pointerup", (event) => {
    if (!hand || event.pointerId !== hand.id) return;
    const cell = hand.isPainting ? null : cellOf(event.target);
    if (cell) {
      grid.moveTo(...grid.at(cell));
      grid.toggle(cell);
    }
    drop();
  });
  document.addEventListener("pointercancel", (event) => hand && event.pointerId === hand.id && drop());

  // The page keeps still while a finger paints, and no menu opens under it.
  grid.table.addEventListener("touchmove", (event) => hand && hand.isPainting && event.preventDefault(), { passive: false });
  grid.table.addEventListener("contextmenu", (event) => hand && event.preventDefault());
});
