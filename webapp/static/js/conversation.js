/* Help on the page of a conversation; without it every button still works.
   What was read is marked as read by itself, files that are too large are said before they are sent,
   Ctrl+Enter sends, and what is being written outlives a reload and an expired session in this window. */
"use strict";

(() => {
  const markRead = (form) => {
    const send = async () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", send);
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) return;
      const said = document.createElement("p");
      said.className = "quiet";
      said.setAttribute("role", "status");
      said.textContent = form.dataset.read;
      form.replaceWith(said);
    };
    document.addEventListener("visibilitychange", send);
    send();
  };

  const problemOf = (form, files) => {
    if (files.length > Number(form.dataset.most)) return form.dataset.tooMany;
    const large = [...files].find((file) => file.size > Number(form.dataset.largest));
    return large ? form.dataset.tooLarge.replace("{name}", () => large.name) : "";
  };

  const keepDraft = (form, text) => {
    const key = `message:${new URL(form.action).pathname}`;
    try {
      if (location.hash.startsWith("#message-")) sessionStorage.removeItem(key);
      else if (!text.value) text.value = sessionStorage.getItem(key) || "";
      text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
    } catch {
      // The browser keeps nothing; the form works all the same.
    }
  };

  const helpToWrite = (form) => {
    const files = form.querySelector("input[type=file]");
    const text = form.querySelector("textarea");
    const place = form.querySelector(".file-problem");
    files.addEventListener("change", () => {
      const problem = problemOf(form, files.files);
      files.setCustomValidity(problem);
      place.textContent = problem;
      place.hidden = !problem;
    });
    keepDraft(form, text);
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
    });
  };

  const chooseOwnTime = (form) => {
    const own = form.querySelector("input[type=radio][value=own]");
    form.querySelectorAll("input[type=date], input[type=time]").forEach((input) => {
      input.addEventListener("input", () => { if (own && input.value) own.checked = true; });
    });
  };

  const start = () => {
    document.querySelectorAll("form[data-read]").forEach(markRead);
    document.querySelectorAll("form.write").forEach(helpToWrite);
    document.querySelectorAll(".talk-side form").forEach(chooseOwnTime);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
