// Rows of a form's lists (breaks, live hours), added on the page. Without it, the button "add" asks the server.
"use strict";

window.formRows = {
  /** The rows of a list. */
  all(list) {
    return [...list.querySelectorAll(":scope > .row")];
  },

  /** The field of a row whose name ends so. */
  field(row, ending) {
    return row.querySelector(`[name$="-${ending}"]`);
  },

  /** Gives a field a value and tells others of it, as if somebody had typed it. */
  put(field, value) {
    if (field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  },

  isEmpty(row) {
    return [...row.querySelectorAll("input, select")].every((field) => !field.value);
  },

  /** Adds an empty row like the last one; null when the list holds as many as it may. */
  add(list, most) {
    const rows = this.all(list);
    const last = rows[rows.length - 1];
    if (!last || rows.length >= most) return null;
    const row = last.cloneNode(true);
    const old = `${list.id}-${rows.length - 1}-`;
    const fresh = `${list.id}-${rows.length}-`;
    for (const part of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for"]) {
        const value = part.getAttribute(name);
        if (value && value.startsWith(old)) part.setAttribute(name, fresh + value.slice(old.length));
      }
      for (const name of ["aria-describedby", "aria-invalid", "autofocus"]) part.removeAttribute(name);
      if (part.matches(".has-error")) part.classList.remove("has-error");
      if (part.matches("option")) part.selected = part.defaultSelected = !part.value;
      else if (part.matches("input")) part.value = part.defaultValue = "";
    }
    for (const error of row.querySelectorAll(".error")) error.remove();
    for (const number of row.querySelectorAll("label > .visually-hidden")) number.textContent = rows.length + 1;
    last.after(row);
    return row;
  },
};
