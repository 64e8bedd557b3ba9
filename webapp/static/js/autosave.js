// Keeps what is typed into a form while it is not saved: on the service, and in this browser until the service has it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const saved of document.querySelectorAll("[data-autosave-forget]")) forget(saved.dataset.autosaveForget);
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const { autosave: address, ownKey, page, signIn, onlyHere, signedOut } = form.dataset;
  const status = document.querySelector("[data-autosave-status]");
  const WAIT = 2000;
  const RETRY = 20000;
  const LONGEST = 4000;
  let known = typed();
  let timer = 0;
  let underway = Promise.resolve("kept");
  let isLeaving = false;
  let isSending = false;

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // A browser that stores nothing has nothing to forget.
    }
  }

  function store(text) {
    try {
      localStorage.setItem(ownKey, text);
    } catch {
      // Full or forbidden: the service is asked all the same.
    }
  }

  function stored() {
    try {
      return localStorage.getItem(ownKey);
    } catch {
      return null;
    }
  }

  function typed() {
    const data = new URLSearchParams(new FormData(form));
    data.delete("csrf_token");
    return data.toString();
  }

  // What came of it: "kept", "signed-out" or "only-here".
  async function send(text, isLast = false) {
    store(text);
    const body = new URLSearchParams(text);
    body.set("csrf_token", form.elements.csrf_token.value);
    const waited = new AbortController();
    const limit = isLast ? 0 : setTimeout(() => waited.abort(), LONGEST);
    try {
      const answer = await fetch(address, { method: "POST", body, redirect: "manual", keepalive: isLast, signal: waited.signal });
      if (answer.type === "opaqueredirect" || [400, 401].includes(answer.status)) {
        say(signedOut, true);
        return "signed-out";
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const { text: words } = await answer.json();
      if (stored() === text) forget(ownKey);
      say(words);
      return "kept";
    } catch {
      say(onlyHere);
      return "only-here";
    } finally {
      clearTimeout(limit);
    }
  }

  function say(words, offersSignIn = false) {
    status.textContent = words;
    if (!offersSignIn) return;
    const link = document.createElement("a");
    link.href = signIn;
    link.textContent = status.dataset.signInWords;
    status.append(" ", link);
  }

  // One request at a time, so that an older text never arrives after a newer one.
  function keep() {
    clearTimeout(timer);
    underway = underway.then(async () => {
      const text = typed();
      if (text === known) return "kept";
      const came = await send(text);
      if (came === "kept") known = text;
      if (came === "only-here" && !isLeaving) timer = setTimeout(keep, RETRY);
      return came;
    });
    return underway;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);

  // Before the form is sent, the service gets it as a draft: whoever is no longer signed in loses nothing.
  form.addEventListener("submit", async (event) => {
    if (isLeaving || typed() === known) {
      isLeaving = true;
      clearTimeout(timer);
      return;
    }
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const button = event.submitter;
    const came = await keep();
    isSending = false;
    isLeaving = true;
    clearTimeout(timer);
    if (came === "signed-out") location.assign(signIn);
    else form.requestSubmit(button);
  });

  for (const other of document.querySelectorAll("form[data-autosave-drop]")) {
    other.addEventListener("submit", () => {
      isLeaving = true;
      clearTimeout(timer);
      forget(ownKey);
    });
  }

  window.addEventListener("pagehide", () => {
    const text = typed();
    if (!isLeaving && text !== known) send(text, true);
  });
  // A page that comes back from the browser's memory may be typed into again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });

  // What the last page could not hand over, this one does; then it is shown.
  const left = stored();
  if (left === known) forget(ownKey);
  else if (left !== null) {
    underway = send(left).then((came) => {
      if (came === "kept" && typed() === known) {
        isLeaving = true;
        location.replace(page);
      }
      return came;
    });
  }
});
