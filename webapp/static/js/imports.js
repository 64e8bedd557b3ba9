// Says that a file is too large before it is sent: a server that refuses it may end the connection first.
"use strict";

for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  input.addEventListener("change", () => {
    const isTooLarge = Array.from(input.files).some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}
