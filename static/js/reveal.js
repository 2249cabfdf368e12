/* [data-reveal="id of a password field"]: shows what was typed while pressed in. */
(function () {
  "use strict";
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.querySelector("use").setAttribute("href", shown ? "#i-eye-off" : "#i-eye");
      field.focus();
    });
  }
})();
